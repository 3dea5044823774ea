/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Atomic variables: integers of the size of a long, pointers, and arrays of bits.
 *
 * Every function here is sequentially consistent: all of them, on all variables, happen in one
 * order that all contexts agree on. That is Zephyr's contract, and what makes them simple to use;
 * code of this library that needs less uses <port/atomics.h>, where orders are named.
 *
 * Context: any, ISR included.   Cost: constant, one instruction where the processor has it.
 */

#ifndef ZEPHYR_SYS_ATOMIC_H_
#define ZEPHYR_SYS_ATOMIC_H_

#include <zephyr/sys/util.h>

#include <port/atomics.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef long atomic_t;
typedef atomic_t atomic_val_t;
typedef void *atomic_ptr_t;
typedef atomic_ptr_t atomic_ptr_val_t;

/** Initialiser of an atomic integer or pointer. */
#define ATOMIC_INIT(i)     (i)
#define ATOMIC_PTR_INIT(p) (p)

/*
 * What the functions are made of: the compiler's builtins, or the same with interrupts masked, where
 * the processor has no such instructions.
 */
#ifdef PORT_ATOMICS_NATIVE
#define Z_ATOMIC_EXCHANGE(target, value) __atomic_exchange_n(target, value, __ATOMIC_SEQ_CST)
#define Z_ATOMIC_CAS(target, old_value, new_value)                                                 \
	__atomic_compare_exchange_n(target, &(old_value), new_value, false, __ATOMIC_SEQ_CST,      \
				    __ATOMIC_SEQ_CST)
#define Z_ATOMIC_ADD(target, value)  __atomic_fetch_add(target, value, __ATOMIC_SEQ_CST)
#define Z_ATOMIC_SUB(target, value)  __atomic_fetch_sub(target, value, __ATOMIC_SEQ_CST)
#define Z_ATOMIC_OR(target, value)   __atomic_fetch_or(target, value, __ATOMIC_SEQ_CST)
#define Z_ATOMIC_XOR(target, value)  __atomic_fetch_xor(target, value, __ATOMIC_SEQ_CST)
#define Z_ATOMIC_AND(target, value)  __atomic_fetch_and(target, value, __ATOMIC_SEQ_CST)
#define Z_ATOMIC_NAND(target, value) __atomic_fetch_nand(target, value, __ATOMIC_SEQ_CST)
#else
#define Z_ATOMIC_WRAPPED(target, operation)                                                        \
	PORT_ATOMIC_MASKED(target, (atomic_val_t)((unsigned long)old operation))
#define Z_ATOMIC_EXCHANGE(target, value) PORT_ATOMIC_MASKED(target, value)
#define Z_ATOMIC_CAS(target, old_value, new_value)                                                 \
	(PORT_ATOMIC_MASKED(target, old == (old_value) ? (new_value) : old) == (old_value))
#define Z_ATOMIC_ADD(target, value)  Z_ATOMIC_WRAPPED(target, +(unsigned long)(value))
#define Z_ATOMIC_SUB(target, value)  Z_ATOMIC_WRAPPED(target, -(unsigned long)(value))
#define Z_ATOMIC_OR(target, value)   PORT_ATOMIC_MASKED(target, old | (value))
#define Z_ATOMIC_XOR(target, value)  PORT_ATOMIC_MASKED(target, old ^ (value))
#define Z_ATOMIC_AND(target, value)  PORT_ATOMIC_MASKED(target, (value) & old)
#define Z_ATOMIC_NAND(target, value) PORT_ATOMIC_MASKED(target, ~(old & (value)))
#endif

/* ---- integers ------------------------------------------------------------------------------- */

/** @return the value of @p target. */
static inline atomic_val_t atomic_get(const atomic_t *target)
{
	return __atomic_load_n(target, __ATOMIC_SEQ_CST);
}

/** Make @p target @p value. @return the value before. */
static inline atomic_val_t atomic_set(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_EXCHANGE(target, value);
}

/** Make @p target 0. @return the value before. */
static inline atomic_val_t atomic_clear(atomic_t *target)
{
	return atomic_set(target, 0);
}

/** Make @p target @p new_value if it is @p old_value. @return whether it was. */
static inline bool atomic_cas(atomic_t *target, atomic_val_t old_value, atomic_val_t new_value)
{
	return Z_ATOMIC_CAS(target, old_value, new_value);
}

/** Add @p value, wrapping. @return the value before. */
static inline atomic_val_t atomic_add(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_ADD(target, value);
}

