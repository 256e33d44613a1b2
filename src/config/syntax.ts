// What smol-toml 1.9 says of a text that is no TOML, in the words of someone who looks for the mistake.

export interface Explanation {
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
}

/** `reason` is the parser's message for `offset` of `text`. */
export function explainSyntax(text: string, offset: number, reason: string): Explanation {
  switch (reason) {
    case 'invalid value':
    case 'illegal character in numeric literal':
    case 'illegal leading zero':
    case 'unfinished numeric value':
      return explainValue(text, offset);
    case 'unfinished string':
      return unclosedString(text, offset);
    case 'control characters are not allowed in strings':
      return text[offset] === '\n' || text[offset] === '\r' ? unclosedString(text, offset) : controlCharacter(text, offset);
    case 'control characters are not allowed in comments':
      return controlCharacter(text, offset);
    case 'unrecognised escape sequence':
      return unknownEscape(text, offset - 1);
    case 'trying to redefine an already defined table or value':
    case 'trying to redefine an already defined value':
      return { message: `${wordAt(text, offset)} is defined a second time`, hint: 'keep one of the two', offset };
    case 'illegal character in key':
    case 'incomplete key-value: cannot find end of key':
    case 'unexpected end of key':
    case 'illegal empty bare key':
      return noEntry(text, offset);
    case 'unfinished array':
    case 'unfinished table':
    case 'expected comma or end of structure':
      return {
        message: 'a comma or a closing bracket is missing here',
        hint: 'put a comma between the entries and close the list with ] or the table with }',
        offset,
      };
    case 'each key-value declaration must be followed by an end-of-line':
      return { message: 'nothing may follow a value on its line', hint: 'begin a new line, or put the whole value in quotes', offset };
    default:
      return { message: `this is not valid TOML: ${reason}`, hint: 'toml.io shows what may stand here', offset };
  }
}

function explainValue(text: string, offset: number): Explanation {
  const start = wordStart(text, offset);
  const word = /^[^\s,\]}#]*/.exec(text.slice(start, start + 80))?.[0] ?? '';
  if (word === '') return { message: 'a value is missing here', hint: 'write the value; an empty one is ""', offset: start };
  const message = `\`${word}\` is not a TOML value`;
  if (/^(true|false)$/i.test(word)) return { message, hint: `write ${word.toLowerCase()}`, offset: start };
  const quoted = `put text in quotes: "${word.replaceAll('\\', '\\\\')}"`;
  return { message, hint: word.includes('"') ? 'put the whole text in quotes' : quoted, offset: start };
}

/** The parser points into a number where it goes wrong: back to where it begins. */
function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !' \t\n=,[{'.includes(text[start - 1] ?? '')) start--;
  return start;
}

function unclosedString(text: string, offset: number): Explanation {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const opening = /["']/.test(text[offset] ?? '') ? offset : lastOpening(text.slice(lineStart, offset)) + lineStart;
  const quote = /^("""|'''|"|')/.exec(text.slice(opening, opening + 3))?.[0] ?? '"';
  const triple = quote.repeat(3);
  const lines = quote.length === 3 ? '' : `; text of several lines stands between ${triple} and ${triple}`;
  return { message: 'the text that begins here has no closing quote', hint: `close it with ${quote}${lines}`, offset: opening };
}

/** Where the last string that `line` opens begins; 0 where it opens none. */
function lastOpening(line: string): number {
  let opening = -1;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (opening < 0 && (character === '"' || character === "'")) opening = at;
    else if (opening >= 0 && character === '\\' && line[opening] === '"') at++;
    else if (opening >= 0 && character === line[opening]) opening = -1;
  }
  return Math.max(0, opening);
}

function controlCharacter(text: string, offset: number): Explanation {
  const code = (text.codePointAt(offset) ?? 0).toString(16).padStart(4, '0');
  const message = `a control character (U+${code.toUpperCase()}) may not stand here`;
  return { message, hint: `take it out, or write \\u${code} in "..."`, offset };
}

function unknownEscape(text: string, offset: number): Explanation {
  const escape = text.slice(offset, offset + 2);
  const hint = `write \\${escape}, or put the text in single quotes, which keep backslashes as they are`;
  return { message: `TOML knows no escape \`${escape}\``, hint, offset };
}

function noEntry(text: string, offset: number): Explanation {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  const first = lineStart + (line.length - line.trimStart().length);
  const word = line.trim();
  if (/^export\s/.test(word)) {
    return { message: '`export` is not part of TOML', hint: 'leave it out: NAME = "value" under [env]', offset: first };
  }
  if (word.startsWith('//')) return { message: 'a comment begins with #, not with //', hint: 'write # in front of it', offset: first };
  if (word.startsWith('[')) {
    return { message: 'this is not a table header', hint: 'write [name], with nothing but a comment behind it', offset };
  }
  const colon = /^[\w-]+\s*:/.exec(word);
  if (colon !== null) {
    const message = 'TOML puts `=` between a name and its value, not `:`';
    return { message, hint: 'write name = value', offset: first + colon[0].length - 1 };
  }
  const hint = 'every line is `name = value`, a [table], or a # comment; names with other characters than A-Z a-z 0-9 _ - stand in quotes';
  return { message: 'this is not `name = value`', hint, offset };
}

function wordAt(text: string, offset: number): string {
  const word = /^[^\s=\]]*/.exec(text.slice(offset, offset + 80))?.[0] ?? '';
  return word === '' ? 'this' : `\`${word}\``;
}
