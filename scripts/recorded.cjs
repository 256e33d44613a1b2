// devshell from the bundles in the directory that is named first, recording: see code-cache.mjs.
const { join } = require('node:path');

const [bundles] = process.argv.splice(2, 1);
require(join(bundles, 'load.cjs'))('main.cjs', 'record');
