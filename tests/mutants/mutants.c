/*
 * Damaged stores, opened and used in every way. Each must be refused or read as what was written; see the README of fuzz/.
 *
 *	mutants				a sample: MUTANTS_COUNT mutants from number MUTANTS_FROM on
 *	mutants KIND SEED		one, and what comes of it
 *	mutants each			of a store of one table and two indexes: every length, byte and bit of the metas,
 *					or each MUTANTS_STEP-th
 *
 * Mutants are used in child processes, one a batch, so that a crash is seen and named: the number of the mutant stands in
 * memory that parent and child share. A child's own end also shows what leaks. TAP on standard output.
 */
#include "coffer.h"
#include "fuzz/support/asking.h"
#include "fuzz/support/mutant.h"
#include "tests/mutants/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SUBJECTS = 8,
	LEFT_BEHIND = 4, /* files in the folder, at most */
	BATCH = 200,
	KINDS_MAX = 64,
	COUNT_DEFAULT = 600,
	SECONDS_MAX = 1,
	FAILURES_SHOWN = 40,
	MEMORY_MAX = 16 << 20,
	METAS_SIZE = 2 * 152,
};

enum outcome { REFUSED, EQUAL, OLDER, FORGED, FAILED, OUTCOMES };
static const char *const outcome_names[OUTCOMES] = {"refused", "equal", "older", "forged",
						    "failed"};

/* In memory that the children share. */
struct board {
	uint64_t next; /* the mutant that is in work, or the first one not begun */
	uint64_t outcomes[KINDS_MAX][OUTCOMES];
	uint64_t failures;
};

struct campaign {
	struct subject subjects[SUBJECTS];
	uint64_t answers[SUBJECTS][SUBJECT_STATES_MAX]; /* what SQL gives of their states */
	size_t subject_count;
	struct board *board;
	char folder[64];
	char path[96], saved[96], left_behind[LEFT_BEHIND][96];
	bool is_told; /* one mutant: say what comes of it */
};

static struct campaign campaign;

/* ------------------------------------------------------------------ using one */

/* Where its bytes are while it is read. */
enum source { SOURCE_PATH, SOURCE_MEMORY, SOURCE_FD, SOURCES };

/* What is being used, for messages. */
struct trial {
	const struct subject *subject;
	const char *kind;
	uint64_t seed;
	const struct mutant *mutant;
	enum source source;
	coffer_origin origin; /* of the latter two */
	struct reading reading;
	coffer_status opened, verified;
	coffer_verify_summary summary;
	char finding[700];
	bool has_failed;
};

__attribute__((format(printf, 2, 3))) static void
fail_trial(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	trial->has_failed = true;
	if (campaign.board->failures++ >= FAILURES_SHOWN)
		return;
	printf("# %s %" PRIu64 " (%s%s): ", trial->kind, trial->seed, trial->subject->name,
	       trial->mutant && trial->mutant->sealed ? ", sealed" : "");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	(void)fflush(stdout);
}

static void
note_finding(void *context, const coffer_finding *finding)
{
	struct trial *trial = context;

	if (!*trial->finding)
		(void)snprintf(trial->finding, sizeof(trial->finding), "%s %s: %s",
			       finding->invariant, finding->place, finding->message);
}

static void
verify(struct trial *trial)
{
	coffer_verify_options options = {.found = note_finding, .found_context = trial};
	coffer_error error = {0};

	if (trial->source == SOURCE_PATH)
		trial->verified = coffer_verify(campaign.path, &options, &trial->summary, &error);
	else
		trial->verified =
			coffer_verify_origin(&trial->origin, &options, &trial->summary, &error);
	if (trial->verified && !*trial->finding)
		(void)snprintf(trial->finding, sizeof(trial->finding), "%.100s: %s", error.place,
			       error.message);
}

static bool
is_accepted(const struct trial *trial)
{
	return !trial->verified && !trial->summary.findings;
}

