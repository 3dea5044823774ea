/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The porting manual: everything Packet I/O asks of a platform, and nothing else.
 *
 * A port supplies
 *   - `port_platform.h`, on its include path, with the types and the inline functions below that
 *     are marked INLINE (they are on the data path), and
 *   - one or more C files with the rest.
 *
 * Three kinds of platform fit behind it: threads in parallel (Linux), an RTOS with one running
 * thread, and bare metal with interrupts and a main loop. What differs is said with each function.
 *
 * Words used here
 *   tick      unit of time of the kernel, 1 / CONFIG_SYS_CLOCK_TICKS_PER_SEC seconds.
 *   deadline  a moment in ticks since start-up; PORT_FOREVER is never.
 *   ISR       a routine that runs in interrupt context: on a microcontroller a real interrupt
 *             handler, on Linux a routine on the port's interrupt thread.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant; where the operating
 * system is asked, a system call.
 */
#ifndef PORT_PORT_H_
#define PORT_PORT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A deadline that never comes. */
#define PORT_FOREVER INT64_MAX

/*
 * Types a port defines in port_platform.h. All of them are valid when filled with zeros.
 *
 *   struct port_lock    guards data against every other context, ISRs included.
 *   port_key_t          what taking a lock returns and releasing it wants back: the interrupt
 *                       state before. An integer.
 *   struct port_parker  one word on which one thread, its owner, sleeps.
 *   struct port_thread  what the port keeps of a thread it started.
 *   PORT_THREAD_LOCAL   storage class of a variable of which each thread has its own; empty where
 *                       there is one thread.
 *   PORT_CACHE_LINE     bytes that two cores should not both write; 0 where there is one core.
 */
#include <port_platform.h>

/* ---- critical sections ---------------------------------------------------------------------- */

/**
 * INLINE. Take @p lock and keep interrupts of this core out until port_unlock().
 *
 * Where threads run in parallel: spins briefly (CONFIG_PORT_LOCK_SPINS), then sleeps until the
 * holder lets go. Where one core runs alone: masks interrupts, @p lock is not looked at.
 * Acquire order; pairs with the release order of port_unlock().
 *
 * Context: any. Not recursive. Hold it for a bounded time, never across a wait or user code.
 * Cost: one atomic exchange without contention, or one mask.
 * @return the key for port_unlock().
 */
static inline port_key_t port_lock(struct port_lock *lock);

/**
 * INLINE. port_lock(), if that can be had at once.
 *
 * Where one core runs alone it always can. Context: any.
 * @return true with the lock taken and the key for port_unlock() in *@p key; false, with nothing
 * changed, if another context holds it.
 */
static inline bool port_trylock(struct port_lock *lock, port_key_t *key);

/**
 * INLINE. Release @p lock. Release order; the next port_lock() of it sees all that was written.
 *
 * The store that releases is the last access to @p lock: who takes it next may destroy it.
 *
 * Context: any, the one that took it.   Cost: one store; one system call if somebody sleeps on it.
 */
static inline void port_unlock(struct port_lock *lock, port_key_t key);

/**
 * Keep all ISRs out, everywhere, until port_irq_unlock(). Nests.
 *
 * One core: masks interrupts. Parallel threads: takes the one recursive lock that the interrupt
 * thread holds while it runs a routine, so threads that mask exclude each other as well.
 *
 * Context: any.   @return the key for port_irq_unlock().
 */
port_key_t port_irq_lock(void);

/** Undo the port_irq_lock() that returned @p key. Context: the one that locked. */
void port_irq_unlock(port_key_t key);

/**
 * INLINE. Say that the calling context has taken, or released, a lock of the application, for
 * port_irq_masked(). Does nothing where a lock masks interrupts.
 */
static inline void port_lock_entered(void);
static inline void port_lock_left(void);

/**
 * @return whether the calling context must not wait: it has masked interrupts, or holds a lock of
 * the application (k_spin_lock()). Context: any. Cost: a few instructions.
 */
bool port_irq_masked(void);

/**
 * Have every context of this program that runs now pass a full fence. Who publishes something
 * often and then looks for sleepers needs no fence between the two if a sleeper calls this between
 * saying that it sleeps and looking a last time.
 *
 * Context: any.   Cost: a system call where threads run in parallel, otherwise nothing.
 * @return false if that cannot be done here; never on one core.
 */
bool port_fence_all(void);

/**
 * Wait until *@p word is 0, which another context that runs makes it soon: what it does meanwhile is
 * as short as what is done with a lock. Acquire order. Only where threads run in parallel.
 *
 * Context: any.   Blocks: spins briefly, then sleeps between looks.
 */
void port_await_zero(const uint32_t *word);

/** @return true in an ISR. Context: any. Cost: a few instructions. */
bool port_in_isr(void);

