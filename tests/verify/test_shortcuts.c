/*
 * What verify finds sound at one look is sound the long way too: elements beside the decoder, the canonical form, text and range;
 * frames beside what libzstd says of their headers and blocks.
 */
#include "verify/usual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include <cmocka.h>

enum {
	ELEMENTS = 400000,
	FRAMES = 60000,
	BYTES_MAX = 320,
	TEXT_MAX = 400,
	MAGIC_SIZE = 4,
	CODES = 1000,
};

static uint64_t random_state = 1;

static uint32_t
draw(uint32_t below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % below;
}

/* ------------------------------------------------------------------ elements */

static struct coffer_form
any_form(void)
{
	static const uint8_t widths[] = {0, 2, 4, 8};
	struct coffer_form form = {.kind = COFFER_BOOL + draw(COFFER_OTHER)};

	if (form.kind == COFFER_INT || form.kind == COFFER_FLOAT)
		form.width = widths[draw(4)];
	form.is_interned = (form.kind == COFFER_TEXT || form.kind == COFFER_JSON) && !draw(4);
	form.packs_ids = form.kind == COFFER_TEXT && !form.is_interned && draw(2);
	form.is_compressed =
		(form.kind == COFFER_TEXT || form.kind == COFFER_JSON) && !form.is_interned && draw(2);
	return form;
}

/* Texts of all lengths that matter, many of them ids or nearly. */
static size_t
any_text(char *out)
{
	static const char uuid[] = "93480630-29db-43ae-b80b-c1be160eb575";
	static const char hard[] = "0123456789abcdefgA-\0\xc3\xa9\xe2\x82\xac\xff";
	size_t size = draw(3) ? draw(48) : draw(TEXT_MAX - 64);

	for (size_t i = 0; i < size; i++)
		out[i] = hard[draw(draw(6) ? 16 : sizeof(hard) - 1)];
	if (!draw(3)) {
		memcpy(out + size, uuid, sizeof(uuid) - 1);
		size += sizeof(uuid) - 1;
	}
	return size;
}

static coffer_value
any_value(coffer_kind kind, char *text)
{
	coffer_value value = {.kind = kind};
	uint64_t bits = ((uint64_t)draw(1u << 31) << 33 ^ draw(1u << 31)) >> draw(64);

	switch (kind) {
	case COFFER_BOOL:
		value.boolean = draw(2);
		break;
	case COFFER_INT:
	case COFFER_TIME:
		value.integer = draw(2) ? (int64_t)bits : (int64_t)~bits;
		break;
	case COFFER_FLOAT:
		memcpy(&value.real, &bits, sizeof(bits));
		break;
	default:
		value.text = (coffer_text){text, any_text(text)};
	}
	return value;
}

/* As a writer would write it, in a column of this kind or of another, with a byte changed or none. */
static size_t
any_element(struct coffer_form form, uint8_t *out)
{
	char text[TEXT_MAX];
	struct coffer_form as = draw(8) ? form : any_form();
	coffer_value value = any_value(as.kind == COFFER_TEXT_ARRAY ? COFFER_OTHER : as.kind, text);
	uint8_t bytes[TEXT_MAX + 16];
	size_t size;

	if (!draw(20))
		value.kind = COFFER_NULL;
	size = coffer_element_write(as, &value, 1 + draw(2 * CODES), bytes);
	if (!draw(3))
		bytes[draw(draw(2) ? 4 : (uint32_t)size)] ^= (uint8_t)(1 << draw(8));
	if (!draw(30))
		bytes[0] = (uint8_t)draw(256);
	if (size > BYTES_MAX)
		size = BYTES_MAX;
	memcpy(out, bytes, size);
	return size;
}

static bool
is_same(const struct coffer_element *left, const struct coffer_element *right)
{
	if (left->form != right->form)
		return false;
	if (left->form == COFFER_ELEMENT_CODE)
		return left->code == right->code;
	if (left->form != COFFER_ELEMENT_VALUE)
		return left->value.text.data == right->value.text.data &&
		       left->value.text.size == right->value.text.size;
	if (left->value.kind == COFFER_FLOAT)
		return left->value.kind == right->value.kind &&
		       !memcmp(&left->value.real, &right->value.real, sizeof(left->value.real));
	return coffer_verify_is_equal(&left->value, &right->value);
}

static void
must_be_sound(const struct coffer_slot *slot, const uint8_t *bytes, size_t size,
	      const struct coffer_element *usual)
{
	struct coffer_element element;
	coffer_column column = {.kind = slot->form.kind, .width = slot->form.width};

	assert_int_equal(coffer_element_decode(slot->form, bytes, size, &element), COFFER_FAULT_NONE);
	assert_true(is_same(usual, &element));
	assert_true(coffer_verify_is_canonical(slot->form, &element, bytes, size));
	if (element.form == COFFER_ELEMENT_VALUE) {
		assert_true(element.value.kind != COFFER_NULL || slot->is_nullable);
		assert_null(coffer_verify_range(&column, &element.value));
	}
	if (element.form == COFFER_ELEMENT_CODE)
		assert_true(element.code <= CODES && element.code % 3);
	assert_int_equal(coffer_element_check_text(slot->form, &element), COFFER_FAULT_NONE);
}

