/*
 * Where things are kept between two runs. A folder that cannot be made shows when the file in it is written.
 */
#include "trust/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *
coffer_state_path(const char *name, bool is_made)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int size = -1;

	if (state && *state == '/')
		size = asprintf(&path, "%s/coffer/%s", state, name);
	else if (home && *home == '/')
		size = asprintf(&path, "%s/.local/state/coffer/%s", home, name);
	if (size < 0)
		return NULL;
	for (char *slash = path + 1; is_made && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	return path;
}
