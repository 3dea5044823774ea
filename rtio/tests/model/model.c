/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Random programs of requests, done on a context and on the reference: chains and transactions of all
 * kinds of requests, ends well and badly, cancels by handle, withdrawals, signals, delays, deadlines,
 * lost completions, a pool that is empty. After each step what was started, answered and left must be
 * the same.
 */
#include "../support/crew.h"
#include "../support/device.h"
#include "reference.h"

#define SQ     10
#define CQ     6
#define BLOCKS 3
#define SIZE   8
#define STEPS  300

/*
 * Timeouts are multiples of a turn, and each step begins a tick later in its turn than the one before:
 * nothing is due when the program looks. Where there is no virtual clock they have passed, or never do.
 */
#define TURN 1024

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
RTIO_DEFINE_WITH_MEMPOOL(model_ctx, SQ, CQ, BLOCKS, SIZE, 4);
#else
RTIO_DEFINE(model_ctx, SQ, CQ);
#endif
RTIO_EXECUTOR_CONCURRENT_DEFINE(model_exec, 2);
RTIO_EXECUTOR_SIMPLE_DEFINE(model_simple);

static struct reference ref;
static struct rtio_iodev_sqe *with_device[REQUESTS];
static struct rtio_sqe *entry[REQUESTS];
static struct event starts[4 * REQUESTS]; /* as in the reference */
static uint32_t started;
static uint32_t consumed; /* answers compared so far */
static unsigned long lost_before;
static int used; /* numbers so far */
static uint32_t seed;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	port_clock_virtual_start();
#endif
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	k_sleep(K_TICKS(1));
	port_clock_virtual_stop();
#endif
}

ZTEST_SUITE(rtio_model, NULL, NULL, before, after, NULL);

/* @return a number below @p n. */
static uint32_t below(uint32_t n)
{
	return crew_random(&seed) % n;
}

static bool chance(uint32_t percent)
{
	return below(100) < percent;
}

/* ---- the device ------------------------------------------------------------------------------ */

static void end_request(struct rtio_iodev_sqe *s, int result)
{
	if (result >= 0 && s->sqe.op == RTIO_OP_RX) {
		uint8_t *buf;
		uint32_t len;
		int ret = rtio_sqe_rx_buf(s, 1, SIZE, &buf, &len);

		result = ret != 0 ? ret : result;
	}
	if (result < 0) {
		rtio_iodev_sqe_err(s, result);
	} else {
		rtio_iodev_sqe_ok(s, result);
	}
}

static void submit(struct rtio_iodev_sqe *s)
{
	int n = POINTER_TO_INT(s->sqe.userdata);

	starts[started++] = (struct event){n, 0, false};
	if (ref.request[n].kind == AT_ONCE) {
		end_request(s, ref.request[n].result);
	} else {
		with_device[n] = s;
	}
}

static void cancel(struct rtio_iodev_sqe *s)
{
	int n = POINTER_TO_INT(s->sqe.userdata);

	if (!ref.request[n].deaf && with_device[n] != NULL) {
		with_device[n] = NULL;
		end_request(s, -ECANCELED);
	}
}

static const struct rtio_iodev_api api = {.submit = submit, .cancel = cancel};
static const struct rtio_iodev device = {&api, NULL};

static void on_callback(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	ARG_UNUSED(r);
	ARG_UNUSED(arg0);
	starts[started++] = (struct event){POINTER_TO_INT(sqe->userdata), res, false};
}

/* ---- steps ----------------------------------------------------------------------------------- */

static enum kind random_kind(void)
{
	enum kind kind = (enum kind)below(KINDS);

	if (kind == READ && !IS_ENABLED(CONFIG_RTIO_SYS_MEM_BLOCKS)) {
		return HELD;
	}
	if (kind == DELAY && !IS_ENABLED(CONFIG_RTIO_DEADLINE)) {
		return CALLBACK;
	}
	return kind == UNKNOWN && !chance(20) ? AT_ONCE : kind;
}

