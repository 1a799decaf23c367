/*
 * What kind of dump a file is, by its content, and how its SQL becomes a file that can be sought
 * in.
 *
 *   file ----------------------------------> plain SQL
 *   stream --> file without a name --^  |        ^
 *                        archive: pg_restore ----'
 */
#include "transfer/dump_file.h"

#include "transfer/dump.h"
#include "transfer/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_SIZE = 512, BLOCK_SIZE = 1 << 17 };

/* ------------------------------------------------------------------ a file without a name */

static int
open_unlinked(const char *folder)
{
	coffer_buffer path = {0};
	int file = -1;

	coffer_buffer_printf(&path, "%s/coffer-XXXXXX", folder);
	if (!path.is_failed && (file = mkostemp(path.data, O_CLOEXEC)) >= 0)
		unlink(path.data);
	coffer_buffer_release(&path);
	return file;
}

coffer_status
coffer_scratch_open(int *file_out, coffer_error *error)
{
	const char *folder = getenv("TMPDIR");

	if (!folder || !*folder)
		folder = "/tmp";
	*file_out = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*file_out < 0) /* a file system that has no such files */
		*file_out = open_unlinked(folder);
	if (*file_out < 0)
		return coffer_error_set(error, COFFER_IO, "no temporary file in %s: %s", folder,
					strerror(errno));
	return COFFER_OK;
}

/* ------------------------------------------------------------------ streams */

