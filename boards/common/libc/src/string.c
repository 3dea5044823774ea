/* SPDX-License-Identifier: Apache-2.0 */
/** @file Small, and fast where it is cheap to be: words are copied where both sides are aligned. */
#include <string.h>

#include <stdint.h>

/* The compiler must not find its own memcpy() in these loops, nor types where bytes are copied. */
typedef uint32_t __attribute__((may_alias)) word_t;

static int both_aligned(const void *a, const void *b)
{
	return (((uintptr_t)a | (uintptr_t)b) % sizeof(word_t)) == 0;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	unsigned char *to = dst;
	const unsigned char *from = src;

	if (both_aligned(to, from)) {
		for (; n >= sizeof(word_t); n -= sizeof(word_t)) {
			*(word_t *)(void *)to = *(const word_t *)(const void *)from;
			to += sizeof(word_t);
			from += sizeof(word_t);
		}
	}
	while (n-- > 0) {
		*to++ = *from++;
	}
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	unsigned char *to = dst;
	const unsigned char *from = src;

	if ((uintptr_t)dst - (uintptr_t)src >= n) {
		return memcpy(dst, src, n);
	}
	while (n-- > 0) {
		to[n] = from[n];
	}
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	unsigned char *to = dst;

	if (both_aligned(to, NULL)) {
		word_t word = (unsigned char)c * 0x01010101U;

		for (; n >= sizeof(word_t); n -= sizeof(word_t)) {
			*(word_t *)(void *)to = word;
			to += sizeof(word_t);
		}
	}
	while (n-- > 0) {
		*to++ = (unsigned char)c;
	}
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a;
	const unsigned char *y = b;

	for (; n > 0; n--, x++, y++) {
		if (*x != *y) {
			return *x - *y;
		}
	}
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *at = s;

	for (; n > 0; n--, at++) {
		if (*at == (unsigned char)c) {
			return (void *)(uintptr_t)at;
		}
	}
	return NULL;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end != '\0') {
		end++;
	}
	return (size_t)(end - s);
}

size_t strnlen(const char *s, size_t n)
{
	const char *end = memchr(s, '\0', n);

	return end != NULL ? (size_t)(end - s) : n;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n > 0; n--, a++, b++) {
		if (*a != *b) {
			return (unsigned char)*a - (unsigned char)*b;
		}
		if (*a == '\0') {
			break;
		}
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++) {
		if (*s == '\0') {
			return NULL;
		}
	}
	return (char *)(uintptr_t)s;
}

char *strstr(const char *s, const char *wanted)
{
	size_t len = strlen(wanted);

	for (; strncmp(s, wanted, len) != 0; s++) {
		if (*s == '\0') {
			return NULL;
		}
	}
	return (char *)(uintptr_t)s;
}

size_t strspn(const char *s, const char *accepted)
{
	size_t len = 0;

	while (s[len] != '\0' && strchr(accepted, s[len]) != NULL) {
		len++;
	}
	return len;
}

size_t strcspn(const char *s, const char *rejected)
{
	size_t len = 0;

	while (s[len] != '\0' && strchr(rejected, s[len]) == NULL) {
		len++;
	}
	return len;
}
