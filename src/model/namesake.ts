/**
 * Objects that feed one table may each count their ids on their own. A record whose id another object's record has taken
 * before is stored under `STREAM:ID`; everybody else keeps the CRM's own id.
 */
export function apartFrom(stream: string, id: string): string {
  return `${stream}:${id}`;
}

/** The id as the CRM knows it. */
export function idInCrm(stream: string | null, id: string): string {
  return stream !== null && id.startsWith(`${stream}:`) ? id.slice(stream.length + 1) : id;
}
