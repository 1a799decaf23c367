/*
 * Group commit: pieces of several threads in one transaction. Each is there as a whole or not at all, by its own fault
 * alone, and what its thread was told is so. After every test the store passes verify.
 */
#include "tests/support/writing.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	JOBS = 8,
	JOBS_MAX = 1500, /* more than one transaction takes */
	BUSY_ROUNDS = 60,
	LONG_SIZE = 5 << 20,
};

static const char prisma[] =
	"model Parent {\n  id Int @id\n  count BigInt @default(0)\n  rows Child[]\n}\n"
	"/// @coffer.rollup hour -> id, parent_id\n"
	"model Child {\n"
	"  id Int @id\n  parent_id Int?\n  at DateTime @default(now()) /// @coffer.time\n  text String?\n"
	"  parent Parent? @relation(fields: [parent_id], references: [id])\n"
	"}\n"
	"model Number {\n  id Int @id @default(autoincrement())\n  name String @unique\n}\n";
enum { PARENT, CHILD, NUMBER };
enum { CHILD_ID, CHILD_PARENT, CHILD_AT, CHILD_TEXT };

/* A thread with one piece of work. */
struct job {
	coffer_group_work work;
	int64_t id;     /* of the row that it writes */
	int64_t parent; /* 0: none */
	unsigned runs;
	coffer_effects effects;
	pthread_t thread;
	coffer_status status;
	coffer_error error;
};

/* ------------------------------------------------------------------ pieces */

static coffer_status
put_child(coffer_txn *txn, int64_t id, int64_t parent, coffer_error *error)
{
	const coffer_set sets[] = {
		{.column = CHILD_ID, .value = integer(id)},
		{.column = CHILD_PARENT, .value = parent ? integer(parent) : null},
	};

	return coffer_insert(txn, CHILD, sets, 2, COFFER_CONFLICT_FAIL, NULL, error);
}

static coffer_status
one_child(coffer_txn *txn, void *context, coffer_error *error)
{
	struct job *job = context;
	coffer_status status = put_child(txn, job->id, job->parent, error);

	job->runs++;
	coffer_txn_effects(txn, &job->effects);
	return status;
}

/* The second of its rows is refused. */
static coffer_status
child_and_refusal(coffer_txn *txn, void *context, coffer_error *error)
{
	struct job *job = context;

	job->runs++;
	if (put_child(txn, job->id, 0, error))
		return COFFER_IO;
	return put_child(txn, job->id, 0, error);
}

/* Refers to what is not there; only the end would say so. */
static coffer_status
deferred_child(coffer_txn *txn, void *context, coffer_error *error)
{
	struct job *job = context;

	job->runs++;
	coffer_txn_defer(txn);
	return put_child(txn, job->id, job->parent, error);
}

static coffer_status
new_parent(coffer_txn *txn, void *context, coffer_error *error)
{
	const struct job *job = context;
	const coffer_set set = {.column = 0, .value = integer(job->id)};

	return coffer_insert(txn, PARENT, &set, 1, COFFER_CONFLICT_FAIL, NULL, error);
}

static coffer_status
count_up(coffer_txn *txn, void *context, coffer_error *error)
{
	const struct job *job = context;
	const coffer_set sets[] = {
		{.column = 0, .value = integer(job->id)},
		{.column = 1, .is_increment = true, .value = integer(1)},
	};

	return coffer_insert(txn, PARENT, sets, 2, COFFER_CONFLICT_UPDATE, NULL, error);
}

/* A refusal that the piece itself makes good. */
static coffer_status
child_or_next(coffer_txn *txn, void *context, coffer_error *error)
{
	struct job *job = context;

	if (put_child(txn, job->id, 0, NULL) == COFFER_CONFLICT)
		return put_child(txn, job->id + 1000, 0, error);
	return COFFER_OK;
}

