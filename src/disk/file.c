/*
 * What disk/ asks of a file beside liblmdb: its real path, its access list, its length, and why it cannot be written.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	PAGE_SIZE_USUAL = 4096,
	LINKS_MAX = 40,
	LIST_SIZE_MAX = 16 << 10, /* of an access list: a few entries of 8 bytes are the rule */
};

/* The folder's real path and the name in it, which nobody has yet. */
static char *
resolve_new(const char *path)
{
	size_t size = strlen(path);
	char *folder, *name, *real = NULL, *out = NULL;

	if (!size || path[size - 1] == '/')
		return NULL;
	folder = strdup(path);
	name = strdup(path);

	if (folder && name && (real = realpath(dirname(folder), NULL)) &&
	    asprintf(&out, "%s/%s", strcmp(real, "/") != 0 ? real : "", basename(name)) < 0)
		out = NULL;
	free(folder);
	free(name);
	free(real);
	return out;
}

/* Where a link that leads to nothing yet points to; NULL: `path` is none. */
static char *
read_link(const char *path)
{
	char said[PATH_MAX], *out;
	ssize_t size = readlink(path, said, sizeof(said) - 1);
	int folder = (int)(strrchr(path, '/') - path);
	struct stat facts;

	/* What is there, but has no name, is a descriptor's: a pipe. */
	if (size < 0 || !stat(path, &facts))
		return NULL;
	said[size] = '\0';
	if (*said == '/')
		return strdup(said);
	return asprintf(&out, "%.*s/%s", folder, path, said) < 0 ? NULL : out;
}

/* The system has refused loops before it found nothing; there is a bound for those that come meanwhile. */
char *
coffer_file_resolve(const char *path)
{
	char *real = realpath(path, NULL), *next;

	if (real || errno != ENOENT)
		return real;
	real = resolve_new(path);
	for (int i = 0; i < LINKS_MAX && real && (next = read_link(real)); i++) {
		free(real);
		real = resolve_new(next);
		free(next);
	}
	return real;
}

bool
coffer_file_take_list(int from, int to)
{
	static const char name[] = "system.posix_acl_access";
	char list[LIST_SIZE_MAX];
	ssize_t size = fgetxattr(from, name, list, sizeof(list));

	if (size >= 0)
		return !fsetxattr(to, name, list, (size_t)size, 0);
	if (errno != ENODATA && errno != ENOTSUP)
		return false;
	return !fremovexattr(to, name) || errno == ENODATA || errno == ENOTSUP;
}

int
coffer_file_extend(MDB_env *env)
{
	MDB_envinfo info;
	MDB_stat facts;
	struct stat file;
	off_t size;
	int fd, code;

	if ((code = mdb_env_info(env, &info)) || (code = mdb_env_stat(env, &facts)) ||
	    (code = mdb_env_get_fd(env, &fd)))
		return code;
	if (fstat(fd, &file))
		return errno;
	size = (off_t)((info.me_last_pgno + 1) * facts.ms_psize);
	/* The system's own call: where it is not known, posix_fallocate writes into pages that another writer may have. */
	if (file.st_size >= size || !fallocate(fd, 0, file.st_size, size - file.st_size) ||
	    errno == EOPNOTSUPP)
		return 0;
	return errno;
}

/* A page more at the end tells, and harms nobody. */
int
coffer_file_cause(MDB_env *env, int code)
{
	struct statvfs space;
	struct stat facts;
	int fd;

	if (code != EIO || mdb_env_get_fd(env, &fd) || fstat(fd, &facts))
		return code;
	if (!fallocate(fd, 0, facts.st_size, PAGE_SIZE_USUAL))
		return code;
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return errno;
	return !fstatvfs(fd, &space) && !space.f_bavail ? ENOSPC : code;
}
