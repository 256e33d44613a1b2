// `devshell why`, `diff` and `env --json --provenance`, in a session and without one.
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { changeInput, reload } from './support-1.ts';
import { configure, devshell, openShell, outputOf } from './support-3.ts';

const bashrc = `PS1='$ '\nexport EDITOR=vim PYTHONHOME=/opt/python GREETING=own\nPATH=$HOME/tools:$PATH\nalias gs='git stash'\n`;

const toml = (greeting: string, more = '') => `[env]
GREETING = "${greeting}"
EDITOR = "nano"
PYTHONHOME = false
API_TOKEN = "s3cret-value"
DATABASE_URL = "postgres://me:hunter2@localhost/db"
${more}[load]
path = ["bin", "scripts"]
dotenv = [".env"]
[shell]
aliases = { gs = "git status" }
`;

interface Why {
  readonly set: boolean;
  readonly value?: string;
  readonly variable?: {
    readonly value: string | null;
    readonly layer?: string;
    readonly elements?: readonly { readonly value: string; readonly from: string; readonly line?: number }[];
    readonly takenOut?: readonly object[];
    readonly changedHere?: boolean;
  };
  readonly alias?: object;
}

interface Diff {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly state: string;
  readonly differences: readonly { readonly kind: string; readonly name?: string; readonly before: string | null; readonly after: string | null }[];
}

