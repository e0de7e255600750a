"""What flows on the message channel, [MS-RDPBCGR] 2.2.14 and 2.2.16.1, behind its security header."""

import struct

# 2.2.8.1.1.2.1 flags
SEC_AUTODETECT_REQ, SEC_AUTODETECT_RSP, SEC_HEARTBEAT = 0x1000, 0x2000, 0x4000

REQUEST, RESPONSE = 0, 1


def heartbeat(period: int, warn: int, reconnect: int) -> bytes:
    """2.2.16.1: reserved, period, count1, count2"""
    return bytes([0, period, warn, reconnect])


def detection(kind: int, sequence: int, code: int, *values: int) -> bytes:
    """The header of all messages of 2.2.14.1 and 2.2.14.2, and fields of four bytes"""
    return struct.pack("<BBHH", 6 + 4 * len(values), kind, sequence, code) \
        + b"".join(struct.pack("<I", value) for value in values)


def rtt_request(sequence: int, connecting: bool = False) -> bytes:
    return detection(REQUEST, sequence, 0x1001 if connecting else 0x0001)


def rtt_response(sequence: int) -> bytes:
    return detection(RESPONSE, sequence, 0x0000)


def bandwidth_start(sequence: int, connecting: bool = False) -> bytes:
    return detection(REQUEST, sequence, 0x1014 if connecting else 0x0014)


def bandwidth_payload(sequence: int, data: bytes) -> bytes:
    """2.2.14.1.3: the header counts the length that follows it"""
    return struct.pack("<BBHHH", 8, REQUEST, sequence, 0x0002, len(data)) + data


def bandwidth_stop(sequence: int, data: bytes = b"") -> bytes:
    """2.2.14.1.4: with a payload while connecting"""
    if data:
        return struct.pack("<BBHHH", 8, REQUEST, sequence, 0x002B, len(data)) + data
    return detection(REQUEST, sequence, 0x0429)


def bandwidth_results(sequence: int, milliseconds: int, size: int, connecting: bool = False) -> bytes:
    return detection(RESPONSE, sequence, 0x0003 if connecting else 0x000B, milliseconds, size)


def characteristics(sequence: int, base_rtt: int, bandwidth: int, average_rtt: int) -> bytes:
    """Network Characteristics Result with all three, 2.2.14.1.5"""
    return detection(REQUEST, sequence, 0x08C0, base_rtt, bandwidth, average_rtt)


def sync(sequence: int, bandwidth: int, rtt: int) -> bytes:
    return detection(RESPONSE, sequence, 0x0018, bandwidth, rtt)
