/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALL_OPS                                                                                    \
	(BIT(RTIO_OP_NOP) | BIT(RTIO_OP_RX) | BIT(RTIO_OP_TX) | BIT(RTIO_OP_TINY_TX) |             \
	 BIT(RTIO_OP_TXRX) | BIT(RTIO_OP_I2C_RECOVER) | BIT(RTIO_OP_I2C_CONFIGURE))

RTIO_DEFINE(rig_context, RIG_ENTRIES, RIG_ENTRIES + 1);

struct sim rig_devices[RIG_COUNT];
struct rtio_shm_server rig_server;
struct rtio_shm_client rig_client;

static struct rtio_shm_slot slots[RIG_ENTRIES];
static const struct rtio_shm_iodev iodevs[RIG_COUNT] = {
	{&rig_devices[RIG_FULL].iodev, ALL_OPS, RIG_IODEV_FLAGS},
	{&rig_devices[RIG_OTHER].iodev, ALL_OPS, RIG_IODEV_FLAGS},
	{&rig_devices[RIG_READ].iodev, BIT(RTIO_OP_RX), 0},
};
const struct rtio_shm_config rig_config = {
	.r = &rig_context,
	.iodevs = iodevs,
	.num_iodevs = RIG_COUNT,
	.entries = RIG_ENTRIES,
	.data_size = RIG_DATA,
	.slots = slots,
};

static int fds_before;
static int areas_before;
static void *own_mapping; /* of a client that shares the server's */

void rig_open(bool client)
{
	int sockets[2];

	fds_before = rig_count_fds();
	areas_before = rig_count_areas();
	zassert_ok(rtio_shm_server_open(&rig_server, &rig_config));
	for (uint32_t i = 0; i < RIG_COUNT; i++) {
		sim_init(&rig_devices[i]);
		rig_devices[i].low = rig_server.data;
		rig_devices[i].high = rig_server.data + RIG_DATA;
	}
	if (client) {
		zassert_ok(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets));
		zassert_ok(rtio_shm_server_send(&rig_server, sockets[0]));
		zassert_ok(rtio_shm_client_open(&rig_client, sockets[1], K_NO_WAIT));
	}
}

/* Give the client another mapping. */
static void move(void *area)
{
	ptrdiff_t by = (uint8_t *)area - (uint8_t *)rig_client.header;

	rig_client.header = area;
	rig_client.cancels = (uint32_t *)(void *)((uint8_t *)rig_client.cancels + by);
	rig_client.sq = (struct rtio_shm_sqe *)(void *)((uint8_t *)rig_client.sq + by);
	rig_client.cq = (struct rtio_shm_cqe *)(void *)((uint8_t *)rig_client.cq + by);
	rig_client.data += by;
}

void rig_share(void)
{
	own_mapping = rig_client.header;
	move(rig_server.header);
}

void rig_before(void *fixture)
{
	ARG_UNUSED(fixture);
	rig_open(true);
}

void rig_close(void)
{
	uint32_t outside = 0;

	if (own_mapping != NULL) {
		move(own_mapping);
		own_mapping = NULL;
	}
	for (uint32_t i = 0; i < RIG_COUNT; i++) {
		rig_devices[i].later = false;
		while (sim_end(&rig_devices[i], 0)) {
		}
	}
	if (rig_server.header != NULL) {
		if (rig_server.over == 0) {
			rtio_shm_server_stop(&rig_server);
		}
		while (rtio_shm_turn(&rig_server) >= 0) {
			k_sleep(K_USEC(100)); /* a deadline or delay */
		}
		zexpect_equal(rig_server.stats.taken, rig_server.stats.completed,
			      "%u entries taken, %u answered", rig_server.stats.taken,
			      rig_server.stats.completed);
		zassert_ok(rtio_shm_server_close(&rig_server));
	}
	rtio_shm_client_close(&rig_client);
	for (uint32_t i = 0; i < RIG_COUNT; i++) {
		outside += rig_devices[i].outside;
	}
	zexpect_equal(outside, 0, "%u buffers outside of the shared data", outside);
	zexpect_equal(rtio_sqe_acquirable(&rig_context), RIG_ENTRIES, "a request is left");
	zexpect_is_null(rtio_cqe_consume(&rig_context), "a completion is left");
	zexpect_equal(rig_context.xcqcnt, 0, "a completion was lost");
	zexpect_equal(rig_count_fds(), fds_before, "a file descriptor is left");
	zexpect_equal(rig_count_areas(), areas_before, "an area is left");
}

void rig_after(void *fixture)
{
	ARG_UNUSED(fixture);
	rig_close();
}

void rig_again(void)
{
	rig_close();
	rig_open(true);
}

int rig_turns(void)
{
	int ret;

	do {
		ret = rtio_shm_turn(&rig_server);
	} while (ret > 0);
	return ret;
}

void rig_expect(uint64_t userdata, int result)
{
	struct rtio_shm_cqe cqe;

	zassert_ok(rtio_shm_cqe_consume(&rig_client, &cqe), "no completion of %u",
		   (unsigned int)userdata);
	zassert_equal(cqe.userdata, userdata, "completion of %u instead of %u",
		      (unsigned int)cqe.userdata, (unsigned int)userdata);
	zassert_equal(cqe.result, result, "result of %u: %d instead of %d", (unsigned int)userdata,
		      cqe.result, result);
}

void rig_expect_none(void)
{
	struct rtio_shm_cqe cqe;

	zassert_equal(rtio_shm_cqe_consume(&rig_client, &cqe), -EAGAIN);
}

struct rtio_shm_sqe rig_entry(uint8_t op, uint32_t tag, uint64_t userdata)
{
	return (struct rtio_shm_sqe){.tag = tag,
				     .generation = 1,
				     .op = op,
				     .userdata = userdata,
				     .iodev = op == RTIO_OP_DELAY ? RTIO_SHM_NO_IODEV : RIG_FULL};
}

void rig_put(const struct rtio_shm_sqe *e)
{
	struct rtio_shm_header *h = rig_server.header;
	uint32_t *to = (uint32_t *)(void *)&rig_server.sq[h->sq_tail % RIG_ENTRIES];

	for (size_t i = 0; i < sizeof(*e) / sizeof(*to); i++) {
		atomic32_store_relaxed(&to[i], ((const uint32_t *)(const void *)e)[i]);
	}
	shared_store(&h->sq_tail, shared_load(&h->sq_tail) + 1);
}

bool rig_get(struct rtio_shm_cqe *cqe)
{
	struct rtio_shm_header *h = rig_server.header;
	uint32_t head = shared_load(&h->cq_head);

	if (head == shared_load(&h->cq_tail)) {
		return false;
	}
	*cqe = rig_server.cq[head % RIG_ENTRIES];
	shared_store(&h->cq_head, head + 1);
	return true;
}

int rig_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	zassert_not_null(dir);
	while (readdir(dir) != NULL) {
		n++;
	}
	(void)closedir(dir);
	return n;
}

int rig_count_areas(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	int n = 0;

	zassert_not_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		n += strstr(line, "/memfd:rtio_shm") != NULL ? 1 : 0;
	}
	(void)fclose(maps);
	return n;
}

uint32_t rig_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}
