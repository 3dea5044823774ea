/* SPDX-License-Identifier: Apache-2.0 */
/** @file The few functions of <string.h> that the library and its tests use, for our boards. */
#ifndef BOARDS_STRING_H_
#define BOARDS_STRING_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
size_t strspn(const char *s, const char *accepted);
size_t strcspn(const char *s, const char *rejected);
char *strstr(const char *s, const char *wanted);

#ifdef __cplusplus
}
#endif

#endif /* BOARDS_STRING_H_ */
