/* SPDX-License-Identifier: Apache-2.0 */
/** @file Error numbers, as on Linux; for our boards, which have no C library. */
#ifndef BOARDS_ERRNO_H_
#define BOARDS_ERRNO_H_

#define EPERM      1
#define ENOENT     2
#define EINTR      4
#define EIO        5
#define ENXIO      6
#define E2BIG      7
#define EAGAIN     11
#define ENOMEM     12
#define EACCES     13
#define EFAULT     14
#define EBUSY      16
#define EEXIST     17
#define ENODEV     19
#define EINVAL     22
#define ENOSPC     28
#define ESPIPE     29
#define EPIPE      32
#define EDOM       33
#define ERANGE     34
#define EDEADLK    35
#define ENOSYS     38
#define ENOMSG     42
#define ENODATA    61
#define EBADMSG    74
#define EOVERFLOW  75
#define EMSGSIZE   90
#define ENOTSUP    95
#define EOPNOTSUPP 95
#define EADDRINUSE 98
#define ENOBUFS    105
#define ETIMEDOUT  110
#define EALREADY   114
#define ECANCELED  125

#endif /* BOARDS_ERRNO_H_ */
