"""[MS-RDPEMT] 2.2: what a UDP transport carries inside its protection; Initiate Multitransport Request,
[MS-RDPBCGR] 2.2.15.1; Soft-Sync, [MS-RDPEDYC] 2.2.5. Little-endian."""

import struct

RELIABLE, LOSSY = 1, 2
TUNNEL_RELIABLE, TUNNEL_LOSSY = 1, 3


def initiate(request: int, protocol: int, cookie: bytes) -> bytes:
    return struct.pack("<IHH", request, protocol, 0) + cookie


def tunnel(action: int, payload: bytes, sub_headers: bytes = b"") -> bytes:
    """2.2.1.1"""
    return struct.pack("<BHB", action, len(payload), 4 + len(sub_headers)) + sub_headers + payload


def create_request(request: int, cookie: bytes) -> bytes:
    return tunnel(0, struct.pack("<II", request, 0) + cookie)


def create_response(result: int = 0) -> bytes:
    return tunnel(1, struct.pack("<I", result))


def data(payload: bytes, sub_headers: bytes = b"") -> bytes:
    return tunnel(2, payload, sub_headers)


def bandwidth_measure_start(number: int) -> bytes:
    """2.2.1.1.1 and [MS-RDPBCGR] 2.2.14.1.2: the head of the subheader is that of the structure."""
    return struct.pack("<BBHH", 6, 0, number, 0x0014)


def bandwidth_measure_stop(number: int) -> bytes:
    return struct.pack("<BBHH", 6, 0, number, 0x0429)


def soft_sync_request(lists: dict[int, list[int]]) -> bytes:
    body = b"".join(struct.pack(f"<IH{len(channels)}I", kind, len(channels), *channels)
                    for kind, channels in lists.items())
    body = struct.pack("<HH", 3, len(lists)) + body
    return b"\x80\0" + struct.pack("<I", 4 + len(body)) + body


def soft_sync_response(kinds: list[int]) -> bytes:
    return b"\x90\0" + struct.pack(f"<I{len(kinds)}I", len(kinds), *kinds)
