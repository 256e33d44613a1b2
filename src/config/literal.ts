// From a place in the meaning of a TOML string to the place in its text.

/**
 * The offset in `literal` (the text of a string with its quotes) of the character at `offset` of what the string means;
 * both in UTF-16 units.
 */
export function literalOffset(literal: string, offset: number): number {
  const quote = literal[0] ?? '';
  const isMultiline = literal.length >= 6 && literal.startsWith(quote.repeat(3));
  let at = isMultiline ? 3 : 1;
  if (isMultiline) at += /^\r?\n/.exec(literal.slice(at, at + 2))?.[0].length ?? 0;
  if (quote === "'") return at + offset;
  let meant = 0;
  for (;;) {
    const piece = pieceAt(literal, at);
    if (meant + piece.meant > offset || at >= literal.length) return at;
    meant += piece.meant;
    at += piece.written;
  }
}

/** How much the character or escape at `at` takes in the text, and in the meaning. */
function pieceAt(literal: string, at: number): { readonly written: number; readonly meant: number } {
  if (literal[at] !== '\\') return { written: 1, meant: 1 };
  switch (literal[at + 1]) {
    case 'x':
      return { written: 4, meant: 1 };
    case 'u':
      return { written: 6, meant: 1 };
    case 'U':
      return { written: 10, meant: Number.parseInt(literal.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1 };
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      return { written: 1 + (/^[ \t\r\n]*/.exec(literal.slice(at + 1))?.[0].length ?? 0), meant: 0 };
    default:
      return { written: 2, meant: 1 };
  }
}
