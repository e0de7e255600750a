#!/usr/bin/env python3
"""Makes the inputs from which the fuzzers start out of the bundled captures:
make_seeds.py PCAPS FOLDER writes FOLDER/{auth,capture,conversation,reader}_fuzzer."""

import hashlib
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

# By the index of kTries in reader_fuzzer.cc: how many bytes of a TPKT PDU stand before what the
# reader reads.
BEHIND_TPKT_AND_X224 = 7
BEHIND_SEND_DATA = (14, 15)  # by the size of its own length
READER_OFFSETS: list[tuple[int, ...]] = (
    [(0,)] * 4 + [(11,)] * 2 + [(BEHIND_TPKT_AND_X224,)] + [(12, 11, BEHIND_TPKT_AND_X224)] * 8 + [BEHIND_SEND_DATA] * 2
    + [tuple(at + 4 for at in BEHIND_SEND_DATA)] * 5
    + [tuple(at + 6 for at in BEHIND_SEND_DATA) + tuple(at + 10 for at in BEHIND_SEND_DATA)] * 5
    + [tuple(at + 18 for at in BEHIND_SEND_DATA) + tuple(at + 22 for at in BEHIND_SEND_DATA)] * 5)
# By the index of kTries in auth_fuzzer.cc.
(BLOB, NTLM, TARGET_INFO, KERBEROS, KDC_DATAGRAM, KDC_STREAM, SMB, SESSION_REQUEST, SMB1, SMB2, RPC, RPC_START,
 HTTP_MEASURE, HTTP_HEAD, BASE64) = range(15)
PRECONNECTION = (32, 33, 34)
TLS_RECORD, TLS_CLIENT_HELLO, TLS_SERVER_HELLO, CERTIFICATE = 35, 36, 37, 38


def tcp_payloads(capture: bytes) -> Iterator[tuple[tuple[bytes, ...], bytes, bytes]]:
    """(flow, sender, payload) of a classic little-endian capture of Ethernet and IPv4, in its order"""
    if capture[:4] != b"\xd4\xc3\xb2\xa1" or capture[20:24] != b"\x01\0\0\0":
        return
    at = 24
    while at + 16 <= len(capture):
        size, = struct.unpack_from("<I", capture, at + 8)
        frame = capture[at + 16:at + 16 + size]
        at += 16 + size
        if frame[12:14] != b"\x08\0" or len(frame) < 54 or frame[23] != 6:
            continue
        ip = frame[14:14 + int.from_bytes(frame[16:18], "big")]
        tcp = ip[(ip[0] & 15) * 4:]
        ends = ip[12:16] + tcp[:2], ip[16:20] + tcp[2:4]
        yield tuple(sorted(ends)), ends[0], tcp[(tcp[12] >> 4) * 4:]


def conversations(capture: bytes) -> list[bytes]:
    """In the format of conversation_fuzzer.cc"""
    flows: dict[tuple[bytes, ...], tuple[bytes, bytearray]] = {}
    for flow, sender, payload in tcp_payloads(capture):
        if payload:
            first, chunks = flows.setdefault(flow, (sender, bytearray()))
            chunks += struct.pack("<H", len(payload) | (0 if sender == first else 0x8000)) + payload
    return [bytes(chunks) for _, chunks in flows.values()]


def pdus(capture: bytes) -> Iterator[bytes]:
    """TPKT packets and TLS records; segments that begin with neither are passed over"""
    for _, _, payload in tcp_payloads(capture):
        while len(payload) >= 7 and payload[0] in (0x03, 0x16):
            size = int.from_bytes(payload[2:4], "big") if payload[0] == 3 else 5 + int.from_bytes(payload[3:5], "big")
            yield payload[:size]
            payload = payload[max(size, 1):]


def reader_seeds(pdu: bytes) -> Iterator[bytes]:
    if pdu[0] == 0x03:
        for reader, offsets in enumerate(READER_OFFSETS):
            for offset in offsets:
                yield bytes([reader]) + pdu[offset:]
    else:
        yield bytes([TLS_RECORD]) + pdu
        yield bytes([TLS_CLIENT_HELLO]) + pdu[9:]
        yield bytes([TLS_SERVER_HELLO]) + pdu[9:]


def auth_seeds(payload: bytes) -> Iterator[bytes]:
    """Of a segment of a login in clear, or of the like of one"""
    readers = {b"GET ": (HTTP_MEASURE, HTTP_HEAD), b"HTTP": (HTTP_MEASURE, HTTP_HEAD), b"\x05\0": (RPC, RPC_START)}
    for start, which in readers.items():
        if payload.startswith(start):
            yield from (bytes([reader]) + payload for reader in which)
    if payload[4:8] == b"\xfeSMB":
        yield bytes([SMB]) + payload
        yield from (bytes([reader]) + payload[4:] for reader in (SMB1, SMB2))
    if payload[:2] == b"\0\0" and payload[4:5] in (b"l", b"m"):
        yield bytes([KDC_STREAM]) + payload
        yield from (bytes([reader]) + payload[4:] for reader in (KERBEROS, KDC_DATAGRAM))
    at = payload.find(b"NTLMSSP\0")
    if at >= 0:
        yield from (bytes([reader]) + payload[at:] for reader in (BLOB, NTLM))
        yield bytes([TARGET_INFO]) + payload[at + 56:]
    for tag in (b"\x60", b"\xa1"):
        spnego = payload.find(tag, 4)
        if 0 <= spnego < at:
            yield bytes([BLOB]) + payload[spnego:]
    if b" NTLM " in payload:
        yield bytes([BASE64]) + payload.split(b" NTLM ")[1].split(b"\r")[0]


def write(folder: Path, seeds: set[bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    print(f"{folder.name}: {len(seeds)} seeds")


def main(pcaps: Path, folder: Path) -> None:
    captures = [path.read_bytes() for path in sorted(pcaps.rglob("*")) if path.is_file() and path.suffix not in
                (".json", ".md")]
    write(folder / "capture_fuzzer", set(captures))
    write(folder / "conversation_fuzzer", {talk for capture in captures for talk in conversations(capture)})
    write(folder / "auth_fuzzer", {seed for capture in captures for _, _, payload in tcp_payloads(capture)
                                   for seed in auth_seeds(payload)})
    # PDUs of the same length and beginning are much alike.
    distinct = {(len(pdu), pdu[:24]): pdu for capture in captures for pdu in pdus(capture)}
    seeds = {seed for pdu in distinct.values() for seed in reader_seeds(pdu)}
    seeds |= {bytes([reader]) + bytes.fromhex("1000000000000000010000002a000000") for reader in PRECONNECTION}
    seeds |= {bytes([reader]) + bytes.fromhex("1a00000000000000020000000000000004004100420043000000")
              for reader in PRECONNECTION}
    certificates = Path(__file__).resolve().parents[1] / "builder/certificates"
    seeds |= {bytes([CERTIFICATE]) + path.read_bytes() for path in certificates.glob("*.der")}
    write(folder / "reader_fuzzer", seeds)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
