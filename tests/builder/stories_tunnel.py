"""tunnel/: the story of rdp/standard-low inside every encapsulation."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

from builder import tunnels
from builder.capture import Capture
from builder.conversations import low_session
from builder.frame import Frame
from builder.ip import Network
from builder.link import Link, ethernet
from builder.pcap import pcap_file
from builder.places import START, client, server
from builder.tcp import Conversation
from builder.tunnels import Ends, Mirror, over_ip, over_udp

IPV4 = client("192.0.2.90", 49700), server("198.51.100.90")
IPV6 = client("2001:db8:a::90", 49700), server("2001:db8:b::90")
# RFC 4380 4: server 192.0.2.45, no flags, port 50000 and address 203.0.113.1 inverted
TEREDO = client("2001:0:c000:22d:0:3caf:34ff:8efe", 49700), server("2001:db8:b::90")
OUTER = Ends("203.0.113.1", "203.0.113.2")
OUTER_6 = Ends("2001:db8:f::1", "2001:db8:f::2")
MIDDLE = Ends("203.0.113.17", "203.0.113.18")
INSIDE = Ends("203.0.113.33", "203.0.113.34")
MIRROR = Mirror("203.0.113.65", "203.0.113.66")
GENEVE_OPTIONS = bytes.fromhex("0104 80 01 0a0b0c0d" "0000 01 00")  # class, type, length in words; two options


@dataclass
class Kind:
    name: str
    story: str
    link: Link
    tunnels: tuple[Ends, ...] = ()  # outermost first
    ends: tuple = IPV4
    network: Callable[[], Network] = Network
    nat: str = ""  # that the client's address discloses


KINDS = [
    Kind("mpls", "one MPLS label, IPv4", tunnels.mpls(16001)),
    Kind("mpls-two-labels", "two MPLS labels, IPv6", tunnels.mpls(16001, 299792), ends=IPV6),
    Kind("mpls-control-word", "an Ethernet pseudowire with control word, a VLAN inside",
         tunnels.pseudowire(16001, 24005, control_word=True)),
    Kind("mpls-no-control-word", "an Ethernet pseudowire without control word, a VLAN inside",
         tunnels.pseudowire(16001, 24006, control_word=False)),
    Kind("pppoe", "a PPPoE session", tunnels.pppoe(0x0bad)),
    Kind("802-1ah", "a provider's backbone bridge: B-VLAN, I-SID, the customer's frame with a VLAN",
         tunnels.backbone(500, 0x00abcd)),
    Kind("ah", "an Authentication Header in transport mode", ethernet, network=tunnels.Authenticated),
    Kind("gre-ipv4", "GRE without options", over_ip(OUTER, tunnels.PROTOCOL_GRE, tunnels.gre()), (OUTER,)),
    Kind("gre-key-seq-checksum", "GRE with checksum, key and sequence number over IPv6",
         over_ip(OUTER_6, tunnels.PROTOCOL_GRE, tunnels.gre(key=0xCAFE, sequence=tunnels.Counter(), checksum=True)),
         (OUTER_6,)),
    Kind("gre-teb", "Ethernet in GRE",
         over_ip(OUTER, tunnels.PROTOCOL_GRE, tunnels.gre(tunnels.inner_ethernet, kind=tunnels.BRIDGED)), (OUTER,)),
    Kind("nvgre", "NVGRE", over_ip(OUTER, tunnels.PROTOCOL_GRE, tunnels.nvgre(0x123456, 7)), (OUTER,)),
    Kind("erspan-1", "a mirror in ERSPAN type I", over_ip(MIRROR, tunnels.PROTOCOL_GRE, tunnels.erspan_1()), (MIRROR,)),
    Kind("erspan-2", "a mirror in ERSPAN type II", over_ip(MIRROR, tunnels.PROTOCOL_GRE, tunnels.erspan_2(100, 120)),
         (MIRROR,)),
    Kind("erspan-3", "a mirror in ERSPAN type III",
         over_ip(MIRROR, tunnels.PROTOCOL_GRE, tunnels.erspan_3(101, 120, subheader=False)), (MIRROR,)),
    Kind("erspan-3-subheader", "a mirror in ERSPAN type III with the platform's subheader",
         over_ip(MIRROR, tunnels.PROTOCOL_GRE, tunnels.erspan_3(102, 120, subheader=True)), (MIRROR,)),
    Kind("vxlan", "VXLAN, a VLAN inside", over_udp(OUTER, 4789, tunnels.vxlan(5001, 31)), (OUTER,)),
    Kind("vxlan-8472", "VXLAN on the port of old Linux", over_udp(OUTER, 8472, tunnels.vxlan(5002)), (OUTER,)),
    Kind("vxlan-reserved", "VXLAN with something in its last reserved byte",
         over_udp(OUTER, 4789, tunnels.vxlan(5007, reserved=0x07)), (OUTER,)),
    Kind("vxlan-gpe", "VXLAN-GPE with IPv6 in it", over_udp(OUTER, 4790, tunnels.vxlan_gpe(5003)), (OUTER,), IPV6),
    Kind("geneve", "Geneve with two options, over IPv6",
         over_udp(OUTER_6, 6081, tunnels.geneve(5004, GENEVE_OPTIONS), checksum=True), (OUTER_6,)),
    Kind("gtp-u", "GTP-U with an extension header",
         over_udp(OUTER, 2152, tunnels.gtp_u({"client": 0xA0000001, "server": 0xB0000001}), source_port=2152),
         (OUTER,)),
    Kind("ipip", "IPv4 in IPv4", over_ip(OUTER, tunnels.PROTOCOL_IPV4, tunnels.bare), (OUTER,)),
    Kind("6in4", "IPv6 in IPv4", over_ip(OUTER, tunnels.PROTOCOL_IPV6, tunnels.bare), (OUTER,), IPV6),
    Kind("4in6", "IPv4 in IPv6", over_ip(OUTER_6, tunnels.PROTOCOL_IPV4, tunnels.bare), (OUTER_6,)),
    Kind("teredo", "Teredo with an origin indication",
         over_udp(OUTER, 3544, tunnels.teredo(40000, "203.0.113.99"), source_port=3544, checksum=True), (OUTER,),
         IPV6),
    Kind("teredo-elsewhere", "Teredo between two peers, neither on its port: a bare IPv6 packet from a Teredo address",
         over_udp(OUTER, 51413, tunnels.bare, source_port=49999, checksum=True), (OUTER,), TEREDO,
         nat="203.0.113.1"),
    Kind("l2tp-2", "L2TPv2 with length, sequence numbers and offset, PPP inside",
         over_udp(OUTER, 1701, tunnels.l2tp_2(0x1001, 0x2002), source_port=1701, checksum=True), (OUTER,)),
    Kind("l2tp-3", "L2TPv3 over IP with a cookie of 64 bits and the default sublayer, Ethernet inside",
         over_ip(OUTER, tunnels.PROTOCOL_L2TP, tunnels.l2tp_3(0x00C0FFEE, bytes.fromhex("1122334455667788"))),
         (OUTER,)),
    Kind("vxlan-in-gre-in-ipip", "VXLAN inside GRE inside IPv4 in IPv4",
         over_udp(INSIDE, 4789, tunnels.vxlan(5005),
                  over_ip(MIDDLE, tunnels.PROTOCOL_GRE, tunnels.gre(),
                          over_ip(OUTER, tunnels.PROTOCOL_IPV4, tunnels.bare))),
         (OUTER, MIDDLE, INSIDE)),
]


def path(rdp, around: tuple[Ends, ...], nat: str = "") -> list[dict]:
    """Client to server: the client's packets enter the innermost tunnel first and leave it last."""
    ends = rdp.tcp.ends
    inwards = tuple(reversed(around))
    addresses = [tunnel.client for tunnel in inwards] + [tunnel.server for tunnel in around]
    hops = [{"address": nat, "role": "NAT"}] if nat else []
    hops += [{"address": str(ipaddress.ip_address(address)), "role": "TUNNEL_ENDPOINT"} for address in addresses]
    return [{"address": ends["client"].address, "role": "CLIENT"}, *hops,
            {"address": ends["server"].address, "role": "SERVER"}]


