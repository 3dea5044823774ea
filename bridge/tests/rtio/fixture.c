/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <errno.h>
#include <string.h>

RTIO_NET_BUF_POOL_DEFINE(bufs, BUFS, BLOCKS, SIZE, 4, 4, NULL);
PACKET_RTIO_READER_DEFINE(the_reader, bufs, 2);

struct net_buf_pool *const pool = &bufs;
struct packet_rtio_reader *const reader = &the_reader;

/* ---- reads ----------------------------------------------------------------------------------- */

/* Line locked. @return whether the read under way has come to *@p result. */
static bool line_read(struct line *line, int *result)
{
	const char *message;
	uint32_t length;
	uint32_t len;
	uint8_t *buf;

	if (line->in_count == 0) {
		*result = line->end;
		return line->end != 0;
	}
	message = line->in[line->in_first % ARRAY_SIZE(line->in)];
	length = (uint32_t)strlen(message);
	*result = rtio_sqe_rx_buf(line->reading, length, length, &buf, &len);
	if (*result == 0) {
		memcpy(buf, message, length);
		*result = (int)length;
		line->in_first++;
		line->in_count--;
	}
	return true;
}

static void line_deliver(struct line *line)
{
	k_spinlock_key_t key = k_spin_lock(&line->lock);
	int result;

	if (line->delivering) {
		k_spin_unlock(&line->lock, key);
		return;
	}
	line->delivering = true;
	while (line->reading != NULL && line_read(line, &result)) {
		struct rtio_iodev_sqe *s = line->reading;

		line->reading = NULL;
		k_spin_unlock(&line->lock, key);
		rtio_iodev_sqe_ok(s, result);
		key = k_spin_lock(&line->lock);
	}
	line->delivering = false;
	k_spin_unlock(&line->lock, key);
}

/* ---- writes ---------------------------------------------------------------------------------- */

static void line_write(struct line *line, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = k_spin_lock(&line->lock);
	int result = line->result;
	int total = 0;

	line->calls++;
	for (const struct rtio_iodev_sqe *m = s; m != NULL && result == 0; m = rtio_txn_next(m)) {
		uint32_t len = m->sqe.tx.buf_len;

		line->at[line->pieces++ % ARRAY_SIZE(line->at)] = m->sqe.tx.buf;
		if (len != 0 && line->out_len + len <= sizeof(line->out)) {
			memcpy(&line->out[line->out_len], m->sqe.tx.buf, len);
			line->out_len += len;
		}
		line->out_total += len;
		total += (int)len;
	}
	k_spin_unlock(&line->lock, key);
	rtio_iodev_sqe_ok(s, result != 0 ? result : total);
}

/* ---- requests -------------------------------------------------------------------------------- */

static void line_submit(struct rtio_iodev_sqe *s)
{
	struct line *line = s->sqe.iodev->data;
	k_spinlock_key_t key = k_spin_lock(&line->lock);
	bool late = rtio_iodev_sqe_is_canceled(s);
	bool keep = line->stalled && s->sqe.op == RTIO_OP_TX && !late;

	if (late) {
		k_spin_unlock(&line->lock, key);
		rtio_iodev_sqe_err(s, -ECANCELED);
		return;
	}
	if (s->sqe.op == RTIO_OP_RX) {
		line->reading = s;
	} else if (keep) {
		line->writes[line->write_count++] = s;
	}
	k_spin_unlock(&line->lock, key);
	if (s->sqe.op == RTIO_OP_RX) {
		line_deliver(line);
	} else if (!keep) {
		line_write(line, s);
	}
}

static void line_cancel(struct rtio_iodev_sqe *s)
{
	struct line *line = s->sqe.iodev->data;
	k_spinlock_key_t key = k_spin_lock(&line->lock);
	bool found = line->reading == s;

	if (found) {
		line->reading = NULL;
	}
	for (uint32_t i = 0; i < line->write_count && !found; i++) {
		found = line->writes[i] == s;
		if (found) {
			line->write_count--;
			memmove(&line->writes[i], &line->writes[i + 1],
				(line->write_count - i) * sizeof(line->writes[0]));
		}
	}
	k_spin_unlock(&line->lock, key);
	if (found) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}

static const struct rtio_iodev_api line_api = {.submit = line_submit, .cancel = line_cancel};

void line_init(struct line *line)
{
	memset(line, 0, sizeof(*line));
	line->iodev.api = &line_api;
	line->iodev.data = line;
}

void line_feed(struct line *line, const char *message)
{
	k_spinlock_key_t key = k_spin_lock(&line->lock);

	zassert_true(line->in_count < ARRAY_SIZE(line->in));
	line->in[(line->in_first + line->in_count++) % ARRAY_SIZE(line->in)] = message;
	k_spin_unlock(&line->lock, key);
	line_deliver(line);
}

void line_end(struct line *line, int error)
{
	k_spinlock_key_t key = k_spin_lock(&line->lock);

	line->end = error;
	k_spin_unlock(&line->lock, key);
	line_deliver(line);
}

void line_stall(struct line *line, bool stall)
{
	k_spinlock_key_t key = k_spin_lock(&line->lock);

	line->stalled = stall;
	while (!stall && line->write_count != 0) {
		struct rtio_iodev_sqe *s = line->writes[0];

		line->write_count--;
		memmove(&line->writes[0], &line->writes[1],
			line->write_count * sizeof(line->writes[0]));
		k_spin_unlock(&line->lock, key);
		line_write(line, s);
		key = k_spin_lock(&line->lock);
	}
	k_spin_unlock(&line->lock, key);
}

uint32_t line_waiting(struct line *line)
{
	k_spinlock_key_t key = k_spin_lock(&line->lock);
	uint32_t count = line->in_count;

	k_spin_unlock(&line->lock, key);
	return count;
}

void line_expect(struct line *line, const char *text)
{
	zassert_equal(line->out_len, strlen(text), "%u bytes instead of %u: %.*s",
		      (unsigned int)line->out_len, (unsigned int)strlen(text), (int)line->out_len,
		      line->out);
	zassert_mem_equal(line->out, text, strlen(text));
	line->out_len = 0;
}

/* ---- packets --------------------------------------------------------------------------------- */

static struct net_buf *fragment_make(const char *text)
{
	struct net_buf *buf = net_buf_alloc(pool, K_NO_WAIT);

	zassert_not_null(buf);
	(void)net_buf_add_mem(buf, text, strlen(text));
	return buf;
}

struct net_buf *packet_make(const char *first, const char *second, const char *third)
{
	struct net_buf *buf = fragment_make(first);

	if (second != NULL) {
		(void)net_buf_frag_add(buf, fragment_make(second));
	}
	if (third != NULL) {
		(void)net_buf_frag_add(buf, fragment_make(third));
	}
	return buf;
}

void expect_all_home(void)
{
	zexpect_equal(net_buf_pool_free_count(pool), BUFS, "%u net_bufs are home",
		      (unsigned int)net_buf_pool_free_count(pool));
	zexpect_equal(rtio_net_buf_blocks_free(pool), BLOCKS, "%u blocks are home",
		      (unsigned int)rtio_net_buf_blocks_free(pool));
	zexpect_equal(rtio_sqe_acquirable(reader->r), reader->r->sq_size);
	zexpect_is_null(rtio_cqe_consume(reader->r), "a completion is left");
	zexpect_is_null(reader->held);
}

static void check_all_home(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(test);
	ARG_UNUSED(fixture);
	expect_all_home();
}

ZTEST_RULE(bridge_rtio_home, NULL, check_all_home);
