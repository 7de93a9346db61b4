/* See prefix.h. */
#include "prefix.h"

#include <string.h>

USHORT address_bits(USHORT family)
{
  return family == AF_INET ? 32 : 128;
}

bool prefix_read(struct prefix *prefix, const RTM_NET_ADDRESS *address, USHORT family)
{
  if (address == NULL || address->AddressFamily != family || address->NumBits > address_bits(family)) return false;
  struct prefix whole = { .bits = address_bits(family) };
  memcpy(whole.bytes, address->AddrBits, whole.bits / 8u);
  *prefix = prefix_shortened(&whole, address->NumBits);
  return true;
}

void prefix_write(const struct prefix *prefix, USHORT family, RTM_NET_ADDRESS *address)
{
  address->AddressFamily = family;
  address->NumBits = prefix->bits;
  memcpy(address->AddrBits, prefix->bytes, sizeof prefix->bytes);
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
  const int order = memcmp(a->bytes, b->bytes, sizeof a->bytes);
  return order != 0 ? order : (int)a->bits - (int)b->bits;
}

bool prefix_covers(const struct prefix *outer, const struct prefix *inner)
{
  if (outer->bits > inner->bits) return false;
  const struct prefix part = prefix_shortened(inner, outer->bits);
  return prefix_compare(&part, outer) == 0;
}

struct prefix prefix_shortened(const struct prefix *prefix, USHORT bits)
{
  struct prefix shorter = { .bits = bits };
  memcpy(shorter.bytes, prefix->bytes, (size_t)(bits + 7) / 8);
  if (bits % 8 != 0) shorter.bytes[bits / 8] &= (UCHAR)(0xff << (8 - bits % 8));
  return shorter;
}
