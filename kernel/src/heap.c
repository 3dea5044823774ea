/* SPDX-License-Identifier: Apache-2.0 */
/** @file Heaps that lock and wait, and the kernel's own. The memory itself is sys_heap.c's. */
#include <zephyr/kernel.h>

#include <string.h>

/* What a thread waits for; on its stack. */
struct heap_request {
	void *old; /* the block to change the size of; NULL for a new one */
	size_t align;
	size_t bytes;
	void *mem;  /* the answer */
	bool tried; /* in the round under way */
};

void k_heap_init(struct k_heap *heap, void *mem, size_t bytes)
{
	*heap = (struct k_heap){};
	sys_heap_init(&heap->heap, mem, bytes);
}

/* Heap locked. */
static void *attempt(struct k_heap *heap, const struct heap_request *r)
{
	if (unlikely(heap->heap.heap == NULL && heap->heap.init_mem != NULL)) {
		sys_heap_init(&heap->heap, heap->heap.init_mem, heap->heap.init_bytes);
	}
	return sys_heap_aligned_realloc(&heap->heap, r->old, r->align, r->bytes);
}

/* The most urgent waiter whose request was not tried in this round. Heap locked. */
static struct waiter *next_to_try(const struct k_heap *heap)
{
	struct waiter *best = NULL;

	for (struct waiter *w = heap->waiters.first; w != NULL; w = w->next) {
		if (!((struct heap_request *)w->data)->tried &&
		    (best == NULL ||
		     k_thread_priority_get(w->thread) < k_thread_priority_get(best->thread))) {
			best = w;
		}
	}
	return best;
}

static void begin_round(const struct k_heap *heap)
{
	for (const struct waiter *w = heap->waiters.first; w != NULL; w = w->next) {
		((struct heap_request *)w->data)->tried = false;
	}
}

/* After memory came free: serve who waits. Heap locked. @return a chain to be woken. */
static struct waiter *serve_waiters(struct k_heap *heap)
{
	struct waiter *served = NULL;
	struct waiter *w;

	begin_round(heap);
	while ((w = next_to_try(heap)) != NULL) {
		struct heap_request *r = w->data;

		r->tried = true;
		r->mem = attempt(heap, r);
		if (r->mem == NULL) {
			continue;
		}
		wait_q_remove(&heap->waiters, w);
		(void)waiter_finish(w, 0);
		w->next = served;
		served = w;
		if (r->old != NULL) {
			begin_round(heap); /* what moved left room */
		}
	}
	return served;
}

static void *request(struct k_heap *heap, struct heap_request *r, k_timeout_t timeout)
{
	struct waiter *served = NULL;
	k_spinlock_key_t key;
	struct waiter w;

	key = k_spin_lock(&heap->lock);
	r->mem = attempt(heap, r);
	if (r->mem == NULL && r->bytes <= heap->heap.init_bytes && wait_allowed(timeout)) {
		int64_t deadline = sys_clock_deadline(timeout);

		waiter_init(&w, r);
		waiter_kind(&w, WAIT_FOR_ROOM);
		(void)wait_q_wait(&heap->waiters, &w, &heap->lock, key, deadline);
		return r->mem;
	}
	if (r->old != NULL && !wait_q_empty(&heap->waiters)) {
		served = serve_waiters(heap); /* what became smaller, or moved, left room */
	}
	k_spin_unlock(&heap->lock, key);
	wait_q_wake_chain(served);
	return r->mem;
}

void *k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes, k_timeout_t timeout)
{
	struct heap_request r = {.align = align, .bytes = bytes};

	return bytes == 0 ? NULL : request(heap, &r, timeout);
}

void *k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout)
{
	return k_heap_aligned_alloc(heap, 0, bytes, timeout);
}

void *k_heap_calloc(struct k_heap *heap, size_t num, size_t size, k_timeout_t timeout)
{
	void *mem = NULL;

	if (size == 0 || num <= SIZE_MAX / size) {
		mem = k_heap_alloc(heap, num * size, timeout);
	}
	if (mem != NULL) {
		memset(mem, 0, num * size);
	}
	return mem;
}

void *k_heap_realloc(struct k_heap *heap, void *ptr, size_t bytes, k_timeout_t timeout)
{
	struct heap_request r = {.old = ptr, .bytes = bytes};

	if (bytes == 0) {
		k_heap_free(heap, ptr);
		return NULL;
	}
	return request(heap, &r, timeout);
}

void k_heap_free(struct k_heap *heap, void *mem)
{
	k_spinlock_key_t key = k_spin_lock(&heap->lock);
	struct waiter *served = NULL;

	sys_heap_free(&heap->heap, mem);
	if (unlikely(!wait_q_empty(&heap->waiters))) {
		served = serve_waiters(heap);
	}
	k_spin_unlock(&heap->lock, key);
	wait_q_wake_chain(served);
}

#if CONFIG_HEAP_MEM_POOL_SIZE > 0

static char __noinit __aligned(8) system_memory[MAX(CONFIG_HEAP_MEM_POOL_SIZE, Z_HEAP_MIN_SIZE)];
static struct k_heap system_heap = Z_HEAP_INITIALIZER(system_memory);

void *k_aligned_alloc(size_t align, size_t size)
{
	return k_heap_aligned_alloc(&system_heap, align, size, K_NO_WAIT);
}

void *k_realloc(void *ptr, size_t size)
{
	return k_heap_realloc(&system_heap, ptr, size, K_NO_WAIT);
}

void k_free(void *ptr)
{
	k_heap_free(&system_heap, ptr);
}

void *k_calloc(size_t nmemb, size_t size)
{
	return k_heap_calloc(&system_heap, nmemb, size, K_NO_WAIT);
}

#else

void *k_aligned_alloc(size_t align, size_t size)
{
	ARG_UNUSED(align);
	ARG_UNUSED(size);
	return NULL;
}

void *k_realloc(void *ptr, size_t size)
{
	ARG_UNUSED(ptr);
	ARG_UNUSED(size);
	return NULL;
}

void k_free(void *ptr)
{
	ARG_UNUSED(ptr);
}

void *k_calloc(size_t nmemb, size_t size)
{
	ARG_UNUSED(nmemb);
	ARG_UNUSED(size);
	return NULL;
}

#endif

void *k_malloc(size_t size)
{
	return k_aligned_alloc(0, size);
}
