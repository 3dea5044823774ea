/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each operation, interrupted by each at each of its boundaries.
 *
 * Of every pair it is proved that nothing was left out: the interrupt, wanted at boundary n, came at
 * boundary n, or at the end of a stretch that a mask begins and an unmask ends; the instruction that
 * was next followed the one before, where that is not a jump; and the last boundary is where the timer
 * says that the operation, uninterrupted, ends.
 */

#include <zephyr/ztest.h>

#include <string.h>

#include "boundary.h"
#include "sweep.h"
#include "worlds.h"

/* What has been seen of one operation. */
struct tally {
	uint32_t bodies;       /* that interrupted it */
	uint32_t instructions; /* most that it took uninterrupted */
	uint32_t boundaries;   /* places at which it was interrupted */
	uint32_t pended;       /* interrupts that had to wait for an unmask */
	uint32_t masked;       /* most instructions that one had to wait for */
};

/* What is interrupted, and what interrupts it. */
static const struct world *op_world;
static const struct operation *op;
static const struct world *body_world;
static const struct operation *body;

static __attribute__((noinline)) void run_op(void)
{
	op->run(&accounts[MAIN]);
}

static void run_body(void)
{
	body->run(&accounts[ISR]);
}

static void *setup(void)
{
	boundary_calibrate();
	worlds_init();
	return NULL;
}

ZTEST_SUITE(sweep_matrix, NULL, setup, NULL, NULL, NULL);

/* Whether a body that came earlier does the same in the same scene. */
static bool is_repetition(uint32_t number)
{
	const struct operation *operations = body_world->operations;
	struct scene scene = worlds_scene(&op->scene, &operations[number].scene);

	for (uint32_t i = 0; i < number; i++) {
		struct scene other = worlds_scene(&op->scene, &operations[i].scene);

		if (operations[i].run == operations[number].run &&
		    memcmp(&scene, &other, sizeof(scene)) == 0) {
			return true;
		}
	}
	return false;
}

static uintptr_t start_of_op(void)
{
	/* Without the bit that tells Thumb from other code; no instruction is at an odd address. */
	return (uintptr_t)run_op & ~(uintptr_t)1;
}

static void prepare(void)
{
	worlds_prepare(op_world, body_world, &op->scene, &body->scene);
	accounts[ISR].poison = op->steps;
}

/* Say what went wrong, where. */
static void complain(const char *kind, const char *what, uint32_t n, uintptr_t pc)
{
	sweep_broken = true;
	printk("%s: %s, interrupted by %s at boundary %u, address 0x%x: %s\n", kind, op->name,
	       body->name, (unsigned int)n, (unsigned int)pc, what);
	ztest_test_fail();
}

/* What is so at every boundary: the books are right, and then all can go home. */
static void check_balance(uint32_t n, uintptr_t pc)
{
	const char *fault = worlds_fault();

	if (fault != NULL) {
		complain("imbalance", fault, n, pc);
	}
	if (!worlds_settle()) {
		complain("imbalance", "not all buffers came home", n, pc);
	}
}

/* Calls that are one step: it looks as if one had come before the other. */
static void check_outcome(const struct outcome *orders, uint32_t n, uintptr_t pc)
{
	struct outcome outcome;

	worlds_outcome(&outcome);
	if (!op->steps && !body->steps && memcmp(&outcome, &orders[0], sizeof(outcome)) != 0 &&
	    memcmp(&outcome, &orders[1], sizeof(outcome)) != 0) {
		complain("imbalance", "as in neither order", n, pc);
	}
}

/* The interrupt that was wanted at boundary @p n, after that of boundary n - 1. */
static const char *gap(const struct boundary_hit *hit, const struct boundary_hit *before,
		       uint32_t n)
{
	uintptr_t next;

	if (!hit->hit || hit->entered < n) {
		return "no interrupt";
	}
	if (n == 0) {
		return hit->pc != start_of_op() ? "not at the beginning" : NULL;
	}
	if (before->entered >= n) { /* it was masked, and still is, or that ends here */
		return hit->entered != before->entered || hit->pc != before->pc
			       ? "masked, and not until one place"
			       : NULL;
	}
	if (hit->entered > n) { /* a mask begins */
		return !boundary_masks(before->pc) || !boundary_unmasked(hit->pc)
			       ? "late, although nothing is masked"
			       : NULL;
	}
	next = boundary_next(before->pc);
	return next != 0 && next != hit->pc ? "an instruction was passed over" : NULL;
}

