#!/usr/bin/python3
"""Twins of queries for queries.t: the same question in SQLite's words (tests/sql/queries.sql) and in Postgres' (queries_pg.sql).

    twin.py pick QUERIES TWINS       those of QUERIES that have a twin
    twin.py script TWINS             what psql is to run: the same form of output as print_answers --show
    twin.py compare COFFER POSTGRES  two such outputs, a line of TAP a query
"""
import math, re, sys

NEAR = 1e-12


def twins(path):
    """What stands before the first of them, and each name with its text."""
    before, _, rest = open(path, encoding="utf-8").read().partition("\n-- ---")
    found = {}
    for part in re.split(r"^-- (?!---)", rest, flags=re.M)[1:]:
        name, _, text = part.partition("\n")
        if name in found:
            sys.exit(f"twin.py: two twins of {name}")
        found[name] = "\n".join(line for line in text.split("\n") if not line.startswith("--")).strip()
    return before, found


def pick(queries, path):
    wanted = set(twins(path)[1])
    for part in re.split(r"^(?=-- \[)", open(queries, encoding="utf-8").read(), flags=re.M)[1:]:
        name = re.match(r"-- \[[^]]*\] (.*)", part).group(1)
        if name in wanted:
            wanted.remove(name)
            print(part, end="")
    if wanted:
        sys.exit(f"twin.py: twins of nothing: {', '.join(sorted(wanted))}")


def script(path):
    before, found = twins(path)
    print(before)
    for name, text in found.items():
        print("\\echo '-- [] " + name.replace("'", "''") + f"'\nCOPY ({text}) TO STDOUT;")


def answers(path):
    """Each name with whether its order counts, and its rows."""
    found, rows = {}, None
    for line in open(path, encoding="utf-8", newline="\n").read().split("\n")[:-1]:
        head = re.match(r"-- \[(.*?)\] (.*)$", line)
        if head:
            rows = []
            found[head.group(2)] = (head.group(1), rows)
        else:
            rows.append([re.sub(r"(:\d\d(?:\.\d+)?)\+00( BC)?$", r"\1+00:00\2", field) for field in line.split("\t")])
    return found


def number(field):
    try:
        return float({"t": "1", "f": "0"}.get(field, field))
    except ValueError:
        return None


def is_equal(left, right):
    if left == right:
        return True
    one, two = number(left), number(right)
    if one is None or two is None:
        return False
    return one == two or math.isclose(one, two, rel_tol=NEAR)


def key(row):
    return [(field, "") if (real := number(field)) is None else ("", f"{real:.9g}") for field in row]


def compare(coffer, postgres):
    mine, theirs = answers(coffer), answers(postgres)
    failed = 0
    for place, (name, (words, rows)) in enumerate(mine.items(), 1):
        others = theirs.get(name, (None, []))[1]
        if words != "list":
            rows, others = sorted(rows, key=key), sorted(others, key=key)
        pairs = list(zip(rows, others))
        wrong = [pair for pair in pairs if len(pair[0]) != len(pair[1]) or not all(map(is_equal, *pair))]
        passed = name in theirs and len(rows) == len(others) and not wrong
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {place} - {name}")
        if not passed:
            print(f"# coffer has {len(rows)} rows, Postgres {len(others)}")
            for row in wrong[0] if wrong else []:
                print("#   " + " | ".join(field[:80] for field in row))
    print(f"1..{len(mine)}")
    return failed


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.exit({"pick": pick, "script": script, "compare": compare}[sys.argv[1]](*sys.argv[2:]) and 1)
