"""MCS (T.125): connect PDUs in BER, domain PDUs in aligned PER; big-endian. User ids count from 1001."""

import struct

from builder import x224

SERVER_USER = 1002  # 03EA
CLIENT_USER = 1007  # 03EF with three static channels; see [MS-RDPBCGR] 4.1.7
IO_CHANNEL = 1003   # 03EB


def ber_length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    return b"\x81" + bytes([size]) if size < 0x100 else b"\x82" + struct.pack(">H", size)


def ber(tag: bytes, body: bytes, *, long_length: bool = False) -> bytes:
    """`long_length`: the 82 xxxx form even where a shorter one would do, as Windows writes it."""
    length = b"\x82" + struct.pack(">H", len(body)) if long_length else ber_length(len(body))
    return tag + length + body


def ber_integer(value: int) -> bytes:
    size = max(1, (value.bit_length() + 8) // 8)  # one bit for the sign
    return ber(b"\x02", value.to_bytes(size, "big"))


def domain_parameters(*values: int) -> bytes:
    """T.125 7 DomainParameters: maxChannelIds, maxUserIds, maxTokenIds, numPriorities, minThroughput,
    maxHeight, maxMCSPDUsize, protocolVersion"""
    return ber(b"\x30", b"".join(ber_integer(value) for value in values))


def per_length(size: int) -> bytes:
    """X.691 10.9: one byte below 128, else two with the top bit set"""
    return bytes([size]) if size < 0x80 else struct.pack(">H", 0x8000 | size)


def connect_initial(user_data: bytes) -> bytes:
    """[MS-RDPBCGR] 2.2.1.3, the values of 4.1.3"""
    body = bytes.fromhex("040101" "040101" "0101ff")  # domain selectors, upwardFlag
    body += domain_parameters(34, 2, 0, 1, 0, 1, 65535, 2)
    body += domain_parameters(1, 1, 1, 1, 0, 1, 1056, 2)
    body += domain_parameters(65535, 64535, 65535, 1, 0, 1, 65535, 2)
    body += ber(b"\x04", user_data, long_length=True)
    return x224.data(ber(b"\x7f\x65", body, long_length=True))


def connect_response(user_data: bytes) -> bytes:
    """2.2.1.4: result rt-successful, calledConnectId 0"""
    body = bytes.fromhex("0a0100" "020100") + domain_parameters(34, 3, 0, 1, 0, 1, 65528, 2)
    body += ber(b"\x04", user_data, long_length=True)
    return x224.data(ber(b"\x7f\x66", body, long_length=True))


# Domain PDUs: the first byte is choice << 2 | presence bits (T.125 7, DomainMCSPDU).
def erect_domain() -> bytes:
    return x224.data(bytes.fromhex("0401000100"))


def attach_user_request() -> bytes:
    return x224.data(b"\x28")


def attach_user_confirm(user: int = CLIENT_USER) -> bytes:
    return x224.data(struct.pack(">BBH", 0x2E, 0, user - 1001))


def join_request(channel: int, user: int = CLIENT_USER) -> bytes:
    return x224.data(struct.pack(">BHH", 0x38, user - 1001, channel))


def join_confirm(channel: int, user: int = CLIENT_USER) -> bytes:
    return x224.data(struct.pack(">BBHHH", 0x3E, 0, user - 1001, channel, channel))


def send_data(choice: int, initiator: int, channel: int, payload: bytes, long_length: bool) -> bytes:
    """70: high priority, begin and end of the data. `long_length`: two length bytes even below 128, as
    FreeRDP writes and the golden mini-session has it; Windows writes one ([MS-RDPBCGR] 4.1.11)."""
    length = struct.pack(">H", 0x8000 | len(payload)) if long_length else per_length(len(payload))
    return x224.data(struct.pack(">BHHB", choice << 2, initiator - 1001, channel, 0x70) + length + payload)


def send_data_request(payload: bytes, channel: int = IO_CHANNEL, user: int = CLIENT_USER, *,
                      long_length: bool = False) -> bytes:
    """Choice 25, client to server"""
    return send_data(25, user, channel, payload, long_length)


def send_data_indication(payload: bytes, channel: int = IO_CHANNEL, *, long_length: bool = False) -> bytes:
    """Choice 26, server to client"""
    return send_data(26, SERVER_USER, channel, payload, long_length)


def disconnect_provider_ultimatum(reason: int) -> bytes:
    """Choice 8; the three bits of the reason straddle the two bytes ([MS-RDPBCGR] 4.2.3)."""
    return x224.data(bytes([8 << 2 | reason >> 1, (reason & 1) << 7]))
