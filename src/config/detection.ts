// What a project without devshell.toml has that can be used as it is.

/** Names are relative to the root; `file` is the one that gave it away. */
export type Detected =
  | { readonly kind: 'envrc'; readonly file: string }
  | { readonly kind: 'nix'; readonly file: string; readonly reference: string }
  | { readonly kind: 'dotenv'; readonly file: string }
  | { readonly kind: 'venv'; readonly directory: string }
  | { readonly kind: 'path'; readonly directory: string }
  | ({ readonly kind: 'exec'; readonly file: string } & ToolCommand);

/** Prints shell code. */
export interface ToolCommand {
  readonly run: string;
  readonly inputs: readonly string[];
  readonly timeoutSeconds: number;
}

/** A file of a tool that is not installed. */
export interface Idle {
  readonly file: string;
  readonly tool: string;
  /** Where the tool can be had. */
  readonly home: string;
}

export interface Detection {
  /** In the order in which people are told. */
  readonly found: readonly Detected[];
  readonly idle: readonly Idle[];
}

/** How the directory is looked at. */
export interface Look {
  readonly kindOf: (name: string) => Promise<'file' | 'directory' | 'missing'>;
  /** Whether PATH leads to a command. */
  readonly hasCommand: (name: string) => Promise<boolean>;
}

interface Tool {
  readonly name: string;
  readonly home: string;
  /** Any of them makes it a project of this tool. */
  readonly marks: readonly string[];
  readonly command: ToolCommand;
}

const nixHome = 'https://nixos.org/download';

const miseFiles = [
  'mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', 'mise/config.toml', '.mise/config.toml', '.config/mise.toml', '.config/mise/config.toml', '.tool-versions',
];

const mise: Tool = {
  name: 'mise',
  home: 'https://mise.jdx.dev',
  marks: miseFiles,
  command: {
    // JSON would not say what is unset. That the project may run code is what the user was asked: mise is not to ask again.
    run: 'MISE_TRUSTED_CONFIG_PATHS="$PWD${MISE_TRUSTED_CONFIG_PATHS:+:$MISE_TRUSTED_CONFIG_PATHS}" mise env --shell bash',
    inputs: miseFiles,
    timeoutSeconds: 600,
  },
};

const devenv: Tool = {
  name: 'devenv',
  home: 'https://devenv.sh',
  marks: ['devenv.nix'],
  command: {
    run: 'devenv print-dev-env',
    inputs: ['devenv.nix', 'devenv.yaml', 'devenv.lock', 'devenv.local.nix', 'devenv.local.yaml'],
    timeoutSeconds: 3600,
  },
};

const devbox: Tool = {
  name: 'devbox',
  home: 'https://www.jetify.com/devbox',
  marks: ['devbox.json'],
  command: { run: 'devbox shellenv --init-hook --install --no-refresh-alias', inputs: ['devbox.json', 'devbox.lock'], timeoutSeconds: 3600 },
};

/**
 * Nothing is evaluated twice: an .envrc alone decides which of the other tools it calls, and devenv brings Nix with it.
 * What was looked for in vain is looked for all the same.
 */
export async function detect(look: Look): Promise<Detection> {
  const [dotenv, venv, bin, envrc, nix, tools] = await Promise.all([
    look.kindOf('.env'),
    look.kindOf('.venv/pyvenv.cfg'),
    look.kindOf('node_modules/.bin'),
    look.kindOf('.envrc'),
    nixFile(look),
    Promise.all([mise, devenv, devbox].map(async (tool) => ({ tool, mark: await markOf(tool, look) }))),
  ]);
  const marked = envrc === 'file' ? [] : tools.flatMap(({ tool, mark }) => (mark === undefined ? [] : [{ tool, mark }]));
  const usable = await Promise.all(marked.map(async (one) => ({ ...one, isThere: await look.hasCommand(one.tool.name) })));
  const viaDevenv = usable.some(({ tool, isThere }) => tool === devenv && isThere);
  const viaNix = envrc === 'file' || viaDevenv || nix === undefined ? undefined : { ...nix, isThere: await look.hasCommand('nix') };
  const found: (Detected | false)[] = [
    envrc === 'file' && { kind: 'envrc', file: '.envrc' },
    viaNix?.isThere === true && { kind: 'nix', file: viaNix.file, reference: viaNix.reference },
    dotenv === 'file' && { kind: 'dotenv', file: '.env' },
    venv === 'file' && { kind: 'venv', directory: '.venv' },
    bin === 'directory' && { kind: 'path', directory: 'node_modules/.bin' },
    ...usable.map(({ tool, mark, isThere }): Detected | false => isThere && { kind: 'exec', file: mark, ...tool.command }),
  ];
  const idle = usable.filter(({ isThere }) => !isThere).map(({ tool, mark }): Idle => ({ file: mark, tool: tool.name, home: tool.home }));
  if (viaNix?.isThere === false) idle.unshift({ file: viaNix.file, tool: 'nix', home: nixHome });
  return { found: found.filter((one) => one !== false), idle };
}

/** As people are told. */
export function nameOf(detected: Detected): string {
  return 'file' in detected ? detected.file : detected.directory;
}

async function nixFile(look: Look): Promise<{ readonly file: string; readonly reference: string } | undefined> {
  const [flake, shell] = await Promise.all([look.kindOf('flake.nix'), look.kindOf('shell.nix')]);
  if (flake === 'file') return { file: 'flake.nix', reference: '.' };
  return shell === 'file' ? { file: 'shell.nix', reference: 'shell.nix' } : undefined;
}

async function markOf({ marks }: Tool, look: Look): Promise<string | undefined> {
  const kinds = await Promise.all(marks.map((mark) => look.kindOf(mark)));
  return marks.find((_, index) => kinds[index] === 'file');
}
