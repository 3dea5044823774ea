/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Doubly linked list through nodes inside the user's structures.
 *
 * The list is a ring that its head is part of: adding and removing, anywhere, is a few stores and
 * needs no list. A node that is in no list has NULL links, so membership can be asked for.
 *
 * A list or node is initialised by its init function or static initialiser; memory filled with
 * zeros is a node in no list, and a list that reads as empty but must be initialised before the
 * first node is added.
 *
 * Ownership: a list never owns its nodes. Context: any, one at a time per list: nothing here locks.
 * Cost: constant unless said otherwise.
 */

#ifndef ZEPHYR_SYS_DLIST_H_
#define ZEPHYR_SYS_DLIST_H_

#include <zephyr/sys/util.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A node, and a list as well: of a list, next is its first node and prev its last. */
struct _dnode {
	union {
		struct _dnode *head; /**< first node of a list; the list itself when empty */
		struct _dnode *next; /**< node behind this one; the list behind the last */
	};
	union {
		struct _dnode *tail; /**< last node of a list; the list itself when empty */
		struct _dnode *prev; /**< node before this one; the list before the first */
	};
};

typedef struct _dnode sys_dlist_t;
typedef struct _dnode sys_dnode_t;

/** Initialiser of a list that has static storage, for itself: l = SYS_DLIST_STATIC_INIT(&l). */
#define SYS_DLIST_STATIC_INIT(ptr_to_list)                                                         \
	{                                                                                          \
		{(ptr_to_list)},                                                                   \
		{                                                                                  \
			(ptr_to_list)                                                              \
		}                                                                                  \
	}

/** Make @p list empty, whatever it held. */
static inline void sys_dlist_init(sys_dlist_t *list)
{
	list->head = list;
	list->tail = list;
}

/** Make @p node one that is in no list, whatever it held. */
static inline void sys_dnode_init(sys_dnode_t *node)
{
	node->next = NULL;
	node->prev = NULL;
}

/** @return whether @p node is in a list. */
static inline bool sys_dnode_is_linked(const sys_dnode_t *node)
{
	return node->next != NULL;
}

/* ---- looking -------------------------------------------------------------------------------- */

/** @return whether @p list has no node. */
static inline bool sys_dlist_is_empty(const sys_dlist_t *list)
{
	return list->head == list || list->head == NULL;
}

/** @return whether @p list has at least two nodes. */
static inline bool sys_dlist_has_multiple_nodes(const sys_dlist_t *list)
{
	return list->head != list->tail;
}

/** @return whether @p node is the first of @p list. */
static inline bool sys_dlist_is_head(const sys_dlist_t *list, const sys_dnode_t *node)
{
	return list->head == node;
}

/** @return whether @p node is the last of @p list. */
static inline bool sys_dlist_is_tail(const sys_dlist_t *list, const sys_dnode_t *node)
{
	return list->tail == node;
}

/** @return the first node of @p list, NULL if it is empty. */
static inline sys_dnode_t *sys_dlist_peek_head(const sys_dlist_t *list)
{
	return list->head == list ? NULL : list->head;
}

/** @return the first node of @p list, which must not be empty. */
static inline sys_dnode_t *sys_dlist_peek_head_not_empty(const sys_dlist_t *list)
{
	return list->head;
}

/** @return the last node of @p list, NULL if it is empty. */
static inline sys_dnode_t *sys_dlist_peek_tail(const sys_dlist_t *list)
{
	return list->tail == list ? NULL : list->tail;
}

/** @return the node behind @p node, which must be in @p list; NULL behind the last. */
static inline sys_dnode_t *sys_dlist_peek_next_no_check(const sys_dlist_t *list,
							const sys_dnode_t *node)
{
	return node->next == list ? NULL : node->next;
}

/** As sys_dlist_peek_next_no_check(), and NULL for NULL. */
static inline sys_dnode_t *sys_dlist_peek_next(const sys_dlist_t *list, const sys_dnode_t *node)
{
	return node == NULL ? NULL : sys_dlist_peek_next_no_check(list, node);
}

/** @return the node before @p node, which must be in @p list; NULL before the first. */
static inline sys_dnode_t *sys_dlist_peek_prev_no_check(const sys_dlist_t *list,
							const sys_dnode_t *node)
{
	return node->prev == list ? NULL : node->prev;
}

/** As sys_dlist_peek_prev_no_check(), and NULL for NULL. */
static inline sys_dnode_t *sys_dlist_peek_prev(const sys_dlist_t *list, const sys_dnode_t *node)
{
	return node == NULL ? NULL : sys_dlist_peek_prev_no_check(list, node);
}

/* ---- loops ---------------------------------------------------------------------------------- */

/** Loop over the nodes of @p list; the loop must not remove @p node. */
#define SYS_DLIST_FOR_EACH_NODE(list, node)                                                        \
	for (node = sys_dlist_peek_head(list); node != NULL; node = sys_dlist_peek_next(list, node))

/** Loop over the nodes behind @p node, over the whole list if that is NULL. */
#define SYS_DLIST_ITERATE_FROM_NODE(list, node)                                                    \
	for (node = (node) != NULL ? sys_dlist_peek_next_no_check(list, node)                      \
				   : sys_dlist_peek_head(list);                                    \
	     node != NULL; node = sys_dlist_peek_next(list, node))

