/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(const char *what)
{
	(void)fprintf(stderr, "flight_recorder: %s: %s\n", what, strerror(errno));
	return false;
}

/* The number of a file of ours, or 0. */
static uint32_t number_of(const char *name)
{
	static const char prefix[] = "flight.";
	const char *digits = name + strlen(prefix);

	if (strncmp(name, prefix, strlen(prefix)) != 0 || strlen(digits) != 8 ||
	    strspn(digits, "0123456789") != 8) {
		return 0;
	}
	return (uint32_t)strtoul(digits, NULL, 10);
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

bool files_list(const char *dir, struct file_list *list)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;

	*list = (struct file_list){NULL, 0};
	if (stream == NULL) {
		return errno == ENOENT || failed(dir);
	}
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		uint32_t number = number_of(entry->d_name);
		uint32_t *numbers;

		if (number == 0) {
			continue;
		}
		numbers = realloc(list->numbers, (list->count + 1) * sizeof(*numbers));
		if (numbers == NULL) {
			break;
		}
		list->numbers = numbers;
		list->numbers[list->count++] = number;
	}
	if (errno != 0) {
		(void)failed(dir);
		(void)closedir(stream);
		return false;
	}
	(void)closedir(stream);
	if (list->count > 0) {
		qsort(list->numbers, list->count, sizeof(*list->numbers), ascending);
	}
	return true;
}

bool files_path(char path[FILE_PATH_MAX], const char *dir, uint32_t number)
{
	int len = snprintf(path, FILE_PATH_MAX, "%s/flight.%08u", dir, number);

	if (len < 0 || len >= FILE_PATH_MAX) {
		errno = ENAMETOOLONG;
		return failed(dir);
	}
	return true;
}

/* Remove those that are too old, this run's and others'. */
static bool remove_old(const struct file_writer *writer)
{
	char path[FILE_PATH_MAX];
	struct file_list list;
	bool ok = files_list(writer->dir, &list);

	for (size_t i = 0; ok && i + writer->keep < list.count; i++) {
		ok = files_path(path, writer->dir, list.numbers[i]) &&
		     (unlink(path) == 0 || failed(path));
	}
	free(list.numbers);
	return ok;
}

static bool open_next(struct file_writer *writer)
{
	char path[FILE_PATH_MAX];

	writer->number++;
	if (!files_path(path, writer->dir, writer->number)) {
		return false;
	}
	writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	writer->size = 0;
	return writer->fd >= 0 ? remove_old(writer) : failed(path);
}

bool files_begin(struct file_writer *writer, const struct file_list *list)
{
	writer->fd = -1;
	writer->number = list->count > 0 ? list->numbers[list->count - 1] : 0;
	if (mkdir(writer->dir, 0755) != 0 && errno != EEXIST) {
		return failed(writer->dir);
	}
	return open_next(writer);
}

bool files_write(struct file_writer *writer, const void *data, size_t len)
{
	const char *at = data;
	size_t left = len;

	if (writer->size > 0 && len > writer->limit - writer->size) {
		if (!files_end(writer) || !open_next(writer)) {
			return false;
		}
	}
	while (left > 0) {
		ssize_t written = write(writer->fd, at, left);

		if (written < 0 && errno == EINTR) {
			continue;
		}
		if (written < 0) {
			(void)failed("write");
			if (ftruncate(writer->fd, writer->size) != 0) {
				(void)failed("ftruncate");
			}
			return false;
		}
		at += written;
		left -= (size_t)written;
	}
	if (writer->sync && fsync(writer->fd) != 0) {
		return failed("fsync");
	}
	writer->size += (uint32_t)len;
	return true;
}

bool files_end(struct file_writer *writer)
{
	int fd = writer->fd;

	writer->fd = -1;
	return fd < 0 || close(fd) == 0 || failed("close");
}
