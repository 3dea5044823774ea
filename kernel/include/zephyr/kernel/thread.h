/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Threads.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant; a system call where
 * the port needs one.
 * Memory: structures and stacks are RAM, and the size of a stack is in bytes.
 */
#ifndef ZEPHYR_KERNEL_THREAD_H_
#define ZEPHYR_KERNEL_THREAD_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <zephyr/kernel/module.h>
#include <kernel/priority.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a thread runs. */
typedef void (*k_thread_entry_t)(void *p1, void *p2, void *p3);

/** A stack. On Linux the port gives each thread one of at least 64 KiB; this names its size. */
struct z_thread_stack_element {
	char data;
};
typedef struct z_thread_stack_element k_thread_stack_t;

/** Define a stack of at least @p size bytes, or several; in RAM. */
#define K_THREAD_STACK_DEFINE(sym, size) k_thread_stack_t __noinit __aligned(16) sym[size]
#define K_KERNEL_STACK_DEFINE(sym, size) K_THREAD_STACK_DEFINE(sym, size)
#define K_THREAD_STACK_ARRAY_DEFINE(sym, nmemb, size)                                              \
	k_thread_stack_t __noinit __aligned(16) sym[nmemb][size]
#define K_KERNEL_STACK_ARRAY_DEFINE(sym, n, size) K_THREAD_STACK_ARRAY_DEFINE(sym, n, size)
#define K_THREAD_STACK_MEMBER(sym, size)          k_thread_stack_t __aligned(16) sym[size]
#define K_KERNEL_STACK_MEMBER(sym, size)          K_THREAD_STACK_MEMBER(sym, size)
#define K_THREAD_STACK_DECLARE(sym, size)         extern k_thread_stack_t sym[size]
#define K_KERNEL_STACK_DECLARE(sym, size)         K_THREAD_STACK_DECLARE(sym, size)
#define K_THREAD_STACK_SIZEOF(sym)                sizeof(sym)
#define K_KERNEL_STACK_SIZEOF(sym)                sizeof(sym)

/** Priorities: lower is more urgent; negative ones are cooperative. */
#define K_PRIO_COOP(x)                    (-(CONFIG_NUM_COOP_PRIORITIES - (x)))
#define K_PRIO_PREEMPT(x)                 (x)
#define K_HIGHEST_THREAD_PRIO             (-CONFIG_NUM_COOP_PRIORITIES)
#define K_LOWEST_THREAD_PRIO              CONFIG_NUM_PREEMPT_PRIORITIES
#define K_IDLE_PRIO                       K_LOWEST_THREAD_PRIO
#define K_LOWEST_APPLICATION_THREAD_PRIO  (K_LOWEST_THREAD_PRIO - 1)
#define K_HIGHEST_APPLICATION_THREAD_PRIO K_HIGHEST_THREAD_PRIO

/** Options of a thread. Kept; on the platforms here they change nothing. */
#define K_ESSENTIAL     (1U << 0)
#define K_FP_REGS       (1U << 1)
#define K_USER          (1U << 2)
#define K_INHERIT_PERMS (1U << 3)

/** Where a thread's stack is. */
struct k_thread_stack_info {
	uintptr_t start; /**< lowest address; 0 until the thread has begun */
	size_t size;     /**< bytes */
};

/** A thread. Applications name it by its address and read stack_info. */
struct k_thread {
	struct port_parker parker; /**< on which it sleeps, and nobody else */
#ifdef CONFIG_MULTITHREADING
	struct port_thread port;
	k_thread_entry_t entry; /**< with p1 to p3: as created */
	void *p1;
	void *p2;
	void *p3;
	int64_t start_deadline;        /**< when it starts by itself */
	uint32_t aborting;             /**< enum thread_aborting; written under lock */
	uint32_t abort_tokens;         /**< how many came with that; written under lock */
	uint32_t abort_tokens_taken;   /**< of those; its own */
	uint32_t holds;                /**< calls of kernel_hold() in force; its own */
	uint32_t waits_for;            /**< enum wait_kind and 1, 0: it runs; written by it */
	bool ends_here;                /**< whether its last wait ended for that; its own */
	struct k_spinlock lock;        /**< guards what follows */
	struct wait_q joiners;         /**< who waits for its end */
	struct wait_q sleep;           /**< itself, in k_sleep() or before its start */
	bool started;                  /**< whether its entry function may run */
	bool ended;                    /**< whether it runs no more of its own code */
	int32_t own_priority;          /**< as created or set; `priority` may be more urgent */
	struct priority_boost *boosts; /**< what makes it so */
#endif
	int32_t priority; /**< by which it waits; read with relaxed atomics, in any context */
	uint32_t options; /**< as created */
	struct k_thread_stack_info stack_info;
	void *custom_data; /**< the application's */
#ifdef CONFIG_THREAD_NAME
	char name[CONFIG_THREAD_MAX_NAME_LEN];
#endif
};

