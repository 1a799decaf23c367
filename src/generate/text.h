/*
 * Writers of generated text. A pen writes into memory of a fixed size that is large enough for any
 * row by construction; running over it is our own mistake and asserted.
 *
 * JSON is written in the normal form in which Postgres prints a jsonb, so the caller names members by
 * length and then by bytes; the pen sets ", " between members and elements and escapes texts.
 */
#ifndef COFFER_GENERATE_TEXT_H
#define COFFER_GENERATE_TEXT_H

#include "coffer.h"
#include "generate/random.h"

struct coffer_pen {
	char *at;   /* where the next byte goes */
	char *from; /* where the text in work begins */
	char *end;
};

void
coffer_pen_bytes(struct coffer_pen *pen, const char *data, size_t size);
void
coffer_pen_text(struct coffer_pen *pen, const char *text);
void
coffer_pen_decimal(struct coffer_pen *pen, uint64_t number);
/* `number` divided by 10 to the power of `scale`: (1250, 3) is "1.250". */
void
coffer_pen_fixed(struct coffer_pen *pen, uint64_t number, unsigned scale);
/* The same without the noughts at its end: (1250, 3) is "1.25". */
void
coffer_pen_fraction(struct coffer_pen *pen, uint64_t number, unsigned scale);
/* A finite double by its shortest digits, without an exponent, as a jsonb keeps it: 1e-05 is "0.00001". */
void
coffer_pen_real(struct coffer_pen *pen, double real);
/* The lowest `digits` hex digits of `bits`, lower case; at most 16. */
void
coffer_pen_hex(struct coffer_pen *pen, uint64_t bits, unsigned digits);

/* Random texts: hex digits, a uuid of version 4, letters and digits, base64 with its padding. */
void
coffer_pen_random_hex(struct coffer_pen *pen, struct coffer_random *random, unsigned digits);
void
coffer_pen_uuid(struct coffer_pen *pen, struct coffer_random *random);
void
coffer_pen_letters(struct coffer_pen *pen, struct coffer_random *random, unsigned count);
void
coffer_pen_base64(struct coffer_pen *pen, struct coffer_random *random, unsigned bytes);

/* A JSON string, quoted and escaped. */
void
coffer_pen_json_bytes(struct coffer_pen *pen, const char *data, size_t size);
void
coffer_pen_json_text(struct coffer_pen *pen, const char *text);
/* `"name": `, with ", " before it unless it is the object's first. */
void
coffer_pen_member(struct coffer_pen *pen, const char *name);
/* What goes before an array's element: ", " unless it is the first. */
void
coffer_pen_element(struct coffer_pen *pen);

#endif
