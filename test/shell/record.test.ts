// What the hook leaves on record for `devshell why` and `devshell diff`.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseMergeRecord } from '../../src/model/merge-record.ts';
import { Shell, environmentOf, makePlace, runMerges } from './driver.ts';

test('The record tells what the shell had before devshell set anything, for each name of the environment it runs in.', () => {
  const place = makePlace();
  try {
    const first = environmentOf({
      variables: { NEW: '1', HAD: '2', PLAIN: '3', GONE: null },
      lists: { PATH: { front: ['/p'] }, MANPATH: { front: ['/m'] } },
      functions: { mine: 'echo ours', fresh: ':' },
      aliases: { own: 'ours', other: 'ours' },
    });
    const second = environmentOf({ variables: { HAD: '4', LATER: '5' }, lists: { PATH: { front: ['/q'] } } });
    const script = [
      'export HAD=$\'a\\nb\' GONE=here PATH=/usr/bin:/bin; PLAIN=unexported; mine() { echo own; }; shopt -s expand_aliases; alias own="o w n"',
      'show() { \\cat "$DEVSHELL_SESSION/merged"; printf "\\1"; }',
      'apply 1; show; LATER=between; apply 2; show',
    ];
    const [one = '', two = ''] = runMerges([first, second], script.join('\n'), { place }).split('\x01');
    const record = parseMergeRecord(one);
    expect(record?.generation).toBe(1);
    expect(Object.fromEntries(record?.originals ?? [])).toEqual({ NEW: null, HAD: 'a\nb', PLAIN: 'unexported', GONE: 'here', PATH: '/usr/bin:/bin', MANPATH: null });
    expect([...(record?.functions.keys() ?? [])]).toEqual(['mine']);
    expect(record?.functions.get('mine')).toContain('echo own');
    expect(Object.fromEntries(record?.aliases ?? [])).toEqual({ own: 'o w n' });
    expect(Object.fromEntries(parseMergeRecord(two)?.originals ?? [])).toEqual({ HAD: 'a\nb', LATER: 'between', PATH: '/usr/bin:/bin' });
  } finally {
    place.remove();
  }
});

test('The record is for nobody else to read, and is not written where only values change.', async () => {
  const shell = new Shell({ bashrc: 'umask 022', first: environmentOf({ variables: { A: '1' } }) });
  try {
    await shell.prompt();
    const file = join(shell.place.session, 'merged');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file);
    await shell.run('echo mark >$DEVSHELL_SESSION/merged');
    const changed = shell.publish(environmentOf({ variables: { A: '2' } }));
    await shell.run(':');
    await shell.applied(changed);
    expect(readFileSync(file, 'utf8')).toBe('mark\n');
    const generation = shell.publish(environmentOf({ variables: { A: '2', B: '3' } }));
    await shell.run(':');
    await shell.applied(generation);
    expect(parseMergeRecord(readFileSync(file, 'utf8'))?.originals).toEqual(new Map([['A', null], ['B', null]]));
    expect(parseMergeRecord(before.toString())?.originals).toEqual(new Map([['A', null]]));
  } finally {
    await shell.close();
  }
});
