/*
 * A row in work: columns are set one after the other, in the table's order, and the texts of a row lie
 * one behind the other in its memory. What the pen has written since the last column is the next one.
 */
#include "generate/gateway.h"

#include <assert.h>
#include <string.h>

static coffer_value *
next(struct coffer_draft *draft, coffer_kind kind)
{
	coffer_value *value = &draft->values[draft->count++];

	assert(draft->count <= COFFER_DRAFT_COLUMNS_MAX);
	draft->pen.from = draft->pen.at;
	value->kind = kind;
	return value;
}

void
coffer_draft_null(struct coffer_draft *draft)
{
	next(draft, COFFER_NULL)->integer = 0;
}

void
coffer_draft_bool(struct coffer_draft *draft, bool boolean)
{
	next(draft, COFFER_BOOL)->boolean = boolean;
}

void
coffer_draft_int(struct coffer_draft *draft, int64_t integer)
{
	next(draft, COFFER_INT)->integer = integer;
}

void
coffer_draft_real(struct coffer_draft *draft, double real)
{
	next(draft, COFFER_FLOAT)->real = real;
}

void
coffer_draft_time(struct coffer_draft *draft, int64_t time_ms)
{
	next(draft, COFFER_TIME)->time = (time_ms + draft->later_ms) * 1000;
}

void
coffer_draft_written(struct coffer_draft *draft, coffer_kind kind)
{
	coffer_text text = {draft->pen.from, (size_t)(draft->pen.at - draft->pen.from)};

	next(draft, kind)->text = text;
}

void
coffer_draft_text(struct coffer_draft *draft, const char *text)
{
	coffer_pen_text(&draft->pen, text);
	coffer_draft_written(draft, COFFER_TEXT);
}

void
coffer_draft_json(struct coffer_draft *draft, const char *json)
{
	coffer_pen_text(&draft->pen, json);
	coffer_draft_written(draft, COFFER_JSON);
}

void
coffer_draft_array(struct coffer_draft *draft, const coffer_text *elements, size_t count)
{
	struct coffer_pen *pen = &draft->pen;

	assert(count <= COFFER_DRAFT_ARRAY_MAX);
	assert((size_t)(pen->end - pen->at) >= coffer_array_size_max(elements, count));
	pen->from = pen->at;
	pen->at += coffer_array_pack(elements, count, pen->at);
	coffer_draft_written(draft, COFFER_TEXT_ARRAY);
}

/* ------------------------------------------------------------------ columns that recur */

void
coffer_draft_dollars(struct coffer_draft *draft, struct coffer_random *random, uint32_t cents_max)
{
	if (coffer_random_chance(random, 500))
		coffer_draft_null(draft);
	else
		coffer_draft_real(draft, coffer_random_skewed(random, 1, cents_max) / 100.0);
}

void
coffer_draft_limit(struct coffer_draft *draft, struct coffer_random *random, uint32_t low,
		   uint32_t high)
{
	if (coffer_random_chance(random, 600))
		coffer_draft_null(draft);
	else
		coffer_draft_int(draft, coffer_random_skewed(random, low, high));
}

/* budget_duration and the budget_reset_at that goes with it. */
void
coffer_draft_duration(struct coffer_draft *draft, struct coffer_random *random)
{
	static const char *const durations[] = {"30d", "7d", "24h", "1mo", "3600s"};
	uint32_t kind = coffer_random_below(random, 10);

	if (kind >= 5) {
		coffer_draft_null(draft);
		coffer_draft_null(draft);
		return;
	}
	coffer_draft_text(draft, durations[kind]);
	coffer_draft_time(draft, COFFER_CALENDAR_TO +
					 coffer_random_below(random, 30 * (uint32_t)COFFER_DAY_MS));
}

void
coffer_draft_spend(struct coffer_draft *draft, struct coffer_random *random)
{
	uint32_t dollars = coffer_random_skewed(random, 1000, 4000000000u);

	if (coffer_random_chance(random, 150))
		coffer_draft_real(draft, 0.0);
	else
		coffer_draft_real(draft,
				  dollars / 1e7 + coffer_random_below(random, 1000000) / 1e12);
}

