"""A server that is none: it plays what a real one said, damaged in one place.

    fake.py COFFER REAL_FOLDER SCRATCH SEED SHARE NAME...

REAL_FOLDER has the socket of a real server. Each NAME is a conversation (see CONVERSATIONS): the command runs once
against the real server by way of a relay that notes what is said, then against the recording, once for each damage
of a share of 1 in SHARE that SEED chooses.
Whatever it is told it must end by itself with a known exit code, say why in one line, and leave no file or a whole
one. Prints TAP without a plan; exits 1 when something was wrong.
"""

import os
import random
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

COFFER, REAL, SCRATCH = sys.argv[1:4]
SEED, SHARE = int(sys.argv[4]), int(sys.argv[5])
STORE = os.path.join(SCRATCH, "whole.coffer")
CANCEL = 80877102
NO_ENCRYPTION = (80877103, 80877104)
SECONDS_MAX = 30
PATIENCE = 0.3  # how long the player waits for the client to speak, when something is damaged

# The command's words; %s is the database by way of the fake server.
CONVERSATIONS = {
    "import": ["import", "--force", "%s dbname=source", os.path.join(SCRATCH, "out", "new.coffer")],
    "create": ["export", "--create", STORE, "%s dbname=empty"],
    "upsert": ["export", "--upsert", STORE, "%s dbname=filled"],
    "replace": ["export", "--replace", STORE, "%s dbname=filled"],
}
SILENT = ("import", "upsert")  # an interrupt of the others goes the same way


class Stream:
    """Messages of one side of a connection."""

    def __init__(self, connection):
        self.connection = connection

    def take(self, size):
        data = b""
        while len(data) < size:
            piece = self.connection.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def startup(self):
        """The client's first packet, after it was told that there is no encryption. None: it asked to cancel."""
        while True:
            (size,) = struct.unpack(">I", self.take(4))
            packet = self.take(size - 4)
            (code,) = struct.unpack(">I", packet[:4])
            if code == CANCEL:
                return None
            if code not in NO_ENCRYPTION:
                return struct.pack(">I", size) + packet
            self.connection.sendall(b"N")

    def message(self):
        kind = self.take(1)
        (size,) = struct.unpack(">I", self.take(4))
        return kind, self.take(size - 4)


def packed(kind, body):
    return kind + struct.pack(">I", len(body) + 4) + body


def ends_turn(kind, body):
    """Does the client speak next?"""
    return kind in b"ZG"


