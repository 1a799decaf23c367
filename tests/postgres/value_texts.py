"""Texts of values for tests/postgres/values.t, always the same for one seed: value_texts.py SEED.

Each line: how it is held against the server ("same": both take it and print the same, or both refuse it; "if":
what coffer takes the server takes and prints the same), a type, a text. In COPY's text format.
"""
import random
import struct
import sys

rng = random.Random(int(sys.argv[1]))
SPACES = " \t\n\r"
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def emit(how, kind, text):
    print("\t".join([how, kind, "".join(ESCAPES.get(c, c) for c in text)]))


def pick(*choices):
    return rng.choice(choices)


def mutate(text, alphabet):
    """One character more, less or another."""
    at = rng.randint(0, len(text))
    way = rng.randint(0, 2)
    return text[:at] + (rng.choice(alphabet) if way else "") + text[at + (way != 1):]


def digits(least, most):
    return "".join(rng.choice("0123456789") for _ in range(rng.randint(least, most)))


# ---------------------------------------------------------------- JSON

def json_space():
    return "" if rng.random() < 0.7 else "".join(rng.choice(SPACES) for _ in range(rng.randint(1, 3)))


def json_number():
    sign = pick("", "", "-")
    way = rng.random()
    if way < 0.3:
        return sign + pick("0", str(rng.randint(1, 9)), str(rng.randint(10, 10 ** 6)), "1" + digits(0, 40))
    whole = pick("0", "0", str(rng.randint(1, 10 ** 5)), "9" + digits(0, 30))
    fraction = pick("", "", "." + digits(1, 8), "." + digits(1, 40), ".0", ".50", "." + "0" * rng.randint(1, 9))
    exponent = ""
    if way < 0.7:
        exponent = pick("e", "E") + pick("", "+", "-") + pick("0", "00", "1", str(rng.randint(0, 30)), "007")
    elif way < 0.72:
        exponent = "e" + pick("131071", "131072", "-16383", "-16384", "-16380", "131000", "400", "-400",
                              "99999999999999999999", "-1073741823", "1073741822", "-2147483648")
    return sign + whole + fraction + exponent


CHARACTERS = ["a", "b", "Z", " ", "0", "'", "<", "\u00e9", "\u00df", "\u20ac", "\u4e16", "\U0001f600", "\x7f", "\x80",
              "\u2028", "\uffff", "\ufeff", "\U0010ffff", "{", "}", "[", "]", ":", ",", "/"]


def json_character():
    way = rng.random()
    if way < 0.7:
        return rng.choice(CHARACTERS)
    if way < 0.85:
        return "\\" + rng.choice('"\\/bfnrt')
    if way < 0.97:
        code = pick(rng.randint(1, 31), rng.randint(1, 127), rng.randint(128, 0xd7ff), rng.randint(0xe000, 0xffff),
                    rng.randint(0x10000, 0x10ffff), 0x22, 0x5c, 0x2f, 0x7f, 0xe9)
        if code > 0xffff:
            code -= 0x10000
            pair = "\\u%04x\\u%04x" % (0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff))
        else:
            pair = "\\u%04x" % code
        return pick(pair, pair.upper().replace("\\U", "\\u"))
    return pick("\\u0000", "\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud83d\\u0041", "\\ude00\\ud83d", "\\u12", "\\x41",
                "\x01", "\x1f", "\n") if way > 0.995 else "~"


def json_string(most):
    return '"' + "".join(json_character() for _ in range(rng.randint(0, most))) + '"'


NAMES = ["a", "b", "A", "aa", "ab", "ba", "\u00e9", "e\u0301", "", "aaa", "\\u0061", "\\u0061a", "b\\u0061", "\\n", "\\\"", "\\/", "/",
         "\\ud83d\\ude00", "\U0001f600", "\\u00e9", "zz", "z", "a\\tb", "metadata", "user_api_key", "model", "10", "9", "\x7f", "\u0080"]