/* A sequence has moved on before the name is found to be taken. */
static coffer_status
number_that_is_taken(coffer_txn *txn, void *context, coffer_error *error)
{
	const coffer_set set = {.column = 1, .value = text("taken")};
	struct job *job = context;

	job->runs++;
	return coffer_insert(txn, NUMBER, &set, 1, COFFER_CONFLICT_FAIL, NULL, error);
}

static coffer_status
long_child(coffer_txn *txn, void *context, coffer_error *error)
{
	static char data[LONG_SIZE];
	const struct job *job = context;
	const coffer_set sets[] = {
		{.column = CHILD_ID, .value = integer(job->id)},
		{.column = CHILD_TEXT, .value = {.kind = COFFER_TEXT, .text = {data, LONG_SIZE}}},
	};

	memset(data, 'x', sizeof(data));
	return coffer_insert(txn, CHILD, sets, 2, COFFER_CONFLICT_FAIL, NULL, error);
}

/* ------------------------------------------------------------------ threads */

static void *
run_job(void *context)
{
	struct job *job = context;

	job->status = coffer_group_write(writing.store, job->work, job, &job->error);
	return NULL;
}

static void
start_job(struct job *job)
{
	pthread_attr_t attributes;

	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
	assert_int_equal(pthread_create(&job->thread, &attributes, run_job, job), 0);
	assert_int_equal(pthread_attr_destroy(&attributes), 0);
}

static size_t
waiting(void)
{
	size_t count;

	pthread_mutex_lock(&writing.store->group.mutex);
	count = writing.store->group.waiting;
	pthread_mutex_unlock(&writing.store->group.mutex);
	return count;
}

static uint64_t
transaction(void)
{
	coffer_store_facts facts;

	coffer_store_describe(writing.store, &facts);
	return facts.transaction;
}

static void
join_jobs(struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_join(jobs[i].thread, NULL), 0);
}

/* All come while the test's own transaction is open, in this order. How many transactions they took. */
static uint64_t
run_jobs(struct job *jobs, size_t count)
{
	uint64_t before;

	for (size_t i = 0; i < count; i++) {
		start_job(&jobs[i]);
		while (waiting() < i + 1)
			usleep(100);
	}
	must(coffer_txn_commit(writing.txn, &writing.error));
	before = transaction();
	join_jobs(jobs, count);
	before = transaction() - before;
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	return before;
}

static void
must_have_run(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (jobs[i].status)
			fail_msg("piece %zu: %s: %s", i, jobs[i].error.place, jobs[i].error.message);
}

/* What a thread was told is so. */
static void
check_jobs(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(is_there("Child", integer(jobs[i].id)), !jobs[i].status);
}

static int
setup(void **state)
{
	(void)state;
	begin_with(prisma, NULL);
	return 0;
}

static void
make_jobs(struct job *jobs, size_t count, coffer_group_work work)
{
	for (size_t i = 0; i < count; i++)
		jobs[i] = (struct job){.work = work, .id = (int64_t)i + 1};
}

/* ------------------------------------------------------------------ together */

static void
what_comes_meanwhile_is_one_transaction(void **state)
{
	struct job jobs[JOBS];

	(void)state;
	make_jobs(jobs, JOBS, one_child);
	assert_int_equal(run_jobs(jobs, JOBS), 1);
	must_have_run(jobs, JOBS);
	check_jobs(jobs, JOBS);
	for (size_t i = 0; i < JOBS; i++) {
		assert_int_equal(jobs[i].runs, 1);
		assert_int_equal(jobs[i].effects.inserted, 1);
	}
}

static void
a_lone_piece_is_a_transaction(void **state)
{
	struct job job = {.work = one_child};
	uint64_t before;

	(void)state;
	coffer_txn_end(writing.txn);
	before = transaction();
	for (job.id = 1; job.id <= 3; job.id++)
		must(coffer_group_write(writing.store, job.work, &job, &writing.error));
	assert_int_equal(transaction() - before, 3);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	assert_int_equal(count_rows("Child"), 3);
}

