/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Byte order: values in memory of a stated order and any alignment, and swapping of values.
 *
 * sys_get_* and sys_put_* take the address of the first byte and work from byte to byte, so that
 * neither the alignment of that address nor the byte order of the processor matters; compilers make
 * single loads and stores of them where the processor allows it. A 24-, 40- or 48-bit value is 3, 5
 * or 6 bytes in memory and the low bits of a wider integer elsewhere; further bits are dropped.
 *
 * Context: any.   Cost: constant, for those with a length one step a byte.
 */

#ifndef ZEPHYR_SYS_BYTEORDER_H_
#define ZEPHYR_SYS_BYTEORDER_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- values: constant for a constant -------------------------------------------------------- */

#define BSWAP_16(x) ((uint16_t)__builtin_bswap16((uint16_t)(x)))
#define BSWAP_24(x) ((uint32_t)(__builtin_bswap32((uint32_t)(x)) >> 8))
#define BSWAP_32(x) ((uint32_t)__builtin_bswap32((uint32_t)(x)))
#define BSWAP_40(x) ((uint64_t)(__builtin_bswap64((uint64_t)(x)) >> 24))
#define BSWAP_48(x) ((uint64_t)(__builtin_bswap64((uint64_t)(x)) >> 16))
#define BSWAP_64(x) ((uint64_t)__builtin_bswap64((uint64_t)(x)))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define sys_le16_to_cpu(x) (x)
#define sys_cpu_to_le16(x) (x)
#define sys_le24_to_cpu(x) (x)
#define sys_cpu_to_le24(x) (x)
#define sys_le32_to_cpu(x) (x)
#define sys_cpu_to_le32(x) (x)
#define sys_le40_to_cpu(x) (x)
#define sys_cpu_to_le40(x) (x)
#define sys_le48_to_cpu(x) (x)
#define sys_cpu_to_le48(x) (x)
#define sys_le64_to_cpu(x) (x)
#define sys_cpu_to_le64(x) (x)
#define sys_be16_to_cpu(x) BSWAP_16(x)
#define sys_cpu_to_be16(x) BSWAP_16(x)
#define sys_be24_to_cpu(x) BSWAP_24(x)
#define sys_cpu_to_be24(x) BSWAP_24(x)
#define sys_be32_to_cpu(x) BSWAP_32(x)
#define sys_cpu_to_be32(x) BSWAP_32(x)
#define sys_be40_to_cpu(x) BSWAP_40(x)
#define sys_cpu_to_be40(x) BSWAP_40(x)
#define sys_be48_to_cpu(x) BSWAP_48(x)
#define sys_cpu_to_be48(x) BSWAP_48(x)
#define sys_be64_to_cpu(x) BSWAP_64(x)
#define sys_cpu_to_be64(x) BSWAP_64(x)
#else
#define sys_le16_to_cpu(x) BSWAP_16(x)
#define sys_cpu_to_le16(x) BSWAP_16(x)
#define sys_le24_to_cpu(x) BSWAP_24(x)
#define sys_cpu_to_le24(x) BSWAP_24(x)
#define sys_le32_to_cpu(x) BSWAP_32(x)
#define sys_cpu_to_le32(x) BSWAP_32(x)
#define sys_le40_to_cpu(x) BSWAP_40(x)
#define sys_cpu_to_le40(x) BSWAP_40(x)
#define sys_le48_to_cpu(x) BSWAP_48(x)
#define sys_cpu_to_le48(x) BSWAP_48(x)
#define sys_le64_to_cpu(x) BSWAP_64(x)
#define sys_cpu_to_le64(x) BSWAP_64(x)
#define sys_be16_to_cpu(x) (x)
#define sys_cpu_to_be16(x) (x)
#define sys_be24_to_cpu(x) (x)
#define sys_cpu_to_be24(x) (x)
#define sys_be32_to_cpu(x) (x)
#define sys_cpu_to_be32(x) (x)
#define sys_be40_to_cpu(x) (x)
#define sys_cpu_to_be40(x) (x)
#define sys_be48_to_cpu(x) (x)
#define sys_cpu_to_be48(x) (x)
#define sys_be64_to_cpu(x) (x)
#define sys_cpu_to_be64(x) (x)
#endif

/* ---- bytes in memory ------------------------------------------------------------------------ */

/** @return the 16-bit value of big-endian bytes. */
static inline uint16_t sys_get_be16(const uint8_t src[2])
{
	return (uint16_t)(src[0] << 8 | src[1]);
}