static coffer_status
write_all(int file, const char *data, size_t size, coffer_error *error)
{
	while (size) {
		ssize_t written = write(file, data, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return coffer_error_set(error, errno == ENOSPC ? COFFER_FULL : COFFER_IO,
						"a copy of the dump among the temporary files "
						"(TMPDIR): %s",
						strerror(errno));
		data += written;
		size -= (size_t)written;
	}
	return COFFER_OK;
}

/* Put a file that holds the stream in its place. */
static coffer_status
spool(struct coffer_dump_file *dump, const coffer_transfer_options *options, coffer_error *error)
{
	struct coffer_input_file input = {
		.file = dump->file,
		.progress = options->progress,
		.progress_context = options->progress_context,
		.what = "reading the dump",
	};
	char *buffer = malloc(BLOCK_SIZE);
	int copy = -1;
	coffer_status status =
		buffer ? coffer_scratch_open(&copy, error)
		       : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a copy");
	size_t size = 1;

	while (!status && size) {
		status = coffer_input_read_file(&input, buffer, BLOCK_SIZE, &size, error);
		if (!status)
			status = write_all(copy, buffer, size, error);
	}
	free(buffer);
	close(dump->file);
	dump->file = copy;
	dump->size = input.bytes;
	return status;
}

/* ------------------------------------------------------------------ kinds */

/* Kinds that are told by their first bytes and are none of ours. */
static const struct {
	size_t at, size;
	const char *bytes, *what;
} others[] = {
	{0, 2, "\x1f\x8b", "compressed by gzip: gunzip -c FILE | coffer import - STORE reads it"},
	{0, 4, "\x28\xb5\x2f\xfd",
	 "compressed by zstd: zstd -dc FILE | coffer import - STORE reads it"},
	{0, 4, "\x04\x22\x4d\x18",
	 "compressed by lz4: lz4 -dc FILE | coffer import - STORE reads it"},
	{16, 4, "\xde\xc0\xef\xbe", "an LMDB file, as coffer's stores are"},
	{0, 16, "SQLite format 3", "an SQLite database"},
	{0, 4, "PK\x03\x04", "a zip archive"},
};

/* The format of an archive by its first bytes; NULL: it is none. */
static const char *
archive_format(const char *head, size_t size)
{
	if (size >= 5 && !memcmp(head, "PGDMP", 5))
		return "custom";
	if (size >= HEAD_SIZE && !strncmp(head, "toc.dat", 8))
		return "tar";
	return NULL;
}

static coffer_status
refuse_others(const char *head, size_t size, coffer_error *error)
{
	static const char expected[] =
		"expected is what pg_dump writes, plain SQL or an archive (pg_dump -Fc)";

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (size >= others[i].at + others[i].size &&
		    !memcmp(head + others[i].at, others[i].bytes, others[i].size))
			return coffer_error_set(error, COFFER_INVALID, "the file is %s; %s",
						others[i].what, expected);
	if (!size)
		return coffer_error_set(error, COFFER_INVALID, "the file is empty; %s", expected);
	if (memchr(head, '\0', size))
		return coffer_error_set(error, COFFER_INVALID, "not a dump; %s", expected);
	return COFFER_OK;
}

/* Put the SQL of an archive in its place. */
static coffer_status
restore(struct coffer_dump_file *dump, const char *path, const coffer_transfer_options *options,
	coffer_error *error)
{
	int output = -1;
	coffer_status status = coffer_scratch_open(&output, error);

	if (!status)
		status = coffer_restore_run(dump->file, path, output, options, error);
	if (dump->file >= 0)
		close(dump->file);
	dump->file = output;
	return status;
}

static coffer_status
look(struct coffer_dump_file *dump, const coffer_transfer_options *options, coffer_error *error)
{
	char head[HEAD_SIZE];
	ssize_t size = pread(dump->file, head, sizeof(head), 0);

	if (size < 0)
		return coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	dump->format = archive_format(head, (size_t)size);
	if (dump->format)
		return restore(dump, NULL, options, error);
	dump->format = "plain";
	return refuse_others(head, (size_t)size, error);
}

/* ------------------------------------------------------------------ the whole */

/* A folder that pg_dump -Fd made. */
static coffer_status
open_folder(struct coffer_dump_file *dump, const char *path, const coffer_transfer_options *options,
	    coffer_error *error)
{
	dump->format = "directory";
	close(dump->file);
	dump->file = -1;
	return restore(dump, path, options, error);
}

/* The last part of a path. */
static const char *
choose_name(const char *path, const coffer_transfer_options *options)
{
	const char *slash;

	if (!strcmp(path, "-"))
		path = options->input_name ? options->input_name : "standard input";
	slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

static coffer_status
open_path(struct coffer_dump_file *dump, const char *path, const coffer_transfer_options *options,
	  coffer_error *error)
{
	dump->name = choose_name(path, options);
	dump->file = strcmp(path, "-") != 0 ? open(path, O_RDONLY | O_CLOEXEC)
					    : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (dump->file < 0)
		return coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	return COFFER_OK;
}

/* Is it to be copied before it is read? A file from its middle on is. */
static bool
is_stream(int file, const struct stat *facts)
{
	return !S_ISREG(facts->st_mode) || lseek(file, 0, SEEK_CUR);
}

bool
coffer_dump_is_stream(const char *path)
{
	struct stat facts;

	return !strcmp(path, "-") || (!stat(path, &facts) && !S_ISREG(facts.st_mode) &&
				      !S_ISDIR(facts.st_mode));
}

coffer_status
coffer_dump_take_stream(const char *path, const coffer_transfer_options *options,
			coffer_error *error)
{
	struct coffer_dump_file dump = {.file = -1};
	coffer_status status = open_path(&dump, path, options, error);
	struct stat facts;

	if (!status && fstat(dump.file, &facts))
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	if (!status && is_stream(dump.file, &facts) && !(status = spool(&dump, options, error)) &&
	    dup2(dump.file, STDIN_FILENO) < 0)
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	coffer_dump_file_close(&dump);
	if (!status && lseek(STDIN_FILENO, 0, SEEK_SET))
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	if (status)
		coffer_error_at(error, "%s", dump.name);
	return status;
}

coffer_status
coffer_dump_file_open(struct coffer_dump_file *dump, const char *path,
		      const coffer_transfer_options *options, coffer_error *error)
{
	coffer_status status;
	struct stat stat;

	*dump = (struct coffer_dump_file){.file = -1};
	status = open_path(dump, path, options, error);
	if (!status && fstat(dump->file, &stat))
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	if (!status && S_ISDIR(stat.st_mode)) {
		status = open_folder(dump, path, options, error);
	} else if (!status) {
		dump->size = (uint64_t)stat.st_size;
		if (is_stream(dump->file, &stat))
			status = spool(dump, options, error);
		if (!status)
			status = look(dump, options, error);
	}
	if (status)
		coffer_error_at(error, "%s", dump->name);
	return status;
}

void
coffer_dump_file_close(struct coffer_dump_file *dump)
{
	if (dump->file >= 0)
		close(dump->file);
	dump->file = -1;
}
