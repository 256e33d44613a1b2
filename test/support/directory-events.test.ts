import { expect, test } from 'vitest';
import { FakeDirectoryEvents } from './directory-events.ts';

const heard = () => {
  const events: string[] = [];
  const fake = new FakeDirectoryEvents();
  const source = fake.open({
    stirred: (event) => events.push(`${event.kind} ${event.directory} ${event.name ?? '?'}`),
    lost: (directory) => events.push(`lost ${directory}`),
  });
  return { fake, source, events };
};

test('events of watched directories are told, those of others are not', async () => {
  const { fake, source, events } = heard();
  fake.beforeWatch = (directory) => events.push(`before ${directory} ${fake.watched.size}`);
  expect(await source.watch('/a')).toEqual({ kind: 'armed' });
  expect(fake.emit({ directory: '/a', name: 'x', kind: 'content' })).toBe(true);
  expect(fake.emit({ directory: '/b', name: 'x', kind: 'content' })).toBe(false);
  source.unwatch('/a');
  expect(fake.emit({ directory: '/a', name: 'x', kind: 'names' })).toBe(false);
  expect(events).toEqual(['before /a 0', 'content /a x']);
});

test('a full kernel refuses one more directory, and takes it when another is given back', async () => {
  const { fake, source } = heard();
  fake.capacity = 1;
  expect(await source.watch('/a')).toEqual({ kind: 'armed' });
  expect(await source.watch('/b')).toEqual({ kind: 'failed', code: 'ENOSPC' });
  expect(await source.watch('/a')).toEqual({ kind: 'armed' });
  source.unwatch('/a');
  expect(await source.watch('/b')).toEqual({ kind: 'armed' });
});

test('a lost directory is told once and is not watched any more; after close nothing is', async () => {
  const { fake, source, events } = heard();
  await source.watch('/a');
  await source.watch('/b');
  fake.lose('/a');
  fake.lose('/a');
  expect([...fake.watched]).toEqual(['/b']);
  await source.close();
  fake.lose('/b');
  expect(fake.emit({ directory: '/b', name: 'x', kind: 'names' })).toBe(false);
  expect(events).toEqual(['lost /a']);
});
