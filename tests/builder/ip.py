"""IPv4 (RFC 791) and IPv6 (RFC 8200) packets around a transport segment."""

import ipaddress
import struct
from dataclasses import dataclass, field

PROTOCOL_TCP = 6
PROTOCOL_UDP = 17
IPV6_HOP_BY_HOP = 0
IPV6_DESTINATION_OPTIONS = 60
DONT_FRAGMENT = 0x4000


def internet_checksum(data: bytes) -> int:
    """RFC 1071. Over data with a valid checksum in place the result is 0."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def transport_checksum(source: str, target: str, protocol: int, segment: bytes) -> int:
    """RFC 9293 3.1 (IPv4 pseudo-header), RFC 8200 8.1 (IPv6)."""
    if ipaddress.ip_address(source).version == 4:
        pseudo = packed(source) + packed(target) + struct.pack(">BBH", 0, protocol, len(segment))
    else:
        pseudo = packed(source) + packed(target) + struct.pack(">IHBB", len(segment), 0, 0, protocol)
    return internet_checksum(pseudo + segment)


def ipv4(source: str, target: str, protocol: int, payload: bytes, *, ident: int = 0, ttl: int = 128,
         options: bytes = b"", fragment: int = DONT_FRAGMENT) -> bytes:
    options += bytes(-len(options) % 4)  # padded with End of Option List
    words = 5 + len(options) // 4
    head = struct.pack(">BBHHHBBH", 0x40 | words, 0, words * 4 + len(payload), ident, fragment, ttl,
                       protocol, 0) + packed(source) + packed(target) + options
    checksum = internet_checksum(head)
    return head[:10] + struct.pack(">H", checksum) + head[12:] + payload


def ipv6(source: str, target: str, protocol: int, payload: bytes, *, hop_limit: int = 64,
         extensions: list[tuple[int, bytes]] | None = None) -> bytes:
    """`extensions` are (header type, options); each becomes next header, length/8 - 1, options (4.3, 4.6)."""
    chain = b""
    kinds = [kind for kind, _ in extensions or []] + [protocol]
    for index, (_, options) in enumerate(extensions or []):
        size = 2 + len(options)
        missing = -size % 8
        if missing == 1:
            options += b"\0"                                   # Pad1
        elif missing:
            options += bytes([1, missing - 2]) + bytes(missing - 2)  # PadN
        chain += bytes([kinds[index + 1], (2 + len(options)) // 8 - 1]) + options
    head = struct.pack(">IHBB", 0x60000000, len(chain) + len(payload), kinds[0], hop_limit)
    return head + packed(source) + packed(target) + chain + payload


@dataclass
class Network:
    """How a conversation's segments are put into IP packets. Identification counts per sender."""
    options: bytes = b""
    extensions: list[tuple[int, bytes]] = field(default_factory=list)
    ttl: dict[str, int] = field(default_factory=lambda: {"client": 128, "server": 127})
    idents: dict[str, int] = field(default_factory=dict)

    def packet(self, sender: str, source: str, target: str, protocol: int, segment: bytes) -> bytes:
        if ipaddress.ip_address(source).version == 6:
            return ipv6(source, target, protocol, segment, hop_limit=self.ttl[sender],
                        extensions=self.extensions)
        ident = self.idents.get(source, sum(packed(source)) * 7 & 0xFFFF)
        self.idents[source] = (ident + 1) & 0xFFFF
        return ipv4(source, target, protocol, segment, ident=ident, ttl=self.ttl[sender],
                    options=self.options)
