"""RDP over UDP: [MS-RDPEUDP] (big-endian; SYN datagrams and the data of versions 1 and 2), [MS-RDPEUDP2]
(little-endian; the data of version 3), DTLS records (RFC 6347)."""

import struct

MTU = 1232
SYN, ACK, DATA, FEC, SYN_LOSSY, CORRELATION_ID, SYNEX = 0x0001, 0x0004, 0x0008, 0x0010, 0x0200, 0x0800, 0x1000
VERSION_1, VERSION_2, VERSION_3 = 0x0001, 0x0002, 0x0101


def header(source_ack: int, flags: int) -> bytes:
    """2.2.2.1"""
    return struct.pack(">IHH", source_ack, 64, flags)


def syn(number: int, version: int | None, *, lossy: bool = False, correlation: bytes = b"", cookie_hash: bytes = b"",
        acknowledged: int | None = None) -> bytes:
    """2.2.2.5, .8, .9; zeros up to the MTU. `acknowledged` makes it the server's answer."""
    flags = SYN | (SYN_LOSSY if lossy else 0) | (CORRELATION_ID if correlation else 0)
    flags |= (0 if version is None else SYNEX) | (0 if acknowledged is None else ACK)
    out = header(0xFFFFFFFF if acknowledged is None else acknowledged, flags) + struct.pack(">IHH", number, MTU, MTU)
    if correlation:
        out += correlation + bytes(16)
    if version is not None:
        out += struct.pack(">HH", 1, version) + cookie_hash
    return out.ljust(MTU, b"\0")


def data(source_ack: int, number: int, payload: bytes, *, received: int = 1, coded: int | None = None) -> bytes:
    """2.2.2.4 behind an ACK vector (2.2.2.7) of one element and one byte up to the DWORD"""
    vector = struct.pack(">HBB", 1, received & 0x3F, 0xEE)
    return header(source_ack, ACK | DATA) + vector + struct.pack(">II", coded or number, number) + payload


def redundancy(source_ack: int, first: int) -> bytes:
    """2.2.2.2: an FEC packet over one payload"""
    return header(source_ack, ACK | DATA | FEC) + struct.pack(">HBB", 1, 1, 0) \
        + struct.pack(">IIBBH", first + 1, first, 0, 1, 0) + bytes(60)


def veiled(packet: bytes, kind: int = 0) -> bytes:
    """[MS-RDPEUDP2] 3.1.1.1.5.1: the prefix goes to the eighth byte."""
    out = bytearray(bytes([kind << 1 | min(len(packet), 7) << 5]) + packet.ljust(7, b"\0"))
    out[0], out[7] = out[7], out[0]
    return bytes(out)


def data_2(number: int, channel_number: int, payload: bytes, *, acknowledged: int | None = None) -> bytes:
    """[MS-RDPEUDP2] 2.2.1: ACK [seq, time 24 bits, gap, no delayed ones], AckOfAcks, data"""
    flags = 0x004 | 0x010 | (0 if acknowledged is None else 0x001)
    out = struct.pack("<H", flags | 0xC000)
    if acknowledged is not None:
        out += struct.pack("<H", acknowledged) + bytes.fromhex("030100" "01" "00")
    return veiled(out + struct.pack("<HHH", 100, number, channel_number) + payload)


def dummy_2(number: int) -> bytes:
    return veiled(struct.pack("<HHHH", 0xC014, 100, number, 0) + bytes(1000), kind=8)


def dtls_record(kind: int, sequence: int, body: bytes, epoch: int = 0) -> bytes:
    """RFC 6347 4.1, DTLS 1.0 as Windows sends it"""
    return struct.pack(">BHHHI", kind, 0xFEFF, epoch, 0, sequence) + struct.pack(">H", len(body)) + body


def dtls_handshake(kind: int, message: int, body: bytes, offset: int = 0, size: int | None = None) -> bytes:
    """4.2.2: `body` is the piece at `offset` of a message of `size` bytes"""
    whole = len(body) if size is None else size
    return bytes([kind]) + whole.to_bytes(3, "big") + struct.pack(">H", message) + offset.to_bytes(3, "big") \
        + len(body).to_bytes(3, "big") + body
