// What Nix prints and says, as data: output recorded from Nix 2.8, and what the source of later versions prints.
import { describe, expect, it } from 'vitest';
import { listElements, outputRewrites, parseDevelopmentEnvironment, repaired, rewritten } from '../../src/build/nix/development-environment.ts';
import { errorLine, failureOf } from '../../src/build/nix/failure.ts';
import type { Sight } from '../../src/build/nix/messages.ts';
import { NixMessages } from '../../src/build/nix/messages.ts';
import { openingOption, parseReference } from '../../src/build/nix/reference.ts';
import { isPlainHook, parseHookOutput } from '../../src/build/nix/shell-hook.ts';

describe('a reference', () => {
  const local = (directory: string, as = 'git') => ({ kind: 'local', directory, as });
  it.each([
    ['.', { installable: '.', source: local('/p') }],
    ['.#ci', { installable: '.#ci', source: local('/p') }],
    ['#ci', { installable: '#ci', source: local('/p') }],
    ['./sub#x', { installable: './sub#x', source: local('/p/sub') }],
    ['/abs', { installable: '/abs', source: local('/abs') }],
    ['path:../x', { installable: 'path:../x', source: local('/x', 'path') }],
    ['path:///x', { installable: 'path:///x', source: local('/x', 'path') }],
    ['git+file:///x?dir=sub#y', { installable: 'git+file:///x?dir=sub#y', source: local('/x/sub') }],
    ['nixpkgs#hello', { installable: 'nixpkgs#hello', source: { kind: 'remote' } }],
    ['github:a/b', { installable: 'github:a/b', source: { kind: 'remote' } }],
    ['. --impure', { installable: '.', source: local('/p'), options: ['--impure'] }],
  ])('%j is a flake', (text, expected) => expect(parseReference(text, '/p')).toEqual({ kind: 'flake', options: [], ...expected }));

  it('is a file where it ends in .nix, with its attribute and options', () => {
    expect(parseReference(`nix/default.nix -A 'a.b' --argstr x "y z"`, '/p')).toEqual(
      { kind: 'file', path: '/p/nix/default.nix', attribute: 'a.b', options: ['--argstr', 'x', 'y z'] },
    );
  });

  it.each([
    ['. --impure', '--impure'],
    ['. --accept-flake-config', undefined],
    ['. --override-input a path:/b', '--override-input'],
    ['shell.nix --argstr a b --arg c d', '--arg'],
    ['shell.nix -A x --argstr a b', undefined],
  ])('with the options of %j is opened by %j', (text, option) => expect(openingOption(parseReference(text, '/p')?.options ?? [])).toBe(option));

  it.each(['git+file:///x?ref=other', 'git+file:.?submodules=1'])('to %j is to something else than what lies there', (text) => {
    expect(parseReference(text, '/p')).toMatchObject({ source: { kind: 'remote' } });
  });

  it.each(['', '  ', '--impure'])('is none in %j', (text) => expect(parseReference(text, '/p')).toBeUndefined());
});