static coffer_status
open_store(struct trial *trial, coffer_store **store_out)
{
	return trial->source == SOURCE_PATH
		       ? coffer_store_open(campaign.path, store_out, NULL)
		       : coffer_store_open_origin(&trial->origin, store_out, NULL);
}

/* Every way of reading, verified or not; the store is open or not while it is verified. */
static void
read_and_verify(struct trial *trial, bool is_brief, bool is_open_meanwhile)
{
	struct reading_options options = {.known = &trial->subject->known, .is_brief = is_brief};
	coffer_store *store;

	trial->opened = open_store(trial, &store);
	if (!trial->opened)
		reading_make(store, &options, &trial->reading);
	if (is_open_meanwhile)
		verify(trial);
	coffer_store_close(store);
	if (!is_open_meanwhile)
		verify(trial);
}

/* Which state was read; none: SUBJECT_STATES_MAX. */
static size_t
state_read(const struct trial *trial)
{
	const struct subject *subject = trial->subject;

	for (size_t i = subject->state_count; i--;)
		if (subject->traces[i] == trial->reading.trace)
			return i;
	return SUBJECT_STATES_MAX;
}

static enum outcome
judge_accepted(struct trial *trial)
{
	size_t state = state_read(trial), newest = trial->subject->state_count - 1;

	if (trial->opened)
		fail_trial(trial, "verified, but cannot be opened");
	else if (trial->reading.failures)
		fail_trial(trial, "verified, but not read: %s", trial->reading.failure);
	else if (trial->mutant && trial->mutant->is_forged)
		return state == newest ? EQUAL : FORGED;
	else if (state == SUBJECT_STATES_MAX)
		fail_trial(trial, "verified, but read as something else (%s)",
			   trial->reading.strangers ? trial->reading.stranger : "no value is new");
	else
		return state == newest ? EQUAL : OLDER;
	return FAILED;
}

/* Safe statuses of a file that is damaged. */
static bool
is_refusal(coffer_status status)
{
	return status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER ||
	       status == COFFER_UNSUPPORTED || status == COFFER_LIMIT;
}

static enum outcome
judge(struct trial *trial)
{
	if ((trial->opened && !is_refusal(trial->opened)) ||
	    (trial->verified && !is_refusal(trial->verified)))
		fail_trial(trial, "opened: %s, verified: %s (%s)",
			   coffer_status_text(trial->opened), coffer_status_text(trial->verified),
			   trial->finding);
	if (trial->reading.strangers && !(trial->mutant && trial->mutant->is_forged))
		fail_trial(trial, "unverified, %" PRIu64 " values are not the store's: %s",
			   trial->reading.strangers, trial->reading.stranger);
	return is_accepted(trial) ? judge_accepted(trial) : REFUSED;
}

/* ------------------------------------------------------------------ asking */

/* By SQL, too, the same comes as by reading, where verify has accepted it; else anything but a crash. Texts of a forged schema,
 * which SQL lists, no row shows. */
static void
ask_one(struct trial *trial)
{
	const uint64_t *answers = campaign.answers[trial->subject - campaign.subjects];
	struct asking asking;
	coffer_store *store;
	size_t state;

	if (open_store(trial, &store))
		return;
	asking_make(store, &asking);
	if (!is_accepted(trial) || trial->has_failed)
		return;
	state = state_read(trial);
	if (asking.failures)
		fail_trial(trial, "verified, but SQL fails: %s", asking.failure);
	else if (state < SUBJECT_STATES_MAX && answers[state] != asking.trace &&
		 !(trial->mutant && trial->mutant->is_forged))
		fail_trial(trial, "verified, but SQL gives something else");
}

/* ------------------------------------------------------------------ writing */

