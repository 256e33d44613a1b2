// Lets V8 keep what it compiles of the bundle: runs a session and a command of a project that is gone afterwards, and records.
// Both start in a stored environment: what evaluates is not kept, since all that is kept is unpacked at each start.
// Where that does not work, devshell starts a few milliseconds later; nothing else depends on it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const deadlineMs = 20_000;

export async function recordCode(root, bundles) {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'dsh-')));
  try {
    await record(root, bundles, base);
  } catch (error) {
    console.error(`without a code cache: ${error instanceof Error ? error.message : error}`);
    await rm(join(bundles, 'main.cjs.cache'), { force: true });
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function record(root, bundles, base) {
  const project = join(base, 'project');
  await mkdir(join(project, 'bin'), { recursive: true });
  await writeFile(join(project, 'devshell.toml'), '[env]\nA = "1"\nB = "${A}"\n\n[load]\npath = ["bin"]\ndotenv = [{ file = ".env", optional = true }]\n\n[watch]\npaths = ["bin/**"]\n');
  await writeFile(join(base, '.bashrc'), "PS1='$ '\n");
  const run = [join(root, 'scripts/recorded.cjs'), bundles];
  const env = {
    PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    HOME: base, TMPDIR: base, SHELL: '/bin/bash', TERM: 'xterm-256color', LANG: 'C.UTF-8',
  };
  const command = (...args) => promisify(execFile)(process.execPath, args, { cwd: project, env, timeout: deadlineMs });
  const plain = join(bundles, 'devshell.cjs');
  await command(plain, 'allow');
  await command(plain, 'true');
  await session(run, project, env);
  await command(...run, 'true');
}

/** Until the line says that all is well, and a command later. */
async function session(run, cwd, env) {
  const { spawn } = await import('node-pty');
  const pty = spawn(process.execPath, run, { cwd, env, name: env.TERM, cols: 100, rows: 30 });
  const timer = setTimeout(() => pty.kill('SIGTERM'), deadlineMs);
  let seen = '';
  let stage = 'starting';
  pty.onData((data) => {
    seen += data;
    if (stage === 'starting' && seen.includes('watching')) {
      stage = 'leaving';
      pty.write('echo $A\rexit\r');
    }
  });
  const { exitCode } = await new Promise((resolve) => pty.onExit(resolve));
  clearTimeout(timer);
  if (exitCode !== 0 || stage !== 'leaving') throw new Error(`the session ended with ${exitCode}: ${seen.slice(-200)}`);
}
