"""PNRP 4.0 ([MS-PNRP] 2.2) as Easy Connect uses it ([MS-RAIOP])."""

import hashlib
import ipaddress
import struct

from builder.randomness import pseudo_random

FLOOD, INQUIRE, AUTHORITY, ACK, LOOKUP = 4, 7, 8, 9, 0x0B
FRAGMENT = 1188


def element(field: int, content: bytes) -> bytes:
    """2.2: FieldID, Length, content; the next starts on a multiple of four"""
    data = struct.pack(">HH", field, 4 + len(content)) + content
    return data + bytes(-len(data) % 4)


def message(kind: int, number: int, *elements: bytes) -> bytes:
    """2.2.1"""
    return struct.pack(">HHBBBBI", 0x10, 12, 0x51, 4, 0, kind, number) + b"".join(elements)


def address(text: str) -> bytes:
    return ipaddress.IPv6Address(text).packed


def pnrp_id(classifier: str, location: bytes, authority: bytes = bytes(20)) -> bytes:
    """1.3.1.2; the characters are taken as UTF-16LE, which the text leaves open"""
    digest = hashlib.sha1(classifier.encode("utf-16-le")).digest()
    return hashlib.sha1(digest + authority + digest + b"PNRP").digest()[:16] + location


def payload_key(classifier: str) -> bytes:
    """[MS-RAIOP] 3.1.5.2, steps 8 and 9; how CryptDeriveKey makes a key of AES-128"""
    digest = hashlib.sha1(classifier.encode("utf-16-le")).digest().ljust(64, b"\0")
    return hashlib.sha1(bytes(byte ^ 0x36 for byte in digest)).digest()[:16]


def successor(identity: bytes) -> bytes:
    return ((int.from_bytes(identity, "big") + 1) % 2**256).to_bytes(32, "big")


def route_entry(identity: bytes, port: int, addresses: list[str]) -> bytes:
    """2.2.3.4"""
    return identity + struct.pack(">BBHBB", 4, 0, port, 0, len(addresses)) + b"".join(map(address, addresses))


def endpoints(*nodes: tuple[str, int]) -> bytes:
    """IPV6_ENDPOINT_ARRAY"""
    content = b"".join(struct.pack(">H", port) + address(node) for node, port in nodes)
    head = struct.pack(">HHHH", len(nodes), 8 + len(content), 0x9D, 18)
    return element(0x9E, head + content)


def lookup(number: int, target: bytes, validate: bytes, reason: int, route: bytes, me: tuple[str, int]) -> bytes:
    """2.2.2.8"""
    controls = struct.pack(">HHBBH", 2, 0, 0, reason, 0)
    parts = [element(0x45, controls), element(0x38, target), element(0x39, validate)]
    parts += [element(0x9A, route)] if route else []
    return message(LOOKUP, number, *parts, endpoints(me))


def inquire(number: int, validate: bytes) -> bytes:
    """2.2.2.5: CPA and extended payload are wanted"""
    return message(INQUIRE, number, element(0x40, struct.pack(">H", 0x0018)), element(0x39, validate),
                   element(0x93, pseudo_random("nonce", 16)))


def encoded_cpa(classifier: str, location: bytes, *, revoke: bool = False, nodes: list[tuple[str, int]] = ()) -> bytes:
    """2.2.3.1, little-endian"""
    flags = 0x08 | (0x01 if revoke else 0x20)
    nonce = bytes(16) if revoke else pseudo_random("nonce", 16)
    body = struct.pack("<BBBBBBQ", 0, 2, 0, 4, flags, 0, 134_284_320_000_000_000) + location[::-1] + nonce
    body += hashlib.sha1(classifier.encode("utf-16-le")).digest()
    body += struct.pack("<HH", len(nodes), 18) + b"".join(struct.pack(">H", port) + address(node) for node, port in nodes)
    body += struct.pack("<HH", 0, 4)
    key = pseudo_random("cpa key", 0x8C)
    body += struct.pack("<HHHHB", 9 + 20 + len(key), 20, 0, len(key), 0) + b"1.2.840.113549.1.1.1" + key
    body += struct.pack("<HHI", 0x88, 0x80, 0x8004) + pseudo_random("cpa signature", 0x80)
    return struct.pack("<H", 2 + len(body)) + body


def extended_payload(identity: bytes, payload: bytes) -> bytes:
    """2.2.3.3, little-endian"""
    body = identity[::-1] + pseudo_random("nonce", 16) + struct.pack("<HHIH", 1, 10 + len(payload), 0x80000003,
                                                                   len(payload)) + payload
    offset = 16 + len(body)
    signature = struct.pack("<HHI", 0x88, 0x80, 0x8004) + pseudo_random("payload signature", 0x80)
    return struct.pack("<HBBHHQ", offset + len(signature), 0, 2, 0, offset, 134_284_320_000_000_000) + body + signature


def authority(number: int, acked: int, buffer: bytes) -> list[bytes]:
    """2.2.2.6: in fragments"""
    return [message(AUTHORITY, number + index, element(0x18, struct.pack(">I", acked)),
                    element(0x98, struct.pack(">HH", len(buffer), at)), buffer[at:at + FRAGMENT])
            for index, at in enumerate(range(0, len(buffer), FRAGMENT))]


def authority_buffer(classifier: str, payload: bytes, route: bytes, cpa: bytes, chain: bytes = b"") -> bytes:
    """2.2.2.6.1"""
    characters = classifier.encode("utf-16-be")
    head = struct.pack(">HHHH", len(classifier), 8 + len(characters), 0x84, 2)
    parts = [element(0x40, bytes(2))]
    parts += [element(0x80, chain)] if chain else []
    return b"".join(parts) + element(0x85, head + characters) + element(0x5A, payload) + element(0x9A, route) \
        + element(0x9B, cpa)


def flood_revoke(number: int, validate: bytes, cpa: bytes) -> bytes:
    """2.2.2.4"""
    empty = element(0x9E, struct.pack(">HHHH", 0, 8, 0x9D, 18))
    return message(FLOOD, number, element(0x43, bytes(3)), element(0x39, validate), element(0x9C, cpa), empty)
