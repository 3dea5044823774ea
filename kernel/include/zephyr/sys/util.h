/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Small tools: bits, arrays, rounding, ranges, text of numbers.
 *
 * What could be a function is a macro where it works on any type or in constant expressions;
 * such macros may evaluate an argument more than once.
 *
 * Context: any.   Blocks: never.   Cost: constant; what has a length, a step a byte.
 */

#ifndef ZEPHYR_SYS_UTIL_H_
#define ZEPHYR_SYS_UTIL_H_

#include <zephyr/sys/util_macro.h>

/* ---- bits ----------------------------------------------------------------------------------- */

#define NUM_BITS(t)   (sizeof(t) * __CHAR_BIT__)
#define BITS_PER_BYTE __CHAR_BIT__
#define BITS_PER_LONG (__SIZEOF_LONG__ * __CHAR_BIT__)

#define BIT(n)        (1UL << (n))
#define BIT64(n)      (1ULL << (n))
#define BIT_MASK(n)   (BIT(n) - 1UL)
#define BIT64_MASK(n) (BIT64(n) - 1ULL)

/** All bits from @p low to @p high, both included. */
#define GENMASK(high, low)   ((~0UL << (low)) & (~0UL >> (NUM_BITS(long) - 1 - (high))))
#define GENMASK64(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))

/** Set (@p set true) or clear bit number @p bit of the variable @p var. */
#define WRITE_BIT(var, bit, set) ((var) = (set) ? ((var) | BIT(bit)) : ((var) & ~BIT(bit)))

/** Whether bit number @p bit of @p value is set. */
#define IS_BIT_SET(value, bit) ((((value) >> (bit)) & 0x1) != 0)

/** Lowest bit that is set in @p value; 0 for 0. */
#define LSB_GET(value) ((value) & -(value))

/** The field of @p value under the contiguous @p mask, moved down to bit 0. */
#define FIELD_GET(mask, value) (((value) & (mask)) / LSB_GET(mask))

/** @p value moved up into the field under the contiguous @p mask. */
#define FIELD_PREP(mask, value) ((LSB_GET(mask) * (value)) & (mask))

/** Whether @p x is a power of two; 0 is not. */
#define IS_POWER_OF_TWO(x) (((x) & ((x)-1)) == 0 && (x) != 0)

/** @return whether @p x is a power of two; 0 is not. */
static inline bool is_power_of_two(unsigned int x)
{
	return IS_POWER_OF_TWO(x);
}

/** Position of the highest bit set in @p x; -1 for 0. Constant for a constant. */
#define LOG2(x)                                                                                    \
	((x) < 1         ? -1                                                                      \
	 : sizeof(x) > 4 ? 63 - __builtin_clzll((unsigned long long)(x) | 1)                       \
			 : 31 - __builtin_clz((unsigned int)(x) | 1))
#define ilog2(x) LOG2(x)

/** Exponent of the lowest power of two that is not below @p x; 0 for 0. */
#define LOG2CEIL(x) ((x) <= 1 ? 0 : LOG2((x)-1) + 1)

/** Lowest power of two that is not below @p x; 1 for 0, 0 if it does not fit in 64 bits. */
#define NHPOT(x) (LOG2CEIL(x) > 63 ? 0ULL : 1ULL << (LOG2CEIL(x) & 63))

/** @return @p value shifted right by @p shift bits; keeps the sign on every compiler. */
static inline int64_t arithmetic_shift_right(int64_t value, uint8_t shift)
{
	uint64_t bits = (uint64_t)value;

	return (int64_t)(value < 0 ? ~(~bits >> shift) : bits >> shift);
}

/* ---- numbers and pointers ------------------------------------------------------------------- */

#define POINTER_TO_UINT(x) ((uintptr_t)(x))
#define UINT_TO_POINTER(x) ((void *)(uintptr_t)(x))
#define POINTER_TO_INT(x)  ((intptr_t)(x))
#define INT_TO_POINTER(x)  ((void *)(intptr_t)(x))

/** Says that a parameter is not used. */
#define ARG_UNUSED(x) (void)(x)

#define KB(x)  ((x) << 10)
#define MB(x)  (KB(x) << 10)
#define GB(x)  (MB(x) << 10)
#define KHZ(x) (1000 * (x))
#define MHZ(x) (1000 * KHZ(x))