/* A transaction ends behind a thousand pieces, or when it has become large; none is left behind. */
static void
a_transaction_is_bounded(void **state)
{
	struct job *jobs = calloc(JOBS_MAX, sizeof(*jobs));

	(void)state;
	assert_non_null(jobs);
	make_jobs(jobs, JOBS_MAX, one_child);
	assert_int_equal(run_jobs(jobs, JOBS_MAX), 2);
	must_have_run(jobs, JOBS_MAX);
	assert_int_equal(count_rows("Child"), JOBS_MAX);
	make_jobs(jobs, JOBS, long_child);
	for (size_t i = 0; i < JOBS; i++)
		jobs[i].id += JOBS_MAX;
	assert_int_equal(run_jobs(jobs, JOBS), 2);
	must_have_run(jobs, JOBS);
	check_jobs(jobs, JOBS);
	free(jobs);
}

static void
each_sees_those_before_it(void **state)
{
	struct job jobs[JOBS];

	(void)state;
	make_jobs(jobs, JOBS, count_up);
	for (size_t i = 0; i < JOBS; i++)
		jobs[i].id = 1;
	assert_int_equal(run_jobs(jobs, JOBS), 1);
	must_have_run(jobs, JOBS);
	assert_string_equal(show("Parent", integer(1), "count"), "8");
}

/* Everybody comes again and again, beside a thread that has transactions of its own and one that reads. */
static void *
write_on(void *context)
{
	struct job *job = context;

	for (int i = 0; i < BUSY_ROUNDS && !job->status; i++)
		job->status = coffer_group_write(writing.store, job->work, job, &job->error);
	return NULL;
}

static void *
write_alone(void *context)
{
	struct job *job = context;
	coffer_txn *txn;

	for (int i = 0; i < BUSY_ROUNDS && !job->status; i++) {
		if ((job->status = coffer_txn_begin_write(writing.store, &txn, &job->error)))
			break;
		job->status = job->work(txn, job, &job->error);
		if (job->status)
			coffer_txn_end(txn);
		else
			job->status = coffer_txn_commit(txn, &job->error);
	}
	return NULL;
}

static void *
write_reading(void *context)
{
	struct job *job = context;
	coffer_txn *txn;

	for (int i = 0; i < BUSY_ROUNDS && !job->status; i++) {
		if ((job->status = coffer_txn_begin(writing.store, &txn, &job->error)))
			break;
		job->status = coffer_group_write(writing.store, job->work, job, &job->error);
		coffer_txn_end(txn);
	}
	return NULL;
}

static void
no_piece_is_lost(void **state)
{
	void *(*const bodies[])(void *context) = {write_on, write_reading, write_alone};
	struct job jobs[JOBS];
	char sum[16];

	(void)state;
	make_jobs(jobs, JOBS, count_up);
	coffer_txn_end(writing.txn);
	for (size_t i = 0; i < JOBS; i++) {
		jobs[i].id = 1;
		assert_int_equal(pthread_create(&jobs[i].thread, NULL, bodies[i % 3], &jobs[i]), 0);
	}
	join_jobs(jobs, JOBS);
	must_have_run(jobs, JOBS);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	snprintf(sum, sizeof(sum), "%d", JOBS * BUSY_ROUNDS);
	assert_string_equal(show("Parent", integer(1), "count"), sum);
}

/* ------------------------------------------------------------------ refusals */

static void
a_refusal_is_of_one_piece(void **state)
{
	struct job jobs[JOBS];

	(void)state;
	make_jobs(jobs, JOBS, one_child);
	must(insert("Child", PAIRS({"id", integer(3)})));
	jobs[4].parent = 77;
	assert_int_equal(run_jobs(jobs, JOBS), 1);
	assert_int_equal(jobs[2].status, COFFER_CONFLICT);
	assert_non_null(strstr(jobs[2].error.message, "id = '3' is taken"));
	assert_int_equal(jobs[4].status, COFFER_CONFLICT);
	assert_non_null(strstr(jobs[4].error.message, "refers to no row"));
	assert_int_equal(jobs[0].status | jobs[1].status | jobs[3].status | jobs[7].status, 0);
	assert_int_equal(count_rows("Child"), JOBS - 1);
	assert_int_equal(jobs[7].runs, 1);
}

