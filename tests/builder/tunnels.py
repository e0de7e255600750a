"""Encapsulations around an IP packet, from their specifications. Each is a link layer as in link.py: it takes the
sender and the packet, and gives the frame. The ends of a tunnel are named like those of the conversation."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from builder.ip import PROTOCOL_UDP, Network, internet_checksum, ipv4, ipv6, packed, transport_checksum
from builder.link import MAC, Link, ethernet, ethertype, other, version

PROTOCOL_IPV4 = 4
PROTOCOL_IPV6 = 41
PROTOCOL_GRE = 47
PROTOCOL_AH = 51
PROTOCOL_L2TP = 115
BRIDGED = 0x6558  # Ethernet as an EtherType

# Makes the tunnel's own bytes around a packet: everything between the outer IP header and the packet.
Layer = Callable[[str, bytes], bytes]

INNER_MAC = {"client": bytes.fromhex("02005e100011"), "server": bytes.fromhex("02005e100012")}


@dataclass(frozen=True)
class Ends:
    """The outer addresses by the side of the conversation that they serve."""
    client: str
    server: str

    def addresses(self, sender: str) -> tuple[str, str]:
        return (self.client, self.server) if sender == "client" else (self.server, self.client)


@dataclass(frozen=True)
class Mirror(Ends):
    """From a switch (`client`) to an analyser (`server`), whoever sent the mirrored packet."""

    def addresses(self, sender: str) -> tuple[str, str]:
        return self.client, self.server


@dataclass
class Counter:
    """Sequence numbers, one for each sender."""
    next: dict[str, int] = field(default_factory=dict)

    def take(self, sender: str) -> int:
        self.next[sender] = self.next.get(sender, -1) + 1
        return self.next[sender]


# -- between two IP addresses ------------------------------------------------------------------------
def over_ip(ends: Ends, protocol: int, layer: Layer, around: Link = ethernet) -> Link:
    def wrap(sender: str, packet: bytes) -> bytes:
        source, target = ends.addresses(sender)
        payload = layer(sender, packet)
        outer = ipv6 if ":" in source else ipv4
        return around(sender, outer(source, target, protocol, payload))
    return wrap


def over_udp(ends: Ends, target_port: int, layer: Layer, around: Link = ethernet, *,
             source_port: int = 0, checksum: bool = False) -> Link:
    """RFC 768. Without a checksum as most tunnels over IPv4 are; the source port is a hash of what is inside."""
    def datagram(sender: str, packet: bytes) -> bytes:
        source, target = ends.addresses(sender)
        payload = layer(sender, packet)
        port = source_port or (49152 + packed(source)[-1])
        head = struct.pack(">HHHH", port, target_port, 8 + len(payload), 0)
        if not checksum:
            return head + payload
        value = transport_checksum(source, target, PROTOCOL_UDP, head + payload) or 0xFFFF
        return head[:6] + struct.pack(">H", value) + payload
    return over_ip(ends, PROTOCOL_UDP, datagram, around)


def bare(_sender: str, packet: bytes) -> bytes:
    """RFC 2003, RFC 2473, RFC 4213: the packet is the payload"""
    return packet


def inner_ethernet(sender: str, packet: bytes, vlan: int = 0) -> bytes:
    tag = struct.pack(">HH", 0x8100, vlan) if vlan else b""
    return INNER_MAC[other(sender)] + INNER_MAC[sender] + tag + struct.pack(">H", ethertype(packet)) + packet


def then(header: Callable[[str, bytes], bytes], content: Layer) -> Layer:
    """A header in front of content; the header may look at the content."""
    def layer(sender: str, packet: bytes) -> bytes:
        inside = content(sender, packet)
        return header(sender, inside) + inside
    return layer


# -- GRE ---------------------------------------------------------------------------------------------
def gre(content: Layer = bare, *, kind: int = 0, key: int | None = None, sequence: Counter | None = None,
        checksum: bool = False) -> Layer:
    """RFC 2784 2, RFC 2890 2: flags and version, protocol type, checksum and reserved, key, sequence number"""
    def header(sender: str, inside: bytes) -> bytes:
        flags = (0x8000 if checksum else 0) | (0x2000 if key is not None else 0) | (0x1000 if sequence else 0)
        start = struct.pack(">HH", flags, kind or ethertype(inside))
        rest = struct.pack(">I", key) if key is not None else b""
        rest += struct.pack(">I", sequence.take(sender)) if sequence else b""
        if not checksum:
            return start + rest
        value = internet_checksum(start + bytes(4) + rest + inside)
        return start + struct.pack(">HH", value, 0) + rest
    return then(header, content)


def nvgre(subnet: int, flow: int) -> Layer:
    """RFC 7637 3.2: the key is a virtual subnet identifier (24) and a flow identifier (8)"""
    return gre(inner_ethernet, kind=BRIDGED, key=subnet << 8 | flow)


def erspan_1() -> Layer:
    """draft-foschiano-erspan-03 4.1: GRE without a sequence number, then the frame"""
    return gre(inner_ethernet, kind=0x88BE)


def erspan_2(session: int, vlan: int) -> Layer:
    """4.2: version 1, VLAN (12) | COS, En, T, session (10) | reserved (12), index (20)"""
    def header(_sender: str, _inside: bytes) -> bytes:
        return struct.pack(">HHI", 1 << 12 | vlan, 3 << 11 | session, 0x00001)
    return gre(then(header, inner_ethernet), kind=0x88BE, sequence=Counter())


def erspan_3(session: int, vlan: int, *, subheader: bool) -> Layer:
    """4.3: version 2, VLAN | COS, BSO, T, session | timestamp | SGT | P, FT, Hw, D, Gra, O; 8 bytes if O"""
    def header(_sender: str, _inside: bytes) -> bytes:
        last = 0b11 << 1 | int(subheader)  # granularity: user configurable
        start = struct.pack(">HHIHH", 2 << 12 | vlan, session, 0x01020304, 0, last)
        # Platform 0x5: |platf (6)|switch (10)|port (16)| timestamp (32)
        return start + (struct.pack(">HHI", 0x5 << 10 | 7, 33, 0x05060708) if subheader else b"")
    return gre(then(header, inner_ethernet), kind=0x22EB, sequence=Counter())


# -- UDP ---------------------------------------------------------------------------------------------
def vxlan(vni: int, vlan: int = 0, reserved: int = 0) -> Layer:
    """RFC 7348 5; the last byte is sent as zero, and ignored"""
    return then(lambda _sender, _inside: struct.pack(">II", 0x08000000, vni << 8 | reserved),
                lambda sender, packet: inner_ethernet(sender, packet, vlan))


def vxlan_gpe(vni: int) -> Layer:
    """draft-ietf-nvo3-vxlan-gpe 3.1, 3.2: flags I and P; next protocol 1 IPv4, 2 IPv6"""
    return then(lambda _sender, inside: struct.pack(">II", 0x0C000000 | (1 if version(inside) == 4 else 2), vni << 8),
                bare)


def geneve(vni: int, options: bytes) -> Layer:
    """RFC 8926 3.4; options in multiples of four bytes"""
    return then(lambda _sender, _inside: struct.pack(">BBHI", len(options) // 4, 0, BRIDGED, vni << 8) + options,
                inner_ethernet)


def gtp_u(teid: dict[str, int]) -> Layer:
    """3GPP TS 29.281 5.1, with a PDU Session Container (TS 38.415 5.5.2) as the one extension header"""
    def header(sender: str, inside: bytes) -> bytes:
        container = bytes([1, 0x00 if sender == "server" else 0x10, 9, 0])  # length, PDU type, QFI, no more
        optional = struct.pack(">HBB", 0, 0, 0x85) + container
        return struct.pack(">BBHI", 0x34, 0xFF, len(optional) + len(inside), teid[sender]) + optional
    return then(header, bare)


def teredo(origin_port: int, origin: str) -> Layer:
    """RFC 4380 5.1.1: origin indication with port and address inverted, then IPv6"""
    indication = struct.pack(">HH", 0, origin_port ^ 0xFFFF) + bytes(byte ^ 0xFF for byte in packed(origin))
    return then(lambda _sender, _inside: indication, bare)


def ppp(_sender: str, packet: bytes) -> bytes:
    """RFC 1661 2 behind address and control (RFC 1662 3.1)"""
    return b"\xff\x03" + struct.pack(">H", 0x0021 if version(packet) == 4 else 0x0057) + packet


def l2tp_2(tunnel: int, session: int) -> Layer:
    """RFC 2661 3.1: a data message with length, sequence numbers and an offset of two bytes"""
    counter = Counter()

    def header(sender: str, inside: bytes) -> bytes:
        return struct.pack(">HHHHHHH", 0x4A02, 16 + len(inside), tunnel, session, counter.take(sender), 0, 2) \
            + bytes(2)
    return then(header, ppp)


def l2tp_3(session: int, cookie: bytes) -> Layer:
    """RFC 3931 4.1.1 over IP, 4.6 the default sublayer; RFC 4719: Ethernet"""
    counter = Counter()
    return then(lambda sender, _inside: struct.pack(">I", session) + cookie
                + struct.pack(">I", 0x40000000 | counter.take(sender)), inner_ethernet)


# -- below IP ----------------------------------------------------------------------------------------
def labels(*stack: int) -> bytes:
    """RFC 3032 2.1: label, traffic class, bottom of stack, TTL"""
    last = len(stack) - 1
    return b"".join(struct.pack(">I", label << 12 | (0x100 if at == last else 0) | 64)
                    for at, label in enumerate(stack))


def outer_frame(sender: str, kind: int, payload: bytes) -> bytes:
    out = MAC[other(sender)] + MAC[sender] + struct.pack(">H", kind) + payload
    return out + bytes(max(0, 60 - len(out)))


def mpls(*stack: int) -> Link:
    return lambda sender, packet: outer_frame(sender, 0x8847, labels(*stack) + packet)


def pseudowire(*stack: int, control_word: bool) -> Link:
    """RFC 4448 4.6: Ethernet, with the control word (flags, fragment and length 0) or without"""
    counter = Counter()

    def wrap(sender: str, packet: bytes) -> bytes:
        word = struct.pack(">HH", 0, counter.take(sender) + 1) if control_word else b""
        return outer_frame(sender, 0x8847, labels(*stack) + word + inner_ethernet(sender, packet, 77))
    return wrap


def pppoe(session: int) -> Link:
    """RFC 2516 4: version and type 1, code 0, session, length; then PPP without address and control"""
    def wrap(sender: str, packet: bytes) -> bytes:
        content = ppp(sender, packet)[2:]
        return outer_frame(sender, 0x8864, struct.pack(">BBHH", 0x11, 0, session, len(content)) + content)
    return wrap


def backbone(vlan: int, service: int) -> Link:
    """IEEE 802.1ah: a B-TAG (802.1ad), then the I-TAG with the service, then the customer's frame"""
    def wrap(sender: str, packet: bytes) -> bytes:
        tags = struct.pack(">HHHI", 0x88A8, vlan, 0x88E7, service)
        return MAC[other(sender)] + MAC[sender] + tags + inner_ethernet(sender, packet, 42)
    return wrap


