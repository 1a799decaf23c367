/*
 * DDL round trip: any statements are read or refused with a message; the schema that they make can be kept in a
 * catalogue and written as DDL, what is written can be read, and the two schemas do not differ.
 */
#include "fuzz/demand.h"

#include "store/catalogue.h"
#include "transfer/ddl.h"
#include "transfer/sql_split.h"

#include <string.h>

static const struct coffer_ddl_options options = {.schema = "public"};

/* Statement by statement, as a dump's are cut; what is left at the end is one too. */
static coffer_status
read_all(struct coffer_ddl *ddl, const char *bytes, size_t size, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	while (size && !status) {
		struct coffer_splitter splitter;
		bool is_done;
		size_t end;

		coffer_split_begin(&splitter, false, false);
		end = coffer_split(&splitter, bytes, size, &is_done);
		demand(end && end <= size);
		status = coffer_ddl_read(ddl, (coffer_text){bytes, end}, error);
		bytes += end;
		size -= end;
	}
	return status;
}

static coffer_schema *
schema_of(const char *bytes, size_t size, coffer_error *error)
{
	coffer_schema *schema = NULL;
	struct coffer_ddl *ddl;
	coffer_status status;

	demand(!coffer_ddl_new(&options, &ddl, NULL));
	status = read_all(ddl, bytes, size, error);
	if (!status)
		status = coffer_ddl_finish(ddl, &schema, error);
	demand((status == COFFER_OK) == (schema != NULL));
	demand(!status || (error->status == status && error->message[0]));
	coffer_ddl_free(ddl);
	return schema;
}

static void
check_catalogue(const coffer_schema *schema)
{
	coffer_buffer payload = {.size = 0};
	coffer_schema *again;

	demand(!coffer_catalogue_encode_schema(schema, &payload, NULL));
	demand(!coffer_catalogue_decode_schema((const uint8_t *)payload.data, payload.size, &again,
					       NULL));
	coffer_schema_free(again);
	coffer_buffer_release(&payload);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	coffer_error error = {.status = COFFER_OK};
	coffer_schema *schema = schema_of((const char *)data, size, &error), *again;
	coffer_buffer sql = {.size = 0};

	if (!schema)
		return 0;
	check_catalogue(schema);
	demand(!coffer_schema_write_sql(schema, COFFER_DDL_ALL, NULL, &sql, NULL));
	again = schema_of(sql.data, sql.size, &error);
	demand(again != NULL);
	demand(coffer_schema_compare(schema, again, NULL, NULL) == 0);
	coffer_schema_free(again);
	coffer_schema_free(schema);
	coffer_buffer_release(&sql);
	return 0;
}
