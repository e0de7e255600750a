"""damaged/: files and streams that break off or lie. Nothing may crash, hang or lose what came before."""

import struct
import zlib
from dataclasses import replace

from builder import pcap
from builder.capture import Capture, ethernet_capture, gzipped
from builder.conversations import Protection, RdpConnection, low_session
from builder.frame import Frame
from builder.gcc import LEVEL_LOW, METHOD_56
from builder.pcap import pcap_file
from builder.pcapng import Section
from builder.places import START, client, server
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation

TRUNCATED = {"truncated": True}


def base() -> RdpConnection:
    return low_session(Conversation(client("192.0.2.110", 49700), server("198.51.100.110"), START))


def not_captures() -> list[Capture]:
    text = b"This is not a capture file.\nIt only has the name of one.\n"
    header = pcap_file([])
    return [
        Capture("damaged", "text-file.pcap", "a text file", text, warnings=["not a capture file"],
                more={"readable": False}),
        Capture("damaged", "empty-file.pcap", "a file of no bytes", b"", warnings=["not a capture file"],
                more={"readable": False}),
        Capture("damaged", "short-header.pcap", "ten bytes of a file header", header[:10],
                warnings=["file header cut off"], more={"readable": False}),
        Capture("damaged", "no-packets.pcap", "a file header and nothing else, which is right", header)]


def unknown_link() -> Capture:
    frames = base().tcp.frames()
    return Capture("damaged", "unknown-link.pcap", "link type 147 (USER0), which nobody can know",
                   pcap_file(frames, pcap.LINKTYPE_USER0), warnings=["unknown link type 147"])


