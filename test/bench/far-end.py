"""The far end of a terminal, for the benchmarks: opens commands in terminals of their own, plays the user, and takes the output.

The same for all that are compared, and no Node in it, so that it is never what is measured. The only argument is JSON:
{"commands": [[argument, ...], ...], "cwd", "env", "scenario": {"kind": "print" | "echo" | "interrupt", ...}}; so is the answer.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

SIZE = (30, 100)
DEADLINE_S = 30
PROMPT = b'$ '


class Terminal:
    def __init__(self, command, cwd, env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', *SIZE, 0, 0))
            os.execvpe(command[0], command, env)
        self.tail = b''

    def read(self, size=65536):
        """What is there, at once or when it comes; b'' at the end."""
        try:
            if not select.select([self.fd], [], [], DEADLINE_S)[0]:
                raise SystemExit('nothing came; the last was %r' % self.tail[-200:])
            chunk = os.read(self.fd, size)
        except OSError:
            chunk = b''
        self.tail = (self.tail + chunk)[-4096:]
        return chunk

    def read_until(self, text):
        count = 0
        while text not in self.tail:
            chunk = self.read()
            if not chunk:
                raise SystemExit('it ended without %r; the last was %r' % (text, self.tail[-200:]))
            count += len(chunk)
        return count

    def settle(self, quiet_s):
        # A status line may never be quiet.
        until = time.monotonic() + 3 * quiet_s
        while select.select([self.fd], [], [], quiet_s)[0] and self.read() and time.monotonic() < until:
            pass

    def type(self, text):
        self.tail = b''
        os.write(self.fd, text)

    def close(self):
        self.type(b'\x15exit\r')
        until = time.monotonic() + DEADLINE_S
        while time.monotonic() < until and self.read():
            pass
        os.waitpid(self.pid, 0)


def opened(commands, cwd, env):
    terminals = [Terminal(command, cwd, env) for command in commands]
    for terminal in terminals:
        terminal.read_until(PROMPT)
    # Whatever comes up beside the prompt has come up then.
    for terminal in terminals:
        terminal.settle(0.7)
    return terminals


def processor_ms(pid):
    """Time on a processor of all threads so far."""
    total = 0
    for thread in os.listdir('/proc/%d/task' % pid):
        with open('/proc/%d/task/%s/schedstat' % (pid, thread)) as file:
            total += int(file.read().split()[0])
    return total / 1e6


def print_file(terminals, scenario):
    """How long a file takes that a program prints, and what that costs the one in between."""
    (terminal,) = terminals
    before = processor_ms(terminal.pid)
    started = time.perf_counter()
    terminal.type(b"cat '%s'; echo 'E'ND\r" % scenario['file'].encode())
    count = terminal.read_until(b'END')
    took = time.perf_counter() - started
    return {'ms': took * 1e3, 'bytes': count, 'processorMs': processor_ms(terminal.pid) - before}


def echo(terminals, scenario):
    """How long a key takes to come back, in each terminal in turn; `measured` are the places of those that count."""
    times = [[] for _ in terminals]
    for key in range(scenario['keys']):
        for place in scenario['measured']:
            terminal = terminals[place]
            time.sleep(scenario['pauseMs'] / 1e3)
            terminal.settle(0)
            letter = b'QXZJ'[key % 4 : key % 4 + 1]
            started = time.perf_counter()
            terminal.type(letter)
            while letter not in terminal.tail:
                terminal.read()
            times[place].append((time.perf_counter() - started) * 1e3)
            if key % 40 == 39:
                terminal.type(b'\x15')
                terminal.settle(0.02)
    return {'times': [times[place] for place in scenario['measured']]}


def interrupt(terminals, scenario):
    """Ctrl-C while a program prints through a slow terminal: how long until the prompt, and how much comes before it."""
    (terminal,) = terminals
    rate = scenario['bytesPerSecond']
    terminal.type(b'yes\r')
    started = time.perf_counter()
    pressed = None
    count = after = 0
    while True:
        # As a slow terminal does: takes a little, and then nothing until that is dealt with.
        allowed = (time.perf_counter() - started) * rate
        if count >= allowed:
            time.sleep((count - allowed + 1) / rate)
            continue
        chunk = terminal.read(1024)
        count += len(chunk)
        if pressed is None:
            if time.perf_counter() - started >= scenario['warmMs'] / 1e3:
                terminal.type(b'\x03')
                pressed = time.perf_counter()
            continue
        after += len(chunk)
        if PROMPT in terminal.tail:
            return {'ms': (time.perf_counter() - pressed) * 1e3, 'bytes': after}


def main():
    request = json.loads(sys.argv[1])
    scenario = request['scenario']
    terminals = opened(request['commands'], request['cwd'], request['env'])
    play = {'print': print_file, 'echo': echo, 'interrupt': interrupt}[scenario['kind']]
    result = play(terminals, scenario)
    for terminal in terminals:
        terminal.close()
    print(json.dumps(result))


main()
