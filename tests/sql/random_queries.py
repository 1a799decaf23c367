#!/usr/bin/python3
"""Random questions over what native.py has loaded: random_queries.py SEED COUNT NAME=NATIVE... (the first NAME is "main")

Prints queries as queries.sql says at its top, each with one determined answer: what is ordered and limited is ordered by
everything that it shows, or by row numbers behind what the query orders by; floats are summed only where sums are tame.
Literals come from the columns' own rows, other columns' rows, neighbours of both, and a list of nasty ones.
"""
import random, sqlite3, sys

NASTY = [0, 1, -1, 5, 2, 10, 255, 32767, 32768, -32769, 2**31 - 1, 2**31, -2**31 - 1, 2**53, 2**53 + 1, 2**63 - 1, -2**63, 5.0, 0.5, -0.0, 4.5,
         1e18, 9223372036854775807.0, -9223372036854775808.0, 1e19, 9007199254740992.0, 1e308, 5e-324, 1e999, -1e999, "", "5", "5.0", " 5", "5 ", "05",
         "5e0", "0x5", "a", "A", "ä", "z", "1e400", "nan", "inf", "NULL", "true", "-1", "9223372036854775807", "9223372036854775808",
         "2024", "2024-11-05", "2024-11-05 10:20:30", "2024-11-05T10:20:30", "2024-11-05 10:20", "2024-11-05 10:20:30.12", "2024-11-05 10:20:30.120",
         "2024-11-05 10:20:30+00:00", "2024-11-05 10:20:30Z", "2024-11-31", "9999-12-31 23:59:59.999", "10000", "0001-01-01 00:00:00", "0000",
         "infinity", "-infinity", "x", "~", b"", b"5", b"a", b"\x00", b"\xff", None]
COMPARE = ["=", "=", "=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT", "IS NOT DISTINCT FROM", "IS DISTINCT FROM"]
SAMPLE = 60
WIDE = 2**40


class Column:
    def __init__(self, name, affinity, values):
        self.name, self.affinity, self.values = name, affinity, values
        numbers = [value for value in values if isinstance(value, (int, float))]
        self.is_summed = affinity in ("INTEGER", "REAL") and all(abs(value) < WIDE for value in numbers)
        self.is_exact = affinity == "INTEGER"


class Table:
    def __init__(self, db, schema, name):
        self.full = f"{schema}.{quote(name)}" if schema != "main" else quote(name)
        self.rows = db.execute(f"SELECT count(*) FROM {self.full}").fetchone()[0]
        self.columns = []
        for _, column, affinity, *_ in db.execute(f"PRAGMA {schema}.table_info({quote(name)})").fetchall():
            found = db.execute(f"SELECT {quote(column)} FROM {self.full} WHERE length({quote(column)}) < 3000 OR {quote(column)} IS NULL "
                               f"ORDER BY rowid * 7919 % 10007 LIMIT {SAMPLE}").fetchall()
            self.columns.append(Column(quote(column), affinity, [value for value, in found]))
        by_name = {column.name: column for column in self.columns}
        self.indexes = []
        for _, index, *_ in db.execute(f"PRAGMA {schema}.index_list({quote(name)})").fetchall():
            keys = db.execute(f"PRAGMA {schema}.index_info({quote(index)})").fetchall()
            self.indexes.append([by_name[quote(key)] for _, _, key in keys])
        self.indexes.sort(key=lambda keys: [key.name for key in keys])


def quote(name):
    return '"' + name.replace('"', '""') + '"'


