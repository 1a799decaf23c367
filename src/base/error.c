/*
 * The caller-owned error: the layer that notices writes the message once, the layers above put places
 * in front. Nothing is allocated, so that running out of memory can be reported too.
 */
#include "coffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
coffer_status_text(coffer_status status)
{
	switch (status) {
#define TEXT(name, number, text) \
	case COFFER_##name: \
		return text;
		COFFER_STATUS_LIST(TEXT)
#undef TEXT
	}
	return "unknown status";
}

coffer_status
coffer_error_set(coffer_error *error, coffer_status status, const char *format, ...)
{
	va_list arguments;

	if (!error || error->status < 0)
		return status;
	error->status = status;
	error->place[0] = '\0';
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return status;
}

coffer_status
coffer_error_at(coffer_error *error, const char *format, ...)
{
	char place[sizeof(error->place)];
	va_list arguments;
	size_t size, left;

	if (!error)
		return COFFER_INVALID;
	va_start(arguments, format);
	vsnprintf(place, sizeof(place), format, arguments);
	va_end(arguments);
	size = strlen(place);
	if (error->place[0] && error->place[0] != '[' && size && place[size - 1] != ' ' &&
	    size < sizeof(place) - 1)
		place[size++] = '.';
	left = sizeof(place) - 1 - size;
	if (left > strlen(error->place))
		left = strlen(error->place);
	memcpy(place + size, error->place, left);
	place[size + left] = '\0';
	memcpy(error->place, place, sizeof(place));
	return error->status;
}

coffer_status
coffer_error_in(coffer_error *error, const char *path)
{
	size_t size = strlen(path);

	if (!error)
		return COFFER_INVALID;
	if (!*error->place)
		return coffer_error_at(error, "%s", path);
	/* A file "table" is not named by the tree "table/...". */
	if (!strncmp(error->place, path, size) && strchr(":.", error->place[size]))
		return error->status;
	return coffer_error_at(error, "%s: ", path);
}
