/*
 * The structural half of verify: it finds nothing in what liblmdb wrote, whatever that was, and something in each file that is
 * damaged in a way that matters.
 */
#include "tests/support/workload.h"
#include "verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILES = 40 };

static char folder[] = "/tmp/coffer-structure.XXXXXX";
static char path[64];

static void
show(void *context, const coffer_finding *finding)
{
	print_error("%s seed %u: %s: %s\n", finding->invariant, *(const unsigned *)context,
		    finding->place, finding->message);
}

/* Findings in the file at `path`; UINT64_MAX when it does not open. */
static uint64_t
check(unsigned seed)
{
	coffer_verify_options options = {.found = show, .found_context = &seed};
	coffer_verify_summary summary = {0};
	struct coffer_verifier verifier = {.options = &options, .summary = &summary};
	coffer_error error = {0};

	if (coffer_disk_open(path, &verifier.disk, &error) ||
	    coffer_disk_snapshot(verifier.disk, &verifier.snapshot, &error)) {
		print_error("seed %u: %s: %s\n", seed, error.place, error.message);
		return UINT64_MAX;
	}
	coffer_verify_structure(&verifier);
	free(verifier.damaged);
	coffer_snapshot_end(verifier.snapshot);
	coffer_disk_close(verifier.disk);
	return verifier.status ? UINT64_MAX : summary.findings;
}

static void
finds_nothing_in_what_liblmdb_wrote(void **state)
{
	const char *files = getenv("COFFER_TEST_FILES"); /* more than usual, for a long run */
	unsigned count = files ? (unsigned)strtoul(files, NULL, 10) : FILES, failed = 0;

	(void)state;
	for (unsigned seed = 0; seed < count; seed++) {
		workload_make(path, seed, seed % 2);
		failed += check(seed) != 0;
	}
	assert_int_equal(failed, 0);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/file", folder);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_nothing_in_what_liblmdb_wrote),
	};

	return cmocka_run_group_tests_name("structure", tests, make_folder, remove_folder);
}
