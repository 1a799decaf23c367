/*
 * Help: examples first, then what the command does, then its options.
 */
#include "help.h"

#include "interrupt.h"
#include "options.h"
#include "report.h"
#include "transfer/suggest.h"

#include <errno.h>
#include <string.h>

enum {
	LINE_WIDTH = 80,
	OPTION_WIDTH = 26, /* what stands left of an option's help */
};

/* Fold a text into lines, each behind `indent` spaces; an empty line parts paragraphs. */
static void
fold(const char *text, int indent)
{
	int at = indent; /* The first line's are there already. */

	while (*text) {
		int size = (int)strcspn(text, " \n");

		if (at > indent && at + 1 + size > LINE_WIDTH)
			at = printf("\n%*s", indent, "") - 1;
		at += printf("%s%.*s", at > indent ? " " : "", size, text);
		text += size;
		if (*text == '\n') {
			text += strspn(text, "\n");
			at = printf("\n\n%*s", indent, "") - 2;
		}
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void
print_option(const struct coffer_option *option)
{
	char letter[8] = "    ";
	int width;

	if (option->letter)
		snprintf(letter, sizeof(letter), "-%c, ", option->letter);
	width = printf("  %s--%s%s%s", letter, option->name, option->argument ? " " : "",
		       option->argument ? option->argument : "");
	printf("%*s", width < OPTION_WIDTH ? OPTION_WIDTH - width : 1, "");
	fold(option->help, OPTION_WIDTH);
}

static void
print_command(const struct coffer_command *command)
{
	printf("coffer %s %s: %s\n\nExamples:\n", command->name, command->operands,
	       command->summary);
	for (int i = 0; i < COFFER_EXAMPLES_MAX && command->examples[i].text; i++)
		printf("  # %s\n  coffer %s\n", command->examples[i].text,
		       command->examples[i].words);
	putchar('\n');
	fold(command->text, 0);
	printf("\nOptions:\n");
	for (size_t i = 0; i < coffer_option_count; i++)
		if (coffer_options[i].help && coffer_options[i].commands & 1u << command->id)
			print_option(&coffer_options[i]);
}

static void
print_commands(void)
{
	printf("coffer keeps the books of an LLM gateway in one file.\n\nExamples:\n"
	       "  # Out of a live Postgres, checked, and back into another one\n"
	       "  coffer import env:DATABASE_URL gateway.coffer\n"
	       "  coffer verify gateway.coffer\n"
	       "  coffer export gateway.coffer env:TARGET_URL --create\n\n"
	       "  # A made-up gateway to play with\n"
	       "  coffer generate demo.coffer\n"
	       "  coffer scan demo.coffer spendlogs --reverse --limit 3\n\nCommands:\n");
	for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
		printf("  %-9s  %s\n", coffer_commands[i].name, coffer_commands[i].summary);
	printf("\n'coffer help COMMAND' says more; coffer(1) says all.\n");
}

static int
finish(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return COFFER_EXIT_DONE;
	if (errno == EPIPE)
		coffer_interrupt_broken_pipe();
	return COFFER_EXIT_FAILED;
}

int
coffer_help_print(const struct coffer_command *command)
{
	if (command)
		print_command(command);
	else
		print_commands();
	return finish();
}

int
coffer_command_help(struct coffer_arguments *arguments)
{
	const struct coffer_command *command = NULL;
	struct coffer_suggestion suggestion;

	if (coffer_option_is_given(arguments, COFFER_OPTION_COMPLETION))
		coffer_help_write_completion(stdout);
	else if (coffer_option_is_given(arguments, COFFER_OPTION_MAN))
		coffer_help_write_man(stdout);
	else if (!arguments->operand_count)
		return coffer_help_print(NULL);
	else if ((command = coffer_command_find(arguments->operands[0])))
		return coffer_help_print(command);
	else {
		suggestion = (struct coffer_suggestion){.word = arguments->operands[0]};
		for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
			coffer_suggestion_offer(&suggestion, coffer_commands[i].name);
		if (suggestion.best)
			return coffer_report_usage(arguments,
						   "unknown command '%s', did you mean '%s'?",
						   suggestion.word, suggestion.best);
		return coffer_report_usage(arguments, "unknown command '%s'", suggestion.word);
	}
	return finish();
}
