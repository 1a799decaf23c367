/*
 * Replacing a folder: two folders change names in one step where the file system can do that, and the old one's files
 * are removed under its new name. Nothing is removed that coffer did not write: whoever put a file of theirs into the
 * folder keeps it, and the folder with it.
 */
#include "transfer/folder_place.h"

#include "transfer/schema_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DRAIN_SIZE = 1 << 18 };

static coffer_status
fail(const char *path, int number, coffer_error *error)
{
	coffer_status status = number == ENOSPC || number == EDQUOT      ? COFFER_FULL
			       : number == EEXIST || number == ENOTEMPTY ? COFFER_EXISTS
			       : number == ENOMEM                        ? COFFER_NO_MEMORY
									 : COFFER_IO;

	coffer_error_set(error, status, "%s",
			 status == COFFER_EXISTS ? "exists already" : strerror(number));
	coffer_error_at(error, "%s", path);
	return status;
}

/* ------------------------------------------------------------------ what is there */

/* Is it a file that coffer writes into a folder of this schema? */
static bool
is_ours(coffer_schema *schema, const char *name)
{
	char *table = NULL, *again;
	coffer_row_format format;

	if (!strcmp(name, COFFER_FOLDER_DOCUMENT) || !strcmp(name, COFFER_FOLDER_PRISMA))
		return true;
	if (coffer_folder_table_name(schema, name, &table, &format, NULL) ||
	    coffer_schema_find_table(schema, table) == COFFER_NO_TABLE)
		return false;
	again = coffer_folder_file_name(schema, table, format);
	return again && !strcmp(again, name);
}

/* The schema of the old folder; NULL where it has none that can be read. */
static coffer_schema *
read_old_schema(const struct coffer_folder_place *place)
{
	char *path = coffer_folder_path(place->path, COFFER_FOLDER_DOCUMENT);
	coffer_schema *schema = NULL;

	if (path && coffer_schema_file_read(path, &schema, NULL))
		schema = NULL;
	free(path);
	return schema;
}

/* The name of something in the old folder that coffer did not write; NULL where there is nothing. */
static const char *
find_foreign(const struct coffer_folder_place *place)
{
	coffer_schema *schema = read_old_schema(place);
	const char *foreign = NULL;
	size_t i = 0;

	while (schema && i < place->old.count && is_ours(schema, place->old.names[i]))
		i++;
	if (i < place->old.count)
		foreign = place->old.names[i];
	else if (place->old.hidden)
		foreign = "a hidden file";
	coffer_schema_free(schema);
	return foreign;
}

/* May what is in the old folder go? */
static coffer_status
look_inside(struct coffer_folder_place *place, bool is_forced, coffer_error *error)
{
	coffer_status status = coffer_folder_list_read(&place->old, place->path, error);
	const char *foreign;

	if (status || !(place->old.count + place->old.hidden))
		return status;
	if (!is_forced)
		return fail(place->path, EEXIST, error);
	if (!(foreign = find_foreign(place)))
		return COFFER_OK;
	coffer_error_set(error, COFFER_EXISTS, "has %s, which coffer did not write: not replaced",
			 foreign);
	coffer_error_at(error, "%s", place->path);
	return COFFER_EXISTS;
}

static coffer_status
look(struct coffer_folder_place *place, bool is_forced, coffer_error *error)
{
	struct stat facts;

	if (lstat(place->path, &facts))
		return errno == ENOENT ? COFFER_OK : fail(place->path, errno, error);
	if (S_ISDIR(facts.st_mode))
		return look_inside(place, is_forced, error);
	coffer_error_set(error, COFFER_CONFLICT, "exists already and is no folder");
	coffer_error_at(error, "%s", place->path);
	return COFFER_CONFLICT;
}

/* ------------------------------------------------------------------ files */

