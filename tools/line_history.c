/*
 * The file of the history: an entry a line, its newlines as \n and its backslashes doubled, for nobody else to read. When
 * it is larger than SIZE_MAX its newest half is kept.
 */
#include "line_history.h"

#include "coffer.h"
#include "trust/state.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HISTORY_SIZE_MAX = 1 << 20 };

static int
open_history(int flags)
{
	char *path = coffer_state_path("sql_history", flags & O_CREAT);
	int file = path ? open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	struct stat facts;

	free(path);
	if (file < 0)
		return -1;
	if (!fstat(file, &facts) && S_ISREG(facts.st_mode) &&
	    (!(facts.st_mode & 077) || !fchmod(file, 0600)))
		return file;
	(void)close(file);
	return -1;
}

/* The last bytes of the file, up to `size`. */
static void
read_end(int file, size_t size, coffer_buffer *out)
{
	off_t end = lseek(file, 0, SEEK_END);
	ssize_t got = 0;

	if (end < 0 || lseek(file, end > (off_t)size ? end - (off_t)size : 0, SEEK_SET) < 0 ||
	    !coffer_buffer_reserve(out, size))
		return;
	while (out->size < size && (got = read(file, out->data + out->size, size - out->size)) > 0)
		out->size += (size_t)got;
	out->data[out->size] = '\0';
	if (end > (off_t)size) { /* what is left of a line that is cut */
		char *newline = memchr(out->data, '\n', out->size);
		size_t cut = newline ? (size_t)(newline - out->data) + 1 : out->size;

		memmove(out->data, out->data + cut, out->size - cut + 1);
		out->size -= cut;
	}
}

static void
unescape(char *line)
{
	char *out = line;

	for (; *line; line++) {
		if (*line == '\\' && line[1])
			*out++ = *++line == 'n' ? '\n' : *line;
		else
			*out++ = *line;
	}
	*out = '\0';
}

void
coffer_line_history_read(void (*take)(void *context, const char *entry), void *context)
{
	int file = open_history(O_RDONLY);
	coffer_buffer text = {0};
	char *line, *end;

	if (file < 0)
		return;
	read_end(file, HISTORY_SIZE_MAX, &text);
	(void)close(file);
	for (line = text.data; line && (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		unescape(line);
		if (*line)
			take(context, line);
	}
	coffer_buffer_release(&text);
}

/* Two shells that cut it at a time may lose an entry of one of them, and no more. */
static void
cut(int file)
{
	coffer_buffer text = {0};

	read_end(file, HISTORY_SIZE_MAX / 2, &text);
	if (text.size && !ftruncate(file, 0) && write(file, text.data, text.size) < 0)
		(void)ftruncate(file, 0);
	coffer_buffer_release(&text);
}

void
coffer_line_history_add(const char *entry)
{
	int file = open_history(O_RDWR | O_CREAT | O_APPEND);
	coffer_buffer line = {0};
	struct stat facts;

	if (file < 0)
		return;
	for (; *entry; entry++) {
		if (*entry == '\n' || *entry == '\\')
			coffer_buffer_text(&line, *entry == '\n' ? "\\n" : "\\\\");
		else
			coffer_buffer_append(&line, entry, 1);
	}
	coffer_buffer_text(&line, "\n");
	if (!fstat(file, &facts) && facts.st_size > HISTORY_SIZE_MAX)
		cut(file);
	if (!line.is_failed && line.size <= HISTORY_SIZE_MAX / 2 &&
	    write(file, line.data, line.size) < 0)
		(void)ftruncate(file, facts.st_size);
	coffer_buffer_release(&line);
	(void)close(file);
}