class Query:
    """One query while it is made."""

    def __init__(self, draw, tables):
        self.draw, self.tables, self.bound, self.counts, self.aliases = draw, tables, [], set(), 0
        self.weights = [1 + min(table.rows, 200) for table in tables]

    def maybe(self, share):
        return self.draw.random() < share

    # ------------------------------------------------------------ values

    def literal(self, value, may_bind=True):
        if may_bind and self.maybe(0.25):
            self.bound.append(value)
            return f"?{len(self.bound)}"
        return text_of(value)

    def near(self, value):
        """A neighbour of the value, or what looks like it in another type."""
        draw = self.draw
        if isinstance(value, int):
            return draw.choice([value + 1, value - 1, value + 0.5, float(value), str(value), f"{value}.0", f" {value}", value])
        if isinstance(value, float):
            if value != value or abs(value) > 1e300:
                return value
            return draw.choice([value * 2, value + 1, repr(value), int(value), -value, value])
        if isinstance(value, str):
            return draw.choice([value[:draw.randrange(len(value) + 1)], value + "0", value + " ", value.upper(), value.lower(), value.replace(" ", "T"),
                                value.encode(), value.rstrip("0"), value[:10], value[:19] + ".5"])
        if isinstance(value, bytes):
            return draw.choice([value[:-1], value + b"\0", value.decode(errors="ignore").replace("\0", "")])
        return value

    def value_for(self, column):
        roll = self.draw.random()
        values = column.values
        if roll < 0.5 and values:
            return self.draw.choice(values)
        if roll < 0.72 and values:
            return self.near(self.draw.choice(values))
        if roll < 0.8:
            other = self.draw.choice(self.draw.choice(self.tables).columns).values
            return self.draw.choice(other) if other else None
        return self.draw.choice(NASTY)

    def bindings(self):
        """What its parameters are, one time after the other; those of LIMIT and OFFSET stay numbers."""
        if not self.bound:
            return []
        again = [[self.near(value) if self.maybe(0.6) else self.draw.choice(NASTY) for value in self.bound] for _ in range(self.draw.choice([0, 1, 3]))]
        return [self.bound] + [[kept if number in self.counts else value for number, (kept, value) in enumerate(zip(self.bound, values))] for values in again]

    # ------------------------------------------------------------ predicates

    def shown(self, alias, column):
        """The column as a predicate has it: mostly bare."""
        name = f"{alias}.{column.name}"
        if self.maybe(0.88):
            return name
        return self.draw.choice([f"+{name}", f"{name} COLLATE NOCASE", f"{name} COLLATE RTRIM", f"CAST({name} AS TEXT)", f"CAST({name} AS INTEGER)",
                                 f"coalesce({name}, 5)", f"{name} || ''", f"({name})", f"likely({name})"])

    def column(self, sources):
        """A column of a source, those of indexes first."""
        alias, table = self.draw.choice(sources)
        if table.indexes and self.maybe(0.6):
            keys = self.draw.choice(table.indexes)
            return alias, keys[0] if self.maybe(0.6) else self.draw.choice(keys)
        return alias, self.draw.choice(table.columns)

    def predicate(self, sources, depth=0):
        draw, roll = self.draw, self.draw.random()
        if depth < 2 and roll < 0.3:
            parts = [self.predicate(sources, depth + 1) for _ in range(draw.choice([2, 2, 3]))]
            return "(" + draw.choice([" AND ", " AND ", " OR "]).join(parts) + ")"
        if depth < 2 and roll < 0.34:
            return f"NOT {self.predicate(sources, depth + 1)}"
        if depth < 2 and roll < 0.42:
            return self.index_predicate(sources)
        alias, column = self.column(sources)
        if roll < 0.45:
            return f"{alias}.{draw.choice(['rowid', '_rowid_', 'oid'])} {draw.choice(COMPARE)} " \
                   f"{self.literal(draw.choice([draw.randrange(300), draw.choice(NASTY)]))}"
        if roll < 0.52:
            return f"{self.shown(alias, column)} {draw.choice(['BETWEEN', 'BETWEEN', 'NOT BETWEEN'])} " \
                   f"{self.literal(self.value_for(column))} AND {self.literal(self.value_for(column))}"
        if roll < 0.62:
            return self.in_list(alias, column)
        if roll < 0.66 and depth < 2:
            return self.in_rows(alias, column)
        if roll < 0.69 and depth < 2:
            return self.exists(sources)
        if roll < 0.72:
            return f"{self.shown(alias, column)} {draw.choice(['LIKE', 'NOT LIKE', 'GLOB'])} {self.pattern(column)}"
        if roll < 0.76:
            return f"{self.shown(alias, column)} {draw.choice(['IS NULL', 'IS NOT NULL', 'ISNULL', 'NOTNULL'])}"
        if roll < 0.8:
            other_alias, other = self.column(sources)
            return f"{self.shown(alias, column)} {draw.choice(COMPARE)} {self.shown(other_alias, other)}"
        if roll < 0.82:
            return self.shown(alias, column)
        left, right = self.shown(alias, column), self.literal(self.value_for(column))
        return f"{right} {draw.choice(COMPARE)} {left}" if self.maybe(0.1) else f"{left} {draw.choice(COMPARE)} {right}"

    def index_predicate(self, sources):
        """Equalities of an index's first columns, and perhaps a range of the next."""
        draw = self.draw
        alias, table = draw.choice(sources)
        if not table.indexes:
            return "1"
        keys = draw.choice(table.indexes)
        count = draw.randrange(len(keys) + 1)
        parts = []
        for column in keys[:count]:
            roll = draw.random()
            if roll < 0.2:
                parts.append(self.in_list(alias, column, plain=True))
            else:
                operator = "IS" if roll < 0.3 else "="
                value = draw.choice(NASTY) if roll > 0.85 else self.value_for(column)
                parts.append(f"{alias}.{column.name} {operator} {self.literal(value)}")
        for column in keys[count:count + 1]:
            for operator in draw.choice([[">"], [">="], ["<"], ["<="], [">", "<"], [">=", "<="], [">=", "<"], [">", ">="]]):
                parts.append(f"{alias}.{column.name} {operator} {self.literal(self.value_for(column))}")
        draw.shuffle(parts)
        return " AND ".join(parts)

    def in_list(self, alias, column, plain=False):
        values = [self.literal(self.value_for(column)) for _ in range(self.draw.choice([0, 1, 2, 3, 3, 5, 9]))]
        # Where columns are equal SQLite 3.40 takes a list over from one to the other without its collation.
        shown = f"{alias}.{column.name}" if plain else self.shown(alias, column).replace("COLLATE", "|| '' COLLATE")
        return f"{shown} {'NOT ' if not plain and self.maybe(0.2) else ''}IN ({', '.join(values)})"

    def in_rows(self, alias, column):
        inner, table = self.source(self.small())
        _, other = self.column([(inner, table)])
        where = f" WHERE {self.predicate([(inner, table)], 2)}" if self.maybe(0.5) else ""
        return f"{self.shown(alias, column)} {'NOT ' if self.maybe(0.25) else ''}IN (SELECT {inner}.{other.name} FROM {table.full} AS {inner}{where})"

    def exists(self, sources):
        inner, table = self.source(self.small())
        link = self.link(sources, inner, table)
        more = f" AND {self.predicate([(inner, table)], 2)}" if self.maybe(0.5) else ""
        return f"{'NOT ' if self.maybe(0.3) else ''}EXISTS (SELECT 1 FROM {table.full} AS {inner} WHERE {link}{more})"

    def pattern(self, column):
        # GLOB itself takes U+FFFF for U+FFFD, an index does not.
        texts = [value for value in column.values if isinstance(value, str) and value and "\uffff" not in value]
        text = self.draw.choice(texts)[:12] if texts else "5"
        return text_of(self.draw.choice([text[:3] + "%", "%" + text[1:], text[:2] + "*", "_" + text[1:], "%", "*", text, "?" + text[1:]]))

    # ------------------------------------------------------------ sources

    def any(self):
        return self.draw.choices(self.tables, self.weights)[0]

    def small(self):
        return next(table for table in iter(self.any, None) if table.rows < 400)

    def source(self, table):
        self.aliases += 1
        return f"t{self.aliases}", table

    def link(self, sources, alias, table):
        """How a table hangs on those before it: mostly by an equality of columns that can be equal."""
        draw = self.draw
        if table.indexes and self.maybe(0.15):
            return self.link_index(sources, alias, table)
        for _ in range(8):
            left_alias, left = self.column(sources)
            right = self.column([(alias, table)])[1]
            if self.maybe(0.1) or {value for value in left.values if value is not None} & set(right.values):
                break
        operator = draw.choice(["=", "=", "=", "=", "=", "IS", "<", ">="])
        if operator in ("<", ">=") and table.rows > 100:
            operator = "="
        pair = [f"{left_alias}.{left.name}", f"{alias}.{right.name}"]
        draw.shuffle(pair)
        return f"{pair[0]} {operator} {pair[1]}"

    def link_index(self, sources, alias, table):
        """Every column of an index by a column of the others, with or without its affinity."""
        parts = []
        for column in self.draw.choice(table.indexes):
            left_alias, left = self.column(sources)
            parts.append(f"{alias}.{column.name} {self.draw.choice(['=', '=', '=', 'IS', '>='])} {self.draw.choice(['', '', '+'])}{left_alias}.{left.name}")
        return " AND ".join(parts)

    def joined(self):
        """FROM and its sources; where there are several, each but the first hangs on another."""
        draw = self.draw
        sources = [self.source(self.any())]
        text = f"{sources[0][1].full} AS {sources[0][0]}"
        for _ in range(draw.choice([0, 0, 0, 0, 1, 1, 1, 2, 3])):
            alias, table = self.source(self.small() if len(sources) > 1 or sources[0][1].rows > 400 else self.any())
            kind = draw.choice(["JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "CROSS JOIN", "RIGHT JOIN", "FULL JOIN"])
            link = self.link(sources, alias, table)
            if self.maybe(0.2):
                link += f" AND {self.predicate(sources + [(alias, table)], 1)}"
            text += f" {kind} {table.full} AS {alias} ON {link}"
            sources.append((alias, table))
        return text, sources

    def where(self, sources):
        return f" WHERE {self.predicate(sources)}" if self.maybe(0.85) else ""

    def limit(self, share=0.6):
        if not self.maybe(share):
            return ""
        draw = self.draw
        before = len(self.bound)
        text = f" LIMIT {self.literal(draw.choice([0, 1, 3, 10, 50, 1000, -1]))}"
        text += f" OFFSET {self.literal(draw.choice([0, 1, 2, 7, 100, -1]))}" if self.maybe(0.5) else ""
        self.counts.update(range(before, len(self.bound)))
        return text

    def direction(self):
        return self.draw.choice(["", "", "", " DESC", " DESC", " ASC", " NULLS LAST", " DESC NULLS FIRST"])

    def order_columns(self, sources):
        """Columns to order by: often an index's, in one direction."""
        draw = self.draw
        alias, table = draw.choice(sources)
        if table.indexes and self.maybe(0.7):
            keys = draw.choice(table.indexes)
            start = draw.randrange(len(keys)) if self.maybe(0.3) else 0
            columns = [(alias, column) for column in keys[start:start + draw.choice([1, 2, 3])]]
            direction = draw.choice(["", " DESC"])
            return [(name, column, direction if self.maybe(0.85) else self.direction()) for name, column in columns]
        return [(*self.column(sources), self.direction()) for _ in range(draw.choice([1, 1, 2, 3]))]

    # ------------------------------------------------------------ forms

    def rows(self):
        """Rows in an order that row numbers make whole."""
        text, sources = self.joined()
        where = self.where(sources)
        shown = self.outputs(sources)
        if self.maybe(0.35):
            return "set", f"SELECT {shown} FROM {text}{where}"
        order = [f"{alias}.{column.name}{direction}" for alias, column, direction in self.order_columns(sources)]
        last = self.draw.choice(["", " DESC"])
        order += [f"{alias}._rowid_{last}" for alias, _ in sources]
        return "list", f"SELECT {shown} FROM {text}{where} ORDER BY {', '.join(order)}{self.limit()}"

    def outputs(self, sources):
        if len(sources) == 1 and self.maybe(0.15):
            return "*"
        parts = []
        for _ in range(self.draw.choice([1, 2, 3, 4])):
            alias, column = self.column(sources)
            name = f"{alias}.{column.name}"
            parts.append(name if self.maybe(0.85) else self.draw.choice(
                [f"typeof({name})", f"length({name})", f"{name} IS NULL", f"quote({name})", f"substr({name}, 1, 10)", f"{name} = {text_of(self.value_for(column))}",
                 f"{name} < {text_of(self.value_for(column))}", f"hex({name})", self.scalar(alias, column)]))
        return ", ".join(parts)

    def scalar(self, alias, column):
        inner, table = self.source(self.small())
        _, other = self.column([(inner, table)])
        _, shown = self.column([(inner, table)])
        # Of texts that equal a number one is as good as another to SQLite 3.40 when it looks for the greatest.
        calls = ["count({})", "count(DISTINCT {})"] + (["min({})", "max({})"] if shown is not other else [])
        call = self.draw.choice(calls).format(f"{inner}.{shown.name}")
        return f"(SELECT {call} FROM {table.full} AS {inner} WHERE {inner}.{other.name} {self.draw.choice(['=', '=', '<', 'IS'])} {alias}.{column.name})"

    def sorted_columns(self):
        """What it is ordered by is all that it shows, so that ties do not tell."""
        text, sources = self.joined()
        order = self.order_columns(sources)
        names = list(dict.fromkeys(f"{alias}.{column.name}" for alias, column, _ in order))
        directions = {f"{alias}.{column.name}": direction for alias, column, direction in reversed(order)}
        # By an index and with NULLs at the other end SQLite 3.40 loses rows of DISTINCT.
        distinct = "DISTINCT " if self.maybe(0.4) and not any("NULLS" in direction for direction in directions.values()) else ""
        ordered = ", ".join(name + directions[name] for name in names)
        return "list", f"SELECT {distinct}{', '.join(names)} FROM {text}{self.where(sources)} ORDER BY {ordered}{self.limit(0.8)}"

    def distinct(self):
        text, sources = self.joined()
        columns = [self.column(sources) for _ in range(self.draw.choice([1, 1, 2]))]
        return "set", f"SELECT DISTINCT {', '.join(f'{alias}.{column.name}' for alias, column in columns)} FROM {text}{self.where(sources)}"

    def aggregate(self, sources):
        alias, column = self.column(sources)
        name = f"{alias}.{column.name}"
        calls = ["count(*)", "count({})", "count(DISTINCT {})", "min({})", "max({})", "sum({} IS NULL)", "min(length({}))"]
        if column.is_summed:
            calls += ["sum({})", "total({})", "avg({})"]
        text = self.draw.choice(calls).format(name)
        return text + (f" FILTER (WHERE {self.predicate(sources, 2)})" if self.maybe(0.15) else "")

    def grouped(self):
        text, sources = self.joined()
        aggregates = [self.aggregate(sources) for _ in range(self.draw.choice([1, 2, 3]))]
        keys = []
        for alias, column, _ in self.order_columns(sources)[:2] if self.maybe(0.7) else []:
            name = f"{alias}.{column.name}"
            if name not in keys:
                keys.append(name)
        shown = f"SELECT {', '.join(keys + aggregates)} FROM {text}{self.where(sources)}"
        if not keys:
            return "set near", shown
        shown += f" GROUP BY {', '.join(keys)}"
        if self.maybe(0.25):
            shown += f" HAVING count(*) {self.draw.choice(['>', '<', '='])} {self.draw.choice([1, 2, 5])}"
        if self.maybe(0.5):
            return "set near", shown
        return "list near", f"{shown} ORDER BY {', '.join(key + self.direction() for key in keys)}{self.limit()}"

    def extreme(self):
        alias, table = self.source(self.any())
        _, column = self.column([(alias, table)])
        return "set", f"SELECT {self.draw.choice(['min', 'max'])}({alias}.{column.name}) FROM {table.full} AS {alias}{self.where([(alias, table)])}"

    def counted(self):
        text, sources = self.joined()
        distinct = f"DISTINCT {self.column(sources)[0]}._rowid_" if self.maybe(0.2) else "1"
        return "set", f"SELECT count(*) FROM (SELECT {distinct} FROM {text}{self.where(sources)}{self.limit(1)})"

    def compound(self):
        parts, kinds = [], None
        operator = self.draw.choice(["UNION ALL", "UNION", "INTERSECT", "EXCEPT", "UNION ALL"])
        for _ in range(self.draw.choice([2, 2, 3])):
            text, sources = self.joined()
            if kinds is None:
                columns = [self.column(sources) for _ in range(self.draw.choice([1, 2]))]
                kinds = [column.affinity for _, column in columns]
            else:
                columns = [self.of_kind(sources, kind) for kind in kinds]
            parts.append(f"SELECT {', '.join(f'{alias}.{column.name}' if column else 'NULL' for alias, column in columns)} FROM {text}{self.where(sources)}")
        shown = f" {operator} ".join(parts)
        if self.maybe(0.5):
            return "set", shown
        return "list", f"{shown} ORDER BY {', '.join(str(number + 1) + self.direction() for number in range(len(kinds)))}{self.limit()}"

    def of_kind(self, sources, kind):
        alias, table = self.draw.choice(sources)
        fitting = [column for column in table.columns if column.affinity == kind]
        return alias, self.draw.choice(fitting) if fitting else None

    def common(self):
        """A table of its own, used once or twice."""
        text, sources = self.joined()
        alias, column = self.column(sources)
        kind = self.draw.choice(["", "MATERIALIZED ", "NOT MATERIALIZED "])
        inner, table = self.source(self.small())
        _, other = self.column([(inner, table)])
        return "set", f"WITH q(k) AS {kind}(SELECT {alias}.{column.name} FROM {text}{self.where(sources)}) SELECT {inner}.{other.name}, count(q.k) " \
                      f"FROM {table.full} AS {inner} {self.draw.choice(['JOIN', 'LEFT JOIN'])} q ON {inner}.{other.name} = q.k GROUP BY {inner}._rowid_"

    def window(self):
        alias, table = self.source(self.any())
        sources = [(alias, table)]
        part, order = self.column(sources)[1], self.column(sources)[1]
        call = self.draw.choice(["row_number()", "rank()", "count(*)", f"lag({alias}.{order.name})", f"max({alias}.{part.name})", "ntile(3)",
                                 f"nth_value({alias}.{part.name}, 2)", f"last_value({alias}.{order.name})", f"group_concat({alias}._rowid_)"])
        frame = self.draw.choice(["", "", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING", " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS 3 PRECEDING EXCLUDE CURRENT ROW"])
        parts = f"PARTITION BY {alias}.{part.name} " if self.maybe(0.7) else ""
        return "set", f"SELECT {alias}._rowid_, {call} OVER ({parts}ORDER BY {alias}.{order.name}{self.direction()}, {alias}._rowid_{frame}) " \
                      f"FROM {table.full} AS {alias}{self.where(sources)}"

    def keys(self, table):
        """Columns that an index begins with, or one."""
        if not table.indexes or self.maybe(0.3):
            return [self.column([("", table)])[1]]
        return self.draw.choice(table.indexes)[:self.draw.choice([1, 2, 3])]

    def written(self):
        """Rows that are written out, whose values have no affinity and any type, joined by an index's columns."""
        draw = self.draw
        alias, table = self.source(self.any())
        keys, count = self.keys(table), draw.choice([1, 2, 5, 12])
        rows = [", ".join([str(number)] + [text_of(self.value_for(column)) for column in keys]) for number in range(count)]
        operators = ["=", "=", "=", "IS", "<", ">=", "<>"] if table.rows < 2000 else ["=", "IS"]
        shapes = ["{}"] * 8 + ["+{}", "CAST({} AS TEXT)", "CAST({} AS INTEGER)", "CAST({} AS NUMERIC)", "CAST({} AS BLOB)", "({} || '')"]
        link = " AND ".join(f"{alias}.{column.name} {draw.choice(operators) if column is keys[-1] else draw.choice(['=', '=', 'IS'])} "
                            f"{draw.choice(shapes).format(f'v.c{number}')}" for number, column in enumerate(keys))
        kind = draw.choice(["JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        names = ", ".join(f"c{number}" for number in range(len(keys)))
        return "set", f"WITH v(n, {names}) AS {draw.choice(['', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(VALUES {', '.join(f'({row})' for row in rows)}) " \
                      f"SELECT v.n, {alias}._rowid_ FROM v {kind} {table.full} AS {alias} ON {link}{self.where([(alias, table)]) if self.maybe(0.4) else ''}"

    def row_value(self):
        """Row values, compared and looked for. In an index of the very columns in another order SQLite 3.40 does not find all."""
        draw = self.draw
        alias, table = self.source(self.any())
        keys = self.keys(table)
        keys = keys if len(keys) > 1 else keys + [self.column([(alias, table)])[1]]
        left = ", ".join(f"{alias}.{column.name}" for column in keys)
        values = [", ".join(self.literal(self.value_for(column)) for column in keys) for _ in range(draw.choice([1, 2, 5]))]
        inner, other = self.source(self.small())
        others = ", ".join(f"{inner}.{self.column([(inner, other)])[1].name}" for _ in keys)
        predicate = f"({left}) {draw.choice(COMPARE[:10])} ({values[0]})"
        if self.maybe(0.3):
            predicate = f"({left}) IN (VALUES {', '.join(f'({value})' for value in values)})"
        elif other is not table and self.maybe(0.6):
            predicate = f"({left}) {draw.choice(['IN', 'IN', 'NOT IN'])} (SELECT {others} FROM {other.full} AS {inner})"
        more = f" AND {self.predicate([(alias, table)], 1)}" if self.maybe(0.3) else ""
        return "set", f"SELECT {self.outputs([(alias, table)])} FROM {table.full} AS {alias} WHERE {predicate}{more}"

    def listed(self):
        """Long lists, of several columns of an index."""
        draw = self.draw
        alias, table = self.source(self.any())
        lists = [f"{alias}.{column.name} IN ({', '.join(text_of(self.value_for(column)) for _ in range(draw.choice([2, 20, 200])))})"
                 for column in self.keys(table)]
        more = f" AND {self.index_predicate([(alias, table)]) or 1}" if self.maybe(0.3) else ""
        return "list", f"SELECT {self.outputs([(alias, table)])} FROM {table.full} AS {alias} WHERE {' AND '.join(lists)}{more} " \
                       f"ORDER BY {', '.join(f'{alias}.{column.name}{self.direction()}' for column in self.keys(table))}, {alias}._rowid_{self.limit()}"

    def dated(self):
        """Bounds that a function makes of a time, and what functions make of a column of times."""
        draw = self.draw
        found = [(table, column) for table in self.tables for column in table.columns
                 if any(isinstance(value, str) and value[4:5] == value[7:8] == "-" and len(value) > 18 for value in column.values)]
        table, column = draw.choice(found)
        alias, table = self.source(table)
        name, value = f"{alias}.{column.name}", self.literal(self.value_for(column))
        change = draw.choice(["", ", '-1 day'", ", 'start of month'", ", '+0.5 seconds'", ", 'start of day', '+1 day'"])
        made = draw.choice(["date({}{})", "datetime({}{})", "strftime('%Y-%m-%d %H:%M:%f', {}{})"]).format(value, change)
        if self.maybe(0.5):
            return "set", f"SELECT {self.outputs([(alias, table)])} FROM {table.full} AS {alias} WHERE {name} {draw.choice(COMPARE)} {made}"
        key = draw.choice(["date({})", "substr({}, 1, 13)", "date({}, 'start of month')", "strftime('%Y-%m', {})", "datetime({})"]).format(name)
        return "set", f"SELECT {key}, count(*), min({name}), max({name}) FROM {table.full} AS {alias}{self.where([(alias, table)])} GROUP BY 1"

    def joined_text(self):
        """Texts joined in an order that row numbers make whole."""
        alias, table = self.source(self.any())
        order = [f"{name}.{column.name}{direction}" for name, column, direction in self.order_columns([(alias, table)])] + [f"{alias}._rowid_"]
        return "set", f"SELECT group_concat(quote(substr(x, 1, 12)), '|'), count(x) FROM (SELECT {alias}.{self.column([(alias, table)])[1].name} AS x " \
                      f"FROM {table.full} AS {alias}{self.where([(alias, table)])} ORDER BY {', '.join(order)}{self.limit()})"

    def make(self):
        forms = [self.rows] * 6 + [self.sorted_columns] * 4 + [self.grouped] * 4 + [self.distinct, self.extreme, self.counted, self.compound, self.compound, self.common,
                                                                                     self.window, self.written, self.written, self.row_value, self.listed, self.dated,
                                                                                     self.joined_text]
        return self.draw.choice(forms)()


def text_of(value, is_line=False):
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return repr(value).replace("inf", "1e999").replace("nan", "NULL")
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, str):
        if is_line or "\n" in value or "\r" in value or "\0" in value:
            return f"CAST(x'{value.encode().hex()}' AS TEXT)"
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def main(seed, count, *databases):
    db = sqlite3.connect(":memory:")
    tables = []
    for words in databases:
        name, _, path = words.partition("=")
        shown = "base" if name == "main" else name
        db.execute(f"ATTACH ? AS {shown}", (path,))
        for table, in db.execute(f"SELECT name FROM {shown}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name").fetchall():
            made = Table(db, shown, table)
            made.full = quote(table) if name == "main" else made.full
            tables.append(made)
    for number in range(count):
        query = Query(random.Random(f"{seed}/{number}"), tables)
        words, text = query.make()
        print(f"-- [{words}] {seed}/{number}")
        for values in query.bindings():
            print("-- bind: " + ", ".join(text_of(value, True) for value in values))
        print(text + ";")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
