// The scene that `npm start` plays without a terminal: a real shell in a PTY, a real edit of a copy of the example by another
// process, and the screen before, while and after.
import { cp } from 'node:fs/promises';
import { basename } from 'node:path';
import { Project } from '../test/support/project.ts';
import type { TerminalSession, WaitOptions } from '../test/support/terminal-session.ts';

const before = 'Hello, world!';
const after = 'Good morning, world!';
/** Beside the file and renamed over it, as editors save. */
const edit = "sed 's/Hello/Good morning/' devshell.toml > devshell.toml.new && mv devshell.toml.new devshell.toml";

/** True if the environment of the running shell really changed. Prints what was on the screen in any case. */
export async function playScene(example: string, options: WaitOptions = {}): Promise<boolean> {
  const project = await Project.create();
  try {
    await cp(example, project.root, { recursive: true, filter: (path) => basename(path) !== '.devshell' });
    await project.allow();
    const session = project.open([], { columns: 100, rows: 14 });
    await play(project, session, options);
    await project.waitForNoProcess();
    console.log('\nThe environment of the running shell has changed, and nothing is left of the session.');
    return true;
  } catch (error) {
    console.log(`\n${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    await project.dispose();
  }
}

async function play(project: Project, session: TerminalSession, options: WaitOptions): Promise<void> {
  await session.waitForScreen('$ ', options);
  await session.waitForStatus('watching', options);
  session.enter('hello');
  await session.waitForScreen(line(before), options);
  show('before', session);

  const { exitCode, stderr } = await project.run('sh', ['-c', edit]);
  if (exitCode !== 0) throw new Error(`the edit failed: ${stderr}`);
  await session.waitForStatus(/ready|reloaded/, options);
  show(`while: another process has saved devshell.toml\n  ${edit}`, session);

  session.enter('hello');
  await session.waitForScreen(line(after), options);
  session.enter('hi');
  await session.waitForScreen((rows) => rows.filter((row) => row === after).length === 3, options);
  session.enter('echo "$GREETING" since $SECONDS seconds in one shell');
  await session.waitForScreen(/^Good morning since \d+ seconds/m, options);
  show('after: the next command', session);

  session.enter('exit');
  const { exitCode: code } = await session.exit;
  if (code !== 0) throw new Error(`the shell ended with ${code}`);
}

/** The text as a line of its own. */
function line(text: string): (rows: string[]) => boolean {
  return (rows) => rows.includes(text);
}

function show(title: string, session: TerminalSession): void {
  console.log(`\n${title}\n${session.picture()}`);
}
