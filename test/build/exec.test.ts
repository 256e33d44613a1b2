// Commands that print an environment: what well-known tools print, and what goes wrong.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputPath } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { TemporaryProject } from './temporary-project.ts';

let project: TemporaryProject;
const never = new AbortController().signal;

beforeEach(async () => {
  project = await TemporaryProject.create();
});
afterEach(() => project.remove());

/** The configuration of a command that prints this very text. */
function printing(output: string, format: string): string {
  project.write('output', output);
  return `[load]\nexec = [{ run = "cat output", format = "${format}", inputs = ["output"] }]\n`;
}

describe('the output of', () => {
  it('mise env --json and --dotenv (2026.9.15)', async () => {
    const { environment } = await project.built(
      printing(`{\n  "FROM_FILE": "1",\n  "GREETING": "hello $(x) 'q'",\n  "MULTI": "a\\nb",\n  "PATH": "/p/bin:${project.variables['PATH'] ?? ''}"\n}\n`, 'json'),
    );
    expect(Object.fromEntries(environment.variables)).toEqual({ FROM_FILE: '1', GREETING: "hello $(x) 'q'", MULTI: 'a\nb' });
    expect(environment.lists.get('PATH')).toEqual({ front: ['/p/bin'], back: [] });
  });

  it('mise env --shell bash (2026.9.15), with what it unsets', async () => {
    project.variables['GONE'] = 'outer';
    const { environment } = await project.built(
      printing(`unset GONE\nexport FROM_FILE=1\nexport GREETING='hello $(x) '\\''q'\\'''\nexport MULTI='a\nb'\nexport PATH='/p/bin:${project.variables['PATH'] ?? ''}'\n`, 'shell'),
    );
    expect(Object.fromEntries(environment.variables)).toEqual({ FROM_FILE: '1', GREETING: "hello $(x) 'q'", MULTI: 'a\nb', GONE: null });
    expect(environment.lists.get('PATH')).toEqual({ front: ['/p/bin'], back: [] });
  });

  it('devbox shellenv', async () => {
    const { environment, all } = await project.built(
      printing(`export DEVBOX_PROJECT_ROOT="/p";\nexport ODD="a \\"b\\" \\$HOME \\\`x\\\` \\\\";\nexport PATH="/p/.devbox/nix/profile/default/bin:$PATH";\nexport XDG_DATA_DIRS="/p/share:/usr/share";\nhash -r\n`, 'shell'),
    );
    expect(all).toMatchObject({ DEVBOX_PROJECT_ROOT: '/p', ODD: 'a "b" $HOME `x` \\' });
    expect(environment.lists.get('PATH')).toEqual({ front: ['/p/.devbox/nix/profile/default/bin'], back: [] });
  });

  it('brew shellenv', async () => {
    const { environment, all } = await project.built(
      printing('export HOMEBREW_PREFIX="/home/linuxbrew/.linuxbrew";\nexport PATH="/home/linuxbrew/.linuxbrew/bin:/home/linuxbrew/.linuxbrew/sbin${PATH+:$PATH}";\n[ -z "${MANPATH-}" ] || export MANPATH=":${MANPATH#:}";\nexport INFOPATH="/home/linuxbrew/.linuxbrew/share/info:${INFOPATH:-}";\n', 'shell'),
    );
    expect(all['HOMEBREW_PREFIX']).toBe('/home/linuxbrew/.linuxbrew');
    expect(environment.lists.get('PATH')?.front).toEqual(['/home/linuxbrew/.linuxbrew/bin', '/home/linuxbrew/.linuxbrew/sbin']);
    expect(all).not.toHaveProperty('MANPATH');
  });

  it('ssh-agent -s, whose own words are no variables', async () => {
    const { environment } = await project.built(printing('SSH_AUTH_SOCK=/tmp/ssh-X/agent.1; export SSH_AUTH_SOCK;\nSSH_AGENT_PID=2; export SSH_AGENT_PID;\necho Agent pid 2;\n', 'shell'));
    expect(Object.fromEntries(environment.variables)).toEqual({ SSH_AUTH_SOCK: '/tmp/ssh-X/agent.1', SSH_AGENT_PID: '2' });
    expect(project.log).toContain('Agent pid 2');
  });

  it('conda shell.posix activate, and the scripts that it names', async () => {
    project.write('activate.d/gdal.sh', 'export GDAL_DATA=/opt/conda/envs/x/share/gdal\n');
    const { environment } = await project.built(
      printing(`PS1='(x) '\nexport PATH='/opt/conda/envs/x/bin:/opt/conda/condabin:${project.variables['PATH'] ?? ''}'\nexport CONDA_PREFIX='/opt/conda/envs/x'\nexport CONDA_SHLVL='1'\nexport CONDA_DEFAULT_ENV='x'\nexport CONDA_PROMPT_MODIFIER='(x) '\n. "${project.root}/activate.d/gdal.sh"\n`, 'shell'),
    );
    expect(Object.fromEntries(environment.variables)).toEqual({
      CONDA_PREFIX: '/opt/conda/envs/x', CONDA_SHLVL: '1', CONDA_DEFAULT_ENV: 'x', CONDA_PROMPT_MODIFIER: '(x) ', GDAL_DATA: '/opt/conda/envs/x/share/gdal',
    });
    expect(environment.lists.get('PATH')?.front).toEqual(['/opt/conda/envs/x/bin', '/opt/conda/condabin']);
  });

  it('devenv print-dev-env, without the temporary directory of a build', async () => {
    project.variables['TMPDIR'] = project.base;
    const { environment } = await project.built(
      printing(
        `unset shellHook\nPATH=\${PATH:-}\nnix_saved_PATH="$PATH"\nDEVENV_ROOT='/p'\nexport DEVENV_ROOT\ndeclare -a outputs=('out' )\nPATH='/nix/store/x/bin'\nexport PATH\nPATH="$PATH\${nix_saved_PATH:+:$nix_saved_PATH}"
genericBuild () \n{ \n    exit 9;\n}
export NIX_BUILD_TOP="$(mktemp -d -t nix-shell.XXXXXX)"\nexport TMP="$NIX_BUILD_TOP"\nexport TMPDIR="$NIX_BUILD_TOP"\nexport TEMP="$NIX_BUILD_TOP"\nexport TEMPDIR="$NIX_BUILD_TOP"\nshellHook='export FROM_HOOK=1'\neval "\${shellHook:-}"\n`, 'shell'),
    );
    expect(Object.fromEntries(environment.variables)).toEqual({ DEVENV_ROOT: '/p', FROM_HOOK: '1' });
    expect(environment.lists.get('PATH')).toEqual({ front: ['/nix/store/x/bin'], back: [] });
    expect(readdirSync(project.base).filter((name) => name.startsWith('nix-shell.'))).toEqual([]);
  });

  it('doppler secrets download --no-file --format json and env', async () => {
    const { all } = await project.built(printing('{"DOPPLER_CONFIG":"dev","KEY":"-----BEGIN\\nabc\\n","PASSWORD":"p$ss\\"w`rd!"}', 'json'));
    expect(all).toMatchObject({ DOPPLER_CONFIG: 'dev', KEY: '-----BEGIN\nabc\n', PASSWORD: 'p$ss"w`rd!' });
    const env = await project.built(printing('DOPPLER_CONFIG="dev"\nKEY="-----BEGIN\\nabc\\n"\nPASSWORD="p\\$ss\\"w\\`rd\\!"\n', 'dotenv'));
    expect(env.all).toMatchObject({ DOPPLER_CONFIG: 'dev', KEY: '-----BEGIN\nabc\n', PASSWORD: 'p$ss"w`rd!' });
  });

  it('op inject, from a template of dotenv lines', async () => {
    const { all } = await project.built(printing("# from 1Password\nDB_USER=app\nDB_PASSWORD='8#x$y z'\nURL=postgres://$DB_USER@localhost\n", 'dotenv'));
    expect(all).toMatchObject({ DB_USER: 'app', DB_PASSWORD: '8#x$y z', URL: 'postgres://app@localhost' });
  });
});

