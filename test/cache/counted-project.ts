// What the tests of the builder with a memory share: a project whose command counts how often it is run, and builders as shells have them.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { CachingBuilder } from '../../src/build/cache/caching-builder.ts';
import type { Answer } from '../../src/config/trust.ts';
import { writeTrust } from '../../src/config/trust.ts';
import type { BuildOutcome, BuildRequest } from '../../src/model/builder.ts';
import type { Variables } from '../../src/model/environment.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Sights } from '../../src/watch/sights.ts';

export const never = new AbortController().signal;
export let base: string;
export let root: string;
export let log: string;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'caching-')));
  root = join(base, 'project');
  mkdirSync(root);
  log = '';
  await writeTrust(root, 'allowed', join(base, 'data'));
});
afterEach(() => {
  chmodSync(base, 0o700);
  rmSync(base, { recursive: true });
});

export function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Given {
  readonly variables?: Variables;
  readonly overrides?: Partial<Settings>;
  readonly answer?: Answer;
  readonly sights?: Sights;
}

/** One shell's builder. */
export function builder({ variables = {}, overrides = {}, answer, sights }: Given = {}): CachingBuilder {
  const host = { privateFds: [], execScript: resolve('shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined };
  const outer = { PATH: process.env['PATH'] ?? '', ...variables };
  return new CachingBuilder({ root, state: join(base, 'state'), base: outer, userSettingsFile: join(base, 'config.toml'), dataDirectory: join(base, 'data'), overrides, host, library: 'v1', answer, sights });
}

export const request = (more: Partial<BuildRequest> = {}): BuildRequest => ({ generation: 1, changed: [], log: (text) => void (log += text), observed: () => undefined, ...more });
export const build = (one = builder(), more: Partial<BuildRequest> = {}, signal = never): Promise<BuildOutcome> => one.build(request(more), signal);
export const enter = (given: Given = {}) => builder(given).enter((text) => void (log += text), never);

/** Runs that have begun. */
export const runs = (): number => (existsSync(join(base, 'runs')) ? readFileSync(join(base, 'runs'), 'utf8').length : 0);
export const counted = (command: string): string => `printf x >> ../runs; ${command}`;
export const toml = (command: string, more = 'inputs = ["values"]'): string => `[load]\nexec = [{ run = '''${counted(command)}''', format = "dotenv", ${more} }]\n`;
export const valueOf = (outcome: BuildOutcome): string | null | undefined => (outcome.kind === 'built' ? outcome.environment.variables.get('A') : undefined);

export function configure(command = 'cat values', more?: string): void {
  write('values', 'A=1\n');
  write('devshell.toml', toml(command, more));
}

/** A command that goes on when there is a file `go`. */
export const gated = 'while ! [ -e ../go ]; do sleep 0.01; done; cat values';
export const go = (): void => writeFileSync(join(base, 'go'), '');