/** @return the 24-bit value of big-endian bytes. */
static inline uint32_t sys_get_be24(const uint8_t src[3])
{
	return (uint32_t)src[0] << 16 | sys_get_be16(src + 1);
}

/** @return the 32-bit value of big-endian bytes. */
static inline uint32_t sys_get_be32(const uint8_t src[4])
{
	return (uint32_t)sys_get_be16(src) << 16 | sys_get_be16(src + 2);
}

/** @return the 40-bit value of big-endian bytes. */
static inline uint64_t sys_get_be40(const uint8_t src[5])
{
	return (uint64_t)src[0] << 32 | sys_get_be32(src + 1);
}

/** @return the 48-bit value of big-endian bytes. */
static inline uint64_t sys_get_be48(const uint8_t src[6])
{
	return (uint64_t)sys_get_be16(src) << 32 | sys_get_be32(src + 2);
}

/** @return the 64-bit value of big-endian bytes. */
static inline uint64_t sys_get_be64(const uint8_t src[8])
{
	/* Spelled out: older compilers make one load of this form only. */
	return (uint64_t)src[0] << 56 | (uint64_t)src[1] << 48 | (uint64_t)src[2] << 40 |
	       (uint64_t)src[3] << 32 | (uint64_t)src[4] << 24 | (uint64_t)src[5] << 16 |
	       (uint64_t)src[6] << 8 | src[7];
}

/** @return the 16-bit value of little-endian bytes. */
static inline uint16_t sys_get_le16(const uint8_t src[2])
{
	return (uint16_t)(src[1] << 8 | src[0]);
}

/** @return the 24-bit value of little-endian bytes. */
static inline uint32_t sys_get_le24(const uint8_t src[3])
{
	return (uint32_t)src[2] << 16 | sys_get_le16(src);
}

/** @return the 32-bit value of little-endian bytes. */
static inline uint32_t sys_get_le32(const uint8_t src[4])
{
	return (uint32_t)sys_get_le16(src + 2) << 16 | sys_get_le16(src);
}

/** @return the 40-bit value of little-endian bytes. */
static inline uint64_t sys_get_le40(const uint8_t src[5])
{
	return (uint64_t)src[4] << 32 | sys_get_le32(src);
}

/** @return the 48-bit value of little-endian bytes. */
static inline uint64_t sys_get_le48(const uint8_t src[6])
{
	return (uint64_t)sys_get_le16(src + 4) << 32 | sys_get_le32(src);
}

/** @return the 64-bit value of little-endian bytes. */
static inline uint64_t sys_get_le64(const uint8_t src[8])
{
	return (uint64_t)src[7] << 56 | (uint64_t)src[6] << 48 | (uint64_t)src[5] << 40 |
	       (uint64_t)src[4] << 32 | (uint64_t)src[3] << 24 | (uint64_t)src[2] << 16 |
	       (uint64_t)src[1] << 8 | src[0];
}

/** Store the low 16 bits of @p val big-endian. */
static inline void sys_put_be16(uint16_t val, uint8_t dst[2])
{
	dst[0] = (uint8_t)(val >> 8);
	dst[1] = (uint8_t)val;
}

/** Store the low 24 bits of @p val big-endian. */
static inline void sys_put_be24(uint32_t val, uint8_t dst[3])
{
	dst[0] = (uint8_t)(val >> 16);
	sys_put_be16((uint16_t)val, dst + 1);
}

/** Store the low 32 bits of @p val big-endian. */
static inline void sys_put_be32(uint32_t val, uint8_t dst[4])
{
	sys_put_be16((uint16_t)(val >> 16), dst);
	sys_put_be16((uint16_t)val, dst + 2);
}

/** Store the low 40 bits of @p val big-endian. */
static inline void sys_put_be40(uint64_t val, uint8_t dst[5])
{
	dst[0] = (uint8_t)(val >> 32);
	sys_put_be32((uint32_t)val, dst + 1);
}

/** Store the low 48 bits of @p val big-endian. */
static inline void sys_put_be48(uint64_t val, uint8_t dst[6])
{
	sys_put_be16((uint16_t)(val >> 32), dst);
	sys_put_be32((uint32_t)val, dst + 2);
}

/** Store the low 64 bits of @p val big-endian. */
static inline void sys_put_be64(uint64_t val, uint8_t dst[8])
{
	sys_put_be32((uint32_t)(val >> 32), dst);
	sys_put_be32((uint32_t)val, dst + 4);
}

/** Store the low 16 bits of @p val little-endian. */
static inline void sys_put_le16(uint16_t val, uint8_t dst[2])
{
	dst[1] = (uint8_t)(val >> 8);
	dst[0] = (uint8_t)val;
}

