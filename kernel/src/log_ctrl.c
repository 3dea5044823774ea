/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/logging/log_ctrl.h>

#include <string.h>

#if defined(CONFIG_LOG) && defined(CONFIG_LOG_RUNTIME_FILTERING)

static struct log_module *find_module(uint32_t domain_id, uint32_t source_id)
{
	struct log_module *module;

	if (domain_id != 0 || source_id >= log_src_cnt_get(domain_id)) {
		return NULL;
	}
	STRUCT_SECTION_GET(log_module, source_id, &module);
	return module;
}

uint32_t log_src_cnt_get(uint32_t domain_id)
{
	size_t count;

	STRUCT_SECTION_COUNT(log_module, &count);
	return domain_id == 0 ? (uint32_t)count : 0;
}

const char *log_source_name_get(uint32_t domain_id, uint32_t source_id)
{
	const struct log_module *module = find_module(domain_id, source_id);

	return module != NULL ? module->name : NULL;
}

int log_source_id_get(const char *name)
{
	uint32_t count = log_src_cnt_get(0);

	for (uint32_t id = 0; id < count; id++) {
		if (strcmp(log_source_name_get(0, id), name) == 0) {
			return (int)id;
		}
	}
	return -1;
}

uint32_t log_filter_set(const struct log_backend *backend, uint32_t domain_id, int16_t source_id,
			uint32_t level)
{
	uint32_t first = source_id < 0 ? 0 : (uint32_t)source_id;
	uint32_t behind = source_id < 0 ? log_src_cnt_get(domain_id) : first + 1;
	uint32_t set = LOG_LEVEL_NONE;

	ARG_UNUSED(backend);
	for (uint32_t id = first; id < behind; id++) {
		struct log_module *module = find_module(domain_id, id);

		if (module != NULL) {
			set = MIN(level, LOG_LEVEL_DBG);
			/* Relaxed: pairs with the load in z_log_passes(), which orders nothing. */
			__atomic_store_n(&module->level, set, __ATOMIC_RELAXED);
		}
	}
	return set;
}

uint32_t log_filter_get(const struct log_backend *backend, uint32_t domain_id, int16_t source_id,
			bool runtime)
{
	const struct log_module *module =
		source_id < 0 ? NULL : find_module(domain_id, (uint32_t)source_id);

	ARG_UNUSED(backend);
	ARG_UNUSED(runtime);
	/* Relaxed: as in log_filter_set(). */
	return module != NULL ? __atomic_load_n(&module->level, __ATOMIC_RELAXED) : LOG_LEVEL_NONE;
}

#endif
