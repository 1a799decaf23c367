/*
 * What is decided about a spend log before its columns are written.
 */
#ifndef COFFER_GENERATE_SPEND_H
#define COFFER_GENERATE_SPEND_H

#include "generate/models.h"

enum coffer_caller {
	COFFER_CALLER_KEY,       /* a key, maybe a deleted one */
	COFFER_CALLER_NOBODY,    /* the key is "" */
	COFFER_CALLER_MASTER,    /* the gateway's master key */
	COFFER_CALLER_NONE_TEXT, /* the key is the text "None" */
};

enum coffer_address {
	COFFER_ADDRESS_NULL,
	COFFER_ADDRESS_EMPTY,
	COFFER_ADDRESS_V4,
	COFFER_ADDRESS_V6,
};

struct coffer_spend {
	uint32_t number;
	uint32_t source; /* the row whose request this one repeats: its own, except for a cache hit */
	struct coffer_random random; /* of this row */
	bool is_failure, is_hit;
	uint32_t model, deployment;
	uint32_t prompt_tokens, completion_tokens;
	int64_t start_ms, end_ms;
	enum coffer_caller caller;
	uint32_t key;
	struct coffer_key_ties ties;
	enum coffer_address address;
	uint64_t address_bits;
};

struct coffer_spend
coffer_spend_decide(const struct coffer_gateway *gateway, uint32_t number);

/* The request_id. */
void
coffer_spend_id_write(const struct coffer_gateway *gateway, const struct coffer_spend *spend,
		      struct coffer_pen *pen);

/* The address as text; nothing for an empty one. */
void
coffer_spend_address_write(const struct coffer_spend *spend, struct coffer_pen *pen);

/* The same as a member of the metadata, null where there is none. */
void
coffer_spend_address_member(const struct coffer_spend *spend, struct coffer_pen *pen);

/* The metadata document, in jsonb's normal form. */
void
coffer_spend_metadata_write(const struct coffer_gateway *gateway, struct coffer_spend *spend,
			    struct coffer_pen *pen);

#endif
