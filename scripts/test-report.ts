// Counts what vitest reports, and takes nothing for passed that has not run.
import { relative, resolve } from 'node:path';
import { glob } from 'tinyglobby';

/** The part that is read of vitest's JSON report. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  /** What the human report does not say as a failure. */
  readonly complaints: readonly string[];
}

/** All test files there are, as absolute paths. */
export async function testFiles(root: string): Promise<string[]> {
  return await glob('test/**/*.test.ts', { cwd: root, absolute: true });
}

/**
 * A test that was skipped, a file that gave no result and a file of `expected` that was not run count as failed each;
 * and so does a run that ended badly without any of these.
 */
export function countTests(report: TestReport, expected: readonly string[], endedWell: boolean): TestCount {
  const results = report.testResults.flatMap(({ name, assertionResults }) => assertionResults.map((result) => ({ ...result, file: name })));
  const passed = results.filter(({ status }) => status === 'passed').length;
  const failed = results.filter(({ status }) => status === 'failed').length;
  const notRun = results.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const empty = report.testResults.filter(({ assertionResults }) => assertionResults.length === 0);
  const seen = new Set(report.testResults.map(({ name }) => resolve(name)));
  const complaints = [
    ...notRun.map(({ file, fullName, status }) => `not run (${status}): ${shown(file)}: ${fullName}`),
    ...empty.map(({ name }) => `without any test: ${shown(name)}`),
    ...expected.filter((file) => !seen.has(file)).map((file) => `in no suite: ${shown(file)}`),
  ];
  const known = failed + complaints.length;
  if (!endedWell && known === 0) return { passed, failed: 1, complaints: ['vitest failed outside of any test'] };
  return { passed, failed: known, complaints };
}

function shown(file: string): string {
  return relative(process.cwd(), file);
}
