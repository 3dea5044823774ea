/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Random work on chains and queues beside a plain model of them: for each chain what bytes it has, in
 * which buffers. After every step lengths, contents, io_pktlen and the pool's count agree. Each round
 * has a seed of its own, which a failure prints.
 */
#include <zephyr/ztest.h>

#include <iob/inspect.h>

#include <errno.h>
#include <string.h>

#include "../support/chains.h"

/* Steps in all; each round is fresh. */
#if defined(CONFIG_PORT_BARE)
#define MODEL_STEPS 5000
#elif defined(__SANITIZE_THREAD__)
#define MODEL_STEPS 100000 /* one thread, and each takes 40 times as long */
#else
#define MODEL_STEPS 1000000
#endif
#define STEPS_PER_ROUND 500

#define CHAINS   4
#define BYTES    (NBUFFERS * BUFSIZE)
#define LONG_MAX_LEN MIN(BYTES, 3 * BUFSIZE + 5)

/* One chain, as it should be. */
struct model {
	struct iob_s *iob;             /* NULL: there is none */
	unsigned int count;            /* buffers */
	unsigned int len[NBUFFERS];    /* of each */
	unsigned int offset[NBUFFERS]; /* of each */
	uint8_t memory[NBUFFERS][BUFSIZE];
};

static struct model chains[CHAINS];
static struct model scratch;
static unsigned int used; /* buffers of all chains */
static uint32_t state;
static uint32_t seed;

static uint32_t any(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return below > 1 ? state % below : 0;
}

#define require(condition, ...)                                                                    \
	zassert_true(condition, "seed 0x%x: %s", (unsigned int)seed, "" __VA_ARGS__)

/* ---- the model's own arithmetic -------------------------------------------------------------- */

static unsigned int total(const struct model *m)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < m->count; i++) {
		sum += m->len[i];
	}
	return sum;
}

/* Where byte @p pos of the packet is; in front of it for a negative one. */
static uint8_t *at(struct model *m, int pos)
{
	unsigned int i = 0;

	while (pos >= 0 && pos >= (int)m->len[i]) {
		pos -= (int)m->len[i];
		i++;
	}
	return &m->memory[i][(int)m->offset[i] + pos];
}

static void drop_buffers(struct model *m, unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i + n < m->count; i++) {
		m->len[i] = m->len[i + n];
		m->offset[i] = m->offset[i + n];
		memcpy(m->memory[i], m->memory[i + n], BUFSIZE);
	}
	m->count -= n;
	used -= n;
}

static bool add_buffer(struct model *m, bool throttled)
{
	if (NBUFFERS - used <= (throttled ? THROTTLE : 0U)) {
		return false;
	}
	m->len[m->count] = 0;
	m->offset[m->count] = 0;
	m->count++;
	used++;
	return true;
}

/* Make the model's chain of buffers hold @p want bytes. @return how many it holds. */
static unsigned int fit(struct model *m, unsigned int want, bool restart, bool throttled)
{
	unsigned int i = 0;
	unsigned int left = want;

	for (;; i++) {
		m->len[i] = MIN(left, BUFSIZE - m->offset[i]);
		left -= m->len[i];
		if (left == 0) {
			drop_buffers(m, i + 1, m->count - i - 1);
			return want;
		}
		if (i + 1 == m->count && !add_buffer(m, throttled)) {
			return want - left;
		}
		if (restart) {
			m->offset[i + 1] = 0;
		}
	}
}

