// `[load] nix`: the development shell of a flake or of a Nix file.

import type { Layer } from '../layer.ts';

export const nixLayer: Layer = ({ configuration }) => {
  const { nix } = configuration.load;
  if (nix === undefined) return Promise.resolve([]);
  return Promise.resolve([{ message: 'load.nix is not supported by this version yet', text: nix.reference, ...nix.at }]);
};
