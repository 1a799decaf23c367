/*
 * json and jsonb. json is checked and kept; jsonb is brought into the text that the server prints for it.
 *
 *   text --> in normal form already? --> kept
 *        \--> nodes of 16 bytes, members sorted and single --> text
 *
 * The nodes stand at the front of the call's memory and the new text behind them. Each knows what comes after it, the
 * last of its array or object that this ends: so neither reading nor writing needs a stack, however deep the
 * document is.
 */
#include "value/value.h"

#include "format/json.h"
#include "value/decimal.h"

#include <string.h>

enum {
	/* What jsonb can hold: bytes in a text and in all, items of an array, members of an object before
	 * equal names are made one. The latter two are what a server's memory context gives in one piece. */
	JSONB_SIZE_MAX = (1 << 28) - 1,
	JSONB_ITEMS_MAX = 1 << 24,
	JSONB_MEMBERS_MAX = 1 << 23,
	SORT_LISTS_MAX = 32,
};

/* What `next` of a node is beside the number of a node. */
#define NONE UINT32_MAX
#define IS_END (UINT32_C(1) << 31) /* the last one: the rest is the number of its array or object */
#define IS_MEMBER (UINT32_C(1) << 30) /* a member's value: the rest is the number of its name */

#define IS_UNSORTED (UINT32_C(1) << 31) /* beside the place of an object */

/*
 * A name, or a value. In an array values are linked, in an object names are; a member's value is the node behind
 * its name.
 */
struct node {
	uint32_t at; /* in the document: of its first byte, be it a quote */
	union {
		uint32_t size; /* of a scalar or a name; without quotes */
		uint32_t tail; /* of an array or object: its last item or name */
	};
	union {
		uint32_t
			decoded_size; /* of a string or name; of a number its size, or 0 if it is rewritten */
		uint32_t first; /* of an array or object */
	};
	uint32_t next;
};

struct tree {
	const struct coffer_value_call *call;
	const char *text;
	size_t size; /* of the text */
	uint32_t count;
	uint32_t open; /* the array or object that is being read, or NONE */
};

/* Nodes and text are put in small pieces, most of which fit. */
static inline void
put(coffer_buffer *out, const char *data, size_t size)
{
	if (size >= out->capacity - out->size || out->is_failed) {
		coffer_buffer_append(out, data, size);
		return;
	}
	memcpy(out->data + out->size, data, size);
	out->size += size;
}

static struct node *
node_at(const struct tree *tree, uint32_t number)
{
	return (struct node *)(void *)tree->call->memory->data + number;
}

/* What a node is, by its first byte: '{', '[', '"', a digit or '-', or the first letter of a word. */
static char
kind_of(const struct tree *tree, uint32_t number)
{
	return tree->text[node_at(tree, number)->at & ~IS_UNSORTED];
}

/* Of a string or name what is between the quotes. */
static coffer_text
text_of(const struct tree *tree, const struct node *node)
{
	const char *begin = tree->text + node->at;

	return (coffer_text){begin + (*begin == '"'), node->size};
}

static coffer_status
limit(const struct coffer_value_call *call, const char *what, int most)
{
	return coffer_error_set(call->error, COFFER_LIMIT,
				"a document with more %s than jsonb holds: %d", what, most);
}

/* ------------------------------------------------------------------ sorting */

static int
compare_names(const struct tree *tree, uint32_t left, uint32_t right)
{
	const struct node *a = node_at(tree, left), *b = node_at(tree, right);

	if (a->decoded_size != b->decoded_size)
		return a->decoded_size < b->decoded_size ? -1 : 1;
	return coffer_json_compare_decoded(text_of(tree, a), text_of(tree, b), a->decoded_size);
}

