/*
 * A static binary loads nothing: SQLite, which would load extensions where it is let, is linked with --wrap=dlopen and comes
 * to here.
 */
#include <stddef.h>

void *
__wrap_dlopen(const char *path, int flags);

void *
__wrap_dlopen(const char *path, int flags)
{
	(void)path;
	(void)flags;
	return NULL;
}
