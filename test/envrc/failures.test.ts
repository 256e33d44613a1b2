// What goes wrong in an evaluation: survived, named, and nothing of it applied.

import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => {
  expect(project.groups.ended).toEqual(project.groups.started);
  project.remove();
});

describe('an evaluation that fails names the place and what was said last', () => {
  it.each<[what: string, envrc: string, expected: object]>([
    ['exit with a status', 'export A=1\necho first >&2\necho "the reason" >&2\nexit 3\n', { message: 'the reason', file: '.envrc', line: 4, detail: 'first\nthe reason\n' }],
    ['a command under set -e', 'set -e\nexport A=1\nls /nowhere\nexport B=1\n', { file: '.envrc', line: 3 }],
    ['strictness of ours', 'strict_env\nexport A=$UNSET_THING\n', { message: 'UNSET_THING: unbound variable', file: '.envrc', line: 2 }],
    ['a syntax error', 'export A=1\nif true; then\n  echo\n', { message: expect.stringContaining('syntax error') as string, file: '.envrc', line: 4 }],
    ['use of what there is not', 'export A=1\nuse nonsense\nexport B=1\n', { message: expect.stringContaining('use_nonsense') as string, file: '.envrc', line: 2 }],
    ['a use that fails and nobody deals with', 'use_it() {\n  echo broken >&2\n  return 1\n}\nuse it\nexport B=1\n', { message: 'broken', file: '.envrc', line: 3 }],
    ['exec', 'export A=1\nexec true\n', { message: expect.stringContaining('exec') as string, file: '.envrc', line: 2 }],
    ['the end of its own group', 'export A=1\nkill -9 0\n', { message: 'its evaluation was ended by SIGKILL', file: '.envrc' }],
    ['the end of its shell', 'kill -9 $$; sleep 10\n', { message: 'its evaluation was ended by SIGKILL', file: '.envrc', line: 1 }],
    ['a subcommand that is not ours', 'set -e\ndirenv allow\n', { message: 'direnv allow: not available while devshell evaluates an .envrc', file: '.envrc', line: 2 }],
    ['a trap that changes the status', "trap 'exit 4' EXIT\nexport A=1\n", { message: 'it ended with status 4' }],
  ])('%s', async (_, envrc, expected) => {
    expect(await project.problem(envrc)).toMatchObject(expected);
  });

  it('a syntax error in a file that is sourced plainly', async () => {
    project.write('lib.sh', 'export L=1\nfoo(\n');
    expect(await project.problem(`. ${project.path('lib.sh')}\nexport A=1\n`)).toMatchObject({ file: 'lib.sh', line: 2 });
  });

  it.each(['./tool', 'A=1 ./tool', '[ -x tool ] || exit 3', '[[ ! -x ./tool ]] && exit 3'])('a script that is not executable, of which `%s` makes an input', async (line) => {
    project.write('tool', '#!/bin/sh\n');
    const { observations } = await project.problem(`set -e\n${line}\n`);
    const seen = observations.filter(({ input }) => input.kind === 'file' && input.path === project.path('tool'));
    expect(seen).toHaveLength(1);
    chmodSync(project.path('tool'), 0o755);
    expect(await fingerprint({ kind: 'file', path: project.path('tool') }, new AbortController().signal)).not.toBe(seen[0]?.fingerprint);
  });

  it('a file that is not there', async () => {
    const outcome = await project.outcome();
    expect(outcome).toMatchObject({ kind: 'failed', problems: [{ message: 'there is no .envrc', file: 'devshell.toml', line: 2 }] });
  });

  it("direnv's settings that cannot be read", async () => {
    const file = project.write(`${project.home}/.config/direnv/direnv.toml`, 'nonsense');
    expect(await project.problem('export A=1\n')).toMatchObject({ file });
  });
});

