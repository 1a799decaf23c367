#!/usr/bin/python3
"""A dump of a database whose values and names SQL stumbles over, for `coffer import` and for psql: nasty.py [--brief]

Every type, each with its extremes, in tables with every kind of index; texts that look like numbers or like one
another; times of other eras beside tables whose times are all of the years 1 to 9999. --brief leaves out the values of
a megabyte. The same bytes at every run.
"""
import random, re, sys

TEXTS = ["", "a", "A", "ab", "AB", "Ab", "a ", " a", "b", "B", "ä", "Ä", "ß", "ss", "é", "e\u0301", "5", "5.0", "05", "5e0",
         "+5", " 5", "5 ", "0", "-0", "0.0", "1", "1.5", "10", "9", "-1", "0x10", "1e400", "NULL", "null", "true", "t", "nan",
         "inf", "Infinity", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e18", "9007199254740993",
         "%", "_", "a%", "a_b", "*", "[a]", "\\", "a\\b", "'", "\"", "a\nb", "a\rb", "\t", "\u0001", "\u001f", "\u007f", "\\0", "a,b",
         "😀", "\uffff", "\ufffd", "\U0010ffff", "0123456789abcdef", "deadbeefdeadbeefdeadbeefdeadbeef", "2024-11-05",
         "2024-11-05 10:20:30", "zz", "long " * 300, "é" * 700, "0123456789abcdef" * 200]
INTS2 = [0, 1, -1, 5, 10, 9, 2, 3, 4, 32767, -32768, 255, 256, 127, 128]
INTS4 = INTS2 + [2147483647, -2147483648, 16777217, 65535, 65536, 100000]
INTS8 = INTS4 + [9223372036854775807, -9223372036854775808, 9223372036854775806, 9007199254740992, 9007199254740993,
                 -9007199254740993, 4611686018427387904, 1000000000000000000]
FLOATS = ["0", "-0", "1", "-1", "5", "0.5", "1.5", "-1.5", "0.1", "0.30000000000000004", "1e22", "1e23", "9007199254740993",
          "9223372036854775807", "-9223372036854775808", "1.7976931348623157e308", "-1.7976931348623157e308", "5e-324", "-5e-324",
          "2.2250738585072014e-308", "NaN", "Infinity", "-Infinity", "10", "9", "4.35", "1e15", "1e16", "123456789.125"]
SINGLES = ["0", "-0", "1", "-1", "5", "0.5", "0.1", "16777216", "3.4028235e38", "-3.4028235e38", "1e-45", "1.1754944e-38", "NaN",
           "Infinity", "-Infinity", "9", "10", "1.5"]
NUMERICS = ["0", "0.0", "5", "5.0", "5.00", "-5", "10", "9", "123456789012345678901234567890.123456789", "NaN", "0.1", "1e3", "-0.001"]
MONEY = ["0", "5", "5.5", "-5.25", "99999999.99", "10", "9"]
UUIDS = ["00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "ffffffff-ffff-ffff-ffff-ffffffffffff",
         "12345678-1234-1234-1234-123456789abc"]
