/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <iob/budget.h>

#include "definitions.inc"

ZTEST(documents, test_iob_budget)
{
	struct iob_s *iob;
	struct iob_budget_numbers numbers;

#include "step_1.inc"

	zassert_not_null(iob);
	zassert_ok(iob_budget_get(&rx, &numbers));
	zassert_equal(numbers.held, 1);
	(void)iob_free(iob);
}
