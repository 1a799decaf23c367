/*
 * Faults in words.
 */
#include "format/fault.h"

#include <stddef.h>

const char *
coffer_fault_text(enum coffer_fault fault)
{
	static const char *const texts[] = {
#define TEXT(name, text) [COFFER_FAULT_##name] = (text),
		COFFER_FAULT_LIST(TEXT)
#undef TEXT
	};
	size_t count = sizeof(texts) / sizeof(*texts);

	return (size_t)fault < count ? texts[fault] : "an unknown fault";
}