/* Merge two lists that end with NONE; of equal names the one on the right stays. */
static uint32_t
merge(const struct tree *tree, uint32_t left, uint32_t right)
{
	uint32_t first = NONE, *link = &first;

	while (left != NONE && right != NONE) {
		int order = compare_names(tree, left, right);
		uint32_t *taken = order < 0 ? &left : &right;

		if (order == 0)
			left = node_at(tree, left)->next;
		*link = *taken;
		link = &node_at(tree, *taken)->next;
		*taken = *link;
	}
	*link = left != NONE ? left : right;
	return first;
}

/*
 * Merge sort of a list from below: list number i is what 2^i names became. Lists of higher numbers hold earlier
 * names, so they are always on the left.
 */
static uint32_t
sort(const struct tree *tree, uint32_t name)
{
	uint32_t lists[SORT_LISTS_MAX], sorted = NONE;

	for (size_t i = 0; i < SORT_LISTS_MAX; i++)
		lists[i] = NONE;
	while (name != NONE) {
		uint32_t next = node_at(tree, name)->next, carry = name;
		size_t i = 0;

		node_at(tree, name)->next = NONE;
		for (; lists[i] != NONE; i++) {
			carry = merge(tree, lists[i], carry);
			lists[i] = NONE;
		}
		lists[i] = carry;
		name = next;
	}
	for (size_t i = 0; i < SORT_LISTS_MAX; i++)
		sorted = merge(tree, lists[i], sorted);
	return sorted;
}

static void
sort_object(const struct tree *tree, uint32_t object)
{
	struct node *node = node_at(tree, object);
	uint32_t end = node_at(tree, node->tail)->next, tail;

	node_at(tree, node->tail)->next = NONE;
	node->first = tail = sort(tree, node->first);
	while (node_at(tree, tail)->next != NONE)
		tail = node_at(tree, tail)->next;
	node_at(tree, tail)->next = end;
	node->tail = tail;
	node->at &= ~IS_UNSORTED;
}

/* ------------------------------------------------------------------ reading */

/* Link a new node behind the last one of the open array or object. */
static void
link_node(struct tree *tree, uint32_t number)
{
	struct node *parent = node_at(tree, tree->open);

	if (parent->first == NONE)
		parent->first = number;
	else
		node_at(tree, parent->tail)->next = number;
	parent->tail = number;
	node_at(tree, number)->next = IS_END | tree->open;
}

static coffer_status
add_node(struct tree *tree, const coffer_json_token *token)
{
	bool is_quoted = token->type == COFFER_JSON_NAME || token->type == COFFER_JSON_STRING;
	struct node node = {.at = (uint32_t)(token->text.data - is_quoted - tree->text),
			    .next = NONE};
	uint32_t number = tree->count++;

	if (token->type == COFFER_JSON_OBJECT || token->type == COFFER_JSON_ARRAY) {
		node.tail = node.first = NONE;
	} else {
		node.size = (uint32_t)token->text.size;
		node.decoded_size = (uint32_t)token->decoded_size;
		if (token->type == COFFER_JSON_NUMBER)
			node.decoded_size = token->is_normal ? node.size : 0;
	}
	put(tree->call->memory, (const char *)&node, sizeof(node));
	if (tree->call->memory->is_failed)
		return coffer_value_memory(tree->call);
	if (tree->open == NONE)
		return COFFER_OK;
	if (token->type == COFFER_JSON_NAME || kind_of(tree, tree->open) == '[')
		link_node(tree, number);
	else
		node_at(tree, number)->next = IS_MEMBER | (number - 1);
	return COFFER_OK;
}

static coffer_status
add_name(struct tree *tree, const coffer_json_token *token)
{
	uint32_t before = node_at(tree, tree->open)->tail;
	coffer_status status = add_node(tree, token);

	if (!status && before != NONE && compare_names(tree, before, tree->count - 1) >= 0)
		node_at(tree, tree->open)->at |= IS_UNSORTED;
	return status;
}

static bool
has_more_than(const struct tree *tree, uint32_t container, uint32_t most)
{
	uint32_t count = 0;

	if (tree->count - container <= most)
		return false;
	for (uint32_t at = node_at(tree, container)->first; !(at & IS_END) && count <= most;
	     count++)
		at = node_at(tree, at)->next;
	return count > most;
}

