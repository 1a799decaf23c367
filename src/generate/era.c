/*
 * The schema of an era. Today's is the built-in text with another model in the place of LiteLLM_SpendLogs:
 *
 *   ... model LiteLLM_BudgetTable {...} ... | model LiteLLM_SpendLogs {...} | model LiteLLM_ErrorLogs {...} ...
 *                                                       today.prisma
 */
#include "generate/era.h"

#include "schema/prisma.h"

#include <stdlib.h>
#include <string.h>

/* src/generate/today.prisma, made into a C text by the build. */
extern const char coffer_today_prisma[];
extern const size_t coffer_today_prisma_size;

/* Put the texts behind each other and parse them. */
static coffer_status
parse_joined(const coffer_text *parts, size_t count, coffer_schema **schema_out,
	     coffer_error *error)
{
	coffer_text joined = {NULL, 0};
	coffer_status status;
	size_t i, size = 0;
	char *bytes;

	for (i = 0; i < count; i++)
		size += parts[i].size;
	bytes = malloc(size);
	if (!bytes)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a schema");
	for (i = 0, joined.data = bytes; i < count; joined.size += parts[i++].size)
		memcpy(bytes + joined.size, parts[i].data, parts[i].size);
	status = coffer_schema_parse_prisma(joined, "today.prisma", schema_out, error);
	free(bytes);
	return status;
}

coffer_status
coffer_era_schema(coffer_era era, coffer_schema **schema_out, coffer_error *error)
{
	static const char head[] = "\nmodel LiteLLM_SpendLogs {", end[] = "\n}\n";
	const char *from = strstr(coffer_builtin_prisma, head);
	const char *to = from ? strstr(from, end) : NULL;
	const char *last = coffer_builtin_prisma + coffer_builtin_prisma_size;

	*schema_out = NULL;
	if (era == COFFER_ERA_OLDER)
		return coffer_schema_builtin(schema_out, error);
	if (!to)
		return coffer_error_set(error, COFFER_INVALID,
					"the built-in schema has no LiteLLM_SpendLogs");
	to += sizeof end - 1;
	return parse_joined(
		(coffer_text[]){
			{coffer_builtin_prisma, (size_t)(from - coffer_builtin_prisma)},
			{"\n", 1},
			{coffer_today_prisma, coffer_today_prisma_size},
			{to, (size_t)(last - to)},
		},
		4, schema_out, error);
}
