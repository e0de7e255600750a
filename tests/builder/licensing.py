"""Licensing PDUs, [MS-RDPELE] 2.2.2 and [MS-RDPBCGR] 2.2.1.12."""

import struct

from builder.randomness import pseudo_random
from builder.security import SEC_LICENSE_PKT, basic_header

ERROR_ALERT = 0xFF
LICENSE_REQUEST, PLATFORM_CHALLENGE, NEW_LICENSE = 0x01, 0x02, 0x03
NEW_LICENSE_REQUEST, PLATFORM_CHALLENGE_RESPONSE = 0x13, 0x15
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


def license_request(server_random: bytes, certificate: bytes = b"") -> bytes:
    """SERVER_LICENSE_REQUEST, [MS-RDPELE] 2.2.2.1; `certificate` is a whole SERVER_CERTIFICATE"""
    company = "Microsoft Corporation\0".encode("utf-16-le")
    product = "A02\0".encode("utf-16-le")
    body = server_random + struct.pack("<II", 0x00050002, len(company)) + company
    body += struct.pack("<I", len(product)) + product
    body += blob(0x0D, struct.pack("<I", 1)) + blob(0x03, certificate)
    body += struct.pack("<I", 1) + blob(0x0E, b"microsoft.com\0")
    return basic_header(SEC_LICENSE_PKT) + message(LICENSE_REQUEST, body)


PLATFORM_ID = 0x04010000  # Windows of NT 5.2 and later, Microsoft's client


def new_license_request(label: str, user: str, machine: str) -> bytes:
    """CLIENT_NEW_LICENSE_REQUEST, 2.2.2.2; what the server's key would open is random"""
    body = struct.pack("<II", 1, PLATFORM_ID) + pseudo_random(f"licence:{label}", 32)
    body += blob(0x02, pseudo_random(f"premaster:{label}", 72))
    body += blob(0x0F, user.encode() + b"\0") + blob(0x10, machine.encode() + b"\0")
    return basic_header(SEC_LICENSE_PKT) + message(NEW_LICENSE_REQUEST, body)


def platform_challenge(label: str) -> bytes:
    """SERVER_PLATFORM_CHALLENGE, 2.2.2.4"""
    body = bytes(4) + blob(0x09, pseudo_random(f"challenge:{label}", 10)) + pseudo_random(f"challenge MAC:{label}", 16)
    return basic_header(SEC_LICENSE_PKT) + message(PLATFORM_CHALLENGE, body)


def platform_challenge_response(label: str) -> bytes:
    """CLIENT_PLATFORM_CHALLENGE_RESPONSE, 2.2.2.5"""
    body = blob(0x01, pseudo_random(f"response:{label}", 18)) + blob(0x01, pseudo_random(f"hardware:{label}", 20))
    return basic_header(SEC_LICENSE_PKT) + message(PLATFORM_CHALLENGE_RESPONSE, body + pseudo_random(f"MAC:{label}", 16))


def new_license(label: str) -> bytes:
    """SERVER_NEW_LICENSE, 2.2.2.7"""
    body = blob(0x09, pseudo_random(f"new licence:{label}", 600)) + pseudo_random(f"licence MAC:{label}", 16)
    return basic_header(SEC_LICENSE_PKT) + message(NEW_LICENSE, body)
