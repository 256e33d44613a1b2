// The shell: which bash it is, what it lacks, and what the user's own start-up files put into it.

import { basename } from 'node:path';
import type { Context } from '../context.ts';
import { probeBash } from './bash-probe.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

/** The whole of `devshell doctor` is to take less than a second. */
const plainMs = 800;
const interactiveMs = 850;

export async function checkShell(context: Context, signal: AbortSignal): Promise<readonly Finding[]> {
  const place = { cwd: context.env['HOME'] || '/', env: context.base };
  const [plain, interactive] = await Promise.all([
    probeBash(['--noprofile', '--norc'], plainScript, place, plainMs, signal),
    probeBash(['-i'], interactiveScript, place, interactiveMs, signal),
  ]);
  const own = userShell(context);
  switch (plain.kind) {
    case 'not started':
      return [...own, finding('shell', 'error', `bash cannot be started: ${plain.reason}`, 'install bash, or put it on PATH: it is the shell that devshell starts')];
    case 'late':
      return [...own, finding('shell', 'warning', `bash did not answer within ${plainMs} ms`, 'is the machine very busy?')];
    case 'exited':
      return [...own, ...bashFindings(plain.output), ...(interactive.kind === 'exited' ? startupFindings(interactive.output, context) : [slowStartup()])];
  }
}

const plainScript = 'printf "%s\\n" "$BASH_VERSION" "$BASH"; type bind >/dev/null 2>&1 && echo readline';

export function bashFindings(output: string): Finding[] {
  const [version = '', path = '', readline] = output.split('\n');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const number = major * 100 + minor;
  const what = `bash ${version.replace(/\(.*/, '')} (${path})`;
  if (number < 302) return [finding('shell', 'error', `${what} is too old`, 'bash 3.2 or newer is needed, 5.1 or newer is best')];
  if (readline !== 'readline')
    return [finding('shell', 'error', `${what} has no line editing (readline)`, 'put an interactive bash in front on PATH; in Nix that is bashInteractive, not bash')];
  const lacks = [
    ...(number < 400 ? ['what is typed ahead cannot be seen, and keys of more than two bytes cannot be bound'] : []),
    ...(number < 501 ? ['only the first element of a PROMPT_COMMAND array runs, and pastes are not bracketed'] : []),
  ];
  return lacks.length === 0 ? [finding('shell', 'ok', what)] : [finding('shell', 'note', `${what}: ${lacks.join('; ')}`, 'bash 5.1 or newer has all of it')];
}

function userShell({ env }: Context): Finding[] {
  const name = basename(env['SHELL'] || 'bash');
  return name === 'bash' ? [] : [finding('shell', 'note', `your shell is ${name}, which this version does not start: bash is started`)];
}

/** Printed last, so that it is seen whether the start-up files let it come to that. */
const reached = 'devshell-doctor-reached';
const interactiveScript = [
  'printf "prompt %s\\n" "${PROMPT_COMMAND[@]}"',
  'declare -F',
  'printf "urg %s\\n" "$(trap -p URG)"',
  'readonly -p',
  `echo ${reached}`,
].join('; ');

function slowStartup(): Finding {
  const message = `your ~/.bashrc takes more than ${interactiveMs} ms, and so does every start of devshell; what it hooks into the prompt was not looked at`;
  return finding('shell', 'warning', message, 'look what is slow: time bash -i -c exit');
}

/** What an interactive bash of this user has, from what it printed. */
export function startupFindings(output: string, { env }: Pick<Context, 'env'>): Finding[] {
  if (!output.trimEnd().endsWith(reached)) {
    const remedy = 'does it end, or start another shell? devshell starts bash with it: guard that with [ -z "$DEVSHELL_SESSION" ]';
    return [finding('shell', 'warning', 'your ~/.bashrc does not come to its end', remedy)];
  }
  const found: Finding[] = [];
  const hooks = hookNames(output);
  for (const [name, message, remedy] of hookTexts) if (hooks.has(name)) found.push(finding('shell', name === 'starship' ? 'ok' : 'note', message, remedy));
  if (hooks.has('direnv') && env['DIRENV_DIFF'] !== undefined)
    found.push(finding('shell', 'warning', 'direnv has loaded an .envrc in this shell too: a name that both set is whose came last', 'let one of them do it: direnv deny, or envrc = false in [load]'));
  if (/^(?:declare|readonly) -\w*r\w* PROMPT_COMMAND\b/m.test(output))
    found.push(finding('shell', 'error', 'PROMPT_COMMAND is readonly: nothing can be applied at the prompt', 'take `readonly PROMPT_COMMAND` out of your start-up files'));
  if (/^urg trap/m.test(output))
    found.push(finding('shell', 'note', 'your start-up files trap SIGURG: a change that arrives while the prompt waits is applied one prompt later', 'trap another signal there'));
  return found.length === 0 ? [finding('shell', 'ok', 'nothing in your start-up files gets in the way')] : found;
}

type Hook = 'direnv' | 'mise' | 'starship';

/** What hooks itself into every prompt, by the names of its functions. */
function hookNames(output: string): ReadonlySet<Hook> {
  const patterns: [Hook, RegExp][] = [
    ['direnv', /^declare -f\w* _direnv_hook$|^prompt .*_direnv_hook/m],
    ['mise', /^declare -f\w* _mise_hook\w*$|^prompt .*_mise_hook/m],
    ['starship', /^declare -f\w* starship_precmd$|^prompt .*starship_precmd/m],
  ];
  return new Set(patterns.filter(([, pattern]) => pattern.test(output)).map(([name]) => name));
}

const hookTexts: readonly (readonly [Hook, string, string?])[] = [
  [
    'direnv',
    'direnv is hooked into your prompt: it goes on loading .envrc files of directories you enter, and what it undoes of devshell’s is put back',
    'in a project whose .envrc devshell loads, direnv deny keeps it from being loaded twice',
  ],
  [
    'mise',
    'mise is activated in your shell: at each prompt it puts its own directories in front on PATH, before those of devshell',
    'use its shims instead (mise activate --shims), or let devshell load mise by [load] exec',
  ],
  ['starship', 'starship draws your prompt: devshell’s line stands in front of its own, so times and exit codes are right'],
];