def cut_files() -> list[Capture]:
    rdp = base()
    frames = rdp.tcp.frames()
    data = pcap_file(frames)
    keep = 60
    whole = len(pcap_file(frames[:keep]))
    section = Section()
    section.interface(pcap.LINKTYPE_ETHERNET)
    for frame in frames[:keep]:
        section.enhanced_packet(0, frame)
    blocks = len(bytes(section))
    section.enhanced_packet(0, frames[keep])
    session = [rdp.truth(rdp.tcp.segments[:keep])]
    huge = data[:whole] + struct.pack("<IIII", START // 10**9, 0, 0xFFFFFFF0, 0xFFFFFFF0) + bytes(200)
    packed = gzipped(data)
    short = packed[:len(packed) * 2 // 3]
    plain = zlib.decompressobj(31).decompress(short)
    readable = next(n for n in range(len(frames), -1, -1) if len(pcap_file(frames[:n])) <= len(plain))
    return [
        Capture("damaged", "cut-in-record.pcap", "the file ends in the middle of a packet", data[:whole + 40],
                session, ["cut off in a record"], TRUNCATED),
        Capture("damaged", "cut-in-record-header.pcap", "the file ends in the middle of a record header",
                data[:whole + 9], session, ["cut off in a record header"], TRUNCATED),
        Capture("damaged", "cut-in-block.pcapng", "the file ends in the middle of an enhanced packet block",
                bytes(section)[:blocks + 50], session, ["cut off in a block"], TRUNCATED),
        Capture("damaged", "cut-gzip.pcap.gz", f"a gzip stream cut off; {readable} whole packets can be had from it",
                short, [rdp.truth(rdp.tcp.segments[:readable])], ["compressed stream cut off"], TRUNCATED),
        Capture("damaged", "huge-record.pcap", "after sixty packets a record claims to be 4 GB long", huge,
                session, ["impossible record length"])]


def snap_length() -> Capture:
    """The lost ends of frames are holes in the stream."""
    rdp = base()
    limit = 160
    frames = [Frame(frame.time_ns, frame.data[:limit], len(frame.data)) for frame in rdp.tcp.frames()]
    segments = [replace(segment, payload=segment.payload[:limit - 54]) for segment in rdp.tcp.segments]
    return Capture("damaged", "snap-length-160.pcap", "only the first 160 bytes of each frame were captured",
                   pcap_file(frames, snaplen=limit), [rdp.truth(segments, frames)])


def lying_session(name: str, story: str, number: int, change, lost: tuple[str, ...], warning: str) -> Capture:
    """A session whose Connect-Initial is changed by `change`; facts at `lost` marks cannot be read."""
    tcp = Conversation(client("192.0.2.111", 49700 + number), server("198.51.100.111"), START)
    rdp = RdpConnection(tcp, protection=Protection.proprietary(METHOD_56, LEVEL_LOW, name))
    original = rdp.put

    def put(side: str, pdu: bytes, mark: str = "", facts: dict | None = None) -> None:
        original(side, change(pdu) if mark == "connect_initial" else pdu, mark, facts)

    rdp.put = put  # type: ignore[method-assign]
    tcp.open()
    rdp.request(b"Cookie: mstshash=frank")
    rdp.confirm()
    rdp.set_up(user="frank", address="192.168.77.15")
    rdp.activate()
    rdp.log_on(user="frank", session=8)
    rdp.log_off()
    tcp.close(SERVER)
    for mark, facts in rdp.facts:
        if mark == "connect_initial":
            for key in lost:
                facts.pop(key, None)
    capture = ethernet_capture("damaged", name, story, tcp.frames(), [rdp.truth()])
    capture.warnings.append(warning)
    return capture


def patched(pdu: bytes, block: int, length: int) -> bytes:
    """Another length into the header of a settings block"""
    at = pdu.index(struct.pack("<H", block), pdu.index(b"Duca"))
    return pdu[:at + 2] + struct.pack("<H", length) + pdu[at + 4:]


def lies() -> list[Capture]:
    everything = ("client_software", "channels", "wire")
    return [
        lying_session("gcc-block-too-long", "CS_NET claims 512 bytes, more than there are: the blocks before it "
                      "stay", 1, lambda pdu: patched(pdu, 0xC003, 0x200), ("channels",), "CS_NET too long"),
        lying_session("gcc-block-too-short", "CS_SECURITY claims two bytes, less than its own header: no way past "
                      "it", 2, lambda pdu: patched(pdu, 0xC002, 2), ("channels",), "CS_SECURITY too short"),
        lying_session("gcc-block-zero", "CS_CORE claims no length at all", 3,
                      lambda pdu: patched(pdu, 0xC001, 0), everything, "CS_CORE too short"),
        lying_session("tpkt-too-short", "the TPKT header of Connect-Initial claims 100 bytes less than there are; "
                      "the server's side stays readable", 4,
                      lambda pdu: pdu[:2] + struct.pack(">H", len(pdu) - 100) + pdu[4:], everything,
                      "client stream out of step"),
        lying_session("tpkt-too-long", "the TPKT header of Connect-Initial claims 60000 bytes; the server's side "
                      "stays readable", 5, lambda pdu: pdu[:2] + struct.pack(">H", 60000) + pdu[4:], everything,
                      "client stream out of step")]


def garbage() -> Capture:
    tcp = Conversation(client("192.0.2.112", 49710), server("198.51.100.112"), START)
    rdp = RdpConnection(tcp)
    tcp.open()
    rdp.request(b"Cookie: mstshash=frank")
    rdp.confirm()
    for index in range(4):
        tcp.send((CLIENT, SERVER)[index % 2], pseudo_random(f"garbage:{index}", 333))
    tcp.reset(SERVER)
    capture = ethernet_capture("damaged", "garbage-after-confirm", "both sides send noise after the confirm",
                               tcp.frames(), [rdp.truth()])
    capture.warnings.append("not RDP after the confirm")
    return capture


def endless_channels() -> Capture:
    """channelCount says 4 000 000 000; the block holds three."""
    def change(pdu: bytes) -> bytes:
        at = pdu.index(struct.pack("<H", 0xC003), pdu.index(b"Duca")) + 4
        return pdu[:at] + struct.pack("<I", 4_000_000_000) + pdu[at + 4:]
    capture = lying_session("channel-count", "CS_NET announces four thousand million channels and holds three",
                            6, change, (), "CS_NET channelCount")
    capture.sessions[0]["note"] = "a reader which gives CS_NET up for its count may leave channels out"
    return capture


STORIES = [not_captures, unknown_link, cut_files, snap_length, lies, garbage, endless_channels]