def relay(client, turns):
    """Carry one connection to the real server and back; note the server's messages, a list for each turn."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(os.path.join(REAL, ".s.PGSQL.5432"))
    from_client, from_server = Stream(client), Stream(server)
    server.sendall(from_client.startup())
    try:
        while True:
            turn = []
            while True:
                kind, body = from_server.message()
                turn.append((kind, body))
                client.sendall(packed(kind, body))
                if ends_turn(kind, body):
                    break
            turns.append(turn)
            while True:
                kind, body = from_client.message()
                server.sendall(packed(kind, body))
                if kind in b"QSc":
                    break
                if kind == b"X":
                    return
    except (EOFError, OSError):
        pass
    finally:
        server.close()


class Player:
    """Says the recording, with one damage."""

    def __init__(self, turns, damage):
        self.turns = turns
        self.damage = damage
        self.number = 0
        self.is_through = False  # a COMMIT was asked for, and answered

    def talk(self, client):
        client.settimeout(SECONDS_MAX if self.damage.change is None else PATIENCE)
        stream = Stream(client)
        if stream.startup() is None:
            while self.damage.is_silent and not self.damage.is_over:
                time.sleep(0.01)
            return
        asked = b""
        for turn in self.turns:
            if not self.say(client, turn):
                return
            self.is_through = asked.startswith(b"COMMIT")
            asked = self.listen(stream)

    def say(self, client, turn):
        data = b""
        for kind, body in turn:
            piece = self.damage.apply(self.number, kind, body)
            self.number += 1
            if piece is None or piece == "hang":
                client.sendall(data)
                while piece == "hang" and not self.damage.is_over:
                    time.sleep(0.01)
                return False
            data += piece
        client.sendall(data)
        return True

    @staticmethod
    def listen(stream):
        while True:
            kind, body = stream.message()
            if kind in b"QSc":
                return body
            if kind == b"X":
                raise EOFError


class Damage:
    """One change at message `at`; `change` gives what to say in its place: bytes, None to go, "hang" to be silent."""

    def __init__(self, name, at, change, must_fail=False):
        self.name, self.at, self.change, self.must_fail = name, at, change, must_fail
        self.is_silent = False  # for those who would cancel too
        self.is_over = False

    def apply(self, number, kind, body):
        return self.change(kind, body) if number == self.at else packed(kind, body)


def serve(folder, talk, is_wanted):
    """Accept connections, each in a thread, until `is_wanted` is false. `talk` gets a connection.

    The thread that is given back ends after all of theirs: what they know can be asked then."""
    path = os.path.join(folder, ".s.PGSQL.5432")
    if os.path.exists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(8)
    listener.settimeout(0.05)

    def one(connection):
        try:
            talk(connection)
        except (EOFError, OSError, struct.error):
            pass
        finally:
            connection.close()

    def accept():
        talks = []
        while is_wanted():
            try:
                connection, _ = listener.accept()
            except socket.timeout:
                continue
            connection.settimeout(SECONDS_MAX)
            talks.append(threading.Thread(target=one, args=(connection,), daemon=True))
            talks[-1].start()
        listener.close()
        for talk in talks:
            talk.join()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    return thread


# ---------------------------------------------------------------------- damages


def fields_of(body):
    (count,) = struct.unpack(">H", body[:2])
    fields, at = [], 2
    for _ in range(count):
        (size,) = struct.unpack(">i", body[at : at + 4])
        at += 4
        fields.append(None if size < 0 else body[at : at + size])
        at += max(size, 0)
    return fields


def row_of(fields):
    body = struct.pack(">H", len(fields))
    for field in fields:
        body += struct.pack(">i", -1) if field is None else struct.pack(">i", len(field)) + field
    return packed(b"D", body)


def error(state, text):
    return packed(b"E", b"SERROR\0VERROR\0C" + state + b"\0M" + text + b"\0\0")


def sized(size):
    return lambda kind, body: kind + struct.pack(">I", size & 0xFFFFFFFF) + body


def of_every_message(pick):
    """What may happen at any message; `pick` is a source of chances."""
    flip = pick.randrange(1, 256)

    def flipped(kind, body):
        at = pick.randrange(len(body)) if body else 0
        return packed(kind, body[:at] + bytes([body[at] ^ flip]) + body[at + 1 :] if body else body)

    def other(kind, body):
        return packed(bytes([pick.choice(b"ZDTCGHdcE1nAIKNRSs23tVWv\0\xff")]), body)

    return [
        ("the connection ends", lambda kind, body: None, True),
        ("a message is cut", lambda kind, body: packed(kind, body)[: 5 + len(body) // 2] + b"", False),
        ("a length of 0", sized(0), True),
        ("a length of 3", sized(3), True),
        ("a length below 0", sized(-1), True),
        ("a length of 2 GiB", sized(0x7FFFFFFF), False),
        ("a length that is one too long", lambda kind, body: kind + struct.pack(">I", len(body) + 5) + body, False),
        ("a length that is one too short", lambda kind, body: kind + struct.pack(">I", len(body) + 3) + body, False),
        ("another message in its place", other, False),
        ("a message is left out", lambda kind, body: b"", False),
        ("a message twice", lambda kind, body: packed(kind, body) * 2, False),
        ("a bit is flipped", flipped, False),
        ("an error in front of it", lambda kind, body: error(b"XX000", b"played") + packed(kind, body), False),
        ("a fatal error in its place", lambda kind, body: error(b"57P01", b"the server goes"), False),
        ("ready in front of it", lambda kind, body: packed(b"Z", b"I") + packed(kind, body), False),
        ("a notice in front of it", lambda kind, body: packed(b"N", b"SNOTICE\0C00000\0Mhm\0\0") + packed(kind, body), False),
        ("a row in front of it", lambda kind, body: row_of([b"x"]) + packed(kind, body), False),
        ("data of a COPY in front of it", lambda kind, body: packed(b"d", b"\0\1\0\0\0\1x") + packed(kind, body), False),
        ("rubbish", lambda kind, body: bytes(pick.randrange(256) for _ in range(64)), False),
    ]


def of_rows(pick):
    """What may happen to a row of an answer."""

    def changed(change):
        def apply(kind, body):
            fields = fields_of(body)
            if fields:
                at = pick.randrange(len(fields))
                fields[at] = change(fields[at])
            return row_of(fields)

        return apply

    return [
        ("a field is NULL", changed(lambda field: None), False),
        ("a field is empty", changed(lambda field: b""), False),
        ("a field is a large number", changed(lambda field: b"4294967295"), False),
        ("a field is below 0", changed(lambda field: b"-1"), False),
        ("a field is long", changed(lambda field: b"x" * 70000), False),
        ("a field is no UTF-8", changed(lambda field: b"\xff\xfe"), False),
        ("a row of no fields", lambda kind, body: row_of([]), True),
        ("a row of one field more", lambda kind, body: row_of(fields_of(body) + [b"x"]), True),
        ("an absurd number of fields", lambda kind, body: packed(b"D", b"\xff\xff" + body[2:]), True),
        ("a field beyond the row", lambda kind, body: packed(b"D", body[:2] + b"\x7f\xff\xff\xff" + body[6:]), True),
        ("a row is left out", lambda kind, body: b"", False),
    ]


def of_tuples(pick):
    """What may happen to a row of a binary COPY."""
    return [
        ("a tuple of one column more", lambda kind, body: packed(kind, struct.pack(">H", struct.unpack(">H", body[:2])[0] + 1) + body[2:] + b"\xff" * 4), True),
        ("a tuple of no columns", lambda kind, body: packed(kind, b"\0\0"), True),
        ("a tuple of 32767 columns", lambda kind, body: packed(kind, b"\x7f\xff" + body[2:]), True),
        ("a value beyond the tuple", lambda kind, body: packed(kind, body[:2] + b"\x7f\xff\xff\xff" + body[6:]), True),
        ("a value of size -2", lambda kind, body: packed(kind, body[:2] + b"\xff\xff\xff\xfe" + body[6:]), True),
        ("an empty message", lambda kind, body: packed(kind, b""), False),
        ("a message of one byte", lambda kind, body: packed(kind, b"\0"), True),
        ("the trailer in the middle", lambda kind, body: packed(kind, b"\xff\xff"), False),
        ("a row that is not finished", lambda kind, body: packed(kind, body[:-1]), True),
    ]


def answers_cut(turns):
    """Whole answers that lack their last column, or all of their rows: T and D agree with each other."""
    number = 0
    for turn in turns:
        kinds = [kind for kind, _ in turn]
        if b"T" in kinds:
            yield number, number + len(turn)
        number += len(turn)


class AnswerDamage(Damage):
    """Every row of one answer changes."""

    def __init__(self, name, start, end, drops_rows):
        super().__init__(name, start, lambda kind, body: b"")
        self.end, self.drops_rows = end, drops_rows

    def apply(self, number, kind, body):
        if not self.at <= number < self.end:
            return packed(kind, body)
        if kind == b"D":
            return b"" if self.drops_rows else row_of(fields_of(body)[:-1])
        if kind == b"T" and not self.drops_rows:
            return packed(kind, self.without_last(body))
        return packed(kind, body)

    @staticmethod
    def without_last(body):
        (count,) = struct.unpack(">H", body[:2])
        at = 2
        for _ in range(max(count - 1, 0)):
            at = body.index(b"\0", at) + 19
        return struct.pack(">H", max(count - 1, 0)) + body[2:at]


def last_that_counts(name, turns):
    """Whoever imports has every row when it ends its transaction: what is said then takes nothing away."""
    count = sum(map(len, turns))
    return count - len(turns[-1]) if name == "import" else count


def damages(conversation, turns, seed):
    """Every kind of damage at messages of every kind: the first and last of a kind, and some by chance."""
    counting = last_that_counts(conversation, turns)
    pick, share = random.Random(seed), random.Random(seed + 1)
    messages = [message for turn in turns for message in turn]
    places = {}
    for number, (kind, _) in enumerate(messages):
        places.setdefault(kind, []).append(number)
    for kind, numbers in sorted(places.items()):
        chosen = {numbers[0], numbers[-1], pick.choice(numbers)}
        for at in sorted(chosen):
            for name, change, must_fail in of_every_message(pick):
                if share.randrange(SHARE) == 0:
                    yield Damage(name, at, change, must_fail and at < counting)
        special = of_rows if kind == b"D" else of_tuples if kind == b"d" else None
        for _ in range(12 if special else 0):
            for name, change, must_fail in special(pick):
                at = pick.choice(numbers[1:-1] or numbers)
                if share.randrange(SHARE) == 0:
                    yield Damage(name, at, change, must_fail)
    for start, end in answers_cut(turns):
        for name, drops_rows in (("an answer of one column less", False), ("an answer without rows", True)):
            if share.randrange(SHARE) == 0:
                yield AnswerDamage(name, start, end, drops_rows)


# ---------------------------------------------------------------------- the command


def words_of(name, folder):
    return [COFFER] + [word.replace("%s", "host=%s port=5432 user=coffer" % folder) for word in CONVERSATIONS[name]]


def leave_no_file():
    folder = os.path.join(SCRATCH, "out")
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))


def run(name, folder, interrupt_after=None):
    """Run the command; its exit code (None: it did not end) and what it said."""
    process = subprocess.Popen(words_of(name, folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        if interrupt_after:
            time.sleep(interrupt_after)
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=SECONDS_MAX)
        return process.returncode, said.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        process.kill()
        return None, process.communicate()[1].decode("utf-8", "replace")


def is_whole():
    """Is the new file a store? A foreign key may be broken: that is what it was told."""
    path = os.path.join(SCRATCH, "out", "new.coffer")
    if not os.path.exists(path):
        return False
    verified = subprocess.run([COFFER, "verify", "--quiet", path], stdout=subprocess.PIPE)
    findings = [line for line in verified.stdout.splitlines() if line.startswith(b"I")]
    return verified.returncode == 0 or findings and all(line.startswith(b"I15") for line in findings)


def fault_of(name, damage, player, code, said):
    """What is wrong with how it ended; None: nothing."""
    lines = [line for line in said.splitlines() if "warning" not in line]
    left = os.listdir(os.path.join(SCRATCH, "out"))
    if code is None:
        return "it did not end"
    if code < 0 or "Sanitizer" in said or "runtime error" in said:
        return "it crashed (%s)" % code
    if code in (0, 3):
        if damage.must_fail:
            return "it noticed nothing"
        if name == "import" and not is_whole():
            return "it left a file that is not whole"
        if name != "import" and not player.is_through:
            return "it was done before the server was"
        return None
    if code not in (1, 4, 7, 8):
        return "it ended with %d" % code
    if left:
        return "it left %s" % left
    if len(lines) != 1:
        return "it said %d lines" % len(lines)
    return None


def play(name, turns, damage, interrupt_after=None):
    player = Player(turns, damage)
    folder = os.path.join(SCRATCH, "fake")
    thread = serve(folder, player.talk, lambda: not damage.is_over)
    leave_no_file()
    code, said = run(name, folder, interrupt_after)
    damage.is_over = True
    thread.join()
    return player, code, said


count = 0
failed = False


def result(name, fault, said=""):
    global count, failed
    count += 1
    print("%sok %d - %s" % ("not " if fault else "", count, name))
    if fault:
        failed = True
        print("# %s" % fault)
        for line in said.splitlines()[:12]:
            print("# " + line[:200])
    sys.stdout.flush()


def record(name):
    turns, state = [], {"is_wanted": True}
    folder = os.path.join(SCRATCH, "fake")
    thread = serve(folder, lambda client: relay(client, turns), lambda: state["is_wanted"])
    leave_no_file()
    code, said = run(name, folder)
    state["is_wanted"] = False
    thread.join()
    result("%s: %d messages are recorded" % (name, sum(map(len, turns))), code not in (0, 3) and "it failed", said)
    return turns


def try_all(name, turns, seed):
    """One result for each kind of damage."""
    faults, numbers = {}, {}
    for damage in damages(name, turns, seed):
        player, code, said = play(name, turns, damage)
        fault = fault_of(name, damage, player, code, said)
        numbers[damage.name] = numbers.get(damage.name, 0) + 1
        if fault and damage.name not in faults:
            faults[damage.name] = ("at message %d: %s" % (damage.at, fault), said)
    for kind in numbers:
        fault, said = faults.get(kind, (None, ""))
        result("%s: %s, %d times" % (name, kind, numbers[kind]), fault, said)


def try_silence(name, turns):
    """A server that says nothing any more: an interrupt ends the command, and leaves no file."""
    messages = [kind for turn in turns for kind, _ in turn]
    for number, kind in enumerate(kind for kind in (b"R", b"T", b"d", b"G", b"Z") if kind in messages):
        places = [at for at, other in enumerate(messages) if other == kind]
        damage = Damage("silence", places[len(places) // 2], lambda kind, body: "hang")
        damage.is_silent = number % 2 == 0
        _, code, said = play(name, turns, damage, interrupt_after=0.5)
        fault = None
        if code != 130:
            fault = "it ended with %s" % code
        elif os.listdir(os.path.join(SCRATCH, "out")):
            fault = "it left a file"
        result("%s: silence before %s is interrupted" % (name, kind.decode()), fault, said)


def main():
    for name in ("fake", "out"):
        os.makedirs(os.path.join(SCRATCH, name), exist_ok=True)
    for name in sys.argv[6:]:
        turns = record(name)
        control = Damage("none", -1, None)
        player, code, said = play(name, turns, control)
        result("%s: the recording does as well" % name, code not in (0, 3) and "it failed", said)
        try_all(name, turns, SEED)
        if name in SILENT:
            try_silence(name, turns)
    print("1..%d" % count)
    return failed


sys.exit(main())