static int64_t random_timeout(uint32_t least)
{
	uint32_t turns = least + below(6);

	return IS_ENABLED(CONFIG_PORT_VIRTUAL_CLOCK) || turns == 0 ? turns * TURN
								   : (int64_t)1 << 40;
}

/* Invent request @p n, linked by @p before to the one before it and by @p link to the next. */
static void invent(int n, uint16_t before, uint16_t link)
{
	struct request *q = &ref.request[n];
	bool together = ((before | link) & RTIO_SQE_TRANSACTION) != 0;

	*q = (struct request){.kind = random_kind(), .place = TAKEN, .next = NOBODY, .head = n};
	q->flags = (uint16_t)(link | (chance(15) ? RTIO_SQE_NO_RESPONSE : 0));
	q->deaf = q->kind != AWAIT && q->kind != DELAY && chance(30);
	q->due = NEVER;
	q->expires = NEVER;
	q->timeout = NEVER;
	if (IS_ENABLED(CONFIG_RTIO_DEADLINE)) {
		q->delay = random_timeout(1);
		q->timeout = chance(25) ? random_timeout(0) : NEVER;
	}
	q->result = chance(20) ? -EIO : (int)below(100);
	if (q->kind == READ) {
		q->flags |= RTIO_SQE_MEMPOOL_BUFFER;
	}
	if (link == 0 && !together && (q->kind == HELD || q->kind == READ) && chance(30)) {
		q->flags |= RTIO_SQE_MULTISHOT;
	}
}

static void prepare(struct rtio_sqe *sqe, int n)
{
	void *userdata = INT_TO_POINTER(n);

	switch (ref.request[n].kind) {
	case CALLBACK:
		rtio_sqe_prep_callback(sqe, on_callback, NULL, userdata);
		break;
	case AWAIT:
		rtio_sqe_prep_await_executor(sqe, 0, userdata);
		break;
	case UNKNOWN:
		rtio_sqe_prep_nop(sqe, NULL, userdata);
		break;
	case READ:
		rtio_sqe_prep_read_with_pool(sqe, &device, 0, userdata);
		break;
#ifdef CONFIG_RTIO_DEADLINE
	case DELAY:
		rtio_sqe_prep_delay(sqe, K_TICKS(ref.request[n].delay), userdata);
		break;
#endif
	default:
		rtio_sqe_prep_nop(sqe, &device, userdata);
		break;
	}
	sqe->flags = ref.request[n].flags;
#ifdef CONFIG_RTIO_DEADLINE
	if (ref.request[n].timeout != NEVER) {
		rtio_sqe_set_deadline(sqe, K_TICKS(ref.request[n].timeout));
	}
#endif
}

/* Take @p count entries for the requests from @p n on. @return whether there were as many. */
static bool take(int n, uint32_t count)
{
	struct rtio_sqe *sqes[SQ];
	struct rtio_sqe copies[SQ];
	rtio_sqe_handle_t handles[SQ];
	uint32_t room = SQ - reference_in_use(&ref);
	bool copy = chance(50);
	int ret;

	if (copy) {
		for (uint32_t i = 0; i < count; i++) {
			prepare(&copies[i], n + (int)i);
		}
		ret = rtio_sqe_copy_in_handles(&model_ctx, copies, handles, count);
	} else {
		ret = rtio_sqe_acquire_array(&model_ctx, count, sqes);
	}
	zassert_equal(ret, count <= room ? 0 : -ENOMEM);
	for (uint32_t i = 0; ret == 0 && i < count; i++) {
		if (!copy) {
			prepare(sqes[i], n + (int)i);
			handles[i] = rtio_sqe_handle(sqes[i]);
		}
		ref.request[n + (int)i].handle = handles[i];
		entry[n + (int)i] = copy ? NULL : sqes[i];
	}
	return ret == 0;
}