DATES = ["2024-11-05", "2024-02-29", "1970-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "0044-03-15 BC", "infinity", "-infinity"]
CLOCKS = ["00:00:00", "10:20:30", "10:20:30.5", "23:59:59.999999", "24:00:00"]
TAME = ["2024-11-05 10:20:30", "2024-11-05 10:20:30.1", "2024-11-05 10:20:30.12", "2024-11-05 10:20:30.123", "2024-11-05 10:20:30.999",
        "2024-11-05 10:20:31", "2024-11-05 00:00:00", "2024-11-04 23:59:59.999", "2024-11-06 00:00:00", "2024-11-30 12:00:00",
        "2024-12-01 00:00:00", "2024-02-29 12:34:56.789", "2023-12-31 23:59:59", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999",
        "2000-01-01 00:00:00", "0001-01-01 00:00:00", "0999-12-31 00:00:00", "1000-01-01 00:00:00", "9999-12-31 23:59:59.999",
        "1582-10-10 00:00:00", "1900-02-28 00:00:00"]
WILD = ["infinity", "-infinity", "10000-01-01 00:00:00", "10000-01-01 00:00:00.5", "99999-12-31 23:59:59", "294276-12-31 23:59:59.999",
        "0001-12-31 23:59:59 BC", "0044-03-15 12:00:00 BC", "4713-11-24 00:00:00 BC", "0001-01-01 00:00:00 BC", "20000-06-15 06:00:00"]
FINE = ["2024-11-05 10:20:30.123456", "2024-11-05 10:20:30.000001", "2024-11-05 10:20:29.999999", "1969-12-31 23:59:59.999999",
        "2024-11-05 10:20:30.12345"]
# Texts that date() takes for a time, or nearly.
MOMENTS = ["2024-11-05 10:20:30", "2024-11-05 10:20:30.25", "2024-02-29 00:00:00", "2023-02-29 10:20:30", "2024-02-30 10:20:30", "1900-02-29 10:20:30",
           "2000-02-29 10:20:30", "2024-11-31 10:20:30", "2024-12-31 23:59:59.999", "2024-12-31 23:59:59.9996", "2024-12-31 23:59:59.9989", "2024-11-05 24:00:00",
           "2024-11-05 25:00:00", "2024-11-05 10:60:30", "2024-11-05 10:20:60", "2024-00-05 10:20:30", "2024-13-05 10:20:30", "2024-11-00 10:20:30",
           "2024-11-32 10:20:30", "0000-01-01 00:00:00", "0000-02-29 10:20:30", "-2024-11-05 10:20:30", "2024-11-05T10:20:30", "2024-11-05 10:20", "2024-11-05",
           "2024-11-05 10:20:30+00:00", "2024-11-05 00:20:30+05:30", "2024-11-05 10:20:30.5+00:00", "2024-11-05 10:20:30+00", "2024-11-05 10:20:30Z",
           "2024-11-05 10:20:30.", "2024-11-05 10:20:30.x", "2024-11-05 10:20:30 ", " 2024-11-05 10:20:30", "2024-11-05x10:20:30", "2024/11/05 10:20:30",
           "2024-11-05 1a:20:30", "20241-11-05 10:20:30", "10:20:30", "2460619.5", "0", "no time"]
LOOSE = ["null", "{}", "[]", "\"\"", "0", "-0", "5", "5.0", "1e2", "1.50", "\"5\"", "true", "false", "{\"a\": 1, \"a\": 2}", " [1, 2]", "[1,[2,{\"b\":null}]]",
         "{\"a\":{\"b\":[10,20,30]}}", "\"a\\u00e9\\n\"", "12345678901234567890.5", "{\"$json\": 1}", "9223372036854775808", "{\"k e y\": \"v\"}"]
LISTS = ["{}", "{a}", "{a,b}", "{b,a}", "{NULL}", "{\"\"}", "{NULL,\"NULL\",null}", "{\"a,b\",\"c\\\"d\",\"e\\\\f\"}", "{\"x\\ny\",ä,😀}", "{a,a,a}",
         "{{a,b},{c,NULL}}", "[0:1]={a,b}", "{5,5.0,true}", "{\"\t\",\"\u0001\",\"\u007f\"}"]
BYTES = ["", "00", "61", "6100", "ff", "00ff00ff", "35", "c3a4", "41", "deadbeef" * 60]
MOODS = ["sad", "ok", "very \"happy\"", "Ok"]
FIXED = ["", "a", "ab", "5", "abcde"]

draw = random.Random(20241105)


def copied(text):
    """A value as COPY has it."""
    if text is None:
        return "\\N"
    for plain, escaped in ("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"):
        text = text.replace(plain, escaped)
    return text


def table(name, columns, rows, *after):
    print(f"\nCREATE TABLE {name} (\n    " + ",\n    ".join(columns) + "\n);\n")
    names = ", ".join(re.match(r'"(?:[^"]|"")*"|\w+', column).group() for column in columns)
    print(f"COPY {name} ({names}) FROM stdin;")
    for row in rows:
        print("\t".join(copied(None if value is None else str(value)) for value in row))
    print("\\.\n")
    print("\n".join(statement + ";" for statement in after))


def cycle(values, count, nulls=True):
    """Each value at least once as long as there is room, in an order of its own, with NULLs among them."""
    pool = list(values) + ([None] * max(1, len(values) // 8) if nulls else [])
    out = []
    while len(out) < count:
        part = pool[:]
        draw.shuffle(part)
        out += part
    return out[:count]


def zoned(times):
    return [time.replace(" BC", "+00 BC") if time.endswith(" BC") else time + ("" if "infinity" in time else "+00") for time in times]


def whole(times):
    return [time for time in times if "." not in time]


EVERY = [("id integer NOT NULL", None), ("b boolean", ["t", "f"]), ("i2 smallint", INTS2), ("i4 integer", INTS4), ("i8 bigint", INTS8),
         ("f4 real", SINGLES), ("f8 double precision", FLOATS), ("num numeric", NUMERICS), ("money numeric(10,2)", MONEY),
         ("u uuid", UUIDS), ("d date", DATES), ("t time without time zone", CLOCKS),
         ("ts timestamp without time zone", TAME + WILD + FINE), ("ts0 timestamp(0) without time zone", whole(TAME)),
         ("ts3 timestamp(3) without time zone", TAME), ("tz timestamp with time zone", zoned(TAME + WILD + FINE)),
         ("tz3 timestamp(3) with time zone", zoned(TAME)), ("j json", LOOSE), ("jb jsonb", LOOSE), ("l text[]", LISTS), ("y bytea",
         ["\\x" + text for text in BYTES]), ("e public.mood", MOODS), ("s text", TEXTS), ("v character varying(40)",
         [text for text in TEXTS if len(text) <= 40]), ("c character(5)", FIXED)]


def every(name, count):
    columns = [column for column, _ in EVERY]
    drawn = [cycle(values, count) for _, values in EVERY[1:]]
    rows = [[number + 1, *(values[number] for values in drawn)] for number in range(count)]
    single = [column.split(" ")[0] for column in columns[1:] if not column.startswith(("j ", "jb ", "l ", "num", "money", "u ", "t "))]
    after = [f"ALTER TABLE ONLY public.{name} ADD CONSTRAINT {name}_pkey PRIMARY KEY (id)"] if count else []
    after += [f"CREATE INDEX {name}_{column}_idx ON public.{name} USING btree ({column})" for column in single]
    for number, keys in enumerate(["b, i4", "i4, ts3", "ts3, i8", "f8, i4", "i2, b, ts3", "ts, i4", "f4, f8", "i8, tz"]):
        after.append(f"CREATE INDEX {name}_pair{number} ON public.{name} USING btree ({keys})")
    table(f"public.{name}", columns, rows, *after)


def many():
    tags = ["", "a", "A", "a ", "b", "5", "5.0", "05", "x", "zebra", "2024-11-05", None]
    rows = []
    for number in range(1500):
        day, ms = draw.randrange(40), draw.choice([0, 1, 100, 120, 123, 500, 999])
        at = f"2024-{10 + day // 30:02}-{1 + day % 30:02} {draw.randrange(24):02}:{draw.randrange(60):02}:{draw.randrange(60):02}"
        at += f".{ms:03}".rstrip("0") if ms else ""
        rows.append([number * 7 % 1500 - 100, draw.choice(tags), at if number % 50 else "2024-10-15 12:00:00",
                     draw.choice([None, 0, 1, 2, 3, 5, 5, 5, 10, -1]), draw.choice([None, 0.5, 1.5, 2.25, 5, -3, 1e10]),
                     draw.choice([None, *range(-3, 90)]), draw.choice("tf"), draw.choice(TEXTS[:40] + [None])])
    table("public.many", ["id bigint NOT NULL", "a text", "at timestamp(3) without time zone NOT NULL", "n integer",
                          "x double precision", "ref integer", "b boolean NOT NULL", "s text"], rows,
          "ALTER TABLE ONLY public.many ADD CONSTRAINT many_pkey PRIMARY KEY (id)",
          *(f"CREATE INDEX many_{number} ON public.many USING btree ({keys})" for number, keys in
            enumerate(["a, at", "at", "n, at", "n", "x", "a", "a, n", "ref", "b, at", "n, x", "a, b, n, at"])))


def pairs():
    rows, seen, three = [], set(), set()
    for number in range(300):
        k1, k2 = draw.choice(TEXTS[:24] + [None, None]), draw.choice([None, 0, 1, 2, 5, 10])
        k3, k4 = draw.choice(["a", "A", "b", "5", "", None]), draw.choice([None, *range(30)])
        if (None not in (k1, k2) and (k1, k2) in seen) or (k3, k4) in three:
            continue
        seen.add((k1, k2))
        three.add((k3, k4))
        rows.append([draw.choice(TEXTS[:30]) + str(number), number % 7, k1, k2, k3, k4, number if number % 5 else None])
    table("public.pairs", ["p text NOT NULL", "q smallint NOT NULL", "k1 text", "k2 bigint", "k3 text", "k4 integer", "u integer"], rows,
          "ALTER TABLE ONLY public.pairs ADD CONSTRAINT pairs_pkey PRIMARY KEY (p, q)",
          "ALTER TABLE ONLY public.pairs ADD CONSTRAINT pairs_k1_k2_key UNIQUE (k1, k2)",
          "ALTER TABLE ONLY public.pairs ADD CONSTRAINT pairs_k3_k4_key UNIQUE NULLS NOT DISTINCT (k3, k4)",
          "CREATE UNIQUE INDEX pairs_u_key ON public.pairs USING btree (u)")


def keyed(name, type, values):
    """A table whose primary key is of the type."""
    rows = [[value, number] for number, value in enumerate(dict.fromkeys(values))]
    table(f"public.{name}", [f"k {type} NOT NULL", "n integer"], rows,
          f"ALTER TABLE ONLY public.{name} ADD CONSTRAINT {name}_pkey PRIMARY KEY (k)")


def names():
    rows = [[number, text, text.upper(), number % 3, text or None, number] for number, text in enumerate(TEXTS[:30])]
    table('public."Case"', ["id integer NOT NULL", '"name" text', '"NAME" text', '"select" integer', '"a ""b"" c" text', '"rowid" integer'],
          rows, 'ALTER TABLE ONLY public."Case" ADD CONSTRAINT "Case_pkey" PRIMARY KEY (id)',
          'CREATE UNIQUE INDEX "Case_rowid" ON public."Case" USING btree ("rowid")')
    table('public."case"', ["id integer NOT NULL", '"group" text', '"Group" text', '"GROUP" text'], [row[:4] for row in rows[:9]],
          'ALTER TABLE ONLY public."case" ADD CONSTRAINT case_pkey PRIMARY KEY (id)')
    table('public."order"', ['"from" integer NOT NULL', '"where" text', '"limit" integer'],
          [[number, draw.choice(TEXTS[:20]), draw.choice([None, 1, 2])] for number in range(40)],
          'CREATE INDEX order_limit ON public."order" USING btree ("limit")',
          'ALTER TABLE ONLY public."order" ADD CONSTRAINT order_from_fkey FOREIGN KEY ("limit") REFERENCES public."case"(id)')


def wide():
    """More columns than SQLite tells a table apart by: those from 63 on are one to it."""
    rows = [[number * 70 + place if (number + place) % 9 else None for place in range(70)] for number in range(60)]
    rows = [[row[0] or 0] + [None if value is None else value % (place + 2) for place, value in enumerate(row[1:])] for row in rows]
    table("public.wide", ["c0 integer NOT NULL"] + [f"c{place} integer" for place in range(1, 70)], rows,
          *(f"CREATE INDEX wide_{number} ON public.wide USING btree ({keys})" for number, keys in enumerate(["c1", "c65", "c62, c63", "c65, c66", "c1, c69"])))


def large():
    rows = [[1, "x" * 1_200_000, "\\x" + "5c" * 700_000, '{"a":"' + "j" * 900_000 + '"}', "{" + ",".join(["word"] * 30_000) + "}"],
            [2, "x" * 1_199_999 + "y", "\\x" + "5c" * 699_999 + "5d", '{"a":"' + "j" * 899_999 + 'k"}', "{}"],
            [3, "0123456789abcdef" * 300, "\\x" + "00" * 2000, "[" + "1, " * 3000 + "2]", "{" + "é" * 1500 + "}"],
            [4, "short", "\\x", "{}", "{a}"], [5, None, None, None, None]]
    table("public.large", ["id integer NOT NULL", "s text", "y bytea", "j jsonb", "l text[]"], rows,
          "ALTER TABLE ONLY public.large ADD CONSTRAINT large_pkey PRIMARY KEY (id)",
          "ALTER TABLE ONLY public.large ADD CONSTRAINT large_s_key UNIQUE (s)")


def main(is_brief):
    print("SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\nSET client_min_messages = warning;\n")
    print("CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'very \"happy\"', 'Ok');")
    every("every", 220)
    every("vacant", 0)
    many()
    pairs()
    keyed("texts", "text", TEXTS)
    keyed("ints", "bigint", INTS8)
    keyed("floats", "double precision", [text for text in FLOATS if text != "-0"])
    keyed("singles", "real", [text for text in SINGLES if text != "-0"])
    keyed("times", "timestamp without time zone", TAME + WILD + FINE)
    keyed("tame", "timestamp(3) without time zone", TAME)
    keyed("zoned", "timestamp with time zone", zoned(TAME + FINE))
    keyed("moments", "text", MOMENTS)
    keyed("bytes", "bytea", ["\\x" + text for text in BYTES])
    keyed("uuids", "uuid", UUIDS)
    keyed("exact", "numeric", [text for text in NUMERICS if text not in ("0.0", "5.0", "5.00")])
    keyed("bools", "boolean", ["t", "f"])
    names()
    table("public.keyless", ["a text", "n integer"], [["x", 1], ["x", 1], [None, None], [None, None], ["", 0], ["X", 1], ["x", 2]])
    wide()
    if not is_brief:
        large()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main("--brief" in sys.argv[1:])
