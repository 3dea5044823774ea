/* SPDX-License-Identifier: Apache-2.0 */

#include <pthread.h>

static int shared;

static void *count(void *arg)
{
	for (int i = 0; i < 100000; i++) {
		++*(volatile int *)&shared;
	}
	return arg;
}

int main(void)
{
	pthread_t other;

	if (pthread_create(&other, NULL, count, NULL) != 0) {
		return 0;
	}
	(void)count(NULL);
	pthread_join(other, NULL);
	return 0;
}
