// What not to show to whoever looks over a shoulder: values that are secret by their name, or by what they look like.

/** Of one length, whatever it stands for. */
export const mask = '********';

/** What a word of a name ends in that holds a secret: also PGPASSWORD and AUTHTOKEN. */
const tellingEnd = /(?:TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|APIKEYS?|CREDENTIALS?)$/;
/** Only as a word of their own: ASKPASS is a program. */
const tellingWords = new Set(['PASS', 'PWD', 'PASSCODE', 'CREDS', 'AUTHORIZATION', 'BEARER', 'JWT', 'OTP', 'COOKIE']);
/** Only as the last word. */
const tellingLast = new Set(['AUTH', 'KEY', 'KEYS', 'PAT']);
/** Keys that open nothing. */
const plainKeys = new Set(['PUBLIC', 'PUBLISHABLE', 'PRIMARY', 'FOREIGN', 'SORT', 'PARTITION', 'CACHE', 'INDEX', 'COMPOSE', 'HOT', 'META', 'MODIFIER', 'ROUTING']);
/** What stands before a number of tokens, and not before a token. */
const counting = new Set(['MAX', 'MIN', 'NUM', 'LIMIT', 'COUNT', 'TOTAL']);
/** A name that ends so is about a secret, and holds none. */
const aboutSecrets = new Set([
  'FILE', 'FILES', 'PATH', 'DIR', 'DIRECTORY', 'SOCK', 'SOCKET', 'URL', 'URI', 'ENDPOINT', 'HOST', 'PORT', 'REGION', 'PROVIDER', 'TYPE', 'NAME', 'METHOD',
  'MODE', 'FORMAT', 'PREFIX', 'ALGORITHM', 'ALGO', 'TTL', 'TIME', 'TIMEOUT', 'EXPIRY', 'EXPIRES', 'LENGTH', 'LEN', 'SIZE', 'COUNT', 'LIMIT', 'MAX', 'MIN',
  'ENABLED', 'DISABLED', 'REQUIRED', 'POLICY', 'VERSION', 'COMMAND', 'CMD', 'HELPER', 'PARALLELISM',
]);
/** Held by the shell itself, or the name of a file. */
const plainNames = new Set(['PWD', 'OLDPWD', 'GOOGLE_APPLICATION_CREDENTIALS']);
const plainValue = /^(?:true|false|yes|no|on|off|[01])?$/i;

/** `NAME=value`, `--name value`, or `"name": "value"`; a colon without quotes is prose. */
const assignment = new RegExp(
  [
    /(?<![\w.-])/,
    /(?<front>--(?<option>[A-Za-z][\w-]*)(?:=|\s+(?!-))|(?<bare>[A-Za-z_][\w.-]*)\s*=\s*|(?<quote>["'])(?<quoted>[A-Za-z_][\w.-]*)\k<quote>\s*[=:]\s*)/,
    /(?<value>"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;]+)/,
  ]
    .map(({ source }) => source)
    .join(''),
  'g',
);
const userInUrl = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s/@:?#]*)(:[^\s/@]*)?@/gi;
const secretInQuery = /([?&](?:password|passwd|pwd|secret|token|access_token|api_?key|auth|sig|signature)=)[^&#\s]+/gi;
/** Forms that services give to their keys, so that they can be found. */
const knownForms = [
  /\bgh[pousr]_\w{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bsk-[\w-]{16,}/g,
  /\b[rs]k_(?:live|test)_\w{10,}/g,
  /\bxox[abeprs]-[\w-]{10,}/g,
  /\bnpm_\w{30,}/g,
  /\bAKIA[A-Z0-9]{16}/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^]*?-----END [A-Z ]*PRIVATE KEY-----|[^]*)/g,
];

/** Whether the name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  if (plainNames.has(name.toUpperCase())) return false;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.includes('WEBHOOK')) return true;
  if (aboutSecrets.has(last) || (last === 'TOKENS' && words.some((word) => counting.has(word)))) return false;
  if (words.some((word) => tellingEnd.test(word) || tellingWords.has(word))) return true;
  const key = words.indexOf('KEY');
  if (key > 0 && ['API', 'ACCESS', 'PRIVATE', 'SECRET'].includes(words[key - 1] ?? '')) return true;
  return tellingLast.has(last) && !plainKeys.has(words.at(-2) ?? '');
}

/** In capitals: `npm_config__authToken` is NPM, CONFIG, AUTH, TOKEN. */
function wordsOf(name: string): string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  return parted.split(/[^A-Z0-9]+/).filter((word) => word !== '');
}

/** The value of a variable as it may be shown. */
export function maskedValue(name: string, value: string): string {
  return isSecretName(name) && !plainValue.test(value) ? mask : maskedParts(value);
}

/** Any text as it may be shown: assignments to secret names in it, passwords in addresses, and keys of known forms are masked. */
export function maskedText(text: string): string {
  const hidden = text.replace(assignment, (whole: string, ...rest: unknown[]) => {
    const { front = '', option, bare, quoted, value = '' } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const plain = value.replace(/^["']|["']$/g, '');
    return isSecretName(option ?? bare ?? quoted ?? '') && !plainValue.test(plain) && !plain.startsWith('$') ? front + mask : whole;
  });
  return maskedParts(hidden);
}

function maskedParts(text: string): string {
  const hidden = knownForms.reduce((rest, form) => rest.replace(form, mask), text);
  return hidden.replace(secretInQuery, `$1${mask}`).replace(userInUrl, (whole, scheme: string, user: string, password: string | undefined) => {
    if (password !== undefined && password !== ':') return `${scheme}${user}:${mask}@`;
    // A token may stand where a user would; names of people are shorter.
    return user.length >= 20 ? `${scheme}${mask}@` : whole;
  });
}