/* sys/param.h has these two as well. */
#undef MIN
#undef MAX
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/** @p val, or the limit that it is beyond. */
#define CLAMP(val, low, high) ((val) <= (low) ? (low) : (val) > (high) ? (high) : (val))

/** Whether low <= val <= high. */
#define IN_RANGE(val, low, high) ((val) >= (low) && (val) <= (high))

/** Quotient of integers that are not negative, rounded up. */
#define DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))

/** Quotient to the nearest integer, halves away from zero. */
#define DIV_ROUND_CLOSEST(n, d)                                                                    \
	((Z_NEGATIVE(n) != Z_NEGATIVE(d) ? (n) - (d) / 2 : (n) + (d) / 2) / (d))
#define Z_NEGATIVE(x) ((x) < 1 && (x) != 0)

/** @p x, an integer or an address, up or down to a multiple of @p align; as an integer. */
#define ROUND_UP(x, align)   ROUND_DOWN((unsigned long)(x) + (unsigned long)(align)-1UL, align)
#define ROUND_DOWN(x, align) ((unsigned long)(x) - (unsigned long)(x) % (unsigned long)(align))

/** @p x up or down to a multiple of the size of a pointer. */
#define WB_UP(x) ROUND_UP(x, sizeof(void *))
#define WB_DN(x) ROUND_DOWN(x, sizeof(void *))

/* ---- types, arrays, structures -------------------------------------------------------------- */

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define SIZEOF_FIELD(type, member) sizeof(((type *)0)->member)

/** Zero, or an error at compile time if the constant @p condition is false. */
#define ZERO_OR_COMPILE_ERROR(condition) (sizeof(char[(condition) ? 1 : -1]) - 1)

#ifdef __cplusplus

extern "C++" {
template <class T, size_t n> constexpr size_t z_array_size(const T (&)[n])
{
	return n;
}

/* The type of an expression: without reference, const and volatile. */
template <class T> struct z_plain {
	typedef T type;
};
template <class T> struct z_plain<const T> {
	typedef T type;
};
template <class T> struct z_plain<volatile T> {
	typedef T type;
};
template <class T> struct z_plain<const volatile T> {
	typedef T type;
};
template <class T> struct z_plain<T &> : z_plain<T> {
};
template <class T> using z_plain_t = typename z_plain<T>::type;

template <class A, class B> struct z_same {
	static constexpr bool value = false;
};
template <class A> struct z_same<A, A> {
	static constexpr bool value = true;
};

template <class P, class T> struct z_points_to {
	static constexpr bool value = false;
};
template <class T> struct z_points_to<T *, T> {
	static constexpr bool value = true;
};
template <class T> struct z_points_to<const T *, T> {
	static constexpr bool value = true;
};
template <class T> struct z_points_to<void *, T> {
	static constexpr bool value = true;
};
template <class T> struct z_points_to<const void *, T> {
	static constexpr bool value = true;
};
}

#define SAME_TYPE(a, b)   (z_same<z_plain_t<decltype(a)>, z_plain_t<decltype(b)>>::value)
#define IS_ARRAY(array)   ZERO_OR_COMPILE_ERROR(z_array_size(array) != 0)
#define ARRAY_SIZE(array) (z_array_size(array))
#define Z_POINTS_TO(ptr, type, field)                                                              \
	(z_points_to<z_plain_t<decltype(ptr)>, z_plain_t<decltype(((type *)0)->field)>>::value)

#else

/** Whether two expressions have the same type, apart from const and volatile. */
#define SAME_TYPE(a, b)   __builtin_types_compatible_p(__typeof__(a), __typeof__(b))

/** Zero, or an error at compile time if @p array is a pointer. */
#define IS_ARRAY(array)   ZERO_OR_COMPILE_ERROR(!SAME_TYPE(array, &(array)[0]))

/** Number of elements; an error at compile time for a pointer. */
#define ARRAY_SIZE(array) (IS_ARRAY(array) + sizeof(array) / sizeof((array)[0]))

#define Z_POINTS_TO(ptr, type, field)                                                              \
	(SAME_TYPE(*(ptr), ((type *)0)->field) || SAME_TYPE(*(ptr), (void)0))

#endif

/**
 * Pointer to the structure of @p type whose member @p field is at @p ptr. If that member has
 * another type than *@p ptr, an error at compile time; void * is taken as it is.
 */
