/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains for tests, of given lengths and with known bytes. */
#ifndef IOB_TESTS_CHAINS_H_
#define IOB_TESTS_CHAINS_H_

#include <nuttx/mm/iob.h>

#define NBUFFERS CONFIG_IOB_NBUFFERS
#define BUFSIZE  CONFIG_IOB_BUFSIZE
#define THROTTLE CONFIG_IOB_THROTTLE

/** A chain of @p count buffers with @p lens bytes each: the bytes 1, 2, 3 ... from end to end. */
struct iob_s *chain_make(unsigned int count, const unsigned int *lens);

/** The same with @p offsets, too. */
struct iob_s *chain_make_at(unsigned int count, const unsigned int *lens,
			    const unsigned int *offsets);

/** Check that @p iob has exactly these lengths, and io_pktlen their sum. */
void chain_expect(const struct iob_s *iob, unsigned int count, const unsigned int *lens);

/** Check that the data of @p iob are @p len bytes, counting up from @p first. */
void chain_expect_bytes(const struct iob_s *iob, unsigned int len, uint8_t first);

/** All the buffers that there are, as a chain. */
struct iob_s *chain_take_all(void);

/** Take all but @p left buffers. */
struct iob_s *chain_leave(unsigned int left);

#define LENS(...) (sizeof((unsigned int[]){__VA_ARGS__}) / sizeof(unsigned int)), \
		  (const unsigned int[]){__VA_ARGS__}

#endif /* IOB_TESTS_CHAINS_H_ */
