// Virtual environments, made by the Python that is installed.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseVenvConfiguration, venvPrompt } from '../../src/build/venv-check.ts';
import { inputPath } from '../../src/model/input.ts';
import { TemporaryProject } from './temporary-project.ts';

let project: TemporaryProject;
const created = '[load]\nvenv = { directory = ".venv", create = true, python = "/usr/bin/python3" }\n';
const given = '[load]\nvenv = ".venv"\n';

beforeEach(async () => {
  project = await TemporaryProject.create();
});
afterEach(() => project.remove());

const file = (name: string): string => join(project.root, name);

describe('a virtual environment', () => {
  it('is made on request, whole, with pip, and once', async () => {
    const { all, environment } = await project.built(created);
    expect(all).toMatchObject({ VIRTUAL_ENV: file('.venv'), VIRTUAL_ENV_PROMPT: '.venv' });
    expect(environment.variables.get('PYTHONHOME')).toBeNull();
    expect(environment.lists.get('PATH')?.front).toEqual([file('.venv/bin')]);
    expect(readdirSync(file('.venv/bin'))).toEqual(expect.arrayContaining(['pip', 'python', 'activate']) as string[]);
    expect(readdirSync(file('.venv'))).not.toContain('.devshell-incomplete');
    expect(project.log).toContain('making the virtual environment .venv');
    project.log = '';
    await project.built(created);
    expect(project.log).toBe('');
  });

  it('is made anew where its making was cancelled or killed half-way', async () => {
    project.write('slow-python', '#!/bin/sh\n/usr/bin/python3 "$@"; touch half; sleep 1000\n', 0o755);
    const abort = new AbortController();
    const running = project.build(created.replace('/usr/bin/python3', './slow-python'), abort.signal);
    await expect.poll(() => existsSync(file('half')), { timeout: 20_000 }).toBe(true);
    abort.abort();
    expect(await running).toEqual({ kind: 'cancelled' });
    expect(existsSync(file('.venv/pyvenv.cfg'))).toBe(true);
    const [problem] = await project.problems(given);
    expect(problem?.message).toBe('the virtual environment in .venv was never made to its end');
    // As another devshell that was killed leaves it: its number belongs to nobody.
    writeFileSync(file('.venv/.devshell-incomplete'), '4194305\n');
    writeFileSync(file('.venv/left-over'), '');
    await project.built(created);
    expect(readdirSync(file('.venv'))).not.toEqual(expect.arrayContaining(['left-over']));
    expect(readdirSync(file('.venv')).filter((name) => name.startsWith('.devshell'))).toEqual([]);
  });

  it('is waited for where another devshell is making it, and taken over when that one dies', async () => {
    const other = spawn('sleep', ['1000']);
    const mark = project.write('.venv/.devshell-incomplete', `${other.pid ?? 0}\n`);
    const waiting = project.build(created);
    venv('/usr/bin/python3');
    rmSync(mark);
    expect((await waiting).kind).toBe('built');
    expect(project.log).toBe('');
    writeFileSync(mark, `${other.pid ?? 0}\n`);
    const abort = new AbortController();
    const cancelled = project.build(created, abort.signal);
    setTimeout(() => abort.abort(), 300);
    expect(await cancelled).toEqual({ kind: 'cancelled' });
    const takingOver = project.build(created.replace('/usr/bin/python3', 'false'));
    other.kill('SIGKILL');
    expect((await takingOver).kind).toBe('failed');
  });

  it('is waited for where somebody in another container is making it, of whom its number tells nothing', async () => {
    const mark = project.write('.venv/.devshell-incomplete', '4194305\n\nsomewhere boot pid:[1] \n');
    const abort = new AbortController();
    const cancelled = project.build(created, abort.signal);
    setTimeout(() => abort.abort(), 300);
    expect(await cancelled).toEqual({ kind: 'cancelled' });
    const waiting = project.build(created);
    venv('/usr/bin/python3');
    rmSync(mark);
    expect((await waiting).kind).toBe('built');
    expect(project.log).toBe('');
  });

  it.each<[what: string, prepare: () => void, message: RegExp, hint: RegExp]>([
    ['is not there', () => undefined, /^no virtual environment in \.venv$/, /create = true/],
    ['is something else', () => project.write('.venv/notes.txt', ''), /is there, but it is no virtual environment/, /move it away/],
    ['is a file', () => project.write('.venv', ''), /is there, but it is no virtual environment/, /move it away/],
    ['has lost its Python', () => venv('/usr/bin/python3.99'), /bin\/python leads nowhere/, /rm -r \.venv/],
    ['was made by what is gone', () => venv('/usr/bin/python3', 'home = /opt/python-3.9/bin\n'), /made with a Python in \/opt\/python-3\.9\/bin, which is no longer there/, /make it anew/],
    ['was made for another version', () => venv('/usr/bin/python3', 'home = /usr/bin\nversion_info = 2.3.1.final.0\n'), /was made for Python 2\.3, but its interpreter is now 3\.\d+/, /make it anew/],
    ['has an interpreter that does not run', () => venv('/bin/false'), /bin\/python does not run/, /make it anew/],
  ])('that %s is named with a remedy', async (_, prepare, message, hint) => {
    prepare();
    const [problem] = await project.problems(given);
    expect(problem).toMatchObject({ file: 'devshell.toml', line: 2, message: expect.stringMatching(message) as string, hint: expect.stringMatching(hint) as string });
  });

  it('cannot be made by what is no Python, or is not there', async () => {
    const by = (python: string): string => created.replace('/usr/bin/python3', python);
    expect((await project.problems(by('no-such-python')))[0]?.message).toMatch(/could not be made: .*ENOENT/);
    expect((await project.problems(by('false')))[0]?.hint).toMatch(/is false a Python 3\?/);
  });

  it('needs ensurepip, and says which package has it', async () => {
    project.write('no-pip', `#!/bin/sh\n/usr/bin/python3 "$@" || exit\nrm .venv/bin/python\nprintf '#!/bin/sh\\necho "No module named ensurepip" >&2; exit 1\\n' > .venv/bin/python\nchmod 755 .venv/bin/python\n`, 0o755);
    const [problem] = await project.problems(created.replace('/usr/bin/python3', './no-pip'));
    expect(problem).toMatchObject({ message: 'the virtual environment .venv could not be made: No module named ensurepip', hint: expect.stringContaining('apt install python3-venv') as string });
  });

  it('is watched by its configuration and its interpreter', async () => {
    venv('/usr/bin/python3');
    const { observations } = await project.built(given);
    const paths = observations.map(({ input }) => inputPath(input));
    expect(paths).toEqual(expect.arrayContaining([file('.venv/pyvenv.cfg'), file('.venv/bin/python')]));
    rmSync(file('.venv/bin/python'));
    symlinkSync('/usr/bin/python3.99', file('.venv/bin/python'));
    await project.problems(given);
  });

  it('is checked without running anything that is installed in it', async () => {
    venv('/usr/bin/python3');
    const [name = ''] = execFileSync(file('.venv/bin/python'), ['-c', 'import sys; print("python%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' }).split('\n');
    project.write(`.venv/lib/${name}/site-packages/evil.pth`, `import os; open(${JSON.stringify(file('ran'))}, 'w')\n`);
    await project.built(given);
    expect(existsSync(file('ran'))).toBe(false);
    execFileSync(file('.venv/bin/python'), ['-c', 'pass']);
    expect(existsSync(file('ran'))).toBe(true);
  });
});

describe('pyvenv.cfg', () => {
  it('is read as venv, virtualenv and uv write it', () => {
    const configuration = parseVenvConfiguration("home = /usr/bin\r\nimplementation=CPython\nversion_info = 3.12.1\nprompt = 'my project'\nuv = 0.4\n\nnonsense\n");
    expect([...configuration.keys()]).toEqual(['home', 'implementation', 'version_info', 'prompt', 'uv']);
    expect(venvPrompt('/p/.venv', configuration)).toBe('my project');
    expect(venvPrompt('/p/.venv', new Map())).toBe('.venv');
  });
});

function venv(python: string, configuration = 'home = /usr/bin\n'): void {
  project.write('.venv/pyvenv.cfg', configuration);
  mkdirSync(file('.venv/bin'), { recursive: true });
  symlinkSync(python, file('.venv/bin/python'));
}
