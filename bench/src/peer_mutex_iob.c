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

struct mutex_iob *mutex_iob_tryalloc(bool throttled)
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

struct mutex_iob *mutex_iob_free(struct mutex_iob *iob)
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

int mutex_iob_copyin(struct mutex_iob *iob, const uint8_t *src, unsigned int len)
{
	struct mutex_iob *head = iob;
	unsigned int left = len;

	for (;;) {
		unsigned int part = left < sizeof(iob->data) ? left : sizeof(iob->data);

		memcpy(iob->data, src, part);
		iob->len = (uint8_t)part;
		head->pktlen += part;
		src += part;
		left -= part;
		if (left == 0) {
			return (int)len;
		}
		iob->next = mutex_iob_tryalloc(false);
		iob = iob->next;
		if (iob == NULL) {
			return -1;
		}
	}
}

int mutex_iob_copyout(uint8_t *dest, const struct mutex_iob *iob, unsigned int len)
{
	unsigned int left = len;

	for (; iob != NULL && left > 0; iob = iob->next) {
		unsigned int part = left < iob->len ? left : iob->len;

		memcpy(dest, &iob->data[iob->offset], part);
		dest += part;
		left -= part;
	}
	return (int)(len - left);
}

int mutex_iob_clone(const struct mutex_iob *from, struct mutex_iob *to)
{
	to->pktlen = from->pktlen;
	for (;;) {
		/* Both are packed. */
		memcpy(to->data, &from->data[from->offset], from->len);
		to->len = from->len;
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
