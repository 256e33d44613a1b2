// `[load] path`: directories of the project in front of PATH.

import { resolve } from 'node:path';
import type { Layer } from '../layer.ts';

export const pathLayer: Layer = ({ root, configuration, draft }) => {
  // The last first, so that the first of them ends up in front.
  for (const { directory, at } of configuration.load.path.toReversed()) {
    draft.surround('PATH', { front: [resolve(root, directory)], back: [] }, { layer: 'path', file: at.file, line: at.line });
  }
  return Promise.resolve([]);
};
