// Lets node run the TypeScript files of this repository as they are: node --import ./scripts/typescript.mjs FILE.ts
// (Node 20 cannot by itself. Types are removed, not checked.)
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
