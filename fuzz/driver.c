/*
 * Replays inputs through a fuzz target without a fuzzer, so that every corpus runs in `make check`
 * with any compiler: each argument is a file, or a folder whose files are taken, not deeper. A target
 * aborts where its property fails; the input's name stands on standard error then.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The content in a block of exactly its size, so that a sanitizer sees one byte too far. */
static uint8_t *
read_file(const char *path, size_t *size_out)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	struct stat stat;

	*size_out = 0;
	if (file && !fstat(fileno(file), &stat)) {
		*size_out = (size_t)stat.st_size;
		data = malloc(*size_out ? *size_out : 1);
	}
	if (data && fread(data, 1, *size_out, file) != *size_out) {
		free(data);
		data = NULL;
	}
	if (file)
		fclose(file);
	return data;
}

static int
replay_file(const char *path)
{
	size_t size;
	uint8_t *data = read_file(path, &size);

	if (!data) {
		fprintf(stderr, "%s: cannot be read: %s\n", path, strerror(errno));
		return -1;
	}
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

/* Inputs replayed, or -1. */
static int
replay_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);
	int replayed = 0;

	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && replayed >= 0)
			replayed = replay_file(path) < 0 ? -1 : replayed + 1;
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count < 0 ? -1 : replayed;
}

int
main(int count, char **arguments)
{
	int total = 0;

	for (int i = 1; i < count; i++) {
		struct stat stat_of;
		int replayed = -1;

		if (!stat(arguments[i], &stat_of))
			replayed = S_ISDIR(stat_of.st_mode) ? replay_folder(arguments[i])
							    : replay_file(arguments[i]);
		if (replayed < 0) {
			fprintf(stderr, "%s: cannot be replayed\n", arguments[i]);
			return 1;
		}
		total += replayed;
	}
	printf("%d inputs\n", total);
	return total ? 0 : 1;
}
