/*
 * Lines edited with libedit. The history stands in the state folder, mode 0600, an entry a line with its own newlines as
 * \n: it is appended to as entries come, so that several shells keep one, and cut to its newest half when it has grown.
 * The tabulator completes names of tables and columns, keywords, and commands that begin with a dot.
 */
#include "interrupt.h"
#include "line.h"
#include "line_history.h"
#include "line_names.h"

#include <histedit.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

enum { ENTRIES_MAX = 1000 };

struct coffer_line {
	EditLine *edit;
	History *history;
	FILE *terminal;
	struct coffer_shell *shell;
	const char *prompt;
	coffer_buffer text;
};

/* Set when the process goes on after it was stopped: the terminal is another program's as it is then. */
static volatile sig_atomic_t is_continued;

static void
note_continue(int number)
{
	(void)number;
	is_continued = 1;
}

static char *
prompt_of(EditLine *edit)
{
	struct coffer_line *line = NULL;

	(void)el_get(edit, EL_CLIENTDATA, &line);
	return (char *)(uintptr_t)line->prompt;
}

/* A byte of the terminal; a signal ends the line, which libedit's own reading does only at the second one. */
static ssize_t
read_byte(EditLine *edit, char *byte_out)
{
	int ready;

	while (!(ready = coffer_interrupt_wait(STDIN_FILENO))) {
		if (is_continued)
			(void)el_set(edit, EL_PREP_TERM, 1);
		is_continued = 0;
		(void)el_set(edit, EL_REFRESH);
	}
	return ready < 0 ? -1 : read(STDIN_FILENO, byte_out, 1);
}

static int
read_character(EditLine *edit, wchar_t *character_out)
{
	mbstate_t state = {0};
	size_t size = (size_t)-2;
	char byte;

	while (size == (size_t)-2) {
		if (coffer_interrupt_is_noted())
			return -1;
		ssize_t got = read_byte(edit, &byte);

		if (got <= 0)
			return (int)got;
		size = mbrtowc(character_out, &byte, 1, &state);
	}
	if (size == (size_t)-1)
		*character_out = L'?';
	return 1;
}

/* Complete the word in front of the cursor: insert what all names that begin so have in common, or show them. */
static unsigned char
complete(EditLine *edit, int key)
{
	const LineInfo *info = el_line(edit);
	struct coffer_line *line = NULL;
	coffer_buffer common = {0}, shown = {0};
	size_t count;

	(void)key;
	(void)el_get(edit, EL_CLIENTDATA, &line);
	count = coffer_line_names(line->shell, info->buffer, (size_t)(info->cursor - info->buffer),
				  &common, &shown);
	if (count && common.size && el_insertstr(edit, common.data) < 0)
		count = 0;
	if (count > 1 && !common.size && shown.size) {
		(void)fprintf(line->terminal, "\n%s\n", shown.data);
		(void)fflush(line->terminal);
	}
	coffer_buffer_release(&shown);
	if (count > 1 && !common.size)
		return CC_REDISPLAY;
	if (count == 1)
		(void)el_insertstr(edit, " ");
	coffer_buffer_release(&common);
	return count ? CC_REFRESH : CC_ERROR;
}

static void
recall(void *context, const char *entry)
{
	HistEvent event;

	(void)history(context, &event, H_ENTER, entry);
}

static coffer_status
set_up(struct coffer_line *line, coffer_error *error)
{
	const struct sigaction action = {.sa_handler = note_continue};
	HistEvent event;

	line->terminal = isatty(STDOUT_FILENO) ? stdout : stderr;
	line->edit = el_init("coffer", stdin, line->terminal, stderr);
	line->history = history_init();
	if (!line->edit || !line->history)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the prompt");
	(void)history(line->history, &event, H_SETSIZE, ENTRIES_MAX);
	(void)history(line->history, &event, H_SETUNIQUE, 1);
	(void)el_set(line->edit, EL_CLIENTDATA, line);
	(void)el_set(line->edit, EL_PROMPT, prompt_of);
	(void)el_set(line->edit, EL_HIST, history, line->history);
	(void)el_set(line->edit, EL_EDITOR, "emacs");
	(void)el_set(line->edit, EL_GETCFN, read_character);
	(void)el_set(line->edit, EL_ADDFN, "coffer-complete", "complete a name", complete);
	(void)el_set(line->edit, EL_BIND, "\t", "coffer-complete", NULL);
	(void)el_set(line->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
	(void)el_source(line->edit, NULL);
	(void)sigaction(SIGCONT, &action, NULL);
	coffer_line_history_read(recall, line->history);
	return COFFER_OK;
}

coffer_status
coffer_line_open(struct coffer_line **line_out, struct coffer_shell *shell, coffer_error *error)
{
	struct coffer_line *line = *line_out = calloc(1, sizeof(*line));

	if (!line)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the prompt");
	line->shell = shell;
	return set_up(line, error);
}

void
coffer_line_close(struct coffer_line *line)
{
	if (!line)
		return;
	if (line->edit)
		el_end(line->edit);
	if (line->history)
		history_end(line->history);
	coffer_buffer_release(&line->text);
	free(line);
}

coffer_status
coffer_line_read(struct coffer_line *line, const char *prompt, char **text_out, coffer_error *error)
{
	const char *text;
	int size = 0;

	*text_out = NULL;
	line->prompt = prompt;
	el_resize(line->edit);
	(void)el_set(line->edit, EL_PREP_TERM, 1); /* what is typed at once is not echoed twice */
	text = el_gets(line->edit, &size);
	if (coffer_interrupt_is_noted() || !text || size <= 0) {
		(void)fputc('\n', line->terminal);
		(void)fflush(line->terminal);
		return coffer_interrupt_is_noted()
			       ? coffer_error_set(error, COFFER_INTERRUPTED, "interrupted")
			       : COFFER_NOT_FOUND;
	}
	coffer_buffer_clear(&line->text);
	coffer_buffer_append(&line->text, text, (size_t)size);
	if (text[size - 1] != '\n')
		coffer_buffer_text(&line->text, "\n");
	*text_out = line->text.data;
	return line->text.is_failed ? coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the line")
				    : COFFER_OK;
}

void
coffer_line_remember(struct coffer_line *line, coffer_text text)
{
	coffer_buffer entry = {0};

	while (text.size && strchr(" \t\r\n", text.data[text.size - 1]))
		text.size--;
	coffer_buffer_append(&entry, text.data, text.size);
	if (text.size && !entry.is_failed) {
		recall(line->history, entry.data);
		coffer_line_history_add(entry.data);
	}
	coffer_buffer_release(&entry);
}
