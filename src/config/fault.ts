// What is wrong with a text, apart from where the text stands.

export interface Fault {
  readonly message: string;
  readonly hint: string;
  /** Where in the text, in UTF-16 units; the whole of it where there is no such place. */
  readonly offset?: number;
}