/**
 * INLINE. @return a number for the context that runs: no other thread, and no ISR that interrupts it,
 * has the same.   Context: any.   Cost: a few instructions.
 */
static inline uintptr_t port_context(void);

/* ---- interrupts for tests and simulated devices --------------------------------------------- */

/** One source of interrupts that software can raise. The caller owns it; zeroed is "not raised". */
struct port_irq {
	void (*routine)(void *arg); /**< runs in interrupt context; set by the owner */
	void *arg;                  /**< handed to @ref routine; set by the owner */
	struct port_irq *next;      /**< the port's while raised */
	uint32_t raised;            /**< 1 from port_irq_raise() until just before the routine */
};

/**
 * Raise @p irq: its routine runs soon, once, in interrupt context. Raising what is raised already
 * does nothing, as with a pending bit.
 *
 * Ownership: @p irq stays the caller's and must live until the routine has run.
 * Context: thread or ISR.   Blocks: no.
 */
void port_irq_raise(struct port_irq *irq);

/**
 * Run @p routine in interrupt context and return when it has ended.
 *
 * Context: thread, interrupts not masked; in an ISR it is called at once.
 * Blocks: until the routine and those raised before it have run.
 */
void port_irq_offload(void (*routine)(const void *arg), const void *arg);

/* ---- clock ---------------------------------------------------------------------------------- */

/** @return ticks since start-up, rounded down; never goes back. Context: any. */
int64_t port_clock_ticks(void);

/**
 * The deadline of a wait of @p ticks that begins now: the first tick at which at least @p ticks
 * whole ticks have passed, so that no wait ends early.
 *
 * Context: any.   @return the deadline; PORT_FOREVER if the sum does not fit.
 */
int64_t port_clock_deadline(int64_t ticks);

/** @return cycles since start-up of the finest counter there is. Context: any. */
uint64_t port_clock_cycles(void);

/** @return cycles of port_clock_cycles() in a second. */
uint32_t port_clock_cycles_per_sec(void);

/** Let @p usec microseconds pass without giving up the core. Context: any. */
void port_clock_busy_wait(uint32_t usec);

/* ---- the alarm ------------------------------------------------------------------------------ */

/**
 * Have @p routine called once in interrupt context as soon as the clock has reached @p deadline:
 * soon, if that has passed; never, with PORT_FOREVER. There is one alarm; setting it again replaces
 * what it was set to. The kernel's timeouts (kernel/timeout_q.h) are its user: nobody else sets it.
 *
 * The routine may come although the alarm was set anew a moment ago, so it looks at the clock; it
 * may set the alarm. No lock is held while it runs. A port keeps the code behind this out of programs
 * that do not call it, where bytes count.
 *
 * Context: any, one call at a time (the caller has a lock).   Blocks: no.
 * Parallel threads: the interrupt thread sleeps until the alarm; a deadline before the one it sleeps for
 * costs a system call.   RTOS: a timer of its own.   Bare metal: the interrupt of the timer, which compares
 * at each tick, or is told when to come.
 */
void port_alarm_set(int64_t deadline, void (*routine)(void));

/* ---- waiting -------------------------------------------------------------------------------- */

/**
 * Sleep until port_unpark() has been called for @p parker, or until @p deadline.
 *
 * Every port_unpark() leaves one token; park takes one, sleeping only if there is none. Tokens are
 * counted, so each port_unpark() ends exactly one port_park(), whichever comes first.
 *
 * Context: the one thread that owns @p parker; no lock held.   Blocks: until @p deadline.
 * Parallel threads: a futex. RTOS: a semaphore. Bare metal: sleep until an interrupt, look again.
 * @return true if a token was taken, false if @p deadline passed first.
 */
bool port_park(struct port_parker *parker, int64_t deadline);

/**
 * Leave a token for the owner of @p parker and wake it if it sleeps.
 *
 * The last access to @p parker is the one that leaves the token: its memory may be gone as soon as
 * the owner has taken it.   Context: any.   Cost: one atomic; a system call only if it sleeps.
 */
void port_unpark(struct port_parker *parker);

/* ---- event loops (only where CONFIG_PORT_POSIX) ---------------------------------------------- */

/**
 * Open a descriptor that poll(), epoll and whatever stands on them can wait for; not readable.
 *
 * Ownership: the caller's, until port_event_close().   Context: thread.
 * @return the descriptor; -EMFILE, -ENFILE or -ENOMEM if the system has none.
 */
int port_event_open(void);

/** Make @p fd @p readable, which it is not now, or the reverse. Context: any. Cost: a system call. */
void port_event_set(int fd, bool readable);

/** Close it. Context: thread. */
void port_event_close(int fd);

