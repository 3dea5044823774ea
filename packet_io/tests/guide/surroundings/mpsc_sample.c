/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/sys/mpsc_pbuf.h>

struct sample;

static struct mpsc_pbuf_buffer buffer;
static uint32_t shown;

static void read_sensor(uint32_t *values)
{
	values[0] = 3;
	values[1] = 4;
	values[2] = 5;
}

static void show(const struct sample *sample);

#include "definitions.inc"

static void show(const struct sample *sample)
{
	shown = sample->values[0] + sample->values[1] + sample->values[2];
}

static uint32_t wlen_of(const union mpsc_pbuf_generic *packet)
{
	return ((const struct sample *)packet)->wlen;
}

ZTEST(documents, test_mpsc_sample)
{
	static uint32_t memory[16];
	const struct mpsc_pbuf_buffer_config config = {
		.buf = memory,
		.size = ARRAY_SIZE(memory),
		.get_wlen = wlen_of,
	};

	mpsc_pbuf_init(&buffer, &config);
	produce();
	consume();
	zassert_equal(shown, 12);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
}
