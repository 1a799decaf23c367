/*
 * Where a path leads by symbolic links, for whoever makes a file there: the last part need not exist.
 */
#ifndef TOOLS_FOLLOW_H
#define TOOLS_FOLLOW_H

/*
 * The path of the file itself, to be freed. NULL with `descriptor_out` from 0: the path is a name of an open descriptor of
 * this process, as /dev/stdout is; NULL with -1: an errno says why there is none.
 */
char *
coffer_follow(const char *path, int *descriptor_out);

#endif
