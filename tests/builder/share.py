"""Session PDUs: share headers, activation, fast-path, logon, errors, [MS-RDPBCGR] 2.2.1.11 to 2.2.13."""

import struct

from builder.mcs import SERVER_USER

SHARE_ID = 0x000103EA

# pduType 2.2.8.1.1.1.1 with version 1 in the upper bits
DEMAND_ACTIVE, CONFIRM_ACTIVE, DEACTIVATE_ALL, DATA = 0x11, 0x13, 0x16, 0x17
# 2.2.13.3.1 wants the version zero here: 000A, not 001A.
SERVER_REDIRECTION = 0x0A

# pduType2 2.2.8.1.1.1.2
UPDATE, CONTROL, SYNCHRONIZE, SHUTDOWN_REQUEST, SHUTDOWN_DENIED = 0x02, 0x14, 0x1F, 0x24, 0x25
SAVE_SESSION_INFO, FONT_LIST, FONT_MAP, SET_ERROR_INFO = 0x26, 0x27, 0x28, 0x2F
ARC_STATUS, STATUS_INFO, MONITOR_LAYOUT = 0x32, 0x36, 0x37

REQUEST_CONTROL, GRANTED_CONTROL, COOPERATE = 1, 2, 4


def utf16z(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")


def control_pdu(kind: int, body: bytes, source: int = SERVER_USER) -> bytes:
    """TS_SHARECONTROLHEADER 2.2.8.1.1.1.1"""
    return struct.pack("<HHH", len(body) + 6, kind, source) + body


def data_pdu(kind: int, body: bytes, source: int = SERVER_USER) -> bytes:
    """TS_SHAREDATAHEADER 2.2.8.1.1.1.2: stream low, uncompressedLength counts from pduType2 on"""
    head = struct.pack("<IBBHBBH", SHARE_ID, 0, 1, len(body) + 4, kind, 0, 0)
    return control_pdu(DATA, head + body, source)


# -- activation, 2.2.1.13 to 2.2.1.22 ------------------------------------------------------------------
def capability(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body) + 4) + body


def general_capability(extra_flags: int = 0x0405) -> bytes:
    """2.2.7.1.1: Windows NT, protocol 0200; fast-path output, long credentials, no compression header"""
    return capability(1, struct.pack("<HHHHHHHHHBB", 1, 3, 0x0200, 0, 0, extra_flags, 0, 0, 0, 1, 1))


def bitmap_capability(width: int, height: int, depth: int) -> bytes:
    """2.2.7.1.2"""
    return capability(2, struct.pack("<HHHHHHHHBBHH", depth, 1, 1, 1, width, height, 0, 1, 1, 0, 1, 0))


def capabilities(width: int, height: int, depth: int) -> bytes:
    sets = [general_capability(), bitmap_capability(width, height, depth),
            capability(8, struct.pack("<HHH", 1, 20, 20)),         # pointer 2.2.7.1.5
            capability(9, struct.pack("<HH", SERVER_USER, 0)),     # share 2.2.7.2.4
            capability(0x14, struct.pack("<II", 0, 1600))]         # virtual channel 2.2.7.1.10
    return struct.pack("<HH", len(sets), 0) + b"".join(sets)


def demand_active(width: int = 1024, height: int = 768, depth: int = 24) -> bytes:
    combined = capabilities(width, height, depth)
    body = struct.pack("<IHH", SHARE_ID, 4, len(combined)) + b"RDP\0" + combined + bytes(4)
    return control_pdu(DEMAND_ACTIVE, body)


def confirm_active(source: int, width: int = 1024, height: int = 768, depth: int = 24) -> bytes:
    combined = capabilities(width, height, depth)
    body = struct.pack("<IHHH", SHARE_ID, SERVER_USER, 6, len(combined)) + b"MSTSC\0" + combined
    return control_pdu(CONFIRM_ACTIVE, body, source)


def synchronize(target: int, source: int) -> bytes:
    return data_pdu(SYNCHRONIZE, struct.pack("<HH", 1, target), source)


def control(action: int, grant: int, control_id: int, source: int) -> bytes:
    return data_pdu(CONTROL, struct.pack("<HHI", action, grant, control_id), source)


def font_list(source: int) -> bytes:
    return data_pdu(FONT_LIST, struct.pack("<HHHH", 0, 0, 3, 0x32), source)


def font_map() -> bytes:
    return data_pdu(FONT_MAP, struct.pack("<HHHH", 0, 0, 3, 4))


# -- logon and end, 2.2.10, 2.2.5, 2.2.3, 2.2.2 --------------------------------------------------------
def logon_v1(domain: str, user: str, session: int) -> bytes:
    """TS_LOGON_INFO 2.2.10.1.1.1; the sizes include the terminator"""
    body = struct.pack("<II", 0, len(utf16z(domain))) + utf16z(domain).ljust(52, b"\0")
    body += struct.pack("<I", len(utf16z(user))) + utf16z(user).ljust(512, b"\0")
    return data_pdu(SAVE_SESSION_INFO, body + struct.pack("<I", session))


