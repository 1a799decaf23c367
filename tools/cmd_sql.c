/*
 * coffer sql: questions to stores, answered by SQLite's engine: one that is an operand, a script's, or those that are
 * typed.
 */
#include "reading.h"
#include "report.h"
#include "shell.h"

#include <unistd.h>

static coffer_status
run(struct coffer_shell *shell, coffer_error *error)
{
	const struct coffer_arguments *arguments = shell->arguments;

	if (arguments->operand_count > 1) {
		shell->source = "query";
		return coffer_shell_text(shell, arguments->operands[1], error);
	}
	if (isatty(STDIN_FILENO))
		return coffer_shell_prompt(shell, error);
	shell->source = "standard input";
	shell->is_script = true;
	return coffer_shell_script(shell, error);
}

/* A store that is written over while it answers would be a surprise; an operand is looked at by the output itself. */
static coffer_status
check_output(const struct coffer_arguments *arguments, const struct coffer_output *output,
	     coffer_error *error)
{
	size_t position = 0;
	const char *word, *path;

	while (output->temporary &&
	       (word = coffer_option_next(arguments, COFFER_OPTION_ATTACH, &position))) {
		path = coffer_attached_path(word);
		if (path && coffer_output_is_onto(output, path)) {
			coffer_error_set(error, COFFER_INVALID, "the command reads it: it is not written over");
			return coffer_error_at(error, "%s", path);
		}
	}
	return COFFER_OK;
}

int
coffer_command_sql(struct coffer_arguments *arguments)
{
	struct coffer_output output;
	struct coffer_shell shell = {0};
	coffer_error error = {0};
	coffer_status status = coffer_output_open(&output, arguments, &error);
	int code = COFFER_EXIT_DONE;

	if (!status && !(status = check_output(arguments, &output, &error)))
		code = coffer_shell_open(&shell, arguments, &output);
	if (!status && !code)
		status = run(&shell, &error);
	coffer_shell_close(&shell);
	if (code) {
		coffer_output_drop(&output);
		return code;
	}
	return coffer_output_close(&output, arguments, status, &error);
}
