/*
 * What the rows of a damaged file mean: version, features and schema, from its catalogue or, where that is lost, as given.
 */
#ifndef COFFER_RECOVER_DESCRIPTION_H
#define COFFER_RECOVER_DESCRIPTION_H

#include "recover/salvage.h"

struct coffer_description {
	coffer_schema *old, *fresh; /* the same, of the damaged store and of the new one */
	uint64_t seed;
	bool has_format; /* else seed and features are lost, and those are all that are known */
	uint32_t features;
	bool is_given;  /* the schema, since the file's own is lost */
	bool is_proven; /* a lost entry of the file has the checksum of the schema that was given */
};

/*
 * Describe what was salvaged; `given` may be NULL, and is looked at only where an entry of the catalogue is lost. Release always.
 *
 * COFFER_CORRUPT      the entry `schema` or `format` is lost, and nothing given in its place
 * COFFER_UNSUPPORTED  made by a newer coffer
 * COFFER_INVALID      what is given is no schema that a store can have
 */
COFFER_CHECKED coffer_status
coffer_describe(const struct coffer_salvage *salvage, const coffer_schema *given,
		struct coffer_description *description_out, coffer_error *error);
void
coffer_description_release(struct coffer_description *description);

/* Hold a schema that is given, and not proven, against the trees of the file. COFFER_INVALID: it is another store's. */
COFFER_CHECKED coffer_status
coffer_description_check(const struct coffer_description *description,
			 const struct coffer_pages_names *names, coffer_error *error);

#endif
