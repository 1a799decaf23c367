/*
 * Progress: what, rows, bytes, rate and, where the number of rows is known, the time left. Redrawn ten
 * times a second at most. Whoever writes another line wipes this one first.
 */
#include "progress.h"

#include "interrupt.h"
#include "report.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_SECONDS 0.1

static bool is_on_screen;

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void
coffer_progress_begin(struct coffer_progress_line *line, const struct coffer_arguments *arguments)
{
	*line = (struct coffer_progress_line){
		.title = arguments->command->name,
		.is_drawn = !arguments->is_quiet && !arguments->is_json && isatty(STDERR_FILENO),
		.begun = now(),
	};
}

double
coffer_progress_seconds(const struct coffer_progress_line *line)
{
	return now() - line->begun;
}

void
coffer_progress_clear(void)
{
	if (is_on_screen)
		fputs("\r\033[K", stderr);
	is_on_screen = false;
}

/* The names of tables come from the data: nothing of them may move the cursor. */
static void
keep_name(struct coffer_progress_line *line, const char *what)
{
	size_t size = 0;

	for (; size < sizeof(line->what) - 1 && what[size]; size++)
		line->what[size] =
			(unsigned char)what[size] < 0x20 || what[size] == 0x7f ? '?' : what[size];
	line->what[size] = '\0';
}

/* ", 12:05 left", or nothing while what is to come is not known or too little is done to tell. */
static void
print_left(const struct coffer_progress_line *line, double seconds, uint64_t bytes, char out[40])
{
	double expected =
		(double)(line->bytes_expected ? line->bytes_expected : line->rows_expected);
	double done = (double)(line->bytes_expected ? bytes : line->rows);
	uint64_t left;

	out[0] = '\0';
	if (done * 100 < expected || done >= expected)
		return;
	left = (uint64_t)(seconds * (expected - done) / done + 0.5);
	snprintf(out, 40, ", %lu:%02lu left", (unsigned long)(left / 60),
		 (unsigned long)(left % 60));
}

static void
draw(struct coffer_progress_line *line, uint64_t bytes)
{
	char count[COFFER_NUMBER_SIZE], rate[COFFER_NUMBER_SIZE], size[COFFER_NUMBER_SIZE];
	double time = now(), growing = line->grown - line->begun;
	char left[40];

	if (time - line->drawn < REDRAW_SECONDS)
		return;
	line->drawn = time;
	fprintf(stderr, "\r%s %s", line->title, line->what);
	if (line->rows && growing > 0)
		fprintf(stderr, ": %s rows, %s rows/s", coffer_number_print(line->rows, count),
			coffer_number_print((uint64_t)((double)line->rows / growing), rate));
	if (bytes)
		fprintf(stderr, ", %s", coffer_size_print(bytes, size));
	print_left(line, time - line->begun, bytes, left);
	fprintf(stderr, "%s\033[K", left);
	fflush(stderr);
	is_on_screen = true;
}

bool
coffer_progress_tell(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	struct coffer_progress_line *line = context;

	if (coffer_interrupt_is_noted())
		return false;
	if (!line->is_drawn)
		return true;
	if (rows > line->rows) {
		line->rows = rows;
		line->grown = now();
	}
	keep_name(line, what);
	draw(line, bytes);
	return true;
}
