"""Client Info, [MS-RDPBCGR] 2.2.1.11.1.1, and Server Redirection, 2.2.13.1."""

import base64
import struct

from builder import share
from builder.gcc import utf16_field
from builder.share import utf16z

INFO_FLAGS = 0x000003FB  # mouse, no ctrl-alt-del, autologon, unicode, maximised, notify, compression type 1


def time_zone() -> bytes:
    """TS_TIME_ZONE_INFORMATION 2.2.1.11.1.1.1.1: W. Europe, last Sunday of October and of March"""
    october = struct.pack("<8H", 0, 10, 0, 5, 3, 0, 0, 0)
    march = struct.pack("<8H", 0, 3, 0, 5, 2, 0, 0, 0)
    return struct.pack("<i", -60) + utf16_field("W. Europe Standard Time", 64) + october \
        + struct.pack("<i", 0) + utf16_field("W. Europe Daylight Time", 64) + march \
        + struct.pack("<i", -60)


def client_info(domain: str = "CORP", user: str = "alice", password: str = "S3cret!",
                address: str = "10.1.2.3", directory: str = "C:\\WINDOWS\\System32\\mstscax.dll",
                alternate_shell: str = "", dynamic_zone: str | None = None, working_dir: str = "",
                cookie: bytes = b"") -> bytes:
    """TS_INFO_PACKET: the sizes leave the terminator out; those of the extended part include it."""
    texts = (domain, user, password, alternate_shell, working_dir)
    out = struct.pack("<II", 0x0409, INFO_FLAGS)
    out += struct.pack("<5H", *(2 * len(text) for text in texts))
    out += b"".join(utf16z(text) for text in texts)
    family = 0x0017 if ":" in address else 0x0002
    out += struct.pack("<HH", family, len(utf16z(address))) + utf16z(address)
    out += struct.pack("<H", len(utf16z(directory))) + utf16z(directory)
    out += time_zone() + struct.pack("<IIH", 0, 7, len(cookie)) + cookie
    if dynamic_zone is not None:  # reserved1, reserved2, dynamicDSTTimeZoneKeyName, dynamicDaylightTimeDisabled
        name = dynamic_zone.encode("utf-16-le")
        out += struct.pack("<HHH", 0, 0, len(name)) + name + struct.pack("<H", 0)
    return out


# RedirFlags 2.2.13.1, in the order in which the fields follow
LB_TARGET_NET_ADDRESS = 0x001
LB_LOAD_BALANCE_INFO = 0x002
LB_USERNAME = 0x004
LB_DOMAIN = 0x008
LB_PASSWORD = 0x010
LB_TARGET_FQDN = 0x100
LB_TARGET_NETBIOS_NAME = 0x200
LB_TARGET_NET_ADDRESSES = 0x800
LB_CLIENT_TSV_URL = 0x1000
LB_REDIRECTION_GUID = 0x8000
LB_TARGET_CERTIFICATE = 0x10000


def certificate_container(der: bytes) -> bytes:
    """TARGET_CERTIFICATE_CONTAINER 2.2.13.1.2: an element to be ignored, and the certificate (32) in DER (1)"""
    elements = struct.pack("<III", 3, 0, 4) + b"skip" + struct.pack("<III", 32, 1, len(der)) + der
    return utf16z(base64.b64encode(elements).decode())


def sized(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def redirection_packet(session: int, *, target_address: str = "", load_balance_info: bytes = b"",
                       user: str = "", domain: str = "", fqdn: str = "", netbios: str = "",
                       addresses: tuple[str, ...] = (), password: str = "", tsv_url: str = "", guid: str = "",
                       certificate: bytes = b"") -> bytes:
    """RDP_SERVER_REDIRECTION_PACKET; texts are UTF-16 with their terminator"""
    listed = b"".join(sized(utf16z(address)) for address in addresses)
    fields = ((LB_TARGET_NET_ADDRESS, utf16z(target_address) if target_address else b""),
              (LB_LOAD_BALANCE_INFO, load_balance_info),
              (LB_USERNAME, utf16z(user) if user else b""),
              (LB_DOMAIN, utf16z(domain) if domain else b""),
              (LB_PASSWORD, utf16z(password) if password else b""),
              (LB_TARGET_FQDN, utf16z(fqdn) if fqdn else b""),
              (LB_TARGET_NETBIOS_NAME, utf16z(netbios) if netbios else b""),
              (LB_CLIENT_TSV_URL, utf16z(tsv_url) if tsv_url else b""),
              (LB_REDIRECTION_GUID, utf16z(guid) if guid else b""),
              (LB_TARGET_CERTIFICATE, certificate_container(certificate) if certificate else b""),
              (LB_TARGET_NET_ADDRESSES, struct.pack("<I", len(addresses)) + listed if addresses else b""))
    flags = sum(flag for flag, data in fields if data)
    body = b"".join(sized(data) for _, data in fields if data) + bytes(8)
    return struct.pack("<HHII", 0x0400, len(body) + 12, session, flags) + body


def enhanced_redirection(packet: bytes) -> bytes:
    """TS_ENHANCED_SECURITY_SERVER_REDIRECTION 2.2.13.3.1: two bytes of padding before, one behind"""
    return share.control_pdu(share.SERVER_REDIRECTION, bytes(2) + packet + bytes(1))
