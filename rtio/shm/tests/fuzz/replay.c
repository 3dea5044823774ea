/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Runs the target with all files of a folder, and with random changes to each: for compilers without
 * libFuzzer, and for every test run.
 *
 *     replay <folder> <changes of each file>
 */
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 4096

static uint32_t state = 2463534242U;

static uint32_t next(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static size_t mutate(uint8_t *data, size_t size)
{
	for (uint32_t n = next() % 4 + 1; n > 0; n--) {
		size_t at = next() % size;

		switch (next() % 4) {
		case 0:
			data[at] ^= (uint8_t)(1U << next() % 8);
			break;
		case 1:
			data[at] = (uint8_t)next();
			break;
		case 2: /* leave some out */
			size = at > 0 ? at : size;
			break;
		default: /* say some twice */
			if (2 * size - at <= MOST) {
				memmove(data + size, data + at, size - at);
				size += size - at;
			}
			break;
		}
	}
	return size;
}

/* Run one file. @return how many programs that was. */
static unsigned long run(const char *folder, const char *name, unsigned long changes)
{
	static uint8_t original[MOST];
	static uint8_t data[MOST];
	char path[1024];
	size_t size;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL) {
		return 0;
	}
	size = fread(original, 1, sizeof(original), file);
	(void)fclose(file);
	(void)LLVMFuzzerTestOneInput(original, size);
	for (unsigned long i = 0; i < changes && size > 0; i++) {
		memcpy(data, original, size);
		(void)LLVMFuzzerTestOneInput(data, mutate(data, size));
	}
	return 1 + changes;
}

int main(int argc, char **argv)
{
	unsigned long changes = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned long programs = 0;
	struct dirent *entry;
	DIR *folder = argc == 3 ? opendir(argv[1]) : NULL;

	if (folder == NULL) {
		(void)fprintf(stderr, "usage: replay <folder> <changes of each file>\n");
		return 2;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.') {
			programs += run(argv[1], entry->d_name, changes);
		}
	}
	(void)closedir(folder);
	(void)printf("%lu programs\n", programs);
	return programs > changes ? 0 : 1;
}
