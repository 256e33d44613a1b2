import { expect, it } from 'vitest';
import { userDirectory } from '../../src/config/user-directories.ts';

it.each([
  [{ XDG_CONFIG_HOME: '/c', HOME: '/home/me' }, '/c'],
  [{ XDG_CONFIG_HOME: '', HOME: '/home/me' }, '/home/me/.config'],
  [{ HOME: '/home/me' }, '/home/me/.config'],
  [{}, '/.config'],
])('with %j settings are in %s', (variables: Record<string, string>, expected) => {
  expect(userDirectory('config', (name) => variables[name], '/')).toBe(expected);
});