/* One chain, of one request or more. */
static void step_submit(void)
{
	uint32_t count = 1 + below(chance(50) ? 1 : 5);
	int first = used;
	uint16_t link = 0;

	if (used + (int)count > REQUESTS) {
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint16_t next = chance(40) ? RTIO_SQE_TRANSACTION : RTIO_SQE_CHAINED;

		next = i + 1 < count ? next : 0;
		invent(first + (int)i, link, next);
		link = next;
		ref.request[first + (int)i].place = UNUSED;
	}
	if (!take(first, count)) {
		return;
	}
	used += (int)count;
	for (uint32_t i = 0; i < count; i++) {
		int n = first + (int)i;

		ref.request[n].place = TAKEN;
		ref.request[n].next = i + 1 < count ? n + 1 : NOBODY;
		if (chance(5)) {
			zassert_equal(rtio_cancel(&model_ctx, ref.request[n].handle),
				      reference_cancel(&ref, n));
		}
		if (chance(5) && entry[n] != NULL) {
			ref.request[n].withdrawn = true;
			zassert_ok(rtio_sqe_cancel(entry[n]));
		}
	}
	zassert_ok(rtio_submit(&model_ctx, 0));
	reference_submit(&ref, first);
}

/* @return a request that the device holds, NOBODY if there is none. */
static int any_held(void)
{
	int from = used > 0 ? (int)below((uint32_t)used) : 0;

	for (int i = 0; i < used; i++) {
		int n = (from + i) % used;

		if (with_device[n] != NULL) {
			return n;
		}
	}
	return NOBODY;
}

static void step_end(void)
{
	int n = any_held();
	struct rtio_iodev_sqe *s;
	int result;

	if (n == NOBODY) {
		return;
	}
	s = with_device[n];
	with_device[n] = NULL;
	result = chance(25) ? -EIO : (int)below(100);
	end_request(s, result);
	reference_end(&ref, n, result);
}

static void step_cancel(void)
{
	int n = used > 0 ? (int)below((uint32_t)used) : 0;

	if (used > 0) {
		zassert_equal(rtio_cancel(&model_ctx, ref.request[n].handle),
			      reference_cancel(&ref, n), "cancel of %d", n);
	}
}

static void step_signal(void)
{
	for (int n = 0; n < used; n++) {
		if (ref.request[n].kind == AWAIT && chance(50)) {
			zassert_equal(rtio_signal(&model_ctx, ref.request[n].handle),
				      reference_signal(&ref, n), "signal of %d", n);
		}
	}
}

static void step_cancel_all(bool all)
{
	zassert_equal(rtio_cancel_all(&model_ctx, all ? NULL : &device),
		      reference_cancel_all(&ref, all));
}

/* Consume one and compare it. @return whether there was one. */
static bool step_consume(void)
{
	struct rtio_cqe *cqe = rtio_cqe_consume(&model_ctx);
	struct event want = ref.answers[consumed];
	struct event is;
	uint8_t *buf = NULL;
	uint32_t len = 0;

	zassert_equal(cqe != NULL, ref.queued > 0, "answer %d", (int)consumed);
	if (cqe == NULL) {
		return false;
	}
	is = (struct event){POINTER_TO_INT(cqe->userdata), cqe->result, false};
	/* Those behind the first of a transaction come with none. */
	if (rtio_cqe_get_mempool_buffer(&model_ctx, cqe, &buf, &len) == 0 && len != 0) {
		is.block = true;
		zassert_true(buf != NULL && len == SIZE);
		rtio_release_buffer(&model_ctx, buf, len);
		ref.blocks++;
	}
	rtio_cqe_release(&model_ctx, cqe);
	consumed++;
	ref.queued--;
	zassert_true(is.number == want.number && is.result == want.result && is.block == want.block,
		     "request %d: %d (block %d) instead of %d: %d (block %d)", is.number, is.result,
		     is.block, want.number, want.result, want.block);
	return true;
}