/** Store the low 24 bits of @p val little-endian. */
static inline void sys_put_le24(uint32_t val, uint8_t dst[3])
{
	dst[2] = (uint8_t)(val >> 16);
	sys_put_le16((uint16_t)val, dst);
}

/** Store the low 32 bits of @p val little-endian. */
static inline void sys_put_le32(uint32_t val, uint8_t dst[4])
{
	sys_put_le16((uint16_t)(val >> 16), dst + 2);
	sys_put_le16((uint16_t)val, dst);
}

/** Store the low 40 bits of @p val little-endian. */
static inline void sys_put_le40(uint64_t val, uint8_t dst[5])
{
	dst[4] = (uint8_t)(val >> 32);
	sys_put_le32((uint32_t)val, dst);
}

/** Store the low 48 bits of @p val little-endian. */
static inline void sys_put_le48(uint64_t val, uint8_t dst[6])
{
	sys_put_le16((uint16_t)(val >> 32), dst + 4);
	sys_put_le32((uint32_t)val, dst);
}

/** Store the low 64 bits of @p val little-endian. */
static inline void sys_put_le64(uint64_t val, uint8_t dst[8])
{
	sys_put_le32((uint32_t)(val >> 32), dst + 4);
	sys_put_le32((uint32_t)val, dst);
}

/* ---- areas of any length -------------------------------------------------------------------- */

/** Copy @p length bytes in reverse order; the areas must not overlap. */
static inline void sys_memcpy_swap(void *dst, const void *src, size_t length)
{
	uint8_t *to = (uint8_t *)dst;
	const uint8_t *from = (const uint8_t *)src + length;

	while (length-- > 0) {
		*to++ = *--from;
	}
}

/** Reverse the order of @p length bytes. */
static inline void sys_mem_swap(void *buf, size_t length)
{
	uint8_t *low = (uint8_t *)buf;

	for (size_t i = 0; i < length / 2; i++) {
		uint8_t kept = low[i];

		low[i] = low[length - 1 - i];
		low[length - 1 - i] = kept;
	}
}

/* Copy an integer of @p len bytes from one byte order to another. */
static inline void z_byteorder_copy(void *dst, const void *src, size_t len, bool swap)
{
	if (swap) {
		sys_memcpy_swap(dst, src, len);
	} else {
		(void)__builtin_memcpy(dst, src, len);
	}
}

#define Z_CPU_IS_LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/** Copy an integer of @p len bytes, little-endian in memory, to the processor's. No overlap. */
static inline void sys_get_le(void *dst, const void *src, size_t len)
{
	z_byteorder_copy(dst, src, len, !Z_CPU_IS_LITTLE);
}

/** Copy an integer of the processor, @p len bytes, to one little-endian in memory. No overlap. */
static inline void sys_put_le(void *dst, const void *src, size_t len)
{
	z_byteorder_copy(dst, src, len, !Z_CPU_IS_LITTLE);
}

/** Copy an integer of @p len bytes, big-endian in memory, to the processor's. No overlap. */
static inline void sys_get_be(void *dst, const void *src, size_t len)
{
	z_byteorder_copy(dst, src, len, Z_CPU_IS_LITTLE);
}

/** Copy an integer of the processor, @p len bytes, to one big-endian in memory. No overlap. */
static inline void sys_put_be(void *dst, const void *src, size_t len)
{
	z_byteorder_copy(dst, src, len, Z_CPU_IS_LITTLE);
}

/** Turn an integer of @p len bytes from little-endian to the order of the processor. */
static inline void sys_le_to_cpu(void *buf, size_t len)
{
	if (!Z_CPU_IS_LITTLE) {
		sys_mem_swap(buf, len);
	}
}

/** Turn an integer of @p len bytes from the order of the processor to little-endian. */
static inline void sys_cpu_to_le(void *buf, size_t len)
{
	if (!Z_CPU_IS_LITTLE) {
		sys_mem_swap(buf, len);
	}
}

/** Turn an integer of @p len bytes from big-endian to the order of the processor. */
static inline void sys_be_to_cpu(void *buf, size_t len)
{
	if (Z_CPU_IS_LITTLE) {
		sys_mem_swap(buf, len);
	}
}

/** Turn an integer of @p len bytes from the order of the processor to big-endian. */
static inline void sys_cpu_to_be(void *buf, size_t len)
{
	if (Z_CPU_IS_LITTLE) {
		sys_mem_swap(buf, len);
	}
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_BYTEORDER_H_ */
