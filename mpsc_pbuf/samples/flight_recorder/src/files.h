/* SPDX-License-Identifier: Apache-2.0 */
/** @file The files of the recorder: flight.00000001 and so on, the oldest removed. */
#ifndef FILES_H_
#define FILES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The files in a directory, by their numbers, ascending. Freed with free(). */
struct file_list {
	uint32_t *numbers;
	size_t count;
};

/** @return false, with a message, if @p dir cannot be read. One that is not there has no files. */
bool files_list(const char *dir, struct file_list *list);

#define FILE_PATH_MAX 4096

/** Store the path of file @p number. @return false, with a message, if it is too long. */
bool files_path(char path[FILE_PATH_MAX], const char *dir, uint32_t number);

/** Where records are written to. */
struct file_writer {
	const char *dir;
	uint32_t limit;  /**< bytes of a file */
	uint32_t keep;   /**< files */
	bool sync;       /**< fsync() after each write */
	uint32_t number; /**< of the file that is open */
	int fd;
	uint32_t size; /**< bytes in it */
};

/**
 * Begin behind the files of @p list, in a file of its own, so that nothing is ever written behind a
 * torn record; makes the directory. @return false with a message.
 */
bool files_begin(struct file_writer *writer, const struct file_list *list);

/**
 * Write whole records, @p len bytes in all, to one file. What could not be written as a whole is
 * taken back. @return false with a message.
 */
bool files_write(struct file_writer *writer, const void *data, size_t len);

/** @return false, with a message, if what was written may not be in the file. */
bool files_end(struct file_writer *writer);

#endif /* FILES_H_ */