typedef struct k_thread *k_tid_t;

/**
 * @return the calling thread. A thread that this library did not create gets an identity at its
 * first call. In an ISR: what was interrupted, or on Linux the interrupt thread.
 */
k_tid_t k_current_get(void);

/** @return whether an ISR is running. Context: any. */
static inline bool k_is_in_isr(void)
{
	return port_in_isr();
}

/**
 * @return the priority of @p thread: lower is more urgent. While it holds a mutex for which a more
 * urgent thread waits, the priority of that one. Context: any.
 */
int k_thread_priority_get(k_tid_t thread);

/**
 * Set the priority of @p thread. Waiting threads are served by their priority of that moment.
 * What it inherits through a mutex stays in force. Context: any.
 */
void k_thread_priority_set(k_tid_t thread, int prio);

#ifdef CONFIG_MULTITHREADING

/**
 * Create a thread in the caller's @p new_thread and start it after @p delay; K_FOREVER: when
 * k_thread_start() is called.
 *
 * Ownership: @p new_thread and @p stack must live until the thread has ended.
 * Context: thread.   Blocks: no.   @return @p new_thread, or NULL if the system has no room for a
 * thread or, with CONFIG_PORT_SCHED_FIFO, refuses the priority.
 */
k_tid_t k_thread_create(struct k_thread *new_thread, k_thread_stack_t *stack, size_t stack_size,
			k_thread_entry_t entry, void *p1, void *p2, void *p3, int prio,
			uint32_t options, k_timeout_t delay);

/** Start @p thread now if it has not started. Context: any. */
void k_thread_start(k_tid_t thread);

/**
 * Ask @p thread to end: at once for the caller itself, else at its next blocking call, or now if
 * it is in one; a thread that waits for its start never runs. Locks it holds stay locked, and
 * what it has on its stack for others is lost: some calls say that who is in them must not be aborted.
 * Once it has ended, nothing happens. Context: thread; ISR for others. Blocks: no.
 */
void k_thread_abort(k_tid_t thread);

/**
 * Wait until @p thread has ended.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.
 * @return 0, -EBUSY with K_NO_WAIT if it runs, -EAGAIN after @p timeout, -EDEADLK for the caller.
 */
int k_thread_join(struct k_thread *thread, k_timeout_t timeout);

#ifdef CONFIG_SCHED_CPU_MASK
/**
 * On which processors @p thread, created and not ended or the caller, may run: none, all that the
 * process may use, one more, one less, this one only. It takes effect at once; an empty mask is kept, and changes
 * nothing before one is enabled.
 *
 * Context: thread.   Blocks: no.   Cost: a system call.
 * @return 0; -EINVAL, nothing changed, if there is no such processor or the process may use none of those left.
 */
int k_thread_cpu_mask_clear(k_tid_t thread);
int k_thread_cpu_mask_enable_all(k_tid_t thread);
int k_thread_cpu_mask_enable(k_tid_t thread, int cpu);
int k_thread_cpu_mask_disable(k_tid_t thread, int cpu);
int k_thread_cpu_pin(k_tid_t thread, int cpu);
#endif

/** End the sleep of @p thread in k_sleep(), if it is in one. Context: any. */
void k_wakeup(k_tid_t thread);

#endif /* CONFIG_MULTITHREADING */

/**
 * Name @p thread (NULL: the caller); a name longer than the limit is cut. On Linux a debugger shows
 * the first 15 characters of it.
 * @return 0, -EINVAL if @p name is NULL, -ENOSYS if names are off.
 */
