/* SPDX-License-Identifier: Apache-2.0 */
/** @file How full the pool is, as numbers and as text. */
#include "pool.h"

#include <iob/inspect.h>
#include <iob/print.h>
#include <zephyr/sys/printk.h>

#include <string.h>

void iob_getstats(struct iob_stats_s *stats)
{
	k_spinlock_key_t key;
	int waiting = 0;

	if (stats == NULL) {
		return;
	}
	key = k_spin_lock(&iob_pool.lock);
	for (const struct waiter *w = iob_pool.waiters[0].first; w != NULL; w = w->next) {
		waiting++;
	}
	k_spin_unlock(&iob_pool.lock, key);
	*stats = (struct iob_stats_s){
		.ntotal = CONFIG_IOB_NBUFFERS,
		.nfree = iob_nfree(),
		.nwait = waiting,
		.nthrottle = CONFIG_IOB_THROTTLE > 0 ? iob_navail(true) : 0,
	};
}

void iob_print_stats(iob_print_t print, void *arg)
{
	struct iob_stats_s stats;
	char line[96];

	if (print == NULL) {
		return;
	}
	iob_getstats(&stats);
	(void)snprintk(line, sizeof(line), "%10s%10s%10s%10s\n", "ntotal", "nfree", "nwait",
		       "nthrottle");
	print(arg, line, strlen(line));
	(void)snprintk(line, sizeof(line), "%10d%10d%10d%10d\n", stats.ntotal, stats.nfree,
		       stats.nwait, stats.nthrottle);
	print(arg, line, strlen(line));
#ifdef CONFIG_IOB_BUDGETS
	for (struct iob_budget *b = iob_budget_next(NULL); b != NULL; b = iob_budget_next(b)) {
		struct iob_budget_numbers n;

		(void)iob_budget_get(b, &n);
		(void)snprintk(line, sizeof(line),
			       "%.24s: holds %u, held %u, kept %u, limit %u, refused %u\n", b->name,
			       n.held, n.peak, b->reserve, b->limit, n.refused);
		print(arg, line, strlen(line));
	}
#endif
}