/* A row as another one is, but for its unique texts. */
static coffer_status
insert_one(coffer_store *store, coffer_txn *txn, coffer_error *error)
{
	const coffer_schema *schema = coffer_store_schema(store);
	const coffer_table *table = &schema->tables[schema->table_count - 1];
	coffer_set sets[COFFER_COLUMNS_MAX];
	coffer_outcome outcome;

	for (uint16_t i = 0; i < table->column_count; i++) {
		const coffer_column *column = &table->columns[i];
		coffer_value value = {.kind = COFFER_NULL};

		if (!column->is_nullable)
			value.kind = column->kind;
		if (value.kind == COFFER_TEXT)
			value.text = (coffer_text){"mutant", 6};
		else if (value.kind == COFFER_JSON)
			value.text = (coffer_text){"{}", 2};
		else if (value.kind == COFFER_TEXT_ARRAY)
			value.text.size = coffer_array_pack(NULL, 0, (char[64]){0});
		sets[i] = (coffer_set){.column = i, .value = value};
	}
	return coffer_insert(txn, (uint32_t)schema->table_count - 1, sets, table->column_count,
			     COFFER_CONFLICT_FAIL, &outcome, error);
}

static void
write_one(struct trial *trial)
{
	coffer_error error = {0};
	coffer_txn *txn;
	coffer_store *store;
	coffer_status status = coffer_store_open_to_write(campaign.path, &store, &error);

	if (!status && !(status = coffer_txn_begin_write(store, &txn, &error))) {
		status = insert_one(store, txn, &error);
		if (status)
			coffer_txn_end(txn);
		else
			status = coffer_txn_commit(txn, &error);
	}
	coffer_store_close(store);
	if (status && status != COFFER_CONFLICT && status != COFFER_INVALID)
		fail_trial(trial, "verified, but not written: %s: %s", error.place, error.message);
	*trial->finding = '\0';
	verify(trial);
	if (!is_accepted(trial))
		fail_trial(trial, "verified, but not after a row was written: %s", trial->finding);
}

/* ------------------------------------------------------------------ recovering */

static void
recover(struct trial *trial)
{
	struct reading_options options = {.known = &trial->subject->known, .is_renumbered = true};
	coffer_recover_options how = {.is_forced = true, .schema = trial->subject->schema};
	coffer_recover_summary summary;
	struct reading reading = {0};
	coffer_error error = {0};
	coffer_store *store;
	coffer_status status =
		coffer_store_recover(campaign.path, campaign.saved, &how, &summary, &error);

	/* Damaged names of trees are not those of the schema that is given. */
	if (status && !is_refusal(status) &&
	    !(status == COFFER_INVALID && summary.is_schema_given))
		fail_trial(trial, "not recovered: %s: %s", error.place, error.message);
	if (status)
		return;
	if ((status = coffer_store_open(campaign.saved, &store, &error))) {
		fail_trial(trial, "recovered, but not opened: %s: %s", error.place, error.message);
		return;
	}
	reading_make(store, &options, &reading);
	coffer_store_close(store);
	if (reading.failures)
		fail_trial(trial, "recovered, but not read: %s", reading.failure);
	/* What a transaction wrote and took back may come along where it is said so. */
	if (reading.strangers && !summary.is_mixed && !(trial->mutant && trial->mutant->is_forged))
		fail_trial(trial, "recovered, but not the store's: %s", reading.stranger);
}

/* ------------------------------------------------------------------ limits */

static void
limit_time(time_t seconds)
{
	const struct itimerval limit = {.it_value = {.tv_sec = seconds}};

	(void)setitimer(ITIMER_PROF, &limit, NULL);
}

static void
check_memory(struct trial *trial, size_t file_size)
{
	long long limit =
		MEMORY_MAX + 4 * (long long)file_size + (long long)trial->subject->value_size_max;

	if (memory.peak > limit || memory.largest > (size_t)limit)
		fail_trial(trial, "%lld bytes of memory, %zu of them at once", memory.peak,
			   memory.largest);
}

static void
write_image(const struct image *image)
{
	int fd;

	(void)unlink(campaign.path);
	fd = open(campaign.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, image->data, image->size) != (ssize_t)image->size || close(fd)) {
		perror(campaign.path);
		exit(2);
	}
}

/* ------------------------------------------------------------------ one mutant */

