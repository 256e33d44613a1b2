// `[load] path`: directories of the project in front of PATH.

import { resolve } from 'node:path';
import type { Layer } from '../layer.ts';

export const pathLayer: Layer = ({ root, configuration, draft }) => {
  const front = configuration.load.path.map(({ directory }) => resolve(root, directory));
  if (front.length > 0) draft.surround('PATH', { front, back: [] });
  return Promise.resolve([]);
};
