// Variables as text for others to read: `devshell env --shell bash | --dotenv | --json`.

import { isVariableName } from '../model/environment.ts';
import { bashQuote } from './quote.ts';

export type ExportFormat = 'bash' | 'dotenv' | 'json';

/** All of `variables`, sorted by name. A name that the format cannot express stands in a comment. Ends with a newline unless empty. */
export function exportsText(variables: Readonly<Record<string, string>>, format: ExportFormat): string {
  const sorted = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
  switch (format) {
    case 'bash':
      return lines(sorted, (name, value) => `export ${name}=${bashQuote(value)}`);
    case 'dotenv':
      return lines(sorted, (name, value) => `${name}=${dotenvQuote(value)}`);
    case 'json':
      return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
  }
}

function lines(entries: readonly (readonly [string, string])[], line: (name: string, value: string) => string): string {
  return entries
    .map(([name, value]) => `${isVariableName(name) ? line(name, value) : `# ${JSON.stringify(name)} has a name that cannot be written here`}\n`)
    .join('');
}

/**
 * The plainest form that every reader understands alike: bare, then single quotes (all literal), then double quotes with \n and \r
 * for what holds no other character that is special there. Only what is left needs a reader that knows \" \\ \$ as well (direnv's, ours).
 */
function dotenvQuote(value: string): string {
  const brokenLine = /[\n\r]/.test(value);
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  if (!value.includes("'") && !brokenLine) return `'${value}'`;
  if (!/["\\$`]/.test(value)) return `"${lineEscapes(value)}"`;
  return `"${lineEscapes(value.replace(/["\\$`]/g, '\\$&'))}"`;
}

function lineEscapes(value: string): string {
  return value.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
