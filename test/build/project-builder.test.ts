// The builder on real projects in temporary directories.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProjectBuilder } from '../../src/build/project-builder.ts';
import { writeTrust } from '../../src/config/trust.ts';
import type { BuildOutcome } from '../../src/model/builder.ts';
import { resolve } from '../../src/model/environment.ts';
import { inputPath } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';

let base: string;
let root: string;
const variables = { PATH: process.env['PATH'] ?? '', USER: 'me', GONE: 'outer', MANPATH: '/m1:/m2' };
const never = new AbortController().signal;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'builder-')));
  root = join(base, 'project');
  mkdirSync(root);
  await writeTrust(root, 'allowed', join(base, 'data'));
});

afterEach(() => rmSync(base, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writeVenv(): void {
  write('.venv/pyvenv.cfg', 'home = /usr/bin\n');
  mkdirSync(join(root, '.venv/bin'));
  symlinkSync('/usr/bin/python3', join(root, '.venv/bin/python'));
}

function build(toml?: string, signal = never): Promise<BuildOutcome> {
  if (toml !== undefined) write('devshell.toml', toml);
  const host = { privateFds: [], execScript: resolvePath('shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined };
  const builder = new ProjectBuilder({ root, state: join(base, 'state'), base: variables, userSettingsFile: join(base, 'config.toml'), dataDirectory: join(base, 'data'), overrides: {}, host });
  return builder.build({ generation: 1, changed: [], log: () => undefined, observed: () => undefined }, signal);
}

async function environmentOf(toml?: string) {
  const outcome = await build(toml);
  if (outcome.kind !== 'built') throw new Error(JSON.stringify(outcome));
  return { ...outcome, all: resolve(outcome.environment, variables) };
}

async function problemsOf(toml?: string) {
  const outcome = await build(toml);
  if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${outcome.kind}`);
  return outcome.problems;
}

describe('a build', () => {
  it('sets variables in order, each seeing those before it', async () => {
    const { all } = await environmentOf('[env]\nA = "1"\nB = "${A}2"\nA2 = "${B}${NOPE:-3}"\nGONE = false\nHOST = "$${USER}"');
    expect(all).toMatchObject({ A: '1', B: '12', A2: '123', HOST: '${USER}' });
    expect(all).not.toHaveProperty('GONE');
  });

  it('lets each layer see and override the ones before: exec, venv, path, dotenv, env', async () => {
    writeVenv();
    write('.env', 'FROM_DOTENV=$FROM_EXEC/d\nBOTH=dotenv\n');
    const { all } = await environmentOf(
      `[env]\nBOTH = "env"\nFROM_ENV = "\${FROM_DOTENV}/e"\n[load]\nexec = [{ run = "echo '{\\"FROM_EXEC\\": \\"x\\", \\"BOTH\\": \\"exec\\"}'" }]\nvenv = ".venv"\npath = ["bin"]\ndotenv = [".env"]`,
    );
    expect(all).toMatchObject({ FROM_EXEC: 'x', FROM_DOTENV: 'x/d', FROM_ENV: 'x/d/e', BOTH: 'env', VIRTUAL_ENV: join(root, '.venv') });
    expect(all['PATH']?.split(':').slice(0, 2)).toEqual([join(root, 'bin'), join(root, '.venv/bin')]);
  });

  it('takes a list that quotes itself as an edit around it, and any other as it is', async () => {
    const { environment } = await environmentOf('[env]\nPATH = "/a:${PATH}:/z"\nMANPATH = "/only"\nPYTHONPATH = "lib:lib2"');
    expect(environment.lists.get('PATH')).toEqual({ front: ['/a'], back: ['/z'] });
    expect(environment.variables.get('MANPATH')).toBe('/only');
    expect(environment.lists.get('PYTHONPATH')).toEqual({ front: ['lib', 'lib2'], back: [] });
  });

  it('takes the PATH that a tool prints as an edit, whatever the tool has moved', async () => {
    const { environment } = await environmentOf(`[load]\nexec = [{ run = '''echo "PATH=/tool:$(echo $PATH | tr : '\\n' | sort -u | paste -sd:)"''', format = "dotenv" }]`);
    expect(environment.lists.get('PATH')?.front).toEqual(['/tool']);
  });

  it('names every mistake of every layer at once, each with its place', async () => {
    write('.env', 'A=1\nnonsense here\n');
    const problems = await problemsOf('[env]\nX = "${MISSING}"\n\n[load]\ndotenv = [".env", "absent.env"]\nvenv = "nowhere"');
    expect(problems.map(({ file, line, message }) => [file, line, message])).toEqual([
      ['devshell.toml', 6, 'no virtual environment in nowhere'],
      ['.env', 2, 'not a dotenv line'],
      ['devshell.toml', 5, 'no dotenv file absent.env'],
      ['devshell.toml', 2, 'X uses MISSING, which is not set'],
    ]);
  });

  it('refuses a dotenv file that sets what the shell would run', async () => {
    write('.env', 'A=1\nPS1="\\$(touch ran) "\nexport MAILCHECK=\'a[$(touch ran)]\'\n');
    const problems = await problemsOf('[load]\ndotenv = [".env"]');
    expect(problems.map(({ file, line, message }) => [file, line, message])).toEqual([
      ['.env', 2, 'PS1 cannot be set: the shell runs the commands in it; put prompt code into `init` of [shell]'],
      ['.env', 3, 'MAILCHECK cannot be set: bash evaluates it as code'],
    ]);
  });

  it('shows what a failing tool had to say', async () => {
    const [problem] = await problemsOf('[load]\nexec = [{ run = "echo first >&2; echo the reason >&2; exit 7" }]');
    expect(problem).toMatchObject({ message: 'exec exited with 7: the reason', file: 'devshell.toml', line: 2, detail: 'first\nthe reason\n' });
  });

  it.each([
    ['echo no json', 'exec printed no JSON'],
    ['echo "[1]"', 'exec printed JSON that is no object'],
    [`echo '{"a b": "1"}'`, 'exec printed the name "a b"'],
    [`echo '{"A": {}}'`, 'exec printed A as object'],
    [`echo '{"DEVSHELL_X": "1"}'`, 'DEVSHELL_X is reserved'],
  ])('refuses what %j prints', async (run, message) => {
    const [problem] = await problemsOf(`[load]\nexec = [{ run = '''${run}''' }]`);
    expect(problem?.message).toContain(message);
  });

  it.each([
    ['if true', 'syntax error'],
    ['echo "open', 'unexpected EOF'],
  ])('finds the syntax error in the init code %j', async (init, message) => {
    const [problem] = await problemsOf(`[shell]\ninit = '''${init}'''`);
    expect(problem?.message).toContain(message);
  });

  it('accepts init code with extended patterns', async () => {
    await environmentOf(`[shell]\ninit = '''case x in @(a|b)) ;; esac'''`);
  });

  it('is blocked until the project is allowed, and runs nothing', async () => {
    await writeTrust(root, 'denied', join(base, 'data'));
    const outcome = await build('[load]\nexec = [{ run = "touch ran; echo {}" }]');
    expect(outcome.kind).toBe('blocked');
    expect(await fingerprint({ kind: 'file', path: join(root, 'ran') }, never)).toBe('missing');
  });

  it('is cancelled in the middle of a tool', async () => {
    const abort = new AbortController();
    const running = build('[load]\nexec = [{ run = "sleep 1000" }]', abort.signal);
    setImmediate(() => abort.abort());
    expect(await running).toEqual({ kind: 'cancelled' });
  });

  it.each<[string, string]>([
    ['when it succeeds', ''],
    ['when it fails', '[env]\nX = "${MISSING}"\n'],
  ])('returns everything it read %s, as the watcher would see it', async (_title, more) => {
    write('.env', 'A=1');
    write('conf/a.yaml', 'x');
    write('conf/skip.yaml', 'x');
    const toml = '[load]\ndotenv = [".env", { file = "absent/.env", optional = true }]\n[watch]\npaths = ["conf/*.yaml", "plain", "conf"]\nignore = ["conf/skip.yaml"]\n';
    const outcome = await build(`${more}${toml}`);
    const observations = outcome.kind === 'built' || outcome.kind === 'failed' ? outcome.observations : [];
    const inside = observations.map(({ input }) => inputPath(input)).filter((path) => path.startsWith(`${root}/`));
    expect(inside.map((path) => path.slice(root.length + 1)).sort()).toEqual(
      ['.env', 'absent/.env', 'conf', 'conf/*.yaml', 'conf/a.yaml', 'devshell.local.toml', 'devshell.toml', 'plain'].sort(),
    );
    for (const { input, fingerprint: seen } of observations) expect([input, seen]).toEqual([input, await fingerprint(input, never)]);
  });

  it('uses what it finds where there is no configuration, and reads it as the watcher sees it', async () => {
    write('.env', 'A=1');
    writeVenv();
    write('node_modules/.bin/tool', '');
    const { all, observations } = await environmentOf();
    expect(all).toMatchObject({ A: '1', VIRTUAL_ENV: join(root, '.venv') });
    expect(all['PATH']).toContain(join(root, 'node_modules/.bin'));
    for (const { input, fingerprint: seen } of observations) expect([input, seen]).toEqual([input, await fingerprint(input, never)]);
  });
});
