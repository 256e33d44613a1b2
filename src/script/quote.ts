// Any text as one word of a shell.

/** `text` as one word that bash reads back exactly: in single quotes nothing is special but the quote itself. */
export function bashQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
