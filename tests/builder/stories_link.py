"""link/: the story of rdp/standard-low over every link layer."""

from builder import link, pcap
from builder.capture import Capture
from builder.conversations import low_session
from builder.pcap import pcap_file
from builder.places import START, client, server
from builder.tcp import Conversation

IPV4 = client("192.0.2.80", 49600), server("198.51.100.80")
IPV6 = client("2001:db8:a::80", 49600), server("2001:db8:b::80")

KINDS = [
    ("ethernet-vlan", "Ethernet with one 802.1Q tag", link.vlan, pcap.LINKTYPE_ETHERNET, IPV4),
    ("ethernet-qinq", "Ethernet with 802.1ad and 802.1Q tags", link.qinq, pcap.LINKTYPE_ETHERNET, IPV4),
    ("raw-ipv4", "LINKTYPE_RAW with IPv4", link.raw, pcap.LINKTYPE_RAW, IPV4),
    ("raw-ipv6", "LINKTYPE_RAW with IPv6", link.raw, pcap.LINKTYPE_RAW, IPV6),
    ("ipv4", "LINKTYPE_IPV4", link.raw, pcap.LINKTYPE_IPV4, IPV4),
    ("ipv6", "LINKTYPE_IPV6", link.raw, pcap.LINKTYPE_IPV6, IPV6),
    ("linux-cooked", "Linux cooked capture, version 1", link.linux_cooked, pcap.LINKTYPE_LINUX_SLL, IPV4),
    ("linux-cooked-2", "Linux cooked capture, version 2", link.linux_cooked_2, pcap.LINKTYPE_LINUX_SLL2, IPV4),
    ("null-le", "BSD loopback of a little-endian host", link.bsd_null(False), pcap.LINKTYPE_NULL, IPV4),
    ("null-be", "BSD loopback of a big-endian host in a little-endian file", link.bsd_null(True),
     pcap.LINKTYPE_NULL, IPV4),
    ("null-ipv6-24", "BSD loopback, IPv6 as NetBSD and OpenBSD number it", link.bsd_null(False, 24),
     pcap.LINKTYPE_NULL, IPV6),
    ("null-ipv6-28", "BSD loopback, IPv6 as FreeBSD numbers it", link.bsd_null(False, 28),
     pcap.LINKTYPE_NULL, IPV6),
    ("null-ipv6-30", "BSD loopback, IPv6 as macOS numbers it", link.bsd_null(False, 30),
     pcap.LINKTYPE_NULL, IPV6),
    ("loop", "OpenBSD loopback, always big-endian", link.bsd_loop, pcap.LINKTYPE_LOOP, IPV4),
    ("ppp", "PPP without address and control", link.ppp, pcap.LINKTYPE_PPP, IPV4),
    ("ppp-ipv6", "PPP with IPv6", link.ppp, pcap.LINKTYPE_PPP, IPV6),
    ("ppp-hdlc", "PPP in HDLC-like framing", link.ppp_hdlc, pcap.LINKTYPE_PPP_HDLC, IPV4),
]


def every_kind() -> list[Capture]:
    out = []
    for name, story, wrap, linktype, ends in KINDS:
        rdp = low_session(Conversation(*ends, START), updates=1)
        frames = rdp.tcp.frames(link=wrap)
        out.append(Capture("link", f"{name}.pcap", story, pcap_file(frames, linktype),
                           [rdp.truth(frames=frames)]))
    return out


STORIES = [every_kind]
