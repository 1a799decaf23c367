/*
 * Files on the way to their place: "DIR/.NAME.coffer.XXXXXX" beside DIR/NAME. Whoever writes one holds it with a lock that
 * ends with the process, so that one which nobody holds was left by a process that was killed.
 */
#ifndef COFFER_DISK_TEMPORARY_H
#define COFFER_DISK_TEMPORARY_H

/* The name as mkostemp takes it, to be freed; NULL: no memory. */
char *
coffer_temporary_path(const char *path);

/* Hold the file, which has a name of this kind or will have one. File systems without such locks hold nothing. */
void
coffer_temporary_hold(int fd);

/* Make a file of this name and hold it. Returns its descriptor, or -1 with errno set. */
int
coffer_temporary_make(char *name);

/* Remove what was left beside `path`. A file that cannot be removed stays. */
void
coffer_temporary_sweep(const char *path);

#endif
