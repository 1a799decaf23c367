/*
 * What is known of stores on this machine, one small file a store:
 *
 *   $XDG_STATE_HOME/coffer/known/<device>-<inode>	(~/.local/state without the variable)
 *
 *	coffer known 1
 *	born SECONDS NANOSECONDS
 *	sealed SIZE SECONDS NANOSECONDS		size and change time when it was verified
 *	live					or: written here since, so that both go on changing
 *
 * A store is known while device, inode and time of birth are the same, and of a sealed one size and change time too. Its
 * number in the name is given again to another file one day, whose birth then differs: so there are never more of these
 * files than the file systems have inodes.
 */
#include "trust.h"

#include "progress.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Which operands of a command are stores: bit N is operand N. */
struct operands {
	unsigned read, written, made, found_whole;
};

static const struct operands all[COFFER_COMMAND_COUNT] = {
	[COFFER_COMMAND_CREATE] = {.made = 1},
	[COFFER_COMMAND_GENERATE] = {.made = 1},
	[COFFER_COMMAND_IMPORT] = {.read = 1, .made = 2},
	[COFFER_COMMAND_EXPORT] = {.read = 1},
	[COFFER_COMMAND_GET] = {.read = 1},
	[COFFER_COMMAND_SCAN] = {.read = 1},
	[COFFER_COMMAND_PUT] = {.written = 1},
	[COFFER_COMMAND_DELETE] = {.written = 1},
	[COFFER_COMMAND_COPY] = {.read = 1, .made = 2},
	[COFFER_COMMAND_MIGRATE] = {.read = 1, .made = 2},
	[COFFER_COMMAND_RECOVER] = {.made = 2},
	[COFFER_COMMAND_SCHEMA] = {.read = 1},
	[COFFER_COMMAND_DIFF] = {.read = 3},
	[COFFER_COMMAND_RECONCILE] = {.read = 3},
	[COFFER_COMMAND_INFO] = {.read = 1},
	[COFFER_COMMAND_VERIFY] = {.found_whole = 1},
};

enum { OPERANDS_LOOKED_AT = 2 };

static struct operands
operands_of(const struct coffer_arguments *arguments)
{
	struct operands operands = all[arguments->command->id];

	if (arguments->command->id == COFFER_COMMAND_IMPORT &&
	    coffer_option_is_given(arguments, COFFER_OPTION_UPDATE))
		operands.written = operands.made;
	return operands;
}

enum { RECORD_SIZE_MAX = 256 };

/* What tells one file from another, and one state of it from the next. */
struct identity {
	uint64_t device, inode, size;
	int64_t born, changed;
	uint32_t born_nanoseconds, changed_nanoseconds;
};

static bool
identify(const char *path, struct identity *out)
{
	struct statx facts;

	if (statx(AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_BTIME, &facts) ||
	    !S_ISREG(facts.stx_mode))
		return false;
	*out = (struct identity){
		.device = makedev(facts.stx_dev_major, facts.stx_dev_minor),
		.inode = facts.stx_ino,
		.size = facts.stx_size,
		.changed = facts.stx_ctime.tv_sec,
		.changed_nanoseconds = facts.stx_ctime.tv_nsec,
	};
	if (facts.stx_mask & STATX_BTIME) {
		out->born = facts.stx_btime.tv_sec;
		out->born_nanoseconds = facts.stx_btime.tv_nsec;
	}
	return true;
}

/* ------------------------------------------------------------------ the records */

/* The folder, made with those above it where `is_made`; to be freed. NULL where there is no home, or no room. */
static char *
folder(bool is_made)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int size = -1;

	if (state && *state == '/')
		size = asprintf(&path, "%s/coffer/known", state);
	else if (home && *home == '/')
		size = asprintf(&path, "%s/.local/state/coffer/known", home);
	if (size < 0)
		return NULL;
	for (char *slash = path + 1; is_made && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	if (is_made)
		(void)mkdir(path, 0700);
	return path;
}

static char *
record_path(const struct identity *identity, bool is_made)
{
	char *above = folder(is_made), *path = NULL;

	if (above && asprintf(&path, "%s/%" PRIx64 "-%" PRIx64, above, identity->device,
			      identity->inode) < 0)
		path = NULL;
	free(above);
	return path;
}

/* The record of an identity as it stands in its file. */
static int
print_record(const struct identity *identity, bool is_live, char out[RECORD_SIZE_MAX])
{
	int size = snprintf(out, RECORD_SIZE_MAX, "coffer known 1\nborn %" PRId64 " %" PRIu32 "\n",
			    identity->born, identity->born_nanoseconds);

	if (is_live)
		return size + snprintf(out + size, RECORD_SIZE_MAX - (size_t)size, "live\n");
	return size + snprintf(out + size, RECORD_SIZE_MAX - (size_t)size,
			       "sealed %" PRIu64 " %" PRId64 " %" PRIu32 "\n", identity->size,
			       identity->changed, identity->changed_nanoseconds);
}

