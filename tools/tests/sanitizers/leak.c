/* SPDX-License-Identifier: Apache-2.0 */

#include <stdlib.h>

static char *volatile only;

int main(void)
{
	only = malloc(16);
	only = NULL;
	return 0;
}
