/*
 * When things happen: 90 days that end at a fixed moment, busy in office hours, quiet at weekends,
 * with bursts. Times are milliseconds since 2000-01-01 in UTC.
 */
#ifndef COFFER_GENERATE_CALENDAR_H
#define COFFER_GENERATE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define COFFER_DAY_MS INT64_C(86400000)
/* 2024-09-01 to 2024-11-30, the time of the gateway whose schema is built in. */
#define COFFER_CALENDAR_FROM (9010 * COFFER_DAY_MS)
#define COFFER_CALENDAR_TO (9100 * COFFER_DAY_MS)
/* Today's rows are as many whole weeks later: 2026-08-30 to 2026-11-28. */
#define COFFER_TODAY_LATER_MS (728 * COFFER_DAY_MS)

enum {
	COFFER_CALENDAR_SLOT_MS = 600000,
	COFFER_CALENDAR_SLOTS = 90 * 144,
};

struct coffer_calendar {
	uint32_t *floors; /* weight of all slots before this one; COFFER_CALENDAR_SLOTS + 1 */
};

/* False when memory is out. */
bool
coffer_calendar_init(struct coffer_calendar *calendar, uint64_t seed);
void
coffer_calendar_release(struct coffer_calendar *calendar);

/*
 * The time of event `number` of `count`: never before that of event number - 1. `fraction` of 2^32
 * says where in its share the event lies.
 */
int64_t
coffer_calendar_time(const struct coffer_calendar *calendar, uint32_t number, uint32_t count,
		     uint32_t fraction);

#endif