def every_kind() -> list[Capture]:
    out = []
    for kind in KINDS:
        rdp = low_session(Conversation(*kind.ends, START), updates=1)
        frames = rdp.tcp.frames(kind.network(), link=kind.link)
        out.append(Capture("tunnel", f"{kind.name}.pcap", kind.story, pcap_file(frames),
                           [rdp.truth(frames=frames, path=path(rdp, kind.tunnels, kind.nat))]))
    return out


def in_pieces(name: str, story: str, split: Callable[[str, bytes, int], list[bytes]],
              around: tuple[Ends, ...]) -> Capture:
    """`split` gives the frames of one packet; in the truth they count as one."""
    rdp = low_session(Conversation(*IPV4, START), updates=1)
    frames, whole = [], []
    for number, frame in enumerate(rdp.tcp.frames(link=lambda sender, packet: sender.encode() + b"|" + packet)):
        sender, packet = frame.data.split(b"|", 1)
        pieces = split(sender.decode(), packet, number)
        frames += [Frame(frame.time_ns, piece) for piece in pieces]
        whole.append(Frame(frame.time_ns, b"".join(pieces)))
    return Capture("tunnel", f"{name}.pcap", story, pcap_file(frames),
                   [rdp.truth(frames=whole, path=path(rdp, around))])


def fragmented_vxlan() -> Capture:
    def split(sender: str, packet: bytes, number: int) -> list[bytes]:
        outer = over_udp(OUTER, 4789, tunnels.vxlan(5006), lambda _sender, datagram: datagram)(sender, packet)
        pieces = tunnels.ipv4_fragments(outer, 320, number) if len(outer) > 340 else [outer]
        return [ethernet(sender, piece) for piece in pieces]
    return in_pieces("fragmented-vxlan", "VXLAN whose outer IPv4 packets came in fragments", split, (OUTER,))


def fragments_in_gre() -> Capture:
    around = over_ip(OUTER, tunnels.PROTOCOL_GRE, tunnels.gre())

    def split(sender: str, packet: bytes, number: int) -> list[bytes]:
        pieces = tunnels.ipv4_fragments(packet, 320, number) if len(packet) > 340 else [packet]
        return [around(sender, piece) for piece in reversed(pieces)]
    return in_pieces("fragments-in-gre", "fragments inside GRE, the last first", split, (OUTER,))


def conflicting_fragments() -> Capture:
    """A third fragment claims bytes that came before, and other values for them: the first stay."""
    around = over_ip(OUTER, tunnels.PROTOCOL_GRE, tunnels.gre())

    def split(sender: str, packet: bytes, number: int) -> list[bytes]:
        pieces = tunnels.ipv4_fragments(packet, 160, number) if len(packet) > 340 else [packet]
        if len(pieces) > 1:
            pieces.insert(1, tunnels.ipv4_again(packet[:20], b"\xee" * 80, number, 0x2000 | 80 // 8))
        return [around(sender, piece) for piece in pieces]
    return in_pieces("conflicting-fragments", "fragments inside GRE that overlap and disagree: what came first counts",
                     split, (OUTER,))


STORIES = [every_kind, fragmented_vxlan, fragments_in_gre, conflicting_fragments]
