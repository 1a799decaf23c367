/* A JSON document from a column, as a member's value of a row. */
#ifndef COFFER_TRANSFER_JSON_DOCUMENT_H
#define COFFER_TRANSFER_JSON_DOCUMENT_H

#include "coffer.h"

/*
 * Append the document's text as it is, so that numbers of any length stay, wrapped where the plain text
 * would mean another thing:
 *
 *   null                                   {"$json":null}       a bare null is SQL NULL
 *   an object whose only key is $json,     {"$json":{...}}      else it would be unwrapped
 *   or $text
 *   white space around it or a line break  {"$text":"..."}      else it would be lost, or the line end
 */
void
coffer_json_document(coffer_buffer *out, const char *text, size_t size);

#endif
