/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"

#include <signal.h>
#include <sys/prctl.h>

static pthread_t server;
static pthread_t devices;
static uint32_t stop;

static void *serve(void *arg)
{
	ARG_UNUSED(arg);
	return (void *)(intptr_t)rtio_shm_server_run(&rig_server);
}

void pair_serve(void)
{
	zassert_ok(pthread_create(&server, NULL, serve, NULL));
}

int pair_join(void)
{
	void *result;

	zassert_ok(pthread_join(server, &result));
	return (int)(intptr_t)result;
}

pid_t pair_fork(int (*fn)(struct rtio_shm_client *c))
{
	pid_t child = rtio_shm_server_fork(&rig_server, &rig_client);

	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG,
			    SIGKILL); /* not to be left behind by a failing test */
		_exit(fn(&rig_client));
	}
	zassert_true(child > 0);
	return child;
}

int pair_wait(pid_t child)
{
	int status;

	zassert_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool pair_has_time(int64_t began)
{
	return k_uptime_get() - began < 10000;
}

static void *end_requests(void *arg)
{
	ARG_UNUSED(arg);
	while (atomic32_load_acquire(&stop) == 0) {
		bool any = sim_end(&rig_devices[RIG_FULL], 1);

		any = sim_end(&rig_devices[RIG_OTHER], 2) || any;
		if (!any) {
			k_sleep(K_USEC(50));
		}
	}
	return NULL;
}

void pair_devices_start(void)
{
	stop = 0;
	rig_devices[RIG_FULL].later = true;
	rig_devices[RIG_OTHER].later = true;
	zassert_ok(pthread_create(&devices, NULL, end_requests, NULL));
}

void pair_devices_stop(void)
{
	atomic32_store_release(&stop, 1);
	zassert_ok(pthread_join(devices, NULL));
}