describe('the environment', () => {
  const output = JSON.stringify({
    bashFunctions: { f: ' \n    echo /store/out;\n' },
    structuredAttrs: { '.attrs.json': '{"outputs":{"out":"/store/out"}}', '.attrs.sh': 'declare out=/store/out' },
    variables: {
      A: { type: 'exported', value: '/store/out/bin' },
      n: { type: 'unknown' },
      list: { type: 'array', value: ['/store/out', 'x'] },
      outputs: { type: 'associative', value: { out: '/store/out' } },
      v: { type: 'var', value: '' },
    },
  });

  it('has variables of every type, functions and attributes; output paths are rewritten in all of them', () => {
    const parsed = parseDevelopmentEnvironment(output);
    if (parsed === undefined) throw new Error('not parsed');
    const result = rewritten(parsed, outputRewrites(parsed, '/p'));
    expect(Object.fromEntries(result.variables)).toEqual({
      A: { type: 'exported', value: '/p/outputs/out/bin' },
      list: { type: 'array', value: ['/p/outputs/out', 'x'] },
      outputs: { type: 'associative', value: { out: '/p/outputs/out' } },
      v: { type: 'var', value: '' },
    });
    expect(result.functions.get('f')).toBe(' \n    echo /p/outputs/out;\n');
    expect(result.structuredAttributes).toEqual({ json: '{"outputs":{"out":"/p/outputs/out"}}', sh: 'declare out=/p/outputs/out' });
  });

  it('names several outputs', () => {
    const variables = { outputs: { type: 'exported', value: 'out dev' }, out: { type: 'exported', value: '/s/o' }, dev: { type: 'var', value: '/s/d' } };
    const parsed = parseDevelopmentEnvironment(JSON.stringify({ variables, bashFunctions: {} }));
    expect(parsed && [...outputRewrites(parsed, '/p')]).toEqual([['/s/o', '/p/outputs/out'], ['/s/d', '/p/outputs/dev']]);
  });

  it.each(['', 'null', '[]', '{"variables": []}', '{"bashFunctions": {}}'])('is not %j', (text) => expect(parseDevelopmentEnvironment(text)).toBeUndefined());

  it('can be read where a builder wrote control characters', () => {
    const written = `{\n "a": "${String.fromCharCode(27)}[1m\\n${String.fromCharCode(1)}é"\n}`;
    expect(JSON.parse(repaired(written))).toEqual({ a: '\u001b[1m\n\u0001é' });
  });

  it('has no element of PATH where Nix found none', () => expect(listElements('/path-not-set')).toEqual([]));
});

function heard(...lines: readonly (object | string)[]) {
  const sights: Sight[] = [];
  let log = '';
  const messages = new NixMessages({ log: (text) => void (log += text), saw: (sight) => void sights.push(sight) });
  const text = lines.map((line) => (typeof line === 'string' ? line : `@nix ${JSON.stringify(line)}`)).join('\n');
  for (let at = 0; at < text.length; at += 7) messages.add(text.slice(at, at + 7));
  messages.end();
  return { messages, sights, log };
}

describe('the messages of Nix', () => {
  it('tell what was read, in the words of every version', () => {
    const { sights, log } = heard(
      { action: 'msg', level: 4, msg: "evaluating file '/p/it's.nix'" },
      { action: 'msg', level: 5, msg: "copied source '/p/src' -> '/nix/store/x-src' (hash 'sha256-x')" },
      { action: 'start', level: 5, id: 1, text: "copying '/p/other' to the store", type: 0 },
      { action: 'msg', level: 0, msg: 'trace: devshell exists /p/none' },
      { action: 'msg', level: 5, msg: 'locking path' },
    );
    expect(sights).toEqual([
      { kind: 'file', path: "/p/it's.nix" },
      { kind: 'copied', path: '/p/src', to: '/nix/store/x-src' },
      { kind: 'copied', path: '/p/other' },
      { kind: 'exists', path: '/p/none' },
    ]);
    expect(log).toBe('');
  });

  it('are shown as a person reads them', () => {
    const { log } = heard(
      { action: 'msg', level: 1, msg: '\u001b[35;1mwarning:\u001b[0m dirty' },
      { action: 'start', level: 3, id: 2, text: "building '/nix/store/x.drv'", type: 105 },
      { action: 'result', id: 2, type: 101, fields: ['compiling \u001b[1mx\u001b[0m'] },
      { action: 'msg', level: 0, msg: 'trace: mine' },
      'plain text',
      '@nix {broken',
    );
    expect(log).toBe("warning: dirty\nbuilding '/nix/store/x.drv'\n> compiling x\ntrace: mine\nplain text\n@nix {broken\n");
  });
});

