/*
 * What differs between two schemas, for people and for programs.
 */
#include "schema_diff.h"

static void
put(struct coffer_output *output, const char *text)
{
	coffer_output_safe(output, text, strlen(text));
}

static void
write_object(struct coffer_json *json, const coffer_schema_difference *difference, bool is_line)
{
	coffer_json_open_inline(json, NULL, '{');
	if (is_line)
		coffer_json_text(json, "change", "schema");
	coffer_json_text(json, "place", difference->place);
	coffer_json_text(json, "what", difference->what);
	coffer_json_text(json, "left", difference->left);
	coffer_json_text(json, "right", difference->right);
	coffer_json_close(json, '}');
}

static void
print(void *context, const coffer_schema_difference *difference)
{
	struct coffer_schema_differences *differences = context;
	struct coffer_output *output = differences->output;
	struct coffer_json line = {.output = output, .is_empty = true};

	if (differences->is_ndjson) {
		write_object(&line, difference, true);
		coffer_output_char(output, '\n');
	} else if (differences->json) {
		write_object(differences->json, difference, false);
	} else {
		put(output, difference->place);
		coffer_output_text(output, ": ");
		put(output, difference->what);
		coffer_output_text(output, ": ");
		put(output, difference->left ? difference->left : "(none)");
		coffer_output_text(output, " -> ");
		put(output, difference->right ? difference->right : "(none)");
		coffer_output_char(output, '\n');
	}
}

size_t
coffer_schema_differences_print(struct coffer_schema_differences *differences,
				const coffer_schema *left, const coffer_schema *right)
{
	return coffer_schema_compare(left, right, print, differences);
}