static void
tell(const struct trial *trial, enum outcome outcome)
{
	printf("%s %" PRIu64 ": %s, %zu sealed, %zu bytes of %zu: %s\n", trial->kind, trial->seed,
	       trial->subject->name, trial->mutant->sealed, trial->mutant->image.size,
	       trial->subject->states[trial->subject->state_count - 1].size,
	       outcome_names[outcome]);
	printf("opened: %s; verified: %s, %" PRIu64 " findings, first: %s\n",
	       coffer_status_text(trial->opened), coffer_status_text(trial->verified),
	       trial->summary.findings, trial->finding);
	printf("rows: %" PRIu64 "; failures: %" PRIu64 ", first: %s; strangers: %" PRIu64
	       ", first: %s\n",
	       trial->reading.rows, trial->reading.failures, trial->reading.failure,
	       trial->reading.strangers, trial->reading.stranger);
	printf("memory: %lld bytes, %zu at once\n", memory.peak, memory.largest);
}

/* The bytes in a block of exactly their size, or in the file, whose pages are kept in little memory. */
static void
begin_source(struct trial *trial, const struct image *image)
{
	uint8_t *block;

	trial->origin = (coffer_origin){.fd = -1, .size = image->size, .cache_size_max = 1 << 16};
	if (trial->source == SOURCE_FD)
		trial->origin.fd = open(campaign.path, O_RDONLY | O_CLOEXEC);
	if (trial->source != SOURCE_MEMORY)
		return;
	block = malloc(image->size + 1);
	if (!block)
		exit(2);
	memcpy(block + 1, image->data, image->size);
	trial->origin.memory = block + 1;
}

static void
end_source(struct trial *trial)
{
	char *block;

	if (trial->source == SOURCE_FD)
		(void)close(trial->origin.fd);
	if (trial->source != SOURCE_MEMORY)
		return;
	memcpy(&block, &trial->origin.memory, sizeof(block)); /* free knows no const */
	free(block - 1);
}

static enum outcome
read_once(struct trial *trial, const struct image *image, bool is_brief, bool is_open_meanwhile)
{
	enum outcome outcome;

	begin_source(trial, image);
	memory_begin();
	limit_time(SECONDS_MAX);
	read_and_verify(trial, is_brief, is_open_meanwhile);
	limit_time(0);
	outcome = judge(trial);
	check_memory(trial, image->size);
	if (!is_brief) {
		limit_time(SECONDS_MAX);
		ask_one(trial);
		limit_time(0);
	}
	end_source(trial);
	trial->source = SOURCE_PATH;
	return outcome;
}

static void
use(struct trial *trial, unsigned kind, uint64_t how)
{
	enum outcome outcome;

	trial->source = how >> 4 & 1 ? (enum source)(1 + (how >> 5 & 1)) : SOURCE_PATH;
	outcome = read_once(trial, &trial->mutant->image, false, how & 1);
	if (campaign.is_told)
		tell(trial, outcome);
	limit_time(SECONDS_MAX);
	memory_begin();
	recover(trial);
	check_memory(trial, trial->mutant->image.size);
	limit_time(SECONDS_MAX);
	if (is_accepted(trial) && !trial->has_failed && how & 2)
		write_one(trial);
	limit_time(0);
	campaign.board->outcomes[kind][trial->has_failed ? FAILED : outcome]++;
}

static bool
use_mutant(unsigned kind, uint64_t seed)
{
	uint64_t numbers[] = {kind, seed};
	struct choices choices = choices_of((const uint8_t *)numbers, sizeof(numbers));
	const struct subject *subject;
	struct trial trial = {.kind = mutant_name(kind), .seed = seed};
	struct mutant mutant = {0};
	uint64_t how;

	choices.left = 0; /* numbers that follow from them */
	subject = trial.subject = &campaign.subjects[choose(&choices, campaign.subject_count)];
	how = choose(&choices, 256);
	if (!mutant_make(subject, kind, !(how & 12), &choices, &mutant))
		return false;
	trial.mutant = &mutant;
	write_image(&mutant.image);
	use(&trial, kind, how);
	mutant_free(&mutant);
	return true;
}

