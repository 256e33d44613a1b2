import { describe, expect, it } from 'vitest';
import { countTests } from '../../scripts/test-report.ts';
import type { TestReport } from '../../scripts/test-report.ts';

function report(...files: (readonly [name: string, ...statuses: string[]])[]): TestReport {
  return {
    testResults: files.map(([name, ...statuses]) => ({
      name,
      status: 'passed',
      assertionResults: statuses.map((status, index) => ({ fullName: `test ${index}`, status })),
    })),
  };
}

describe('the count of the tests', () => {
  it('is that of vitest when everything has run', () => {
    expect(countTests(report(['/a', 'passed', 'passed'], ['/b', 'passed']), ['/a', '/b'], true)).toEqual({ passed: 3, failed: 0, complaints: [] });
    expect(countTests(report(['/a', 'passed', 'failed']), ['/a'], false)).toEqual({ passed: 1, failed: 1, complaints: [] });
  });

  it.each(['skipped', 'pending', 'todo'])('takes a %s test for failed, and names it', (status) => {
    const { passed, failed, complaints } = countTests(report(['/a', 'passed', status]), ['/a'], true);
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
    expect(complaints).toEqual([expect.stringMatching(new RegExp(`not run \\(${status}\\): .*: test 1`))]);
  });

  it('takes a file without results for failed', () => {
    expect(countTests(report(['/a'], ['/b', 'passed']), [], false)).toMatchObject({ passed: 1, failed: 1 });
  });

  it('takes a file that belongs to no suite for failed', () => {
    expect(countTests(report(['/a', 'passed']), ['/a', '/b'], true)).toMatchObject({ passed: 1, failed: 1, complaints: [expect.stringContaining('in no suite: ')] });
  });

  it('takes a run that ended badly for failed even where every test has passed', () => {
    expect(countTests(report(['/a', 'passed']), ['/a'], false)).toMatchObject({ passed: 1, failed: 1 });
  });
});