/** Loop over the nodes of @p list; the loop may remove @p node, not @p next, which comes then. */
#define SYS_DLIST_FOR_EACH_NODE_SAFE(list, node, next)                                             \
	for (node = sys_dlist_peek_head(list), next = sys_dlist_peek_next(list, node);             \
	     node != NULL; node = next, next = sys_dlist_peek_next(list, node))

/** The structure of type *@p container whose member @p field is *@p node; NULL for NULL. */
#define SYS_DLIST_CONTAINER(node, container, field) Z_CONTAINER_OR_NULL(node, container, field)

/** The structure of the first node; NULL if @p list is empty. */
#define SYS_DLIST_PEEK_HEAD_CONTAINER(list, container, field)                                      \
	SYS_DLIST_CONTAINER(sys_dlist_peek_head(list), container, field)

/** The structure of the last node; NULL if @p list is empty. */
#define SYS_DLIST_PEEK_TAIL_CONTAINER(list, container, field)                                      \
	SYS_DLIST_CONTAINER(sys_dlist_peek_tail(list), container, field)

/** The structure behind @p container; NULL behind the last, and for NULL. */
#define SYS_DLIST_PEEK_NEXT_CONTAINER(list, container, field)                                      \
	((container) == NULL                                                                       \
		 ? NULL                                                                            \
		 : SYS_DLIST_CONTAINER(sys_dlist_peek_next_no_check(list, &(container)->field),    \
				       container, field))

/** Loop over structures; the loop must not remove @p container. */
#define SYS_DLIST_FOR_EACH_CONTAINER(list, container, field)                                       \
	for (container = SYS_DLIST_PEEK_HEAD_CONTAINER(list, container, field); container != NULL; \
	     container = SYS_DLIST_PEEK_NEXT_CONTAINER(list, container, field))

/** Loop over structures; the loop may remove @p container, not @p following, which comes then. */
#define SYS_DLIST_FOR_EACH_CONTAINER_SAFE(list, container, following, field)                       \
	for (container = SYS_DLIST_PEEK_HEAD_CONTAINER(list, container, field),                    \
	    following = SYS_DLIST_PEEK_NEXT_CONTAINER(list, container, field);                     \
	     container != NULL; container = following,                                             \
	    following = SYS_DLIST_PEEK_NEXT_CONTAINER(list, container, field))

/* ---- changing ------------------------------------------------------------------------------- */

/* Put the nodes first...last between two neighbours, one of which may be the list. */
static inline void z_dlist_link(sys_dnode_t *before, sys_dnode_t *first, sys_dnode_t *last,
				sys_dnode_t *behind)
{
	first->prev = before;
	last->next = behind;
	before->next = first;
	behind->prev = last;
}

/** Add @p node, which is in no list, at the end. */
static inline void sys_dlist_append(sys_dlist_t *list, sys_dnode_t *node)
{
	z_dlist_link(list->tail, node, node, list);
}

/** Add @p node, which is in no list, at the front. */
static inline void sys_dlist_prepend(sys_dlist_t *list, sys_dnode_t *node)
{
	z_dlist_link(list, node, node, list->head);
}

/** Add @p node, which is in no list, before @p successor, which is in one. */
static inline void sys_dlist_insert(sys_dnode_t *successor, sys_dnode_t *node)
{
	z_dlist_link(successor->prev, node, node, successor);
}

/**
 * Add @p node, which is in no list, before the first node for which @p cond, called with it and
 * @p data, is not 0; at the end if there is none.   Cost: one call per node passed.
 */
static inline void sys_dlist_insert_at(sys_dlist_t *list, sys_dnode_t *node,
				       int (*cond)(sys_dnode_t *node, void *data), void *data)
{
	sys_dnode_t *place = list->head;

	while (place != list && cond(place, data) == 0) {
		place = place->next;
	}
	sys_dlist_insert(place, node);
}

/** Take @p node out of the list it is in, and leave its own links as they are. */
static inline void sys_dlist_dequeue(sys_dnode_t *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
}

/** Take @p node out of the list it is in. */
static inline void sys_dlist_remove(sys_dnode_t *node)
{
	sys_dlist_dequeue(node);
	sys_dnode_init(node);
}

/** Take the first node out. @return that node, NULL if @p list is empty. */
static inline sys_dnode_t *sys_dlist_get(sys_dlist_t *list)
{
	sys_dnode_t *node = sys_dlist_peek_head(list);

	if (node != NULL) {
		list->head = node->next;
		node->next->prev = list;
		sys_dnode_init(node);
	}
	return node;
}

/** Move all nodes of @p from, another list, to the end of @p list. */
static inline void sys_dlist_join(sys_dlist_t *list, sys_dlist_t *from)
{
	if (!sys_dlist_is_empty(from)) {
		z_dlist_link(list->tail, from->head, from->tail, list);
		sys_dlist_init(from);
	}
}

/** Move the nodes of @p from that stand before @p node, which stays, to the end of @p list. */
static inline void sys_dlist_split(sys_dlist_t *list, sys_dlist_t *from, sys_dnode_t *node)
{
	sys_dnode_t *first = from->head;

	if (first != node) {
		z_dlist_link(list->tail, first, node->prev, list);
		from->head = node;
		node->prev = from;
	}
}

/** @return the number of nodes. Cost: a step per node. */
static inline size_t sys_dlist_len(const sys_dlist_t *list)
{
	size_t count = 0;
	const sys_dnode_t *node;

	SYS_DLIST_FOR_EACH_NODE(list, node) {
		count++;
	}
	return count;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_DLIST_H_ */
