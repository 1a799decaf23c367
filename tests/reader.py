#!/usr/bin/python3
"""A second reader of coffer stores, written after SPEC.md and coffer(1) ROWS alone: it shares no code with coffer.

    reader.py FILE TABLE      every row by row number, one JSON object a line, as `coffer scan` prints it
    reader.py FILE --tables   the tables that have rows of their own, in the catalogue's order
    reader.py FILE --digest   the content digest (9.4)
    reader.py FILE --rollups  every group of every roll-up (10.1), held against the rows, one a line

It refuses what a reader of rows has to refuse (1.1), with a line on stderr and exit status 1. It takes no lock (3.5):
nobody may write FILE meanwhile. Numbers in comments are sections of SPEC.md. Needs lmdb, msgpack, xxhash and zstandard.
"""
import datetime, decimal, hashlib, json, math, re, struct, sys
from fractions import Fraction
import lmdb, msgpack, xxhash, zstandard

BOOL, INT, FLOAT, TIME, TEXT, JSON, TEXT_ARRAY, BYTES, OTHER = range(1, 10)  # 4.3
WIDTHS = {INT: (2, 4, 8), FLOAT: (4, 8)}
VALUE_SIZE_MAX = 1_073_741_823  # 11
PACKABLE = re.compile(r"(?:[0-9a-f]{2}){8,}")  # 4.7
UUID = re.compile(r"(.*)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.DOTALL)
TAIL = re.compile(r"(.+?)((?:[0-9a-f]{2}){8,})", re.DOTALL)
KNOWN = {"packed-ids", "zstd"}  # 10
INFINITIES = {-2**63: "-infinity", 2**63 - 1: "infinity"}  # 4.6


class Refused(Exception):
    """One of the three answers of 1.1, or a table that is not there."""


def need(condition, what, refusal="CORRUPT"):
    if not condition:
        raise Refused(f"{refusal}: {what}")


def is_uint(value, end):
    return type(value) is int and 0 <= value < end


def is_text(value):  # 1.2; the decoder has refused what is not UTF-8
    return type(value) is str and "\0" not in value and len(value.encode()) <= VALUE_SIZE_MAX


def unpack(payload, what):  # 1.3: canonical is what packs to the same bytes again
    value = msgpack.unpackb(payload)
    need(msgpack.packb(value) == payload, f"{what}: not canonical")
    return value


# ---------------------------------------------------------------------------- the store


class Store:
    def __init__(self, path):
        with open(path, "rb") as file:  # 3.1
            need(file.read(24)[16:] == struct.pack("<II", 0xBEEFC0DE, 1), "no LMDB file", "NOT_A_COFFER")
            size = file.seek(0, 2)
        self.env = lmdb.open(path, subdir=False, readonly=True, lock=False, max_dbs=65_536)
        need(size >= (self.env.info()["last_pgno"] + 1) * self.env.stat()["psize"], "the file is cut")
        self.txn = self.env.begin()
        need(not any(self.env.open_db(None, self.txn).flags(self.txn).values()), "the main database is not plain")
        self.catalogue = self.tree("catalogue", "NOT_A_COFFER")
        self.write_features, features = check_format(self.payload(self.catalogue, 0, b"format", "format", "NOT_A_COFFER"))
        self.has_ids = "packed-ids" in features
        self.tables = read_schema(self.payload(self.catalogue, 0, b"schema", "schema"))
        for table in self.tables:
            for column in table["columns"]:
                column["compressed"] = False
            if "zstd" in features:
                self.mark_frames(table)
        self.dictionary = self.tree("dictionary") if "zstd" in features else None
        self.decompressors = {0: zstandard.ZstdDecompressor()}
        self.pool, self.texts = self.tree("pool"), {}

    def tree(self, name, refusal="CORRUPT"):  # 3.1, 3.2
        try:
            tree = self.env.open_db(name.encode(), self.txn, create=False)
        except lmdb.NotFoundError as error:
            raise Refused(f"{refusal}: no tree {name}") from error
        need(not any(tree.flags(self.txn).values()), f"{name}: not a plain tree")
        return tree

    def payload(self, tree, owner, key, what, refusal="CORRUPT"):
        """What stands under a key, once its checksum is right (3.3)."""
        value = self.txn.get(key, db=tree)
        need(value is not None, f"{what}: missing", refusal)
        seed = xxhash.xxh3_64_intdigest(struct.pack("<I", owner) + key)
        need(value[:8] == struct.pack("<Q", xxhash.xxh3_64_intdigest(value[8:], seed)), f"{what}: checksum")
        return value[8:]

    def mark_frames(self, table):  # 6.7
        name = f"frames/{table['name']}".encode()
        if not table["id"] or self.txn.get(name, db=self.catalogue) is None:
            return
        pairs = unpack(self.payload(self.catalogue, 0, name, name.decode()), name.decode())
        need(pairs and all(len(pair) == 2 and is_uint(pair[1], 256) for pair in pairs)
             and all(one[0] < other[0] for one, other in zip(pairs, pairs[1:])), f"{table['name']}: frames")
        taken = [number for index in table["indexes"] for number in index["key_columns"]]
        taken += [number for relation in table["relations"] for number in relation["columns"]]
        for number, _ in pairs:
            need(is_uint(number, len(table["columns"])) and number not in taken, f"{table['name']}: frames")
            column = table["columns"][number]
            need(column["kind"] in (TEXT, JSON) and not column["interned"], f"{table['name']}: frames")
            column["compressed"] = True

    def decompressor(self, key, what):  # 8.4
        if key not in self.decompressors:
            data = self.payload(self.dictionary, 2, struct.pack(">I", key), f"{what}: its dictionary")
            dictionary = zstandard.ZstdCompressionDict(data)
            need(len(data) <= 262_144 and dictionary.dict_id() == key, f"{what}: its dictionary")
            self.decompressors[key] = zstandard.ZstdDecompressor(dict_data=dictionary)
        return self.decompressors[key]

    def expand(self, stored, what):  # 4.11
        frame = b"\x28\xb5\x2f\xfd" + stored
        need(len(stored) > 5 and stored[0] & 0x3E == 0x20 and stored[0] >> 6 < 3, f"{what}: a frame")
        header = zstandard.get_frame_parameters(frame)
        need(0 < header.content_size <= min(VALUE_SIZE_MAX, 1024 * len(stored)), f"{what}: a frame's size")
        need(header.dict_id <= 255 and (header.dict_id or not stored[0] & 1), f"{what}: a frame's dictionary")
        expander = self.decompressor(header.dict_id, what).decompressobj()
        text = expander.decompress(frame)
        need(len(text) == header.content_size and not expander.unused_data, f"{what}: a frame")
        need(is_text(text := text.decode()), f"{what}: not a text")
        return text

    def text(self, code, what):  # 8.2
        need(is_uint(code, 2**32) and code, f"{what}: no code")
        if code not in self.texts:
            self.texts[code] = self.payload(self.pool, 1, struct.pack(">I", code), f"{what}: its text").decode()
            need(is_text(self.texts[code]), f"{what}: its text")
        return self.texts[code]

    def rows(self, table):
        """Each row's values in the order of the table's columns: None, bool, int, float, str, list or bytes."""
        name = table["name"].replace("%", "%25").replace("/", "%2F")  # 3.2
        tree, self.longs = self.tree(f"table/{name}"), self.tree(f"long/{name}")
        for key in self.txn.cursor(tree).iternext(values=False):
            what = f"{table['name']}[{int.from_bytes(key, 'big')}]"
            need(len(key) == 6 and any(key), f"{what}: key")
            record = unpack(self.payload(tree, table["id"], key, what), what)  # 4.2
            need(type(record) is list and len(record) == len(table["columns"]), f"{what}: number of elements")
            yield [self.value(table, number, column, record[column["position"]], key, f"{what}.{column['name']}")
                   for number, column in enumerate(table["columns"])]

    def value(self, table, number, column, element, key, what):
        if element is True and column["kind"] >= TEXT and not column["interned"]:  # 4.4
            element = unpack(self.payload(self.longs, table["id"], key + struct.pack(">H", number), what), what)
            need(element is not None, f"{what}: a long NULL")
        if element is None:
            return None
        form = {JSON: bytes, TEXT: msgpack.ExtType}.get(column["kind"])
        if column["compressed"] and type(element) is form and (form is bytes or element.code == 1):
            return self.expand(element if form is bytes else element.data, what)
        return self.text(element, what) if column["interned"] else value_of(column, element, self.has_ids, what)

    def rollups(self, table):  # 10.1
        key = f"rollups/{table['name']}".encode()
        if "rollups" not in self.write_features or self.txn.get(key, db=self.catalogue) is None:
            return []
        entry = unpack(self.payload(self.catalogue, 0, key, key.decode()), key.decode())
        need(list(entry) == ["rollups"] and 1 <= len(entry["rollups"]) <= 64, "rollups")
        for rollup in entry["rollups"]:
            columns, column = table["columns"], rollup["column"]
            need(list(rollup) == ["name", "id", "unit", "time", "column", "sums"] and rollup["unit"] in (1, 2)
                 and rollup["id"] > max(table["id"] for table in self.tables) and len(rollup["sums"]) <= 8
                 and columns[rollup["time"]]["kind"] == TIME
                 and (column is None or columns[column]["kind"] == TEXT and columns[column]["interned"])
                 and all(columns[number]["kind"] in (INT, FLOAT) for number in rollup["sums"]), "rollups: one of them")
        return entry["rollups"]

    def groups(self, table, rollup):
        """(first time, text) -> [rows, then for each sum values, unfit, total], as they stand in the tree."""
        name, groups = "/".join(word.replace("%", "%25").replace("/", "%2F") for word in (table["name"], rollup["name"])), {}
        tree, columns = self.tree(f"rollups/{name}"), table["columns"]
        nullable, by, kinds = columns[rollup["time"]]["nullable"], rollup["column"], [columns[c]["kind"] for c in rollup["sums"]]
        for key in self.txn.cursor(tree).iternext(values=False):
            what = f"{name}[{key.hex()}]"
            need(len(key) == nullable + 8 + 4 * (by is not None), f"{what}: key")
            at = 8 + nullable
            time = int.from_bytes(key[nullable:at], "big") - 2**63
            if nullable and not key[0]:
                need(time == -2**63, f"{what}: key")
                time = None
            need(time == begin_of(rollup, time) and (not nullable or key[0] in (0, 1)), f"{what}: key")
            code = int.from_bytes(key[at:], "big")
            numbers = unpack(self.payload(tree, rollup["id"], key, what), what)
            need(type(numbers) is list and len(numbers) == 1 + 3 * len(kinds) and is_uint(numbers[0], 2**48) and numbers[0], what)
            for at, kind in zip(range(1, len(numbers), 3), kinds):
                values, unfit, total = numbers[at:at + 3]
                need(is_uint(values, numbers[0] + 1) and is_uint(unfit, values * (kind == FLOAT) + 1)
                     and type(total) is bytes and len(total) <= (22 if kind == FLOAT else 14), what)
                numbers[at + 2] = int.from_bytes(total, "big", signed=True)
                need(total == total_bytes(numbers[at + 2]), f"{what}: not canonical")
            groups[time, self.text(code, what) if code else None] = numbers
        return groups

    def added_up(self, table, rollup):
        """The same from the rows."""
        groups, by = {}, rollup["column"]
        for row in self.rows(table):
            key = begin_of(rollup, row[rollup["time"]]), None if by is None else row[by]
            numbers = groups.setdefault(key, [0] * (1 + 3 * len(rollup["sums"])))
            numbers[0] += 1
            for at, number in zip(range(1, len(numbers), 3), rollup["sums"]):
                value = row[number]
                numbers[at] += value is not None
                if type(value) is float:
                    units = Fraction(value) * 2**96 if math.isfinite(value) else Fraction(1, 2)
                    value = int(units) if units.denominator == 1 and abs(units) < 2**127 else None
                    numbers[at + 1] += value is None
                numbers[at + 2] += value or 0
        return groups

    def digest(self):  # 9.4; strings sort by code points here, which is the byte order of their UTF-8
        digest = hashlib.blake2b(b"coffer content 1\n", digest_size=32)
        for table in sorted((table for table in self.tables if table["id"]), key=lambda table: table["name"]):
            columns, primary = table["columns"], table["primary"]
            order = sorted(range(len(columns)), key=lambda number: columns[number]["name"])
            shown = [[columns[number][key] for key in ("name", "type", "nullable")] for number in order]
            key = [] if primary is None else table["indexes"][primary]["key_columns"]
            digest.update(msgpack.packb([table["name"], shown, [columns[number]["name"] for number in key]]))
            plain = (msgpack.packb([row[number] for number in order]) for row in self.rows(table))  # 4.9
            rows = sorted(hashlib.blake2b(row, digest_size=32).digest() for row in plain)
            digest.update(struct.pack("<Q", len(rows)) + b"".join(rows))
        return digest.hexdigest()


def begin_of(rollup, time):  # 10.1
    span = 3_600_000_000 * (1, 24)[rollup["unit"] - 1]
    return time if time is None or time in INFINITIES else time - time % span


def total_bytes(total):
    size = next(size for size in range(25) if (-1 << 8 * size - 1 <= total < 1 << 8 * size - 1 if size else not total))
    return total.to_bytes(size, "big", signed=True)


def check_format(payload):  # 6.1
    begin = msgpack.Unpacker()
    begin.feed(payload)
    begin.read_map_header()
    need(begin.unpack() == "version" and is_uint(version := begin.unpack(), 2**64) and version, "format: version")
    need(version == 1, f"version {version}", "UNSUPPORTED")
    entry = unpack(payload, "format")
    need(list(entry) == ["version", "read", "write", "seed"] and is_uint(entry["seed"], 2**64), "format")
    for names in entry["read"], entry["write"]:
        need(len(names) <= 64 and names == sorted(set(names))
             and all(re.fullmatch("[a-z0-9-]{1,32}", name) for name in names), "format: features")
    need(KNOWN.issuperset(entry["read"]), f"features {entry['read']}", "UNSUPPORTED")
    return entry["write"], entry["read"]


def read_schema(payload):  # 6.3: of what has a star what rows and the digest need
    tables = unpack(payload, "schema")["tables"]
    need(len(payload) <= 67_108_864 and len(tables) <= 4_096, "schema: too long")
    for table in tables:
        columns, primary = table["columns"], table["primary"]
        need(is_text(table["name"]) and is_uint(table["id"], 2**32) and not 0 < table["id"] < 16
             and (primary is None or is_uint(primary, len(table["indexes"]))), "schema: a table")
        need(all(is_uint(number, len(columns)) for index in table["indexes"] for number in index["key_columns"])
             and len(columns) <= 1_600 and {column["position"] for column in columns} == set(range(len(columns))),
             f"{table['name']}: columns")
        for column in columns:
            kind = column["kind"]
            need(is_text(column["name"]) and is_text(column["type"]) and is_uint(kind, 10) and kind
                 and column["width"] in WIDTHS.get(kind, (0,)) and (kind in (TEXT, JSON) or not column["interned"])
                 and all(type(column[key]) is bool for key in ("nullable", "interned", "zone")),
                 f"{table['name']}: a column")
    return tables


def packed(text, has_ids):  # 4.7: the element of a text
    if PACKABLE.fullmatch(text):
        return bytes.fromhex(text)
    if has_ids and len(text.encode()) <= 255:
        if found := UUID.fullmatch(text):
            return msgpack.ExtType(2, found[1].encode() + bytes.fromhex(found[2].replace("-", "")))
        if found := TAIL.fullmatch(text):
            prefix = found[1].encode()
            return msgpack.ExtType(3, bytes([len(prefix)]) + prefix + bytes.fromhex(found[2]))
    return text


def unpacked_id(extension):
    data, digits = extension.data, extension.data[-16:].hex()
    if extension.code == 2:
        return data[:-16].decode() + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return data[1:data[0] + 1].decode() + data[data[0] + 1:].hex()


def value_of(column, element, has_ids, what):
    """What an element that is neither nil nor a code stands for, once it is one that its column allows (4.3)."""
    kind, width, form, good = column["kind"], column["width"], type(element), False
    if kind == BOOL:
        good = form is bool
    elif kind == INT:
        good = form is int and -1 << 8 * width - 1 <= element < 1 << 8 * width - 1
    elif kind == FLOAT:
        good = form is float and (width == 8 or is_real(element))
    elif kind == TIME:  # 4.6
        good = form is int and (-211_813_488 * 10**9 <= element < 9_223_371_331_200_000_000 or element in INFINITIES)
    elif kind == BYTES:
        good = form is bytes and len(element) <= VALUE_SIZE_MAX
    elif kind == TEXT and form is bytes:  # 4.7
        good, element = 8 <= len(element) <= VALUE_SIZE_MAX // 2, element.hex()
    elif kind == TEXT and form is msgpack.ExtType:
        need(element.code in (2, 3) and element.data, f"{what}: no id")
        text = unpacked_id(element)
        good, element = is_text(text) and packed(text, has_ids) == element, text
    elif kind == TEXT_ARRAY and form is list:  # 4.8
        good = all(member is None or is_text(member) for member in element)
        good = good and len(msgpack.packb(element)) <= VALUE_SIZE_MAX
    else:
        need(kind != JSON or form not in (bytes, list), f"{what}: a reserved form", "UNSUPPORTED")
        good = is_text(element) and (kind != TEXT or packed(element, has_ids) == element)
    need(good, f"{what}: an element that its column does not allow")
    return element


def is_real(number):  # 4.5
    if math.isfinite(number):
        return abs(number) < 2**128 and struct.unpack("<f", struct.pack("<f", number))[0] == number
    return struct.unpack("<Q", struct.pack("<d", number))[0] % 2**29 == 0


# ---------------------------------------------------------------------------- rows as JSON, coffer(1) ROWS


def string_text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def float_text(number, width):
    if not math.isfinite(number):
        return '"NaN"' if math.isnan(number) else '"Infinity"' if number > 0 else '"-Infinity"'
    sign = "-" * (math.copysign(1, number) < 0)
    if not number:
        return sign + "0"
    shortest = shortest_decimal(abs(number), width).normalize()
    if -4 <= shortest.adjusted() < (6 if width == 4 else 15):
        return f"{sign}{shortest:f}"
    digits = "".join(map(str, shortest.as_tuple().digits))
    return f"{sign}{digits[0]}{'.' * (len(digits) > 1)}{digits[1:]}e{shortest.adjusted():+03}"


def shortest_decimal(number, width):
    """The fewest digits strictly between the halfway points to both neighbours, of these the nearest."""
    precision, least = (24, -125) if width == 4 else (53, -1021)
    fraction, exponent = math.frexp(number)
    above = below = Fraction(2) ** (max(exponent, least) - precision - 1)
    if fraction == 0.5 and exponent > least:
        below /= 2
    for digits in range(1, 18):
        for rounding in decimal.ROUND_HALF_EVEN, decimal.ROUND_UP, decimal.ROUND_DOWN:
            candidate = decimal.Context(digits, rounding).create_decimal(number)
            if -below < Fraction(candidate) - Fraction(number) < above:
                return candidate


def time_text(time, zone):
    if time in INFINITIES:
        return INFINITIES[time]
    days, time = divmod(time, 86_400_000_000)
    era, day = divmod(days, 146_097)  # 400 years; the calendar of each is that of 2000 to 2399
    date = datetime.date(2000, 1, 1) + datetime.timedelta(day)
    year = date.year + 400 * era
    seconds, fraction = divmod(time, 1_000_000)
    return (f"{year if year > 0 else 1 - year:04}-{date:%m-%d}"
            f"T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
            + f".{fraction:06}".rstrip("0").rstrip(".") + "Z" * zone + " BC" * (year <= 0))


def name_text(name):
    escaped = re.sub(r'["\\]', r"\\\g<0>", name)
    return '"' + re.sub(r"[\0-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def document_text(document):
    if document != document.strip(" \t\r\n") or "\n" in document or "\r" in document:
        return f'{{"$text":{string_text(document)}}}'
    key = re.match(r'\{[ \t]*("(?:[^"\\]|\\.)*")', document)
    if key and json.loads(key[1]) in ("$json", "$text"):
        is_wrapped = len(json.loads(document, object_pairs_hook=list, parse_int=str, parse_float=str)) == 1
    else:
        is_wrapped = document == "null"
    return f'{{"$json":{document}}}' if is_wrapped else document


def value_text(column, value):
    kind = column["kind"]
    if value is None or kind in (BOOL, INT):
        return json.dumps(value)
    if kind == FLOAT:
        return float_text(value, column["width"])
    if kind == TIME:
        return string_text(time_text(value, column["zone"]))
    if kind == JSON:
        return document_text(value)
    if kind == BYTES:
        return string_text("\\x" + value.hex())
    return string_text({"$array": value} if kind == TEXT_ARRAY and type(value) is str else value)


def answer(path, wish):
    """The lines that were asked for."""
    store = Store(path)
    if wish == "--digest":
        yield store.digest()
        return
    tables = {table["name"]: table for table in store.tables if table["id"]}
    if wish == "--rollups":
        for table in tables.values():
            for rollup in store.rollups(table):
                groups, what = store.groups(table, rollup), f"{table['name']} {rollup['name']}"
                need(groups == store.added_up(table, rollup), f"{what}: not what the rows add up to")
                for (time, text), numbers in groups.items():
                    yield f"{what} {json.dumps([None if time is None else time_text(time, False), text, *numbers], ensure_ascii=False)}"
        return
    if wish == "--tables":
        yield from tables
        return
    need(wish in tables, f"{wish}: no table with rows of its own", "NOT_FOUND")
    columns = tables[wish]["columns"]
    for row in store.rows(tables[wish]):
        members = (f"{name_text(column['name'])}:{value_text(column, value)}" for column, value in zip(columns, row))
        yield "{" + ",".join(members) + "}"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: reader.py FILE TABLE|--tables|--digest|--rollups")
    try:
        for line in answer(*sys.argv[1:]):
            sys.stdout.buffer.write(line.encode() + b"\n")
    except (Refused, OSError) as error:
        sys.exit(f"reader.py: {error}")
    except (ValueError, TypeError, KeyError, msgpack.OutOfData, lmdb.Error, zstandard.ZstdError) as error:  # what the modules refuse
        sys.exit(f"reader.py: CORRUPT: {error}")