static coffer_status
close_container(struct tree *tree, coffer_json_type type)
{
	uint32_t closed = tree->open, parent;

	if (type == COFFER_JSON_OBJECT_END) {
		if (has_more_than(tree, closed, JSONB_MEMBERS_MAX))
			return limit(tree->call, "members in an object", JSONB_MEMBERS_MAX);
		if (node_at(tree, closed)->at & IS_UNSORTED)
			sort_object(tree, closed);
	} else if (has_more_than(tree, closed, JSONB_ITEMS_MAX)) {
		return limit(tree->call, "items in an array", JSONB_ITEMS_MAX);
	}
	parent = node_at(tree, closed)->next;
	if (parent != NONE && parent & IS_MEMBER)
		parent = node_at(tree, parent & ~IS_MEMBER)->next;
	tree->open = parent == NONE ? NONE : parent & ~IS_END;
	return COFFER_OK;
}

static coffer_status
check_string(const struct coffer_value_call *call, const coffer_json_token *token)
{
	if (token->decoded_size == COFFER_JSON_NO_TEXT)
		return coffer_error_set(call->error, COFFER_INVALID,
					"a string in the document is not text: \\u0000, or half of "
					"a surrogate pair");
	if (token->decoded_size > JSONB_SIZE_MAX)
		return limit(call, "bytes in a string", JSONB_SIZE_MAX);
	return COFFER_OK;
}

/* Also where a later member of the same name takes its place. */
static coffer_status
check_number(const struct coffer_value_call *call, const coffer_json_token *token)
{
	struct coffer_decimal decimal;

	if (token->is_normal ||
	    (coffer_decimal_read(token->text, &decimal) && coffer_decimal_size(&decimal)))
		return COFFER_OK;
	return coffer_error_set(call->error, COFFER_INVALID,
				"a number in the document is out of the range of numeric");
}

static coffer_status
add_token(struct tree *tree, const coffer_json_token *token)
{
	coffer_status status = COFFER_OK;

	switch (token->type) {
	case COFFER_JSON_END:
		return COFFER_OK;
	case COFFER_JSON_OBJECT_END:
	case COFFER_JSON_ARRAY_END:
		return close_container(tree, token->type);
	case COFFER_JSON_NAME:
		status = check_string(tree->call, token);
		return status ? status : add_name(tree, token);
	case COFFER_JSON_STRING:
		status = check_string(tree->call, token);
		return status ? status : add_node(tree, token);
	case COFFER_JSON_OBJECT:
	case COFFER_JSON_ARRAY:
		status = add_node(tree, token);
		tree->open = tree->count - 1;
		return status;
	case COFFER_JSON_NUMBER:
		status = check_number(tree->call, token);
		return status ? status : add_node(tree, token);
	case COFFER_JSON_TRUE:
	case COFFER_JSON_FALSE:
	case COFFER_JSON_NULL:
		break;
	}
	return add_node(tree, token);
}

static coffer_status
read_tree(struct tree *tree)
{
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_status status;

	coffer_json_reader_init(&reader, (coffer_text){tree->text, tree->size});
	do {
		status = coffer_json_next(&reader, &token, tree->call->error);
		if (!status)
			status = add_token(tree, &token);
	} while (!status && token.type != COFFER_JSON_END);
	return status;
}

/* ------------------------------------------------------------------ writing */

/* The character that an escape stands for, escaped again only where it must be. */
static void
write_character(coffer_buffer *out, const char *bytes, size_t size)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char escape[2] = {'\\', 0};
	unsigned char byte = (unsigned char)bytes[0];

	for (size_t i = 0; i + 1 < sizeof(letters); i += 2)
		if (bytes[0] == letters[i])
			escape[1] = letters[i + 1];
	if (escape[1])
		put(out, escape, sizeof(escape));
	else if (byte < 0x20)
		coffer_buffer_printf(out, "\\u%04x", byte);
	else
		put(out, bytes, size);
}

