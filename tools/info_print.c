/*
 * coffer info for people and, with --json, for programs.
 */
#include "info.h"
#include "json.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

static void
write_digest(const struct coffer_info *info, char out[2 * COFFER_DIGEST_SIZE + 1])
{
	for (size_t i = 0; i < COFFER_DIGEST_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", info->digest[i]);
}

static void
put(struct coffer_output *output, const char *text)
{
	coffer_output_safe(output, text, strlen(text));
}

/* How far a name reaches on the screen: bytes that continue a character do not count. */
static int
width_of(const char *name)
{
	int width = 0;

	for (; *name; name++)
		width += ((unsigned char)*name & 0xc0) != 0x80;
	return width;
}

static void
print_features(struct coffer_output *output, const char *title, const char *const *features)
{
	coffer_output_text(output, title);
	if (!*features)
		coffer_output_text(output, "none");
	for (size_t i = 0; features[i]; i++) {
		coffer_output_text(output, i ? ", " : "");
		put(output, features[i]);
	}
	coffer_output_char(output, '\n');
}

static void
print_head(const struct coffer_info *info, struct coffer_output *output)
{
	char size[COFFER_NUMBER_SIZE], digest[2 * COFFER_DIGEST_SIZE + 1];

	put(output, info->path);
	coffer_output_format(output, "\n  format           %" PRIu32 "\n",
			     info->facts.format_version);
	print_features(output, "  read features    ", info->facts.features);
	print_features(output, "  write features   ", info->facts.write_features);
	coffer_output_format(output, "  size             %s in pages of %" PRIu32 " B\n",
			     coffer_size_print(info->facts.file_size, size), info->facts.page_size);
	coffer_output_format(output, "  seed             %016" PRIx64 "\n", info->facts.seed);
	if (info->schema->name) {
		coffer_output_text(output, "  schema           ");
		put(output, info->schema->name);
		coffer_output_char(output, '\n');
	}
	if (info->has_digest) {
		write_digest(info, digest);
		coffer_output_format(output, "  digest           %s\n", digest);
	}
}

static void
print_steps(const struct coffer_info *info, struct coffer_output *output)
{
	for (size_t i = 0; i < info->step_count; i++) {
		coffer_output_format(output, "\nstep %zu\n", i + 1);
		for (size_t k = 0; k < info->steps[i].fact_count; k++) {
			const coffer_fact *fact = &info->steps[i].facts[k];
			int width = width_of(fact->name);

			coffer_output_text(output, "  ");
			put(output, fact->name);
			coffer_output_format(output, "%*s", width < 16 ? 17 - width : 1, "");
			put(output, fact->value);
			coffer_output_char(output, '\n');
		}
	}
}

static void
print_line(struct coffer_output *output, const char *name, int width, uint64_t rows,
	   uint64_t records, uint64_t longs, uint64_t indexes)
{
	char number[COFFER_NUMBER_SIZE], sizes[3][COFFER_NUMBER_SIZE];

	put(output, name);
	coffer_output_format(
		output, "%*s %14s %11s %11s %11s\n", width - width_of(name), "",
		coffer_number_print(rows, number), coffer_size_print(records, sizes[0]),
		coffer_size_print(longs, sizes[1]), coffer_size_print(indexes, sizes[2]));
}

static void
print_tables(const struct coffer_info *info, struct coffer_output *output)
{
	uint64_t rows = 0, records = 0, longs = 0, indexes = 0;
	int width = 5;

	for (size_t i = 0; i < info->schema->table_count; i++)
		if (width_of(info->schema->tables[i].name) > width)
			width = width_of(info->schema->tables[i].name);
	coffer_output_format(output, "\n%-*s %14s %11s %11s %11s\n", width, "table", "rows",
			     "records", "long values", "indexes");
	for (size_t i = 0; i < info->schema->table_count; i++) {
		const coffer_table *table = &info->schema->tables[i];
		uint64_t parts[] = {coffer_info_bytes(info, "table", table->name),
				    coffer_info_bytes(info, "long", table->name),
				    coffer_info_bytes(info, "index", table->name)};

		if (!table->id)
			continue;
		print_line(output, table->name, width, info->rows[i], parts[0], parts[1], parts[2]);
		rows += info->rows[i];
		records += parts[0];
		longs += parts[1];
		indexes += parts[2];
	}
	print_line(output, "total", width, rows, records, longs, indexes);
}

static void
print_trees(const struct coffer_info *info, struct coffer_output *output)
{
	char number[COFFER_NUMBER_SIZE], size[COFFER_NUMBER_SIZE];

	coffer_output_format(output, "\n%14s %11s  tree\n", "entries", "bytes");
	for (size_t i = 0; i < info->tree_count; i++) {
		coffer_output_format(output, "%14s %11s  ",
				     coffer_number_print(info->trees[i].entries, number),
				     coffer_size_print(info->trees[i].bytes, size));
		put(output, info->trees[i].name);
		coffer_output_char(output, '\n');
	}
}

void
coffer_info_print(const struct coffer_info *info, struct coffer_output *output)
{
	print_head(info, output);
	print_steps(info, output);
	print_tables(info, output);
	if (info->has_trees)
		print_trees(info, output);
}

static void
list_features(struct coffer_json *json, const char *name, const char *const *features)
{
	coffer_json_open_inline(json, name, '[');
	for (; *features; features++)
		coffer_json_text(json, NULL, *features);
	coffer_json_close(json, ']');
}

static void
list_tables(struct coffer_json *json, const struct coffer_info *info)
{
	coffer_json_open(json, "tables", '[');
	for (size_t i = 0; i < info->schema->table_count; i++) {
		const coffer_table *table = &info->schema->tables[i];

		if (!table->id)
			continue;
		coffer_json_open_inline(json, NULL, '{');
		coffer_json_text(json, "name", table->name);
		coffer_json_number(json, "rows", info->rows[i]);
		coffer_json_number(json, "columns", table->column_count);
		coffer_json_number(json, "record_bytes",
				   coffer_info_bytes(info, "table", table->name));
		coffer_json_number(json, "long_bytes",
				   coffer_info_bytes(info, "long", table->name));
		coffer_json_number(json, "index_bytes",
				   coffer_info_bytes(info, "index", table->name));
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, ']');
}

static void
list_trees(struct coffer_json *json, const struct coffer_info *info)
{
	coffer_json_open(json, "trees", '[');
	for (size_t i = 0; i < info->tree_count; i++) {
		coffer_json_open_inline(json, NULL, '{');
		coffer_json_text(json, "name", info->trees[i].name);
		coffer_json_number(json, "entries", info->trees[i].entries);
		coffer_json_number(json, "bytes", info->trees[i].bytes);
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, ']');
}

/* A fact may stand in a step more than once: a list, not an object. */
static void
list_steps(struct coffer_json *json, const struct coffer_info *info)
{
	coffer_json_open(json, "source", '[');
	for (size_t i = 0; i < info->step_count; i++) {
		coffer_json_open(json, NULL, '[');
		for (size_t k = 0; k < info->steps[i].fact_count; k++) {
			coffer_json_open_inline(json, NULL, '{');
			coffer_json_text(json, "name", info->steps[i].facts[k].name);
			coffer_json_text(json, "value", info->steps[i].facts[k].value);
			coffer_json_close(json, '}');
		}
		coffer_json_close(json, ']');
	}
	coffer_json_close(json, ']');
}

void
coffer_info_print_json(const struct coffer_info *info, struct coffer_output *output)
{
	char seed[24], digest[2 * COFFER_DIGEST_SIZE + 1];
	struct coffer_json json;

	snprintf(seed, sizeof(seed), "%016" PRIx64, info->facts.seed);
	coffer_json_begin(&json, output, "coffer/info/1");
	coffer_json_text(&json, "file", info->path);
	coffer_json_number(&json, "format", info->facts.format_version);
	list_features(&json, "read_features", info->facts.features);
	list_features(&json, "write_features", info->facts.write_features);
	coffer_json_number(&json, "size", info->facts.file_size);
	coffer_json_number(&json, "page_size", info->facts.page_size);
	coffer_json_text(&json, "seed", seed);
	coffer_json_text(&json, "postgres_schema", info->schema->name);
	if (info->has_digest) {
		write_digest(info, digest);
		coffer_json_text(&json, "digest", digest);
	}
	list_steps(&json, info);
	list_tables(&json, info);
	list_trees(&json, info);
	coffer_json_end(&json);
}