/** How a thread sleeps that waits for more than tokens: in a call of the system that it chooses. */
struct port_sleep {
	int fd; /**< from port_event_open(): made readable when a token has come */
	/** Sleep until @ref fd is readable, or whatever else, or @p deadline. */
	void (*sleep)(struct port_sleep *sleep, int64_t deadline);
};

/**
 * port_park(), but with @p sleep, and only once. Who sleeps has to make its descriptor unreadable again.
 *
 * Context: the one thread that owns @p parker; no lock held.   Blocks: as long as @p sleep does.
 * @return 1 if a token was taken, 0 if there was none, -ENOTSUP on the virtual clock, where nobody slept.
 */
int port_park_in(struct port_parker *parker, struct port_sleep *sleep, int64_t deadline);

/* ---- threads (only where CONFIG_MULTITHREADING) --------------------------------------------- */

/** What a thread is started with. */
struct port_thread_attr {
	size_t stack_size; /**< bytes; the port raises it to its minimum */
	int priority;      /**< kernel priority: lower is more urgent, negative is cooperative */
	void (*entry)(void *arg);
	void *arg;
};

/**
 * Start a thread. When entry returns, or port_thread_exit() is called, it is gone: nothing of it
 * needs to be joined, and @p thread is not touched once entry has been called, so that its owner
 * may reuse it as soon as it knows that entry is about to return.
 *
 * Context: thread.   @return 0, -EAGAIN if the system has no room for another thread,
 * -EPERM if the priority needs a right the process does not have (CONFIG_PORT_SCHED_FIFO), or it may
 * use none of the processors of CONFIG_PORT_THREAD_CPUS; the console says which.
 */
int port_thread_start(struct port_thread *thread, const struct port_thread_attr *attr);

/** Leave the calling thread. Context: a thread that port_thread_start() started. */
void port_thread_exit(void) __attribute__((noreturn));

/**
 * Have @p fn called when the calling thread ends, whoever started it, after the code of its own. A
 * thread has one such function; it is not called at the end of the process.
 *
 * Context: thread, or ISR on the interrupt thread.   @return false if there is no room for it.
 */
bool port_thread_at_exit(void (*fn)(void));

/** Change the priority of a started thread; @return 0 or -EPERM as in port_thread_start(). */
int port_thread_priority(struct port_thread *thread, int priority);

#ifdef CONFIG_SCHED_CPU_MASK
/**
 * Have @p thread, started and not ended, run on the processors of @p cpus, of which bit n is processor n. A
 * mask of 0 is kept and changes nothing before the next.
 * Context: thread, one call at a time for one thread.
 * @return 0, -EINVAL, nothing changed, if the process may use none of them.
 */
int port_thread_cpus(struct port_thread *thread, unsigned long cpus);

/** The same for the calling thread, which the port may not have started. */
int port_thread_cpus_self(struct port_thread *thread, unsigned long cpus);
#endif

/**
 * Show debuggers a name of @p thread, which runs, or NULL: of the calling thread. May do nothing.
 * Before @p thread has begun it does nothing; it has when its entry function is called.
 */
void port_thread_name(struct port_thread *thread, const char *name);

/** Let other threads run. Context: thread. */
void port_thread_yield(void);

/**
 * Where the calling thread's stack is: *@p start is its lowest address, *@p size its bytes.
 * @return true, or false where that cannot be known.
 */
bool port_thread_stack(uintptr_t *start, size_t *size);

/* ---- the rest ------------------------------------------------------------------------------- */

/** Write @p len bytes of @p text to the console, in one piece where the console can. Context: any. */
void port_print(const char *text, size_t len);

/**
 * Fill @p len bytes at @p dst with unpredictable bits. Context: any that the source allows.
 * Blocks: while the source has none.   @return 0, -ENOTSUP without a source.
 */
int port_entropy(void *dst, size_t len);

/** Stop everything, in a way a debugger or a parent process sees. Does not return. */
void port_fatal(void) __attribute__((noreturn));

/* ---- a clock that tests can step (only with CONFIG_PORT_VIRTUAL_CLOCK) ----------------------- */

/**
 * Stop real time: from now on the clock moves only when every thread sleeps in port_park(), and
 * then at once to the earliest deadline, whose owner wakes alone. Waits take no real time and end
 * at exactly their deadline, in the order of their deadlines (first come first for equal ones).
 *
 * Threads started from here on count, and so does the caller; one that ran before counts from the
 * end of its first wait. A thread that blocks in the operating system counts as running.
 * Context: thread, interrupts not masked.
 */
void port_clock_virtual_start(void);

/** Let real time go on from where the virtual clock stands. Sleepers keep their deadlines. */
void port_clock_virtual_stop(void);

#ifdef __cplusplus
}
#endif

#endif /* PORT_PORT_H_ */