static void
write_string(coffer_text rest, size_t decoded_size, coffer_buffer *out)
{
	char bytes[COFFER_JSON_ESCAPE_SIZE_MAX];
	bool has_escapes = rest.size != decoded_size;

	put(out, "\"", 1);
	while (has_escapes && rest.size) {
		const char *slash = memchr(rest.data, '\\', rest.size);
		size_t used = slash ? (size_t)(slash - rest.data) : rest.size, size;

		put(out, rest.data, used);
		rest = (coffer_text){rest.data + used, rest.size - used};
		if (!slash)
			break;
		size = coffer_json_decode_escape(rest, bytes, &used);
		write_character(out, bytes, size);
		rest = (coffer_text){rest.data + used, rest.size - used};
	}
	put(out, rest.data, rest.size);
	put(out, "\"", 1);
}

/* `begin` is where the whole text begins in `out`. */
static coffer_status
write_number(const struct tree *tree, coffer_text text, bool is_normal, size_t begin,
	     coffer_buffer *out)
{
	struct coffer_decimal decimal;

	if (is_normal) {
		put(out, text.data, text.size);
		return COFFER_OK;
	}
	if (!coffer_decimal_read(text, &decimal))
		return COFFER_INVALID;
	if (coffer_decimal_size(&decimal) > COFFER_VALUE_SIZE_MAX - (out->size - begin))
		return coffer_error_set(
			tree->call->error, COFFER_LIMIT,
			"a document that takes more than %d bytes with its numbers written out",
			COFFER_VALUE_SIZE_MAX);
	coffer_decimal_print(&decimal, out);
	return COFFER_OK;
}

static coffer_status
write_scalar(const struct tree *tree, uint32_t number, size_t begin, coffer_buffer *out)
{
	struct node node = *node_at(tree, number);
	coffer_text text = text_of(tree, &node);

	switch (kind_of(tree, number)) {
	case '"':
		write_string(text, node.decoded_size, out);
		return COFFER_OK;
	case 't':
	case 'f':
	case 'n':
		put(out, text.data, text.size);
		return COFFER_OK;
	default:
		return write_number(tree, text, node.decoded_size == text.size, begin, out);
	}
}

/* ------------------------------------------------------------------ walking */

/* The value that is linked as `number`: itself in an array, what is behind a name in an object. */
static uint32_t
linked_value(const struct tree *tree, uint32_t number, bool is_name, coffer_buffer *out)
{
	struct node name = *node_at(tree, number);

	if (!is_name)
		return number;
	if (out) {
		write_string(text_of(tree, &name), name.decoded_size, out);
		put(out, ": ", 2);
	}
	return number + 1;
}

/* The value behind `number`, whose own are done, and what stands between the two into `out`; NONE at the end. */
static uint32_t
next_value(const struct tree *tree, uint32_t number, coffer_buffer *out)
{
	for (;;) {
		uint32_t next = node_at(tree, number)->next;
		bool is_member = next != NONE && !(next & IS_END) && next & IS_MEMBER;

		if (is_member)
			next = node_at(tree, next & ~IS_MEMBER)->next;
		if (next == NONE)
			return NONE;
		if (!(next & IS_END)) {
			if (out)
				put(out, ", ", 2);
			return linked_value(tree, next, is_member, out);
		}
		number = next & ~IS_END;
		if (out)
			put(out, is_member ? "}" : "]", 1);
	}
}

/* The first value in the array or object `number`, or what is behind an empty one. */
static uint32_t
first_value(const struct tree *tree, uint32_t number, coffer_buffer *out)
{
	bool is_object = kind_of(tree, number) == '{';
	uint32_t first = node_at(tree, number)->first;

	if (out)
		put(out, is_object ? "{" : "[", 1);
	if (first != NONE)
		return linked_value(tree, first, is_object, out);
	if (out)
		put(out, is_object ? "}" : "]", 1);
	return next_value(tree, number, out);
}

