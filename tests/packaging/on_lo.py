#!/usr/bin/env python3
"""What a test does on the loopback interface of a network that it enters for this: on_lo.py get PATH, from the daemon's
admin server; on_lo.py send CAPTURE FRAMES, the first of them."""

import socket
import struct
import sys
import urllib.request
from pathlib import Path


def frames(capture: bytes) -> list[bytes]:
    """Of a little-endian pcap file"""
    found, at = [], 24
    while at < len(capture):
        length, = struct.unpack_from("<I", capture, at + 8)
        found.append(capture[at + 16:at + 16 + length])
        at += 16 + length
    return found


def main(what: str, name: str, *more: str) -> None:
    if what == "get":
        with urllib.request.urlopen(f"http://127.0.0.1:8389{name}", timeout=10) as answer:
            print(answer.read().decode())
    else:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as lo:
            lo.bind(("lo", 0))
            for frame in frames(Path(name).read_bytes())[:int(*more)]:
                lo.send(frame)


if __name__ == "__main__":
    main(*sys.argv[1:])