describe('what only looks like a failure is none', () => {
  it.each<[what: string, envrc: string]>([
    ['exit 0 before the end', 'export A=1\nexit 0\nexport A=2\n'],
    ['exit alone after something that worked', 'export A=1\nexit\n'],
    ['a last command that fails', 'export A=1\nfalse\n'],
    ['a last test that is false', 'export A=1\n[[ -f nowhere ]] && . nowhere\n'],
    ['a use that fails and is dealt with', 'use_it() { return 1; }\nuse it || export A=1\nif use it; then :; fi\n'],
    ['the file`s own trap on EXIT', "trap 'echo bye >&2; export A=1' EXIT\nexport B=1\n"],
    ['a trap on EXIT that ends the shell', "export A=1\ntrap 'exit 0' EXIT\n"],
    ['a trap on EXIT and an exit', "trap 'echo bye' 0\nexport A=1\nexit 0\n"],
    ['a trap set by the builtin', "builtin trap 'echo bye' EXIT\nexport A=1\n"],
    ['return at the top', 'export A=1\nreturn 1\nexport A=2\n'],
    ['exit in a subshell', '(exit 3)\nx=$(exit 4)\nexport A=1\n'],
    ['noclobber, posix, nounset', 'set -o noclobber -o posix -u\nexport A=1\n'],
    ['a closed output', 'exec 2>&- 1>&-\nexport A=1\n'],
    ['functions with our names for builtins', 'printf() { :; }\nexport A=1\n'],
    ['PATH taken away', 'PATH=\nexport A=1\n'],
  ])('%s', async (_, envrc) => {
    const { all } = await project.build(envrc);
    expect(all['A']).toBe('1');
  });

  it('what stdout is used for goes where stderr goes', async () => {
    await project.build('echo out; echo err >&2; echo named >/dev/stderr; export A=1\n');
    expect(project.log).toBe('out\nerr\nnamed\n');
  });

  it('reading a terminal that is not there', async () => {
    const { all } = await project.build('read -r x; (: </dev/tty) 2>/dev/null || x=none; export X=$x\n');
    expect(all['X']).toBe('none');
  });

  it('output without end or measure is passed on and not kept', async () => {
    const { all } = await project.build('head -c 50M /dev/zero | tr "\\0" x\nhead -c 20M /dev/zero >&2\nexport A=1\n');
    expect(all['A']).toBe('1');
  });

  it('a daemon that keeps the pipes open', async () => {
    const { all } = await project.build('setsid bash -c "echo \\$\\$ >daemon; exec sleep 1000" &\nuntil [ -s daemon ]; do :; done\nexport A=1\n');
    process.kill(Number(readFileSync(project.path('daemon'), 'utf8')), 'SIGKILL');
    expect(all['A']).toBe('1');
  });

  it('a loop of many commands, whose trace is long', async () => {
    const { all } = await project.build('for ((i = 0; i < 20000; i++)); do x=$i; done\nexport X=$x\n');
    expect(all['X']).toBe('19999');
  });
});

it('An evaluation that never ends is told of, and can be cancelled at any time.', async () => {
  project.write(`${project.home}/.config/direnv/direnv.toml`, '[global]\nwarn_timeout = "1500ms"\n');
  const abort = new AbortController();
  project.logged = (text) => {
    if (text.includes('still evaluating')) abort.abort();
  };
  const outcome = await project.outcome('export A=1\nsleep 1000\n', abort.signal);
  expect(outcome.kind).toBe('cancelled');
  expect(project.log).toContain(`still evaluating after 1.5 s at ${project.path('.envrc')}:2`);
});

it('A file that changes while the evaluation goes on is seen with the content it had.', async () => {
  project.write('lib.sh', 'export A=1\n');
  const { observations } = await project.build('. ./lib.sh\nsleep 0.3\necho "export A=2" >lib.sh\n');
  const { fingerprintBytes } = await import('../../src/watch/fingerprint.ts');
  const seen = observations.find(({ input }) => input.kind === 'file' && input.path === project.path('lib.sh'));
  expect(seen?.fingerprint).toBe(fingerprintBytes(Buffer.from('export A=1\n')));
});

it('What is fetched, dumped and noted meanwhile is gone afterwards.', async () => {
  await project.build('direnv_load direnv dump\nexport SCRATCH=$(dirname "${DIRENV_WATCHES#devshell:}")\n');
  await wait(0);
  const { all } = await project.build('export SCRATCH=${DIRENV_WATCHES#devshell:}\n');
  expect(existsSync(all['SCRATCH']!)).toBe(false);
});