#define CONTAINER_OF(ptr, type, field)                                                             \
	((type *)(void *)((char *)(ptr)-offsetof(type, field) +                                    \
			  ZERO_OR_COMPILE_ERROR(Z_POINTS_TO(ptr, type, field))))

/* The structure whose member at @p offset is @p node, NULL for NULL. */
static inline void *z_container_or_null(const void *node, size_t offset)
{
	return node == NULL ? NULL : (void *)((char *)(uintptr_t)node - offset);
}

/* CONTAINER_OF() that gives NULL for NULL, with the type of *@p container; evaluates once. */
#define Z_CONTAINER_OR_NULL(node, container, field)                                                \
	((__typeof__(*(container)) *)z_container_or_null(                                          \
		(node), offsetof(__typeof__(*(container)), field) +                                \
				ZERO_OR_COMPILE_ERROR(                                             \
					Z_POINTS_TO(node, __typeof__(*(container)), field))))

/** Whether @p ptr points into @p array. */
#define PART_OF_ARRAY(array, ptr)                                                                  \
	(POINTER_TO_UINT(ptr) - POINTER_TO_UINT(array) < ARRAY_SIZE(array) * sizeof((array)[0]))

/** Whether @p ptr is the address of an element of @p array. */
#define IS_ARRAY_ELEMENT(array, ptr)                                                               \
	(PART_OF_ARRAY(array, ptr) &&                                                              \
	 (POINTER_TO_UINT(ptr) - POINTER_TO_UINT(array)) % sizeof((array)[0]) == 0)

/** Index of the element of @p array that @p ptr points at or into. */
#define ARRAY_INDEX_FLOOR(array, ptr)                                                              \
	((POINTER_TO_UINT(ptr) - POINTER_TO_UINT(array)) / sizeof((array)[0]) + IS_ARRAY(array))

/** Index of the element of @p array that @p ptr is the address of. */
#define ARRAY_INDEX(array, ptr) ARRAY_INDEX_FLOOR(array, ptr)

/** Loop over the indices of @p array; over pointers to its elements. The loop declares the name. */
#define ARRAY_FOR_EACH(array, index) for (size_t index = 0; index < ARRAY_SIZE(array); index++)
#define ARRAY_FOR_EACH_PTR(array, ptr)                                                             \
	for (__typeof__(&(array)[0]) ptr = &(array)[0]; ptr < &(array)[ARRAY_SIZE(array)]; ptr++)

/* ---- bytes and text ------------------------------------------------------------------------- */

#ifdef __cplusplus
extern "C" {
#endif

/** Copy @p size bytes, one access each, for memory that wants that. No overlap. */
static inline void bytecpy(void *dst, const void *src, size_t size)
{
	volatile uint8_t *to = (volatile uint8_t *)dst;
	const volatile uint8_t *from = (const volatile uint8_t *)src;

	while (size-- > 0) {
		*to++ = *from++;
	}
}

/** Exchange the contents of two areas of @p size bytes. No overlap. */
static inline void byteswp(void *a, void *b, size_t size)
{
	uint8_t *pa = (uint8_t *)a;
	uint8_t *pb = (uint8_t *)b;

	for (; size > 0; size--) {
		uint8_t kept = *pa;

		*pa++ = *pb;
		*pb++ = kept;
	}
}

/** Put the value of hexadecimal digit @p c into *@p x. @return 0, -EINVAL if @p c is no digit. */
int char2hex(char c, uint8_t *x);

/** Put the hexadecimal digit (lower case) of @p x into *@p c. @return 0, -EINVAL if x > 15. */
int hex2char(uint8_t x, char *c);

/**
 * Write @p buf as hexadecimal text, lower case, with a NUL at its end, into @p hexlen bytes.
 *
 * @return characters before the NUL; 0, nothing written, if text and NUL do not fit.
 */
size_t bin2hex(const uint8_t *buf, size_t buflen, char *hex, size_t hexlen);

/**
 * Read @p hexlen hexadecimal digits of either case. If their number is odd, the first byte has one.
 *
 * @return bytes written; 0 if they do not fit or a character is no digit.
 */
size_t hex2bin(const char *hex, size_t hexlen, uint8_t *buf, size_t buflen);

/**
 * Write @p value as decimal text, with a NUL if there is room for one after it.
 *
 * @return digits written: as many of the number's first ones as fit into @p buflen bytes.
 */
uint8_t u8_to_dec(char *buf, uint8_t buflen, uint8_t value);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_UTIL_H_ */
