/*
 * A link is followed by hand, one after the other: realpath() wants the file to be there, and of a link to a descriptor,
 * /proc/self/fd/1, the name that it gives is not always a file's.
 */
#include "follow.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

static char *
join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *out = malloc(size);

	if (out)
		snprintf(out, size, "%s/%s", folder, name);
	return out;
}

/* The path with no link in its folder's; the name is as it was. */
static char *
resolve_folder(const char *path)
{
	char *folder = strdup(path), *name = strdup(path), *real = NULL, *out = NULL;

	if (folder && name && (real = realpath(dirname(folder), NULL)))
		out = join(strcmp(real, "/") != 0 ? real : "", basename(name));
	free(folder);
	free(name);
	free(real);
	return out;
}

/* The number in "/proc/OWN/fd/NUMBER"; -1: that is none. */
static int
own_descriptor(const char *path)
{
	char own[64];
	size_t size = (size_t)snprintf(own, sizeof(own), "/proc/%ld/fd/", (long)getpid());
	const char *digits = path + size;

	if (strncmp(path, own, size) != 0 || !*digits || digits[strspn(digits, "0123456789")])
		return -1;
	return (int)strtol(digits, NULL, 10);
}

/* What the link `path` says, as a path; it may say it from its folder, and `path` becomes that. */
static char *
target_of(char *path, const char *said)
{
	if (*said == '/')
		return strdup(said);
	*strrchr(path, '/') = '\0';
	return join(path, said);
}

char *
coffer_follow(const char *path, int *descriptor_out)
{
	char said[PATH_MAX], *next = strdup(path);

	*descriptor_out = -1;
	for (int i = 0; next && i < LINKS_MAX; i++) {
		char *real = resolve_folder(next);
		ssize_t size;

		free(next);
		if (!real)
			return NULL;
		*descriptor_out = own_descriptor(real);
		size = *descriptor_out < 0 ? readlink(real, said, sizeof(said) - 1) : 0;
		if (size < 0)
			return real;
		said[size] = '\0';
		next = *descriptor_out < 0 ? target_of(real, said) : NULL;
		free(real);
		if (*descriptor_out >= 0)
			return NULL;
	}
	errno = next ? ELOOP : ENOMEM;
	free(next);
	return NULL;
}
