/* SPDX-License-Identifier: Apache-2.0 */
/** @file A context for requests, two devices, and what an ISR may do with them. */
#include "request_books.h"

#include <errno.h>
#include <string.h>

#include "worlds.h"

#define PARTS 3 /* of what is submitted as one, at most */

struct request_book request_books[PARTIES];
RTIO_DEFINE_WITH_MEMPOOL(request_ctx, REQUESTS, COMPLETIONS, BLOCKS, BLOCK_SIZE, 4);

/* What is under way before an operation. */
static rtio_sqe_handle_t under_way[PARTS];
/* What was, and is over. */
static rtio_sqe_handle_t over;

static struct request_book *book_of(const struct account *a)
{
	return &request_books[a - accounts];
}

/* ---- devices --------------------------------------------------------------------------------- */

struct rtio_iodev_sqe *request_kept[REQUESTS];
uint32_t request_kept_count;

/* End @p s; a read gets its block first. */
static void end(struct rtio_iodev_sqe *s, int result)
{
	uint8_t *buf;
	uint32_t len;

	if (result >= 0 && s->sqe.op == RTIO_OP_RX) {
		result = rtio_sqe_rx_buf(s, BLOCK_SIZE, BLOCK_SIZE, &buf, &len);
	}
	if (result < 0) {
		rtio_iodev_sqe_err(s, result);
	} else {
		rtio_iodev_sqe_ok(s, result);
	}
}

static void submit_now(struct rtio_iodev_sqe *s)
{
	end(s, 0);
}

static void keep(struct rtio_iodev_sqe *s)
{
	unsigned int key = irq_lock();

	if (!rtio_iodev_sqe_is_canceled(s)) {
		request_kept[request_kept_count++] = s;
		irq_unlock(key);
		return;
	}
	irq_unlock(key);
	end(s, -ECANCELED);
}

/* Take @p s, or the oldest if it is NULL. @return it, NULL if it is not there. */
static struct rtio_iodev_sqe *take(struct rtio_iodev_sqe *s)
{
	unsigned int key = irq_lock();
	uint32_t i = 0;

	while (i < request_kept_count && s != NULL && request_kept[i] != s) {
		i++;
	}
	s = i < request_kept_count ? request_kept[i] : NULL;
	if (s != NULL) {
		request_kept_count--;
		for (; i < request_kept_count; i++) {
			request_kept[i] = request_kept[i + 1];
		}
	}
	irq_unlock(key);
	return s;
}

static void stop(struct rtio_iodev_sqe *s)
{
	if (take(s) != NULL) {
		end(s, -ECANCELED);
	}
}

static const struct rtio_iodev_api now_api = {.submit = submit_now};
static const struct rtio_iodev_api keeper_api = {.submit = keep, .cancel = stop};
static const struct rtio_iodev now = {.api = &now_api};
const struct rtio_iodev request_keeper = {.api = &keeper_api};

/* ---- operations ------------------------------------------------------------------------------ */

static void *number(struct request_book *book)
{
	book->last++;
	return UINT_TO_POINTER((uintptr_t)(book - request_books) << 28 | book->last);
}

/* @return how many requests @p kind is. */
static uint32_t prepare_kind(struct request_book *book, enum request_kind kind,
			     struct rtio_sqe *sqes)
{
	switch (kind) {
	case REQUEST_CHAIN:
		rtio_sqe_prep_nop(&sqes[0], &request_keeper, number(book));
		rtio_sqe_prep_nop(&sqes[1], &request_keeper, number(book));
		rtio_sqe_prep_nop(&sqes[2], &now, number(book));
		sqes[0].flags |= RTIO_SQE_CHAINED;
		sqes[1].flags |= RTIO_SQE_CHAINED;
		return 3;
	case REQUEST_TRANSACTION:
		rtio_sqe_prep_nop(&sqes[0], &request_keeper, number(book));
		rtio_sqe_prep_nop(&sqes[1], &request_keeper, number(book));
		sqes[0].flags |= RTIO_SQE_TRANSACTION;
		return 2;
	case REQUEST_POOL:
		rtio_sqe_prep_read_with_pool(sqes, &now, 0, number(book));
		return 1;
	case REQUEST_MULTISHOT:
		rtio_sqe_prep_read_multishot(
			sqes, &request_keeper, 0,
			UINT_TO_POINTER(POINTER_TO_UINT(number(book)) | REPEATS));
		return 1;
	case REQUEST_AWAIT:
		rtio_sqe_prep_await_executor(sqes, 0, number(book));
		return 1;
	default:
		rtio_sqe_prep_nop(sqes, kind == REQUEST_NOW ? &now : &request_keeper, number(book));
		return 1;
	}
}

