/*
 * The list of reports, made from the table of reports and the table of options.
 */
#include "report_list.h"

#include "json.h"

#include <string.h>

enum { INDENT = 20, LINE_WIDTH = 80 };

/* The option that gives a parameter, as `coffer report` has it. */
static const struct coffer_option *
option_of(size_t parameter)
{
	for (size_t i = 0; i < coffer_option_count; i++)
		if (coffer_options[i].commands & 1u << COFFER_COMMAND_REPORT &&
		    !strcmp(coffer_options[i].name, coffer_report_parameters[parameter].option))
			return &coffer_options[i];
	return NULL;
}

enum coffer_report_parameter_id
coffer_report_parameter_of(enum coffer_option_id option)
{
	size_t parameter = 0;

	for (; parameter < COFFER_REPORT_PARAMETER_COUNT; parameter++) {
		const struct coffer_option *found = option_of(parameter);

		if (found && found->id == option)
			break;
	}
	return (enum coffer_report_parameter_id)parameter;
}

/* What stands behind the option: what it takes, its default, the words that it can be. */
static void
write_value(const struct coffer_report *report, size_t parameter, const char *argument,
	    coffer_buffer *out)
{
	const char *place = NULL, *between = " ";
	coffer_text word;

	if (parameter == COFFER_REPORT_ORDER) {
		while ((word = coffer_report_next_order(report, &place)).size) {
			coffer_buffer_printf(out, "%s%.*s", between, (int)word.size, word.data);
			between = "|";
		}
		return;
	}
	coffer_buffer_printf(out, " %s", argument);
	if (parameter == COFFER_REPORT_LIMIT && report->limit)
		coffer_buffer_printf(out, " (%u)", report->limit);
}

void
coffer_report_usage_line(const struct coffer_report *report, coffer_buffer *out)
{
	for (int is_required = 1; is_required >= 0; is_required--) {
		for (size_t i = 0; i < COFFER_REPORT_PARAMETER_COUNT; i++) {
			const struct coffer_option *option = option_of(i);

			if (!option || (report->required >> i & 1) != (uint64_t)is_required ||
			    !coffer_report_takes(report, (enum coffer_report_parameter_id)i))
				continue;
			coffer_buffer_printf(out, "%s%s--%s", out->size ? " " : "",
					     is_required ? "" : "[", option->name);
			write_value(report, i, option->argument, out);
			coffer_buffer_text(out, is_required ? "" : "]");
		}
	}
}

/* ------------------------------------------------------------------ for people */

/* The part up to the next option or, in a list of words, behind the next bar. */
static size_t
part_size(const char *text)
{
	size_t size = 1;

	while (text[size] && text[size - 1] != '|' &&
	       !(text[size] == ' ' && (text[size + 1] == '[' || text[size + 1] == '-')))
		size++;
	return size;
}

static void
print_folded(struct coffer_output *output, const char *text)
{
	size_t at = INDENT, size, blank;

	coffer_output_format(output, "%*s", INDENT, "");
	for (; *text; text += size) {
		blank = *text == ' ';
		size = blank + part_size(text + blank);
		if (at > INDENT && at + size > LINE_WIDTH) {
			coffer_output_format(output, "\n%*s", INDENT, "");
			at = INDENT;
		}
		blank = at == INDENT ? blank : 0;
		coffer_output_bytes(output, text + blank, size - blank);
		at += size - blank;
	}
	coffer_output_char(output, '\n');
}

static void
print_report(struct coffer_output *output, const struct coffer_report *report)
{
	coffer_buffer usage = {0};

	coffer_report_usage_line(report, &usage);
	coffer_output_format(output, "%-*s%s\n", INDENT, report->name, report->title);
	print_folded(output, usage.data ? usage.data : "");
	coffer_buffer_release(&usage);
}

/* ------------------------------------------------------------------ as JSON */

static void
write_default(struct coffer_json *json, const struct coffer_report *report, size_t parameter)
{
	const char *place = NULL;
	coffer_text word;

	if (parameter == COFFER_REPORT_LIMIT && report->limit)
		coffer_json_number(json, "default", report->limit);
	if (parameter != COFFER_REPORT_ORDER)
		return;
	coffer_json_open(json, "words", '[');
	while ((word = coffer_report_next_order(report, &place)).size) {
		char text[32];

		snprintf(text, sizeof(text), "%.*s", (int)word.size, word.data);
		coffer_json_text(json, NULL, text);
	}
	coffer_json_close(json, ']');
}

static void
write_parameters(struct coffer_json *json, const struct coffer_report *report)
{
	static const char *const types[] = {"text", "time", "number", "amount", "word"};

	coffer_json_open(json, "parameters", '[');
	for (size_t i = 0; i < COFFER_REPORT_PARAMETER_COUNT; i++) {
		if (!coffer_report_takes(report, (enum coffer_report_parameter_id)i))
			continue;
		coffer_json_open_inline(json, NULL, '{');
		coffer_json_text(json, "name", coffer_report_parameters[i].option);
		coffer_json_text(json, "type", types[coffer_report_parameters[i].type]);
		coffer_json_bool_if(json, "required", report->required >> i & 1);
		write_default(json, report, i);
		coffer_json_close(json, '}');
	}
	coffer_json_close(json, ']');
}

static void
write_report(struct coffer_json *json, const struct coffer_report *report)
{
	coffer_json_open(json, NULL, '{');
	coffer_json_text(json, "name", report->name);
	coffer_json_text(json, "title", report->title);
	if (report->days)
		coffer_json_number(json, "days", report->days);
	write_parameters(json, report);
	coffer_json_close(json, '}');
}

void
coffer_report_list(struct coffer_output *output, bool is_json, const struct coffer_report *only)
{
	struct coffer_json json;

	if (is_json) {
		coffer_json_begin(&json, output, "coffer/reports/1");
		coffer_json_open(&json, "reports", '[');
	}
	for (size_t i = 0; i < coffer_report_count; i++) {
		if (only && only != &coffer_reports[i])
			continue;
		if (is_json)
			write_report(&json, &coffer_reports[i]);
		else
			print_report(output, &coffer_reports[i]);
	}
	if (is_json) {
		coffer_json_close(&json, ']');
		coffer_json_end(&json);
	}
}

/* ------------------------------------------------------------------ for the manual page */

static void
write_scdoc(FILE *file, const char *text)
{
	for (; *text; text++) {
		if (strchr("_*\\~[]|#<>-", *text))
			fputc('\\', file);
		fputc(*text, file);
	}
}

void
coffer_report_write_man(FILE *file)
{
	fputs("The reports:\n\n", file);
	for (size_t i = 0; i < coffer_report_count; i++) {
		coffer_buffer usage = {0};

		coffer_report_usage_line(&coffer_reports[i], &usage);
		fprintf(file, "*%s*: ", coffer_reports[i].name);
		write_scdoc(file, coffer_reports[i].title);
		fputs("\n\t", file);
		write_scdoc(file, usage.data ? usage.data : "");
		fputs("\n\n", file);
		coffer_buffer_release(&usage);
	}
}
