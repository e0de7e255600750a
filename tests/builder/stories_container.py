"""container/: one story in every kind of capture file."""

from builder import pcap
from builder.capture import Capture, gzipped, zstandard
from builder.conversations import RdpConnection, low_session
from builder.ip import Network, packed
from builder.link import ethernet, raw
from builder.pcapng import OPTION_COMMENT, Section
from builder.places import START, client, server
from builder.tcp import Conversation

CLIENT_ADDRESS, SERVER_ADDRESS = "192.0.2.60", "198.51.100.60"


def story() -> RdpConnection:
    # Times in whole 1/1024 s would suit 2^-10 only; the base story keeps microseconds.
    return low_session(Conversation(client(CLIENT_ADDRESS, 49160), server(SERVER_ADDRESS), START))


def captured(name: str, words: str, data: bytes, rdp: RdpConnection, segments=None, frames=None,
             **more) -> Capture:
    return Capture("container", name, words, data, [rdp.truth(segments, frames)], **more)


def nanosecond_story() -> RdpConnection:
    """Times which do not fit into microseconds"""
    return low_session(Conversation(client(CLIENT_ADDRESS, 49160), server(SERVER_ADDRESS), START + 123))


def classic() -> list[Capture]:
    out = []
    for big in (False, True):
        order = "be" if big else "le"
        words = "big" if big else "little"
        rdp = story()
        out.append(captured(f"pcap-us-{order}.pcap", f"classic capture, microseconds, {words}-endian",
                            pcap.pcap_file(rdp.tcp.frames(), big_endian=big), rdp))
        rdp = nanosecond_story()
        out.append(captured(f"pcap-ns-{order}.pcap", f"classic capture, nanoseconds, {words}-endian",
                            pcap.pcap_file(rdp.tcp.frames(), big_endian=big, nanoseconds=True), rdp))
    return out


def compressed() -> list[Capture]:
    rdp = story()
    data = pcap.pcap_file(rdp.tcp.frames())
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET, name="eth0")
    for frame in rdp.tcp.frames():
        section.enhanced_packet(0, frame)
    return [captured("pcap-us-le-gz.pcap.gz", "the classic capture, gzipped", gzipped(data), rdp),
            captured("pcap-us-le-zst.pcap.zst", "the classic capture, Zstandard", zstandard(data), rdp),
            captured("pcapng-gz.pcapng.gz", "pcapng, gzipped", gzipped(bytes(section)), rdp)]


def two_interfaces() -> Capture:
    """Each side's packets were captured on another interface."""
    rdp = nanosecond_story()
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET, name="eth0", resolution=6)
    section.interface(pcap.LINKTYPE_RAW, name="tun0", resolution=9)
    networks = Network(), Network()
    segments, frames = [], []
    for segment in rdp.tcp.segments:
        interface = 0 if segment.sender == "client" else 1
        frame, = rdp.tcp.frames(networks[interface], raw if interface else ethernet, [segment])
        section.enhanced_packet(interface, frame)
        frames.append(frame)
        shown = segment.time_ns if interface else segment.time_ns // 1000 * 1000
        segments.append(type(segment)(**{**segment.__dict__, "time_ns": shown}))
    return captured("pcapng-two-interfaces.pcapng", "pcapng: the client's packets on Ethernet with microseconds, "
                    "the server's on raw IP with nanoseconds", bytes(section), rdp, segments, frames)


def binary_resolution() -> Capture:
    """if_tsresol 8A: ticks of 1/1024 s, so that several packets share one; the file's order decides."""
    rdp = story()
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET, name="eth0", resolution=0x8A)
    segments = []
    for segment, frame in zip(rdp.tcp.segments, rdp.tcp.frames()):
        section.enhanced_packet(0, frame)
        shown = section.ticks(0, segment.time_ns) * 1_000_000_000 // 1024
        segments.append(type(segment)(**{**segment.__dict__, "time_ns": shown}))
    return captured("pcapng-resolution-2-10.pcapng", "pcapng with ticks of 1/1024 s; times in the truth are "
                    "rounded down to whole ticks, then to nanoseconds", bytes(section), rdp, segments)


def two_sections() -> Capture:
    rdp = story()
    frames = rdp.tcp.frames()
    half = len(frames) // 2
    data = b""
    for big, part in ((False, frames[:half]), (True, frames[half:])):
        section = Section(big_endian=big)
        section.interface(pcap.LINKTYPE_ETHERNET, name="eth0", resolution=9 if big else 6)
        for frame in part:
            section.enhanced_packet(0, frame)
        data += bytes(section)
    return captured("pcapng-two-sections.pcapng", "pcapng of two sections, the first little-endian, the second "
                    "big-endian with another resolution", data, rdp)


def time_offset() -> Capture:
    rdp = story()
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET, name="eth0", resolution=9, offset_seconds=1_700_000_000)
    for frame in rdp.tcp.frames():
        section.enhanced_packet(0, frame, [(OPTION_COMMENT, b"tests/builder")])
    return captured("pcapng-time-offset.pcapng", "pcapng whose interface adds 1 700 000 000 s to each time "
                    "(if_tsoffset); comments on every packet", bytes(section), rdp)


def other_blocks() -> Capture:
    rdp = story()
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET, name="eth0")
    section.name_resolution([(packed(SERVER_ADDRESS), "rds01.corp.example"),
                             (packed("2001:db8::60"), "rds01.corp.example")])
    section.custom(32473, b"an enterprise number of RFC 5612")
    for index, frame in enumerate(rdp.tcp.frames()):
        section.enhanced_packet(0, frame)
        if index % 10 == 5:
            section.block(0x40000000 + index, b"a block type of local use")
    section.interface_statistics(0, rdp.tcp.segments[-1].time_ns, len(rdp.tcp.segments))
    return captured("pcapng-other-blocks.pcapng", "pcapng with name resolution, statistics, custom and unknown "
                    "blocks between the packets", bytes(section), rdp)


def simple_packets() -> Capture:
    """Simple packet blocks have no time: only what needs none is in the truth."""
    rdp = story()
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET, name="eth0", snaplen=262144)
    for frame in rdp.tcp.frames():
        section.simple_packet(frame)
    capture = captured("pcapng-simple-packets.pcapng", "pcapng of simple packet blocks, which have no time: the "
                       "truth leaves times out", bytes(section), rdp)
    for key in ("opened", "accepted", "closed"):
        capture.sessions[0].pop(key, None)
    return capture


STORIES = [classic, compressed, two_interfaces, binary_resolution, two_sections, time_offset, other_blocks,
           simple_packets]