static void copy_in(struct account *a, enum request_kind kind)
{
	struct request_book *book = book_of(a);
	rtio_sqe_handle_t handles[PARTS];
	struct rtio_sqe sqes[PARTS];
	uint32_t n = prepare_kind(book, kind, sqes);

	a->result = rtio_sqe_copy_in_handles(&request_ctx, sqes, handles, n);
	if (a->result == 0) {
		memcpy(under_way, a == &accounts[SCENE] ? handles : under_way, sizeof(handles));
		book->handle = handles[0];
		book->submitted += n;
		book->multishots += kind == REQUEST_MULTISHOT ? 1 : 0;
		for (uint32_t i = 0; i < n; i++) {
			book->submitted_sum += (uint32_t)POINTER_TO_UINT(sqes[i].userdata);
		}
	}
	a->wrong += a->result != 0 && a->result != -ENOMEM;
}

static void submit(struct account *a)
{
	a->wrong += rtio_submit(&request_ctx, 0) != 0;
}

static void copy_in_one(struct account *a)
{
	copy_in(a, REQUEST_SINGLE);
}

static void do_now(struct account *a)
{
	copy_in(a, REQUEST_NOW);
	submit(a);
}

static void do_chain(struct account *a)
{
	copy_in(a, REQUEST_CHAIN);
	submit(a);
}

static void do_transaction(struct account *a)
{
	copy_in(a, REQUEST_TRANSACTION);
	submit(a);
}

static void do_pool(struct account *a)
{
	copy_in(a, REQUEST_POOL);
	submit(a);
}

static void do_multishot(struct account *a)
{
	copy_in(a, REQUEST_MULTISHOT);
	submit(a);
}

static void do_await(struct account *a)
{
	copy_in(a, REQUEST_AWAIT);
	submit(a);
}

/* One context at a time does this. */
static void acquire(struct account *a)
{
	struct request_book *book = book_of(a);
	struct rtio_sqe *sqe = rtio_sqe_acquire(&request_ctx);

	if (sqe != NULL) {
		rtio_sqe_prep_nop(sqe, &request_keeper, number(book));
		book->submitted++;
		book->submitted_sum += (uint32_t)POINTER_TO_UINT(sqe->userdata);
		submit(a);
	}
}

static void acquire_array(struct account *a)
{
	struct request_book *book = book_of(a);
	struct rtio_sqe *sqes[2];

	a->result = rtio_sqe_acquire_array(&request_ctx, 2, sqes);
	for (uint32_t i = 0; a->result == 0 && i < 2; i++) {
		rtio_sqe_prep_nop(sqes[i], &now, number(book));
		book->submitted++;
		book->submitted_sum += (uint32_t)POINTER_TO_UINT(sqes[i]->userdata);
	}
	if (a->result == 0) {
		submit(a);
	}
	a->wrong += a->result != 0 && a->result != -ENOMEM;
}

static void end_one(struct account *a)
{
	struct rtio_iodev_sqe *s = take(NULL);

	ARG_UNUSED(a);
	if (s != NULL) {
		end(s, 0);
	}
}

static void fail_one(struct account *a)
{
	struct rtio_iodev_sqe *s = take(NULL);

	ARG_UNUSED(a);
	if (s != NULL) {
		end(s, -EIO);
	}
}

static void cancel_handle(struct account *a, rtio_sqe_handle_t handle)
{
	a->result = rtio_cancel(&request_ctx, handle);
	a->wrong += a->result != 0 && a->result != -EALREADY && a->result != -ENOENT;
}

static void cancel_first(struct account *a)
{
	cancel_handle(a, under_way[0]);
}

static void cancel_second(struct account *a)
{
	cancel_handle(a, under_way[1]);
}

static void cancel_over(struct account *a)
{
	cancel_handle(a, over);
	a->wrong += a->result != -ENOENT;
}

static void cancel_own(struct account *a)
{
	copy_in(a, REQUEST_SINGLE);
	cancel_handle(a, book_of(a)->handle);
	submit(a);
}

static void cancel_all(struct account *a)
{
	a->wrong += rtio_cancel_all(&request_ctx, NULL) > REQUESTS;
}

static void signal_one(struct account *a)
{
	a->result = rtio_signal(&request_ctx, under_way[0]);
	a->wrong += a->result != 0 && a->result != -EINVAL && a->result != -ENOENT;
}

static void consume(struct account *a)
{
	struct request_book *book = book_of(a);
	struct rtio_cqe *cqe;
	uint8_t *buf;
	uint32_t len;

	if (book->kept_count == KEPT) {
		return;
	}
	cqe = rtio_cqe_consume(&request_ctx);
	a->result = cqe != NULL;
	if (cqe != NULL) {
		book->kept[book->kept_count++] = cqe;
		if (request_goes_on(cqe)) {
			book->repeats++;
		} else {
			book->got++;
			book->got_sum += (uint32_t)POINTER_TO_UINT(cqe->userdata);
		}
		if (rtio_cqe_get_mempool_buffer(&request_ctx, cqe, &buf, &len) == 0) {
			book->blocks += len / BLOCK_SIZE;
		}
		a->wrong += cqe->result > 0;
	}
}

