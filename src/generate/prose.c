/*
 * What people and models write: sentences whose words come from a list, the first ones oftener, with rarer words
 * made of syllables, numbers, names of files, lines of code, lists and breaks between. It says nothing, and packs
 * about as real text does (zstd takes it to 40 parts of 100, a piece of 20 KB alone), for words vary as they do there.
 *
 * 64 random bits make up to four words: a million rows with prompts are tens of gigabytes.
 */
#include "generate/era.h"

#include <string.h>

static const char *const words[] = {
	"the",       "of",       "and",       "to",          "a",          "in",        "is",
	"that",      "for",      "it",        "with",        "as",         "on",        "be",
	"this",      "by",       "are",       "or",          "from",       "at",        "not",
	"have",      "an",       "which",     "we",          "you",        "but",       "can",
	"if",        "has",      "all",       "will",        "they",       "one",       "their",
	"there",     "what",     "so",        "when",        "more",       "your",      "would",
	"should",    "about",    "please",    "then",        "no",         "into",      "than",
	"only",      "other",    "time",      "these",       "may",        "its",       "use",
	"any",       "how",      "some",      "each",        "them",       "two",       "also",
	"new",       "like",     "error",     "user",        "model",      "data",      "file",
	"list",      "value",    "first",     "after",       "before",     "between",   "because",
	"where",     "does",     "must",      "request",     "answer",     "question",  "table",
	"column",    "row",      "key",       "team",        "budget",     "report",    "month",
	"week",      "order",    "customer",  "invoice",     "ticket",     "price",     "account",
	"change",    "check",    "write",     "read",        "make",       "find",      "show",
	"return",    "function", "class",     "method",      "test",       "result",    "number",
	"text",      "line",     "page",      "case",        "point",      "part",      "name",
	"place",     "work",     "way",       "state",       "system",     "service",   "server",
	"client",    "network",  "memory",    "cache",       "query",      "index",     "schema",
	"version",   "update",   "default",   "option",      "setting",    "parameter", "context",
	"message",   "response", "token",     "prompt",      "summary",    "document",  "section",
	"paragraph", "sentence", "language",  "translation", "German",     "French",    "English",
	"Japanese",  "over",     "under",     "again",       "still",      "never",     "always",
	"often",     "however",  "therefore", "although",    "while",      "since",     "until",
	"without",   "within",   "through",   "during",      "against",    "across",    "below",
	"above",     "both",     "either",    "neither",     "same",       "different", "similar",
	"several",   "many",     "few",       "most",        "least",      "better",    "best",
	"large",     "small",    "long",      "short",       "high",       "low",       "early",
	"late",      "possible", "necessary", "important",   "available",  "current",   "previous",
	"next",      "last",     "second",    "third",       "open",       "closed",    "empty",
	"full",      "missing",  "wrong",     "right",       "correct",    "valid",     "invalid",
	"explain",   "compare",  "describe",  "suggest",     "review",     "rewrite",   "improve",
	"fix",       "add",      "remove",    "replace",     "keep",       "call",      "send",
	"receive",   "store",    "load",      "start",       "stop",       "wait",      "fail",
	"succeed",   "expect",   "need",      "want",        "know",       "think",     "believe",
	"remember",  "don't",    "isn't",     "it's",        "Müller",     "São",       "naïve",
	"größer",    "café",     "東京",      "данные",      "€",          "→",         "…",
	"JSON",      "SQL",      "HTTP",      "Python",      "Kubernetes", "Postgres",
};

static const char *const syllables[64] = {
	"ab",  "ac", "al",  "an", "ar", "as",  "ba", "be",  "bra", "ca",  "co",  "cre", "da",
	"de",  "di", "dor", "el", "en", "er",  "es", "fa",  "fer", "fi",  "fo",  "ga",  "ge",
	"gra", "ha", "hel", "il", "in", "is",  "ja", "ka",  "la",  "le",  "li",  "lo",  "ma",
	"men", "mi", "mo",  "na", "ne", "no",  "on", "or",  "pa",  "per", "pro", "qui", "ra",
	"re",  "ri", "ro",  "sa", "se", "sta", "ta", "ter", "ti",  "tra", "va",  "ver",
};

enum { WORD_BITS = 16, WORDS = sizeof words / sizeof *words };

/* What a text has beside words, in about one of nine places. */
static void
write_other(struct coffer_pen *pen, struct coffer_random *random, uint32_t bits)
{
	switch (bits >> 4 & 7) {
	case 0:
		coffer_pen_decimal(pen, coffer_random_skewed(random, 2, 1000000));
		break;
	case 1:
		coffer_pen_fixed(pen, coffer_random_skewed(random, 100, 10000000), 2);
		break;
	case 2:
		coffer_pen_text(pen, "\\n\\n- ");
		break;
	case 3:
		coffer_pen_text(pen, "`src/");
		coffer_pen_letters(pen, random, 7);
		coffer_pen_text(pen, ".py`");
		break;
	case 4:
		coffer_pen_text(pen, "\\\"");
		coffer_pen_letters(pen, random, 5);
		coffer_pen_text(pen, "\\\"");
		break;
	case 5:
		coffer_pen_text(pen, "\\n\\n```python\\n    return self.");
		coffer_pen_letters(pen, random, 6);
		coffer_pen_text(pen, "(value)\\n```\\n\\n");
		break;
	case 6:
		coffer_pen_random_hex(pen, random, 8);
		break;
	default:
		coffer_pen_text(pen, "2026-11-");
		coffer_pen_decimal(pen, 10 + bits % 20);
	}
}

/* A word that the list does not have: two to four syllables. */
static void
write_rare(struct coffer_pen *pen, struct coffer_random *random)
{
	uint32_t bits = (uint32_t)(coffer_random_bits(random) >> 32), left = 2 + (bits >> 30);

	for (; left > 1; left--, bits >>= 6)
		coffer_pen_text(pen, syllables[bits & 63]);
	coffer_pen_text(pen, syllables[bits & 63]);
}

static void
write_word(struct coffer_pen *pen, struct coffer_random *random, uint32_t bits)
{
	uint32_t first = bits & 255, second = bits >> 8 & 255;

	if ((first ^ second) < 24)
		write_other(pen, random, bits);
	else if ((first ^ second) < 80)
		write_rare(pen, random);
	else
		coffer_pen_text(pen, words[first * second * WORDS >> 16]);
}

void
coffer_prose_write(struct coffer_pen *pen, struct coffer_random *random, uint32_t size)
{
	const char *end = pen->at + size;
	uint64_t bits = 0;
	unsigned left = 0;

	while (pen->at < end) {
		if (!left) {
			bits = coffer_random_bits(random);
			left = 64 / WORD_BITS;
		}
		write_word(pen, random, (uint32_t)bits & UINT16_MAX);
		if ((bits & 15) == 3)
			coffer_pen_bytes(pen, bits & 64 ? ". " : ", ", 2);
		else
			coffer_pen_bytes(pen, " ", 1);
		bits >>= WORD_BITS;
		left--;
	}
}
