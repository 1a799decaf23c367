# coffer: settings, lists, rules, targets. `make help` says what there is to make.
#
#	make BUILD=/tmp/elsewhere CC=clang		another compiler, its own folder
#	make SANITIZE=address,undefined			with sanitizers
#	make install DESTDIR=/tmp/root PREFIX=/usr

# ---------------------------------------------------------------------------- settings

VERSION := $(shell sed -n 's/^.define COFFER_VERSION "\(.*\)"/\1/p' src/coffer.h)
BUILD ?= build
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
OPTIMIZE ?= -O2
SANITIZE ?=
PKG_CONFIG ?= pkg-config

LIBRARY_PACKAGES := lmdb msgpack libxxhash libsodium libzstd
POSTGRES_PACKAGES := libpq
SQL_PACKAGES := sqlite3
EDIT_PACKAGES := libedit

# One a line, so that a change of one is one line of a diff.
WARNINGS := \
	-Wall \
	-Wextra \
	-Wshadow \
	-Wconversion \
	-Wsign-conversion \
	-Wstrict-prototypes \
	-Wmissing-prototypes \
	-Wwrite-strings \
	-Wundef \
	-Wcast-qual \
	-Wvla \
	-Wformat=2 \
	-Werror

CFLAGS ?= $(OPTIMIZE) -g
# Two pointers that arrive in registers and are stored together: gcc 12 sends them by way of the stack to store them as
# one vector, and the load waits for both stores. At -O2 that costs an import a fifth of its time.
PLAIN_STORES := -fno-tree-slp-vectorize
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIBRARY_PACKAGES) $(POSTGRES_PACKAGES) $(SQL_PACKAGES) \
	$(EDIT_PACKAGES))
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -I. -Isrc $(PACKAGE_CFLAGS) -fPIC -fvisibility=hidden -MMD -MP \
	$(WARNINGS) $(CFLAGS) $(PLAIN_STORES) $(INSTRUMENT) $(CPPFLAGS)
LINK = $(CC) $(CFLAGS) $(INSTRUMENT) $(LDFLAGS) -Wl,--as-needed
# Instrumented code makes gcc warn of conversions that are none; the plain build has warned already.
INSTRUMENT = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -Wno-error -Wno-conversion -Wno-maybe-uninitialized)
LIBRARY_LIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARY_PACKAGES))
POSTGRES_LIBS = $(shell $(PKG_CONFIG) --libs $(POSTGRES_PACKAGES))
SQL_LIBS = $(shell $(PKG_CONFIG) --libs $(SQL_PACKAGES)) -lm
EDIT_LIBS = $(shell $(PKG_CONFIG) --libs $(EDIT_PACKAGES))
STATIC_LIBS = $(shell $(PKG_CONFIG) --libs --static $(LIBRARY_PACKAGES) $(SQL_PACKAGES)) -lm

comma := ,

# ---------------------------------------------------------------------------- lists

