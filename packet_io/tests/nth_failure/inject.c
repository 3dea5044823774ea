/* SPDX-License-Identifier: Apache-2.0 */
#include "inject.h"

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/ref_many.h>

static bool active;
static bool fail_on;
static uint32_t fail_at;
static uint32_t calls;
static uint32_t failures[INJECT_KINDS];

void inject_begin(uint32_t nth, bool stay)
{
	active = true;
	fail_on = stay;
	fail_at = nth;
	calls = 0;
}

uint32_t inject_end(void)
{
	active = false;
	return calls;
}

uint32_t inject_failures(enum inject_kind kind)
{
	return failures[kind];
}

static bool fails(enum inject_kind kind)
{
	bool fail;

	if (!active) {
		return false;
	}
	calls++;
	fail = fail_at != 0 && (calls == fail_at || (fail_on && calls > fail_at));
	failures[kind] += fail ? 1 : 0;
	return fail;
}

/* Declared by the linker's option --wrap: __real_f is f itself, calls of f come to __wrap_f. */
struct net_buf *__real_net_buf_alloc_fixed(struct net_buf_pool *pool, k_timeout_t timeout);
struct net_buf *__wrap_net_buf_alloc_fixed(struct net_buf_pool *pool, k_timeout_t timeout);
struct net_buf *__real_net_buf_ref(struct net_buf *buf);
struct net_buf *__wrap_net_buf_ref(struct net_buf *buf);
bool __real_net_buf_ref_add(struct net_buf *buf, uint16_t n);
bool __wrap_net_buf_ref_add(struct net_buf *buf, uint16_t n);
int __real_k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout);
int __wrap_k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout);
int __real_k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout);
int __wrap_k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout);

struct net_buf *__wrap_net_buf_alloc_fixed(struct net_buf_pool *pool, k_timeout_t timeout)
{
	return fails(INJECT_ALLOC) ? NULL : __real_net_buf_alloc_fixed(pool, timeout);
}

struct net_buf *__wrap_net_buf_ref(struct net_buf *buf)
{
	return fails(INJECT_REF) ? NULL : __real_net_buf_ref(buf);
}

bool __wrap_net_buf_ref_add(struct net_buf *buf, uint16_t n)
{
	return !fails(INJECT_REF_ADD) && __real_net_buf_ref_add(buf, n);
}

int __wrap_k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout)
{
	return fails(INJECT_PUT) ? -ENOMSG : __real_k_msgq_put(msgq, data, timeout);
}

int __wrap_k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout)
{
	return fails(INJECT_GET) ? -ENOMSG : __real_k_msgq_get(msgq, data, timeout);
}
