/*
 * Property: a store that is damaged is refused by verify or read as one of the states that it had, and never harms who reads it,
 * verified or not, nor who recovers it, by its own schema or by one that is given; what is recovered are rows that it had.
 *
 * Input: choices by which a small store is made, edited and damaged. Byte 0: bits 0 to 1 say how often it is damaged
 * (none: it must be accepted), bit 2 that damaged entries get a right checksum again, bit 3 that it is one table, bit 4 that it has
 * no feature, bit 5 that it is asked by SQL as well, bit 6 that it is loaded, with frames.
 */
#include "coffer.h"
#include "fuzz/demand.h"
#include "fuzz/support/asking.h"
#include "fuzz/support/mutant.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char folder[64], path[96], saved[96];

static void
clean_up(void)
{
	(void)unlink(path);
	(void)unlink(saved);
	(void)rmdir(folder);
}

static void
make_folder(void)
{
	if (*folder)
		return;
	(void)snprintf(folder, sizeof(folder), "%s/fuzz-store.XXXXXX",
		       access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	demand(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(saved, sizeof(saved), "%s/saved", folder);
	(void)atexit(clean_up);
}

static void
write_image(const struct image *image)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	demand(fd >= 0 && write(fd, image->data, image->size) == (ssize_t)image->size &&
	       !close(fd));
}

static bool
is_refusal(coffer_status status)
{
	return status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER ||
	       status == COFFER_UNSUPPORTED || status == COFFER_LIMIT;
}

static bool
is_state(const struct subject *subject, uint64_t trace)
{
	bool is_one = false;

	for (size_t i = 0; i < subject->state_count; i++)
		is_one |= subject->traces[i] == trace;
	return is_one;
}

/* True when verify accepts it. */
static bool
use(const struct subject *subject, bool is_damaged, bool is_forged)
{
	struct reading_options options = {.known = &subject->known};
	coffer_verify_summary summary;
	struct reading reading = {0};
	coffer_store *store;
	coffer_status opened = coffer_store_open(path, &store, NULL), verified;

	demand(!opened || (is_damaged && is_refusal(opened)));
	if (!opened)
		reading_make(store, &options, &reading);
	coffer_store_close(store);
	demand(is_forged || !reading.strangers);
	verified = coffer_verify(path, NULL, &summary, NULL);
	demand(!verified || is_refusal(verified));
	demand(is_damaged || (!verified && !summary.findings));
	if (verified || summary.findings)
		return false;
	demand(!opened && !reading.failures);
	demand(is_forged || is_state(subject, reading.trace));
	return true;
}

/* What verify accepts, SQL reads too. */
static void
ask(bool is_accepted)
{
	struct asking asking;
	coffer_store *store;

	if (coffer_store_open(path, &store, NULL))
		return;
	asking_make(store, &asking);
	demand(!is_accepted || !asking.failures);
}

static void
recover(const struct subject *subject, bool is_forged)
{
	struct reading_options options = {.known = &subject->known, .is_renumbered = true};
	coffer_recover_options how = {.is_forced = true, .schema = subject->schema};
	coffer_recover_summary summary;
	struct reading reading;
	coffer_store *store;
	coffer_status status = coffer_store_recover(path, saved, &how, &summary, NULL);

	demand(!status || is_refusal(status) ||
	       (status == COFFER_INVALID && summary.is_schema_given));
	if (status)
		return;
	demand(coffer_store_open(saved, &store, NULL) == COFFER_OK);
	reading_make(store, &options, &reading);
	coffer_store_close(store);
	/* What a transaction wrote and took back may come along where it is said so. */
	demand(!reading.failures && (is_forged || summary.is_mixed || !reading.strangers));
}

/* The first damage may be of any kind, the others are of those that know nothing of stores. True when the content is forged. */
static bool
damage_store(const struct subject *subject, unsigned times, bool may_seal, struct choices *choices)
{
	const struct image *newest = &subject->states[subject->state_count - 1];
	struct mutant mutant = {0};
	size_t sealed = 0;

	if (!times) {
		write_image(newest);
		return false;
	}
	demand(mutant_make(subject, (unsigned)choose(choices, mutant_kinds), false, choices,
			   &mutant));
	while (--times)
		damage(&mutant.image, (unsigned)choose(choices, DAMAGE_KINDS), choices);
	if (may_seal && !mutant.is_older)
		sealed = entries_seal(&subject->entries, newest, &mutant.image);
	write_image(&mutant.image);
	mutant_free(&mutant);
	return sealed > 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct subject_options options = {0};
	struct subject subject;
	struct choices choices;
	unsigned times;
	bool is_forged, is_accepted;

	if (size < 4 || size > 4096)
		return 0;
	make_folder();
	choices = choices_of(data + 4, size - 4);
	times = data[0] & 3;
	options.is_lone = data[0] >> 3 & 1;
	options.is_old = data[0] >> 4 & 1;
	options.is_loaded = data[0] >> 6 & 1;
	options.rows = data[1] % 24 + (options.is_loaded ? 24u : 0u);
	options.commits = data[2] % 4;
	options.long_size = (data[3] % 5) * 1000u;
	demand(!subject_make(&subject, path, &options, &choices));
	is_forged = damage_store(&subject, times, data[0] >> 2 & 1, &choices);
	is_accepted = use(&subject, times != 0, is_forged);
	if (data[0] >> 5 & 1)
		ask(is_accepted);
	recover(&subject, is_forged);
	subject_free(&subject);
	return 0;
}