/* The first, the last and one between: the others are made again without it. */
static void
what_a_refused_piece_wrote_is_not_there(void **state)
{
	static const size_t bad[] = {0, 3, 4, JOBS - 1};
	struct job jobs[JOBS];

	(void)state;
	make_jobs(jobs, JOBS, one_child);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		jobs[bad[i]].work = child_and_refusal;
	assert_int_equal(run_jobs(jobs, JOBS), 2);
	check_jobs(jobs, JOBS);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(jobs[bad[i]].status, COFFER_CONFLICT);
	assert_int_equal(count_rows("Child"), JOBS - 4);
	for (size_t i = 0; i < JOBS; i++)
		assert_in_range(jobs[i].runs, 1, 2);
}

static void
all_may_be_refused(void **state)
{
	struct job jobs[JOBS];

	(void)state;
	make_jobs(jobs, JOBS, child_and_refusal);
	assert_int_equal(run_jobs(jobs, JOBS), 0);
	assert_int_equal(count_rows("Child"), 0);
	check_jobs(jobs, JOBS);
}

/* As in transactions of their own: neither is a piece saved by a later one, nor does it make others wait with their checks. */
static void
what_waits_for_the_end_is_checked_behind_each_piece(void **state)
{
	struct job jobs[] = {
		{.work = one_child, .id = 1},
		{.work = deferred_child, .id = 2, .parent = 9},
		{.work = one_child, .id = 3, .parent = 9},
		{.work = new_parent, .id = 9},
		{.work = deferred_child, .id = 4, .parent = 9},
	};

	(void)state;
	run_jobs(jobs, 5);
	assert_int_equal(jobs[0].status, COFFER_OK);
	assert_int_equal(jobs[1].status, COFFER_CONFLICT);
	assert_non_null(strstr(jobs[1].error.message, "refers to no row"));
	assert_int_equal(jobs[2].status, COFFER_CONFLICT);
	assert_int_equal(jobs[3].status, COFFER_OK);
	assert_int_equal(jobs[4].status, COFFER_OK);
	assert_int_equal(count_rows("Child"), 2);
}

static void
a_piece_may_go_on_after_a_refusal(void **state)
{
	struct job jobs[JOBS];

	(void)state;
	make_jobs(jobs, JOBS, child_or_next);
	jobs[5].id = 2;
	assert_int_equal(run_jobs(jobs, JOBS), 1);
	must_have_run(jobs, JOBS);
	assert_true(is_there("Child", integer(1002)));
	assert_int_equal(count_rows("Child"), JOBS);
}

static void
a_sequence_that_moved_for_a_refusal_moves_back(void **state)
{
	struct job jobs[JOBS];

	(void)state;
	must(insert("Number", PAIRS({"name", text("taken")})));
	make_jobs(jobs, JOBS, one_child);
	jobs[1].work = jobs[6].work = number_that_is_taken;
	run_jobs(jobs, JOBS);
	assert_int_equal(jobs[1].status, COFFER_CONFLICT);
	assert_int_equal(jobs[6].status, COFFER_CONFLICT);
	assert_int_equal(count_rows("Child"), JOBS - 2);
	must(insert("Number", PAIRS({"name", text("next")})));
	assert_true(is_there("Number", integer(2)));
}

/* ------------------------------------------------------------------ misuse */

static coffer_status
write_within(coffer_txn *txn, void *context, coffer_error *error)
{
	(void)txn;
	return coffer_group_write(writing.store, one_child, context, error);
}

static coffer_status
end_within(coffer_txn *txn, void *context, coffer_error *error)
{
	coffer_status status = coffer_txn_commit(txn, error);

	coffer_txn_end(txn);
	assert_int_equal(status, COFFER_INVALID);
	return one_child(txn, context, NULL);
}

