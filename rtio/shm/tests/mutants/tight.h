/* SPDX-License-Identifier: Apache-2.0 */
/** @file Limits that the tests meet, in place of those of the configuration. */
#ifndef RTIO_SHM_TESTS_TIGHT_H_
#define RTIO_SHM_TESTS_TIGHT_H_

#undef CONFIG_RTIO_SHM_CHAIN_MAX
#define CONFIG_RTIO_SHM_CHAIN_MAX 5
#undef CONFIG_RTIO_SHM_BATCH
#define CONFIG_RTIO_SHM_BATCH 4

#endif /* RTIO_SHM_TESTS_TIGHT_H_ */
