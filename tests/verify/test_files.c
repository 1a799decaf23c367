/*
 * Each recipe in tests/files is cooked, and verify finds exactly what it expects, in that order; with several threads too, which
 * share tables of a few rows here.
 */
#include "tests/support/recipe.h"
#include "verify/verify.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILES_MAX = 256 };

static char folder[] = "/tmp/coffer-files.XXXXXX";
static char path[64];
static char names[FILES_MAX][64];
static size_t name_count;

struct findings {
	struct recipe_finding members[RECIPE_FINDINGS_MAX];
	size_t count;
};

static void
keep(void *context, const coffer_finding *finding)
{
	struct findings *findings = context;
	struct recipe_finding *kept = &findings->members[findings->count];

	if (findings->count++ >= RECIPE_FINDINGS_MAX)
		return;
	(void)snprintf(kept->invariant, sizeof(kept->invariant), "%s", finding->invariant);
	(void)snprintf(kept->status, sizeof(kept->status), "%s",
		       recipe_status_name(finding->status));
	(void)snprintf(kept->place, sizeof(kept->place), "%.127s", finding->place);
	(void)snprintf(kept->message, sizeof(kept->message), "%.255s", finding->message);
}

/* A star stands for the number of a page, which is liblmdb's choice. */
static bool
is_place(const char *is, const char *expected)
{
	const char *star = strchr(expected, '*');
	size_t before, behind;

	if (!star)
		return !strcmp(is, expected);
	before = (size_t)(star - expected);
	behind = strlen(star + 1);
	return strlen(is) > before + behind && !strncmp(is, expected, before) &&
	       !strcmp(is + strlen(is) - behind, star + 1);
}

static bool
is_expected(const struct recipe_finding *is, const struct recipe_finding *expected)
{
	return !strcmp(is->invariant, expected->invariant) &&
	       !strcmp(is->status, expected->status) && is_place(is->place, expected->place) &&
	       (!expected->message[0] || !strcmp(is->message, expected->message));
}

static void
compare(const struct findings *findings, const struct recipe *recipe)
{
	bool is_same = findings->count == recipe->finding_count;

	for (size_t i = 0; is_same && i < findings->count; i++)
		is_same = is_expected(&findings->members[i], &recipe->findings[i]);
	if (is_same)
		return;
	for (size_t i = 0; i < findings->count && i < RECIPE_FINDINGS_MAX; i++)
		print_error("found     %s %s %s %s\n", findings->members[i].invariant,
			    findings->members[i].status, findings->members[i].place,
			    findings->members[i].message);
	for (size_t i = 0; i < recipe->finding_count; i++)
		print_error("expected  %s %s %s %s\n", recipe->findings[i].invariant,
			    recipe->findings[i].status, recipe->findings[i].place,
			    recipe->findings[i].message);
	fail();
}

static void
expect(const struct recipe *recipe, unsigned threads, coffer_verify_summary *summary_out)
{
	struct findings findings = {.count = 0};
	coffer_verify_options options = {
		.found = keep, .found_context = &findings, .threads = threads};
	coffer_error error = {0};
	coffer_status status;

	status = coffer_verify(path, &options, summary_out, &error);
	compare(&findings, recipe);
	assert_int_equal(summary_out->findings, findings.count);
	assert_string_equal(recipe_status_name(status), recipe->status);
	assert_int_equal(error.status, status);
}

static void
cook(void **state)
{
	uint64_t usual = coffer_verify_piece_size;
	coffer_verify_summary summary, shared;
	struct recipe recipe;
	char recipe_path[96];

	(void)snprintf(recipe_path, sizeof(recipe_path), "tests/files/%s", (const char *)*state);
	recipe_apply(recipe_path, path, &recipe);
	expect(&recipe, 0, &summary);
	coffer_verify_piece_size = 1;
	expect(&recipe, 3, &shared);
	coffer_verify_piece_size = usual;
	assert_memory_equal(&shared, &summary, sizeof(summary));
}

/* README has a line for each file. */
static void
readme_lists_each_file(void **state)
{
	static char readme[1 << 16];
	FILE *file = fopen("tests/files/README", "re");
	size_t size;

	(void)state;
	assert_non_null(file);
	size = fread(readme, 1, sizeof(readme) - 1, file);
	readme[size] = '\0';
	(void)fclose(file);
	for (size_t i = 0; i < name_count; i++) {
		char line[80];

		(void)snprintf(line, sizeof(line), "\n%.63s ", names[i]);
		if (!strstr(readme, line))
			fail_msg("tests/files/README has no line for %s", names[i]);
	}
}

static int
compare_names(const void *left, const void *right)
{
	return strcmp(left, right);
}

static void
list_files(void)
{
	DIR *files = opendir("tests/files");
	struct dirent *entry;

	while (files && (entry = readdir(files))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "README"))
			continue;
		if (name_count < FILES_MAX)
			(void)snprintf(names[name_count++], sizeof(names[0]), "%.63s",
				       entry->d_name);
	}
	if (files)
		(void)closedir(files);
	qsort(names, name_count, sizeof(names[0]), compare_names);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	static struct CMUnitTest tests[FILES_MAX + 1];

	list_files();
	if (!name_count)
		return 1;
	for (size_t i = 0; i < name_count; i++)
		tests[i] = (struct CMUnitTest){
			.name = names[i], .test_func = cook, .initial_state = names[i]};
	tests[name_count] = (struct CMUnitTest){.name = "readme_lists_each_file",
						.test_func = readme_lists_each_file};
	return _cmocka_run_group_tests("files", tests, name_count + 1, make_folder, remove_folder);
}