static struct boundary_hit interrupt_at(uint32_t n)
{
	prepare();
	return boundary_run(run_op, n, run_body);
}

static void sweep_pair(struct tally *tally)
{
	struct outcome orders[2];
	struct boundary_hit before = {0};
	struct boundary_hit hit;
	uint32_t count;

	/* Once for what is different the first time. */
	prepare();
	run_op();
	check_balance(0, 0);
	prepare();
	count = boundary_count(run_op);
	check_balance(0, 0);

	hit = interrupt_at(count);
	worlds_outcome(&orders[0]);
	check_balance(count, hit.pc);
	if (!hit.hit || hit.entered != count || hit.pc != boundary_end()) {
		complain("gap", "the end is not where the timer says", count, hit.pc);
	}
	for (uint32_t n = 0; n <= count; n++) {
		const char *fault;

		hit = interrupt_at(n);
		if (n == 0) {
			worlds_outcome(&orders[1]);
		}
		check_outcome(orders, n, hit.pc);
		check_balance(n, hit.pc);
		fault = gap(&hit, &before, n);
		if (fault != NULL) {
			complain("gap", fault, n, hit.pc);
		}
		if (hit.entered == n) {
			tally->boundaries++;
		} else {
			tally->pended++;
			tally->masked = MAX(tally->masked, hit.entered - n);
		}
		before = hit;
	}
	tally->instructions = MAX(tally->instructions, count);
}

/* The operation that masks longest, of its kind. */
struct longest {
	uint32_t masked;
	const char *name;
};

static void note(struct longest *longest, const struct tally *tally)
{
	if (tally->masked > longest->masked) {
		*longest = (struct longest){.masked = tally->masked, .name = op->name};
	}
}

/* Whether their users must not have it come to that. */
static bool is_forbidden(void)
{
	return (op->alone & body->takes) != 0 || (body->alone & op->takes) != 0;
}

/* Whether they can get into each other's way at all; visitors stand for all who cannot. */
static bool is_of_use(void)
{
	return body->visits || op->uses == 0 || body->uses == 0 ||
	       (op->uses & body->uses & ~USES_ITSELF) != 0;
}

static void sweep_by(struct tally *tally, bool visitors)
{
	for (uint32_t i = 0; i < body_world->count; i++) {
		body = &body_world->operations[i];
		if ((visitors ? body->visits : is_of_use()) && !is_forbidden() &&
		    !is_repetition(i)) {
			sweep_pair(tally);
			tally->bodies++;
		}
	}
}

static void sweep_op(const struct sweep *sweep, struct tally *tally)
{
	for (uint32_t i = 0; i < SWEPT_BY && sweep->by[i].world != NULL; i++) {
		body_world = sweep->by[i].world;
		sweep_by(tally, sweep->by[i].visitors);
	}
	printk("sweep: op=%s bodies=%u instructions=%u boundaries=%u pended=%u masked=%u\n",
	       op->name, (unsigned int)tally->bodies, (unsigned int)tally->instructions,
	       (unsigned int)tally->boundaries, (unsigned int)tally->pended,
	       (unsigned int)tally->masked);
}

ZTEST(sweep_matrix, test_every_boundary)
{
	struct longest longest[2] = {{.name = "nothing"}, {.name = "nothing"}};
	struct tally all = {0};

	for (uint32_t s = 0; s < sweep_count; s++) {
		op_world = sweeps[s].world;
		for (uint32_t i = 0; i < op_world->count; i++) {
			struct tally tally = {0};

			op = &op_world->operations[i];
			sweep_op(&sweeps[s], &tally);
			note(&longest[op->copies ? 1 : 0], &tally);
			all.bodies += tally.bodies;
			all.boundaries += tally.boundaries;
			all.pended += tally.pended;
		}
	}
	printk("sweep: pairs=%u boundaries=%u pended=%u\n", (unsigned int)all.bodies,
	       (unsigned int)all.boundaries, (unsigned int)all.pended);
	printk("sweep: longest_masked=%u in=%s copying=%u in=%s\n", (unsigned int)longest[0].masked,
	       longest[0].name, (unsigned int)longest[1].masked, longest[1].name);
}