/* ------------------------------------------------------------------ batches */

/* Numbers go through the kinds first. */
static bool
use_number(uint64_t number)
{
	return use_mutant((unsigned)(number % mutant_kinds), number / mutant_kinds);
}

static void
name_number(uint64_t number, char *out, size_t size)
{
	(void)snprintf(out, size, "%s %" PRIu64, mutant_name((unsigned)(number % mutant_kinds)),
		       number / mutant_kinds);
}

struct work {
	bool (*use)(uint64_t number);
	void (*name)(uint64_t number, char *out, size_t size);
	uint64_t from, end;
};

static pid_t
start(const struct work *work, uint64_t end)
{
	pid_t child = fork();
	struct board *board = campaign.board;

	if (child)
		return child;
	for (; board->next < end; board->next++)
		if (!work->use(board->next))
			exit(2);
	exit(0);
}

/* A child that died has left the number of its mutant. */
static bool
run_batch(const struct work *work, uint64_t end)
{
	pid_t child = start(work, end);
	char name[96];
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	campaign.board->failures++;
	if (campaign.board->next >= end) {
		printf("# a batch that ends before mutant %" PRIu64 " leaks, see above\n", end);
		return true;
	}
	work->name(campaign.board->next++, name, sizeof(name));
	printf("# %s: %s\n", name,
	       WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF ? "takes too long"
	       : WIFSIGNALED(status)                              ? strsignal(WTERMSIG(status))
				     : "a sanitizer's report, see above");
	(void)fflush(stdout);
	return true;
}

