"""Hold each report against its twin, a query written by hand for Postgres (reports/): report.py COFFER FOLDER of the stores

The same rows stand in a store FOLDER/NAME.coffer and in a database NAME, where libpq's variables lead. Prints TAP.

A number equals one that differs in the thirteenth digit, for Postgres adds floats in the order of its rows; a text equals the
JSON that it is the text of, true equals 1, and a time with a T in it the one without.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TIME = re.compile(r"\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d")
# What the twins may be asked; a filter of * leaves all.
NAMES = """from to key user team end_user model model_group model_id request min_spend max_spend status order limit before at alias
organization role email action changed_by changed_by_key table object tag code session""".split()
PLAIN = {**{name: "*" for name in NAMES}, "limit": "ALL", "offset": "0"}


def psql(database, script, values):
    words = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"]
    for name, value in values.items():
        words += ["-v", f"{name}={value}"]
    done = subprocess.run(words, input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def ask(database, question, *values):
    return psql(database, question, dict(enumerate(values))).strip()


def plain(value, other):
    if isinstance(value, str) and not isinstance(other, str) and other is not None:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value.replace("T", " ", 1) if isinstance(value, str) and TIME.match(value) else value


def is_same(one, other):
    one, other = plain(one, other), plain(other, one)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= 1e-12 * max(abs(one), abs(other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other


def difference(expected, found):
    for number, (one, other) in enumerate(zip(expected, found), 1):
        if list(one) != list(other) or not is_same(one, other):
            wrong = [key for key in {**one, **other} if not is_same(one.get(key), other.get(key))] or ["order of columns"]
            return f"row {number}, {wrong}: {one.get(wrong[0])!r:.300} expected, {other.get(wrong[0])!r:.300} found"
    if len(expected) != len(found):
        return f"{len(expected)} rows expected, {len(found)} found"
    return None if expected else "no rows: a test of nothing"


class Twins:
    def __init__(self, coffer, folder):
        self.coffer, self.folder, self.count, self.is_failed = coffer, folder, 0, False

    def tell(self, name, fault):
        self.count += 1
        self.is_failed = self.is_failed or bool(fault)
        print(f"{'not ' if fault else ''}ok {self.count} - {name}")
        for line in (fault or "").splitlines():
            print("#", line[:700])

    def run(self, *words):
        done = subprocess.run([self.coffer, "report", "-q", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    def default_range(self, database, days, end, log, time):
        """As the server has it: whole days up to that of the newest row, or up to the end that is given."""
        newest = f"""SELECT date_trunc('day', max("{time}")) + interval '1 day' FROM "{log}" WHERE "{time}" < 'infinity'"""
        ends = f"'{end}'::timestamp" if end else f"({newest})"
        return ask(database, f"SELECT {ends} - interval '{days} days', {ends}").split("|")

    def twin(self, database, report, file=None, days=0, log="LiteLLM_SpendLogs", time="startTime", default=(), **given):
        """`default` are pairs that only the server is told: the report's own defaults. `days` of 0: everything."""
        values = {**PLAIN, **dict(default), **given}
        name = " ".join([database, report, *(f"{key}={value[:40]}" for key, value in given.items())])
        try:
            if days and "from" not in given:
                values["from"], values["to"] = self.default_range(database, days, given.get("to"), log, time)
            with open(f"{HERE}/reports/chosen.sql", encoding="utf-8") as chosen:
                script = chosen.read()
            with open(f"{HERE}/reports/{file or report}.sql", encoding="utf-8") as query:
                script += f"SELECT row_to_json(t) FROM (\n{query.read()}\n) AS t;\n"
            expected = [json.loads(line) for line in psql(database, script, values).splitlines()]
            options = [f"--{key.replace('_', '-')}={value}" for key, value in given.items()]
            store = f"{self.folder}/{database}.coffer"
            found = [json.loads(line) for line in self.run(report, store, "--mode", "ndjson", *options).splitlines()]
            fault = difference(expected, found)
            if not fault and values["limit"] == "ALL" or values["limit"] == "10000":
                count = json.loads(self.run(report, store, "--mode", "ndjson", "--count", *options))["rows"]
                fault = None if count == len(expected) else f"--count says {count} of {len(expected)}"
        except (RuntimeError, ValueError) as error:
            fault = str(error)
        self.tell(name, fault)


