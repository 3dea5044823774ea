/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <zephyr/irq_offload.h>

#include "producers.h"
#include "record.h"

static K_THREAD_STACK_ARRAY_DEFINE(stacks, PRODUCERS_MAX, 16384);
static struct k_thread threads[PRODUCERS_MAX];
static uint32_t started;
static uint32_t wanted; /* records of each thread; 0: no end */
static atomic_t running;
static atomic_t stopping;
static atomic_t refused;
static uint32_t made[PRODUCERS_MAX + 1]; /* by source; the interrupt is source 0 */

/* Sizes that vary, and can be told from source and number when they are read back. */
static uint32_t text_len(uint32_t source, uint32_t number)
{
	uint32_t mixed = (number * 31U + source * 17U) * 2654435761U;

	return source == 0 ? mixed >> 28 : (mixed >> 16) % (RECORD_TEXT_MAX + 1);
}

/* Log one record. Never waits: the oldest ones make room. */
static void make_record(uint32_t source)
{
	uint32_t number = made[source]++;
	uint32_t len = text_len(source, number);
	uint32_t wlen = (uint32_t)DIV_ROUND_UP(sizeof(struct record) + len, sizeof(uint32_t));
	struct record *record = (struct record *)mpsc_pbuf_alloc(&ring, wlen, K_NO_WAIT);

	if (record == NULL) {
		(void)atomic_inc(&refused); /* one being written is in the way */
		return;
	}
	record->wlen = wlen & 0x3fff;
	record->len = len & 0xffff;
	record->source = source;
	record->number = number;
	record->time_ms = k_uptime_get_32();
	for (uint32_t i = 0; i < len; i++) {
		record->text[i] = (char)('a' + (source + number + i) % 26);
	}
	mpsc_pbuf_commit(&ring, (union mpsc_pbuf_generic *)record);
}

static void thread_entry(void *p1, void *p2, void *p3)
{
	uint32_t source = (uint32_t)(uintptr_t)p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic_get(&stopping) == 0 && (wanted == 0 || made[source] < wanted)) {
		make_record(source);
		if (made[source] % 64 == 0) {
			k_sleep(K_USEC(500));
		}
	}
	(void)atomic_dec(&running);
}

/* What a device would do, now and then. */
static void interrupt(void *arg)
{
	ARG_UNUSED(arg);
	make_record(0);
}

static struct port_irq irq = {.routine = interrupt};
static struct k_thread device;
static K_THREAD_STACK_DEFINE(device_stack, 16384);

static void device_entry(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic_get(&stopping) == 0) {
		port_irq_raise(&irq);
		k_sleep(K_USEC(200));
	}
}

static void nothing(const void *arg)
{
	ARG_UNUSED(arg);
}

void producers_start(uint32_t count, uint32_t per_thread)
{
	started = count;
	wanted = per_thread;
	atomic_set(&running, (atomic_val_t)count);
	for (uintptr_t i = 0; i < count; i++) {
		(void)k_thread_create(&threads[i], stacks[i], 16384, thread_entry, (void *)(i + 1),
				      NULL, NULL, 5, 0, K_NO_WAIT);
	}
	(void)k_thread_create(&device, device_stack, 16384, device_entry, NULL, NULL, NULL, 1, 0,
			      K_NO_WAIT);
}

bool producers_done(void)
{
	return atomic_get(&running) == 0;
}

uint64_t producers_stop(void)
{
	uint64_t all = 0;

	atomic_set(&stopping, 1);
	for (uint32_t i = 0; i < started; i++) {
		(void)k_thread_join(&threads[i], K_FOREVER);
	}
	(void)k_thread_join(&device, K_FOREVER);
	irq_offload(nothing, NULL); /* the last interrupt has run */
	for (uint32_t source = 0; source <= started; source++) {
		all += made[source];
	}
	return all;
}

uint32_t producers_refused(void)
{
	return (uint32_t)atomic_get(&refused);
}
