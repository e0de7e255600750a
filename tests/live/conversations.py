"""Bundled captures of one TCP conversation, told again under other clients: every telling is a session of its own."""

import socket
import struct
from pathlib import Path

ETHERNET, TCP = 14, 6


def checksum_part(data: bytes) -> int:
    """RFC 1071: the sum that checksums are the complement of"""
    if len(data) % 2:
        data += b"\0"
    return sum(struct.unpack(f">{len(data) // 2}H", data))


def fold(total: int) -> int:
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frames_of(capture: Path) -> list[bytes]:
    """Of a classic pcap of Ethernet frames"""
    data = capture.read_bytes()
    little = data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1")
    order = "<" if little else ">"
    found, at = [], 24
    while at + 16 <= len(data):
        length = struct.unpack_from(f"{order}I", data, at + 8)[0]
        found.append(data[at + 16:at + 16 + length])
        at += 16 + length
    return found


class Conversation:
    """One capture, IPv4 without options; the client is who sends the first frame."""

    def __init__(self, capture: Path):
        self.name = capture.stem
        self.parts = []
        client = None
        for frame in frames_of(capture):
            packet = frame[ETHERNET:ETHERNET + struct.unpack_from(">H", frame, ETHERNET + 2)[0]]
            if frame[12:14] != b"\x08\x00" or packet[0] != 0x45 or packet[9] != TCP:
                raise ValueError(f"{capture}: not TCP over IPv4 without options alone")
            client = client or packet[12:16]
            self.parts.append(self.part(frame, packet, from_client=packet[12:16] == client))

    def __len__(self) -> int:
        return len(self.parts)

    @staticmethod
    def part(frame: bytes, packet: bytes, from_client: bool) -> tuple[bytearray, int, int, bool]:
        """The frame without the client's address and port, and the sums of IP's and TCP's checksum over that"""
        address, port = (12, 20) if from_client else (16, 22)
        bare = bytearray(packet)
        bare[address:address + 4] = bytes(4)
        bare[port:port + 2] = bytes(2)
        bare[10:12] = bytes(2)
        bare[36:38] = bytes(2)
        ip = checksum_part(bytes(bare[:20]))
        tcp = checksum_part(bytes(bare[12:])) + TCP + len(bare) - 20
        return bytearray(frame[:ETHERNET]) + bare, ip, tcp, from_client

    def frame(self, number: int, client: tuple[str, int]) -> bytearray:
        bare, ip, tcp, from_client = self.parts[number]
        whole = bytearray(bare)
        address = socket.inet_aton(client[0])
        added = checksum_part(address)
        at, port = (12, 20) if from_client else (16, 22)
        whole[ETHERNET + at:ETHERNET + at + 4] = address
        struct.pack_into(">H", whole, ETHERNET + port, client[1])
        struct.pack_into(">H", whole, ETHERNET + 10, fold(ip + added))
        struct.pack_into(">H", whole, ETHERNET + 36, fold(tcp + added + client[1]))
        return whole
