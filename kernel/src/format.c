/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The one formatter behind printk, logging and tests. A conversion is read into a struct spec,
 * turned into at most three runs (sign or prefix, zeros, characters) and put out with its padding.
 */

#include <zephyr/sys/cbprintf.h>

#include <limits.h>

/* Where characters go. */
struct sink {
	cbprintf_cb put;
	void *ctx;
	int result; /* characters taken so far, or what put returned to stop */
};

/* One conversion. */
struct spec {
	bool left;          /* flag - */
	bool zeros;         /* flag 0 */
	bool alternate;     /* flag # */
	char plus;          /* what stands before a positive number: + or space or, for none, NUL */
	unsigned int width; /* least number of characters */
	int precision;      /* negative if there is none */
	unsigned char bytes; /* size of an integer argument */
	char conversion;     /* its letter, NUL at the end of the format */
};

/* What a conversion comes to. */
struct field {
	char prefix[2]; /* sign or 0x */
	unsigned int prefix_len;
	unsigned int zeros; /* between prefix and text */
	const char *text;
	unsigned int len; /* of text */
};

/* The longest number: 64 bits in octal. */
#define DIGITS_MAX 22

static void put_char(struct sink *sink, char c)
{
	if (sink->result >= 0) {
		int taken = sink->put((unsigned char)c, sink->ctx);

		if (taken < 0) {
			sink->result = taken;
		} else if (sink->result < INT_MAX) {
			sink->result++;
		}
	}
}

static void put_text(struct sink *sink, const char *text, size_t len)
{
	for (; len > 0 && sink->result >= 0; len--) {
		put_char(sink, *text++);
	}
}

static void put_repeated(struct sink *sink, char c, unsigned int count)
{
	for (; count > 0 && sink->result >= 0; count--) {
		put_char(sink, c);
	}
}

static void put_field(struct sink *sink, const struct spec *spec, const struct field *field)
{
	uint64_t len = (uint64_t)field->prefix_len + field->zeros + field->len;
	unsigned int padding = spec->width > len ? spec->width - (unsigned int)len : 0;

	if (!spec->left) {
		put_repeated(sink, ' ', padding);
	}
	put_text(sink, field->prefix, field->prefix_len);
	put_repeated(sink, '0', field->zeros);
	put_text(sink, field->text, field->len);
	if (spec->left) {
		put_repeated(sink, ' ', padding);
	}
}

/* Read a decimal number, at most INT_MAX, from the format. */
static unsigned int read_number(const char **format)
{
	unsigned int number = 0;

	for (; **format >= '0' && **format <= '9'; (*format)++) {
		unsigned int digit = (unsigned int)(**format - '0');

		number = number > (INT_MAX - digit) / 10 ? INT_MAX : number * 10 + digit;
	}
	return number;
}

static void read_flags(const char **format, struct spec *spec)
{
	for (;; (*format)++) {
		switch (**format) {
		case '-':
			spec->left = true;
			break;
		case '0':
			spec->zeros = true;
			break;
		case '#':
			spec->alternate = true;
			break;
		case '+':
			spec->plus = '+';
			break;
		case ' ':
			spec->plus = spec->plus == '+' ? '+' : ' ';
			break;
		default:
			return;
		}
	}
}

static unsigned char read_length(const char **format)
{
	char letter = **format;
	bool twice = letter != '\0' && (*format)[1] == letter;

	switch (letter) {
	case 'h':
		*format += twice ? 2 : 1;
		return twice ? sizeof(char) : sizeof(short);
	case 'l':
		*format += twice ? 2 : 1;
		return twice ? sizeof(long long) : sizeof(long);
	case 'z':
		(*format)++;
		return sizeof(size_t);
	case 't':
		(*format)++;
		return sizeof(ptrdiff_t);
	case 'j':
		(*format)++;
		return sizeof(intmax_t);
	case 'L':
		(*format)++;
		return sizeof(long double);
	default:
		return sizeof(int);
	}
}

/* A va_list in a structure, so that functions can take arguments from it through a pointer. */
struct arguments {
	va_list list;
};

static void read_spec(const char **format, struct spec *spec, struct arguments *args)
{
	*spec = (struct spec){.precision = -1};
	read_flags(format, spec);
	if (**format == '*') {
		int width = va_arg(args->list, int);

		spec->left |= width < 0;
		spec->width = width < 0 ? 0U - (unsigned int)width : (unsigned int)width;
		(*format)++;
	} else {
		spec->width = read_number(format);
	}
	if (**format == '.') {
		(*format)++;
		if (**format == '*') {
			spec->precision = va_arg(args->list, int);
			(*format)++;
		} else {
			spec->precision = (int)read_number(format);
		}
	}
	spec->bytes = read_length(format);
	spec->conversion = **format;
	if (spec->conversion != '\0') {
		(*format)++;
	}
}

/*
 * Divide *@p value by @p base, which is small. @return the remainder. As on paper, in digits of 16 bits:
 * on a small processor the division of 64 bits is a function of 700 bytes.
 */
static unsigned int divide(uint64_t *value, unsigned int base)
{
	uint32_t high = (uint32_t)(*value >> 32);
	uint32_t low = (uint32_t)*value;
	uint32_t middle = high % base << 16 | low >> 16;
	uint32_t last = middle % base << 16 | (low & UINT16_MAX);

	*value = (uint64_t)(high / base) << 32 | (middle / base << 16) | last / base;
	return last % base;
}