/** Subtract @p value, wrapping. @return the value before. */
static inline atomic_val_t atomic_sub(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_SUB(target, value);
}

/** Add 1, wrapping. @return the value before. */
static inline atomic_val_t atomic_inc(atomic_t *target)
{
	return atomic_add(target, 1);
}

/** Subtract 1, wrapping. @return the value before. */
static inline atomic_val_t atomic_dec(atomic_t *target)
{
	return atomic_sub(target, 1);
}

/** Set the bits of @p value. @return the value before. */
static inline atomic_val_t atomic_or(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_OR(target, value);
}

/** Invert the bits of @p value. @return the value before. */
static inline atomic_val_t atomic_xor(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_XOR(target, value);
}

/** Keep the bits of @p value only. @return the value before. */
static inline atomic_val_t atomic_and(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_AND(target, value);
}

/** Make @p target ~(target & @p value). @return the value before. */
static inline atomic_val_t atomic_nand(atomic_t *target, atomic_val_t value)
{
	return Z_ATOMIC_NAND(target, value);
}

/* ---- pointers ------------------------------------------------------------------------------- */

/** @return the value of @p target. */
static inline atomic_ptr_val_t atomic_ptr_get(const atomic_ptr_t *target)
{
	return __atomic_load_n(target, __ATOMIC_SEQ_CST);
}

/** Make @p target @p value. @return the value before. */
static inline atomic_ptr_val_t atomic_ptr_set(atomic_ptr_t *target, atomic_ptr_val_t value)
{
	return Z_ATOMIC_EXCHANGE(target, value);
}

/** Make @p target NULL. @return the value before. */
static inline atomic_ptr_val_t atomic_ptr_clear(atomic_ptr_t *target)
{
	return atomic_ptr_set(target, NULL);
}

/** Make @p target @p new_value if it is @p old_value. @return whether it was. */
static inline bool atomic_ptr_cas(atomic_ptr_t *target, atomic_ptr_val_t old_value,
				  atomic_ptr_val_t new_value)
{
	return Z_ATOMIC_CAS(target, old_value, new_value);
}

/* ---- bits, counted from 0 through an array of atomic integers -------------------------------- */

/** Bits in one atomic integer. */
#define ATOMIC_BITS NUM_BITS(atomic_val_t)

/** Atomic integers that @p num_bits bits need. */
#define ATOMIC_BITMAP_SIZE(num_bits) (((num_bits) + ATOMIC_BITS - 1) / ATOMIC_BITS)

/** Defines an array of @p num_bits bits called @p name. */
#define ATOMIC_DEFINE(name, num_bits) atomic_t name[ATOMIC_BITMAP_SIZE(num_bits)]

/** The atomic integer of an array that holds @p bit, and that bit within it. */
#define ATOMIC_ELEM(addr, bit) (&(addr)[(size_t)(bit) / ATOMIC_BITS])
#define ATOMIC_MASK(bit)       ((atomic_val_t)BIT((size_t)(bit) % ATOMIC_BITS))

/** @return whether @p bit is set. */
static inline bool atomic_test_bit(const atomic_t *target, int bit)
{
	return (atomic_get(ATOMIC_ELEM(target, bit)) & ATOMIC_MASK(bit)) != 0;
}

/** Clear @p bit. @return whether it was set. */
static inline bool atomic_test_and_clear_bit(atomic_t *target, int bit)
{
	return (atomic_and(ATOMIC_ELEM(target, bit), ~ATOMIC_MASK(bit)) & ATOMIC_MASK(bit)) != 0;
}

/** Set @p bit. @return whether it was set. */
static inline bool atomic_test_and_set_bit(atomic_t *target, int bit)
{
	return (atomic_or(ATOMIC_ELEM(target, bit), ATOMIC_MASK(bit)) & ATOMIC_MASK(bit)) != 0;
}

/** Clear @p bit. */
static inline void atomic_clear_bit(atomic_t *target, int bit)
{
	(void)atomic_and(ATOMIC_ELEM(target, bit), ~ATOMIC_MASK(bit));
}

/** Set @p bit. */
static inline void atomic_set_bit(atomic_t *target, int bit)
{
	(void)atomic_or(ATOMIC_ELEM(target, bit), ATOMIC_MASK(bit));
}

/** Set @p bit if @p val, otherwise clear it. */
static inline void atomic_set_bit_to(atomic_t *target, int bit, bool val)
{
	if (val) {
		atomic_set_bit(target, bit);
	} else {
		atomic_clear_bit(target, bit);
	}
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_ATOMIC_H_ */
