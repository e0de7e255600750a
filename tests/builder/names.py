"""Naming services as their RFCs write them: DNS (1035, 3596), mDNS (6762), LLMNR (4795), NetBIOS (1001, 1002),
DHCPv4 (2131, 2132, 4702), DHCPv6 (8415, 4704); and UDP (768) around them."""

import ipaddress
import struct
from dataclasses import dataclass, field

from builder.frame import Frame
from builder.ip import PROTOCOL_UDP, Network, packed, transport_checksum
from builder.link import Link, ethernet
from builder.tcp import Endpoint

A, CNAME, PTR, AAAA, NB = 1, 5, 12, 28, 32
IN, CACHE_FLUSH = 1, 0x8000
DNS_PORT, DHCP_SERVER, DHCP_CLIENT, NBNS_PORT, DHCP6_CLIENT, DHCP6_SERVER = 53, 67, 68, 137, 546, 547
MDNS_PORT, LLMNR_PORT = 5353, 5355
QUERY, RESPONSE = 0x0100, 0x8180                    # RD; QR, RD, RA
MDNS_RESPONSE, LLMNR_QUERY, LLMNR_RESPONSE = 0x8400, 0, 0x8000
NBNS_QUERY, NBNS_RESPONSE, NBNS_REGISTRATION = 0x0110, 0x8580, 0x2910


def udp(time_ns: int, sender: str, source: Endpoint, target: Endpoint, payload: bytes, ttl: int = 0,
        link: Link = ethernet) -> Frame:
    """`sender` says whose link address it comes from"""
    head = struct.pack(">HHHH", source.port, target.port, 8 + len(payload), 0)
    checksum = transport_checksum(source.address, target.address, PROTOCOL_UDP, head + payload) or 0xFFFF
    network = Network(ttl={"client": ttl, "server": ttl}) if ttl else Network()
    packet = network.packet(sender, source.address, target.address, PROTOCOL_UDP,
                            head[:6] + struct.pack(">H", checksum) + payload)
    return Frame(time_ns, link(sender, packet))


# -- DNS and its kin --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Record:
    owner: str
    kind: int
    data: str | bytes   # address or name in text, or bytes
    ttl: int = 300
    klass: int = IN


def reverse_name(address: str) -> str:
    """RFC 1035 3.5, RFC 3596 2.5"""
    return ipaddress.ip_address(address).reverse_pointer


@dataclass
class Message:
    """Names are compressed against all that stand before them (RFC 1035 4.1.4)."""
    ident: int
    flags: int
    data: bytearray = field(default_factory=bytearray)
    places: dict[tuple[str, ...], int] = field(default_factory=dict)

    def name(self, text: str) -> None:
        labels = tuple(part for part in text.split(".") if part)
        while labels:
            if labels in self.places:
                self.data += struct.pack(">H", 0xC000 | self.places[labels])
                return
            self.places[labels] = 12 + len(self.data)
            self.data += bytes([len(labels[0])]) + labels[0].encode()
            labels = labels[1:]
        self.data += b"\0"

    def record(self, record: Record) -> None:
        self.name(record.owner)
        self.data += struct.pack(">HHI", record.kind, record.klass, record.ttl)
        at = len(self.data)
        self.data += b"\0\0"
        if isinstance(record.data, bytes):
            self.data += record.data
        elif record.kind in (A, AAAA):
            self.data += packed(record.data)
        else:
            self.name(record.data)
        struct.pack_into(">H", self.data, at, len(self.data) - at - 2)


def message(ident: int, flags: int, questions: list[tuple[str, int]] = (), answers: list[Record] = (),
            additionals: list[Record] = ()) -> bytes:
    out = Message(ident, flags)
    for name, kind in questions:
        out.name(name)
        out.data += struct.pack(">HH", kind, IN)
    for record in (*answers, *additionals):
        out.record(record)
    return struct.pack(">HHHHHH", ident, flags, len(questions), len(answers), 0, len(additionals)) + bytes(out.data)


def netbios_name(name: str, suffix: int = 0) -> str:
    """First-level encoding, RFC 1001 14.1"""
    sixteen = name.encode().ljust(15) + bytes([suffix])
    return "".join(chr(65 + (byte >> 4)) + chr(65 + (byte & 15)) for byte in sixteen)


def netbios_address(address: str, flags: int = 0x6000) -> bytes:
    """ADDR_ENTRY, RFC 1002 4.2.1.3; a unique name of an H node"""
    return struct.pack(">H", flags) + packed(address)


# -- DHCP -------------------------------------------------------------------------------------------
DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5
HOST_NAME, REQUESTED_ADDRESS, LEASE_TIME, MESSAGE_TYPE, SERVER_ID, CLIENT_ID, CLIENT_FQDN = 12, 50, 51, 53, 54, 61, 81


def wire_name(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def dhcp(kind: int, transaction: int, hardware: bytes, options: list[tuple[int, bytes]], *,
         yours: str = "0.0.0.0") -> bytes:
    """RFC 2131 2, padded to the 300 bytes of BOOTP"""
    op = 2 if kind in (OFFER, ACK) else 1
    out = struct.pack(">BBBBIHH", op, 1, 6, 0, transaction, 0, 0x8000) + bytes(4) + packed(yours) + bytes(8)
    out += hardware.ljust(16, b"\0") + bytes(64 + 128) + bytes.fromhex("63825363")
    for code, data in [(MESSAGE_TYPE, bytes([kind])), *options]:
        out += bytes([code, len(data)]) + data
    return (out + b"\xff").ljust(300, b"\0")


def client_fqdn(name: str, flags: int = 0x05) -> bytes:
    """RFC 4702 2: S and E, two response codes, the name in wire form"""
    return bytes([flags, 0, 0]) + wire_name(name)


SOLICIT6, ADVERTISE6, REQUEST6, REPLY6 = 1, 2, 3, 7
CLIENT_ID6, SERVER_ID6, IA_NA6, IA_ADDRESS6, CLIENT_FQDN6 = 1, 2, 3, 5, 39


def option6(code: int, data: bytes) -> bytes:
    return struct.pack(">HH", code, len(data)) + data


def duid(hardware: bytes) -> bytes:
    """DUID-LL, RFC 8415 11.4"""
    return struct.pack(">HH", 3, 1) + hardware


def dhcp6(kind: int, transaction: int, options: list[tuple[int, bytes]]) -> bytes:
    return bytes([kind]) + transaction.to_bytes(3, "big") + b"".join(option6(*option) for option in options)


def association6(address: str = "", valid: int = 7200) -> bytes:
    """IA_NA, RFC 8415 21.4: IAID, T1, T2, and the address where there is one"""
    inside = option6(IA_ADDRESS6, packed(address) + struct.pack(">II", valid // 2, valid)) if address else b""
    return struct.pack(">III", 1, valid // 4 if address else 0, valid // 3 if address else 0) + inside
