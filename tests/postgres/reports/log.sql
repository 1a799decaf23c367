TABLE "LiteLLM_SpendLogs" EXCEPT SELECT * FROM "LiteLLM_SpendLogs" WHERE request_id <> :'request'
