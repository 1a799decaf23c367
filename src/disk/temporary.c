/*
 * Temporary names, and what killed processes leave under them.
 *
 * The lock is of the open file (flock): it goes when the last descriptor does, and no fork or close of another one
 * takes it away. Between the making of a file and its lock somebody may sweep it: its maker notices and makes another.
 */
#include "disk/temporary.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK ".coffer."

enum {
	RANDOM_SIZE = 6, /* letters that mkostemp chooses */
	TRIES_MAX = 16,
};

char *
coffer_temporary_path(const char *path)
{
	char *folder = strdup(path), *name = strdup(path), *out = NULL;

	if (folder && name &&
	    asprintf(&out, "%s/.%s" MARK "XXXXXX", dirname(folder), basename(name)) < 0)
		out = NULL;
	free(folder);
	free(name);
	return out;
}

void
coffer_temporary_hold(int fd)
{
	(void)flock(fd, LOCK_EX | LOCK_NB);
}

/* Has nobody taken it for a left one meanwhile? */
static bool
is_held(int fd)
{
	struct stat facts;

	return (!flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK) && !fstat(fd, &facts) &&
	       facts.st_nlink;
}

int
coffer_temporary_make(char *name)
{
	char *random = name + strlen(name) - RANDOM_SIZE;

	for (int i = 0; i < TRIES_MAX; i++) {
		int fd;

		memset(random, 'X', RANDOM_SIZE);
		fd = mkostemp(name, O_CLOEXEC);
		if (fd < 0 || is_held(fd))
			return fd;
		(void)close(fd);
	}
	errno = EAGAIN;
	return -1;
}

/* Is this ".NAME.coffer.XXXXXX"? */
static bool
is_temporary(const char *name, const char *of)
{
	size_t size = strlen(of);

	if (name[0] != '.' || strncmp(name + 1, of, size) != 0 ||
	    strncmp(name + 1 + size, MARK, strlen(MARK)) != 0)
		return false;
	name += 1 + size + strlen(MARK);
	for (size_t i = 0; i < RANDOM_SIZE; i++)
		if (!isalnum((unsigned char)name[i]))
			return false;
	return name[RANDOM_SIZE] == '\0';
}

static void
remove_left(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat facts;

	if (fd < 0)
		return;
	if (!fstat(fd, &facts) && S_ISREG(facts.st_mode) && !flock(fd, LOCK_EX | LOCK_NB))
		(void)unlinkat(folder, name, 0);
	(void)close(fd);
}

void
coffer_temporary_sweep(const char *path)
{
	char *folder = strdup(path), *copy = strdup(path);
	DIR *entries = folder && copy ? opendir(dirname(folder)) : NULL;
	const char *name = entries ? basename(copy) : NULL;
	const struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		if (is_temporary(entry->d_name, name))
			remove_left(dirfd(entries), entry->d_name);
	if (entries)
		(void)closedir(entries);
	free(folder);
	free(copy);
}
