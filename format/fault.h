/*
 * Why bytes are refused. A decoder returns one; the layer that knows the place turns it into a status.
 */
#ifndef COFFER_FORMAT_FAULT_H
#define COFFER_FORMAT_FAULT_H

#define COFFER_FAULT_LIST(X) \
	X(NONE, "no fault") \
	X(CHECKSUM, "the checksum is wrong") \
	X(CUT, "the bytes end too early") \
	X(TRAILING, "bytes follow the end") \
	X(FORM, "an element of another type stands here") \
	X(RANGE, "a number is out of range") \
	X(NOT_CANONICAL, "the encoding is not the canonical one") \
	X(TEXT, "the text is not UTF-8 or holds a NUL byte") \
	X(COUNT, "the number of elements is wrong") \
	X(KEY, "the key has a wrong size or value") \
	X(LATER, "a value form of a later format") \
	X(FRAME, "the compressed frame is not of the form that is allowed")

enum coffer_fault {
#define COFFER_FAULT_MEMBER(name, text) COFFER_FAULT_##name,
	COFFER_FAULT_LIST(COFFER_FAULT_MEMBER)
#undef COFFER_FAULT_MEMBER
};

/* The fault in words; static storage. */
const char *
coffer_fault_text(enum coffer_fault fault);

#endif