def accounts(twins):
    """Keys, users, teams, budgets, the audit log."""
    key, user, team = ask("made", 'SELECT token, user_id, team_id FROM "LiteLLM_VerificationToken" WHERE budget_id IS NOT NULL '
                          "AND user_id <> '' AND team_id IN (SELECT team_id FROM \"LiteLLM_TeamTable\" WHERE model_id IS NOT NULL) "
                          "ORDER BY token LIMIT 1").split("|")
    for token in ask("made", 'SELECT token FROM "LiteLLM_VerificationToken" ORDER BY token LIMIT 12').split() + [key]:
        twins.twin("made", "key", key=token)
    spend, newest = {"order": "spend"}, {"order": "newest"}
    page = {"limit": "50"}
    twins.twin("made", "keys", default={**spend, **page})
    twins.twin("made", "keys", order="newest", limit="20", offset="15")
    twins.twin("made", "keys", default={**spend, **page}, user=user)
    twins.twin("made", "keys", default={**spend, **page}, team=team, alias="PROD")
    twins.twin("made", "keys", default={**spend}, key=key, limit="1")
    twins.twin("made", "user-keys", limit="10000")
    twins.twin("made", "user-keys", default=page, team=team)
    twins.twin("made", "users", default=page)
    twins.twin("made", "users", limit="10", offset="7")
    twins.twin("made", "users", default=page, team=team)
    twins.twin("made", "users", default=page, user=user)
    twins.twin("made", "users", default=page, role="proxy_admin")
    email = ask("made", 'SELECT upper(min(user_email)) FROM "LiteLLM_UserTable"')
    twins.twin("made", "users", default=page, email=email)
    twins.twin("made", "teams", default={**spend, **page})
    twins.twin("made", "teams", default=page, order="newest")
    twins.twin("made", "teams", default={**spend, **page}, alias="search")
    twins.twin("made", "team-members", default=page)
    twins.twin("made", "team-members", default=page, team=team)
    twins.twin("made", "team-members", default=page, user=user)
    for at in "2024-10-01", "2024-11-15 12:00:00.5", "2025-06-01":
        twins.twin("made", "budgets-due", at=at, limit="10000")
    audit(twins, newest, page)


def audit(twins, newest, page):
    log = {"days": 30, "log": "LiteLLM_AuditLog", "time": "updated_at"}
    some = ask("made", 'SELECT changed_by, changed_by_api_key, object_id FROM "LiteLLM_AuditLog" '
               "WHERE changed_by <> '' AND changed_by_api_key <> '' ORDER BY updated_at DESC LIMIT 1").split("|")
    token = ask("made", "SELECT updated_values ->> 'token' FROM \"LiteLLM_AuditLog\" WHERE updated_values ? 'token' "
                "ORDER BY updated_at DESC LIMIT 1")
    wide = {"from": "2024-01-01", "to": "2030-01-01"}
    twins.twin("made", "audit", **log, default={**newest, **page})
    twins.twin("made", "audit", **log, default=page, order="oldest", **wide)
    twins.twin("made", "audit", default=newest, limit="3", offset="2", **wide)
    twins.twin("made", "audit", default={**newest, **page}, changed_by=some[0], **wide)
    twins.twin("made", "audit", default={**newest, **page}, changed_by_key=some[1], **wide)
    twins.twin("made", "audit", default={**newest, **page}, object=some[2], **wide)
    twins.twin("made", "audit", default={**newest, **page}, action="updated", table="LiteLLM_TeamTable", **wide)
    twins.twin("made", "audit", default={**newest, **page}, key=token, **wide)
    for team in "t-1", "t-2", "t-3":
        twins.twin("today", "audit", default={**newest, **page}, team=team, **wide)