describe('in a session', () => {
  test('why and diff tell what the shell runs in, what it was before, and what was changed by hand', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await project.write('.env', 'GREETING=from-dotenv\nFROM_DOTENV=1\n');
    const session = await openShell(project, toml('hello'), [], { columns: 120 });
    const why = async (name: string) => JSON.parse(await outputOf(session, project, devshell(`why --json ${name}`))) as Why;
    const diff = async (options = '') => JSON.parse(await outputOf(session, project, devshell(`diff --json ${options}`))) as Diff;

    expect(await session.run(devshell('why GREETING'))).toEqual([
      'GREETING=hello',
      '  set by  devshell.toml:2  [env]',
      '  before  .env:1           dotenv  from-dotenv',
      '  before  your shell               own',
    ]);
    expect(await session.run(devshell('why PYTHONHOME'))).toEqual(['PYTHONHOME is not set', '  set by  devshell.toml:4  [env]  unset', '  before  your shell              /opt/python']);
    expect(await session.run(devshell('why gs'))).toEqual(["alias gs='git status'", '  set by  devshell.toml:11  [shell]', "  before  your shell        'git stash'"]);
    expect(await session.run(`${devshell('why GREETNG')}; echo $?`)).toEqual([
      'devshell: nothing here sets GREETNG',
      'devshell: there is GREETING (devshell.toml:2 [env])',
      '1',
    ]);
    expect(await session.run(`${devshell('why HOME')}; ${devshell('why DEVSHELL_ROOT')}`)).toEqual([
      `devshell: nothing here sets HOME; your shell has it: HOME=${project.home}`,
      'devshell: DEVSHELL_ROOT is set by devshell itself, for the session',
    ]);

    const path = (await why('PATH')).variable;
    const place = (path?.elements ?? []).map(({ value, from }) => [value, from]);
    expect(place.slice(0, 3)).toEqual([[project.path('bin'), 'devshell'], [project.path('scripts'), 'devshell'], [`${project.home}/tools`, 'shell']]);
    expect(path).toMatchObject({ changedHere: false, takenOut: [] });

    // By hand: nothing of it is ours any more, and all of it is said.
    await session.run(`GREETING=mine PATH=/put/in/here:$PATH; PATH=\${PATH/"${project.path('scripts')}:"}`);
    expect((await session.run(devshell('why GREETING'))).slice(0, 3)).toEqual([
      'GREETING=mine',
      '  changed  in this shell            a reload leaves it alone',
      '  set by   devshell.toml:2  [env]   hello',
    ]);
    expect(await session.run(devshell('why PATH'))).toEqual(expect.arrayContaining([
      expect.stringMatching(/^ {2}\/put\/in\/here +added in this shell$/),
      expect.stringMatching(/\/bin +devshell\.toml:8 {6}path$/),
      'taken out in this shell, and left so by reloads:',
      `  ${project.path('scripts')}  devshell.toml:8  path`,
    ]));

    const whole = await diff();
    expect(whole.differences.map(({ kind, name }) => `${kind} ${name ?? ''}`)).toEqual([
      'added API_TOKEN', 'added DATABASE_URL', 'changed EDITOR', 'added FROM_DOTENV', 'changed GREETING', 'changed PATH', 'removed PYTHONHOME', 'changed gs',
    ]);
    expect([whole.added, whole.changed, whole.removed]).toEqual([3, 4, 1]);
    const shown = await session.run(`${devshell('diff --exit-code')}; echo $?`);
    expect(shown).toEqual(expect.arrayContaining([
      '+3 ~4 -1', '- PYTHONHOME=/opt/python', '    - vim', '    + nano', '    changed in this shell, and left so: mine',
      `    changed in this shell, and left so: without ${project.path('scripts')}`, '+ API_TOKEN=********  devshell.toml:5 [env]', '1',
    ]));
    expect(await session.run(`${devshell('diff --last')}; ${devshell('diff --pending')}; echo $?`)).toEqual([
      'devshell: nothing has been reloaded in this session yet',
      'devshell: nothing is pending: the shell runs in the newest environment',
      '0',
    ]);

    // The counts of the line, of the log, and of the list are one and the same.
    const line = await reload(session, () => project.replace('devshell.toml', toml('hi', 'NEW = "1"\n').replace('EDITOR = "nano"\n', '').replace('hunter2', 'hunter3')));
    expect(line).toContain(' +1 ~1 -1, kept GREETING PATH');
    expect((await session.run(devshell('diff --last')))[0]).toBe('+1 ~1 -1, kept GREETING PATH');
    expect((await session.run(`${devshell('log')} | tail -1`))[0]).toMatch(/generation 2 applied {2}\+1 ~1 -1, kept GREETING PATH$/);
    expect((await diff('--last')).differences.map(({ kind, name }) => `${kind} ${name ?? ''}`)).toEqual(['changed DATABASE_URL', 'removed EDITOR', 'changed GREETING', 'added NEW']);
    expect((await why('GREETING')).variable).toMatchObject({ value: 'hi', changedHere: true });
    expect(await session.run('echo $EDITOR')).toEqual(['vim']);

    // From outside there is what the shell said at its last reload, and no more.
    const [directory = ''] = await session.run('export NEW=later; echo $DEVSHELL_SESSION');
    const outside = (command: string, ...args: string[]) => project.devshell([command, '--session', directory, ...args]);
    const unseen = 'devshell: seen from outside of the shell: what was changed in it since the last reload is not known here\n';
    const greeting = await outside('why', 'GREETING');
    expect(greeting.stdout).toMatch(/^GREETING was changed in the shell; what stands there cannot be seen from here\n {2}changed +in this shell +a reload leaves it alone\n {2}set by .*hi\n/);
    expect(greeting.stderr).toBe(unseen);
    expect((await outside('why', 'PATH')).stdout).toMatch(/^PATH was changed in the shell; /);
    expect((await outside('why', 'NEW')).stdout).toMatch(/^NEW=1\n {2}set by/);
    expect(JSON.parse((await outside('why', '--json', 'GREETING')).stdout)).toMatchObject({ variable: { value: 'hi', changedHere: true } });
    expect(JSON.parse((await outside('why', '--json', 'NEW')).stdout)).not.toHaveProperty('variable.changedHere');
    const difference = await outside('diff');
    expect([difference.stdout, difference.stderr]).toEqual([expect.stringContaining('    changed in this shell, and left so\n'), unseen]);
  });

  test('what an .envrc hands over, and the code for the shell, are explained as well', async ({ project }) => {
    const envrc = ["export_alias hi 'echo hi'", 'greet() { echo "hello $1"; }', 'export_function greet', "complete -W 'alpha beta' mytool", 'export_completion mytool'];
    await project.write('.envrc', `${envrc.join('\n')}\n`);
    const session = await openShell(project, '[load]\nenvrc = ".envrc"\n[shell]\ninit = "true from the project"\n', [], { columns: 100 });
    expect(await session.run(devshell('why hi'))).toEqual(["alias hi='echo hi'", '  set by  .envrc:1  envrc']);
    expect(await session.run(devshell('why greet'))).toEqual(['greet ()', '  set by  .envrc:3  envrc', '  |     echo "hello $1"']);
    expect(await session.run(devshell('why mytool'))).toEqual(["complete -W 'alpha beta' mytool", '  set by  .envrc:5  envrc']);
    expect(await session.run(devshell('why init'))).toEqual(['init: code that the shell runs after each change', '  set by  devshell.toml:4  [shell]', '  | true from the project']);
    expect(JSON.parse(await outputOf(session, project, devshell('why --json mytool')))).toEqual({
      name: 'mytool', set: true, completion: { value: "-W 'alpha beta'", layer: 'envrc', file: '.envrc', line: 5 },
    });
    expect(await outputOf(session, project, devshell('diff'))).toMatch(/mytool.*\.envrc:5 envrc/);
  });

  test('secrets are masked where people read, whole with --show and where programs read', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await project.write('.env', '');
    const session = await openShell(project, toml('hello'));
    const texts: string[] = [];
    for (const command of ['why API_TOKEN', 'why DATABASE_URL', 'diff', 'why --show API_TOKEN', 'why --show DATABASE_URL', 'diff --show'])
      texts.push(await outputOf(session, project, devshell(command)));
    for (const text of texts.slice(0, 3)) expect(text).not.toMatch(/s3cret-value|hunter2/);
    expect(texts.slice(0, 2)).toEqual([expect.stringContaining('API_TOKEN=********'), expect.stringContaining('postgres://me:********@localhost/db')]);
    for (const text of texts.slice(3)) expect(text).toMatch(/s3cret-value|hunter2/);
    expect(await outputOf(session, project, devshell('why --json API_TOKEN'))).toContain('s3cret-value');
    expect(await outputOf(session, project, devshell('env'))).toContain('s3cret-value');
    await project.replace('.env', "API_TOKEN='s3cret-value' trailing\n");
    await session.waitForStatus('failed');
    const log = await outputOf(session, project, devshell('log'));
    expect(log).toContain('API_TOKEN');
    expect(log).not.toContain('s3cret-value');
  });

  test('so is what the tools of a build print, wherever it is shown', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await project.write('mode', 'ok');
    await project.write('tool.sh', 'grep -q ok mode && echo "starting with API_TOKEN=s3cret-value" >&2 && exit\necho "trying API_TOKEN=s3cret-value" >&2\necho "cannot reach postgres://me:hunter2@localhost/db" >&2\nexit 4\n');
    const session = await openShell(project, '[load]\nexec = [{ run = "sh ./tool.sh", format = "dotenv", inputs = ["mode"] }]\n');
    const first = await outputOf(session, project, devshell('log'));
    expect(first).toMatch(/ first build, before the shell\n[^]*starting with API_TOKEN=\*{8}\n[^]* first build built after \d+ ms\n/);
    await project.write('mode', 'fail');
    await session.waitForStatus('failed');
    const seen = await Promise.all([devshell('log'), devshell('status'), devshell('log --show')].map((command) => project.run('sh', ['-c', `${command} --session "$(echo .devshell/sessions/*)"`])));
    expect(seen[0]!.stdout).toMatch(/trying API_TOKEN=\*{8}\n[^]*me:\*{8}@localhost/);
    for (const { stdout } of seen.slice(0, 2)) expect(stdout).not.toMatch(/s3cret-value|hunter2/);
    expect(session.screen().join('\n')).not.toMatch(/s3cret-value|hunter2/);
    expect(seen[2]!.stdout).toMatch(/s3cret-value[^]*hunter2/);
    expect((await project.run('stat', ['-c', '%a', project.path('.devshell'), project.path('.devshell/cache')])).stdout).toBe('700\n700\n');
  });

  test('--pending tells what waits for the key, what is being built, and what failed', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await project.write('.env', '');
    const session = await openShell(project, toml('hello'), ['--manual']);
    const line = await changeInput(session, () => project.replace('devshell.toml', toml('later', 'NEW = "1"\n')));
    const counts = /[+~-]\d[^E]*?(?= {2})/.exec(line)?.[0];
    expect(counts).toBe('+1 ~1');
    const shown = await session.run(devshell('diff --pending'));
    expect(shown).toEqual([
      '+1 ~1',
      '~ GREETING  devshell.toml:2 [env]',
      '    - hello',
      '    + later',
      '+ NEW=1  devshell.toml:7 [env]',
      expect.stringMatching(/^devshell: ready \+1 ~1 /),
    ]);
    expect(await session.run(`${devshell('diff --pending --exit-code')} >/dev/null 2>&1; echo $?`)).toEqual(['1']);
    await session.run('GREETING=mine');
    expect(await session.run(devshell('diff --pending'))).toContain('    changed in this shell, and left so: mine');
    await project.replace('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    expect(await session.run(devshell('diff --pending'))).toEqual([
      'devshell: nothing is ready: the last build failed',
      expect.stringMatching(/^devshell: devshell\.toml:1:\d+: /),
    ]);
  });

  test('a shell that does not reload is explained as well', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await project.write('.env', '');
    await configure(project, toml('hello'));
    const session = project.open(['--no-reload'], { columns: 120 });
    await session.waitForScreen('$');
    await session.run('GREETING=mine');
    expect(await session.run(devshell('why GREETING'))).toEqual([
      'GREETING=mine',
      '  changed  in this shell           a reload leaves it alone',
      '  set by   devshell.toml:2  [env]  hello',
      '  before   your shell              own',
    ]);
    expect(await session.run(`${devshell('diff')}; echo $?`)).toEqual([expect.stringContaining('--no-reload'), expect.any(String), '125']);
    expect(await outputOf(session, project, devshell('doctor'))).toContain('this shell was started with --no-reload');
  });

  test('output is cut to the terminal, plain where that is wanted, and holds no control character', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await project.write('.env', '');
    const session = await openShell(project, toml('hello', `LONG = "${'x'.repeat(200)}"\nODD = "a\\u001b[31m\\nb\\u202e"\n`), [], { columns: 60 });
    expect(await session.run(devshell('why LONG'))).toEqual([`LONG=${'x'.repeat(54)}…`, expect.any(String), expect.any(String)]);
    expect(await session.run(devshell('why ODD'))).toContain('ODD=a\\u{1b}[31m\\nb\\u{202e}');
    expect(await outputOf(session, project, devshell('why LONG'))).toContain('x'.repeat(200));
    expect(await outputOf(session, project, devshell('diff'))).not.toContain('\x1b');
    const before = session.bytes.length;
    await session.run(devshell('why GREETING'));
    expect(session.bytes.subarray(before).toString()).toContain('\x1b[36m');
    const plain = session.bytes.length;
    await session.run(`NO_COLOR=1 ${devshell('why GREETING')}`);
    expect(session.bytes.subarray(plain).toString()).not.toContain('\x1b[36m');
  });
});