static void
takes_no_element_for_a_sound_one(void **state)
{
	uint64_t codes[CODES / 64 + 1] = {0};
	struct coffer_verifier verifier = {.codes = codes, .code_max = CODES};
	size_t usual = 0;

	(void)state;
	for (uint32_t code = 0; code <= CODES; code++)
		codes[code / 64] |= (uint64_t)(code % 3 != 0) << code % 64;
	for (int i = 0; i < ELEMENTS; i++) {
		struct coffer_slot slot = {.form = any_form(), .is_nullable = draw(2)};
		struct coffer_element element;
		uint8_t bytes[BYTES_MAX];
		size_t size = any_element(slot.form, bytes);

		/* In memory of its own, so that reading behind it shows. */
		uint8_t *alone = malloc(size);

		assert_non_null(alone);
		memcpy(alone, bytes, size);
		size = coffer_element_size(alone, size);
		if (size && coffer_usual_element(&verifier, &slot, (struct coffer_bytes){alone, size},
						 &element)) {
			must_be_sound(&slot, alone, size, &element);
			usual++;
		}
		free(alone);
	}
	assert_true(usual > ELEMENTS / 4);
}

/* ------------------------------------------------------------------ frames */

/* SPEC.md 4.11 as libzstd sees it. */
static bool
is_sound(const uint8_t *frame, size_t size)
{
	uint8_t whole[MAGIC_SIZE + BYTES_MAX + 16] = {0x28, 0xb5, 0x2f, 0xfd};
	static char text[1 << 18];
	unsigned long long text_size;

	memcpy(whole + MAGIC_SIZE, frame, size);
	size += MAGIC_SIZE;
	text_size = ZSTD_getFrameContentSize(whole, size);
	return size > MAGIC_SIZE && !(frame[0] & 1) && (frame[0] & 0x3e) == 0x20 && frame[0] >> 6 != 3 && text_size &&
	       text_size <= 1024 * (size - MAGIC_SIZE) &&
	       ZSTD_findFrameCompressedSize(whole, size) == size &&
	       ZSTD_decompress(text, text_size, whole, size) == text_size &&
	       coffer_utf8_is_valid(text, text_size);
}

static size_t
any_frame(ZSTD_CCtx *context, uint8_t *out)
{
	char text[4 * TEXT_MAX];
	uint8_t whole[BYTES_MAX + MAGIC_SIZE];
	size_t text_size = 1 + draw(draw(2) ? 300 : sizeof(text)), size;

	for (size_t i = 0; i < text_size; i++)
		text[i] = (char)('a' + draw(draw(9) ? 2 : 26));
	if (!draw(4))
		memset(text, 'z', text_size);
	size = ZSTD_compress2(context, whole, sizeof(whole), text, text_size);
	if (ZSTD_isError(size))
		return 0;
	memcpy(out, whole + MAGIC_SIZE, size -= MAGIC_SIZE);
	return size;
}

static size_t
damage(uint8_t *frame, size_t size)
{
	switch (draw(6)) {
	case 0:
		return size - draw((uint32_t)size);
	case 1:
		memcpy(frame + size, "\x28\xb5\x2f\xfd\x20\0\1\0\0", 9); /* another one, empty */
		return size + 9;
	case 2:
		frame[draw((uint32_t)size)] ^= (uint8_t)(1 << draw(8));
		return size;
	case 3:
		frame[draw(size < 6 ? (uint32_t)size : 6)] ^= (uint8_t)(1 << draw(8));
		return size;
	case 4:
		frame[size] = (uint8_t)draw(256);
		return size + 1;
	default:
		return size;
	}
}

/* Twice, since what was sound is remembered. */
static void
must_judge_alike(struct coffer_verifier *verifier, struct coffer_expansion *expansion,
		 const uint8_t *frame, size_t size, size_t *sound)
{
	bool is_one = is_sound(frame, size);
	char *alone = malloc(size + !size);

	assert_non_null(alone);
	memcpy(alone, frame, size);
	for (int i = 0; i < 2; i++)
		assert_int_equal(!coffer_verifier_check_frame(verifier, (coffer_text){alone, size},
							      expansion),
				 is_one);
	assert_false(verifier->is_over);
	*sound += is_one;
	free(alone);
}

static void
judges_frames_as_libzstd(void **state)
{
	static struct coffer_verifier verifier = {
		.features = COFFER_FEATURE_ZSTD,
		.dictionary = COFFER_NO_TREE,
		.secret = {1, 2, 3},
	};
	struct coffer_expansion expansion = {NULL, 0};
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t sound = 0;

	(void)state;
	assert_non_null(context);
	coffer_verify_dictionaries(&verifier);
	for (int i = 0; i < FRAMES; i++) {
		uint8_t frame[BYTES_MAX + 16];
		size_t size = any_frame(context, frame);

		if (!size)
			continue;
		size = damage(frame, size);
		/* Nothing is said of a dictionary where there are none. */
		if (!size || !(frame[0] & 1))
			must_judge_alike(&verifier, &expansion, frame, size, &sound);
	}
	assert_true(sound > FRAMES / 8);
	coffer_verify_frames_release(&verifier);
	ZSTD_freeCCtx(context);
	free(expansion.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_no_element_for_a_sound_one),
		cmocka_unit_test(judges_frames_as_libzstd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
