/* Network prefixes: the bits of an address up to its length, the others zero, in a total order. */
#ifndef RTM_PREFIX_H
#define RTM_PREFIX_H

#include "windows-types.h"

#include <rtmv2.h>
#include <stdbool.h>

struct prefix {
  USHORT bits;
  UCHAR bytes[RTM_MAX_ADDRESS_SIZE];
};

USHORT address_bits(USHORT family);
/* False if there is no such prefix in the family. Bits beyond the length are cleared. */
bool prefix_read(struct prefix *prefix, const RTM_NET_ADDRESS *address, USHORT family);
void prefix_write(const struct prefix *prefix, USHORT family, RTM_NET_ADDRESS *address);
/* By address, and of prefixes with one address the shorter first. */
int prefix_compare(const struct prefix *a, const struct prefix *b);
bool prefix_covers(const struct prefix *outer, const struct prefix *inner);
struct prefix prefix_shortened(const struct prefix *prefix, USHORT bits);

#endif