/* Take what is in new buffers for what it should be: nobody says what that is. */
static void learn(struct model *m)
{
	const struct iob_s *iob = m->iob;

	for (unsigned int i = 0; i < m->count && iob != NULL; i++, iob = iob->io_flink) {
		memcpy(m->memory[i], iob->io_data, BUFSIZE);
	}
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* That the chain is as its model says; data only, or all of the memory of its buffers. */
static void compare(const struct model *m)
{
	const struct iob_s *iob = m->iob;

	if (iob == NULL) {
		return;
	}
	require(iob->io_pktlen == total(m), "io_pktlen");
	for (unsigned int i = 0; i < m->count; i++) {
		require(iob != NULL, "too few buffers");
		require(iob->io_len == m->len[i], "io_len");
		require(m->len[i] == 0 || iob->io_offset == m->offset[i], "io_offset");
		require(memcmp(IOB_DATA(iob), &m->memory[i][m->offset[i]], m->len[i]) == 0, "data");
		iob = iob->io_flink;
	}
	require(iob == NULL, "too many buffers");
}

static void compare_all(void)
{
	for (unsigned int i = 0; i < CHAINS; i++) {
		compare(&chains[i]);
	}
	require(iob_navail(false) == (int)(NBUFFERS - used), "the pool's count");
}

/* ---- steps ----------------------------------------------------------------------------------- */

static unsigned int some_len(void)
{
	static const unsigned int edges[] = {0, 1, BUFSIZE - 1, BUFSIZE, BUFSIZE + 1};

	switch (any(4)) {
	case 0:
		return edges[any(ARRAY_SIZE(edges))];
	case 1:
		return any(LONG_MAX_LEN);
	default:
		return any(BUFSIZE / 2 + 2);
	}
}

/* An offset for @p m, sometimes one that is refused. */
static int some_offset(const struct model *m)
{
	switch (any(8)) {
	case 0:
		return -(int)any(m->offset[0] + 2);
	case 1:
		return (int)(total(m) + any(3));
	default:
		return (int)any(total(m) + 1);
	}
}

static void step_alloc(struct model *m)
{
	bool throttled = any(2) != 0;
	bool there = NBUFFERS - used > (throttled ? THROTTLE : 0U);

	m->iob = any(2) != 0 ? iob_tryalloc(throttled) : iob_timedalloc(throttled, 0);
	require((m->iob != NULL) == there, "tryalloc");
	if (there) {
		used++;
		m->count = 1;
		m->len[0] = 0;
		m->offset[0] = 0;
		learn(m);
	}
}

static void step_free(struct model *m)
{
	if (any(2) != 0) {
		iob_free_chain(m->iob);
		drop_buffers(m, 0, m->count);
		m->iob = NULL;
	} else {
		m->iob = iob_free(m->iob);
		drop_buffers(m, 0, 1);
		require((m->iob == NULL) == (m->count == 0), "the rest");
	}
}

static uint8_t bytes[BYTES + BUFSIZE];

static void step_copyin(struct model *m)
{
	unsigned int len = some_len();
	int offset = some_offset(m);
	bool throttled = any(2) != 0;
	unsigned int before = total(m);
	int end = offset + (int)len;
	int expected = (int)len;
	uint8_t fill = (uint8_t)any(256);
	int got;

	for (unsigned int i = 0; i < len; i++) {
		bytes[i] = (uint8_t)(fill + i);
	}
	got = iob_trycopyin(m->iob, bytes, len, offset, throttled);
	if (offset > (int)before || offset < -(int)m->offset[0]) {
		require(got == -ESPIPE, "copyin beyond the ends");
		return;
	}
	if (end > (int)before) {
		unsigned int more = (unsigned int)end - before;
		unsigned int last = m->count - 1;
		unsigned int here = MIN(more, BUFSIZE - m->offset[last] - m->len[last]);

		m->len[last] += here;
		more -= here;
		while (more > 0 && add_buffer(m, throttled)) {
			m->len[m->count - 1] = MIN(more, BUFSIZE);
			more -= m->len[m->count - 1];
		}
		if (more > 0) {
			expected = -ENOMEM;
			end -= (int)more;
		}
	}
	require(got == expected, "copyin");
	for (int pos = offset; pos < end; pos++) {
		*at(m, pos) = bytes[pos - offset];
	}
}

static void step_copyout(struct model *m)
{
	unsigned int len = some_len();
	int offset = some_offset(m);
	int there = (int)total(m) - offset;
	int got = iob_copyout(bytes, m->iob, len, offset);

	if (offset < -(int)m->offset[0]) {
		require(got == -ESPIPE, "copyout before the memory");
		return;
	}
	there = MIN(MAX(there, 0), (int)len);
	require(got == there, "copyout");
	for (int i = 0; i < there; i += 1 + (int)any(7)) {
		if (offset + i >= 0) {
			require(bytes[i] == *at(m, offset + i), "what came out");
		}
	}
}

static void step_trimhead(struct model *m)
{
	unsigned int left = any(8) == 0 ? total(m) + any(3) : some_len();
	struct iob_s *iob = iob_trimhead(m->iob, left);

	while (left > 0) {
		if (left < m->len[0]) {
			m->offset[0] += left;
			m->len[0] -= left;
			break;
		}
		left -= m->len[0];
		if (m->count == 1) {
			m->len[0] = 0;
			m->offset[0] = 0;
			break;
		}
		drop_buffers(m, 0, 1);
	}
	m->iob = iob;
}

static void step_trimtail(struct model *m)
{
	unsigned int left = any(8) == 0 ? total(m) + any(2) : some_len();

	m->iob = iob_trimtail(m->iob, left);
	while (left > 0 && m->count > 0) {
		unsigned int *len = &m->len[m->count - 1];

		if (left < *len) {
			*len -= left;
			break;
		}
		left -= *len;
		drop_buffers(m, m->count - 1, 1);
	}
	require((m->iob == NULL) == (m->count == 0), "trimtail");
}

static void step_pack(struct model *m)
{
	unsigned int len = total(m);

	for (unsigned int i = 0; i < len; i++) {
		bytes[i] = *at(m, (int)i);
	}
	m->iob = iob_pack(m->iob);
	m->offset[0] = 0;
	drop_buffers(m, 1, m->count - 1);
	m->len[0] = 0;
	for (unsigned int i = 0; i < len; i += BUFSIZE) {
		if (i > 0) {
			require(add_buffer(m, false));
		}
		m->len[m->count - 1] = MIN(len - i, BUFSIZE);
		memcpy(m->memory[m->count - 1], bytes + i, m->len[m->count - 1]);
	}
}

static void step_contig(struct model *m)
{
	unsigned int len = some_len();
	unsigned int need;
	int got = iob_contig(m->iob, len);

	if (len <= m->len[0]) {
		require(got == 0, "contig");
		return;
	}
	if (len > BUFSIZE || len > total(m)) {
		require(got == -ENOSPC, "contig of too much");
		return;
	}
	require(got == 0, "contig");
	memmove(m->memory[0], &m->memory[0][m->offset[0]], m->len[0]);
	m->offset[0] = 0;
	while ((need = len - m->len[0]) > 0) {
		unsigned int part = MIN(need, m->len[1]);

		memcpy(&m->memory[0][m->len[0]], &m->memory[1][m->offset[1]], part);
		m->len[0] += part;
		m->len[1] -= part;
		m->offset[1] += part;
		if (m->len[1] == 0) {
			drop_buffers(m, 1, 1);
		}
	}
}

static void step_reserve(struct model *m)
{
	unsigned int reserved = any(4) == 0 ? some_len() : any(BUFSIZE / 2);

	learn(m);
	iob_reserve(m->iob, reserved);
	for (unsigned int i = 0; i < m->count && reserved > 0; i++) {
		unsigned int end = m->offset[i] + m->len[i];

		m->offset[i] = MIN(reserved, BUFSIZE);
		if (m->len[i] > 0) {
			m->len[i] = end > m->offset[i] ? end - m->offset[i] : 0;
		}
		reserved -= m->offset[i];
	}
}

static void step_update(struct model *m)
{
	unsigned int len = any(4) == 0 ? any(BYTES) : some_len();
	bool throttled = any(2) != 0;
	int got = iob_update_pktlen(m->iob, len, throttled);

	require(got == (int)fit(m, len, false, throttled), "update_pktlen");
	learn(m);
}

static void step_clone(struct model *from, struct model *m)
{
	unsigned int len = any(8) == 0 ? UINT32_MAX : some_len();
	int offset1 = some_offset(from);
	int offset2 = any(4) == 0 ? some_offset(m) : (int)any(4);
	bool throttled = any(2) != 0;
	int there = (int)total(from) - offset1;
	unsigned int want;
	unsigned int holds;
	int got;

	learn(from);
	learn(m);
	got = iob_clone_partial(from->iob, len, offset1, m->iob, offset2, throttled, false);
	if (offset1 < -(int)from->offset[0] || offset2 < -(int)m->offset[0]) {
		require(got == -ESPIPE, "clone before the memory");
		return;
	}
	len = MIN(len, (unsigned int)MAX(there, 0));
	want = (unsigned int)MAX((int)len + offset2, 0);
	holds = fit(m, want, true, throttled);
	require(got == (holds < want ? -ENOMEM : 0), "clone");
	if (holds < want) {
		len = (unsigned int)MAX((int)holds - offset2, 0);
	}
	/* New buffers have what they had; what was copied is what it was copied from. */
	scratch = *from;
	for (unsigned int i = 0; i < len; i++) {
		bytes[i] = *at(&scratch, offset1 + (int)i);
	}
	learn(m);
	for (unsigned int i = 0; i < len; i++) {
		uint8_t *place = at(m, offset2 + (int)i);

		require(*place == bytes[i], "what was cloned");
		*place = bytes[i];
	}
}

static void step_concat(struct model *m, struct model *more)
{
	iob_concat(m->iob, more->iob);
	for (unsigned int i = 0; i < more->count; i++) {
		m->len[m->count] = more->len[i];
		m->offset[m->count] = more->offset[i];
		memcpy(m->memory[m->count], more->memory[i], BUFSIZE);
		m->count++;
	}
	more->count = 0;
	more->iob = NULL;
}

#if CONFIG_IOB_NCHAINS > 0
/* Through a queue and back. */
static void step_queue(void)
{
	static struct iob_queue_s q;
	unsigned int size = 0;
	unsigned int n = 0;

	for (unsigned int i = 0; i < CHAINS; i++) {
		if (chains[i].iob != NULL && n < CONFIG_IOB_NCHAINS) {
			require(iob_tryadd_queue(chains[i].iob, &q) == 0);
			size += total(&chains[i]);
			n++;
		}
	}
	require(iob_get_queue_entry_count(&q) == n, "entries");
	require(iob_get_queue_size(&q) == size, "size");
	require(iob_qentry_navail() == (int)(CONFIG_IOB_NCHAINS - n), "places");
	for (unsigned int i = 0; i < CHAINS && n > 0; i++) {
		if (chains[i].iob != NULL) {
			require(iob_peek_queue(&q) == chains[i].iob, "peek");
			require(iob_remove_queue(&q) == chains[i].iob, "remove");
			n--;
		}
	}
	require(IOB_QEMPTY(&q), "empty");
}
#else
static void step_queue(void)
{
}
#endif

/* Two different chains that there are. @return false if there are not. */
static bool pick_two(struct model **a, struct model **b)
{
	*a = &chains[any(CHAINS)];
	*b = &chains[any(CHAINS)];
	return *a != *b && (*a)->iob != NULL && (*b)->iob != NULL;
}

static void step(void)
{
	static void (*const steps[])(struct model * m) = {
		step_free,     step_copyin, step_copyin, step_copyout, step_trimhead,
		step_trimtail, step_pack,   step_contig, step_reserve, step_update,
	};
	struct model *m = &chains[any(CHAINS)];
	struct model *other;
	uint32_t which = any(ARRAY_SIZE(steps) + 4);

	if (which < ARRAY_SIZE(steps)) {
		if (m->iob == NULL) {
			step_alloc(m);
		} else {
			steps[which](m);
		}
	} else if (which == ARRAY_SIZE(steps)) {
		step_queue();
	} else if (pick_two(&m, &other)) {
		if (which == ARRAY_SIZE(steps) + 1) {
			step_concat(m, other);
		} else {
			step_clone(m, other);
		}
	}
}

static void run_round(uint32_t this_seed, unsigned int count)
{
	seed = this_seed;
	state = this_seed;
	memset(chains, 0, sizeof(chains));
	used = 0;
	while (count-- > 0) {
		step();
		compare_all();
	}
	require(iob_check() == 0, "the pool's list");

	for (unsigned int i = 0; i < CHAINS; i++) {
		iob_free_chain(chains[i].iob);
	}
	require(iob_navail(false) == NBUFFERS, "all are home");
}

ZTEST(iob_model, test_random_work)
{
	uint32_t next = 0x9e3779b9;

	for (unsigned int done = 0; done < MODEL_STEPS; done += STEPS_PER_ROUND) {
		run_round(next, STEPS_PER_ROUND);
		next = next * 1664525 + 1013904223;
		next += next == 0 ? 1 : 0;
	}
}

ZTEST_SUITE(iob_model, NULL, NULL, NULL, NULL, NULL);
