"""Next-generation capture files, draft-ietf-opsawg-pcapng. One function per block, section in each."""

import struct

from builder.frame import Frame

SECTION_HEADER = 0x0A0D0D0A
INTERFACE_DESCRIPTION = 1
SIMPLE_PACKET = 3
NAME_RESOLUTION = 4
INTERFACE_STATISTICS = 5
ENHANCED_PACKET = 6
CUSTOM_COPYABLE = 0x00000BAD
DECRYPTION_SECRETS = 10
TLS_KEY_LOG = 0x544C534B
BYTE_ORDER_MAGIC = 0x1A2B3C4D

OPTION_IF_NAME = 2
OPTION_IF_TSRESOL = 9
OPTION_IF_TSOFFSET = 14
OPTION_SHB_USERAPPL = 4
OPTION_COMMENT = 1


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


class Section:
    """One section. Each block method appends; `bytes(section)` is what to write."""

    def __init__(self, big_endian: bool = False, application: str = "tests/builder"):
        self.order = ">" if big_endian else "<"
        self.out = bytearray()
        self.resolutions: list[tuple[int, int]] = []
        # 4.1: section length -1 says "not given".
        self.block(SECTION_HEADER, struct.pack(self.order + "IHHq", BYTE_ORDER_MAGIC, 1, 0, -1)
                   + self.options([(OPTION_SHB_USERAPPL, application.encode())]))

    def __bytes__(self) -> bytes:
        return bytes(self.out)

    def block(self, kind: int, body: bytes) -> None:
        """3.1 General block structure: the length stands at both ends."""
        body = padded(body)
        total = struct.pack(self.order + "I", len(body) + 12)
        self.out += struct.pack(self.order + "I", kind) + total + body + total

    def options(self, pairs: list[tuple[int, bytes]]) -> bytes:
        """3.5 Options: code, length without padding, value, padding; opt_endofopt ends the list."""
        if not pairs:
            return b""
        out = b"".join(struct.pack(self.order + "HH", code, len(value)) + padded(value)
                       for code, value in pairs)
        return out + bytes(4)

    def interface(self, linktype: int, *, name: str = "", resolution: int | None = None,
                  offset_seconds: int = 0, snaplen: int = 0) -> None:
        """4.2. `resolution` is if_tsresol: 6 is 10^-6 (also the default), 0x8A is 2^-10."""
        options = []
        if name:
            options.append((OPTION_IF_NAME, name.encode()))
        if resolution is not None:
            options.append((OPTION_IF_TSRESOL, bytes([resolution])))
        if offset_seconds:
            options.append((OPTION_IF_TSOFFSET, struct.pack(self.order + "q", offset_seconds)))
        value = 6 if resolution is None else resolution
        ticks = 2 ** (value & 0x7F) if value & 0x80 else 10 ** value
        self.resolutions.append((ticks, offset_seconds))
        self.block(INTERFACE_DESCRIPTION,
                   struct.pack(self.order + "HHI", linktype, 0, snaplen) + self.options(options))

    def ticks(self, interface: int, time_ns: int) -> int:
        per_second, offset = self.resolutions[interface]
        return (time_ns - offset * 1_000_000_000) * per_second // 1_000_000_000

    def enhanced_packet(self, interface: int, frame: Frame,
                        options: list[tuple[int, bytes]] | None = None) -> None:
        """4.3: the time is two 32-bit halves, the high one first, in either byte order."""
        ticks = self.ticks(interface, frame.time_ns)
        self.block(ENHANCED_PACKET,
                   struct.pack(self.order + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF,
                               len(frame.data), frame.wire_size)
                   + padded(frame.data) + self.options(options or []))

    def simple_packet(self, frame: Frame) -> None:
        """4.4: no interface, no time."""
        self.block(SIMPLE_PACKET, struct.pack(self.order + "I", frame.wire_size) + frame.data)

    def name_resolution(self, names: list[tuple[bytes, str]]) -> None:
        """4.5: record type 1 is IPv4, 2 is IPv6; record 0 ends."""
        body = bytearray()
        for address, name in names:
            value = address + name.encode() + b"\0"
            body += struct.pack(self.order + "HH", 1 if len(address) == 4 else 2, len(value))
            body += padded(value)
        self.block(NAME_RESOLUTION, bytes(body) + bytes(4))

    def interface_statistics(self, interface: int, time_ns: int, received: int) -> None:
        """4.6 with isb_ifrecv (4)."""
        ticks = self.ticks(interface, time_ns)
        self.block(INTERFACE_STATISTICS,
                   struct.pack(self.order + "III", interface, ticks >> 32, ticks & 0xFFFFFFFF)
                   + self.options([(4, struct.pack(self.order + "Q", received))]))

    def tls_key_log(self, log: str) -> None:
        """4.7"""
        self.block(DECRYPTION_SECRETS, struct.pack(self.order + "II", TLS_KEY_LOG, len(log)) + log.encode())

    def custom(self, enterprise: int, data: bytes) -> None:
        """4.8"""
        self.block(CUSTOM_COPYABLE, struct.pack(self.order + "I", enterprise) + data)