def pages(twins):
    """The logs page and its kin."""
    newest, page = {"order": "newest"}, {"limit": "50"}
    key, user, team, end_user, model, group, deployment = ask(
        "made", 'SELECT api_key, "user", team_id, end_user, model, model_group, model_id FROM "LiteLLM_SpendLogs" '
        "WHERE length(api_key) = 64 AND \"user\" <> '' AND team_id <> '' AND end_user <> '' ORDER BY request_id LIMIT 1").split("|")
    twins.twin("made", "logs", days=30, default={**newest, **page})
    for order in "oldest", "dearest", "cheapest", "most-tokens", "fewest-tokens", "last-ended":
        twins.twin("made", "logs", days=30, default=page, order=order)
    twins.twin("made", "logs", days=30, default=newest, limit="25", offset="1000")
    twins.twin("made", "logs", default=newest, limit="10000", **{"from": "2024-10-07 12:00", "to": "2024-10-09T00:30:00.5"})
    twins.twin("made", "logs", default={**newest, **page}, days=30, to="2024-10-20")
    for given in ({"key": key}, {"user": user}, {"team": team}, {"end_user": end_user}, {"model": model}, {"model_group": group},
                  {"model_id": deployment}, {"user": ""}, {"team": ""}, {"end_user": ""}, {"model": model, "team": team},
                  {"key": key, "min_spend": "0.001"}, {"max_spend": "0.0001"}, {"min_spend": "0.01", "max_spend": "0.02"}):
        twins.twin("made", "logs", days=30, default=newest, limit="10000", **given)
    request = ask("made", 'SELECT request_id FROM "LiteLLM_SpendLogs" ORDER BY "startTime" LIMIT 1 OFFSET 4321')
    twins.twin("made", "logs", default={**newest, **page}, request=request, **{"from": "2024-01-01", "to": "2030-01-01"})
    twins.twin("made", "log", request=request)
    twins.twin("made", "key-logs", "logs", default={**newest, **page}, key=key)
    twins.twin("made", "key-logs", "logs", default=newest, limit="10000", key=key, **{"from": "2024-10-01", "to": "2024-10-15"})
    twins.twin("made", "user-logs", "logs", default={**newest, **page}, user=user)
    twins.twin("made", "team-logs", "logs", default={**newest, **page}, team=team)
    twins.twin("made", "end-user-logs", "logs", default={**newest, **page}, end_user=end_user)
    twins.twin("made", "end-user-logs", "logs", default=page, order="oldest", end_user=end_user)
    for before in "2024-09-03", "2024-10-01 00:00:00", "2024-11-02 10:00:00.123":
        twins.twin("made", "retention", before=before)
        twins.twin("made", "retention-logs", default=page, before=before)
    twins.twin("made", "retention-logs", before="2024-09-20", limit="10000")
    return {"key": key, "user": user, "team": team, "end_user": end_user, "model": model, "model_group": group}


def sums(twins, some):
    """What is grouped: with the default range, with each filter, with all of the logs."""
    limits = {"top-keys": "10", "top-models": "10", "top-model-groups": "10", "top-end-users": "100", "tags": "100"}
    for report in ("daily", "daily-keys", "daily-users", "daily-model-groups", "daily-teams", "daily-team-models", "daily-tags",
                   "tags", "top-keys", "top-models", "top-model-groups", "top-end-users"):
        default = {"limit": limits[report]} if report in limits else {}
        twins.twin("made", report, days=30, default=default)
        twins.twin("made", report, default=default, **{"from": "2024-01-01", "to": "2025-01-01"})
        twins.twin("made", report, default=default, **{"from": "2024-09-09 08:00", "to": "2024-09-10 07:59:59.999"})
        for name, value in some.items():
            twins.twin("made", report, days=30, default=default, **{name: value})
        if report in limits:
            twins.twin("made", report, days=30, limit="3")
    twins.twin("made", "tags", days=30, default={"limit": "100"}, tag="taskName:summarise")
    twins.twin("made", "daily-tags", days=30, tag="taskName:summarise")
    twins.twin("made", "key-model", days=28, key=some["key"], model=some["model"])
    twins.twin("made", "key-model", key=some["key"], model=some["model"], **{"from": "2024-01-01", "to": "2024-10-01"})
    twins.twin("made", "key-model", days=28, key="nobody's", model=some["model"])
    errors = {"days": 30, "log": "LiteLLM_ErrorLogs"}
    group, model = ask("made", 'SELECT model_group, litellm_model_name FROM "LiteLLM_ErrorLogs" WHERE status_code = '
                       "'429' ORDER BY \"startTime\" DESC LIMIT 1").split("|")
    for report, default in ("errors", {"limit": "50"}), ("rate-limits", {}):
        twins.twin("made", report, **errors, default=default)
        twins.twin("made", report, **errors, default=default, model_group=group)
        twins.twin("made", report, **errors, default=default, model=model)
        twins.twin("made", report, default=default, **{"from": "2024-01-01", "to": "2025-01-01"})


