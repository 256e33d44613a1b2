// The least that can stand between a program and its terminal in Node: node-pty and two streams, nothing looked at, nothing kept in order
// at the end. What it costs, everything made with them costs. Its arguments are the command.
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { spawn } from 'node-pty';

const stty = (...args) => execFileSync('stty', args, { stdio: ['inherit', 'pipe', 'inherit'], encoding: 'utf8' }).trim();
const [command = 'bash', ...args] = process.argv.slice(2);
const settings = stty('-g');
stty('raw', '-echo');
const { stdin, stdout } = process;
const pty = spawn(command, args, { name: process.env.TERM ?? 'dumb', cols: stdout.columns, rows: stdout.rows, env: { ...process.env }, encoding: null });
// Declared nowhere: without it every write waits until the terminal has taken it.
stdout._handle?.setBlocking(false);
pty.onData((chunk) => {
  if (!stdout.write(chunk)) pty.pause();
});
stdout.on('drain', () => pty.resume());
stdin.on('data', (chunk) => pty.write(chunk));
pty.onExit(({ exitCode }) => {
  stty(settings);
  process.exit(exitCode);
});
