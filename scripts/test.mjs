// The one test command: installs, builds, checks types, lints and runs every suite. The last line counts it all.
// Arguments go to vitest: `npm test -- test/shell` runs that alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Unprepared, installPackages, installTools } from './dependencies.mjs';

const root = resolve(import.meta.dirname, '..');
const chosen = process.argv.slice(2);

const total = { passed: 0, failed: 0 };

/** Runs one stage and says how it went. What it throws goes no further. */
async function stage(name, work) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  let passed = false;
  try {
    passed = await work();
  } catch (error) {
    console.log(error instanceof Unprepared ? error.message : error);
  }
  console.log(`== ${name}: ${passed ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return passed;
}

/** A stage that counts as one. */
async function countedStage(name, work) {
  const passed = await stage(name, work);
  total[passed ? 'passed' : 'failed']++;
  return passed;
}

function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function prepare() {
  installTools();
  installPackages();
  return true;
}

async function runSuites() {
  const directory = mkdtempSync(join(tmpdir(), 'devshell-test-'));
  try {
    const report = join(directory, 'report.json');
    const ended = node('node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...chosen);
    await import('./typescript.mjs');
    const { countTests, testFiles } = await import('./test-report.ts');
    const expected = chosen.length > 0 ? [] : await testFiles(root);
    const { passed, failed, complaints } = countTests(JSON.parse(readFileSync(report, 'utf8')), expected, ended);
    for (const complaint of complaints) console.log(complaint);
    total.passed += passed;
    total.failed += failed;
    return failed === 0;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function runAll() {
  const isPrepared = await stage('tools and packages', prepare);
  if (!isPrepared) return void total.failed++;
  const isBuilt = await countedStage('build', () => node('scripts/build.mjs'));
  await countedStage('types', () => node('node_modules/typescript/bin/tsc', '-p', '.'));
  await countedStage('lint', () => node('node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'));
  // Without a build the tests would only wait for what cannot come.
  if (isBuilt) await stage('suites', runSuites).catch(() => total.failed++);
  else total.failed++;
}

await runAll();
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
