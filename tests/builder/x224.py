"""TPKT (RFC 1006 / T.123 8) and X.224 class 0 TPDUs with RDP's negotiation structures."""

import struct

# [MS-RDPBCGR] 2.2.1.1.1 requestedProtocols, 2.2.1.2.1 selectedProtocol
PROTOCOL_RDP = 0x00
PROTOCOL_SSL = 0x01
PROTOCOL_HYBRID = 0x02
PROTOCOL_RDSTLS = 0x04
PROTOCOL_HYBRID_EX = 0x08
PROTOCOL_RDSAAD = 0x10

# 2.2.1.1.1 flags
RESTRICTED_ADMIN_MODE_REQUIRED = 0x01
CORRELATION_INFO_PRESENT = 0x08
# 2.2.1.2.1 flags
EXTENDED_CLIENT_DATA_SUPPORTED = 0x01
DYNVC_GFX_PROTOCOL_SUPPORTED = 0x02

# 2.2.1.2.2 failureCode
SSL_NOT_ALLOWED_BY_SERVER = 2
HYBRID_REQUIRED_BY_SERVER = 5

USER_REQUESTED = 3      # T.125 Reason: rn-user-requested
PROVIDER_INITIATED = 1  # rn-provider-initiated


def tpkt(payload: bytes) -> bytes:
    """T.123 8: version 3, reserved, length of everything, big-endian."""
    return struct.pack(">BBH", 3, 0, len(payload) + 4) + payload


def negotiation_request(protocols: int, flags: int = 0) -> bytes:
    """RDP_NEG_REQ, 2.2.1.1.1"""
    return struct.pack("<BBHI", 1, flags, 8, protocols)


def negotiation_response(protocol: int, flags: int = 0) -> bytes:
    """RDP_NEG_RSP, 2.2.1.2.1"""
    return struct.pack("<BBHI", 2, flags, 8, protocol)


def negotiation_failure(code: int) -> bytes:
    """RDP_NEG_FAILURE, 2.2.1.2.2"""
    return struct.pack("<BBHI", 3, 0, 8, code)


def correlation_info(correlation_id: bytes) -> bytes:
    """RDP_NEG_CORRELATION_INFO, 2.2.1.1.2: first byte not 00 or F4, no byte 0D."""
    assert len(correlation_id) == 16 and correlation_id[0] not in (0x00, 0xF4)
    assert 0x0D not in correlation_id
    return struct.pack("<BBH", 6, 0, 36) + correlation_id + bytes(16)


def connection_request(text: bytes = b"", negotiation: bytes = b"", correlation: bytes = b"",
                       source_reference: int = 0) -> bytes:
    """2.2.1.1: `text` is a cookie or routing token without its CR LF. LI counts all after itself."""
    variable = (text + b"\r\n" if text else b"") + negotiation + correlation
    header = struct.pack(">BHHB", 0xE0, 0, source_reference, 0)
    return tpkt(bytes([len(header) + len(variable)]) + header + variable)


def connection_confirm(negotiation: bytes = b"", source_reference: int = 0x1234) -> bytes:
    """2.2.1.2"""
    header = struct.pack(">BHHB", 0xD0, 0, source_reference, 0)
    return tpkt(bytes([len(header) + len(negotiation)]) + header + negotiation)


def data(payload: bytes) -> bytes:
    """X.224 13.7 DT: LI 2, F0, end of TSDU"""
    return tpkt(b"\x02\xf0\x80" + payload)


def disconnect_request(reason: int = 0) -> bytes:
    """X.224 13.5 DR: destination reference, source reference, reason (0: not specified)"""
    return tpkt(struct.pack(">BBHHB", 6, 0x80, 0, 0x1234, reason))
