/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The generator is xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (2018), which is in the
 * public domain: 128 bits of state, 32-bit operations only.
 */

#include <zephyr/random/random.h>

#include <zephyr/spinlock.h>
#include <zephyr/sys/util.h>

#include <port/port.h>

#include <errno.h>
#include <string.h>

/* Guards the two below. */
static struct k_spinlock random_lock;
static uint32_t state[4]; /* never all 0 once seeded */
static bool seeded;

static uint32_t rotate_left(uint32_t x, unsigned int bits)
{
	return x << bits | x >> (32 - bits);
}

/* Finalizer of MurmurHash3 by Austin Appleby: spreads every bit over the word. */
static uint32_t spread(uint32_t x)
{
	x = (x ^ x >> 16) * 0x85ebca6bU;
	x = (x ^ x >> 13) * 0xc2b2ae35U;
	return x ^ x >> 16;
}

/* Where the platform has no unpredictable bits, the time is the best there is. */
static void get_seed(uint32_t seed[4])
{
	if (port_entropy(seed, 4 * sizeof(seed[0])) != 0) {
		uint64_t now = port_clock_cycles();

		for (uint32_t i = 0; i < 4; i++) {
			seed[i] = spread((uint32_t)now + i) ^ (uint32_t)(now >> 32);
		}
	}
	/* The one state that the generator never leaves. */
	if ((seed[0] | seed[1] | seed[2] | seed[3]) == 0) {
		seed[0] = 1;
	}
}

/* The next number. Call with the lock held and the state seeded. */
static uint32_t step(void)
{
	uint32_t result = rotate_left(state[1] * 5, 7) * 9;
	uint32_t shifted = state[1] << 9;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= shifted;
	state[3] = rotate_left(state[3], 11);
	return result;
}

uint32_t sys_rand32_get(void)
{
	k_spinlock_key_t key = k_spin_lock(&random_lock);
	uint32_t result;

	if (!seeded) {
		uint32_t seed[4];

		/* The platform may be slow: not under the lock. The first to come back seeds. */
		k_spin_unlock(&random_lock, key);
		get_seed(seed);
		key = k_spin_lock(&random_lock);
		if (!seeded) {
			(void)memcpy(state, seed, sizeof(state));
			seeded = true;
		}
	}
	result = step();
	k_spin_unlock(&random_lock, key);
	return result;
}

void sys_rand_get(void *dst, size_t len)
{
	uint8_t *to = (uint8_t *)dst;

	while (len > 0) {
		uint32_t bits = sys_rand32_get();
		size_t part = MIN(len, sizeof(bits));

		(void)memcpy(to, &bits, part);
		to += part;
		len -= part;
	}
}

int sys_csrand_get(void *dst, size_t len)
{
	return port_entropy(dst, len) == 0 ? 0 : -EIO;
}
