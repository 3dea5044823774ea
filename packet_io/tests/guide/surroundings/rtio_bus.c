/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/rtio/sim/eeprom.h>
#include <zephyr/rtio/sim/i2c.h>

/* Other documents define these, too. */
#define io bus_io

#include "definitions.inc"

ZTEST(documents, test_rtio_bus)
{
	static const uint8_t address[2] = {0x01, 0x00};
	struct rtio_sqe *write_sqe;
	struct rtio_sqe *read_sqe;
	uint8_t buf[4];
	struct rtio_cqe *cqe;

#include "step_1.inc"
	memcpy(&memory[0x100], "four", sizeof(buf));
#include "step_2.inc"
	zassert_mem_equal(buf, "four", sizeof(buf));
	for (int i = 0; i < 2; i++) {
		cqe = rtio_cqe_consume(&io);
		zassert_true(cqe->result > 0);
		rtio_cqe_release(&io, cqe);
	}
	zassert_is_null(rtio_cqe_consume(&io));
}
