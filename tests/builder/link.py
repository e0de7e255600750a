"""Link layers around an IP packet; https://www.tcpdump.org/linktypes.html gives each layout."""

import struct
from collections.abc import Callable

ETHERTYPE_IPV4 = 0x0800
ETHERTYPE_IPV6 = 0x86DD
ETHERTYPE_8021Q = 0x8100
ETHERTYPE_8021AD = 0x88A8

# Locally administered addresses (bit 1 of the first octet).
MAC = {"client": bytes.fromhex("02005e100001"), "server": bytes.fromhex("02005e100002")}

# A link layer: (sender "client" or "server", IP packet) -> frame
Link = Callable[[str, bytes], bytes]


def version(packet: bytes) -> int:
    return packet[0] >> 4


def ethertype(packet: bytes) -> int:
    return ETHERTYPE_IPV4 if version(packet) == 4 else ETHERTYPE_IPV6


def other(sender: str) -> str:
    return "server" if sender == "client" else "client"


def ethernet(sender: str, packet: bytes) -> bytes:
    return tagged_ethernet([])(sender, packet)


def tagged_ethernet(tags: list[tuple[int, int]]) -> Link:
    """IEEE 802.1Q: (tag protocol identifier, VLAN identifier), outermost first. Padded to 60 bytes."""
    def wrap(sender: str, packet: bytes) -> bytes:
        out = MAC[other(sender)] + MAC[sender]
        for tpid, vlan in tags:
            out += struct.pack(">HH", tpid, vlan)
        out += struct.pack(">H", ethertype(packet)) + packet
        return out + bytes(max(0, 60 - len(out)))
    return wrap


def vlan(sender: str, packet: bytes) -> bytes:
    return tagged_ethernet([(ETHERTYPE_8021Q, 0x6000 | 120)])(sender, packet)  # priority 3


def qinq(sender: str, packet: bytes) -> bytes:
    return tagged_ethernet([(ETHERTYPE_8021AD, 300), (ETHERTYPE_8021Q, 120)])(sender, packet)


def raw(_sender: str, packet: bytes) -> bytes:
    """LINKTYPE_RAW, _IPV4, _IPV6: nothing before the IP header."""
    return packet


def linux_cooked(sender: str, packet: bytes) -> bytes:
    """LINKTYPE_LINUX_SLL: packet type (0 to us, 4 from us), ARPHRD 1, address length, address[8], protocol."""
    return struct.pack(">HHH", 0 if sender == "client" else 4, 1, 6) + MAC[sender] + bytes(2) \
        + struct.pack(">H", ethertype(packet)) + packet


def linux_cooked_2(sender: str, packet: bytes) -> bytes:
    """LINKTYPE_LINUX_SLL2: protocol, reserved, interface index, ARPHRD, packet type, address length, address."""
    return struct.pack(">HHIHBB", ethertype(packet), 0, 2, 1, 0 if sender == "client" else 4, 6) \
        + MAC[sender] + bytes(2) + packet


def bsd_null(big_endian: bool, ipv6_family: int = 30) -> Link:
    """LINKTYPE_NULL: address family in the byte order of the capturing host (2 IPv4; 24, 28 or 30 IPv6)."""
    def wrap(_sender: str, packet: bytes) -> bytes:
        family = 2 if version(packet) == 4 else ipv6_family
        return struct.pack(">I" if big_endian else "<I", family) + packet
    return wrap


def bsd_loop(sender: str, packet: bytes) -> bytes:
    """LINKTYPE_LOOP: as LINKTYPE_NULL, always big-endian."""
    return bsd_null(True)(sender, packet)


def ppp(_sender: str, packet: bytes) -> bytes:
    """LINKTYPE_PPP without address and control: the PPP protocol (RFC 1661 2), 0021 IPv4, 0057 IPv6."""
    return struct.pack(">H", 0x0021 if version(packet) == 4 else 0x0057) + packet


def ppp_hdlc(sender: str, packet: bytes) -> bytes:
    """LINKTYPE_PPP_HDLC: address FF and control 03 (RFC 1662 3.1), then as PPP."""
    return b"\xff\x03" + ppp(sender, packet)