coffer_status
coffer_folder_place_begin(struct coffer_folder_place *place, const char *path, bool is_forced,
			  coffer_error *error)
{
	size_t size = strlen(path);
	coffer_status status;

	*place = (struct coffer_folder_place){.folder = -1, .file = -1};
	while (size > 1 && path[size - 1] == '/')
		size--;
	place->path = strndup(path, size);
	if (!place->path)
		return fail(path, ENOMEM, error);
	if ((status = look(place, is_forced, error)))
		return status;
	if (asprintf(&place->temporary, "%s.XXXXXX", place->path) < 0) {
		place->temporary = NULL;
		return fail(path, ENOMEM, error);
	}
	if (!mkdtemp(place->temporary)) {
		status = fail(place->path, errno, error);
		free(place->temporary);
		place->temporary = NULL;
		return status;
	}
	place->folder = open(place->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return place->folder < 0 ? fail(place->temporary, errno, error) : COFFER_OK;
}

static coffer_status
write_all(struct coffer_folder_place *place, coffer_error *error)
{
	const char *at = place->buffer.data;
	size_t left = place->buffer.size;

	if (place->buffer.is_failed)
		return fail(place->path, ENOMEM, error);
	while (left) {
		ssize_t written = write(place->file, at, left);

		if (written < 0 && errno != EINTR)
			return fail(place->path, errno, error);
		at += written > 0 ? written : 0;
		left -= written > 0 ? (size_t)written : 0;
	}
	coffer_buffer_clear(&place->buffer);
	return COFFER_OK;
}

coffer_status
coffer_folder_place_drain(struct coffer_folder_place *place, coffer_error *error)
{
	if (place->buffer.size < DRAIN_SIZE && !place->buffer.is_failed)
		return COFFER_OK;
	return write_all(place, error);
}

static coffer_status
end_file(struct coffer_folder_place *place, coffer_error *error)
{
	coffer_status status;
	int file = place->file;

	if (file < 0)
		return COFFER_OK;
	if ((status = write_all(place, error)))
		return status;
	place->file = -1;
	if (fsync(file) && errno != EINVAL) {
		status = fail(place->path, errno, error);
		close(file);
		return status;
	}
	return close(file) ? fail(place->path, errno, error) : COFFER_OK;
}

coffer_status
coffer_folder_place_file(struct coffer_folder_place *place, const char *name, coffer_error *error)
{
	coffer_status status = end_file(place, error);

	if (status || (status = coffer_folder_list_add(&place->made, name, error)))
		return status;
	place->file = openat(place->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return place->file < 0 ? fail(place->path, errno, error) : COFFER_OK;
}

/* ------------------------------------------------------------------ the place */

/* These files, and the folder where nothing else is left in it. */
static void
remove_folder(const char *folder, const struct coffer_folder_list *files)
{
	for (size_t i = 0; i < files->count; i++) {
		char *path = coffer_folder_path(folder, files->names[i]);

		if (path)
			unlink(path);
		free(path);
	}
	rmdir(folder);
}

/* Returns an errno. */
static int
sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int folder = parent ? open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int number = folder < 0 || (fsync(folder) && errno != EINVAL) ? errno : 0;

	if (folder >= 0)
		close(folder);
	free(parent);
	return number;
}

/* Where two names cannot be changed in one step the place is empty for a moment. Returns an errno. */
static int
exchange_slowly(struct coffer_folder_place *place)
{
	char *aside = NULL;
	int number = 0;

	if (asprintf(&aside, "%s.old", place->temporary) < 0)
		return ENOMEM;
	if (rename(place->path, aside))
		number = errno;
	else if (rename(place->temporary, place->path))
		number = errno;
	if (number) {
		rename(aside, place->path);
		free(aside);
		return number;
	}
	free(place->temporary);
	place->temporary = aside;
	return 0;
}

/* Behind it the temporary name is the old folder's, where there was one. Returns an errno. */
static int
take_place(struct coffer_folder_place *place)
{
	if (!place->old.count) {
		if (rename(place->temporary, place->path))
			return errno;
		free(place->temporary);
		place->temporary = NULL;
		return 0;
	}
	if (!renameat2(AT_FDCWD, place->temporary, AT_FDCWD, place->path, RENAME_EXCHANGE))
		return 0;
	return errno == EINVAL || errno == ENOSYS ? exchange_slowly(place) : errno;
}

static void
release(struct coffer_folder_place *place)
{
	if (place->file >= 0)
		close(place->file);
	if (place->folder >= 0)
		close(place->folder);
	coffer_folder_list_release(&place->made);
	coffer_folder_list_release(&place->old);
	coffer_buffer_release(&place->buffer);
	free(place->temporary);
	free(place->path);
	*place = (struct coffer_folder_place){.folder = -1, .file = -1};
}

coffer_status
coffer_folder_place_finish(struct coffer_folder_place *place, coffer_error *error)
{
	coffer_status status = end_file(place, error);
	int number;

	if (!status && fsync(place->folder) && errno != EINVAL)
		status = fail(place->path, errno, error);
	if (!status && (number = take_place(place)))
		status = fail(place->path, number, error);
	if (status) {
		coffer_folder_place_abort(place);
		return status;
	}
	if ((number = sync_parent(place->path)))
		status = fail(place->path, number, error);
	if (place->temporary)
		remove_folder(place->temporary, &place->old);
	release(place);
	return status;
}

void
coffer_folder_place_abort(struct coffer_folder_place *place)
{
	if (place->temporary)
		remove_folder(place->temporary, &place->made);
	release(place);
}
