/* The whole model of a schema as a JSON document. */
#ifndef TOOLS_SCHEMA_JSON_H
#define TOOLS_SCHEMA_JSON_H

#include "output.h"

void
coffer_schema_print_json(const coffer_schema *schema, struct coffer_output *output);

#endif