describe('shell code', () => {
  it('sees the environment as it is at that point, and sets what is empty, strange or long', async () => {
    project.write('bin/tool', `#!/bin/sh\necho "export SEEN='$FIRST' EMPTY= TABBED=$'a\\tb'"\nprintf 'export LONG=%0100000d\\n' 0 0 0\necho 'export -n PLAIN; HIDDEN=1; export NO_VALUE'\n`, 0o755);
    const { all } = await project.built(`[load]\nexec = [{ run = "echo FIRST=1", format = "dotenv" }, { run = "bin/tool", format = "shell" }]\n`);
    expect(all).toMatchObject({ FIRST: '1', SEEN: '1', EMPTY: '', TABBED: 'a\tb' });
    expect(all['LONG']?.length).toBe(100_000);
    expect(all).not.toHaveProperty('HIDDEN');
    expect(all).not.toHaveProperty('NO_VALUE');
  });

  it('may redefine, unset and trap what it likes', async () => {
    const { all } = await project.built(
      printing('set -u -f; IFS=x; printf() { echo no; }; compgen() { :; }; alias local=false; unset PATH; trap "echo bye; export LATE=1" EXIT; export A=1; return 3\nexport B=2\n', 'shell'),
    );
    expect(all['A']).toBe('1');
    expect(all).not.toHaveProperty('B');
    expect(all).not.toHaveProperty('PATH');
  });

  it.each<[what: string, code: string, line: number | undefined, message: RegExp]>([
    ['has a syntax error', 'export A=1\nif true\n', 3, /syntax error/],
    ['calls what is not there', 'export A=1\n\nno-such-tool env\n', 3, /no-such-tool: command not found/],
    ['sets what is read-only', 'export A=1\nUID=3\n', 2, /UID: readonly variable/],
    ['ends its shell', 'export A=1\nexit 0\n', undefined, /ends its shell/],
    ['ends its shell by set -e', 'set -e\nfalse\n', undefined, /ends its shell/],
    ['sets what is ours', 'export DEVSHELL_ROOT=/x\n', undefined, /DEVSHELL_ROOT is reserved/],
  ])('that %s fails the build, and is named', async (_, code, line, message) => {
    const [problem] = await project.problems(printing(code, 'shell'));
    expect(problem?.message).toMatch(message);
    expect([problem?.file, problem?.line]).toEqual(line === undefined ? ['devshell.toml', 2] : ['output of cat output', line]);
  });

  it('is not evaluated where the command failed', async () => {
    const [problem] = await project.problems(`[load]\nexec = [{ run = "echo touch ran; echo the reason >&2; exit 4", format = "shell" }]\n`);
    expect(problem).toMatchObject({ message: 'exec exited with 4: the reason', file: 'devshell.toml', line: 2 });
    expect(existsSync(join(project.root, 'ran'))).toBe(false);
  });

  it('is ended with all it started when the build is cancelled', async () => {
    const abort = new AbortController();
    const running = project.build(printing('touch started; sleep 1000\n', 'shell'), abort.signal);
    await expect.poll(() => existsSync(join(project.root, 'started')), { timeout: 20_000 }).toBe(true);
    abort.abort();
    expect(await running).toEqual({ kind: 'cancelled' });
  });
});

