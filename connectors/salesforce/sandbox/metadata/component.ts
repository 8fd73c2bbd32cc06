/** A deployed piece of metadata. */
export interface Component {
  readonly type: string;
  readonly fullName: string;
  /** Its file's text, to tell whether a deployment changes it. */
  readonly source: string;
}
