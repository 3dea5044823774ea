/* SPDX-License-Identifier: Apache-2.0 */

#include "bench.h"

#define EEPROM 0x50
#define IMU    0x6a
#define NOBODY 0x13
#define SPI_HZ 1000000

struct bench bench;
#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
RTIO_DEFINE_WITH_MEMPOOL(bench_rtio, 8, 8, 8, 32, 4);
#else
RTIO_DEFINE(bench_rtio, 8, 8);
#endif

static struct rtio_sim_bus i2c_irq;
static struct rtio_sim_bus spi_irq;

RTIO_SIM_I2C_IODEV(i2c_imu_irq, &i2c_irq, IMU, IMU_FRAME_SIZE);
RTIO_SIM_I2C_IODEV(i2c_eeprom_irq, &i2c_irq, EEPROM, BENCH_EEPROM_PAGE);
RTIO_SIM_I2C_IODEV(i2c_nobody_irq, &i2c_irq, NOBODY, 1);
RTIO_SIM_SPI_IODEV(spi_imu_irq, &spi_irq, 0, 0, IMU_FRAME_SIZE);
RTIO_SIM_SPI_IODEV(spi_radio_irq, &spi_irq, 1, 2000000, 1);

#ifdef CONFIG_MULTITHREADING

static struct rtio_sim_bus i2c_thread;
static struct rtio_sim_bus spi_thread;
static struct k_thread threads[2];
static K_THREAD_STACK_ARRAY_DEFINE(stacks, 2, 4096);

RTIO_SIM_I2C_IODEV(i2c_imu_thread, &i2c_thread, IMU, IMU_FRAME_SIZE);
RTIO_SIM_I2C_IODEV(i2c_eeprom_thread, &i2c_thread, EEPROM, BENCH_EEPROM_PAGE);
RTIO_SIM_I2C_IODEV(i2c_nobody_thread, &i2c_thread, NOBODY, 1);
RTIO_SIM_SPI_IODEV(spi_imu_thread, &spi_thread, 0, 0, IMU_FRAME_SIZE);
RTIO_SIM_SPI_IODEV(spi_radio_thread, &spi_thread, 1, 2000000, 1);

#endif

/* The buses live on, for there is a thread in some; what is attached to them is new. */
static void set_up_buses(void)
{
	static bool done;

	if (done) {
		return;
	}
	done = true;
	rtio_sim_i2c_init(&i2c_irq);
	rtio_sim_spi_init(&spi_irq, SPI_HZ);
#ifdef CONFIG_MULTITHREADING
	rtio_sim_i2c_init(&i2c_thread);
	rtio_sim_spi_init(&spi_thread, SPI_HZ);
	zassert_ok(rtio_sim_bus_serve(&i2c_thread, &threads[0], stacks[0], sizeof(stacks[0])));
	zassert_ok(rtio_sim_bus_serve(&spi_thread, &threads[1], stacks[1], sizeof(stacks[1])));
#endif
}

static void receive(void *arg, const uint8_t *frame, uint32_t len)
{
	struct bench *b = arg;

	b->frames++;
	b->frame_len = len;
	memcpy(b->frame, frame, len);
}

static void choose(int way)
{
	bench.i2c = &i2c_irq;
	bench.spi = &spi_irq;
	bench.i2c_imu = &i2c_imu_irq;
	bench.i2c_eeprom = &i2c_eeprom_irq;
	bench.i2c_nobody = &i2c_nobody_irq;
	bench.spi_imu = &spi_imu_irq;
	bench.spi_radio = &spi_radio_irq;
#ifdef CONFIG_MULTITHREADING
	if (way == 1) {
		bench.i2c = &i2c_thread;
		bench.spi = &spi_thread;
		bench.i2c_imu = &i2c_imu_thread;
		bench.i2c_eeprom = &i2c_eeprom_thread;
		bench.i2c_nobody = &i2c_nobody_thread;
		bench.spi_imu = &spi_imu_thread;
		bench.spi_radio = &spi_radio_thread;
	}
#else
	ARG_UNUSED(way);
#endif
}

/* No model is at work any more. */
static void still(void)
{
	if (bench.i2c != NULL) {
		rtio_sim_timer_stop(&bench.imu.timer);
		rtio_sim_timer_stop(&bench.fast_imu.timer);
		rtio_sim_timer_stop(&bench.radio.timer);
	}
#ifdef CONFIG_MULTITHREADING
	k_sleep(K_TICKS(1)); /* on the virtual clock: when everybody sleeps */
#endif
}

