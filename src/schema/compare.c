/*
 * Two schemas, member by member, by name: the order of columns and of tables says nothing, for gateways
 * append what they add. What is compared is what the server knows; client defaults and interned marks
 * are coffer's own. Each member is described as a text, and texts are compared.
 */
#include "schema/compare.h"

#include <inttypes.h>
#include <string.h>

void
coffer_comparison_report(struct coffer_comparison *comparison, const char *place, const char *what,
			 const char *left, const char *right)
{
	coffer_schema_difference difference = {place, what, left, right};

	if (left == right || (left && right && strcmp(left, right) == 0))
		return;
	comparison->count++;
	if (comparison->found)
		comparison->found(comparison->context, &difference);
}

const void *
coffer_comparison_find(const void *members, size_t count, size_t size, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		const char *member = (const char *)members + i * size;
		const char *member_name;

		memcpy(&member_name, member, sizeof(member_name));
		if (strcmp(member_name, name) == 0)
			return member;
	}
	return NULL;
}

static void
describe_enum(coffer_buffer *out, const void *member)
{
	const coffer_enum *type = member;

	for (size_t i = 0; i < type->label_count; i++)
		coffer_buffer_printf(out, "%s'%s'", i ? ", " : "", type->labels[i]);
}

static void
describe_domain(coffer_buffer *out, const void *member)
{
	const coffer_domain *domain = member;

	coffer_buffer_printf(
		out, "%s%s%s%s%s%s", domain->type, domain->collation ? " COLLATE " : "",
		domain->collation ? domain->collation : "", domain->default_sql ? " DEFAULT " : "",
		domain->default_sql ? domain->default_sql : "",
		domain->is_not_null ? " NOT NULL" : "");
	for (size_t i = 0; i < domain->check_count; i++)
		coffer_buffer_printf(out, " %s %s", domain->checks[i].name,
				     domain->checks[i].definition);
}

static void
describe_sequence(coffer_buffer *out, const void *member)
{
	const coffer_sequence *sequence = member;

	coffer_buffer_printf(out,
			     "%s START %" PRId64 " INCREMENT %" PRId64 " FROM %" PRId64
			     " TO %" PRId64 " CACHE %" PRId64 "%s%s",
			     sequence->type, sequence->start, sequence->increment,
			     sequence->minimum, sequence->maximum, sequence->cache,
			     sequence->is_cycle ? " CYCLE" : "",
			     sequence->is_identity ? " IDENTITY" : "");
	if (sequence->owner_table && sequence->owner_column)
		coffer_buffer_printf(out, " OWNED BY %s.%s", sequence->owner_table,
				     sequence->owner_column);
}

static void
describe_view(coffer_buffer *out, const void *member)
{
	const coffer_view *view = member;

	coffer_buffer_printf(out, "%s%s%s%s", view->is_materialized ? "materialized " : "",
			     view->options ? view->options : "", view->options ? " " : "",
			     view->definition);
	for (size_t i = 0; i < view->index_count; i++)
		coffer_buffer_printf(out, "; %s %s", view->indexes[i].name,
				     view->indexes[i].definition ? view->indexes[i].definition
								 : "");
}

/* Where the comment stands in a member, so that one function compares them all. */
static const char *
comment_of(const void *member, size_t offset)
{
	const char *comment;

	if (!member)
		return NULL;
	memcpy(&comment, (const char *)member + offset, sizeof(comment));
	return comment;
}

/* One member of either side, at least one of them there. */
static void
compare_member(struct coffer_comparison *comparison, const struct coffer_member_kind *kind,
	       const char *owner, const void *left, const void *right)
{
	coffer_buffer place = {0}, texts[2] = {{0}, {0}};
	const char *name;

	memcpy(&name, left ? left : right, sizeof(name));
	coffer_buffer_printf(&place, "%s%s%s", owner ? owner : "", owner ? "." : "", name);
	coffer_buffer_text(&texts[0], "");
	coffer_buffer_text(&texts[1], "");
	if (left)
		kind->describe(&texts[0], left);
	if (right)
		kind->describe(&texts[1], right);
	if (!place.is_failed && !texts[0].is_failed && !texts[1].is_failed) {
		coffer_comparison_report(comparison, place.data, kind->what,
					 left ? texts[0].data : NULL, right ? texts[1].data : NULL);
		if (left && right)
			coffer_comparison_report(comparison, place.data, "comment",
						 comment_of(left, kind->comment_at),
						 comment_of(right, kind->comment_at));
	} else {
		comparison->count++;
	}
	coffer_buffer_release(&place);
	coffer_buffer_release(&texts[0]);
	coffer_buffer_release(&texts[1]);
}

void
coffer_comparison_members(struct coffer_comparison *comparison,
			  const struct coffer_member_kind *kind, const char *owner,
			  struct coffer_members left, struct coffer_members right)
{
	for (size_t i = 0; i < left.count; i++) {
		const char *member = (const char *)left.members + i * kind->size;
		const char *name;

		memcpy(&name, member, sizeof(name));
		if (!kind->is_compared || kind->is_compared(member))
			compare_member(comparison, kind, owner, member,
				       coffer_comparison_find(right.members, right.count,
							      kind->size, name));
	}
	for (size_t i = 0; i < right.count; i++) {
		const char *member = (const char *)right.members + i * kind->size;
		const char *name;

		memcpy(&name, member, sizeof(name));
		if ((!kind->is_compared || kind->is_compared(member)) &&
		    !coffer_comparison_find(left.members, left.count, kind->size, name))
			compare_member(comparison, kind, owner, NULL, member);
	}
}

static const struct coffer_member_kind enum_kind = {
	"enum", sizeof(coffer_enum), offsetof(coffer_enum, comment), NULL, describe_enum,
};
static const struct coffer_member_kind domain_kind = {
	"domain", sizeof(coffer_domain), offsetof(coffer_domain, comment), NULL, describe_domain,
};
static const struct coffer_member_kind sequence_kind = {
	"sequence", sizeof(coffer_sequence), offsetof(coffer_sequence, comment),
	NULL,       describe_sequence,
};
static const struct coffer_member_kind view_kind = {
	"view", sizeof(coffer_view), offsetof(coffer_view, comment), NULL, describe_view,
};

size_t
coffer_schema_compare(const coffer_schema *left, const coffer_schema *right,
		      void (*found)(void *context, const coffer_schema_difference *difference),
		      void *context)
{
	struct coffer_comparison comparison = {found, context, 0};

	coffer_comparison_members(&comparison, &enum_kind, NULL,
				  (struct coffer_members){left->enums, left->enum_count},
				  (struct coffer_members){right->enums, right->enum_count});
	coffer_comparison_members(&comparison, &domain_kind, NULL,
				  (struct coffer_members){left->domains, left->domain_count},
				  (struct coffer_members){right->domains, right->domain_count});
	coffer_comparison_members(&comparison, &sequence_kind, NULL,
				  (struct coffer_members){left->sequences, left->sequence_count},
				  (struct coffer_members){right->sequences, right->sequence_count});
	coffer_comparison_tables(&comparison, left, right);
	coffer_comparison_members(&comparison, &view_kind, NULL,
				  (struct coffer_members){left->views, left->view_count},
				  (struct coffer_members){right->views, right->view_count});
	return comparison.count;
}
