/** Begins the id that stands for a person who asked to be forgotten. */
export const forgottenPrefix = 'forgotten-';

export function isForgotten(id: string | null | undefined): boolean {
  return id?.startsWith(forgottenPrefix) === true;
}