static bool
run(const struct work *work)
{
	struct board *board = campaign.board;

	for (board->next = work->from; board->next < work->end;) {
		uint64_t end = board->next + BATCH < work->end ? board->next + BATCH : work->end;

		if (!run_batch(work, end))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ every byte */

/* The file as it is on the way; the child's own after the fork. */
static struct image lone;
static uint64_t step = 1;

enum each { EACH_LENGTH, EACH_01, EACH_80, EACH_FF, EACH_BIT, EACHES };
static const char *const each_names[EACHES] = {"length", "xor-01", "xor-80", "xor-ff", "meta-bit"};

static uint64_t
each_count(enum each each)
{
	return each == EACH_BIT ? 8 * METAS_SIZE : lone.size;
}

/* Which one, and where. */
static enum each
find_each(uint64_t number, uint64_t *at_out)
{
	unsigned each = EACH_LENGTH;

	while (each < EACH_BIT && number >= each_count(each))
		number -= each_count(each++);
	*at_out = number;
	return each;
}

static void
name_each(uint64_t number, char *out, size_t size)
{
	uint64_t at;
	enum each each = find_each(number * step, &at);

	(void)snprintf(out, size, "%s %" PRIu64, each_names[each], at);
}

static void
use_each_once(enum each each, uint64_t at, const struct image *image)
{
	struct trial trial = {
		.kind = each_names[each],
		.seed = at,
		.subject = &campaign.subjects[0],
		.source = (enum source)(at % SOURCES),
	};
	enum outcome outcome = read_once(&trial, image, true, at & 1);

	campaign.board->outcomes[each][trial.has_failed ? FAILED : outcome]++;
	if (campaign.is_told)
		printf("%s %" PRIu64 ": %s: %s\n", trial.kind, at, outcome_names[outcome],
		       trial.finding);
}

/* Change a byte, in the file too, and back again. */
static void
write_at(uint64_t at, uint8_t mask)
{
	int fd = open(campaign.path, O_WRONLY | O_CLOEXEC);

	lone.data[at] ^= mask;
	if (fd < 0 || pwrite(fd, &lone.data[at], 1, (off_t)at) != 1 || close(fd))
		exit(2);
}

static void
use_length(uint64_t length)
{
	struct image cut = lone;

	cut.size = (size_t)length;
	write_image(&cut);
	use_each_once(EACH_LENGTH, length, &cut);
}

static bool
use_each(uint64_t number)
{
	static const uint8_t masks[EACHES] = {0, 0x01, 0x80, 0xff, 0};
	static bool is_written;
	uint64_t at, byte;
	enum each each = find_each(number * step, &at);
	uint8_t mask = masks[each];

	if (each == EACH_LENGTH) {
		use_length(at);
		return true;
	}
	if (!is_written)
		write_image(&lone);
	is_written = true;
	byte = at;
	if (each == EACH_BIT) {
		mask = (uint8_t)(1u << (at % 8));
		byte = at / 8 < METAS_SIZE / 2 ? at / 8 : at / 8 - METAS_SIZE / 2 + lone.page_size;
	}
	write_at(byte, mask);
	use_each_once(each, at, &lone);
	write_at(byte, mask);
	return true;
}

/* ------------------------------------------------------------------ subjects */

static void
remove_folder(void)
{
	for (size_t i = 0; i < LEFT_BEHIND; i++)
		(void)unlink(campaign.left_behind[i]);
	(void)rmdir(campaign.folder);
}

/* A campaign that is broken off leaves nothing either. */
static void
break_off(int number)
{
	remove_folder();
	_exit(128 + number);
}

static void
must(const char *failure)
{
	if (!failure)
		return;
	printf("Bail out! %s\n", failure);
	remove_folder();
	exit(1);
}

static void
add_made(const char *name, struct subject_options options)
{
	struct choices choices = choices_of((const uint8_t *)name, strlen(name));
	struct subject *subject = &campaign.subjects[campaign.subject_count++];

	must(subject_make(subject, campaign.path, &options, &choices));
	if (options.is_loaded && !memmem(subject->states[0].data, subject->states[0].size, "zstd", 4))
		must("nothing is compressed");
	subject->name = name;
}

static void
add_generated(const char *name, uint64_t rows, const char *const *tables)
{
	coffer_generate_options options = {
		.rows = rows, .seed = rows, .tables = tables, .is_forced = true};
	struct subject *subject = &campaign.subjects[campaign.subject_count++];

	if (coffer_generate(campaign.path, &options, NULL))
		must("a gateway cannot be generated");
	must(subject_take(subject, campaign.path));
	subject->name = name;
}

/* What SQL gives of each state. */
static void
ask_states(size_t number)
{
	const struct subject *subject = &campaign.subjects[number];
	struct asking asking;
	coffer_store *store;

	for (size_t i = 0; i < subject->state_count; i++) {
		write_image(&subject->states[i]);
		if (coffer_store_open(campaign.path, &store, NULL))
			must("a subject cannot be opened");
		asking_make(store, &asking);
		if (asking.failures)
			must(asking.failure);
		campaign.answers[number][i] = asking.trace;
	}
}

static void
add_subjects(void)
{
	static const char *const logs[] = {"LiteLLM_SpendLogs", NULL};

	add_made("small", (struct subject_options){.rows = 8, .commits = 2});
	add_made("edited", (struct subject_options){.rows = 120, .commits = 14, .long_size = 3000});
	add_made("long", (struct subject_options){.rows = 12, .commits = 6, .long_size = 20000});
	add_made("lone", (struct subject_options){.rows = 200, .is_lone = true, .long_size = 1400});
	add_made("old", (struct subject_options){.rows = 60, .commits = 5, .is_old = true, .long_size = 1400});
	add_made("frames", (struct subject_options){.rows = 60, .commits = 8, .is_loaded = true});
	add_generated("gateway", 20, NULL);
	add_generated("logs", 150, logs);
	for (size_t i = 0; i < campaign.subject_count; i++)
		ask_states(i);
}

/* ------------------------------------------------------------------ report */

static uint64_t
number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void
report(const char *(*name)(unsigned kind), unsigned kinds)
{
	uint64_t totals[OUTCOMES] = {0}, all = 0;

	for (unsigned kind = 0; kind < kinds; kind++) {
		printf("# %-22s", name(kind));
		for (int i = 0; i < OUTCOMES; i++) {
			totals[i] += campaign.board->outcomes[kind][i];
			all += campaign.board->outcomes[kind][i];
			printf(" %s %" PRIu64, outcome_names[i], campaign.board->outcomes[kind][i]);
		}
		printf("\n");
	}
	printf("%s 1 - %" PRIu64 " mutants:", campaign.board->failures ? "not ok" : "ok", all);
	for (int i = 0; i < OUTCOMES; i++)
		printf(" %" PRIu64 " %s", totals[i], outcome_names[i]);
	printf("\n1..1\n");
}

static const char *
each_name(unsigned each)
{
	return each_names[each];
}

/* ------------------------------------------------------------------ main */

/* In memory where there is such a folder: a mutant is a file. */
static void
make_folder(void)
{
	static const char *const names[LEFT_BEHIND] = {"store", "store-lock", "saved",
						       "saved-lock"};
	const char *folder = getenv("TMPDIR");

	if (!access("/dev/shm", W_OK))
		folder = "/dev/shm";
	(void)snprintf(campaign.folder, sizeof(campaign.folder), "%.40s/mutants.XXXXXX",
		       folder ? folder : "/tmp");
	if (!mkdtemp(campaign.folder))
		must("no folder to work in");
	for (size_t i = 0; i < LEFT_BEHIND; i++)
		(void)snprintf(campaign.left_behind[i], sizeof(campaign.left_behind[i]), "%s/%s",
			       campaign.folder, names[i]);
	(void)signal(SIGINT, break_off);
	(void)signal(SIGTERM, break_off);
	(void)snprintf(campaign.path, sizeof(campaign.path), "%s/store", campaign.folder);
	(void)snprintf(campaign.saved, sizeof(campaign.saved), "%s/saved", campaign.folder);
}

static bool
run_one(const char *kind, const char *seed)
{
	campaign.is_told = true;
	for (unsigned i = 0; i < mutant_kinds; i++)
		if (!strcmp(mutant_name(i), kind))
			return use_mutant(i, strtoull(seed, NULL, 10));
	printf("no kind is called %s\n", kind);
	return false;
}

static bool
run_sample(void)
{
	uint64_t from = number_from("MUTANTS_FROM", 0);
	struct work work = {
		.use = use_number,
		.name = name_number,
		.from = from,
		.end = from + number_from("MUTANTS_COUNT", COUNT_DEFAULT),
	};
	bool is_run = run(&work);

	report(mutant_name, mutant_kinds);
	return is_run;
}

static bool
run_each(void)
{
	struct work work = {.use = use_each, .name = name_each};
	bool is_run;

	add_made("lone", (struct subject_options){
				 .rows = 12, .is_brief = true, .is_lone = true, .long_size = 1400});
	lone = campaign.subjects[0].states[campaign.subjects[0].state_count - 1];
	step = number_from("MUTANTS_STEP", 1);
	for (unsigned each = 0; each < EACHES; each++)
		work.end += each_count(each);
	work.end = (work.end + step - 1) / step;
	work.from = number_from("MUTANTS_FROM", 0);
	is_run = run(&work);
	report(each_name, EACHES);
	return is_run;
}

int
main(int count, char **arguments)
{
	bool is_run;

	campaign.board = mmap(NULL, sizeof(*campaign.board), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (campaign.board == MAP_FAILED)
		return 1;
	make_folder();
	if (count == 2 && !strcmp(arguments[1], "each")) {
		is_run = run_each();
	} else {
		add_subjects();
		is_run = count == 3 ? run_one(arguments[1], arguments[2]) : run_sample();
	}
	for (size_t i = 0; i < campaign.subject_count; i++)
		subject_free(&campaign.subjects[i]);
	remove_folder();
	return is_run && !campaign.board->failures ? 0 : 1;
}
