/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The worlds that operations work on, which share nothing, and which of them an image sweeps.
 */
#ifndef WORLDS_H_
#define WORLDS_H_

#include "operations.h"

/** One of them. */
struct world {
	const struct operation *operations;
	uint32_t count; /**< of them */

	/** Before all; once, or several times. */
	void (*init)(void);

	/**
	 * Make everything as both want it, which is @p scene, and give both what they need to have
	 * for themselves.
	 */
	void (*prepare)(const struct scene *scene, const struct scene *main,
			const struct scene *isr);

	/** Compare books and objects, no operation being under way. @return what does not agree. */
	const char *(*fault)(void);

	/** Undo everything and give everything back. @return whether all is at home. */
	bool (*settle)(void);

	/** What can be told of it from outside. */
	void (*outcome)(struct outcome *outcome);

	/** Do one operation, any, for the test that does many. */
	void (*work)(struct account *a, uint32_t random);
};

extern const struct world packets_world;
extern const struct world rings_world;
extern const struct world chains_world;
extern const struct world requests_world;

#define SWEPT_BY 4

/** Whose operations are interrupted, and by whose. */
struct sweep {
	const struct world *world;
	struct {
		const struct world *world; /**< NULL: none */
		bool visitors;             /**< by those only that visit other worlds */
	} by[SWEPT_BY];
};

/* An image has one file, images/, with these. */
extern const struct sweep sweeps[];
extern const uint32_t sweep_count;

/** Before all: each world of the image. */
void worlds_init(void);

/** @return what both of them want; where they differ, what @p main wants. */
struct scene worlds_scene(const struct scene *main, const struct scene *isr);

/** New accounts; then as struct world says, for @p a and @p b, which may be one. */
void worlds_prepare(const struct world *a, const struct world *b, const struct scene *main,
		    const struct scene *isr);

/** The same for all that was prepared. */
const char *worlds_fault(void);
bool worlds_settle(void);
void worlds_outcome(struct outcome *outcome);

#endif /* WORLDS_H_ */
