# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces in which file, and the test program that must notice."""

import collections

Fault = collections.namedtuple("Fault", "name program file old new")

# Each program and its sources.
PROGRAMS = {
    "api": ["api/cancel.c", "api/executors.c", "api/mempool.c", "api/queues.c", "api/ring.c"],
    "faults": ["faults/faults.c"],
    "irq": ["irq/irq.c"],
    "misuse": ["misuse/misuse.c"],
    "model": ["model/model.c", "model/reference.c"],
    "split": ["split/split.c"],
    "threads": ["threads/deadlines.c", "threads/together.c", "threads/waiting.c"],
    "work": ["work/work.c"],
}

FAULTS = [
    # Two ends at once, for one pool of completions; nothing lost, nothing twice.
    Fault("an end does not take the lock", "threads", "plain.c",
          "\tif (unlikely(k_spin_trylock(&r->lock, &key) != 0)) {\n\t\tend_contended(s, result);\n\t} else if",
          "\tkey.key = 0;\n\tif"),
    Fault("copying in does not take the lock", "threads", "submission.c",
          "\tkey = k_spin_lock(&r->lock);\n\tlist_add(&r->copied, list.first, list.last);\n"
          "\tk_spin_unlock(&r->lock, key);\n",
          "\tstruct rtio_sqe_list copied = r->copied;\n\n\t(void)key;\n\tk_yield();\n"
          "\tlist_add(&copied, list.first, list.last);\n\tr->copied = copied;\n"),
    # Who acquires and who submits.
    Fault("submission takes what another one prepares", "irq", "plain.c",
          "likely(r->acquired.first != NULL) && likely(r->holder == port_context())", "r->acquired.first != NULL"),
    Fault("another one may acquire meanwhile", "misuse", "submission.c",
          "} else if (likely(r->holder == port_context())) {", "} else if (true) {"),
    Fault("a refused request is lost", "misuse", "submission.c",
          "\tsqe_put(r, s);\n\tk_spin_unlock(&r->lock, key);\n\tnot_the_holder();",
          "\tk_spin_unlock(&r->lock, key);\n\tnot_the_holder();"),
    Fault("copying in takes part of what it needs", "faults", "submission.c",
          "\t\t\tsqe_put_back(r, list->first);\n\t\t\treturn false;", "\t\t\treturn false;"),
    # Cancelling.
    Fault("a handle of an entry used again is valid", "api", "cancel.c",
          "s->generation == generation ?", "(generation | 1) != 0 ?"),
    Fault("the number of uses stands still", "api", "internal.h", "\ts->generation++;\n", ""),
    Fault("cancelling a member leaves the transaction alone", "model", "cancel.c",
          "if ((status & (MARK_MEMBER | mark)) == MARK_MEMBER) {", "if (false) {"),
    Fault("a transaction with a cancelled member starts", "model", "executor.c", " && !unite(r, s, false)", ""),
    Fault("what is linked behind a cancelled one goes on", "model", "executor.c",
          "*before = stop && result >= 0 ? -ECANCELED : result;", "*before = result;"),
    Fault("a held request is ended under its holder", "threads", "plain.c",
          "\tbool held = status >= HOLD;\n", "\tbool held = false;\n"),
    Fault("nobody holds a request while it is asked to stop", "threads", "cancel.c",
          "\tstatus_set(s, (status | mark) + (active ? HOLD : 0));", "\tstatus_set(s, status | mark);"),
    Fault("what an executor holds back cannot be cancelled", "model", "cancel.c",
          "\tif (pending) {\n\t\trtio_pending_remove(r, s);\n\t}\n", "\tpending = false;\n"),
    Fault("a withdrawn request runs", "model", "executor.c",
          "\t\tbool withdrawn = (status_get(s) & MARK_WITHDRAWN) != 0;\n", "\t\tbool withdrawn = false;\n"),
    # Chains, transactions, multishot.
    Fault("a chain goes on behind a failure", "model", "executor.c", "\tif (before < 0) {\n", "\tif (false) {\n"),
    Fault("all of a transaction say why", "model", "executor.c",
          "\t\tif (result < 0) {\n\t\t\tresult = -ECANCELED;\n\t\t}\n", ""),
    Fault("callbacks behind a failure do not run", "model", "executor.c",
          "\t\tif (s->sqe.op == RTIO_OP_CALLBACK && s->sqe.iodev == NULL) {", "\t\tif (false) {"),
    Fault("a failed multishot starts again", "api", "executor.c",
          "\tagain = result >= 0 && (s->sqe.flags", "\tagain = (s->sqe.flags"),
    Fault("a cancelled multishot starts again", "model", "executor.c",
          "\t    (status & (MARK_ASKED | MARK_LATE)) != 0) {\n\t\tresult = -ECANCELED;", "\t    false) {\n\t\tresult = -ECANCELED;"),
    Fault("a failed read keeps its memory", "model", "executor.c",
          "\tif (pooled && s->sqe.rx.buf != NULL) {", "\tif (false) {"),
    Fault("a completion names memory that is home", "model", "executor.c",
          "uint32_t flags = pooled && result >= 0 ? rtio_mempool_flags(s) : 0;",
          "uint32_t flags = pooled ? rtio_mempool_flags(s) : 0;"),
    Fault("a request that ended in submit() ends there", "api", "executor.c",
          "\t\tstatus_set(s, STATE_ACTIVE | HOLD);", "\t\tstatus_set(s, STATE_ACTIVE);"),
    Fault("what is sent once is answered though nobody wants it", "model", "executor.c",
          "\tif ((s->sqe.flags & RTIO_SQE_NO_RESPONSE) == 0) {", "\tif (true) {"),
    # Completions.
    Fault("a lost completion is not counted", "faults", "internal.h", "\t\tcount_up(&r->xcqcnt);\n", ""),
    Fault("a lost completion is no end", "api", "internal.h",
          "\tcount_up(&r->cq_count);\n\tif (unlikely(cqe == NULL)) {",
          "\tif (cqe != NULL) {\n\t\tcount_up(&r->cq_count);\n\t}\n\tif (unlikely(cqe == NULL)) {"),
    Fault("counts are compared without their wrap", "api", "plain.c",
          "\treturn (long)(count_get(&r->cq_count) - target) >= 0;", "\treturn count_get(&r->cq_count) >= target;"),
    Fault("what was there before counts for who waits", "api", "plain.c",
          "\tunsigned long target = count_get(&r->cq_count) + wait_count;\n\tint64_t deadline",
          "\tunsigned long target = wait_count;\n\tint64_t deadline"),
    Fault("an end wakes nobody", "threads", "internal.h", "\tif (unlikely(r->waiting)) {", "\tif (false) {"),
    Fault("nobody is said to wait for completions", "threads", "completion.c",
          "\tr->waiting = true;\n\t(void)wait_q_wait(&r->consumers,", "\t(void)wait_q_wait(&r->consumers,"),
    Fault("who waits for one gets none", "threads", "completion.c", "\t\tw->data = cq_take(r);\n", ""),
    # Waiting for signals.
    Fault("an early signal is forgotten", "model", "await.c",
          "\tbool signalled = iodev_sqe->sqe.await.ok == AWAIT_SIGNALED;", "\tbool signalled = false;"),
    Fault("a second signal calls again", "api", "await.c",
          "\t\ts->sqe.await.ok = AWAIT_OVER;\n\t\tcallback", "\t\tcallback"),
    # Deadlines.
    Fault("a deadline is not for what is linked behind", "threads", "timeout.c",
          "\tif (next != NULL) {\n\t\tset_deadline(next,", "\tif (false) {\n\t\tset_deadline(next,"),
    Fault("a deadline outlives its request", "threads", "timeout.c",
          "\treturn (s->sqe.flags & RTIO_SQE_DEADLINE) != 0 && own_deadline(s) <= port_clock_ticks();",
          "\treturn own_deadline(s) <= port_clock_ticks() || true;"),
    Fault("what is late says that it was cancelled", "threads", "executor.c",
          "? -ETIMEDOUT : result;", "? -ECANCELED : result;"),
    Fault("what is held back has no deadline", "threads", "executor.c", "\t\t\trtio_deadline_wait(head);\n", ""),
    # Executors and priorities.
    Fault("an executor has no limit", "model", "executor.c", "\tgo = exec->active < exec->limit;", "\tgo = true;"),
    Fault("what was cancelled takes the place of another one", "model", "executor.c",
          "r->executor->active > r->executor->limit ? NULL", "false ? NULL"),
    Fault("the lowest priority starves", "api", "prio_queue.c", "\t\t\tdue = true;\n", "\t\t\tcontinue;\n"),
    Fault("parts wait for their own chain", "split", "executor.c",
          "\tif (exec == NULL || (head->sqe.flags & RTIO_SQE_PART) != 0) {", "\tif (exec == NULL) {"),
    Fault("parts end the chain of their parent", "split", "executor.c", "next = part ? NULL : next_chain(r);",
          "next = next_chain(r);"),
    Fault("each part answers", "split", "split.c", "\tif (atomic32_sub_acq_rel(&split->left, 1) == 1) {",
          "\tatomic32_sub_acq_rel(&split->left, 1);\n\tif (true) {"),
    # Memory and work.
    Fault("a ring hands out what is in use", "api", "mempool.c",
          "\twhile (count < max && pool->next + count < pool->num_blks &&\n\t       !is_used(pool, pool->next + count)) {",
          "\twhile (count < max && pool->next + count < pool->num_blks) {"),
    Fault("a ring hands out what is free", "api", "mempool.c", "\t*where = pool->next;\n",
          "\twhile (pool->num_used < pool->num_blks && is_used(pool, pool->next)) {\n"
          "\t\tpool->next = (pool->next + 1) % pool->num_blks;\n\t}\n\t*where = pool->next;\n"),
    Fault("memory that is home is taken back", "misuse", "mempool.c",
          "\t\tvalid = is_used(pool, block + i);\n", ""),
    Fault("a piece of work goes home before its function returns", "work", "work.c",
          "\t\treq->handler(s);\n\t\tput(req);", "\t\tput(req);\n\t\treq->handler(s);"),
]
