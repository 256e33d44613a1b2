// Text of a file that may be hostile, made safe to show in a terminal.

// C0, DEL, C1, lone surrogates, line separators; what is invisible or turns the direction of writing; Hangul fillers.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

/** `text` in one line, with whatever a terminal would not show as it is written out: `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    switch (character) {
      case '\n':
        return '\\n';
      case '\t':
        return '\\t';
      case '\r':
        return '\\r';
    }
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** At most `width` UTF-16 units of it, with `...` for the rest. */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3).replace(/[\ud800-\udbff]$/, '')}...`;
}
