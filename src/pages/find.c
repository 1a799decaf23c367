/*
 * Searching one page.
 *
 * Hashes, row numbers and times come evenly, so that where a key lies between the ends of its page says which node it is,
 * but for a few. Each node looked at is mostly one that is in no cache, which costs more than all that is computed here.
 * Where keys do not come so the search takes about twice the steps of one by halves, all of them on one page.
 */
#include "pages/find.h"

enum {
	CACHE_LINE = 64,
	FETCH_MAX = 1024,
	NODES_LARGE = 16, /* on a page with so few of them each takes several lines */
};

/* What is left of a page to a search: nodes below `low` are below the target, those from `high` on are not. */
struct rest {
	const uint8_t *page;
	unsigned low, high;
};

/* Look at one of the nodes that are left. True: it is the one, and `high`. */
static inline bool
probe(struct rest *rest, unsigned number, const struct coffer_target *target)
{
	int order = coffer_target_compare(coffer_page_node(rest->page, number), target);

	if (order < 0)
		rest->low = number + 1;
	else
		rest->high = number;
	return !order;
}

static bool
halve(struct rest *rest, const struct coffer_target *target)
{
	while (rest->low < rest->high)
		if (probe(rest, rest->low + (rest->high - rest->low) / 2, target))
			return true;
	return false;
}

/* The search goes on in ever longer steps from the node last looked at, until it has passed the target; then by halves. */
static bool
stride(struct rest *rest, unsigned number, const struct coffer_target *target)
{
	bool is_upwards = rest->low == number + 1;
	unsigned end = is_upwards ? rest->high : rest->low;

	for (unsigned step = 1; rest->low < rest->high; step *= 2) {
		if (step > rest->high - rest->low)
			step = rest->high - rest->low;
		if (probe(rest, is_upwards ? rest->low + step - 1 : rest->high - step, target))
			return true;
		if ((is_upwards ? rest->high : rest->low) != end)
			return halve(rest, target);
	}
	return false;
}

/* One of the nodes that are left. */
static inline unsigned
clamp(const struct rest *rest, int64_t number)
{
	if (number < (int64_t)rest->low)
		return rest->low;
	return number < (int64_t)rest->high ? (unsigned)number : rest->high - 1;
}

/* How many nodes lie between two heads, when there are so many of them for a number; halved, to be signed. */
static inline int64_t
distance(uint64_t from, uint64_t to, double nodes)
{
	double lies = to > from ? (double)(int64_t)((to - from) >> 1)
				: -(double)(int64_t)((from - to) >> 1);

	return (int64_t)(lies * nodes + 0.5);
}

/* Have a node with a large value come whole, while its key is waited for: it mostly ends where the one before begins. A
 * hint only. Inlined at once, since gcc takes a function that does nothing else for one that does nothing. */
static inline __attribute__((always_inline)) void
fetch_node(const uint8_t *page, unsigned number, unsigned count)
{
	const uint8_t *node = coffer_page_node(page, number), *end;

	if (count > NODES_LARGE || !number)
		return;
	end = coffer_page_node(page, number - 1);
	if (end - node > FETCH_MAX)
		end = node + FETCH_MAX;
	for (; node < end; node += CACHE_LINE)
		__builtin_prefetch(node);
}

/* The target lies within the span: look where it should be, once more where it should be seen from there, then about. */
static bool
guess(struct rest *rest, const struct coffer_target *target, const struct coffer_span *span,
      unsigned count)
{
	double nodes = count / (double)(int64_t)((span->high - span->low) >> 1);
	unsigned number = clamp(rest, distance(span->low, target->head, nodes));
	uint64_t head;

	fetch_node(rest->page, number, count);
	if (probe(rest, number, target))
		return true;
	head = coffer_node_head(coffer_page_node(rest->page, number));
	if (rest->low == rest->high || head < span->low || head > span->high)
		return halve(rest, target);
	number = clamp(rest, number + distance(head, target->head, nodes));
	return probe(rest, number, target) || stride(rest, number, target);
}

/* The first node from `first` on whose key is not below the target's. */
unsigned
coffer_page_find(const struct coffer_level *level, unsigned first,
		 const struct coffer_target *target, struct coffer_span span, bool *is_equal_out)
{
	struct rest rest = {level->page, first, level->count};

	*is_equal_out = false;
	if (first == level->count)
		return first;
	if (!span.low)
		span.low = coffer_node_head(coffer_page_node(level->page, first));
	if (span.high == UINT64_MAX)
		span.high = coffer_node_head(coffer_page_node(level->page, level->count - 1));
	if (span.low <= target->head && target->head <= span.high && span.high - span.low > 1)
		*is_equal_out = guess(&rest, target, &span, level->count);
	else
		*is_equal_out = halve(&rest, target);
	return rest.high;
}
