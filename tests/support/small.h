/*
 * A small good store with every kind of value, for tests that look at one thing at a time.
 */
#ifndef COFFER_TESTS_SMALL_H
#define COFFER_TESTS_SMALL_H

#include "coffer.h"

/* Of the hashes in its keys. */
enum { SMALL_SEED = 7 };

/* Tables by number, and columns of Key by number. */
enum { SMALL_TEAM, SMALL_KEY };
enum {
	KEY_TOKEN,    /* String @id, hexadecimal: packed */
	KEY_ALIAS,    /* String @unique */
	KEY_TEAM,     /* String? -> Team.id, interned; with KEY_NUMBER a unique key */
	KEY_AT,       /* DateTime, the time column, indexed */
	KEY_NUMBER,   /* Int @default(autoincrement()) */
	KEY_SMALL,    /* Int @db.SmallInt */
	KEY_RATIO,    /* Float @db.Real */
	KEY_IS_ON,    /* Boolean?, indexed */
	KEY_DATA,     /* Bytes? */
	KEY_COLOR,    /* an enum */
	KEY_NOTE,     /* String?: long in row 4, ids in rows 3 and 5: packed */
	KEY_TAGS,     /* String[] */
	KEY_DOCUMENT, /* Json? */
	KEY_COLUMNS,
};

/* Rows of Team are "team-1" to "team-3"; of Key 1 to 5. */
enum { SMALL_TEAMS = 3, SMALL_KEYS = 5 };

/* The schema's text. */
extern const char small_prisma[];

/* The schema, parsed; fails the test when it cannot be. */
coffer_schema *
small_schema(void);

/* One row of Key; texts live in static memory until the next call. */
void
small_key(unsigned number, coffer_value values[KEY_COLUMNS]);

/* Write the store at `path`, replacing what is there. */
void
small_store(const char *path);
/* The same with another number of rows in Key. */
void
small_store_of(const char *path, unsigned keys);

/* The same with roll-ups of Key: hour, and hour_team_id, of the sums of small and ratio. */
coffer_schema *
small_schema_with_rollups(void);
void
small_store_with_rollups(const char *path);

#endif
