/* SPDX-License-Identifier: Apache-2.0 */

#include <stdlib.h>

static char *volatile block;

int main(void)
{
	block = malloc(16);
	block[16] = 1;
	free(block);
	return 0;
}