LAYERS := base schema value pages disk store generate recover verify
HEADERS := $(wildcard format/*.h src/*.h src/*/*.h tools/*.h)
LIBRARY_SOURCES := $(wildcard format/*.c $(LAYERS:%=src/%/*.c))
TRANSFER_SOURCES := $(wildcard src/transfer/*.c)
POSTGRES_SOURCES := $(wildcard src/postgres/*.c)
SQL_SOURCES := $(wildcard src/sql/*.c)
REPORT_TEXTS := $(sort $(wildcard src/sql/reports/*.sql))
VIEW_TEXTS := $(sort $(wildcard src/sql/views/*.sql))
TRUST_SOURCES := $(wildcard src/trust/*.c)
EXTENSION_SOURCES := $(wildcard src/extension/*.c)
# What a binary has, Postgres and libedit, is chosen by which files are linked.
SOME_SOURCES := tools/postgres_some.c tools/line_edit.c
NONE_SOURCES := tools/postgres_none.c tools/line_plain.c tools/loading_none.c
TOOL_SOURCES := $(filter-out $(SOME_SOURCES) $(NONE_SOURCES),$(wildcard tools/*.c))
TEST_SOURCES := $(wildcard tests/*/test_*.c)
# Programs that TAP scripts run.
PRINT_SOURCES := $(wildcard tests/*/print_*.c)
FUZZ_SOURCES := $(filter-out fuzz/driver.c,$(wildcard fuzz/*.c))
MAN_SOURCES := $(wildcard tools/man/*.scd)
FUZZ_SUPPORT_SOURCES := $(wildcard fuzz/support/*.c tests/support/twin*.c) tools/answer_cell.c tools/statement_end.c
SOURCES := $(LIBRARY_SOURCES) $(TRANSFER_SOURCES) $(POSTGRES_SOURCES) $(TRUST_SOURCES) $(EXTENSION_SOURCES) $(wildcard tools/*.c) \
	$(TEST_SOURCES) $(PRINT_SOURCES) $(wildcard tests/mutants/*.c fuzz/*.c) $(wildcard tests/support/*.c tests/bench/*.c) \
	$(wildcard fuzz/support/*.c)

LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/generated/builtin_prisma.o \
	$(BUILD)/generated/today_prisma.o
TRANSFER_OBJECTS := $(TRANSFER_SOURCES:%.c=$(BUILD)/%.o)
POSTGRES_OBJECTS := $(POSTGRES_SOURCES:%.c=$(BUILD)/%.o)
SQL_OBJECTS := $(SQL_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/generated/sql_texts.o
TRUST_OBJECTS := $(TRUST_SOURCES:%.c=$(BUILD)/%.o)
# On the SQLite of whoever loads it.
EXTENSION_OBJECTS := $(patsubst %.c,$(BUILD)/extension/%.o,$(SQL_SOURCES) $(EXTENSION_SOURCES)) \
	$(BUILD)/generated/sql_texts.o
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(BUILD)/%.o)
SUPPORT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)
PRINTERS := $(PRINT_SOURCES:%.c=$(BUILD)/%)
SCRIPTS := $(sort $(wildcard tests/*/*.t))
MUTANTS := $(BUILD)/tests/mutants/mutants
FUZZERS := $(FUZZ_SOURCES:%.c=$(BUILD)/%)
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))
BENCH_SUPPORT := $(patsubst %,$(BUILD)/tests/bench/%.o,measure must twin floor)
MANS := $(MAN_SOURCES:tools/man/%.scd=$(BUILD)/man/%)

ARCHIVES := $(BUILD)/libcoffer-sql.a $(BUILD)/libcoffer-postgres.a $(BUILD)/libcoffer-transfer.a $(BUILD)/libcoffer-trust.a \
	$(BUILD)/libcoffer.a
FUZZ_SUPPORT := $(BUILD)/fuzz/support.a
SHARED := $(BUILD)/libcoffer.so.0
COMMAND := $(BUILD)/coffer
STATIC := $(BUILD)/coffer-static
EXTENSION := $(BUILD)/coffer_sqlite.so

# ---------------------------------------------------------------------------- targets

.PHONY: FORCE all demo check check-once check-asan check-mutants check-postgres tests bench fuzz fuzzers static \
	tidy format install clean help
.DELETE_ON_ERROR:
.SUFFIXES:

all: $(ARCHIVES) $(SHARED) $(EXTENSION) $(COMMAND) $(BUILD)/coffer.pc $(MANS) ## libraries, SQLite extension, command, man pages

demo: all ## a generated gateway, looked at, verified and taken through Postgres
	@COFFER=$(abspath $(COMMAND)) sh tools/demo.sh

# Both passes run, so that a failure of the first does not hide the second's.
check: ## every test, plainly and then under the sanitizers
	@plain=passed; sanitized=passed; \
	$(MAKE) --no-print-directory check-once || plain=FAILED; \
	$(MAKE) --no-print-directory check-asan || sanitized=FAILED; \
	echo "check: plain $$plain, under the sanitizers $$sanitized"; \
	[ "$$plain$$sanitized" = passedpassed ]

check-once: all tests fuzzers $(if $(SANITIZE),,static) ## every test, in this build
	@COFFER=$(abspath $(COMMAND)) BUILD=$(abspath $(BUILD)) CC="$(CC)" SANITIZE=$(SANITIZE) \
		sh tests/run.sh $(JOBS) $(TESTS) $(SCRIPTS)

check-asan: ## every test, under the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined OPTIMIZE=-O1 check-once

check-mutants: ## 50,000 damaged stores, and each byte of a small one, under the sanitizers
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined OPTIMIZE=-O1 \
		$(BUILD)/asan/tests/mutants/mutants
	@ASAN_OPTIONS=allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
		MUTANTS=$(abspath $(BUILD)/asan/tests/mutants/mutants) sh tests/mutants/campaign.sh

check-postgres: all tests ## the tests of a server, with Postgres 12 to 18 as npm has them
	@COFFER=$(abspath $(COMMAND)) BUILD=$(abspath $(BUILD)) CC="$(CC)" JOBS=$(JOBS) \
		sh tests/postgres/versions.sh