static void
a_thread_has_one_transaction(void **state)
{
	struct job job = {.id = 1};
	coffer_txn *txn;

	(void)state;
	must_refuse(coffer_group_write(writing.store, one_child, &job, &writing.error), COFFER_BUSY, "",
		    "writing already");
	must_refuse(coffer_txn_begin_write(writing.store, &txn, &writing.error), COFFER_BUSY, "",
		    "writing already");
	coffer_txn_end(writing.txn);
	must_refuse(coffer_group_write(writing.store, write_within, &job, &writing.error), COFFER_BUSY,
		    "", "writing already");
	assert_int_equal(job.runs, 0);
	must(coffer_group_write(writing.store, end_within, &job, NULL));
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	assert_true(is_there("Child", integer(1)));
}

static void
a_store_open_for_reading_takes_nothing(void **state)
{
	struct job job = {.id = 1};
	coffer_store *store;

	(void)state;
	must(coffer_store_open(writing.path, &store, &writing.error));
	must_refuse(coffer_group_write(store, one_child, &job, &writing.error), COFFER_INVALID, "",
		    "reading only");
	coffer_store_close(store);
}

/* A store that was replaced takes none of what waits. */
static void
what_waits_for_a_store_that_is_replaced_is_told(void **state)
{
	struct job jobs[JOBS];
	char moved[80];

	(void)state;
	make_jobs(jobs, JOBS, one_child);
	snprintf(moved, sizeof(moved), "%s.moved", writing.path);
	for (size_t i = 0; i < JOBS; i++)
		start_job(&jobs[i]);
	while (waiting() < JOBS)
		usleep(100);
	assert_int_equal(rename(writing.path, moved), 0);
	coffer_txn_end(writing.txn);
	join_jobs(jobs, JOBS);
	for (size_t i = 0; i < JOBS; i++) {
		assert_int_equal(jobs[i].status, COFFER_BUSY);
		assert_non_null(strstr(jobs[i].error.message, "replaced"));
		assert_int_equal(jobs[i].runs, 0);
	}
	assert_int_equal(rename(moved, writing.path), 0);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	assert_int_equal(count_rows("Child"), 0);
}

static int
misuse_in_a_child(struct job *job)
{
	coffer_error error = {0};

	return coffer_group_write(writing.store, one_child, job, &error) != COFFER_INVALID ||
	       !strstr(error.message, "forked");
}

/* While others wait in the group, whose lock the child may inherit. */
static void
a_fork_takes_no_part(void **state)
{
	struct job jobs[JOBS];
	int how;

	(void)state;
	make_jobs(jobs, JOBS, one_child);
	for (size_t i = 0; i < JOBS; i++)
		start_job(&jobs[i]);
	for (int i = 0; i < 5; i++) {
		pid_t child = fork();

		if (!child)
			_exit(misuse_in_a_child(&jobs[0]));
		assert_int_equal(waitpid(child, &how, 0), child);
		assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
	}
	while (waiting() < JOBS)
		usleep(100);
	coffer_txn_end(writing.txn);
	join_jobs(jobs, JOBS);
	must_have_run(jobs, JOBS);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	check_jobs(jobs, JOBS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, end_whole)
		TEST(what_comes_meanwhile_is_one_transaction),
		TEST(a_lone_piece_is_a_transaction),
		TEST(a_transaction_is_bounded),
		TEST(each_sees_those_before_it),
		TEST(no_piece_is_lost),
		TEST(a_refusal_is_of_one_piece),
		TEST(what_a_refused_piece_wrote_is_not_there),
		TEST(all_may_be_refused),
		TEST(what_waits_for_the_end_is_checked_behind_each_piece),
		TEST(a_piece_may_go_on_after_a_refusal),
		TEST(a_sequence_that_moved_for_a_refusal_moves_back),
		TEST(a_thread_has_one_transaction),
		TEST(a_store_open_for_reading_takes_nothing),
		TEST(what_waits_for_a_store_that_is_replaced_is_told),
		TEST(a_fork_takes_no_part),
	};

	return cmocka_run_group_tests_name("group", tests, make_folder, remove_folder);
}
