"""Licensing PDUs, [MS-RDPELE] 2.2.2 and [MS-RDPBCGR] 2.2.1.12."""

import struct

from builder.security import SEC_LICENSE_PKT, basic_header

ERROR_ALERT = 0xFF
LICENSE_REQUEST = 0x01
NEW_LICENSE_REQUEST = 0x13
PREAMBLE_VERSION_3_0 = 0x03

STATUS_VALID_CLIENT = 7
ERR_NO_LICENSE = 2
ST_TOTAL_ABORT = 1
ST_NO_TRANSITION = 2


def message(kind: int, body: bytes) -> bytes:
    """LICENSE_PREAMBLE 2.2.1.12.1.1: type, flags, size including itself"""
    return struct.pack("<BBH", kind, PREAMBLE_VERSION_3_0, len(body) + 4) + body


def blob(kind: int, data: bytes) -> bytes:
    """LICENSE_BINARY_BLOB 2.2.1.12.1.2"""
    return struct.pack("<HH", kind, len(data)) + data


def error_alert(code: int, transition: int) -> bytes:
    """LICENSE_ERROR_MESSAGE 2.2.1.12.1.3 in the clear, behind a basic security header"""
    return basic_header(SEC_LICENSE_PKT) + message(
        ERROR_ALERT, struct.pack("<II", code, transition) + blob(4, b""))


def valid_client() -> bytes:
    return error_alert(STATUS_VALID_CLIENT, ST_NO_TRANSITION)


def license_request(server_random: bytes) -> bytes:
    """SERVER_LICENSE_REQUEST, [MS-RDPELE] 2.2.2.1, with an empty certificate blob"""
    company = "Microsoft Corporation\0".encode("utf-16-le")
    product = "A02\0".encode("utf-16-le")
    body = server_random + struct.pack("<II", 0x00050002, len(company)) + company
    body += struct.pack("<I", len(product)) + product
    body += blob(0x0D, struct.pack("<I", 1)) + blob(0x03, b"")
    body += struct.pack("<I", 1) + blob(0x0E, b"microsoft.com\0")
    return basic_header(SEC_LICENSE_PKT) + message(LICENSE_REQUEST, body)
