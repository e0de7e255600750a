"""Sessions of bundled captures many times over, each between addresses of its own, and floods of what begins like one."""

import ipaddress
import random
import struct
from collections.abc import Iterator
from pathlib import Path

from capture_file import SECOND, Frame, frames_of

CLIENTS, SERVERS = ipaddress.ip_network("10.77.0.0/16"), ipaddress.ip_network("10.78.0.0/16")
# Each has one client and one server, on IPv4, and one session.
STORIES = ["standard-low", "standard-none", "standard-fips", "standard-rc4-128", "every-setting", "cookie-domain",
           "tls12-nla", "tls12-nla-refused", "tls13", "nego-retry", "license-refused", "standard-x509-chain"]
IP, TCP = 14, 34  # where they begin in a frame without tags and options


def checksum(data: bytes) -> int:
    """RFC 1071"""
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def with_checksums(frame: bytearray) -> bytes:
    """Of IPv4 and TCP, anew"""
    frame[IP + 10:IP + 12] = frame[TCP + 16:TCP + 18] = bytes(2)
    struct.pack_into(">H", frame, IP + 10, checksum(frame[IP:TCP]))
    end = IP + struct.unpack_from(">H", frame, IP + 2)[0]
    pseudo = bytes(frame[IP + 12:IP + 20]) + struct.pack(">HH", 6, end - TCP)
    struct.pack_into(">H", frame, TCP + 16, checksum(pseudo + frame[TCP:end]))
    return bytes(frame)


def between(client: bytes, server: bytes, frames: list[Frame], begin: int) -> Iterator[Frame]:
    first = frames[0].data
    new = {first[IP + 12:IP + 16]: client, first[IP + 16:IP + 20]: server}
    for frame in frames:
        data = bytearray(frame.data)
        for at in (IP + 12, IP + 16):
            data[at:at + 4] = new[frame.data[at:at + 4]]
        yield Frame(begin + frame.time - frames[0].time, with_checksums(data))


def sessions(pcaps: Path, count: int, seconds: int) -> list[Frame]:
    """They begin evenly over this time."""
    stories = [frames_of(pcaps / f"rdp/{name}.pcap") for name in STORIES]
    begin = stories[0][0].time
    all_frames = [frame for number in range(count)
                  for frame in between(CLIENTS[257 + number].packed, SERVERS[257 + number].packed,
                                       stories[number % len(stories)], begin + number * seconds * SECOND // count)]
    return sorted(all_frames, key=lambda frame: frame.time)


def segment(source: int, port: int, target: bytes, flags: int, sequence: int, payload: bytes = b"") -> bytes:
    frame = bytearray(bytes.fromhex("0200000000020200000000990800"))
    frame += struct.pack(">BBHHHBBHI4s", 0x45, 0, 40 + len(payload), sequence & 0xFFFF, 0x4000, 113, 6, 0, source, target)
    frame += struct.pack(">HHIIBBHHH", port, 3389, sequence, 0 if flags == 2 else 1, 0x50, flags, 0xFAF0, 0, 0)
    return with_checksums(frame + payload)


def strangers(seed: str) -> Iterator[tuple[int, int, int]]:
    """Address, port and sequence number"""
    source = random.Random(seed)
    while True:
        yield 0x0B000000 | source.getrandbits(24), source.randrange(1024, 65536), source.getrandbits(32)


def syns(count: int, servers: int) -> list[Frame]:
    """To the servers in turn"""
    return [Frame(i, segment(address, port, SERVERS[257 + i % servers].packed, 2, sequence))
            for i, (address, port, sequence) in zip(range(count), strangers("syns"))]


def requests(count: int, servers: int) -> list[Frame]:
    """A SYN, and an X.224 request ([MS-RDPBCGR] 2.2.1.1) that no server answers; of each address one."""
    out = []
    for i, (address, port, sequence) in zip(range(count), strangers("requests")):
        target = SERVERS[257 + i % servers].packed
        text = b"Cookie: mstshash=%06x\r\n" % (address & 0xFFFFFF) + struct.pack("<BBHI", 1, 0, 8, 3)
        request = struct.pack(">BBHBBHHB", 3, 0, 11 + len(text), 6 + len(text), 0xE0, 0, 0, 0) + text
        out += [Frame(len(out), segment(address, port, target, 2, sequence)),
                Frame(len(out) + 1, segment(address, port, target, 0x18, sequence + 1 & 0xFFFFFFFF, request))]
    return out
