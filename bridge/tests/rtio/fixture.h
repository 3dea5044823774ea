/* SPDX-License-Identifier: Apache-2.0 */
/** @file A pool, a line to read from and write to, and a check after every test that all is home. */
#ifndef BRIDGE_TESTS_RTIO_FIXTURE_H_
#define BRIDGE_TESTS_RTIO_FIXTURE_H_

#include <bridge/packet_rtio.h>

#include <zephyr/ztest.h>
#include <zephyr/net_buf/watch.h>

#define BLOCKS 4
#define BUFS   5 /* one for a clone */
#define SIZE   16

extern struct net_buf_pool *const pool;
extern struct packet_rtio_reader the_reader; /* into that pool, for two sources */
extern struct packet_rtio_reader *const reader;

/* A device: reads get one message each; writes are noted, at once or when they may. */
struct line {
	struct rtio_iodev iodev;
	struct k_spinlock lock; /* guards the rest */
	const char *in[40];     /* messages that nobody has read */
	uint32_t in_first;
	uint32_t in_count;
	struct rtio_iodev_sqe *reading;
	bool delivering;
	int end; /* what a read fails with when there is no message; 0: it waits */
	bool stalled;
	struct rtio_iodev_sqe *writes[8]; /* that wait, while it is stalled */
	uint32_t write_count;
	int result;           /* of writes that fail; 0: they do not */
	uint32_t calls;       /* writes, gathered ones count once */
	const uint8_t *at[8]; /* where the first pieces that were written were */
	uint32_t pieces;
	char out[160]; /* what was written */
	uint32_t out_len;
	uint32_t out_total; /* bytes, of which only the first are kept */
};

void line_init(struct line *line);
/* A message has come. */
void line_feed(struct line *line, const char *message);
/* Reads fail from now on, when there is no message. */
void line_end(struct line *line, int error);
/* Writes have to wait, or no longer. */
void line_stall(struct line *line, bool stall);
/* Messages nobody has read. */
uint32_t line_waiting(struct line *line);
/* Exactly @p text was written since the last look. */
void line_expect(struct line *line, const char *text);

/* All net_bufs and blocks are home. */
void expect_all_home(void);

/* A packet of fragments with these texts, of the pool. */
struct net_buf *packet_make(const char *first, const char *second, const char *third);

#endif /* BRIDGE_TESTS_RTIO_FIXTURE_H_ */
