/** Why one record was not saved; the others of the request go on. */
export class RecordRefusal extends Error {
  readonly statusCode: string;
  readonly fields: readonly string[];

  constructor(statusCode: string, message: string, fields: readonly string[] = []) {
    super(message);
    this.statusCode = statusCode;
    this.fields = fields;
  }
}
