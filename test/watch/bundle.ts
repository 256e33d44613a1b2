// Makes a TypeScript file of the tests one that plain Node runs, for what needs a process of its own.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);

/** Bundles `name`, a file beside this one, to `outfile` (ending in `.mjs`). Packages are used from where they are installed. */
export async function bundle(name: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    plugins: [{
      name: 'installed-packages',
      setup: (setup) => setup.onResolve({ filter: /^[a-z@]/ }, ({ path }) =>
        path.startsWith('node:') ? { path, external: true } : { path: require.resolve(path), external: true }),
    }],
  });
}
