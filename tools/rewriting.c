/*
 * A store that is written anew: the room that it needs, and what is said at the end.
 */
#include "rewriting.h"

#include "report.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Nothing but trying tells whether there is room: what has gone of the rows, or repeats, takes none. So it is only said. */
static void
look_for_room(const struct coffer_rewriting *rewriting)
{
	const char *target = rewriting->options.path;
	char *copy = strdup(rewriting->path), need[COFFER_NUMBER_SIZE], free_there[COFFER_NUMBER_SIZE];
	struct statvfs facts;
	uint64_t room;

	if (copy && !statvfs(target ? dirname(copy) : copy, &facts)) {
		room = (uint64_t)facts.f_bavail * facts.f_frsize;
		if (room < rewriting->bytes_before)
			coffer_report_note(rewriting->arguments,
					   "%s: the new file may take up to %s besides the old one, and %s are free there",
					   rewriting->path,
					   coffer_size_print(rewriting->bytes_before, need),
					   coffer_size_print(room, free_there));
	}
	free(copy);
}

coffer_status
coffer_rewriting_open(struct coffer_rewriting *rewriting, struct coffer_arguments *arguments,
		      coffer_error *error)
{
	const char *target = arguments->operand_count > 1 ? arguments->operands[1] : NULL;
	coffer_store_facts facts;
	coffer_status status;

	*rewriting = (struct coffer_rewriting){
		.arguments = arguments,
		.path = target ? target : arguments->operands[0],
		.options = {
			.path = target,
			.is_forced = coffer_option_is_given(arguments, COFFER_OPTION_FORCE),
			.is_plain = coffer_option_is_given(arguments, COFFER_OPTION_PLAIN),
			.progress = coffer_progress_tell,
			.progress_context = &rewriting->line,
		},
	};
	coffer_progress_begin(&rewriting->line, arguments);
	status = coffer_store_open(arguments->operands[0], &rewriting->store, error);
	if (status)
		return status;
	coffer_store_describe(rewriting->store, &facts);
	rewriting->bytes_before = facts.file_size;
	if (!coffer_option_is_given(arguments, COFFER_OPTION_DRY_RUN))
		look_for_room(rewriting);
	return COFFER_OK;
}

uint64_t
coffer_rewriting_bytes(const struct coffer_rewriting *rewriting)
{
	struct stat facts;

	return stat(rewriting->path, &facts) ? 0 : (uint64_t)facts.st_size;
}

int
coffer_rewriting_end(const struct coffer_rewriting *rewriting)
{
	char message[512];

	if (!rewriting->summary.is_step_left_out)
		return COFFER_EXIT_DONE;
	(void)snprintf(message, sizeof(message), "%.400s: the provenance has no room for another step",
		       rewriting->path);
	coffer_report_warning(rewriting->arguments, message);
	return COFFER_EXIT_WARNINGS;
}