def today(twins):
    """A gateway of today, with rows at the edges."""
    wide = {"from": "2025-01-01", "to": "2026-12-31"}
    newest, page = {"order": "newest"}, {"limit": "50"}
    twins.twin("today", "logs", "logs-now", days=30, default={**newest, **page})
    for status in "failure", "success", "":
        twins.twin("today", "logs", "logs-now", default=newest, limit="10000", status=status, **wide)
    twins.twin("today", "failures", days=30, default=page)
    twins.twin("today", "failures", default=page, code="429", **wide)
    twins.twin("today", "failures", default=page, model="m1", **wide)
    twins.twin("today", "session", default=page, session="s-3")
    twins.twin("today", "session", session="s-1", limit="2", offset="1")
    twins.twin("today", "sessions", days=30, default=page)
    twins.twin("today", "sessions", limit="2", offset="1", **wide)
    twins.twin("today", "sessions", default=page, user="u", **wide)
    for report in ("daily", "daily-keys", "daily-users", "daily-model-groups", "daily-teams", "daily-team-models", "daily-tags",
                   "tags", "top-keys", "top-models", "top-model-groups", "top-end-users"):
        twins.twin("today", report, days=30, limit="10000") if "daily" not in report else twins.twin("today", report, days=30)
        for name in "user", "team", "end_user":
            twins.twin("today", report, **{name: "x'y\"z"}, **wide)
    twins.twin("today", "key", "key", key="token-1")
    twins.twin("today", "log", request="request_id-1")
    twins.twin("today", "budgets-due", limit="10000", at="2030-01-01")
    end = ask("today", """SELECT date_trunc('day', max("startTime")) + interval '1 day' FROM "LiteLLM_SpendLogs" """)
    twins.twin("today", "budgets-due", default={**page, "at": end})