class Authenticated(Network):
    """AH in transport mode, RFC 4302 2: next header, length in words minus 2, SPI, sequence number, 96 bits of
    check value, which nobody here can verify."""

    def packet(self, sender: str, source: str, target: str, protocol: int, segment: bytes) -> bytes:
        count = self.idents.get(sender + " ah", 0) + 1
        self.idents[sender + " ah"] = count
        head = struct.pack(">BBHII", protocol, 4, 0, 0x1000 + (sender == "server"), count)
        check = bytes(byte ^ count & 0xFF for byte in bytes.fromhex("a1b2c3d4e5f60718293a4b5c"))
        return super().packet(sender, source, target, PROTOCOL_AH, head + check + segment)


# -- fragments ---------------------------------------------------------------------------------------
def ipv4_fragments(packet: bytes, size: int, ident: int) -> list[bytes]:
    """RFC 791 3.2: the payload of a packet without options in pieces of `size` bytes (a multiple of 8)"""
    head, payload = packet[:20], packet[20:]
    out = []
    for at in range(0, len(payload), size):
        more = 0x2000 if at + size < len(payload) else 0
        out.append(ipv4_again(head, payload[at:at + size], ident, more | at // 8))
    return out


def ipv4_again(head: bytes, payload: bytes, ident: int, fragment: int) -> bytes:
    """Another packet with the addresses, TTL and protocol of `head`"""
    text = [".".join(str(byte) for byte in head[at:at + 4]) for at in (12, 16)]
    return ipv4(*text, head[9], payload, ident=ident, ttl=head[8], fragment=fragment)