/* The newest of its completions, with its block. */
static void release(struct account *a)
{
	struct request_book *book = book_of(a);
	struct rtio_cqe *cqe;
	uint8_t *buf;
	uint32_t len;

	if (book->kept_count == 0) {
		return;
	}
	cqe = book->kept[--book->kept_count];
	if (rtio_cqe_get_mempool_buffer(&request_ctx, cqe, &buf, &len) == 0) {
		book->blocks -= len / BLOCK_SIZE;
		rtio_release_buffer(&request_ctx, buf, len);
	}
	rtio_cqe_release(&request_ctx, cqe);
}

static void flush(struct account *a)
{
	struct request_book *book = book_of(a);

	while (book->kept_count > 0) {
		release(a);
	}
	do {
		consume(a);
		release(a);
	} while (a->result != 0);
}

#define REQUEST(...)                                                                               \
	.request = {.held = REQUEST_NONE,                                                          \
		    .turns = 2,                                                                    \
		    .answers = 0,                                                                  \
		    .room = -1,                                                                    \
		    .blocks = -1,                                                                  \
		    __VA_ARGS__}
#define FRESH .turns = 0

/* One context acquires at a time. */
#define ACQUIRING(_name, _run, ...)                                                                \
	{                                                                                          \
		.name = _name, .run = _run, .scene = {ANY, __VA_ARGS__}, .steps = true,            \
		.takes = TAKES_REQUESTS, .alone = TAKES_REQUESTS                                   \
	}

static const struct operation operations[] = {
	OPERATION("rtio-consume", consume, REQUEST(.answers = 2)),
	OPERATION("rtio-consume-nothing", consume, REQUEST()),
	STEPS("rtio-release", release, REQUEST(.taken = 1)),
	OPERATION("rtio-copy-in", copy_in_one, REQUEST()),
	OPERATION("rtio-copy-in-first", copy_in_one, REQUEST(FRESH)),
	STEPS("rtio-submit-copied", submit, REQUEST(.copied = 2)),
	STEPS("rtio-nop", do_now, REQUEST(.answers = 1)),
	STEPS("rtio-nop-first", do_now, REQUEST(FRESH)),
	STEPS("rtio-nop-no-room", do_now, REQUEST(.room = 0)),
	STEPS("rtio-chain", do_chain, REQUEST()),
	STEPS("rtio-transaction", do_transaction, REQUEST()),
	STEPS("rtio-read-from-pool", do_pool, REQUEST()),
	STEPS("rtio-read-from-empty-pool", do_pool, REQUEST(.blocks = 0)),
	STEPS("rtio-read-lost", do_pool, REQUEST(.room = 0)),
	STEPS("rtio-multishot", do_multishot, REQUEST()),
	STEPS("rtio-await", do_await, REQUEST()),
	ACQUIRING("rtio-acquire", acquire, REQUEST()),
	ACQUIRING("rtio-acquire-array", acquire_array, REQUEST(FRESH)),
	STEPS("rtio-end", end_one, REQUEST(.held = REQUEST_SINGLE)),
	STEPS("rtio-end-no-room", end_one, REQUEST(.held = REQUEST_SINGLE, .room = 0)),
	STEPS("rtio-end-of-chain", end_one, REQUEST(.held = REQUEST_CHAIN)),
	STEPS("rtio-end-of-transaction", end_one, REQUEST(.held = REQUEST_TRANSACTION)),
	STEPS("rtio-end-of-multishot", end_one, REQUEST(.held = REQUEST_MULTISHOT)),
	STEPS("rtio-chain-fails", fail_one, REQUEST(.held = REQUEST_CHAIN)),
	STEPS("rtio-multishot-fails", fail_one, REQUEST(.held = REQUEST_MULTISHOT)),
	STEPS("rtio-cancel", cancel_first, REQUEST(.held = REQUEST_SINGLE)),
	STEPS("rtio-cancel-chain", cancel_first, REQUEST(.held = REQUEST_CHAIN)),
	STEPS("rtio-cancel-linked", cancel_second, REQUEST(.held = REQUEST_CHAIN)),
	STEPS("rtio-cancel-member", cancel_second, REQUEST(.held = REQUEST_TRANSACTION)),
	STEPS("rtio-cancel-multishot", cancel_first, REQUEST(.held = REQUEST_MULTISHOT)),
	STEPS("rtio-cancel-await", cancel_first, REQUEST(.held = REQUEST_AWAIT)),
	STEPS("rtio-cancel-own", cancel_own, REQUEST()),
	STEPS("rtio-cancel-over", cancel_over, REQUEST()),
	STEPS("rtio-cancel-all", cancel_all, REQUEST(.held = REQUEST_CHAIN)),
	STEPS("rtio-signal", signal_one, REQUEST(.held = REQUEST_AWAIT)),
};

