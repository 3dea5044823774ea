/* SPDX-License-Identifier: Apache-2.0 */
/** @file I/O buffers with a mutex taken for each. */
#include <pthread.h>
#include <string.h>

#include "peer_mutex_iob.h"

#define BUFFERS  64
#define ENTRIES  16
#define THROTTLE 8

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct mutex_iob buffers[BUFFERS];
static struct mutex_iob *free_list;
static struct mutex_iob *committed; /* for who waits; nobody does here */
static int count;                   /* free ones, or minus those who wait */
static int throttle_wait;
static struct mutex_entry entries[ENTRIES];
static struct mutex_entry *free_entries;
static int entry_wait;

void mutex_iob_start(void)
{
	for (int i = 0; i < BUFFERS; i++) {
		buffers[i].next = free_list;
		free_list = &buffers[i];
	}
	count = BUFFERS;
	for (int i = 0; i < ENTRIES; i++) {
		entries[i].next = free_entries;
		free_entries = &entries[i];
	}
}

/* Each of these two is a file of its own in NuttX: they are called. */
#define CALLED __attribute__((noinline))

CALLED struct mutex_iob *mutex_iob_tryalloc(bool throttled)
{
	struct mutex_iob *iob = NULL;

	(void)pthread_mutex_lock(&mutex);
	if (count - (throttled ? THROTTLE : 0) > 0) {
		iob = free_list;
		free_list = iob->next;
		count--;
		iob->next = NULL;
		iob->len = 0;
		iob->offset = 0;
		iob->pktlen = 0;
	}
	(void)pthread_mutex_unlock(&mutex);
	return iob;
}

CALLED struct mutex_iob *mutex_iob_free(struct mutex_iob *iob)
{
	struct mutex_iob *next = iob->next;

	if (next != NULL) {
		next->pktlen = iob->pktlen > iob->len ? iob->pktlen - iob->len : 0;
	}
	(void)pthread_mutex_lock(&mutex);
	if (count < 0) {
		count++;
		iob->next = committed;
		committed = iob;
	} else if (throttle_wait > 0 && count >= THROTTLE) {
		throttle_wait--;
		iob->next = committed;
		committed = iob;
	} else {
		count++;
		iob->next = free_list;
		free_list = iob;
	}
	(void)pthread_mutex_unlock(&mutex);
	return next;
}

void mutex_iob_free_chain(struct mutex_iob *iob)
{
	while (iob != NULL) {
		iob = mutex_iob_free(iob);
	}
}

int mutex_iob_copyin(struct mutex_iob *iob, const uint8_t *src, unsigned int len, int offset)
{
	struct mutex_iob *head = iob;
	unsigned int left = len;

	if (offset > (int)iob->pktlen || offset < -(int)iob->offset) {
		return -1;
	}
	while (offset > iob->len) {
		offset -= iob->len;
		iob = iob->next;
	}
	while (left > 0) {
		uint8_t *dest = &iob->data[iob->offset + offset];
		unsigned int part = (unsigned int)(iob->len - offset);

		if (left <= part) {
			part = left;
		} else if (iob->next == NULL) {
			/* The last one may get longer. */
			unsigned int room = sizeof(iob->data) - iob->offset;
			unsigned int end = left + (unsigned int)offset;

			end = end < room ? end : room;
			head->pktlen += end - iob->len;
			iob->len = (uint8_t)end;
			part = end - (unsigned int)offset;
		}
		memcpy(dest, src, part);
		src += part;
		left -= part;
		if (left > 0 && iob->next == NULL) {
			iob->next = mutex_iob_tryalloc(false);
			if (iob->next == NULL) {
				return -1;
			}
		}
		iob = iob->next;
		offset = 0;
	}
	return (int)len;
}

int mutex_iob_copyout(uint8_t *dest, const struct mutex_iob *iob, unsigned int len, int offset)
{
	unsigned int left = len;

	if (offset < -(int)iob->offset) {
		return -1;
	}
	while (offset >= iob->len) {
		offset -= iob->len;
		iob = iob->next;
		if (iob == NULL) {
			return 0;
		}
	}
	for (; iob != NULL && left > 0; iob = iob->next) {
		unsigned int part = (unsigned int)(iob->len - offset);

		part = left < part ? left : part;
		memcpy(dest, &iob->data[iob->offset + offset], part);
		dest += part;
		left -= part;
		offset = 0;
	}
	return (int)(len - left);
}

int mutex_iob_clone(const struct mutex_iob *from, struct mutex_iob *to)
{
	to->pktlen = from->pktlen;
	for (;;) {
		size_t part = from->len;

		/* A length that the compiler knows nothing of, as NuttX has it: a call of memcpy(). */
		__asm__("" : "+r"(part));
		/* Both are packed. */
		memcpy(to->data, &from->data[from->offset], part);
		to->len = (uint8_t)part;
		from = from->next;
		if (from == NULL) {
			return 0;
		}
		to->next = mutex_iob_tryalloc(false);
		to = to->next;
		if (to == NULL) {
			return -1;
		}
	}
}

int mutex_iob_add(struct mutex_iob *iob, struct mutex_queue *q)
{
	struct mutex_entry *entry;

	(void)pthread_mutex_lock(&mutex);
	entry = free_entries;
	if (entry != NULL) {
		free_entries = entry->next;
	}
	(void)pthread_mutex_unlock(&mutex);
	if (entry == NULL) {
		return -1;
	}
	entry->next = NULL;
	entry->head = iob;
	if (q->head == NULL) {
		q->head = entry;
	} else {
		q->tail->next = entry;
	}
	q->tail = entry;
	return 0;
}

struct mutex_iob *mutex_iob_remove(struct mutex_queue *q)
{
	struct mutex_entry *entry = q->head;
	struct mutex_iob *iob;

	if (entry == NULL) {
		return NULL;
	}
	q->head = entry->next;
	iob = entry->head;
	(void)pthread_mutex_lock(&mutex);
	if (entry_wait > 0) {
		entry_wait--;
	}
	entry->next = free_entries;
	free_entries = entry;
	(void)pthread_mutex_unlock(&mutex);
	return iob;
}
