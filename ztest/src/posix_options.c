/* SPDX-License-Identifier: Apache-2.0 */

/** @file Linux: the command line of a test program. */

#include "posix_platform.h"
#include "ztest_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define STATUS_USAGE 2

/* What a test takes that does not hang, even on a machine that is busy with other work. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TIMEOUT_DEFAULT_S 180
#else
#define TIMEOUT_DEFAULT_S 60
#endif
#define NUMBER_MAX 1000000000UL

struct ztest_posix_options ztest_posix_options = {
	.repeat = 1,
	.timeout_s = TIMEOUT_DEFAULT_S,
};

static const char help_text[] =
	"Options, with one dash or two:\n"
	"  -test=LIST    run only these: suite::test, suite::* or suite, separated by commas\n"
	"  -list         list what would run, one suite::test a line\n"
	"  -repeat=N     run each suite N times\n"
	"  -timeout=S    end a test that takes longer than S seconds; 0: never (default 60; 180\n"
	"                if gcc compiled it with a sanitizer)\n"
	"  -help         this\n"
	"Status: 0 all passed, 1 something failed or nothing ran, 2 wrong options.\n";

/* ---- selecting ------------------------------------------------------------------------------- */

/** One item of a selector. Points into it. */
struct item {
	const char *suite;
	size_t suite_len;
	const char *test; /* NULL: all */
	size_t test_len;
};

static bool equals(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && memcmp(name, text, len) == 0;
}

/** Split the item of @p len bytes at @p text. */
static struct item parse_item(const char *text, size_t len)
{
	struct item item = {.suite = text, .suite_len = len};

	for (size_t i = 0; i + 1 < len; i++) {
		if (text[i] == ':' && text[i + 1] == ':') {
			item.suite_len = i;
			item.test = &text[i + 2];
			item.test_len = len - i - 2;
			if (equals("*", item.test, item.test_len)) {
				item.test = NULL;
			}
			break;
		}
	}
	return item;
}

static bool matches(const struct item *item, const char *suite, const char *test)
{
	return equals(suite, item->suite, item->suite_len) &&
	       (item->test == NULL || equals(test, item->test, item->test_len));
}

/** Take the item at *@p rest and move behind it.   @return false at the end. */
static bool next_item(const char **rest, const char **text, size_t *len)
{
	if (*rest == NULL) {
		return false;
	}
	*text = *rest;
	*len = strcspn(*rest, ",");
	*rest = (*text)[*len] == ',' ? *text + *len + 1 : NULL;
	return true;
}

bool z_ztest_platform_selected(const char *suite, const char *test)
{
	const char *rest = ztest_posix_options.selector;
	const char *text;
	size_t len;

	if (rest == NULL) {
		return true;
	}
	while (next_item(&rest, &text, &len)) {
		struct item item = parse_item(text, len);

		if (matches(&item, suite, test)) {
			return true;
		}
	}
	return false;
}

const char *z_ztest_platform_selector(void)
{
	return ztest_posix_options.selector;
}

uint32_t z_ztest_platform_repeat(void)
{
	return ztest_posix_options.repeat;
}

static bool item_exists(const struct item *item)
{
	STRUCT_SECTION_FOREACH(ztest_unit_test, test) {
		if (matches(item, test->test_suite_name, test->name)) {
			return true;
		}
	}
	return false;
}

/** @return whether every item of the selector names something; says which does not. */
static bool selector_exists(const char *program)
{
	const char *rest = ztest_posix_options.selector;
	const char *text;
	size_t len;

	while (next_item(&rest, &text, &len)) {
		struct item item = parse_item(text, len);

		if (!item_exists(&item)) {
			(void)fprintf(stderr, "%s: no test is called '%.*s'; -list shows all\n",
				      program, (int)len, text);
			return false;
		}
	}
	return true;
}

void ztest_posix_list(void)
{
	const struct ztest_suite_node *suite = NULL;

	while ((suite = z_ztest_next_suite(suite)) != NULL) {
		const struct ztest_unit_test *test = NULL;

		while ((test = z_ztest_next_test(suite->name, test)) != NULL) {
			if (z_ztest_platform_selected(suite->name, test->name)) {
				(void)printf("%s::%s\n", suite->name, test->name);
			}
		}
	}
}

/* ---- parsing --------------------------------------------------------------------------------- */

/** @return what follows `name=` in @p option, or NULL if it is another option. */
static const char *value_of(const char *option, const char *name)
{
	size_t len = strlen(name);

	return strncmp(option, name, len) == 0 && option[len] == '=' ? &option[len + 1] : NULL;
}

/** Read a whole number of at least @p min.   @return false if it is not one. */
static bool parse_number(const char *text, unsigned long min, uint32_t *number)
{
	unsigned long value;
	char *end;

	if (text[0] < '0' || text[0] > '9') {
		return false;
	}
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || value < min || value > NUMBER_MAX) {
		return false;
	}
	*number = (uint32_t)value;
	return true;
}

/** @return whether @p option, without its dashes, is one and its value is right. */
static bool parse_option(const char *option)
{
	const char *value;

	if ((value = value_of(option, "test")) != NULL) {
		ztest_posix_options.selector = value;
		return true;
	}
	if ((value = value_of(option, "repeat")) != NULL) {
		return parse_number(value, 1, &ztest_posix_options.repeat);
	}
	if ((value = value_of(option, "timeout")) != NULL) {
		return parse_number(value, 0, &ztest_posix_options.timeout_s);
	}
	if (strcmp(option, "list") == 0) {
		ztest_posix_options.list = true;
		return true;
	}
	return false;
}

int ztest_posix_parse(int argc, char **argv)
{
	const char *program = argc > 0 ? argv[0] : "test";

	for (int i = 1; i < argc; i++) {
		const char *option = argv[i] + strspn(argv[i], "-");
		ptrdiff_t dashes = option - argv[i];

		if ((dashes == 1 || dashes == 2) &&
		    (strcmp(option, "help") == 0 || strcmp(option, "h") == 0)) {
			(void)printf("Usage: %s [OPTION]...\n%s", program, help_text);
			return 0;
		}
		if (dashes < 1 || dashes > 2 || !parse_option(option)) {
			(void)fprintf(stderr, "%s: wrong option '%s'; -help lists them\n", program,
				      argv[i]);
			return STATUS_USAGE;
		}
	}
	return selector_exists(program) ? -1 : STATUS_USAGE;
}
