/*
 * The daily cycle. Every ten minutes have a weight; the events share the sum of the weights evenly, and
 * an event's place in that sum is its time. Place and slot are compared with the weights multiplied by
 * the number of events, so that nothing is rounded before the last division.
 */
#include "generate/calendar.h"
#include "generate/gateway.h"

#include <assert.h>
#include <stdlib.h>

/* Requests by hour in UTC, for an office in Europe and a smaller one in America. */
static const uint8_t hours[24] = {
	10, 8, 6, 5, 5, 8, 18, 45, 85, 100, 98, 90, 72, 88, 100, 98, 90, 76, 58, 44, 34, 26, 18, 13,
};
static const uint8_t weekdays[7] = {10, 10, 10, 10, 9, 3, 2}; /* from Monday */
enum { WEIGHT_MAX = 4000 };

static uint32_t
weight(uint64_t seed, uint32_t slot)
{
	struct coffer_random random = coffer_random_open(seed, COFFER_OF_BURSTS, slot);
	uint32_t day = 9010 + slot / 144; /* 2000-01-01 was a Saturday */
	uint32_t weight = hours[slot % 144 / 6] * weekdays[(day + 5) % 7];

	weight = weight * (6 + coffer_random_below(&random, 5)) / 8;
	if (coffer_random_chance(&random, 25))
		weight *= 3;
	assert(weight > 0 && weight <= WEIGHT_MAX);
	return weight;
}

bool
coffer_calendar_init(struct coffer_calendar *calendar, uint64_t seed)
{
	uint32_t slot, sum = 0;

	calendar->floors = malloc((COFFER_CALENDAR_SLOTS + 1) * sizeof *calendar->floors);
	if (!calendar->floors)
		return false;
	for (slot = 0; slot < COFFER_CALENDAR_SLOTS; slot++) {
		calendar->floors[slot] = sum;
		sum += weight(seed, slot);
	}
	calendar->floors[slot] = sum;
	return true;
}

void
coffer_calendar_release(struct coffer_calendar *calendar)
{
	free(calendar->floors);
	calendar->floors = NULL;
}

int64_t
coffer_calendar_time(const struct coffer_calendar *calendar, uint32_t number, uint32_t count,
		     uint32_t fraction)
{
	const uint32_t *floors = calendar->floors;
	uint64_t total = floors[COFFER_CALENDAR_SLOTS];
	uint64_t place = number * total + (fraction * total >> 32);
	uint32_t low = 0, high = COFFER_CALENDAR_SLOTS, middle;
	uint64_t weight, rest;

	assert(number < count);
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if ((uint64_t)floors[middle] * count <= place)
			low = middle;
		else
			high = middle;
	}
	weight = (uint64_t)(floors[low + 1] - floors[low]) * count;
	rest = place - (uint64_t)floors[low] * count;
	return COFFER_CALENDAR_FROM + (int64_t)low * COFFER_CALENDAR_SLOT_MS +
	       (int64_t)(rest * COFFER_CALENDAR_SLOT_MS / weight);
}