def logon_v2(domain: str, user: str, session: int) -> bytes:
    """TS_LOGON_INFO_VERSION_2 2.2.10.1.1.2; Size 18 as in the dump of 4.3.1"""
    body = struct.pack("<IHIIII", 1, 1, 18, session, len(utf16z(domain)), len(utf16z(user)))
    return data_pdu(SAVE_SESSION_INFO, body + bytes(558) + utf16z(domain) + utf16z(user))


def plain_notify() -> bytes:
    """TS_PLAIN_NOTIFY 2.2.10.1.1.3"""
    return data_pdu(SAVE_SESSION_INFO, struct.pack("<I", 2) + bytes(576))


LOGON_EX_AUTORECONNECTCOOKIE, LOGON_EX_LOGONERRORS = 1, 2


def auto_reconnect_packet(logon_id: int, secret: bytes) -> bytes:
    """ARC_SC_PRIVATE_PACKET 2.2.4.2 and ARC_CS_PRIVATE_PACKET 2.2.4.3: length, version, LogonId, a key of 16 bytes"""
    return struct.pack("<III", 28, 1, logon_id) + secret


def logon_extended(cookie: bytes = b"", errors: tuple[int, int] | None = None) -> bytes:
    """TS_LOGON_INFO_EXTENDED 2.2.10.1.1.4; `errors`: notification type and data"""
    fields = struct.pack("<I", len(cookie)) + cookie if cookie else b""
    fields += struct.pack("<III", 8, *errors) if errors else b""
    present = (LOGON_EX_AUTORECONNECTCOOKIE if cookie else 0) | (LOGON_EX_LOGONERRORS if errors else 0)
    return data_pdu(SAVE_SESSION_INFO, struct.pack("<IHI", 3, 6 + len(fields), present) + fields + bytes(570))


def auto_reconnect_refused() -> bytes:
    """TS_AUTORECONNECT_STATUS_PDU 2.2.4.1.1"""
    return data_pdu(ARC_STATUS, struct.pack("<I", 0))


def status_info(code: int) -> bytes:
    """TS_STATUS_INFO_PDU 2.2.5.2"""
    return data_pdu(STATUS_INFO, struct.pack("<I", code))


def monitor_layout(monitors: list[tuple[int, int, int, int, int]]) -> bytes:
    """2.2.12.1: left, top, right, bottom, flags (1: primary)"""
    return data_pdu(MONITOR_LAYOUT, struct.pack("<I", len(monitors))
                    + b"".join(struct.pack("<iiiiI", *monitor) for monitor in monitors))


def set_error_info(code: int) -> bytes:
    return data_pdu(SET_ERROR_INFO, struct.pack("<I", code))


def deactivate_all() -> bytes:
    """TS_DEACTIVATE_ALL_PDU 2.2.3.1.1: shareId, a source descriptor of one zero byte"""
    return control_pdu(DEACTIVATE_ALL, struct.pack("<IH", SHARE_ID, 1) + b"\0")


def shutdown_request(source: int) -> bytes:
    return data_pdu(SHUTDOWN_REQUEST, b"", source)


def shutdown_denied() -> bytes:
    return data_pdu(SHUTDOWN_DENIED, b"")


# -- fast-path, 2.2.8.1.2 and 2.2.9.1.2 ----------------------------------------------------------------
def fast_path(header: int, body: bytes) -> bytes:
    """The length counts header and length bytes; two bytes of it (top bit set) from 128 on."""
    if len(body) + 2 < 0x80:
        return bytes([header, len(body) + 2]) + body
    return bytes([header]) + struct.pack(">H", 0x8000 | (len(body) + 3)) + body


def fast_path_update(code: int, data: bytes) -> bytes:
    """TS_FP_UPDATE, single fragment, not compressed"""
    return struct.pack("<BH", code, len(data)) + data


def bitmap_update(width: int, height: int, pixels: bytes, left: int = 0, top: int = 0) -> bytes:
    """TS_UPDATE_BITMAP_DATA 2.2.9.1.1.3.1.2 with one uncompressed rectangle of 16 bits per pixel"""
    return struct.pack("<HHHHHHHHHHH", 1, 1, left, top, left + width - 1, top + height - 1, width, height,
                       16, 0, len(pixels)) + pixels


def key_event(code: int, release: bool = False) -> bytes:
    """TS_FP_KEYBOARD_EVENT 2.2.8.1.2.2.1"""
    return bytes([1 if release else 0, code])


def mouse_event(flags: int, x: int, y: int) -> bytes:
    """TS_FP_POINTER_EVENT 2.2.8.1.2.2.3"""
    return bytes([1 << 5]) + struct.pack("<HHH", flags, x, y)


FASTPATH_SECURE_CHECKSUM = 0x40
FASTPATH_ENCRYPTED = 0x80


def virtual_channel(data: bytes) -> bytes:
    """CHANNEL_PDU_HEADER 2.2.6.1.1: whole length, first and last chunk"""
    return struct.pack("<II", len(data), 3) + data