enum standing { UNKNOWN, SEALED, LIVE };

/* What is known of a file: the record that would be written for it now stands there. Where a file has no time of birth,
 * a live one cannot be told from the next one of its number. */
static enum standing
look_up(const struct identity *identity)
{
	char record[RECORD_SIZE_MAX], wanted[RECORD_SIZE_MAX];
	char *path = record_path(identity, false);
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t size = file >= 0 ? read(file, record, sizeof(record)) : -1;
	enum standing standing = UNKNOWN;

	if (size >= 0 && size == print_record(identity, false, wanted) &&
	    !memcmp(record, wanted, (size_t)size))
		standing = SEALED;
	else if (size >= 0 && identity->born && size == print_record(identity, true, wanted) &&
		 !memcmp(record, wanted, (size_t)size))
		standing = LIVE;
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

/* A machine that cannot remember verifies again: slow, but right. */
static void
remember(const struct coffer_arguments *arguments, const struct identity *identity, bool is_live)
{
	char record[RECORD_SIZE_MAX];
	int size = print_record(identity, is_live, record);
	char *path = record_path(identity, true);

	if (!path || !write_record(path, record, (size_t)size))
		coffer_report_note(arguments,
				   "cannot remember that the store was verified: %s is not writable",
				   path ? path : "there is no state folder");
	free(path);
}

/* ------------------------------------------------------------------ the verification */

/* The first finding, to be told with the number of all. */
struct first {
	char text[512];
};

static void
keep_first(void *context, const coffer_finding *finding)
{
	struct first *first = context;

	if (!*first->text)
		snprintf(first->text, sizeof(first->text), "%s %s: %s", finding->invariant,
			 finding->place, finding->message);
}

static int
refuse(const struct coffer_arguments *arguments, const char *path, const struct first *first)
{
	coffer_error error = {0};

	coffer_error_set(&error, COFFER_CORRUPT, "damaged: %s; 'coffer verify' says all", first->text);
	coffer_error_at(&error, "%s", path);
	return coffer_report_error(arguments, &error);
}

/* A dump is no store, and what is neither is the command's own to report; but what is one gives no answer before a
 * verification of it came to its end. */
static int
verify(const struct coffer_arguments *arguments, const char *path, const struct identity *identity,
       bool is_live)
{
	struct coffer_progress_line line;
	struct first first = {""};
	const coffer_verify_options options = {
		.findings_max = 1,
		.found = keep_first,
		.found_context = &first,
		.progress = coffer_progress_tell,
		.progress_context = &line,
	};
	coffer_verify_summary summary;
	coffer_error error = {0};
	coffer_status status;

	coffer_progress_begin(&line, arguments);
	line.title = "verify";
	line.bytes_expected = identity->size;
	status = coffer_verify(path, &options, &summary, &error);
	coffer_progress_clear();
	if (status == COFFER_NOT_A_COFFER)
		return COFFER_EXIT_DONE;
	if (status)
		return coffer_report_error(arguments, &error);
	if (summary.findings)
		return refuse(arguments, path, &first);
	remember(arguments, identity, is_live);
	return COFFER_EXIT_DONE;
}

static int
check(struct coffer_arguments *arguments, const char *path, bool is_written)
{
	struct identity identity;
	enum standing standing;

	if (!identify(path, &identity))
		return COFFER_EXIT_DONE;
	standing = look_up(&identity);
	if (standing == UNKNOWN && !coffer_option_is_given(arguments, COFFER_OPTION_UNVERIFIED))
		return verify(arguments, path, &identity, is_written);
	if (standing == UNKNOWN) {
		arguments->is_unverified = true;
		coffer_report_note(arguments, "%s: not verified: what is missing from an answer does not show",
				   path);
	} else if (is_written && standing == SEALED) {
		remember(arguments, &identity, true);
	}
	return COFFER_EXIT_DONE;
}

int
coffer_trust_check(struct coffer_arguments *arguments)
{
	const struct operands operands = operands_of(arguments);
	int code = COFFER_EXIT_DONE;

	for (int i = 0; !code && i < OPERANDS_LOOKED_AT && i < arguments->operand_count; i++)
		if ((operands.read | operands.written) & 1u << i)
			code = check(arguments, arguments->operands[i], operands.written & 1u << i);
	return code;
}

void
coffer_trust_learn(const struct coffer_arguments *arguments, int code)
{
	const struct operands operands = operands_of(arguments);
	struct identity identity;

	if ((code != COFFER_EXIT_DONE && code != COFFER_EXIT_WARNINGS) || arguments->is_unverified)
		return;
	for (int i = 0; i < OPERANDS_LOOKED_AT && i < arguments->operand_count; i++)
		if ((operands.made | operands.found_whole) & 1u << i &&
		    identify(arguments->operands[i], &identity) && look_up(&identity) == UNKNOWN)
			remember(arguments, &identity, false);
}