describe('a failure', () => {
  const place = { reference: '.', at: { file: 'devshell.toml', line: 2 }, root: '/p', tree: '/p' };
  const exited = { kind: 'exited', exitCode: 1, stdout: new Uint8Array(), stderr: '' } as const;
  const failure = (...lines: readonly (object | string)[]) => failureOf({ result: exited, messages: heard(...lines).messages }, place);

  it('has the error, its place in the project and all that was said', () => {
    const text = "\u001b[31;1merror:\u001b[0m undefined variable 'nope'\n\n       at /nix/store/v75r7zdjlizy99kffb18fdk26kk1iyk8-source/flake.nix:6:13:";
    const said = { action: 'msg', level: 0, line: 6, column: 13, file: '/nix/store/v75r7zdjlizy99kffb18fdk26kk1iyk8-source/sub/flake.nix', msg: text };
    const problem = failure({ action: 'msg', level: 1, msg: 'warning: dirty' }, said);
    expect(problem).toMatchObject({ message: "error: undefined variable 'nope'", file: 'sub/flake.nix', line: 6, column: 13 });
    expect(problem.detail).toContain('warning: dirty\nerror: undefined');
  });

  it('is found at the end of a trace, as later versions print it', () => {
    const text = "error:\n       … while evaluating the attribute 'x'\n         at «git+file:///p»/flake.nix:1:2:\n\n       error: attribute 'y' missing\n       at /nix/store/v75r7zdjlizy99kffb18fdk26kk1iyk8-source/a.nix:3:4:\n";
    expect(errorLine(text)).toBe("error: attribute 'y' missing");
    expect(failure({ action: 'msg', level: 0, msg: text })).toMatchObject({ file: 'a.nix', line: 3, column: 4 });
  });

  it.each([
    ["error: flake 'x' requires lock file changes but they're not allowed due to '--no-update-lock-file'", 'nix flake lock'],
    ["error: experimental Nix feature 'ca-derivations' is disabled; add '--extra-experimental-features ca-derivations' to enable it", 'nix.conf'],
    ["error: unable to download 'https://x': Couldn't resolve host name (6)", 'network'],
    ["error: unrecognised flag '--extra-experimental-features'", 'older than 2.4'],
    ["error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused", 'daemon'],
    ["error: flake 'x' does not provide attribute 'devShells.x86_64-linux.ci'", 'nix flake show'],
    ["error: Path 'new.nix' in the repository \"/p\" is not tracked by Git.", 'git add the file'],
    ["error: Path 'flake.nix' in the repository \"/p\" is not tracked by Git.", 'git add flake.nix'],
    ["error: access to absolute path '/etc/x' is forbidden in pure eval mode (use '--impure' to override)", '--impure'],
    ["error: 'nix develop' only works on derivations that use 'bash' as their builder", 'mkShell'],
  ])('%j has a remedy', (msg, hint) => {
    expect(failure({ action: 'msg', level: 0, msg }).hint).toContain(hint);
  });

  it('says what to do where there is no Nix', () => {
    const problem = failureOf({ result: { kind: 'not-started', reason: 'spawn nix ENOENT' }, messages: heard('').messages }, place);
    expect(problem).toMatchObject({ message: 'nix could not be started: spawn nix ENOENT', hint: expect.stringContaining('install Nix') as string, file: 'devshell.toml', line: 2 });
  });
});

describe('a hook', () => {
  it.each([
    ['export A=1\n  # said\necho "$A is set"\nB="$PWD/x"', true],
    ['source .env', false],
    ['export A=$(cat x)', false],
    ['export A=`cat x`', false],
    ['echo *', false],
    ['[ -f x ] && export A=1', false],
    ['export A=1; cat x', false],
    ['export A=~/x', false],
  ])('%j is plain: %j', (hook, isPlain) => expect(isPlainHook(hook)).toBe(isPlain));

  it('that ended its shell left half of what it says', () => {
    const part = 'variable\0A\x001\0end\0\0\0';
    expect(parseHookOutput(Buffer.from(part))).toBeUndefined();
    expect(parseHookOutput(Buffer.from(`${part}${part}`))?.set.size).toBe(0);
  });
});
