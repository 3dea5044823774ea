# SPDX-License-Identifier: Apache-2.0
"""Faults for mutants.py: what each replaces in which file, and the test program that must notice."""

import collections

Fault = collections.namedtuple("Fault", "name file old new program")

BUS = "sim/src/bus.c"
I2C = "sim/src/i2c.c"
SPI = "sim/src/spi.c"
IMU = "sim/src/imu.c"
EEPROM = "sim/src/eeprom.c"
RADIO = "sim/src/radio.c"
DRIVER = "sensor/src/imu6.c"
DECODER = "sensor/src/imu6_decoder.c"
READER = "sensor/src/reader.c"
UART = "uart/src/uart.c"

FAULTS = [Fault(*fault) for fault in [
    # Buses.
    ("a device stays selected", BUS, "\trtio_sim_bus_close(bus);\n\tkey = k_spin_lock", "\tkey = k_spin_lock", "buses"),
    ("a bus that is held has a STOP", BUS, "(bus->held == 0 || !bus->wires->held_for_good)", "true", "devices"),
    ("who waits is forgotten", BUS, "\tif (next != NULL) {\n\t\tbegin_on_bus(bus, next);\n\t}\n}", "\t(void)next;\n}", "buses"),
    ("a hanging request cannot be cancelled", BUS, "mine = bus->phase != PHASE_BUSY;", "mine = bus->phase == PHASE_MOVING;",
     "buses"),
    ("a cancelled request goes on to its end", BUS, "mine = bus->phase != PHASE_BUSY;", "mine = bus->phase == PHASE_HUNG;",
     "buses"),
    ("a request that waits cannot be cancelled", BUS, "\tif (rtio_iodev_queue_cancel(&bus->queue, s)) {",
     "\tif (false) {", "buses"),
    ("a short member is good enough", BUS, "(uint32_t)result < len", "false", "buses"),
    ("no time-out", BUS, "\t\twait_us(bus, RTIO_SIM_BUS_TIMEOUT_US);", "\t\twait_us(bus, 0);", "buses"),
    ("a thread does not hear of an earlier time", BUS, "\tif (!stop && bus->thread != NULL) {", "\tif (false) {", "buses"),
    ("a held line is free", I2C, "\tif (bus->held != 0) {\n\t\treturn -EBUSY;\n\t}\n", "", "buses"),
    ("recovery frees everything", I2C, "MIN(bus->held, PULSES)", "bus->held", "buses"),
    ("recovery has no STOP", I2C, "\trtio_sim_bus_close(bus);\n\treturn bus->held == 0", "\treturn bus->held == 0", "devices"),
    ("no repeated START", I2C, "bus->open == NULL || bus->reading != is_read(s) ||", "bus->open == NULL ||", "buses"),
    ("RESTART is not looked at", I2C, " ||\n\t       (s->sqe.iodev_flags & RTIO_IODEV_I2C_RESTART) != 0", "", "buses"),
    ("STOP is not looked at", I2C, "\tif ((s->sqe.iodev_flags & RTIO_IODEV_I2C_STOP) != 0) {", "\tif (false) {", "buses"),
    ("an address is acknowledged by nobody", I2C, "target == NULL || fault == RTIO_SIM_FAULT_NACK ||", "target == NULL ||",
     "buses"),
    ("a byte is always acknowledged", I2C, "\tif (fault == RTIO_SIM_FAULT_NACK) {", "\tif (false) {", "buses"),
    ("a STOP takes no time", I2C, "bits += needs_stop(s) ? BITS_OF_STOP : 0;", "", "buses"),
    ("each member selects", SPI, "\tif (bus->open == NULL) {\n\t\tret", "\tif (true) {\n\t\tret", "buses"),
    ("a device's speed is the bus's", SPI, "spec->hz != 0 ? spec->hz : bus->hz", "bus->hz", "buses"),
    ("more than was asked for is read from the pool", I2C, "i2c_transfer(bus, s, buf, want)", "i2c_transfer(bus, s, buf, len)", "buses"),
    # Devices.
    ("half a frame goes", IMU, "\timu->at = 0;\n\tk_spin_unlock(&imu->lock, key);\n\treturn true;",
     "\tk_spin_unlock(&imu->lock, key);\n\treturn true;", "devices"),
    ("a full FIFO takes more", IMU, "if (imu->count == imu->depth) {", "if (false) {", "devices"),
    ("an overrun is told for ever", IMU, "\timu->status = 0;\n", "", "devices"),
    ("COUNT is not frozen", IMU, "\tfreeze(imu);\n", "", "devices"),
    ("an interrupt for each sample", IMU, "!at_watermark(imu) || ", "", "devices"),
    ("the period drifts", IMU, "imu->due += imu->period;", "imu->due = now + imu->period + 1;", "devices"),
    ("it cannot be stopped", IMU, "\tif ((value & IMU_CONTROL_RUN) == 0) {\n\t\trtio_sim_timer_stop(&imu->timer);",
     "\timu->control |= ran ? IMU_CONTROL_RUN : 0;\n\tif (false) {", "devices"),
    ("never busy", EEPROM, "if (rtio_sim_now() < eeprom->busy_until) {", "if (false) {", "devices"),
    ("a page does not go round", EEPROM, "eeprom->page_start + ((in_page + 1) & (eeprom->page_size - 1))",
     "eeprom->page_start + MIN(in_page + 1, eeprom->page_size - 1)", "devices"),
    ("the rest of the page is written, too", EEPROM, "(eeprom->page_came >> i & 1U) != 0", "true", "devices"),
    ("a repeated START writes", EEPROM, "\tforget_page(eeprom);\n\tif (!read) {", "\tif (!read) {", "devices"),
    ("write protection is not looked at", EEPROM, "\tif (eeprom->write_protect) {", "\tif (false) {", "devices"),
    ("a frame that is too long is cut", RADIO, "radio->len > RTIO_SIM_RADIO_FRAME_MAX ||", "", "devices"),
    ("one frame is sent", RADIO, "\tif (radio->count > 0) {\n\t\tsend_first(radio);\n\t}\n", "", "devices"),
    ("a full queue takes more", RADIO, "(radio->len > 0 && radio->count == RTIO_SIM_RADIO_QUEUE)", "false", "devices"),
    # The driver, the reader.
    ("an interrupt before the read is lost", DRIVER, "\t} else {\n\t\timu->pending = true;\n\t}\n\tk_spin_unlock(&imu->lock, key);\n\tif (go) {",
     "\t}\n\tk_spin_unlock(&imu->lock, key);\n\tif (go) {", "sensor"),
    ("what is left needs another interrupt", DRIVER, "\tif (imu->left >= imu->watermark) {", "\tif (false) {", "sensor"),
    ("a failure needs another interrupt", DRIVER, "imu->pending = imu->pending || result < 0;", "", "sensor"),
    ("too few frames are a read", DRIVER, "count < imu->watermark && ", "count == 0 && ", "sensor"),
    ("a short transfer is whole", DRIVER, "imu6_head_put(imu->buf, imu, frames);", "imu6_head_put(imu->buf, imu, imu->frames);",
     "sensor"),
    ("no recovery", DRIVER, "(error == -EBUSY || error == -ETIMEDOUT)", "false", "sensor"),
    ("its own requests are not cancelled", DRIVER, "\t} else if (own != 0) {", "\t} else if (false) {", "sensor"),
    ("a read that waits cannot be cancelled", DRIVER, "mine = imu->state == STATE_WAITING;", "mine = false;", "sensor"),
    ("the next read is forgotten", DRIVER, "\tif (next != NULL) {\n\t\timu6_begin(imu, next);", "\tif (false) {\n\t\timu6_begin(imu, next);",
     "sensor"),
    ("any device is an IMU", DRIVER, "result == 1 && id == IMU_ID ?", "result == 1 ?", "sensor"),
    ("overrun is not told", DRIVER, "imu->overrun = (imu->head[0]", "imu->overrun = false && (imu->head[0]", "sensor"),
    ("the clock does not go round", DECODER, "uint32_t before = sys_get_le32(&buf[IMU6_HEAD_CLOCK]) - sys_get_le32(frame);",
     "int64_t before = (int64_t)sys_get_le32(&buf[IMU6_HEAD_CLOCK]) - sys_get_le32(frame);", "sensor"),
    ("the length is not checked", DECODER, "len < RTIO_IMU6_BUF_SIZE(frames) ? -EINVAL :", "", "sensor"),
    ("values are cut, not rounded", DECODER, "(product + (product < 0 ? -FULL_SCALE / 2 : FULL_SCALE / 2))", "product", "sensor"),
    ("any channel will do", READER, "\t\tif (!sensor->decoder->has(&channels[i])) {", "\t\tif (false) {", "sensor"),
    # UARTs.
    ("a full ring takes more", UART, "uart->ring_in - uart->ring_out == uart->ring_size", "false", "uart"),
    ("no byte ends a read", UART, "if (byte == uart->end) {", "if (false) {", "uart"),
    ("a flush is for ever", UART, "\tuart->read_count = 0;\n\tuart->flush = false;", "\tuart->read_count = 0;", "uart"),
    ("an empty read is flushed", UART,
     "(uart->read_count > 0 || uart->ring_in != uart->ring_out)", "true", "uart"),
    ("memory is taken before there is anything for it", UART,
     "uart->read_buf != NULL || uart->ring_in == uart->ring_out", "uart->read_buf != NULL", "uart"),
    ("what a cancelled read had is not counted", UART, "\t\tuart->counters.dropped += uart->read_count;\n", "", "uart"),
    ("a transaction is its first member", UART, "uart->member = rtio_txn_next(uart->member)) {", "uart->member = NULL) {", "uart"),
    ("the transmitter's interrupt stays on", UART, "\t\tuart->hw_api->transmit_interrupt(uart->hw, false);\n", "", "uart"),
    ("a cancelled write goes on", UART, "\t\tif (!stop && !transmit(uart)) {", "\t\tif (!transmit(uart)) {", "uart"),
    ("the next write is forgotten", UART, "\t\tif (s != NULL) {\n\t\t\tbegin_write(uart, s);\n\t\t}", "", "uart"),
    ("anything is a write", UART, "\tif (!uart_request_is_valid(s)) {", "\tif (false) {", "uart"),
]]