/* ---- before an operation --------------------------------------------------------------------- */

static struct rtio untouched;

static void init(void)
{
	if (untouched.sq_size == 0) {
		untouched = request_ctx;
	}
}

struct request_scene requests_scene(const struct request_scene *main,
				    const struct request_scene *isr)
{
	return (struct request_scene){
		.held = choose(main->held, isr->held, REQUEST_NONE),
		.turns = choose(main->turns, isr->turns, 2),
		.answers = choose(main->answers, isr->answers, 0),
		.room = choose(main->room, isr->room, COMPLETIONS),
		.blocks = choose(main->blocks, isr->blocks, BLOCKS),
		.copied = main->copied + isr->copied,
		.taken = main->taken + isr->taken,
	};
}

static void begin(void)
{
	struct rtio_mempool *pool = untouched.block_pool;

	request_ctx = untouched;
	memset(untouched.sqes, 0, REQUESTS * sizeof(untouched.sqes[0]));
	memset(untouched.cqes, 0, COMPLETIONS * sizeof(untouched.cqes[0]));
	memset(pool->used, 0, DIV_ROUND_UP(BLOCKS, 32) * sizeof(pool->used[0]));
	pool->num_used = 0;
	request_kept_count = 0;
	memset(request_books, 0, sizeof(request_books));
	memset(under_way, 0, sizeof(under_way));
	over = 0;
}

/* A completion, with a block, that @p a has consumed. */
static void prepare_taken(struct account *a)
{
	do_pool(&accounts[SCENE]);
	consume(a);
}

static void prepare(const struct scene *scene, const struct scene *main, const struct scene *isr)
{
	const struct request_scene *want = &scene->request;
	struct account *s = &accounts[SCENE];

	begin();
	for (int i = 0; i < want->turns; i++) {
		do_now(s);
		over = request_books[SCENE].handle;
		flush(s);
	}
	for (int i = 0; i < main->request.taken; i++) {
		prepare_taken(&accounts[MAIN]);
	}
	for (int i = 0; i < isr->request.taken; i++) {
		prepare_taken(&accounts[ISR]);
	}
	while (BLOCKS - request_ctx.block_pool->num_used > (uint32_t)want->blocks) {
		prepare_taken(s);
	}
	for (int i = 0; i < want->answers; i++) {
		do_now(s);
	}
	while (COMPLETIONS - request_books[SCENE].submitted > (uint32_t)want->room) {
		do_now(s);
	}
	for (int i = 0; i < want->copied; i++) {
		copy_in_one(s);
	}
	if (want->held != REQUEST_NONE) {
		copy_in(s, (enum request_kind)want->held);
		submit(s);
	}
}

/* ---- behind it ------------------------------------------------------------------------------- */

static bool settle(void)
{
	struct rtio_cqe *cqe;
	uint32_t home = 0;

	submit(&accounts[MAIN]);
	cancel_all(&accounts[MAIN]);
	for (uint32_t p = 0; p < PARTIES; p++) {
		flush(&accounts[p]);
	}
	while ((cqe = rtio_cqe_acquire(&request_ctx)) != NULL) {
		home++;
	}
	return rtio_sqe_acquirable(&request_ctx) == REQUESTS && home == COMPLETIONS &&
	       request_ctx.block_pool->num_used == 0 && request_kept_count == 0;
}

static void outcome(struct outcome *outcome)
{
	const struct mpsc_node *n = request_ctx.cq_first;

	outcome->request.home = rtio_sqe_acquirable(&request_ctx);
	for (; n != NULL; n = n->next) {
		outcome->request.answers++;
	}
	outcome->request.lost = (uint32_t)request_ctx.xcqcnt;
	outcome->request.blocks = request_ctx.block_pool->num_used;
}

static void work(struct account *a, uint32_t random)
{
	const struct operation *op = &operations[(random >> 8) % ARRAY_SIZE(operations)];

	if (book_of(a)->kept_count > 2) {
		release(a);
	} else if (op->takes == 0 || a == &accounts[MAIN]) {
		op->run(a);
	}
}

const struct world requests_world = {
	.operations = operations,
	.count = ARRAY_SIZE(operations),
	.init = init,
	.prepare = prepare,
	.fault = request_fault,
	.settle = settle,
	.outcome = outcome,
	.work = work,
};
