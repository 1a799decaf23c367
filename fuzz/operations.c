/*
 * Property: a script of statements does to a store what it does to lists of rows, and after every commit verify finds nothing
 * (tests/support/twin.h). The map is small, so that it grows and fills.
 *
 * Input: the script.
 */
#include "fuzz/demand.h"

#include "disk/disk.h"
#include "tests/support/twin.h"

#include <stdio.h>
#include <unistd.h>

enum {
	SCRIPT_SIZE_MAX = 4096,
	SMALL_MAP = 1 << 20,
};

static char folder[200], path[216];

static void
remove_folder(void)
{
	(void)unlink(path);
	(void)rmdir(folder);
}

static void
make_folder(void)
{
	const char *base = getenv("TMPDIR");

	(void)snprintf(folder, sizeof(folder), "%s/coffer-operations.XXXXXX", base ? base : "/tmp");
	demand(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)atexit(remove_folder);
	coffer_disk_map_size_min = SMALL_MAP;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct twin_report report;

	if (!*folder)
		make_folder();
	if (size > SCRIPT_SIZE_MAX)
		return 0;
	if (!twin_run(data, size, path, &report)) {
		fprintf(stderr, "statement %zu: %s\n", report.statements, report.text);
		abort();
	}
	return 0;
}
