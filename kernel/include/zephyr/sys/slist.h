/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Singly linked list through nodes inside the user's structures; knows its first and last node.
 *
 * Memory filled with zeros is an empty list.
 *
 * Ownership: a list never owns its nodes. Context: any, one at a time per list: nothing here locks.
 * Cost: constant unless said otherwise.
 */

#ifndef ZEPHYR_SYS_SLIST_H_
#define ZEPHYR_SYS_SLIST_H_

#include <zephyr/sys/util.h>

#ifdef __cplusplus
extern "C" {
#endif

struct _snode {
	struct _snode *next; /**< node behind this one; NULL behind the last */
};

typedef struct _snode sys_snode_t;

struct _slist {
	sys_snode_t *head; /**< first node, NULL if there is none */
	sys_snode_t *tail; /**< last node, NULL if there is none */
};

typedef struct _slist sys_slist_t;

/** Initialiser of an empty list. */
#define SYS_SLIST_STATIC_INIT(ptr_to_list)                                                         \
	{                                                                                          \
		NULL, NULL                                                                         \
	}

/** Make @p list empty, whatever it held. */
static inline void sys_slist_init(sys_slist_t *list)
{
	list->head = NULL;
	list->tail = NULL;
}

/* ---- looking -------------------------------------------------------------------------------- */

/** @return whether @p list has no node. */
static inline bool sys_slist_is_empty(const sys_slist_t *list)
{
	return list->head == NULL;
}

/** @return the first node of @p list, NULL if it is empty. */
static inline sys_snode_t *sys_slist_peek_head(const sys_slist_t *list)
{
	return list->head;
}

/** @return the last node of @p list, NULL if it is empty. */
static inline sys_snode_t *sys_slist_peek_tail(const sys_slist_t *list)
{
	return list->tail;
}

/** @return the node behind @p node, NULL behind the last. */
static inline sys_snode_t *sys_slist_peek_next_no_check(const sys_snode_t *node)
{
	return node->next;
}

/** @return the node behind @p node, NULL behind the last and for NULL. */
static inline sys_snode_t *sys_slist_peek_next(const sys_snode_t *node)
{
	return node == NULL ? NULL : node->next;
}

/* ---- loops ---------------------------------------------------------------------------------- */

/** Loop over the nodes of @p list; the loop must not remove @p node. */
#define SYS_SLIST_FOR_EACH_NODE(list, node)                                                        \
	for (node = sys_slist_peek_head(list); node != NULL; node = sys_slist_peek_next(node))

/** Loop over the nodes behind @p node, over the whole list if that is NULL. */
#define SYS_SLIST_ITERATE_FROM_NODE(list, node)                                                    \
	for (node = (node) != NULL ? sys_slist_peek_next_no_check(node)                            \
				   : sys_slist_peek_head(list);                                    \
	     node != NULL; node = sys_slist_peek_next(node))

/** Loop over the nodes of @p list; the loop may remove @p node, not @p following. */
#define SYS_SLIST_FOR_EACH_NODE_SAFE(list, node, following)                                        \
	for (node = sys_slist_peek_head(list), following = sys_slist_peek_next(node);              \
	     node != NULL; node = following, following = sys_slist_peek_next(node))

/** The structure of type *@p container whose member @p field is *@p node; NULL for NULL. */
#define SYS_SLIST_CONTAINER(node, container, field) Z_CONTAINER_OR_NULL(node, container, field)

/** The structure of the first node; NULL if @p list is empty. */
#define SYS_SLIST_PEEK_HEAD_CONTAINER(list, container, field)                                      \
	SYS_SLIST_CONTAINER(sys_slist_peek_head(list), container, field)

/** The structure of the last node; NULL if @p list is empty. */
#define SYS_SLIST_PEEK_TAIL_CONTAINER(list, container, field)                                      \
	SYS_SLIST_CONTAINER(sys_slist_peek_tail(list), container, field)

/** The structure behind @p container; NULL behind the last, and for NULL. */
#define SYS_SLIST_PEEK_NEXT_CONTAINER(container, field)                                            \
	((container) == NULL                                                                       \
		 ? NULL                                                                            \
		 : SYS_SLIST_CONTAINER(sys_slist_peek_next_no_check(&(container)->field),          \
				       container, field))

/** Loop over structures; the loop must not remove @p container. */
#define SYS_SLIST_FOR_EACH_CONTAINER(list, container, field)                                       \
	for (container = SYS_SLIST_PEEK_HEAD_CONTAINER(list, container, field); container != NULL; \
	     container = SYS_SLIST_PEEK_NEXT_CONTAINER(container, field))

/** Loop over structures; the loop may remove @p container, not @p following. */
#define SYS_SLIST_FOR_EACH_CONTAINER_SAFE(list, container, following, field)                       \
	for (container = SYS_SLIST_PEEK_HEAD_CONTAINER(list, container, field),                    \
	    following = SYS_SLIST_PEEK_NEXT_CONTAINER(container, field);                           \
	     container != NULL;                                                                    \
	     container = following, following = SYS_SLIST_PEEK_NEXT_CONTAINER(container, field))

/* ---- changing ------------------------------------------------------------------------------- */

/**
 * Add the nodes @p head to @p tail, linked to each other and in no list, at the end. Their links
 * are at the start of whatever @p head and @p tail point at. NULL for @p head adds nothing.
 */
static inline void sys_slist_append_list(sys_slist_t *list, void *head, void *tail)
{
	if (head == NULL) {
		return;
	}
	if (list->tail == NULL) {
		list->head = (sys_snode_t *)head;
	} else {
		list->tail->next = (sys_snode_t *)head;
	}
	list->tail = (sys_snode_t *)tail;
}

/** Move all nodes of @p from, another list, to the end of @p list. */
static inline void sys_slist_merge_slist(sys_slist_t *list, sys_slist_t *from)
{
	sys_slist_append_list(list, from->head, from->tail);
	sys_slist_init(from);
}

/** Add @p node, which is in no list, at the end. */
static inline void sys_slist_append(sys_slist_t *list, sys_snode_t *node)
{
	node->next = NULL;
	sys_slist_append_list(list, node, node);
}

/** Add @p node, which is in no list, at the front. */
static inline void sys_slist_prepend(sys_slist_t *list, sys_snode_t *node)
{
	node->next = list->head;
	list->head = node;
	if (list->tail == NULL) {
		list->tail = node;
	}
}

/** Add @p node, which is in no list, behind @p prev; at the front if that is NULL. */
static inline void sys_slist_insert(sys_slist_t *list, sys_snode_t *prev, sys_snode_t *node)
{
	if (prev == NULL) {
		sys_slist_prepend(list, node);
		return;
	}
	node->next = prev->next;
	prev->next = node;
	if (list->tail == prev) {
		list->tail = node;
	}
}

/** Take @p node out, which stands behind @p prev; at the front if that is NULL. */
static inline void sys_slist_remove(sys_slist_t *list, sys_snode_t *prev, sys_snode_t *node)
{
	if (prev == NULL) {
		list->head = node->next;
	} else {
		prev->next = node->next;
	}
	if (list->tail == node) {
		list->tail = prev;
	}
	node->next = NULL;
}

/** Take the first node out of @p list, which must not be empty. @return that node. */
static inline sys_snode_t *sys_slist_get_not_empty(sys_slist_t *list)
{
	sys_snode_t *node = list->head;

	list->head = node->next;
	if (list->tail == node) {
		list->tail = NULL;
	}
	return node;
}

/** Take the first node out. @return that node, NULL if @p list is empty. */
static inline sys_snode_t *sys_slist_get(sys_slist_t *list)
{
	return sys_slist_is_empty(list) ? NULL : sys_slist_get_not_empty(list);
}

/**
 * Look for @p node. Unless @p prev is NULL, *@p prev becomes the node before it, NULL if it is the
 * first; the last node of the list if it is not there.   Cost: a step per node passed.
 *
 * @return whether @p node is in @p list.
 */
static inline bool sys_slist_find(const sys_slist_t *list, const sys_snode_t *node,
				  sys_snode_t **prev)
{
	sys_snode_t *before = NULL;
	sys_snode_t *current = list->head;

	while (current != NULL && current != node) {
		before = current;
		current = current->next;
	}
	if (prev != NULL) {
		*prev = before;
	}
	return current != NULL;
}

/** Take @p node out if it is there. Cost: a step per node passed. @return whether it was. */
static inline bool sys_slist_find_and_remove(sys_slist_t *list, sys_snode_t *node)
{
	sys_snode_t *prev;
	bool found = node != NULL && sys_slist_find(list, node, &prev);

	if (found) {
		sys_slist_remove(list, prev, node);
	}
	return found;
}

/** @return the number of nodes. Cost: a step per node. */
static inline size_t sys_slist_len(const sys_slist_t *list)
{
	size_t count = 0;
	const sys_snode_t *node;

	SYS_SLIST_FOR_EACH_NODE(list, node) {
		count++;
	}
	return count;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_SLIST_H_ */