it('ShellCheck and shfmt have nothing to say about the scripts that run commands', () => {
  const scripts = ['shell/exec.bash', 'shell/exec-code.bash'];
  expect(execFileSync('shellcheck', ['--shell=bash', ...scripts], { encoding: 'utf8' })).toBe('');
  expect(execFileSync('shfmt', ['--language-dialect', 'bash', '--indent', '2', '--case-indent', '--diff', ...scripts], { encoding: 'utf8' })).toBe('');
});

describe('a script that is not executable', () => {
  it.each(['./tool', 'A=1 ./tool', 'true && ./tool --now', 'cat /dev/null | ./tool', 'echo A=1; (./tool)'])('is an input of `%s`, and becoming executable is a change', async (run) => {
    const path = project.write('tool', '#!/bin/sh\necho A=1\n');
    const outcome = await project.build(`[load]\nexec = [{ run = "${run}", format = "dotenv", inputs = ["other"] }]\n`);
    expect(outcome.kind).toBe('failed');
    const seen = outcome.kind === 'failed' ? outcome.observations.find(({ input }) => inputPath(input) === path) : undefined;
    chmodSync(path, 0o755);
    expect(await fingerprint({ kind: 'file', path }, never)).not.toBe(seen?.fingerprint ?? '');
    expect(seen).toBeDefined();
    expect((await project.built()).all['A']).toBe('1');
  });

  it('is no input where it is only an argument', async () => {
    const path = project.write('data', 'A=1\n');
    const { observations } = await project.built('[load]\nexec = [{ run = "cat ./data", format = "dotenv", inputs = ["other"] }]\n');
    expect(observations.map(({ input }) => inputPath(input))).not.toContain(path);
  });
});