def partitioned(twins):
    """Times with a zone, a request that occurs twice, no table of keys."""
    order, page, wide = {"order": "newest"}, {"limit": "50"}, {"from": "2024-10-01", "to": "2024-12-05 12:00"}
    twins.twin("partitioned", "logs", days=30, default={**order, **page})
    twins.twin("partitioned", "logs", default=order, limit="10000", **wide)
    twice = ask("partitioned", 'SELECT request_id FROM "LiteLLM_SpendLogs" GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
    twins.twin("partitioned", "log", request=twice)
    exact = ask("partitioned", 'SELECT "startTime" FROM "LiteLLM_SpendLogs" ORDER BY 1 LIMIT 1 OFFSET 1')
    twins.twin("partitioned", "retention-logs", default=page, before=exact)
    twins.twin("partitioned", "logs", default=page, order="oldest", to="2030-01-01", **{"from": exact})
    for report in "daily", "daily-users", "daily-teams", "top-models", "tags", "retention":
        given = {"before": "2024-11-15"} if report == "retention" else wide
        twins.twin("partitioned", report, **given, limit="10000") if report in ("top-models", "tags") else \
            twins.twin("partitioned", report, **given)


# By view: its order, and a query by hand. Where the gateway's view errs, what it means: "user" for user, tags that are texts of a
# list.
WINDOW = """ "startTime" >= CURRENT_DATE - 30 """
VIEWS = {
    "LiteLLM_VerificationTokenView": ("token", """SELECT v.*, t.spend AS team_spend, t.max_budget AS team_max_budget,
        t.tpm_limit AS team_tpm_limit, t.rpm_limit AS team_rpm_limit
        FROM "LiteLLM_TeamTable" t RIGHT JOIN "LiteLLM_VerificationToken" v USING (team_id)"""),
    "MonthlyGlobalSpend": ("date", f"""SELECT "startTime"::date AS date, sum(spend) AS spend
        FROM "LiteLLM_SpendLogs" WHERE {WINDOW} GROUP BY 1"""),
    "MonthlyGlobalSpendPerKey": ("date, api_key", f"""SELECT "startTime"::date AS date, sum(spend) AS spend, api_key
        FROM "LiteLLM_SpendLogs" WHERE {WINDOW} GROUP BY 1, 3"""),
    "MonthlyGlobalSpendPerUserPerKey": ('date, api_key, "user" NULLS LAST', f"""SELECT "startTime"::date AS date,
        sum(spend) AS spend, api_key, "user" FROM "LiteLLM_SpendLogs" WHERE {WINDOW} GROUP BY 1, 3, 4"""),
    "Last30dKeysBySpend": ("total_spend DESC, api_key", f"""SELECT api_key,
        (SELECT key_alias FROM "LiteLLM_VerificationToken" WHERE token = api_key) AS key_alias,
        (SELECT key_name FROM "LiteLLM_VerificationToken" WHERE token = api_key) AS key_name, sum(spend) AS total_spend
        FROM "LiteLLM_SpendLogs" WHERE {WINDOW} GROUP BY 1"""),
    "Last30dModelsBySpend": ("total_spend DESC, model", f"""SELECT model, sum(spend) AS total_spend
        FROM "LiteLLM_SpendLogs" WHERE {WINDOW} GROUP BY 1 HAVING model <> ''"""),
    "Last30dTopEndUsersSpend": ("total_spend DESC, end_user", f"""SELECT end_user, count(*) AS total_events,
        sum(spend) AS total_spend FROM "LiteLLM_SpendLogs"
        WHERE {WINDOW} AND length(end_user) > 0 AND end_user IS DISTINCT FROM "user" GROUP BY 1 ORDER BY 3 DESC LIMIT 100"""),
    "dailytagspend": ("spend_date, individual_request_tag", """SELECT tag #>> '{}' AS individual_request_tag,
        "startTime"::date AS spend_date, count(*) AS log_count, sum(spend) AS total_spend
        FROM "LiteLLM_SpendLogs", jsonb_path_query(request_tags, 'strict $[*] ? (@.type() == "string")', '{}', true) tag
        GROUP BY 1, 2"""),
}


def views(twins):
    """Of logs that end today. Once more where midnight came between."""
    for name, (order, query) in VIEWS.items():
        for _ in range(2):
            day = ask("recent", "SELECT CURRENT_DATE")
            script = f"SET timezone = 'UTC'; SELECT row_to_json(t) FROM (SELECT * FROM ({query}) v ORDER BY {order}) t"
            expected = [json.loads(line) for line in psql("recent", script, {}).splitlines()]
            done = subprocess.run([twins.coffer, "sql", f"{twins.folder}/recent.coffer", "--mode", "ndjson",
                                   f'SELECT * FROM "{name}" ORDER BY {order}'], capture_output=True, text=True, check=False)
            if day == ask("recent", "SELECT CURRENT_DATE"):
                break
        found = [json.loads(line) for line in done.stdout.splitlines()]
        if name == "LiteLLM_VerificationTokenView":  # The server's JSON of a row tells a document null from no document no more.
            found = [{key: None if value == "null" else value for key, value in row.items()} for row in found]
        twins.tell(f"the view {name}: {len(expected)} rows", done.stderr.strip() or difference(expected, found))


def main():
    os.environ["PGTZ"] = "UTC"
    twins = Twins(sys.argv[1], sys.argv[2])
    accounts(twins)
    sums(twins, pages(twins))
    today(twins)
    partitioned(twins)
    views(twins)
    print(f"1..{twins.count}")
    sys.exit(twins.is_failed)


main()
