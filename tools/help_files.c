/*
 * The generators of the completion and of the manual page's command part. Their results are kept in the
 * tree (completion.bash, man/coffer.1.scd); a test holds the two together.
 */
#include "help.h"

#include "options.h"
#include "report_list.h"

#include <string.h>

/* Text for scdoc, its marks escaped; a line break parts paragraphs. */
static void
write_scdoc(FILE *file, const char *text)
{
	for (; *text; text++) {
		if (strchr("_*\\~[]|#<>", *text))
			fputc('\\', file);
		fputc(*text, file);
	}
}

static void
write_man_command(FILE *file, const struct coffer_command *command)
{
	fprintf(file, "## coffer %s %s\n\n", command->name, command->operands);
	write_scdoc(file, command->text);
	fputs("\n\n", file);
	for (size_t i = 0; i < coffer_option_count; i++) {
		const struct coffer_option *option = &coffer_options[i];

		if (!option->help || !(option->commands & 1u << command->id) ||
		    option->id == COFFER_OPTION_HELP)
			continue;
		if (option->letter)
			fprintf(file, "*-%c*, ", option->letter);
		fprintf(file, "*--%s*", option->name);
		if (option->argument)
			fprintf(file, " _%s_", option->argument);
		fputs("\n\t", file);
		write_scdoc(file, option->help);
		fputs("\n\n", file);
	}
	for (int i = 0; i < COFFER_EXAMPLES_MAX && command->examples[i].text; i++) {
		write_scdoc(file, command->examples[i].text);
		fputs(":\n\n\tcoffer ", file);
		write_scdoc(file, command->examples[i].words);
		fputs("\n\n", file);
	}
	if (command->id == COFFER_COMMAND_REPORT)
		coffer_report_write_man(file);
}

void
coffer_help_write_man(FILE *file)
{
	for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
		write_man_command(file, &coffer_commands[i]);
}

/* The words that begin with a dash, of one command. */
static void
write_options(FILE *file, const struct coffer_command *command)
{
	fprintf(file, "\t%s) options='", command->name);
	for (size_t i = 0, count = 0; i < coffer_option_count; i++)
		if (coffer_options[i].help && coffer_options[i].commands & 1u << command->id)
			fprintf(file, "%s--%s", count++ ? " " : "", coffer_options[i].name);
	fputs("' ;;\n", file);
}

/* The options whose value is a file, and those whose value is nothing that can be listed. */
static void
write_values(FILE *file, bool is_file)
{
	const char *between = "";

	for (size_t i = 0; i < coffer_option_count; i++) {
		const struct coffer_option *option = &coffer_options[i];
		bool takes_file = option->id == COFFER_OPTION_OUTPUT ||
				  option->id == COFFER_OPTION_DIFF ||
				  option->id == COFFER_OPTION_SCHEMA;
		bool is_again = false;

		for (size_t k = 0; k < i; k++)
			is_again |= coffer_options[k].id == option->id;
		if (!option->argument || takes_file != is_file || is_again)
			continue;
		fprintf(file, "%s--%s", between, option->name);
		if (option->letter)
			fprintf(file, " | -%c", option->letter);
		between = " | ";
	}
}

void
coffer_help_write_completion(FILE *file)
{
	fputs("# Completion of coffer for bash; made by `coffer help --completion`.\n"
	      "_coffer()\n{\n"
	      "\tlocal current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal command=${COMP_WORDS[1]} commands reports options=\n"
	      "\tcommands='",
	      file);
	for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
		fprintf(file, "%s%s", i ? " " : "", coffer_commands[i].name);
	fputs("'\n\n\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$commands --help --version\" -- "
	      "\"$current\")\n"
	      "\t\treturn\n\tfi\n\tcase $before in\n\t",
	      file);
	write_values(file, true);
	fputs(")\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n\t\treturn\n\t\t;;\n\t",
	      file);
	write_values(file, false);
	fputs(")\n\t\treturn\n\t\t;;\n\tesac\n\tcase $command in\n", file);
	for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
		write_options(file, &coffer_commands[i]);
	fputs("\tesac\n\treports='", file);
	for (size_t i = 0; i < coffer_report_count; i++)
		fprintf(file, "%s%s", i ? " " : "", coffer_reports[i].name);
	fputs("'\n"
	      "\tcase $command:$current in\n"
	      "\t*:-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\") ;;\n"
	      "\treport:*) mapfile -t COMPREPLY < <(compgen -W \"$reports\" -- \"$current\"; "
	      "compgen -f -- \"$current\") ;;\n"
	      "\thelp:*) mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- \"$current\") ;;\n"
	      "\t*) mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;\n"
	      "\tesac\n}\ncomplete -o filenames -F _coffer coffer\n",
	      file);
}