void bench_begin(int way)
{
	set_up_buses();
	still();
	memset(&bench, 0, sizeof(bench));
	memset(bench.memory, 0xff, sizeof(bench.memory));
	choose(way);
	bench.i2c->targets = NULL;
	bench.i2c->hz = 100000;
	bench.spi->targets = NULL;
	bench.spi->hz = SPI_HZ;
	rtio_sim_bus_heal(bench.i2c);
	rtio_sim_bus_heal(bench.spi);
	rtio_sim_imu_init(&bench.imu, bench.fifo, BENCH_IMU_DEPTH, NULL);
	rtio_sim_imu_init(&bench.fast_imu, bench.fast_fifo, BENCH_IMU_DEPTH, NULL);
	rtio_sim_eeprom_init(&bench.eeprom, bench.memory, BENCH_EEPROM_SIZE, BENCH_EEPROM_PAGE,
			     BENCH_EEPROM_CYCLE);
	rtio_sim_radio_init(&bench.radio, BENCH_AIR, BENCH_AIR_BYTE, receive, &bench);
	zassert_ok(rtio_sim_bus_attach(bench.i2c, &bench.imu.target, IMU));
	zassert_ok(rtio_sim_bus_attach(bench.i2c, &bench.eeprom.target, EEPROM));
	zassert_ok(rtio_sim_bus_attach(bench.spi, &bench.fast_imu.target, 0));
	zassert_ok(rtio_sim_bus_attach(bench.spi, &bench.radio.target, 1));
	rtio_sim_bus_trace(bench.i2c, bench.trace, sizeof(bench.trace));
	rtio_sim_bus_trace(bench.spi, bench.trace, sizeof(bench.trace));
}

void bench_sleep(uint32_t us)
{
#ifdef CONFIG_MULTITHREADING
	k_sleep(K_USEC(us));
#else
	k_busy_wait(us);
#endif
}

void bench_until_fault(const struct rtio_sim_bus *bus)
{
	int patience = 1000;

	do {
		bench_sleep(1000);
	} while (bus->positions != bus->fault_at && --patience > 0);
	zassert_equal(bus->positions, bus->fault_at, "the fault has not come");
}

void bench_home(void)
{
	/* A request goes home a moment after its answer. */
	for (int i = 0; i < 1000000 && rtio_sqe_acquirable(&bench_rtio) < bench_rtio.sq_size; i++) {
		k_yield();
	}
	expect_home(&bench_rtio);
}

void bench_before(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_MULTITHREADING
	port_clock_virtual_start();
#endif
}

void bench_after(void *fixture)
{
	ARG_UNUSED(fixture);
	still();
#ifdef CONFIG_MULTITHREADING
	port_clock_virtual_stop();
#endif
	bench_home();
}

static struct rtio_sqe *acquire(void)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&bench_rtio);

	zassert_not_null(sqe);
	return sqe;
}

struct rtio_sqe *bench_write(const struct rtio_iodev *iodev, const void *data, uint32_t len,
			     uint16_t flags)
{
	struct rtio_sqe *sqe = acquire();

	rtio_sqe_prep_write(sqe, iodev, RTIO_PRIO_NORM, data, len, NULL);
	sqe->flags |= flags;
	return sqe;
}

struct rtio_sqe *bench_read(const struct rtio_iodev *iodev, void *data, uint32_t len,
			    uint16_t flags)
{
	struct rtio_sqe *sqe = acquire();

	rtio_sqe_prep_read(sqe, iodev, RTIO_PRIO_NORM, data, len, NULL);
	sqe->flags |= flags;
	return sqe;
}

int bench_go(uint32_t n)
{
	int result = 0;

	zassert_ok(rtio_submit(&bench_rtio, 0));
	for (uint32_t i = 0; i < n; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume_block(&bench_rtio);

		if (result >= 0) {
			result = cqe->result;
		}
		rtio_cqe_release(&bench_rtio, cqe);
	}
	bench_home();
	return result;
}

int bench_get(const struct rtio_iodev *iodev, uint8_t reg, void *data, uint32_t len)
{
	struct rtio_sqe *sqe = acquire();

	rtio_sqe_prep_tiny_write(sqe, iodev, RTIO_PRIO_NORM, &reg, 1, NULL);
	sqe->flags |= RTIO_SQE_TRANSACTION;
	(void)bench_read(iodev, data, len, 0);
	return bench_go(2);
}

int bench_set(const struct rtio_iodev *iodev, uint8_t reg, uint8_t value)
{
	uint8_t bytes[2] = {reg, value};

	rtio_sqe_prep_tiny_write(acquire(), iodev, RTIO_PRIO_NORM, bytes, 2, NULL);
	return bench_go(1);
}