static bool
is_container(const struct tree *tree, uint32_t number)
{
	char kind = kind_of(tree, number);

	return kind == '{' || kind == '[';
}

static coffer_status
write_tree(const struct tree *tree)
{
	coffer_buffer *out = tree->call->memory;
	size_t begin = out->size;
	uint32_t at = 0;

	while (at != NONE && !out->is_failed) {
		if (is_container(tree, at)) {
			at = first_value(tree, at, out);
		} else {
			coffer_status status = write_scalar(tree, at, begin, out);

			if (status)
				return status;
			at = next_value(tree, at, out);
		}
	}
	coffer_buffer_append(out, "", 0);
	if (out->size - begin > COFFER_VALUE_SIZE_MAX)
		return coffer_error_set(
			tree->call->error, COFFER_LIMIT,
			"a document of %zu bytes in normal form, expected at most %d",
			out->size - begin, COFFER_VALUE_SIZE_MAX);
	return coffer_value_memory(tree->call);
}

/* ------------------------------------------------------------------ jsonb's own size */

static size_t
align(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* An array or object: a header, and an entry of four bytes for each value and each name; then the names. */
static size_t
add_container(const struct tree *tree, uint32_t number, size_t size)
{
	bool is_object = kind_of(tree, number) == '{';
	uint32_t at = node_at(tree, number)->first;

	size = align(size) + 4;
	while (!(at & IS_END)) {
		const struct node *node = node_at(tree, at);

		size += is_object ? 8 + (size_t)node->decoded_size : 4;
		at = node->next;
	}
	return size;
}

static size_t
add_scalar(const struct tree *tree, uint32_t number, size_t size)
{
	const struct node *node = node_at(tree, number);
	char kind = kind_of(tree, number);
	struct coffer_decimal decimal;

	if (kind == '"')
		return size + node->decoded_size;
	if (kind == 't' || kind == 'f' || kind == 'n')
		return size;
	if (!coffer_decimal_read(text_of(tree, node), &decimal))
		return size;
	return align(size) + coffer_decimal_stored_size(&decimal);
}

/* The size of the outermost array or object bounds all others'. A scalar alone stands in an array of one. */
static coffer_status
check_size(const struct tree *tree)
{
	size_t size = is_container(tree, 0) ? 0 : 8;
	uint32_t at = 0;

	if (tree->size <= COFFER_JSON_SIZE_SAFE)
		return COFFER_OK;
	while (at != NONE && size <= JSONB_SIZE_MAX) {
		if (is_container(tree, at)) {
			size = add_container(tree, at, size);
			at = first_value(tree, at, NULL);
		} else {
			size = add_scalar(tree, at, size);
			at = next_value(tree, at, NULL);
		}
	}
	return size > JSONB_SIZE_MAX ? limit(tree->call, "bytes", JSONB_SIZE_MAX) : COFFER_OK;
}

/* ------------------------------------------------------------------ */

static coffer_status
settle_binary(const struct coffer_value_call *call, coffer_value *value)
{
	struct tree tree = {
		.call = call, .text = value->text.data, .size = value->text.size, .open = NONE};
	coffer_buffer *memory = call->memory;
	coffer_status status;
	size_t begin;

	if (coffer_json_is_normal(value->text))
		return COFFER_OK;
	if ((status = read_tree(&tree)) || (status = check_size(&tree)))
		return status;
	begin = memory->size;
	if ((status = write_tree(&tree)))
		return status;
	value->text = (coffer_text){memory->data + begin, memory->size - begin};
	return COFFER_OK;
}

static coffer_status
check(const struct coffer_value_call *call, coffer_text document)
{
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_status status;

	coffer_json_reader_init(&reader, document);
	do
		status = coffer_json_next(&reader, &token, call->error);
	while (!status && token.type != COFFER_JSON_END);
	return status;
}

coffer_status
coffer_document_settle(const struct coffer_value_call *call, coffer_value *value)
{
	if (call->column->is_binary_json)
		return settle_binary(call, value);
	return check(call, value->text);
}
