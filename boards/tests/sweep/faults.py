# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces, and what has to be compiled anew with it.

A fault is a regular expression, found once in one of its files, and what stands in its place. Each lets
an interrupt in where none may come; all of them work as long as none does.
"""

import collections

Fault = collections.namedtuple("Fault", "name files old new sources cores image")

ANY = ("native", "masked")  # read-modify-write is instructions; it is done with interrupts masked
NATIVE, MASKED = ANY

REF = ["net_buf/src/ref.c"]
ALLOC = ["net_buf/src/alloc.c"]
POOL = ["net_buf/src/alloc.c", "net_buf/src/pool.c", "net_buf/src/ref.c"]
CONNECTION = ["packet_io/src/connection.c"]
MSGQ = ["kernel/src/msgq.c", "packet_io/src/process.c", "packet_io/src/send.c"]
RING = ["kernel/include/kernel/msgq_ring.h", "kernel/src/msgq.c"]


# Lets an interrupt in.
GAP = "\tport_unmask(UNMASKED);\n\t(void)port_mask();\n"

ROOM = ["mpsc_pbuf/src/alloc.c"]
RING_WAY = "mpsc_pbuf/include/zephyr/mpsc_pbuf/inline.h"
IOB = ["iob/src/budget.c", "iob/src/pool.c", "iob/src/queue.c", "iob/src/wait.c"]
QUEUE = ["iob/src/queue.c"]
ANSWERS = ["rtio/src/completion.c", "rtio/src/executor.c", "rtio/src/plain.c"]

# Where a core only has to be shown to be swept as the others are: one of each kind.
FEW = (
    "plain --ref",
    "the free list is taken from without its mask",
    "a message is published before it is there",
    "a connection is removed without the lock",
    "atomics that do not mask",
)


def fault(name, files, old, new, sources=None, cores=ANY, image="sweep"):
    files = [files] if isinstance(files, str) else files
    return Fault(name, files, old, new, sources or files, cores, image)


def mpsc(name, files, old, new, sources=None):
    return fault(name, files, old, new, sources, image="sweep-mpsc")


def iob(name, files, old, new, sources=None):
    return fault(name, files, old, new, sources, image="sweep-iob")


def rtio(name, files, old, new, sources=None):
    return fault(name, files, old, new, sources, image="sweep-rtio")


def gap(make, name, files, before, behind, sources=None):
    """Lets an interrupt in between two pieces of text."""
    more = {} if sources is None else {"sources": sources}
    return make(name, files, f"({before})({behind})", rf"\1{GAP}\2", **more)


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
          r"\tpool_add\(&pool->free, buf\);(?=\n\tusage_put)",
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
    gap(fault, "messages are purged without the mask", "kernel/src/msgq.c",
        r"\tmsgq->get\.ptr = msgq->put\.ptr;\n", r"\tatomic32_store_release\(&msgq->get\.count, msgq->put\.count\);"),
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
    # Packet buffers.
    gap(mpsc, "known room is taken without the mask", RING_WAY,
        r"\theader = &b->buf\[wr - b->in\.base\];\n",
        r"\t/\* Relaxed: the store to wr makes it seen. \*/\n", ROOM),
    gap(mpsc, "room is taken without the mask", ROOM,
        r"\tatomic32_store_relaxed\(header, Z_MPSC_PBUF_FILLING\);\n", r"\tappend\(b, wlen\);"),
    mpsc("a packet is claimed without the mask", ["mpsc_pbuf/src/consume.c"],
         r"k_spin_lock\(&b->in\.lock\);\n\tconst union mpsc_pbuf_generic \*packet = claim_next",
         "{UNMASKED};\n\tconst union mpsc_pbuf_generic *packet = claim_next"),
    mpsc("a packet is committed before it is there", ["mpsc_pbuf/src/put.c"],
         r"(\tmemcpy\(packet \+ 1.*\n)(\tz_mpsc_pbuf_hand_over\(.*\n)", r"\2\tcompiler_barrier();\n\1"),
    mpsc("a packet is dropped without being claimed", ROOM,
         r"\tatomic32_store_relaxed\(header, raw \| Z_MPSC_PBUF_BUSY\);\n", ""),
    mpsc("dropped packets are counted without the mask", ROOM,
         r"\tatomic32_store_relaxed\(&b->in\.dropped, b->in\.dropped \+ 1\);\n",
         "\tuint32_t dropped = atomic32_load_relaxed(&b->in.dropped);\n\n" + GAP +
         "\tatomic32_store_relaxed(&b->in.dropped, dropped + 1);\n"),
    gap(mpsc, "the most in use is written without the mask", ROOM,
        r"if \(in->max_usage < used\) \{\n", r"\t\t\tatomic32_store_relaxed\(&in->max_usage, used\);\n"),
    gap(mpsc, "what was freed is reclaimed without the mask", ["mpsc_pbuf/src/ring.c"],
        r"\t\tleft = 0;\n\t\}\n", r"\tb->in\.tail = tail;\n"),
    # I/O buffers.
    gap(iob, "a buffer is counted off without the mask", "iob/src/pool.c",
        r"", r"\tlevel_set\(pool, \(uint32_t\)level - 1\);"),
    gap(iob, "a buffer is taken without the mask", "iob/src/pool.h",
        r"\tFORGET\(node\);\n", r"\tpool->free\[list\] = \*link_of\(node\);", IOB),
    iob("a buffer is put without the mask", "iob/src/pool.c",
        r"\tpush\(pool, iob\);\n(\tk_spin_unlock\(&iob_pool\.lock, key\);\n\tiob_notifier)",
        "\t*link_of(iob) = pool->free[0];\n" + GAP + r"\tpool->free[0] = link_to(iob);\n\1"),
    gap(iob, "a buffer is counted in without the mask", "iob/src/pool.c",
        r"", r"\tlevel_set\(pool, \(uint32_t\)level\);"),
    gap(iob, "a chain is put without the mask", "iob/src/pool.c",
        r"\t\*link_of\(last\) = iob_pool\.free\[list\];\n", r"\tiob_pool\.free\[list\] = link_to\(first\);"),
    gap(iob, "several buffers are counted off without the mask", "iob/src/pool.c",
        r"", r"\tlevel_set\(&iob_pool, iob_pool\.level - n\);"),
    gap(iob, "a chain is added without the mask", QUEUE,
        r"\t\tq->qh_tail->qe_flink = entry;\n\t\}\n", r"\tq->qh_tail = entry;"),
    gap(iob, "a chain is removed without the mask", QUEUE,
        r"", r"\t\*link = entry->qe_flink;"),
    gap(iob, "queues are joined without the mask", QUEUE, r"", r"\t\tdest->qh_tail = src->qh_tail;"),
    iob("a budget counts without the mask", "iob/src/budget.c", r"\tb->held\+\+;\n",
        "\tuint16_t held = b->held;\n\n" + GAP + "\tb->held = held + 1;\n"),
    iob("what is kept for a budget is counted without the mask", "iob/src/budget.c", r"\t\tiob_budgets\.kept--;\n",
        "\t\tuint32_t kept = iob_budgets.kept;\n\n" + GAP + "\t\tiob_budgets.kept = kept - 1;\n"),
    gap(iob, "a worker is set up without the mask", "iob/src/notifier.c",
        r"\t\tif \(notes\[i\]\.state == UNUSED\) \{\n", r"\t\t\tlast_key = "),
    # Requests.
    gap(rtio, "a request is taken without the mask", "rtio/src/submission.c",
        r"\tif \(likely\(s != NULL\)\) \{\n", r"\t\tr->sqe_free = s->next;"),
    rtio("requests are copied in without the mask", "rtio/src/submission.c",
         r"\tkey = \w+lock\(.*\);\n(\tlist_add\(&r->copied)", r"\tkey = (k_spinlock_key_t){UNMASKED};\n\1"),
    gap(rtio, "a completion is queued without the mask", "rtio/src/internal.h",
        r"\t\tr->cq_last->next = &cqe->q;\n\t\}\n", r"\tr->cq_last = &cqe->q;", ANSWERS),
    gap(rtio, "a completion is consumed without the mask", "rtio/src/completion.c",
        r"", r"\tr->cq_first = node->next;"),
    gap(rtio, "a request is cancelled without the mask", "rtio/src/cancel.c",
        r"", r"\tstatus_set\(s, \(status \| mark\)"),
    gap(rtio, "blocks are taken without the mask", "rtio/src/mempool.c",
        r"", r"\tflip\(pool, \*where, count\);\n"),
]