/* ---- programs -------------------------------------------------------------------------------- */

static void compare(void)
{
	zassert_equal(started, ref.started, "%u started instead of %u", (unsigned int)started,
		      (unsigned int)ref.started);
	for (uint32_t i = 0; i < started; i++) {
		zassert_true(starts[i].number == ref.starts[i].number &&
				     starts[i].result == ref.starts[i].result,
			     "start %d: %d (%d) instead of %d (%d)", (int)i, starts[i].number,
			     starts[i].result, ref.starts[i].number, ref.starts[i].result);
	}
	started = 0;
	ref.started = 0;
	zassert_equal(rtio_sqe_acquirable(&model_ctx), SQ - reference_in_use(&ref),
		      "%u entries home instead of %u",
		      (unsigned int)rtio_sqe_acquirable(&model_ctx),
		      (unsigned int)(SQ - reference_in_use(&ref)));
	zassert_equal((unsigned long)model_ctx.xcqcnt - lost_before, ref.lost,
		      "%u lost instead of %u",
		      (unsigned int)((unsigned long)model_ctx.xcqcnt - lost_before),
		      (unsigned int)ref.lost);
}

/* What is due at once happens, and on the virtual clock sometimes more. */
static void step_time(void)
{
	if (!IS_ENABLED(CONFIG_RTIO_DEADLINE)) {
		return;
	}
	if (IS_ENABLED(CONFIG_PORT_VIRTUAL_CLOCK)) {
		int64_t ticks = 1 + (chance(30) ? (1 + below(3)) * TURN : 0);

		k_sleep(K_TICKS(ticks));
		reference_advance(&ref, ref.now + ticks);
	} else if (reference_is_due(&ref)) {
		k_sleep(K_TICKS(1));
		reference_advance(&ref, ref.now);
	}
}

static void step(void)
{
	uint32_t what = below(100);

	if (what < 35) {
		step_submit();
	} else if (what < 60) {
		step_end();
	} else if (what < 85) {
		(void)step_consume();
	} else if (what < 93) {
		step_cancel();
	} else if (what < 98) {
		step_signal();
	} else {
		step_cancel_all(chance(30));
	}
	step_time();
	compare();
}

/* Let all of it end. */
static void drain(void)
{
	step_cancel_all(true);
	compare();
	while (any_held() != NOBODY) {
		step_end();
		compare();
		while (step_consume()) {
		}
	}
	while (step_consume()) {
	}
	zassert_equal(reference_in_use(&ref), 0);
	expect_home(&model_ctx);
}

static void program(struct rtio_executor *executor, uint32_t limit)
{
	uint32_t from = seed;

	memset(&ref, 0, sizeof(ref));
	memset(with_device, 0, sizeof(with_device));
	ref.limit = limit;
	ref.cqes = CQ;
	ref.blocks = BLOCKS;
	started = 0;
	consumed = 0;
	used = 0;
	lost_before = (unsigned long)model_ctx.xcqcnt;
	rtio_set_executor(&model_ctx, executor);
	TC_PRINT("seed %#x\n", (unsigned int)from);
	for (int i = 0; i < STEPS && ref.answered < 2 * REQUESTS - 32; i++) {
		step();
	}
	drain();
}

ZTEST(rtio_model, test_all_at_once)
{
	for (int i = 0; i < 10; i++) {
		seed = crew_seed();
		program(NULL, 0);
	}
}

ZTEST(rtio_model, test_one_after_the_other)
{
	for (int i = 0; i < 10; i++) {
		seed = crew_seed();
		program(&model_simple.ctx, 1);
	}
}

ZTEST(rtio_model, test_two_at_once)
{
	for (int i = 0; i < 10; i++) {
		seed = crew_seed();
		program(&model_exec.ctx, 2);
	}
}
