# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces in which file, and the test program that must notice.

With tsan, only the thread sanitizer can be relied on to see it.
"""

from mutation import Fault as fault

FAULTS = [
    # Those of the original.
    fault("a claimed packet in the way is gone past for ever", "alloc.c",
          "} else if (round->first == header || round->hopped > b->size) {", "} else if (false) {", "contract"),
    fault("more than the buffer has is looked for", "alloc.c", "if (wlen == 0 || wlen > b->size) {", "if (wlen == 0) {",
          "contract"),
    fault("who has masked interrupts, or a lock, waits", "alloc.c", " && !port_in_isr() && !port_irq_masked();",
          " && !port_in_isr();", "contract"),
    fault("the timeout begins anew with each free", "alloc.c", "if (!waiter_park(&w, deadline)) {",
          "if (!waiter_park(&w, deadline + 1000)) {", "waiting"),
    fault("one free serves one", "alloc.c", "\t\tend = &w->next;\n", "\t\tend = &w->next;\n\t\tbreak;\n", "waiting"),
    fault("who gives up leaves those behind it waiting", "alloc.c",
          "\t\t\tring_wake_producers(b);\n\t\t\tthread_abort_point();", "\t\t\tthread_abort_point();", "waiting"),
    fault("who gives up stays in the queue", "alloc.c", "cancelled = waiter_cancel(&b->producers, &w);",
          "cancelled = true;", "faults"),
    fault("a consumer that gives up stays in the queue", "wait.c", "cancelled = waiter_cancel(&b->consumers, &w);",
          "cancelled = true;", "faults"),
    fault("a put that found no room says it has stored", "put.c", "return wlen > buffer->size ? -EMSGSIZE : -ENOSPC;",
          "return 0;", "faults"),
    fault("a pointer is stored as one word", "put.c", "memcpy(&words[1], &data, sizeof(data));",
          "memcpy(&words[1], &data, 4);", "contract"),
    fault("one word is never used", "alloc.c", "uint32_t free = b->size - ring_used(b);\n\tuint32_t run",
          "uint32_t free = b->size - 1 - ring_used(b);\n\tuint32_t run", "contract"),
    fault("utilization is one word low", "watch.c", "used = ring_used(buffer);",
          "used = ring_used(buffer) != 0 ? ring_used(buffer) - 1 : 0;", "contract"),
    # Room.
    fault("what is known to be free stays known", "alloc.c", "\tb->in.limit = wr;\n", "", "model"),
    fault("an empty ring does not start again", "alloc.c", "if (run < wlen && free == b->size) {", "if (false) {",
          "contract"),
    fault("words are passed over for what does not fit behind them", "alloc.c",
          "run <= free && free - run >= wlen", "run <= free", "contract"),
    fault("the tail does not wrap", "ring.c", "\t\tindex = 0;\n", "", "model"),
    fault("what the consumer has not passed is free", "ring.c",
          "consumer_locks(b) ? b->in.wr : atomic32_load_acquire(&b->out.rd)", "b->in.wr", "stress"),
    fault("the consumer does not see a ring start again", "consume.c",
          "if (atomic32_load_relaxed(&b->in.base) == rd) {", "if (false) {", "contract"),
    fault("the consumer does not wrap", "consume.c", "if (unlikely(index + wlen >= b->size)) {", "if (false) {",
          "contract"),
    fault("room comes back before older packets", "ring.c",
          "\t\tif (unlikely((raw & HEADER_STATE) != STATE_SKIP || wlen == 0)) {\n\t\t\tbreak;",
          "\t\tif (unlikely((raw & HEADER_STATE) != STATE_SKIP || wlen == 0)) {\n"
          "\t\t\tif ((raw & HEADER_STATE) == STATE_CLAIMED) {\n\t\t\t\twlen = packet_wlen(b, header_at(b, index), index);\n"
          "\t\t\t}\n\t\t\tif (wlen == 0) {\n\t\t\t\tbreak;\n\t\t\t}", "model"),
    # Dropping.
    fault("a claimed packet is dropped", "alloc.c", "\t\treturn hop(b, header, wlen, round);", "\t\t(void)hop;", "contract"),
    fault("a packet being filled is dropped", "alloc.c",
          "if ((raw & HEADER_VALID) == 0) {\n\t\treturn false;\n\t}", "", "contract"),
    fault("a packet may be dropped twice", "alloc.c", "atomic32_store_relaxed(header, raw | HEADER_BUSY);", "(void)raw;",
          "contract"),
    fault("drops are not counted", "alloc.c", "atomic32_store_relaxed(&b->in.dropped, b->in.dropped + 1);", "", "contract"),
    fault("drops are not told of", "alloc.c", "\t\tb->notify_drop(b, (const union mpsc_pbuf_generic *)(void *)header);\n",
          "", "contract"),
    fault("the user is called with the lock held", "alloc.c",
          "\t\tk_spin_unlock(&b->in.lock, *key);\n\t\tb->notify_drop(b, (const union mpsc_pbuf_generic *)(void *)header);\n"
          "\t\t*key = k_spin_lock(&b->in.lock);\n",
          "\t\tb->notify_drop(b, (const union mpsc_pbuf_generic *)(void *)header);\n", "contract"),
    fault("free words before a claimed packet are forgotten", "alloc.c", "\t\tpad(b, run);\n\t\tfree -= run;\n\t} while",
          "\t\tmove_wr(b, b->in.wr + run);\n\t\tfree -= run;\n\t} while", "model"),
    fault("the consumer stays behind the tail", "ring.c", "if (consumer_locks(b) && (int32_t)(tail - b->out.rd) > 0) {",
          "if (false) {", "contract"),
    fault("drops make no room for those who wait", "alloc.c", "bool others = !wait_q_empty(&b->producers);",
          "bool others = false;", "waiting"),
    # Both sides.
    fault("a packet is committed as claimed", "ring.h", "raw | STATE_COMMITTED", "raw | STATE_CLAIMED", "contract"),
    fault("the bits that the user has in a header count", "put.c", "data[0] & ~HEADER_BUSY", "data[0]", "contract"),
    fault("producers take no lock", "alloc.c",
          "\theader = header_at(b, wr - b->in.base);\n\tatomic32_store_relaxed(header, STATE_FILLING);\n"
          "\tring_publish(b, wr + (uint32_t)wlen);\n\tk_spin_unlock(&b->in.lock, key);\n",
          "\theader = header_at(b, wr - b->in.base);\n\tk_spin_unlock(&b->in.lock, key);\n"
          "\tatomic32_store_relaxed(header, STATE_FILLING);\n\tring_publish(b, wr + (uint32_t)wlen);\n", "stress"),
    fault("the consumer takes no lock when it could meet a drop", "consume.c",
          "return consumer_locks(buffer) ? claim_locked(buffer) : claim_next(buffer);",
          "(void)claim_locked;\n\treturn claim_next(buffer);", "stress"),
    fault("who commits wakes nobody", "ring.h", "if (ring_waited_for(b, WAIT_PACKET)) {", "if (false) {", "waiting"),
    fault("who frees wakes nobody", "consume.c", "if (ring_waited_for(buffer, WAIT_ROOM)) {", "if (false) {", "waiting"),
    fault("a commit out of order wakes", "wait.c", "if (ring_ready(b)) {", "if (true) {", "waiting"),
    fault("poll does not look again", "wait.c", "ready = ring_ready(b);", "ready = false;", "waiting"),
    fault("an event stays with the buffer", "wait.c", "poll_q_remove(&b->pollers, event);", "(void)event;", "waiting"),
    fault("a packet that is free is freed again", "consume.c", "(packet->raw & HEADER_STATE) != STATE_CLAIMED", "false",
          "contract"),
    fault("somebody else's packet is freed", "consume.c", "index >= buffer->size ||", "", "contract"),
    fault("somebody else's packet is committed", "alloc.c", " && packet_index(buffer, packet) < buffer->size", "", "contract"),
    fault("the high-water callback comes again and again", "alloc.c", "\thigh_water->armed = false;\n", "", "contract"),
    fault("the high-water mark is armed once", "alloc.c", "\t\tb->high_water->armed = true;\n", "", "contract"),
    fault("the most in use is not kept", "alloc.c", "if (in->max_usage < wr) {", "if (false) {", "contract"),
    fault("a batch has one too many", "consume.c", "while ((size_t)count < max &&", "while ((size_t)count <= max &&",
          "contract"),
    # Orders.
    fault("commit does not release", "ring.h", "atomic32_store_release(header, raw | STATE_COMMITTED);",
          "atomic32_store_relaxed(header, raw | STATE_COMMITTED);", "stress", tsan=True),
    fault("free does not release", "consume.c", "atomic32_store_release(header, skip);",
          "atomic32_store_relaxed(header, skip);", "stress", tsan=True),
    fault("a header is looked at without acquiring", "ring.h", "return atomic32_load_acquire(header);",
          "return atomic32_load_relaxed(header);", "stress", tsan=True),
]
