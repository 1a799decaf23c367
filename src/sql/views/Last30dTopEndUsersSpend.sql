/* The last 30 days up to now. The gateway's view counts them back from today in the server's time zone; here a day is UTC's. */
/* It also means to leave out requests whose end user is the key's own user, but an unquoted user is the database's role there, */
/* so that it leaves out none. Here the column is meant. */
SELECT s.end_user AS end_user,
       count(*) AS total_events,
       coffer_sum(s.spend) AS total_spend
FROM "LiteLLM_SpendLogs" AS s
WHERE s."startTime" >= datetime('now', 'start of day', '-30 days')
  AND s.end_user <> ''
  AND s.end_user IS NOT s."user"
GROUP BY s.end_user
ORDER BY total_spend DESC
LIMIT 100
