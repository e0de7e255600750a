"""rdp/: connections without their X.224 beginning in clear: a capture that begins in the middle, and Hyper-V, whose
connections begin with a preconnection PDU ([MS-RDPEPS] 2.2.1.2) and TLS."""

import struct

from builder.capture import Capture, ethernet_capture
from builder.conversations import RdpConnection, low_session
from builder.places import START, client, server
from builder.stories_tls import credssp, modern_settings, tls12_handshake
from builder.tcp import CLIENT, Conversation
from builder.truth import rfc3339

MACHINE = "B3D5444C-2611-405A-9CA0-7AA8DA94DF0B;EnhancedMode=1"


def time_of(rdp: RdpConnection, name: str) -> int:
    mark = next(mark for mark in rdp.tcp.marks if mark.name == name)
    return next(segment.time_ns for segment in rdp.tcp.segments
                if segment.sender == mark.sender and segment.payload
                and segment.offset + len(segment.payload) == mark.end)


def mid_stream() -> Capture:
    rdp = low_session(Conversation(client("192.0.2.170", 50401), server("198.51.100.170"), START), updates=1)
    first = next(index for index, segment in enumerate(rdp.tcp.segments)
                 if segment.time_ns == time_of(rdp, "logon"))
    while rdp.tcp.segments[first - 1].payload and rdp.tcp.segments[first - 1].sender == rdp.tcp.segments[first].sender:
        first -= 1  # the PDU may be cut
    segments = rdp.tcp.segments[first:]
    frames = rdp.tcp.frames(segments=segments)
    return ethernet_capture("rdp", "mid-stream", "the capture begins with Save Session Info: who is who is told by the "
                            "PDU alone", frames, [rdp.truth(segments, frames, opened=rfc3339(time_of(rdp, "logon")), outcome="ESTABLISHED",
                                       inferred={"outcome": True})])


def preconnection(text: str) -> bytes:
    wide = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<IIIIH", 18 + len(wide), 0, 2, 0, len(wide) // 2) + wide


def hyper_v() -> Capture:
    tcp = Conversation(client("192.0.2.171", 50402), server("198.51.100.171", 2179), START)
    rdp = RdpConnection(tcp, modern_settings("LAP-OLGA", 0, 0))
    tcp.open()
    tcp.send(CLIENT, preconnection(MACHINE))
    tls12_handshake(rdp, "hyper-v", "hv01.corp.example", "rds01")
    credssp(rdp, early_result=False)
    tcp.close(CLIENT)
    frames = tcp.frames()
    return ethernet_capture("rdp", "hyper-v", "Hyper-V: a preconnection PDU names the machine, then TLS and CredSSP at "
                            "once, without X.224 in clear", frames, [rdp.truth(opened=rfc3339(time_of(rdp, "client_hello")))],
                            more={"preconnection": MACHINE})


STORIES = [mid_stream, hyper_v]