/* Write @p value backwards from @p end. @return where it begins; at @p end for 0. */
static char *write_digits(char *end, uint64_t value, unsigned int base, char ten)
{
	while (value != 0) {
		unsigned int digit = divide(&value, base);

		*--end = (char)(digit < 10 ? '0' + digit : ten + (digit - 10));
	}
	return end;
}

static void put_number(struct sink *sink, const struct spec *spec, uint64_t value, char sign)
{
	char digits[DIGITS_MAX];
	char *end = digits + DIGITS_MAX;
	struct field field = {.prefix_len = 0};
	unsigned int least = spec->precision < 0 ? 1 : (unsigned int)spec->precision;
	unsigned int base = 10;
	char ten = 'a';

	switch (spec->conversion) {
	case 'X':
		ten = 'A';
		/* fallthrough */
	case 'x':
	case 'p':
		base = 16;
		break;
	case 'o':
		base = 8;
		break;
	default:
		break;
	}
	field.text = write_digits(end, value, base, ten);
	field.len = (unsigned int)(end - field.text);
	if (sign != '\0') {
		field.prefix[field.prefix_len++] = sign;
	}
	if (spec->alternate && base == 16 && value != 0) {
		field.prefix[field.prefix_len++] = '0';
		field.prefix[field.prefix_len++] = (char)(ten + ('x' - 'a'));
	}
	if (spec->alternate && base == 8 && least <= field.len) {
		least = field.len + 1;
	}
	if (spec->zeros && !spec->left && spec->precision < 0 &&
	    spec->width > field.prefix_len + least) {
		least = spec->width - field.prefix_len;
	}
	field.zeros = least > field.len ? least - field.len : 0;
	put_field(sink, spec, &field);
}

static uint64_t next_unsigned(const struct spec *spec, struct arguments *args)
{
	uint64_t value;

	if (spec->bytes > sizeof(long)) {
		return va_arg(args->list, unsigned long long);
	}
	if (spec->bytes > sizeof(int)) {
		return va_arg(args->list, unsigned long);
	}
	value = va_arg(args->list, unsigned int);
	return spec->bytes == sizeof(int) ? value : value & ((1U << spec->bytes * 8) - 1);
}

static void put_signed(struct sink *sink, const struct spec *spec, struct arguments *args)
{
	unsigned int unused_bits = 64 - spec->bytes * 8U;
	uint64_t value = next_unsigned(spec, args) << unused_bits;
	bool negative = value >> 63 != 0;

	/* The magnitude, exact for the most negative value too. */
	value = (negative ? 0 - value : value) >> unused_bits;
	put_number(sink, spec, value, (char)(negative ? '-' : spec->plus));
}

static void put_string(struct sink *sink, const struct spec *spec, const char *text)
{
	struct field field = {.text = text};

	while ((spec->precision < 0 || field.len < (unsigned int)spec->precision) &&
	       text[field.len] != '\0') {
		field.len++;
	}
	put_field(sink, spec, &field);
}

static void put_pointer(struct sink *sink, struct spec *spec, const void *pointer)
{
	if (pointer == NULL) {
		spec->precision = -1;
		put_string(sink, spec, "(nil)");
	} else {
		spec->alternate = true;
		put_number(sink, spec, (uintptr_t)pointer, '\0');
	}
}

/* Take and forget the argument of a conversion that is printed as it stands. */
static void skip_argument(const struct spec *spec, struct arguments *args)
{
	switch (spec->conversion) {
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		if (spec->bytes == sizeof(long double)) {
			(void)va_arg(args->list, long double);
		} else {
			(void)va_arg(args->list, double);
		}
		break;
	case 'n':
		(void)va_arg(args->list, void *);
		break;
	default:
		break;
	}
}

/* Print the conversion whose text begins at @p begin, with its %, and ends at @p end. */
static void convert(struct sink *sink, struct spec *spec, struct arguments *args, const char *begin,
		    const char *end)
{
	struct field field = {.len = 1};
	const char *text;
	char c;

	switch (spec->conversion) {
	case 'd':
	case 'i':
		put_signed(sink, spec, args);
		break;
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		put_number(sink, spec, next_unsigned(spec, args), '\0');
		break;
	case 'c':
		c = (char)va_arg(args->list, int);
		field.text = &c;
		put_field(sink, spec, &field);
		break;
	case 's':
		text = va_arg(args->list, const char *);
		put_string(sink, spec, text != NULL ? text : "(null)");
		break;
	case 'p':
		put_pointer(sink, spec, va_arg(args->list, void *));
		break;
	case '%':
		put_char(sink, '%');
		break;
	default:
		skip_argument(spec, args);
		put_text(sink, begin, (size_t)(end - begin));
		break;
	}
}

int cbvprintf(cbprintf_cb out, void *ctx, const char *format, va_list ap)
{
	struct sink sink = {out, ctx, 0};
	struct arguments args;

	va_copy(args.list, ap);
	while (*format != '\0' && sink.result >= 0) {
		const char *begin = format++;
		struct spec spec;

		if (*begin != '%') {
			put_char(&sink, *begin);
			continue;
		}
		read_spec(&format, &spec, &args);
		convert(&sink, &spec, &args, begin, format);
	}
	va_end(args.list);
	return sink.result;
}

int cbprintf(cbprintf_cb out, void *ctx, const char *format, ...)
{
	va_list ap;
	int result;

	va_start(ap, format);
	result = cbvprintf(out, ctx, format, ap);
	va_end(ap);
	return result;
}