bench: ## measure ROWS= (1000000) spend logs against SQLite, raw LMDB, Postgres and DuckDB; PARTS= of it
	@$(MAKE) --no-print-directory all $(BENCHES)
	@COFFER=$(abspath $(COMMAND)) BUILD=$(abspath $(BUILD)) sh tests/bench/run.sh

fuzz: ## look for inputs that break TARGET= for SECONDS= (60), with clang's libFuzzer
	@SECONDS_MAX=$(or $(SECONDS),60) BUILD=$(BUILD)/fuzzing sh fuzz/run.sh $(TARGET)

static: $(STATIC) ## one static binary without Postgres: build/coffer-static

tidy: ## layers, banned calls, exported names, links to SPEC.md, clang-tidy, cppcheck
	@$(MAKE) --no-print-directory $(SHARED)
	@SHARED=$(SHARED) JOBS=$(JOBS) sh tests/tidy.sh

format: ## lay out the code with clang-format
	clang-format -i $(SOURCES) $(HEADERS)

install: all ## to DESTDIR and PREFIX
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(LIBDIR)/coffer \
		$(DESTDIR)$(INCLUDEDIR)
	install -d $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(COMPLETIONDIR)
	install -m 755 $(COMMAND) $(DESTDIR)$(BINDIR)/coffer
	install -m 644 $(BUILD)/libcoffer.a $(SHARED) $(DESTDIR)$(LIBDIR)
	ln -sf libcoffer.so.0 $(DESTDIR)$(LIBDIR)/libcoffer.so
	install -m 644 $(EXTENSION) $(DESTDIR)$(LIBDIR)/coffer
	install -m 644 src/coffer.h $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(BUILD)/coffer.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	$(if $(MANS),install -m 644 $(MANS) $(DESTDIR)$(MANDIR)/man1)
	install -m 644 tools/completion.bash $(DESTDIR)$(COMPLETIONDIR)/coffer
	$(if $(DESTDIR),,-ldconfig)

clean: ## remove the build folder
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

tests: $(TESTS) $(PRINTERS) $(MUTANTS)
fuzzers: $(FUZZERS)

# ---------------------------------------------------------------------------- rules

# `make V=1` shows the commands, else one short line each.
ifeq ($(V),)
.SILENT:
SAY = @echo
else
SAY = @:
endif

# Compiled anew when the compiler or its flags change.
FLAGS := $(BUILD)/flags
$(shell mkdir -p $(BUILD); echo '$(COMPILE)' | cmp -s - $(FLAGS) || echo '$(COMPILE)' >$(FLAGS))

$(BUILD)/%.o: %.c $(FLAGS)
	mkdir -p $(@D)
	$(SAY) "compile $<"
	$(COMPILE) -c -o $@ $<

$(BUILD)/generated/builtin_prisma.c: format/litellm.prisma tools/embed.sh
	mkdir -p $(@D)
	sh tools/embed.sh coffer_builtin_prisma $< >$@

$(BUILD)/generated/today_prisma.c: src/generate/today.prisma tools/embed.sh
	mkdir -p $(@D)
	sh tools/embed.sh coffer_today_prisma $< >$@

$(BUILD)/generated/sql_texts.c: $(REPORT_TEXTS) $(VIEW_TEXTS) tools/embed_sql.sh
	mkdir -p $(@D)
	sh tools/embed_sql.sh coffer_report_texts $(REPORT_TEXTS) >$@
	sh tools/embed_sql.sh coffer_view_texts $(VIEW_TEXTS) >>$@

$(BUILD)/generated/%.o: $(BUILD)/generated/%.c $(FLAGS)
	$(SAY) "compile $<"
	$(COMPILE) -c -o $@ $<

$(BUILD)/libcoffer.a: $(LIBRARY_OBJECTS)
$(BUILD)/libcoffer-transfer.a: $(TRANSFER_OBJECTS)
$(BUILD)/libcoffer-postgres.a: $(POSTGRES_OBJECTS)
$(BUILD)/libcoffer-sql.a: $(SQL_OBJECTS)
$(BUILD)/libcoffer-trust.a: $(TRUST_OBJECTS)
$(FUZZ_SUPPORT): $(FUZZ_SUPPORT_SOURCES:%.c=$(BUILD)/%.o)
$(ARCHIVES) $(FUZZ_SUPPORT):
	$(SAY) "archive $@"
	rm -f $@
	$(AR) rcs $@ $^

$(SHARED): $(LIBRARY_OBJECTS)
	$(SAY) "link    $@"
	$(LINK) -shared -Wl,-soname,libcoffer.so.0 $(if $(SANITIZE),,-Wl,--no-undefined) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/extension/%.o: %.c $(FLAGS)
	mkdir -p $(@D)
	$(SAY) "compile $< for the extension"
	$(COMPILE) -DCOFFER_SQL_EXTENSION -c -o $@ $<

