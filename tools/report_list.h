/* What reports there are and what they take: for people, as JSON, and for the manual page. */
#ifndef TOOLS_REPORT_LIST_H
#define TOOLS_REPORT_LIST_H

#include "output.h"

#include "sql/report.h"

#include <stdio.h>

/* The report's parameter that an option gives; COFFER_REPORT_PARAMETER_COUNT: none. */
enum coffer_report_parameter_id
coffer_report_parameter_of(enum coffer_option_id option);

/* "--key KEY [--from TIME] [--limit N (50)]": what the report takes. Appended. */
void
coffer_report_usage_line(const struct coffer_report *report, coffer_buffer *out);

/* Print all of them, or one. */
void
coffer_report_list(struct coffer_output *output, bool is_json, const struct coffer_report *only);

/* In scdoc, as the manual page has them. */
void
coffer_report_write_man(FILE *file);

#endif