describe('without a session', () => {
  test('why builds, and tells the same of the shell that would be', async ({ project }) => {
    await configure(project, '[env]\nGREETING = "hello"\n[load]\npath = ["bin"]\n');
    const env = { GREETING: 'outer' };
    expect(await project.devshell(['why', 'GREETING'], { env })).toMatchObject({
      exitCode: 0,
      stdout: 'GREETING=hello\n  set by  devshell.toml:2  [env]\n  before  your shell              outer\n',
      stderr: '',
    });
    expect((await project.devshell(['why', 'PATH'])).stdout).toMatch(new RegExp(`^PATH\n  ${project.path('bin')} +devshell\\.toml:4  path\n  \\S+ +your shell\n`));
    expect(await project.devshell(['why', 'NOTHING'])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await project.devshell(['why', '--json', 'NOTHING'])).toMatchObject({ exitCode: 1, stdout: '{\n  "name": "NOTHING",\n  "set": false\n}\n' });
    expect(await project.devshell(['diff'])).toMatchObject({ exitCode: 125, stdout: '' });
    expect(await project.devshell(['why'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('env --json is a map of names, and with --provenance says where each comes from', async ({ project }) => {
    await project.write('.env', 'A=1\nB=2\n');
    await configure(project, '[env]\nA = "3"\nGONE = false\n[load]\ndotenv = [".env"]\n');
    const env = { GONE: 'x', A: '0' };
    expect(JSON.parse((await project.devshell(['env', '--json'], { env })).stdout)).toEqual({ A: '3', B: '2' });
    expect(JSON.parse((await project.devshell(['env', '--json', '--provenance'], { env })).stdout)).toEqual({
      A: { value: '3', layer: 'env', file: 'devshell.toml', line: 2, before: [{ value: '1', layer: 'dotenv', file: '.env', line: 1 }], original: '0' },
      B: { value: '2', layer: 'dotenv', file: '.env', line: 2, before: [], original: null },
      GONE: { value: null, layer: 'env', file: 'devshell.toml', line: 3, before: [], original: 'x' },
    });
    expect(await project.devshell(['env', '--provenance'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
