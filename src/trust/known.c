/*
 * What is known of stores on this machine, one small file a store:
 *
 *   known/<device>-<inode>	in the state folder
 *
 *	coffer known 1
 *	born SECONDS NANOSECONDS
 *	sealed SIZE SECONDS NANOSECONDS		size and change time when it was verified
 *	live					or: written here since, so that both go on changing
 *
 * A file's number in the name is given again to another file one day, whose birth then differs: so there are never more of
 * these files than the file systems have inodes.
 */
#include "trust/known.h"

#include "trust/state.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { RECORD_SIZE_MAX = 256, NAME_SIZE_MAX = 64 };

bool
coffer_known_identify(const char *path, struct coffer_known_file *identity_out)
{
	struct statx facts;

	*identity_out = (struct coffer_known_file){0};
	if (statx(AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_BTIME, &facts) ||
	    !S_ISREG(facts.stx_mode))
		return false;
	*identity_out = (struct coffer_known_file){
		.device = makedev(facts.stx_dev_major, facts.stx_dev_minor),
		.inode = facts.stx_ino,
		.size = facts.stx_size,
		.changed = facts.stx_ctime.tv_sec,
		.changed_nanoseconds = facts.stx_ctime.tv_nsec,
	};
	if (facts.stx_mask & STATX_BTIME) {
		identity_out->born = facts.stx_btime.tv_sec;
		identity_out->born_nanoseconds = facts.stx_btime.tv_nsec;
	}
	return true;
}

static char *
record_path(const struct coffer_known_file *identity, bool is_made)
{
	char name[NAME_SIZE_MAX];

	snprintf(name, sizeof(name), "known/%" PRIx64 "-%" PRIx64, identity->device, identity->inode);
	return coffer_state_path(name, is_made);
}

char *
coffer_known_path(const struct coffer_known_file *identity)
{
	return record_path(identity, false);
}

/* The record of an identity as it stands in its file. */
static int
print_record(const struct coffer_known_file *identity, bool is_live, char out[RECORD_SIZE_MAX])
{
	int size = snprintf(out, RECORD_SIZE_MAX, "coffer known 1\nborn %" PRId64 " %" PRIu32 "\n",
			    identity->born, identity->born_nanoseconds);

	if (is_live)
		return size + snprintf(out + size, RECORD_SIZE_MAX - (size_t)size, "live\n");
	return size + snprintf(out + size, RECORD_SIZE_MAX - (size_t)size,
			       "sealed %" PRIu64 " %" PRId64 " %" PRIu32 "\n", identity->size,
			       identity->changed, identity->changed_nanoseconds);
}

/* What is known of a file: the record that would be written for it now stands there. Where a file has no time of birth,
 * a live one cannot be told from the next one of its number. */
enum coffer_standing
coffer_known_look_up(const struct coffer_known_file *identity)
{
	char record[RECORD_SIZE_MAX], wanted[RECORD_SIZE_MAX];
	char *path = record_path(identity, false);
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t size = file >= 0 ? read(file, record, sizeof(record)) : -1;
	enum coffer_standing standing = COFFER_STANDING_UNKNOWN;

	if (size >= 0 && size == print_record(identity, false, wanted) &&
	    !memcmp(record, wanted, (size_t)size))
		standing = COFFER_STANDING_SEALED;
	else if (size >= 0 && identity->born && size == print_record(identity, true, wanted) &&
		 !memcmp(record, wanted, (size_t)size))
		standing = COFFER_STANDING_LIVE;
	if (file >= 0)
		(void)close(file);
	free(path);
	return standing;
}

/* Write a record beside its place and put it there. */
static bool
write_record(const char *path, const char *record, size_t size)
{
	char *temporary = NULL;
	int file;
	bool is_written;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return false;
	file = mkostemp(temporary, O_CLOEXEC);
	is_written = file >= 0 && write(file, record, size) == (ssize_t)size;
	if (file >= 0 && close(file))
		is_written = false;
	if (is_written)
		is_written = !rename(temporary, path);
	if (file >= 0 && !is_written)
		(void)unlink(temporary);
	free(temporary);
	return is_written;
}

bool
coffer_known_remember(const struct coffer_known_file *identity, bool is_live)
{
	char record[RECORD_SIZE_MAX];
	int size = print_record(identity, is_live, record);
	char *path = record_path(identity, true);
	bool is_remembered = path && write_record(path, record, (size_t)size);

	free(path);
	return is_remembered;
}

/* ------------------------------------------------------------------ the verification */

static void
keep_first(void *context, const coffer_finding *finding)
{
	coffer_error *error = context;

	coffer_error_set(error, COFFER_CORRUPT, "damaged: %s %s: %s; 'coffer verify' says all",
			 finding->invariant, finding->place, finding->message);
}

coffer_status
coffer_known_verify(const char *path, coffer_progress progress, void *progress_context,
		    coffer_error *error)
{
	coffer_error first = {0};
	const coffer_verify_options options = {
		.findings_max = 1,
		.found = keep_first,
		.found_context = &first,
		.progress = progress,
		.progress_context = progress_context,
	};
	coffer_verify_summary summary;
	coffer_status status = coffer_verify(path, &options, &summary, error);

	if (status || !summary.findings)
		return status;
	coffer_error_set(error, COFFER_CORRUPT, "%s", first.message);
	return coffer_error_at(error, "%s", path);
}
