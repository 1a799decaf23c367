"""Drive a command through a terminal of its own: terminal.py COMMAND WORD... with steps on standard input, one a line:

    > text      type this (Python's escapes: \\n, \\t, \\x03)
    < text      wait until this is shown, behind what was waited for before
    signal N    send a signal to the command
    exit N      wait for its end, with this exit code

Exits 0 when every step came true, else says which did not, and what was shown.
"""
import os
import pty
import select
import sys
import time

SECONDS_MAX = 30


class Terminal:
    def __init__(self, words):
        self.shown = b""
        self.seen = 0
        self.child, self.file = pty.fork()
        if self.child == 0:
            os.execvp(words[0], words)

    def read(self, seconds):
        if not select.select([self.file], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.file, 65536)
        except OSError:
            data = b""
        self.shown += data
        return bool(data)

    def wait_for(self, text):
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end:
            at = self.shown.find(text, self.seen)
            if at >= 0:
                self.seen = at + len(text)
                return True
            if not self.read(0.1):
                return False
        return False

    def exit_code(self):
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end:
            pid, status = os.waitpid(self.child, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            self.read(0.1)
        os.kill(self.child, 9)
        return None


def step(terminal, kind, text):
    text = text.encode("utf-8").decode("unicode_escape").encode("latin-1")
    if kind == ">":
        os.write(terminal.file, text)
    elif kind == "<":
        return terminal.wait_for(text)
    elif kind == "signal":
        os.kill(terminal.child, int(text))
    elif kind == "exit":
        return terminal.exit_code() == int(text)
    else:
        return False
    return True


def main():
    steps = [line.rstrip("\n").split(" ", 1) for line in sys.stdin if line.strip()]
    terminal = Terminal(sys.argv[1:])
    for number, (kind, text) in enumerate(steps, 1):
        if not step(terminal, kind, text):
            print(f"step {number} did not come true: {kind} {text}")
            print(terminal.shown.decode("utf-8", "replace"))
            return 1
    return 0


sys.exit(main())