int k_thread_name_set(k_tid_t thread, const char *name);

/** @return its name, NULL if names are off. */
const char *k_thread_name_get(k_tid_t thread);

/**
 * Copy its name. @return 0, -ENOSPC if it does not fit in @p size bytes, -EINVAL, -ENOSYS if off.
 */
int k_thread_name_copy(k_tid_t thread, char *buf, size_t size);

/** Store in *@p unused_ptr bytes of @p thread's stack never used. @return 0, -EINVAL if unknown. */
int k_thread_stack_space_get(const struct k_thread *thread, size_t *unused_ptr);

/** Keep a pointer of the application's for the calling thread. */
void k_thread_custom_data_set(void *value);

/** @return what it keeps, NULL at first. */
void *k_thread_custom_data_get(void);

/**
 * Sleep. K_FOREVER: until k_wakeup().   Context: thread.   Blocks: for that time.
 * @return 0, or the milliseconds left when k_wakeup() ended it; K_TICKS_FOREVER after K_FOREVER.
 */
int32_t k_sleep(k_timeout_t timeout);
int32_t k_msleep(int32_t ms);
/** As k_sleep(), for microseconds. @return 0, or the microseconds left. */
int32_t k_usleep(int32_t us);

/** Let other threads run. Context: thread. Blocks: while they do. */
void k_yield(void);

/** How a thread was asked to end: in which waits it does so, each in those of the one before, too. */
enum thread_aborting {
	THREAD_NOT_ABORTING,
	THREAD_FINISHING, /* WAIT_FOR_CHANCE */
	THREAD_ENDING,    /* WAIT_FOR_MESSAGE */
	THREAD_ABORTING,  /* all, kernel_hold() or not */
};

/**
 * For the kernel, about the calling thread: @return whether a token of k_thread_abort(), or of being
 * asked to end, is still to be taken, which is true once for each.
 */
bool thread_abort_token_due(struct k_thread *thread);

/**
 * For the kernel, about the calling thread: @return whether a wait of @p kind (enum wait_kind) is the
 * place to end, such a token having been taken.
 */
bool thread_ends_at(const struct k_thread *thread, uint32_t kind);

/** Start-up description of a thread of K_THREAD_DEFINE(). */
struct k_static_thread {
	struct k_thread *thread;
	k_thread_stack_t *stack;
	size_t stack_size;
	k_thread_entry_t entry;
	void *p1;
	void *p2;
	void *p3;
	int prio;
	uint32_t options;
	int32_t delay_ms; /**< -1: never by itself */
	const char *name;
};

/* A const object is visible to other files by default in C, on request in C++. */
#ifdef __cplusplus
#define Z_THREAD_ID_LINKAGE extern
#else
#define Z_THREAD_ID_LINKAGE
#endif

/**
 * Define a thread that starts before main(), @p delay milliseconds after start-up (K_TICKS_FOREVER:
 * when k_thread_start() is called). Defines `const k_tid_t name` in flash, a stack and a
 * struct k_thread in RAM.
 */
#define K_THREAD_DEFINE(name, stack_size, entry, p1, p2, p3, prio, options, delay)                 \
	static K_THREAD_STACK_DEFINE(_k_thread_stack_##name, stack_size);                          \
	static struct k_thread _k_thread_obj_##name;                                               \
	static const STRUCT_SECTION_ITERABLE(k_static_thread, _k_thread_data_##name) = {           \
		&_k_thread_obj_##name,                                                             \
		_k_thread_stack_##name,                                                            \
		stack_size,                                                                        \
		(k_thread_entry_t)(entry),                                                         \
		(void *)(p1),                                                                      \
		(void *)(p2),                                                                      \
		(void *)(p3),                                                                      \
		(prio),                                                                            \
		(options),                                                                         \
		(int32_t)(delay),                                                                  \
		#name,                                                                             \
	};                                                                                         \
	Z_THREAD_ID_LINKAGE const k_tid_t name = &_k_thread_obj_##name
#define K_KERNEL_THREAD_DEFINE(name, stack_size, entry, p1, p2, p3, prio, options, delay)          \
	K_THREAD_DEFINE(name, stack_size, entry, p1, p2, p3, prio, options, delay)

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_THREAD_H_ */