# It stays when its last connection closes: liblmdb and libsodium keep what belongs to a thread.
$(EXTENSION): $(EXTENSION_OBJECTS) $(BUILD)/libcoffer-transfer.a $(BUILD)/libcoffer-trust.a $(BUILD)/libcoffer.a \
		src/extension/extension.map
	$(SAY) "link    $@"
	$(LINK) -shared -Wl,--version-script=src/extension/extension.map -Wl,-z,nodelete \
		$(if $(SANITIZE),,-Wl,--no-undefined) -o $@ $(filter-out %.map,$^) $(LIBRARY_LIBS) -lm

$(COMMAND): $(TOOL_OBJECTS) $(SOME_SOURCES:%.c=$(BUILD)/%.o) $(ARCHIVES)
	$(SAY) "link    $@"
	$(LINK) -o $@ $^ $(LIBRARY_LIBS) $(POSTGRES_LIBS) $(SQL_LIBS) $(EDIT_LIBS)

$(STATIC): $(TOOL_OBJECTS) $(NONE_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/libcoffer-sql.a \
		$(BUILD)/libcoffer-transfer.a $(BUILD)/libcoffer-trust.a $(BUILD)/libcoffer.a
	$(SAY) "link    $@"
	$(LINK) -static -Wl,--wrap=dlopen -o $@ $^ $(STATIC_LIBS)

# Calls that tests/fault lets fail.
FAULT_WRAPS := malloc calloc realloc strdup pread read write fstat fsync fallocate rename renameat2 linkat mdb_env_create \
	mdb_env_open mdb_env_info mdb_env_stat mdb_env_set_mapsize mdb_env_sync mdb_txn_begin mdb_txn_commit \
	mdb_dbi_open mdb_get mdb_put mdb_del mdb_cursor_open mdb_cursor_get mdb_cursor_put
$(BUILD)/tests/fault/%: TEST_LDFLAGS = $(FAULT_WRAPS:%=-Wl,--wrap=%)
$(BUILD)/tests/value/test_memory: TEST_LDFLAGS = -Wl,--wrap=realloc
$(BUILD)/tests/sql/test_memo: TEST_LDFLAGS = -Wl,--wrap=calloc
$(BUILD)/tests/sql/test_memory $(BUILD)/tests/transfer/test_allocations: TEST_LDFLAGS = $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc strdup)

$(TESTS): $(BUILD)/%: $(BUILD)/%.o $(SUPPORT_OBJECTS) $(FUZZ_SUPPORT) $(ARCHIVES)
	$(SAY) "link    $@"
	$(LINK) -o $@ $^ $(TEST_LDFLAGS) -lcmocka $(LIBRARY_LIBS) $(POSTGRES_LIBS) $(SQL_LIBS)

# What is asked of the allocator is counted.
$(MUTANTS): TEST_LDFLAGS = $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc free mmap)
$(MUTANTS): $(patsubst %,$(BUILD)/tests/mutants/%.o,mutants memory) $(FUZZ_SUPPORT) $(ARCHIVES)
	$(SAY) "link    $@"
	$(LINK) -o $@ $^ $(TEST_LDFLAGS) $(LIBRARY_LIBS) $(SQL_LIBS)

$(PRINTERS): $(BUILD)/%: $(BUILD)/%.o $(ARCHIVES)
	$(SAY) "link    $@"
	$(LINK) -o $@ $^ $(LIBRARY_LIBS) $(SQL_LIBS)

$(FUZZERS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/fuzz/driver.o $(FUZZ_SUPPORT) $(ARCHIVES)
	$(SAY) "link    $@"
	$(LINK) -o $@ $^ $(LIBRARY_LIBS) $(POSTGRES_LIBS) $(SQL_LIBS)

$(BENCHES): $(BUILD)/%: $(BUILD)/%.o $(BENCH_SUPPORT) $(ARCHIVES)
	$(SAY) "link    $@"
	$(LINK) -o $@ $^ $(LIBRARY_LIBS) $(POSTGRES_LIBS) $(SQL_LIBS)

$(BUILD)/man/%: tools/man/%.scd
	mkdir -p $(@D)
	scdoc <$< >$@

# Made anew always: PREFIX may be another.
$(BUILD)/coffer.pc: tools/coffer.pc.in FORCE
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' -e 's|@PACKAGES@|$(LIBRARY_PACKAGES)|' $< >$@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