def json_value(depth):
    way = rng.random()
    if depth > 0 and way < 0.25:
        members = [json_space() + (json_string(4) if rng.random() < 0.1 else '"' + rng.choice(NAMES) + '"') +
                   json_space() + ":" + json_space() + json_value(depth - 1) + json_space()
                   for _ in range(pick(0, 1, 2, 3, rng.randint(0, 12)))]
        return "{" + (",".join(members) or json_space()) + "}"
    if depth > 0 and way < 0.4:
        items = [json_space() + json_value(depth - 1) + json_space() for _ in range(pick(0, 1, 2, rng.randint(0, 8)))]
        return "[" + (",".join(items) or json_space()) + "]"
    if way < 0.65:
        return json_string(rng.randint(0, 20))
    if way < 0.9:
        return json_number()
    return pick("true", "false", "null")


def json_documents(count):
    for _ in range(count):
        text = json_space() + json_value(rng.randint(0, 5)) + json_space()
        emit("same", "jsonb", text)
        if rng.random() < 0.3:
            emit("same", "json", text)
        if rng.random() < 0.4:
            broken = mutate(text, '{}[]:,"\\ \t0159.eE+-tfnul/ab\u00e9\x0b\x01')
            emit("same", pick("json", "jsonb", "jsonb"), broken)
    for count in (2, 3, 30, 31, 32, 33, 100, 1000):
        names = ["%s%d" % (pick("", "x", "\\u0078"), rng.randint(0, count)) for _ in range(count)]
        emit("same", "jsonb", "{%s}" % ",".join('"%s":%d' % (name, i) for i, name in enumerate(names)))
        emit("same", "jsonb", "{%s}" % ", ".join('"%s":%d' % (name, i) for i, name in enumerate(sorted(names))))
    for depth in (1, 2, 63, 64, 65, 66, 128, 1000, 5000):
        emit("same", "jsonb", "[" * depth + "]" * depth)
        emit("same", "jsonb", '{"a":' * depth + '{"b":1,"a":2}' + "}" * depth)
        emit("same", "json", "[" * depth + "]" * depth)
        emit("same", "jsonb", '{"b":1, "a":[' * (depth // 3) + "]}" * (depth // 3))
        emit("same", "jsonb", "[" * depth + "]" * (depth - 1))


# ---------------------------------------------------------------- numbers

def padded(text):
    return pick("", "", "", " ", "\t ", "\n", "\v", "\f\r") + text + pick("", "", "", " ", "\t ", "\n", "\v")


def integers(count):
    for width, kind in ((2, "smallint"), (4, "integer"), (8, "bigint")):
        edge = 1 << (8 * width - 1)
        for number in (edge, edge - 1, edge + 1, 0, 1, 10 * edge, edge // 10, 1 << 64, 1 << 63, (1 << 64) + 1):
            for sign in ("", "-", "+", "- ", "--", "-0000000000000000000000000"):
                emit("same", kind, padded(sign + str(number)))
        for text in ("", " ", "-", "+", "1.0", "1e2", "one", "1 2", "\u0661", "NULL"):
            emit("same", kind, text)
        for _ in range(count):
            text = pick("", "-", "+") + digits(1, pick(3, 6, 11, 20, 30))
            emit("same", kind, padded(text))
            emit("same", kind, mutate(text, "0123456789-+ .\t"))


def booleans():
    for word in ("true", "false", "yes", "no", "on", "off", "1", "0", "10", "01", "tf", "trues", "", " ", "2", "-1", "ja", "n o"):
        for size in range(len(word) + 1):
            for text in (word[:size], word[:size].upper(), word[:size].capitalize()):
                emit("same", "boolean", padded(text))


def float_text():
    way = rng.random()
    if way < 0.15:
        bits = rng.getrandbits(64)
        return repr(struct.unpack("<d", struct.pack("<Q", bits))[0])
    if way < 0.3:
        bits = rng.getrandbits(32)
        return "%.*g" % (rng.randint(1, 30), struct.unpack("<f", struct.pack("<I", bits))[0])
    if way < 0.4:
        return pick("1e308", "1.7976931348623157e308", "1.7976931348623159e308", "1e309", "4.9e-324", "2.4e-324", "2.5e-324",
                    "1e-400", "1e400", "3.4028235e38", "3.4028236e38", "1e39", "1e-45", "7e-46", "7.1e-46", "1e-46", "1.17549429e-38",
                    "0e999999", "0.1e1000000", "0." + "0" * 400 + "1", "1" + "0" * 400)
    if way < 0.5:
        return pick("NaN", "nan", "NAN", "Infinity", "-Infinity", "+Infinity", "inf", "-INF", "+inf", "infinit", "infinityx", "nan(",
                    "-nan", "nan(123)", "0x1A", "0x1p-3", "-0x.8p1", "0x", "1e", "1e+", ".", ".5", "5.", "-.5e3", "+1", "1d3", "1f", "1,5")
    return pick("", "-") + digits(0, 20) + pick("", ".") + digits(1, 20) + pick("", "", "e%d" % rng.randint(-330, 330))


def floats(count):
    # Halfway between two float4, which a way through a double rounds wrongly.
    for text in ("1.00000005960464477539062500001", "1.0000000596046447753906249999", "16777217.0000000001", "-0", "0", "-0.0"):
        emit("same", "real", text)
        emit("same", "double precision", text)
    for _ in range(count):
        text = float_text()
        emit("same", pick("real", "double precision"), padded(text))
        if rng.random() < 0.3:
            emit("same", pick("real", "double precision"), mutate(text, "0123456789-+ .eE"))


def numerics(count):
    kinds = ["numeric", "numeric", "numeric(5,2)", "numeric(12,4)", "numeric(3,0)", "numeric(38,10)", "numeric(1000,0)",
             "numeric(1000,1000)", "price"]
    new = ["numeric(2,4)", "numeric(3,-2)", "numeric(1,-1)"]  # From Postgres 15 on.
    for text in ("NaN", "nan", " NAN ", "+NaN", "-NaN", "Infinity", "inf", "-inf", "+INFINITY", "-infinity", "infinit", "", " ", ".",
                 "-", "1e", "1e+", ".5", "5.", "-.5", "1.e2", "+1", "--1", "1 2", "0x", "1e1073741822", "0e1073741822",
                 "1e131071", "1e131072", "9.99e131071", "1e-16383", "1e-16384", "0e-16383", "0e-16384", "-0.00", "00012.50",
                 "0." + "0" * 16383, "0." + "0" * 16384, "9" * 1001, "0.5", "999.5", "999.4999", "9.95", "99.5", "9.5", "999.995", "999.994",
                 "-999.995", "0.004", "0.005", "-0.005", "0.00001", "1e3", "1e-3", "12345678.00005", "99999999.99995"):
        for kind in kinds + new:
            emit("same", kind, text)
    for _ in range(count):
        text = pick("", "-", "+") + pick(digits(1, 5), digits(0, 40)) + pick("", "." + digits(0, 6), "." + digits(1, 40))
        if rng.random() < 0.3:
            text += pick("e", "E") + str(rng.randint(-45, 45))
        emit("same", rng.choice(kinds + new), padded(text))
        emit("same", rng.choice(kinds), mutate(text, "0123456789-+.eE"))
        emit("if", rng.choice(kinds), mutate(text, "0123456789-+ .eE"))  # Up to 15 a blank may follow the E.


# ---------------------------------------------------------------- times

def clock():
    hour, minute = pick("%02d", "%d") % rng.randint(0, 24), pick("%02d", "%02d", "%d") % rng.randint(0, 59)
    if rng.random() < 0.1:
        return "%s:%s" % (hour, minute)
    second = pick("%02d", "%02d", "%d") % pick(rng.randint(0, 59), rng.randint(0, 59), 60, 59, 0)
    fraction = pick("", "." + digits(1, 3), "." + digits(1, 6), "." + digits(7, 12), ".%s5" % digits(6, 6), ".9999995", ".999999499999",
                    ".0000005", ".5", ".0005", ".%s5" % digits(3, 3), "." + digits(15, 40))
    return "%s:%s:%s%s" % (hour, minute, second, fraction)


def zone():
    return pick("", "", "", "Z", "z", " Z", "+00", "+00:00", "-00", "+05:30", "-08", " -08", "+1", "+0530", "-930", "+5:3", "+15:59:59", "-15:59:59",
                "+16", " UTC", "utc", "gmt", "+12:60", "+%02d:%02d" % (rng.randint(0, 15), rng.randint(0, 59)))


def day():
    year = pick(rng.randint(1900, 2100), rng.randint(1900, 2100), rng.randint(1, 9999), rng.randint(10000, 294300), 2000, 1999,
                rng.randint(4700, 4720))
    month = rng.randint(1, 12) if rng.random() < 0.98 else pick(0, 13)
    return "%s-%s-%s" % (pick("%04d", "%04d", "%06d") % year, pick("%02d", "%02d", "%d") % month,
                         pick("%02d", "%02d", "%d") % pick(rng.randint(1, 28), rng.randint(28, 31), rng.randint(28, 32)))


def moment():
    text = day()
    if rng.random() < 0.9:
        text += pick(" ", "T", " ", "  ", "t", " T ") + clock() + zone()
    return text + pick("", "", "", "", " BC", "BC", " AD", " bc")


def times(count):
    kinds = ["timestamp without time zone", "timestamp with time zone", "date", "timestamp(3) without time zone",
             "timestamp(0) with time zone", "timestamp(6) without time zone", "timestamp(1) without time zone", "when"]
    emit("if", "date", "+infinity")  # From Postgres 16 on.
    for text in ("infinity", "-infinity", " Infinity ", "inf", "epoch", " EPOCH ", "allballs", "", " ", "2024", "2024-02-30",
                 "2023-02-29", "1900-02-29", "2000-02-29", "4714-11-24 BC", "4714-11-23 BC",
                 "294276-12-31 23:59:59.9999999", "294277-01-01", "0000-01-01", "0001-01-01 BC", "5874897-12-31", "5874898-01-01",
                 "4714-11-24 00:00:00+01 BC", "4714-11-24 00:00:00-01 BC", "1999-12-31 23:59:59.9995", "1999-12-31 23:59:59.9994",
                 "2000-01-01 00:00:00.0005", "1999-12-31 23:59:59.5", "2024-01-01 24:00:00", "2024-01-01 24:00:01", "2024-01-01 23:59:60",
                 "2024-01-01T10:20", "2024-01-01 10", "-2024-01-01"):
        for kind in kinds:
            emit("same", kind, text)
    for _ in range(count):
        text = moment()
        emit("same", rng.choice(kinds), text)
        emit("if", rng.choice(kinds), mutate(text, "0123456789-+ .:TZBCAD"))


# ---------------------------------------------------------------- texts

def text_of(most):
    return "".join(rng.choice(["a", "b", " ", "\u00e9", "\U0001f600", "\u4e16", "\t", "\\", "'", '"']) for _ in range(rng.randint(0, most)))


def texts(count):
    for _ in range(count):
        kind = pick("text", "character varying(3)", "character varying(10)", "character varying", "character(1)", "character(5)",
                    "character(10)")
        emit("same", kind, text_of(pick(3, 6, 12)) + " " * pick(0, 0, 1, 4, 12))
    for label in ("sad", "ok", 'very "happy"', "Sad", "sad ", " sad", "", "very happy"):
        emit("same", '"Mood"', label)


def hex_digits(count):
    return "".join(rng.choice("0123456789abcdefABCDEF") for _ in range(count))


def bytes_and_uuids(count):
    for _ in range(count):
        text = "\\x" + pick("", " ", "").join(hex_digits(2) for _ in range(rng.randint(0, 12)))
        emit("same", "bytea", text)
        emit("same", "bytea", mutate(text, "0123456789abcdefgx \\\n\t\v"))
        text = "".join(pick("a", "\\\\", "\\" + oct(rng.randint(0, 255))[2:].zfill(3), "\u00e9", "x", "7", "\\8", "\\400", "\\12")
                       for _ in range(rng.randint(0, 8)))
        emit("same", "bytea", text)
        text = pick("", "{") + pick("", "-").join(hex_digits(4) for _ in range(8)) + pick("", "}")
        emit("same", "uuid", text)
        whole = hex_digits(32)
        emit("same", "uuid", "-".join([whole[:8], whole[8:12], whole[12:16], whole[16:20], whole[20:]]))
        emit("same", "uuid", mutate(text, "0123456789abcdefg-{} "))


# ---------------------------------------------------------------- arrays

def array_element():
    way = rng.random()
    if way < 0.1:
        return pick("NULL", "null", "Null", '"NULL"', "N\\ULL", "NULLS", "\\NULL")
    if way < 0.5:
        return pick("a", "b c", " x ", "a\\,b", "\\\"", "\u00e9", "1.5", "a\\ ", "\\  b", "-", "[", "=", "a'b", "a\tb", ":")
    return '"' + "".join(pick("a", " ", ",", "{", "}", '\\"', "\\\\", "\u4e16", "\\a", "\n", "'") for _ in range(rng.randint(0, 5))) + '"'


def array_level(sizes):
    space = pick("", "", "", " ", "\n")
    if len(sizes) == 1:
        items = [space + array_element() + space for _ in range(sizes[0])]
    else:
        items = [space + array_level(sizes[1:]) + space for _ in range(sizes[0])]
    return "{" + ",".join(items) + "}"


def arrays(count):
    emit("if", "text[]", "{{},{}}")  # From Postgres 17 on.
    for text in ("{}", " { } ", "{a,}", "{,a}", "{,}", "{a}b", "a", "", "{", "}", "{a", '{"a}', '{"a"b}', '{a"b"}', '{"a""b"}',
                 "[1:1]={a}", "[1:2]={a}", "[2:3]={a,b}", "[0:0]={a}", "[-1:0]={a,b}", "[2:1]={}", "[1:1]={}", "[2]={a,b}", "[1:2][1:1]={{a},{b}}",
                 "[1:1] [1:1] = {{a}}", "[1:1][2:2]={{a}}", "[+1:+1]={a}", "[1 :1]={a}", "[:1]={a}", "[1:]={a}", "[]={a}", "[1:1]{a}",
                 "[1:1]= {a}", " [1:1]={a}", "{{a,b},{c}}", "{{a},b}", "{a,{b}}", "{{{{{{x}}}}}}", "{{{{{{{x}}}}}}}", "{\\", "{a\\", "{\\}}",
                 "[1:1][1:1][1:1][1:1][1:1][1:1]={{{{{{a}}}}}}", "{NULL}", '{"NULL"}', "{null,NULL}", "{ }", "{\"\"}", "{a b,c  d}", "{a\vb,\f}"):
        emit("same", "text[]", text)
    for _ in range(count):
        sizes = [rng.randint(1, 4)] if rng.random() < 0.6 else [rng.randint(1, 3) for _ in range(rng.randint(2, 6))]
        text = array_level(sizes)
        if rng.random() < 0.3:
            lowers = [rng.randint(-3, 3) for _ in sizes]
            text = "".join("[%d:%d]" % (low, low + size - 1) for low, size in zip(lowers, sizes)) + "=" + text
        emit("same", "text[]", text)
        emit("if", "text[]", mutate(text, '{},"\\ ab[]=:1N'))


json_documents(4000)
integers(150)
booleans()
floats(1500)
numerics(600)
times(1500)
texts(600)
bytes_and_uuids(300)
arrays(600)
