"""Network prefixes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from .constants import ADDRESS_BITS, MAX_ADDRESS_BYTES

NetAddress = Dict[str, Any]


@dataclass(frozen=True, order=True)
class Prefix:
    """The leading bits of an address. They compare by address, and of one address the shorter comes first."""

    address: int
    length: int
    family: int

    @staticmethod
    def parse(value: Optional[Mapping[str, Any]], family: int, keep_host_bits: bool = False) -> Optional["Prefix"]:
        """Reads an RTM_NET_ADDRESS; None if it cannot be one of this family. Host bits are cleared."""
        if value is None or value["AddressFamily"] != family:
            return None
        width = ADDRESS_BITS[family]
        length = int(value["NumBits"])
        if not 0 <= length <= width:
            return None
        octets = bytes(value["AddrBits"][: width // 8]).ljust(width // 8, b"\0")
        whole = Prefix(int.from_bytes(octets, "big"), width, family)
        if keep_host_bits:
            return Prefix(whole.address, length, family)
        return whole.shortened(length)

    @property
    def width(self) -> int:
        return ADDRESS_BITS[self.family]

    def shortened(self, length: int) -> "Prefix":
        """The prefix of that length that covers this one."""
        spare = self.width - length
        return Prefix(self.address >> spare << spare, length, self.family)

    def covers(self, other: "Prefix") -> bool:
        return self.length <= other.length and other.shortened(self.length).address == self.address

    def to_net_address(self) -> NetAddress:
        octets = self.address.to_bytes(self.width // 8, "big").ljust(MAX_ADDRESS_BYTES, b"\0")
        return {"AddressFamily": self.family, "NumBits": self.length, "AddrBits": list(octets)}
