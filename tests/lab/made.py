"""Recordings made from another one's: what no program here can do on the wire. tests/builder lays out the tunnels."""

import json
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder import tunnels
from builder.frame import Frame
from builder.link import Link
from builder.pcap import pcap_file
from lab.scenario import Scenario
from lab.truth import as_text, file_facts

RECORD = struct.Struct("<IIII")
FILE_HEADER = 24
ETHERNET = 14
OUTER = tunnels.Ends("203.0.113.11", "203.0.113.12")
OUTER6 = tunnels.Ends("2001:db8:f::11", "2001:db8:f::12")


def read_frames(path: Path) -> list[Frame]:
    """tcpdump's own: classic capture file, microseconds, little-endian"""
    data, at, out = path.read_bytes(), FILE_HEADER, []
    while at < len(data):
        seconds, micros, captured, size = RECORD.unpack_from(data, at)
        at += RECORD.size
        out.append(Frame(seconds * 10**9 + micros * 1000, data[at:at + captured], size))
        at += captured
    return out


@dataclass(frozen=True)
class Ends:
    """Which frames are the session's, and who sent them"""
    client: bytes
    server: bytes

    def sender(self, frame: Frame) -> str:
        packet = frame.data[ETHERNET:]
        if frame.data[12:14] != b"\x08\x00" or packet[9] != 6:
            return ""
        return {(self.client, self.server): "client", (self.server, self.client): "server"}.get(
            (packet[12:16], packet[16:20]), "")


def ip_packet(frame: Frame) -> bytes:
    """Without the padding of short frames"""
    packet = frame.data[ETHERNET:]
    return packet[:int.from_bytes(packet[2:4], "big")]


def wrapped(link: Link) -> Callable[[list[Frame], Ends], list[Frame]]:
    def wrap(frames: list[Frame], ends: Ends) -> list[Frame]:
        return [Frame(frame.time_ns, link(ends.sender(frame), ip_packet(frame))) if ends.sender(frame) else frame
                for frame in frames]
    return wrap


def payload_bytes(frame: Frame) -> int:
    packet = ip_packet(frame)
    head = (packet[0] & 15) * 4
    return len(packet) - head - (packet[head + 12] >> 4) * 4


def duplicated(frames: list[Frame], ends: Ends) -> list[Frame]:
    """Every fifth packet of the session comes twice, as from a port mirror that sees both sides of a switch."""
    out, count = [], 0
    for frame in frames:
        out.append(frame)
        if ends.sender(frame):
            count += 1
            if count % 5 == 0:
                out.append(replace(frame, time_ns=frame.time_ns + 1000))
    return out


def reordered(frames: list[Frame], ends: Ends) -> list[Frame]:
    """Wherever one side sent two segments with data in a row, the second comes first."""
    out = list(frames)
    at = 0
    while at + 1 < len(out):
        one, two = out[at], out[at + 1]
        if ends.sender(one) and ends.sender(one) == ends.sender(two) and payload_bytes(one) and payload_bytes(two):
            out[at], out[at + 1] = replace(two, time_ns=one.time_ns), replace(one, time_ns=two.time_ns)
            at += 1
        at += 1
    return out


@dataclass(frozen=True)
class Making:
    change: Callable[[list[Frame], Ends], list[Frame]]
    path: tuple[tuple[str, str], ...] = ()


ENDPOINTS = ((OUTER.client, "TUNNEL_ENDPOINT"), (OUTER.server, "TUNNEL_ENDPOINT"))
ENDPOINTS6 = ((OUTER6.client, "TUNNEL_ENDPOINT"), (OUTER6.server, "TUNNEL_ENDPOINT"))
MAKINGS: dict[str, Making] = {
    "duplicates": Making(duplicated),
    "reorder": Making(reordered),
    "IP in IP": Making(wrapped(tunnels.over_ip(OUTER, tunnels.PROTOCOL_IPV4, tunnels.bare)), ENDPOINTS),
    "IP in IPv6": Making(wrapped(tunnels.over_ip(OUTER6, tunnels.PROTOCOL_IPV4, tunnels.bare)), ENDPOINTS6),
    "GTP-U": Making(wrapped(tunnels.over_udp(OUTER, 2152, tunnels.gtp_u({"client": 0x1001, "server": 0x2002}))),
                    ENDPOINTS),
    "PPPoE": Making(wrapped(tunnels.pppoe(0x1234))),
    "L2TP": Making(wrapped(tunnels.over_udp(OUTER, 1701, tunnels.l2tp_2(7, 9))), ENDPOINTS),
    "NVGRE": Making(wrapped(tunnels.over_ip(OUTER, tunnels.PROTOCOL_GRE, tunnels.nvgre(0x4321, 5))), ENDPOINTS),
    "802.1ah": Making(wrapped(tunnels.backbone(300, 70000))),
}


def make(scenario: Scenario, origin: Path, folder: Path) -> None:
    """Writes capture.pcap and truth.json: the origin's truth holds, but for the way."""
    truth = json.loads((origin / "truth.json").read_text(encoding="utf-8"))
    session = truth["sessions"][0]
    ends = Ends(*(bytes(map(int, session[end]["address"].split("."))) for end in ("client", "server")))
    making = MAKINGS[scenario.options["making"]]
    capture = folder / "capture.pcap"
    capture.write_bytes(pcap_file(making.change(read_frames(origin / "capture.pcap"), ends)))
    if making.path:
        session["path"] += [list(hop) for hop in making.path]
    truth |= {"scenario": scenario.name, "story": scenario.story, "made_from": scenario.options["origin"],
              "capture": file_facts(capture)}
    (folder / "truth.json").write_text(as_text(truth), encoding="utf-8")
