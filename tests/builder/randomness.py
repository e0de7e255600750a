"""Bytes which look random and are the same every time: SHA-256 over a label and a counter."""

import hashlib


def pseudo_random(label: str, size: int) -> bytes:
    """The first `size` bytes of SHA-256(label:0), SHA-256(label:1), ..."""
    out = bytearray()
    counter = 0
    while len(out) < size:
        out += hashlib.sha256(f"{label}:{counter}".encode()).digest()
        counter += 1
    return bytes(out[:size])


def pseudo_random_u32(label: str) -> int:
    return int.from_bytes(pseudo_random(label, 4), "big")
