/* SPDX-License-Identifier: Apache-2.0 */
/** @file Readers of what sensors measured. */
#include <zephyr/rtio/sensor.h>

#include <errno.h>

int sensor_reader(const struct rtio_sensor *sensor, const uint8_t *buf, int32_t len,
		  struct sensor_reader *reader, struct sensor_channel *channels,
		  size_t channel_count)
{
	int count = len < 0 ? -EINVAL : sensor->decoder->count(buf, (size_t)len);

	if (count < 0) {
		return count;
	}
	for (size_t i = 0; i < channel_count; i++) {
		if (channels[i].size != sizeof(uint32_t) && channels[i].size != sizeof(uint64_t)) {
			return -EINVAL;
		}
		if (!sensor->decoder->has(&channels[i])) {
			return -ENOTSUP;
		}
	}
	reader->decoder = sensor->decoder;
	reader->buf = buf;
	reader->channels = channels;
	reader->channel_count = (uint32_t)channel_count;
	reader->count = (uint32_t)count;
	reader->next = 0;
	return 0;
}

bool sensor_reader_next(struct sensor_reader *reader)
{
	if (reader->next == reader->count) {
		return false;
	}
	for (uint32_t i = 0; i < reader->channel_count; i++) {
		struct sensor_channel *channel = &reader->channels[i];
		int64_t value = reader->decoder->value(reader->buf, reader->next, channel);

		if (channel->size == sizeof(uint64_t)) {
			channel->value.i64 = value;
		} else {
			channel->value.u32 = (uint32_t)value;
		}
	}
	reader->next++;
	return true;
}