void
coffer_draft_nothing(struct coffer_draft *draft, struct coffer_random *random, bool is_nullable)
{
	uint32_t kind = coffer_random_below(random, 20);

	if (kind < 6 && is_nullable)
		coffer_draft_null(draft);
	else
		coffer_draft_json(draft, kind == 19 ? "null" : "{}");
}

int64_t
coffer_draft_recent(struct coffer_random *random, uint32_t days)
{
	int64_t age = coffer_random_below(random, days * 86400);

	return COFFER_CALENDAR_TO - age * 1000 - coffer_random_below(random, 1000);
}

/* A list of model names: all forms of an array occur, NULL, {} and {NULL} among them. */
void
coffer_draft_models(struct coffer_draft *draft, struct coffer_random *random)
{
	static const char *const names[] = {
		"gpt-4o",
		"gpt-4o-mini",
		"claude-3-5-sonnet",
		"text-embedding-3-small",
		"claude-3-haiku",
		"gemini-1.5-pro",
		"gpt-3.5-turbo",
		"bedrock/*",
		"no-default-models",
	};
	coffer_text elements[COFFER_DRAFT_ARRAY_MAX] = {{NULL, 0}};
	uint32_t i, form = coffer_random_below(random, 100), count;

	if (form < 10) {
		coffer_draft_null(draft);
		return;
	}
	count = form < 55    ? 0
		: form < 57  ? 1
		: form == 99 ? 50
			     : 1 + coffer_random_below(random, 6);
	for (i = 0; form >= 57 && i < count; i++) {
		elements[i].data = names[coffer_random_below(random, 9)];
		elements[i].size = strlen(elements[i].data);
	}
	if (form >= 57 && form < 75) {
		elements[0] = (coffer_text){"all-team-models", 15};
		count = 1;
	}
	coffer_draft_array(draft, elements, count);
}

void
coffer_draft_budget(const struct coffer_gateway *gateway, struct coffer_draft *draft,
		    struct coffer_random *random, uint32_t parts)
{
	if (!coffer_random_chance(random, parts)) {
		coffer_draft_null(draft);
		return;
	}
	coffer_budget_write(gateway, coffer_random_below(random, gateway->counts[COFFER_BUDGETS]),
			    &draft->pen);
	coffer_draft_written(draft, COFFER_TEXT);
}

void
coffer_draft_model_budget(struct coffer_draft *draft, struct coffer_random *random,
			  bool is_nullable)
{
	struct coffer_pen *pen = &draft->pen;

	if (!coffer_random_chance(random, 150)) {
		coffer_draft_nothing(draft, random, is_nullable);
		return;
	}
	coffer_pen_text(pen, "{\"gpt-4o\": {\"time_period\": \"30d\", \"budget_limit\": ");
	coffer_pen_fixed(pen, coffer_random_skewed(random, 100, 100000), 2);
	coffer_pen_text(pen, "}}");
	coffer_draft_written(draft, COFFER_JSON);
}

void
coffer_draft_model_spend(struct coffer_draft *draft, struct coffer_random *random)
{
	struct coffer_pen *pen = &draft->pen;

	coffer_pen_text(pen, "{");
	if (coffer_random_chance(random, 120)) {
		coffer_pen_member(pen, "gpt-4o");
		coffer_pen_fixed(pen, coffer_random_bits(random) >> 30, 10);
		coffer_pen_member(pen, "gpt-4o-mini");
		coffer_pen_fixed(pen, coffer_random_bits(random) >> 34, 10);
	}
	coffer_pen_text(pen, "}");
	coffer_draft_written(draft, COFFER_JSON);
}

/* created_at, created_by, updated_at, updated_by. */
void
coffer_draft_stamps(struct coffer_draft *draft, struct coffer_random *random, uint32_t user,
		    const struct coffer_gateway *gateway)
{
	int64_t created = coffer_draft_recent(random, 400), updated = created;
	struct coffer_pen *pen = &draft->pen;

	if (coffer_random_chance(random, 400))
		updated += (COFFER_CALENDAR_TO - created) / (2 + coffer_random_below(random, 8));
	coffer_draft_time(draft, created);
	coffer_user_write(gateway, user, pen);
	coffer_draft_written(draft, COFFER_TEXT);
	coffer_draft_time(draft, updated);
	coffer_user_write(gateway, updated == created ? user : 0, pen);
	coffer_draft_written(draft, COFFER_TEXT);
}
