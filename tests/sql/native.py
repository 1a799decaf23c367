#!/usr/bin/python3
"""The rows of a folder that `coffer export --format csv` wrote, as a native SQLite file: native.py FOLDER FILE

Written after src/sql/sql.h alone, so that what coffer shows of a store can be held against it: names, types and
values as that page says, rows in the store's order. It has indexes of its own, and no keys.
"""
import json, pathlib, re, sqlite3, struct, sys
from urllib.parse import unquote

AFFINITY = {"bool": "INTEGER", "int": "INTEGER", "float": "REAL", "bytes": "BLOB"}
FIELD = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^,"\n]*))(,|\n)')
ITEM = re.compile(r'([{}])|(,)|"((?:[^"\\]|\\.)*)"|([^,{}"]+)', re.S)


def csv_records(text):
    """Each record as a list of texts; an empty field that is not quoted is None."""
    at, record = 0, []
    while at < len(text):
        match = FIELD.match(text, at)
        quoted, plain, end = match.groups()
        record.append(quoted.replace('""', '"') if quoted is not None else plain or None)
        at = match.end()
        if end == "\n":
            yield record
            record = []


def array(text):
    """A Postgres array as lists; where its elements are counted from is lost."""
    if text.startswith("["):
        text = text[text.index("=") + 1:]
    stack = [[]]
    for match in ITEM.finditer(text):
        brace, _, quoted, plain = match.groups()
        if brace == "{":
            stack.append([])
        elif brace == "}":
            done = stack.pop()
            stack[-1].append(done)
        elif quoted is not None:
            stack[-1].append(re.sub(r"\\(.)", r"\1", quoted, flags=re.S))
        elif plain is not None:
            stack[-1].append(None if plain == "NULL" else re.sub(r"\\(.)", r"\1", plain, flags=re.S))
    return stack[0][0]


def value(column, text):
    if text is None:
        return None
    kind = column["kind"]
    if kind == "bool":
        return int(text == "t")
    if kind == "int":
        return int(text)
    if kind == "float":
        real = float(text)
        if real != real:
            return None
        single = column["type"] in ("real", "float4")
        # SQLite keeps no sign of a zero.
        return struct.unpack("f", struct.pack("f", real))[0] if single and abs(real) != float("inf") else real
    if kind == "time" and "with time zone" in column["type"]:
        return re.sub(r"\+00( BC)?$", r"+00:00\1", text)
    if kind == "text_array":
        return json.dumps(array(text), ensure_ascii=False, separators=(",", ":"))
    if kind == "bytes":
        return bytes.fromhex(text[2:])
    return text


def names(given):
    """SQLite's names do not tell cases apart: of equal ones the first keeps its own."""
    chosen = []
    for name in given:
        if name is not None:
            number, tried = 1, name
            while tried.lower() in [other.lower() for other in chosen if other is not None]:
                number += 1
                tried = f"{name}_{number}"
            name = tried
        chosen.append(name)
    return chosen


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def load(db, table, name, path):
    columns = table["columns"]
    shown = names([column["name"] for column in columns])
    types = [f"{quote(shown[number])} {AFFINITY.get(column['kind'], 'TEXT')}" for number, column in enumerate(columns)]
    db.execute(f"CREATE TABLE {quote(name)} ({', '.join(types)})")
    records = csv_records(path.read_bytes().decode())
    order = next(records)
    places = [order.index(column["name"]) for column in columns]
    db.executemany(f"INSERT INTO {quote(name)} VALUES ({', '.join('?' * len(columns))})",
                   ([value(column, record[place]) for column, place in zip(columns, places)] for record in records))
    by_name = {column["name"]: shown[number] for number, column in enumerate(columns)}
    for number, index in enumerate(table["indexes"]):
        keys = [by_name.get(key) for key in index.get("key_columns", [])]
        if keys and None not in keys:
            db.execute(f"CREATE INDEX {quote(f'{name} {number}')} ON {quote(name)} ({', '.join(map(quote, keys))})")


def main(folder, file):
    schema = json.loads((folder / "schema.json").read_text())
    files = {unquote(path.stem): path for path in folder.glob("*.csv")}
    tables = [table for table in schema["tables"] if "partition_of" not in table]
    shown = names([table["name"] for table in tables])
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        for table, name in zip(tables, shown):
            load(db, table, name, files[table["name"]])
        db.execute("COMMIT")
        db.execute("ANALYZE")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
