// Text of a file that may be hostile, made safe to show in a terminal.

// C0, DEL, C1; soft hyphen; everything that is invisible or turns the direction of writing; line separators; tags; lone surrogates.
const unsafe =
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

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

/** At most `width` characters of it, with `...` for the rest. */
export function shortened(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 3).join('')}...`;
}
