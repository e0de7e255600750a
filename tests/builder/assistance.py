"""Remote Assistance on channels: [MS-RA] 2.2, [MS-RDPEMC] 2.2; and the channels themselves: static ones,
[MS-RDPBCGR] 2.2.6.1, dynamic ones, [MS-RDPEDYC] 2.2."""

import struct
from xml.sax.saxutils import quoteattr

# CHANNEL_PDU_HEADER.flags
FIRST, LAST, SHOW_PROTOCOL, COMPRESSED = 0x01, 0x02, 0x10, 0x00200000
CHUNK = 1600

# msgType, [MS-RA] 2.2.1.3
REMOTE_CONTROL_DESKTOP, RESULT, AUTHENTICATE, SERVER_ANNOUNCE, DISCONNECT, VERSIONINFO = 1, 2, 3, 4, 5, 6
ISCONNECTED, VERIFY_PASSWORD, EXPERT_ON_VISTA, RANOVICE_NAME, RAEXPERT_NAME, TOKEN = 7, 8, 9, 10, 11, 12

RESULT_NAMES = {24: "SAFERROR_INVALIDPARAMETERSTRING", 25: "SAFERROR_HELPSESSIONNOTFOUND",
                26: "SAFERROR_INVALIDPASSWORD", 27: "SAFERROR_HELPSESSIONEXPIRED",
                40: "SAFERROR_HELPEENEVERRESPONDED", 41: "SAFERROR_HELPEESAIDNO",
                51: "SAFERROR_STOPLISTENBYUSER", 61: "PASSWORDS_DONT_MATCH"}

# [MS-RDPEMC] 2.2.4
MAY_VIEW, MAY_INTERACT, IS_PARTICIPANT = 1, 2, 4
REQUEST_VIEW, REQUEST_INTERACT = 1, 2
BY_HOST, BY_PARTICIPANT = 0, 2


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def utf16z(text: str) -> bytes:
    return utf16(text + "\0")


def chunks(message: bytes, size: int = CHUNK) -> list[bytes]:
    """A message of a static channel; 3.1.5.2.1: SHOW_PROTOCOL where it needs several chunks"""
    if len(message) <= size:
        return [struct.pack("<II", len(message), FIRST | LAST) + message]
    out = []
    for at in range(0, len(message), size):
        flags = SHOW_PROTOCOL | (FIRST if at == 0 else 0) | (LAST if at + size >= len(message) else 0)
        out.append(struct.pack("<II", len(message), flags) + message[at:at + size])
    return out


# -- [MS-RA] 2.2.1 ---------------------------------------------------------------------------------------
def addressed(channel: str, data: bytes) -> bytes:
    """REMOTEDESKTOP_CTL_PACKETHEADER and what follows; the name in its own length"""
    return struct.pack("<II", len(utf16z(channel)), len(data)) + utf16z(channel) + data


def control(kind: int, body: bytes = b"") -> bytes:
    """REMOTEDESKTOP_CTL_BUFHEADER"""
    return struct.pack("<I", kind) + body


def result(code: int) -> bytes:
    return control(RESULT, struct.pack("<I", code))


def version_info(major: int = 1, minor: int = 2) -> bytes:
    return control(VERSIONINFO, struct.pack("<II", major, minor))


def expert_blob(name: str, proof: str = "") -> str:
    """2.2.1.4: each property behind the number of its characters"""
    properties = [f"NAME={name}"] + ([f"PASS={proof}"] if proof else [])
    return "".join(f"{len(text)};{text}" for text in properties)


def authenticate(connection: str, blob: str) -> bytes:
    return control(AUTHENTICATE, utf16z(connection) + utf16z(blob))


def verify_password(blob: str) -> bytes:
    return control(VERIFY_PASSWORD, utf16z(blob))


def bstr(text: str) -> bytes:
    """[MS-DTYP] 2.2.5"""
    return struct.pack("<I", len(utf16(text))) + utf16(text)


def command(name: str, **attributes: str) -> bytes:
    """RCCOMMAND 2.2.2"""
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return utf16z(f'<RCCOMMAND NAME="{name}"{more}/>')


# -- [MS-RDPEMC] 2.2 -------------------------------------------------------------------------------------
def order(kind: int, body: bytes = b"") -> bytes:
    """ORDER_HDR: the length includes it"""
    return struct.pack("<HH", kind, len(body) + 4) + body


def participant_created(number: int, flags: int, name: str) -> bytes:
    return order(8, struct.pack("<IIHH", number, 0, flags, len(utf16(name)) // 2) + utf16(name))


def participant_removed(number: int, by: int, code: int = 0) -> bytes:
    return order(7, struct.pack("<III", number, by, code))


def control_change(number: int, flags: int) -> bytes:
    return order(9, struct.pack("<HI", flags, number))


def control_change_response(number: int, flags: int, reason: int) -> bytes:
    return order(0x0D, struct.pack("<HII", flags, number, reason))


def filter_state(on: bool) -> bytes:
    return order(1, bytes([on]))


def app_created(number: int, name: str) -> bytes:
    return order(3, struct.pack("<HIH", 1, number, len(utf16(name)) // 2) + utf16(name))


PAUSED, RESUMED = order(0x0A), order(0x0B)


# -- [MS-RDPEDYC] 2.2 ------------------------------------------------------------------------------------
def wide(value: int) -> tuple[int, bytes]:
    """The two bits which say how wide a field is, and the field"""
    if value < 0x100:
        return 0, struct.pack("<B", value)
    return (1, struct.pack("<H", value)) if value < 0x10000 else (2, struct.pack("<I", value))


def dynamic(command_: int, channel: int, data: bytes = b"", length: int | None = None) -> bytes:
    bits, number = wide(channel)
    if length is None:
        return bytes([command_ << 4 | bits]) + number + data
    length_bits, length_field = wide(length)
    return bytes([command_ << 4 | length_bits << 2 | bits]) + number + length_field + data


def dynamic_capabilities(version: int = 1) -> bytes:
    return struct.pack("<BBH", 0x50, 0, version)


def create_request(channel: int, name: str) -> bytes:
    return dynamic(1, channel, name.encode() + b"\0")


def create_response(channel: int, status: int = 0) -> bytes:
    return dynamic(1, channel, struct.pack("<I", status))


def dynamic_message(channel: int, message: bytes) -> list[bytes]:
    """DYNVC_DATA alone up to 1,590 bytes, else DYNVC_DATA_FIRST and more; PDUs of at most 1,600 bytes"""
    if len(message) <= 1590:
        return [dynamic(3, channel, message)]
    first = 1600 - len(dynamic(2, channel, b"", len(message)))
    rest = 1600 - len(dynamic(3, channel))
    out = [dynamic(2, channel, message[:first], len(message))]
    out += [dynamic(3, channel, message[at:at + rest]) for at in range(first, len(message), rest)]
    return out


def close_channel(channel: int) -> bytes:
    return dynamic(4, channel)
