/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers through FIFOs and lists. */
#include "pool.h"

#include <zephyr/kernel.h>

/* One for all lists: a list has none of its own. */
static struct k_spinlock slist_lock;

void net_buf_slist_put(sys_slist_t *list, struct net_buf *buf)
{
	k_spinlock_key_t key;

	if (list == NULL || buf == NULL) {
		__ASSERT(false, "buffer %p to list %p", (void *)buf, (void *)list);
		return;
	}
	key = k_spin_lock(&slist_lock);
	sys_slist_append(list, &buf->node);
	k_spin_unlock(&slist_lock, key);
}

struct net_buf *net_buf_slist_get(sys_slist_t *list)
{
	struct net_buf *buf;
	k_spinlock_key_t key;

	if (list == NULL) {
		__ASSERT(false, "a buffer from a NULL list");
		return NULL;
	}
	key = k_spin_lock(&slist_lock);
	buf = (struct net_buf *)(void *)sys_slist_get(list);
	k_spin_unlock(&slist_lock, key);
	return buf;
}

void net_buf_put(struct k_fifo *fifo, struct net_buf *buf)
{
	if (fifo == NULL || buf == NULL) {
		__ASSERT(false, "buffer %p to FIFO %p", (void *)buf, (void *)fifo);
		return;
	}
	k_fifo_put(fifo, buf);
}

struct net_buf *net_buf_get(struct k_fifo *fifo, k_timeout_t timeout)
{
	if (fifo == NULL) {
		__ASSERT(false, "a buffer from a NULL FIFO");
		return NULL;
	}
	return k_fifo_get(fifo, timeout);
}
