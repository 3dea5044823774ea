# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces in which file, and the test program that must notice.

With tsan, only the thread sanitizer can be relied on to see it.
"""

import collections

Fault = collections.namedtuple("Fault", "name file old new program tsan")


def fault(name, file, old, new, program, tsan=False):
    return Fault(name, file, old, new, program, tsan)


FAULTS = [
    # The count of references.
    fault("plain ++ref", "ref.c",
          "} while (unlikely(!atomic32_store_linked_relaxed(&buf->ref_word, &word, word + n)));",
          "} while (false);\n\tatomic32_store_relaxed(&buf->ref_word, word + n);", "threads"),
    fault("plain --ref", "ref.c",
          "if (likely(atomic32_store_linked_acq_rel(&buf->ref_word, &word, word - n))) {",
          "atomic32_store_relaxed(&buf->ref_word, word - n);\n{", "threads"),
    fault("a reference is dropped without release order", "ref.c",
          "atomic32_store_linked_acq_rel(&buf->ref_word",
          "atomic32_store_linked_relaxed(&buf->ref_word", "threads", tsan=True),
    fault("the last holder does not acquire", "ref.c",
          "/* Acquire: pairs with the release of the store below, by those that dropped before. */\n"
          "\tuint32_t word = atomic32_load_linked(&buf->ref_word);",
          "uint32_t word = atomic32_load_relaxed(&buf->ref_word);", "threads", tsan=True),
    fault("release at home is not noticed", "ref.c", "if (unlikely(count_of(word) < n)) {", "if (false) {", "buf"),
    fault("the limit is not checked", "ref.c",
          "if (unlikely(count_of(word + n) <= n)) {", "if (unlikely(count_of(word) == 0)) {", "buf"),
    fault("of several references one is dropped", "ref.c", "release(buf, n, NULL);", "release(buf, 1, NULL);", "buf"),
    fault("the destroy callback is skipped", "ref.c", "} else if (pool->destroy != NULL) {", "} else if (false) {",
          "buf"),
    # Chains.
    fault("the next fragment is read when the buffer is home", "ref.c",
          "\t\tbuf = next;\n\t} while", "\t\tbuf = buf->frags;\n\t} while", "buf"),
    fault("a deleted fragment keeps what is behind it", "frag.c", "\tfrag->frags = NULL;\n", "", "buf"),
    fault("bytes are looked for in the wrong fragment", "frag.c", "*offset -= buf->len;", "*offset = 0;", "buf"),
    fault("appending goes on without room", "frag.c", "if (here == 0) {", "if (false) {", "buf"),
    fault("appending has its timeout for each fragment", "frag.c",
          "k_timeout_t left = sys_timepoint_timeout(end);", "k_timeout_t left = timeout;\n\t\t(void)end;", "threads"),
    # Pools.
    fault("the free list is taken from without its lock", "pool.h",
          "\tpool->free = free_next(buf);\n\tpool_unlock_taken(pool, key);",
          "\tk_spin_unlock(&pool->lock, key);\n\tcompiler_barrier();\n\tpool->free = free_next(buf);\n"
          "\tkey = k_spin_lock(&pool->lock);\n\tpool_unlock_taken(pool, key);", "threads"),
    fault("who waits is forgotten", "pool.h", "if (unlikely(!wait_q_empty(&pool->waiters))) {", "if (false) {",
          "threads"),
    fault("a handed-over buffer counts as home", "pool.c",
          "\tw->data = buf;", "\tusage_put(pool);\n\tw->data = buf;", "threads"),
    fault("a failed allocation counts as used", "alloc.c",
          "first_word - 1);\n\tpool_put(pool, buf);", "first_word - 1);\n\tpool_put(pool, buf);\n\tusage_take(pool);",
          "pool"),
    fault("a failed allocation keeps its buffer", "alloc.c",
          "first_word - 1);\n\tpool_put(pool, buf);", "first_word - 1);", "pool"),
    fault("memory has the whole timeout, too", "alloc.c",
          "\tif (buf != NULL && !get_memory(pool, buf, size, end)) {",
          "\tend = sys_timepoint_calc(timeout);\n\tif (buf != NULL && !get_memory(pool, buf, size, end)) {",
          "threads"),
    fault("a clone's copy has the whole timeout, too", "alloc.c",
          "copy_memory(pool, clone, buf, end)", "copy_memory(pool, clone, buf, sys_timepoint_calc(timeout))",
          "threads"),
    fault("an ISR waits", "alloc.c", "if (!wait_allowed(timeout)) {", "if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {",
          "irq"),
    fault("user data is not cleared", "alloc.c", "memset(buf->user_data, 0, size);", "(void)buf;\n\t(void)size;",
          "buf"),
    fault("user data is not cloned", "alloc.c",
          "memcpy(clone->user_data, buf->user_data,", "if (false) memcpy(clone->user_data, buf->user_data,", "buf"),
    fault("pieces of a fixed pool overlap", "alloc.c", "* pool->data_stride", "* pool->data_size", "pool"),
    fault("a pool that is not registered has buffers", "registry.c", "if (fresh && room) {", "if (false) {", "pool"),
    fault("the low-water callback comes again and again", "pool.c", "\tpool->low_armed = false;\n", "", "pool"),
    fault("the low-water mark is armed once", "pool.h", "pool->low_armed = pool->low_cb != NULL;", "", "pool"),
    # Memory that several buffers have.
    fault("shared memory is counted plainly", "data_block.c",
          "atomic32_load_acquire(count) == 1 || atomic32_sub_acq_rel(count, 1) == 1", "(*count)-- == 1", "threads",
          tsan=True),
    fault("shared memory is freed by the last but one", "data_block.c",
          "atomic32_load_acquire(count) == 1", "atomic32_load_acquire(count) <= 2", "buf"),
    fault("the user's memory is freed", "ref.c", " || (buf->flags & NET_BUF_EXTERNAL_DATA) != 0", "", "buf"),
    fault("the user's memory is shared by clones", "alloc.c", " && !external)", " && (external || !external))", "buf"),
    fault("storage is released with each buffer", "external.c",
          "if (atomic32_load_acquire(&external->refs) == 1 ||", "if (true ||", "buf"),
    fault("storage is counted plainly", "external.c",
          "atomic32_sub_acq_rel(&external->refs, 1) == 1", "external->refs-- == 1", "threads", tsan=True),
    fault("storage is forgotten after its buffer is home", "external.c",
          "\t\texternal_put(pool, external);\n\t}\n\tpool_put(pool, buf);",
          "\t}\n\tpool_put(pool, buf);\n\tif (gone.release != NULL) {\n\t\texternal_put(pool, external);\n\t}",
          "threads"),
    fault("storage is released before its buffer is home", "external.c",
          "\tpool_put(pool, buf);\n\tif (gone.release != NULL) {\n\t\tgone.release(gone.data, gone.size, gone.arg);\n\t}",
          "\tif (gone.release != NULL) {\n\t\tgone.release(gone.data, gone.size, gone.arg);\n\t}\n\tpool_put(pool, buf);",
          "buf"),
    # The rest.
    fault("a list is read without its lock", "queue.c",
          "\tbuf = (struct net_buf *)(void *)sys_slist_get(list);\n\tk_spin_unlock(&slist_lock, key);",
          "\tk_spin_unlock(&slist_lock, key);\n\tbuf = (struct net_buf *)(void *)sys_slist_get(list);", "threads",
          tsan=True),
    fault("there is room for one byte too many", "simple.c",
          "buf->len : buf->size - headroom - buf->len;", "buf->len + 1 : buf->size - headroom - buf->len + 1;",
          "simple"),
    fault("a damaged length is not noticed", "simple.c",
          "if (headroom > buf->size || buf->len > buf->size - headroom) {", "if (false) {", "simple"),
]
