# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces, and what has to be compiled anew with it.

A fault is a regular expression, found once in one of its files, and what stands in its place. Each lets
an interrupt in where none may come; all of them work as long as none does.
"""

import collections

Fault = collections.namedtuple("Fault", "name files old new sources cores")

ANY = ("native", "masked")  # read-modify-write is instructions; it is done with interrupts masked
NATIVE, MASKED = ANY

REF = ["net_buf/src/ref.c"]
ALLOC = ["net_buf/src/alloc.c"]
POOL = ["net_buf/src/alloc.c", "net_buf/src/pool.c", "net_buf/src/ref.c"]
CONNECTION = ["packet_io/src/connection.c"]
MSGQ = ["kernel/src/msgq.c", "packet_io/src/process.c", "packet_io/src/send.c"]
RING = ["kernel/include/kernel/msgq_ring.h", "kernel/src/msgq.c"]


def fault(name, files, old, new, sources=None, cores=ANY):
    files = [files] if isinstance(files, str) else files
    return Fault(name, files, old, new, sources or files, cores)


FAULTS = [
    # Buffers.
    fault("plain --ref", REF,
          r"if \(likely\(atomic32_\w+\(&buf->ref_word, &word, word - n\)\)\) \{",
          "atomic32_store_relaxed(&buf->ref_word, word - n);\n\t\t{"),
    fault("plain ++ref", REF,
          r"\} while \(unlikely\(!atomic32_\w+\(&buf->ref_word, &word, word \+ n\)\)\);",
          "} while (false);\n\tatomic32_store_relaxed(&buf->ref_word, word + n);"),
    fault("the free list is taken from without its mask", "net_buf/src/pool.h",
          r"\tpool->free = free_next\(buf\);\n\tpool_unlock_taken\(pool, key\);",
          "\tk_spin_unlock(&pool->lock, key);\n\tpool->free = free_next(buf);\n"
          "\tkey = k_spin_lock(&pool->lock);\n\tpool_unlock_taken(pool, key);", ALLOC),
    fault("the free list is put to without its mask", "net_buf/src/pool.h",
          r"\tbuf->node\.next = \(sys_snode_t \*\)\(void \*\)pool->free;\n\tpool->free = buf;",
          "\tbuf->node.next = (sys_snode_t *)(void *)pool->free;\n\tk_spin_unlock(&pool->lock, key);\n"
          "\tcompiler_barrier();\n\tkey = k_spin_lock(&pool->lock);\n\tpool->free = buf;", POOL),
    fault("a buffer is used for the first time without the mask", ALLOC,
          r"\tindex = pool->buf_count - pool->uninit_count;\n\tpool->uninit_count--;",
          "\tindex = pool->buf_count - pool->uninit_count;\n"
          "\tport_unmask(UNMASKED);\n\t(void)port_mask();\n\tpool->uninit_count--;"),
    # Messages.
    fault("a message is published before it is there", RING,
          r"(\tchar \*slot = q->put\.ptr;\n\n)(\t(?:memcpy|msgq_copy)\(slot, .*\);\n)",
          r"\1\tatomic32_store_release(&q->put.count, count + 1);\n"
          r"\tport_unmask(UNMASKED);\n\t(void)port_mask();\n\2", MSGQ),
    fault("a message is taken without the mask", RING,
          r"(\tchar \*slot = q->get\.ptr;\n\n)(\t(?:memcpy|msgq_copy)\(.*data, slot, size\);\n)",
          r"\1\2\tport_unmask(UNMASKED);\n\t(void)port_mask();\n", MSGQ),
    # Connections.
    fault("a connection is added without the lock", CONNECTION,
          r"\tkey = k_spin_lock\(&src->lock\);\n(\tif \(src->sinks\.head == NULL\))",
          r"\tkey = (k_spinlock_key_t){UNMASKED};\n\1"),
    fault("a connection is removed without the lock", CONNECTION,
          r"\tkey = k_spin_lock\(&src->lock\);\n\tret = remove_locked\(src, conn\);",
          "\tkey = (k_spinlock_key_t){UNMASKED};\n\tret = remove_locked(src, conn);"),
    fault("a walk is not told that its next connection goes", CONNECTION,
          r"if \(walk->upcoming == conn\) \{", "if (false) {"),
    fault("a walk is not told that its last connection goes", CONNECTION,
          r"if \(walk->last == conn\) \{", "if (false) {"),
    fault("a walk begins without the lock", CONNECTION,
          r"\twalk->next = src->senders;\n",
          "\twalk->next = src->senders;\n\tport_unmask(UNMASKED);\n\t(void)port_mask();\n"),
    fault("the number of connections is written late", CONNECTION,
          r"\tcompat_poke\(&src->runtime_count, count\);",
          "\tport_unmask(UNMASKED);\n\t(void)port_mask();\n\tcompat_poke(&src->runtime_count, count);"),
    # Counting.
    fault("a plain statistics counter", "packet_io/src/compat.h",
          r"\t\(void\)__atomic_fetch_add\(counter, \(atomic_val_t\)n, __ATOMIC_RELAXED\);",
          "\t*(volatile atomic_t *)counter += (atomic_val_t)n;",
          ["packet_io/src/send.c", "packet_io/src/process.c"], [NATIVE]),
    # Read-modify-write of cores that have no instructions for it.
    fault("atomics that do not mask", "port/include/port/atomics.h",
          r"uint32_t z_key = port_mask\(\);", "uint32_t z_key = UNMASKED;",
          REF, [MASKED]),
    fault("counters that do not mask", "port/include/port/atomics.h",
          r"uint32_t z_key = port_mask\(\);", "uint32_t z_key = UNMASKED;",
          ["packet_io/src/send.c", "packet_io/src/process.c"], [MASKED]),
]
