# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces in which file, and the test program that must notice.

Those named after a D are the defects of the original that doc/iob.md lists.
"""

import collections

Fault = collections.namedtuple("Fault", "name file old new program tsan")

# Each program: its sources, and options for it and for the library's sources.
PROGRAMS = {
    "pool": (["pool/*.c"], []),
    "data": (["data/*.c"], []),
    "model": (["model/*.c"], []),
    "queue": (["queue/*.c"], []),
    "wait": (["wait/*.c", "support/team.c"], []),
    "threads": (["threads/*.c", "support/team.c"], []),
    "locks": (["locks/*.c"], ["-include", "locks/count.h"]),
    "external": (["external/*.c"], []),
    "budget": (["budget/*.c", "support/team.c"], []),
    "notifier": (["notifier/*.c"], []),
}
SUPPORT = ["support/chains.c", "support/home.c", "support/misuse.c"]


def fault(name, file, old, new, program, tsan=False):
    return Fault(name, file, old, new, program, tsan)


FAULTS = [
    # The defects of the original.
    fault("D1: a timeout keeps the buffer that it registered for", "wait.c",
          "\t\treturn w.data;\n\t}\n\tk_spin_unlock",
          "\t\tif (w.data == NULL) {\n\t\t\tlevel_set(pool, pool->level - 1);\n\t\t}\n\t\treturn w.data;\n\t}\n"
          "\tk_spin_unlock", "wait"),
    fault("D1: who gives up stays registered", "wait.c",
          "\t\treturn w.data;\n\t}\n\tk_spin_unlock",
          "\t\tstatic struct waiter gone;\n\n\t\tif (w.data == NULL) {\n\t\t\tgone = w;\n\t\t\tgone.taken = 0;\n"
          "\t\t\twait_q_add(&pool->waiters[0], &gone);\n\t\t}\n\t\treturn w.data;\n\t}\n\tk_spin_unlock", "wait"),
    fault("D2: bytes that overlap are copied in the wrong order", "pack.c",
          "memmove(iob->io_data, IOB_DATA(iob), iob->io_len);",
          "for (unsigned int i = iob->io_len; i-- > 0;) {\n\t\tiob->io_data[i] = IOB_DATA(iob)[i];\n\t}", "data"),
    fault("D3: packing goes on when one buffer was pulled in", "pack.c",
          "\t\t\tunlink_next(iob, emptied);\n", "\t\t\tunlink_next(iob, emptied);\n\t\t\tbreak;\n", "data"),
    fault("D4: a buffer more when the last one is full", "resize.c",
          "if (left == 0) {", "if (left == 0 && part < room) {", "data"),
    fault("D5: the length is what was wanted", "resize.c",
          "first->io_pktlen = bytes - left;", "first->io_pktlen = bytes;", "data"),
    fault("D5: buffers beyond the end stay", "resize.c", "\t\t\tiob_cut(iob);\n", "", "data"),
    fault("D6: a length below zero", "copy.c",
          "wanted = MAX((int)(len + (unsigned int)offset2), 0);", "wanted = len + (unsigned int)offset2;", "data"),
    fault("D7: the header is aligned, not the payload", "pool.h",
          "#define POOL_HEADER ALIGN_UP(sizeof(struct iob_s))", "#define POOL_HEADER sizeof(struct iob_s)", "pool"),
    fault("D8: room is reckoned with the pool's size", "resize.c",
          "unsigned int room = (unsigned int)(IOB_BUFSIZE(iob) - iob->io_offset);",
          "unsigned int room = (unsigned int)(CONFIG_IOB_BUFSIZE - iob->io_offset);", "external"),
    fault("D9: an empty buffer exposes bytes", "resize.c", "if (iob->io_len > 0) {", "if (true) {", "data"),
    fault("D10: what is free is freed", "pool.c", "if (unlikely(is_link(next))) {", "if (false) {", "pool"),
    fault("D10: what is free is freed in a chain", "pool.c", "home = is_link(next);", "home = false;", "pool"),
    fault("D10: what is not from the pool goes there", "pool.c",
          "if (unlikely(!from_pool(iob))) {", "if (iob == NULL) {", "pool"),
    fault("D10: a buffer without a callback goes to the pool", "external.c",
          "if (iob == NULL || data == NULL || free_cb == NULL) {", "if (iob == NULL || data == NULL) {", "external"),
    fault("D11: a chain is freed buffer by buffer", "pool.c",
          "while (iob != NULL && from_pool(iob) && !is_owned(iob)) {", "while (false) {", "locks"),
    fault("D11: buffers are taken one by one", "pool.c",
          "n = MIN(MIN(n, (unsigned int)avail), IOB_CHAIN_STEP);", "n = 1;", "locks"),
    # Waiting.
    fault("who waits is forgotten by a buffer", "pool.c", "if (unlikely(level < 0 || is_owned(iob))) {",
          "if (is_owned(iob)) {", "wait"),
    fault("who waits is forgotten by a chain", "pool.c",
          "while (unlikely((iob_pool.level & POOL_WAITING) != 0)) {", "while (false) {", "wait"),
    fault("the throttled are served first", "wait.c",
          "\tw = next_served(pool, node);\n", "\tw = wait_q_take(&pool->waiters[THROTTLED]);\n"
          "\tif (w == NULL) {\n\t\tw = next_served(pool, node);\n\t}\n", "wait"),
    fault("the throttled are served from the reserve", "wait.c",
          "(pool->level & ~POOL_WAITING) >= CONFIG_IOB_THROTTLE", "true", "wait"),
    fault("the throttled are served one buffer late", "wait.c", ">= CONFIG_IOB_THROTTLE", "> CONFIG_IOB_THROTTLE",
          "wait"),
    fault("the throttled take the reserve", "pool.h", "return (int32_t)throttled * CONFIG_IOB_THROTTLE;",
          "return 0;", "pool"),
    fault("what is handed over is not new", "pool.c", "\tif (iob != NULL) {\n\t\treset(iob);\n",
          "\tif (iob != NULL) {\n\t\tiob->io_flink = NULL;\n", "wait"),
    fault("a buffer that nobody waits for any more is counted twice", "wait.c",
          "level_set(pool, pool->level + 1);", "level_set(pool, pool->level + 2);", "wait"),
    fault("an ISR waits", "wait.c", "if (deadline != 0 && port_in_isr()) {", "if (false) {", "pool"),
    fault("a copy waits for what cannot come", "resize.c",
          "(growth->flags & GROW_WAIT) != 0 && can_ever(bytes, growth)",
          "(growth->flags & GROW_WAIT) != 0", "data"),
    fault("a copy does not wait", "resize.c", "(growth->flags & GROW_WAIT) != 0 && can_ever", "false && can_ever",
          "wait"),
    # The pool.
    fault("the list is taken from without its lock", "pool.c",
          "\tiob = pop(pool);\n\tk_spin_unlock(&iob_pool.lock, key);\n\treset(iob);",
          "\tk_spin_unlock(&iob_pool.lock, key);\n\tcompiler_barrier();\n\tiob = pop(pool);\n\treset(iob);",
          "threads"),
    fault("the list is put to without its lock", "pool.c",
          "\tpush(pool, iob);\n\tk_spin_unlock(&iob_pool.lock, key);\n\tiob_notifier",
          "\tk_spin_unlock(&iob_pool.lock, key);\n\tcompiler_barrier();\n\tpush(pool, iob);\n\tiob_notifier",
          "threads"),
    fault("initialised again", "pool.c", "\tif (!ready) {", "\tif (true) {", "pool"),
    fault("several buffers are not new", "pool.c", "\t\treset(taken[i]);\n", "\t\ttaken[i]->io_flink = NULL;\n", "pool"),
    fault("the rest has no length", "pool.c",
          "next->io_pktlen = iob->io_pktlen > iob->io_len ? iob->io_pktlen - iob->io_len : 0;",
          "next->io_pktlen = 0;", "pool"),
    # Data.
    fault("the last buffer is freed, too", "trim.c", "if (iob->io_flink == NULL) {\n\t\t\tiob->io_len = 0;",
          "if (false) {\n\t\t\tiob->io_len = 0;", "data"),
    fault("trimming the end keeps one buffer more", "trim.c", "end->io_len <= left", "end->io_len < left", "data"),
    fault("a beginning before the memory", "copy.c", "return offset < -(int)iob->io_offset ? -ESPIPE : 0;",
          "return 0;", "data"),
    fault("a buffer in the middle gets longer", "copy.c",
          "for (last = iob; last->io_flink != NULL; last = last->io_flink) {", "for (last = iob; false;) {", "data"),
    fault("new buffers of a copy are counted in the middle", "copy.c", "\t\t\tlast->io_pktlen = 0;\n", "", "data"),
    fault("a chain is joined with itself", "chain.c", "for (last = iob1; last != iob2;", "for (last = iob1; true;", "data"),
    fault("the length of what is joined is lost", "chain.c", "iob1->io_pktlen += iob2->io_pktlen;", "", "model"),
    fault("empty buffers at the end stay", "pack.c", "while (iob->io_flink != NULL) {\n\t\tunlink_next",
          "while (false) {\n\t\tunlink_next", "data"),
    # Queues.
    fault("the queue ends where nothing is", "queue.c", "\t\tq->qh_tail = before;\n", "", "queue"),
    fault("who waits for a place is forgotten", "queue.c",
          "if (unlikely((int32_t)iob_places.level < 0)) {", "if (false) {", "wait"),
    fault("a queue is changed without its lock", "queue.c",
          "\tentry->qe_flink = NULL;\n\tentry->qe_head = iob;",
          "\tk_spin_unlock(&iob_places.lock, key);\n\tcompiler_barrier();\n\tkey = k_spin_lock(&iob_places.lock);\n"
          "\tk_spin_unlock(&iob_places.lock, key);\n"
          "\tentry->qe_flink = NULL;\n\tentry->qe_head = iob;\n\tif (q->qh_head != NULL) {\n"
          "\t\tq->qh_tail->qe_flink = entry;\n\t\tq->qh_tail = entry;\n\t\treturn 0;\n\t}\n"
          "\tkey = k_spin_lock(&iob_places.lock);", "threads"),
    fault("a buffer is free before its queue has the next one", "queue.c",
          "iob_trim_front(iob, trimlen, &rest);\n",
          "iob_trim_front(iob, trimlen, &rest);\n\t\tiob_free_chain(rest);\n\t\trest = NULL;\n", "external"),
    fault("a queue that was emptied is still in use", "queue.c", "\t\tIOB_QINIT(src);\n", "", "queue"),
    # Options.
    fault("the header of a dynamic buffer is lost", "external.c", "\t\tk_free(iob);\n", "", "external"),
    fault("freed again, what is not the pool's", "external.c", "\tiob->io_kind = 0;\n", "\tiob->io_free = free_cb;\n",
          "external"),
    fault("what is kept can be had by all", "budget.c",
          "level_set(&iob_pool, iob_pool.level - budget->reserve);", "", "budget"),
    fault("the limit is not looked at", "budget.c", "b->held < b->limit && (iob_pool", "(iob_pool", "budget"),
    fault("a waiter at its limit is served", "budget.c", "b->held < b->limit ? wait_q_peek(&b->waiters) : NULL",
          "wait_q_peek(&b->waiters)", "budget"),
    fault("what was kept goes to all", "budget.c", "if (b->held >= b->reserve) {", "if (true) {", "budget"),
    fault("a buffer counts for its budget for ever", "budget.c", "\tb->held--;\n", "", "budget"),
    fault("a chain passes by its budgets", "pool.c", "#define is_owned(iob) (iob_budgets.owners[index_of(iob)] != NULL)",
          "#define is_owned(iob) false", "budget"),
    fault("told at each buffer", "notifier.c", "before / divisor() == after / divisor()", "before == after",
          "notifier"),
    fault("told again and again", "notifier.c", "\t\tfirst->state = UNUSED;\n", "\t\tfirst->state = ARMED;\n\t\tarmed++;\n",
          "notifier"),
    fault("told although called off", "notifier.c", "\t\t\tnote->state = UNUSED;\n", "", "notifier"),
]
