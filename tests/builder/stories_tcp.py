"""tcp/: the story of rdp/standard-low on a network, or before a tap, that is not ideal."""

from dataclasses import replace

from builder.capture import Capture, ethernet_capture
from builder.conversations import RdpConnection, low_session, working_session
from builder.frame import MILLISECOND, SECOND, Frame
from builder.ip import IPV6_DESTINATION_OPTIONS, IPV6_HOP_BY_HOP, Network
from builder.places import START, client, server
from builder.tcp import CLIENT, FIN, RST, SERVER, SYN, Conversation, Segment

ENDS = client("192.0.2.100", 49400), server("198.51.100.100")


def base(**more) -> RdpConnection:
    return low_session(Conversation(*ENDS, START, **more))


def made(name: str, story: str, rdp: RdpConnection, segments: list[Segment] | None = None,
         network: Network | None = None, **overrides) -> Capture:
    frames = rdp.tcp.frames(network, segments=segments)
    return ethernet_capture("tcp", name, story, frames, [rdp.truth(segments, frames, **overrides)])


def mark(rdp: RdpConnection, name: str):
    return next(mark for mark in rdp.tcp.marks if mark.name == name)


def at_byte(rdp: RdpConnection, sender: str, offset: int) -> int:
    """Which segment carries this byte of the stream"""
    return next(index for index, segment in enumerate(rdp.tcp.segments)
                if segment.sender == sender and segment.offset <= offset < segment.offset + len(segment.payload))


def one_byte() -> Capture:
    rdp = base()
    rdp.tcp.cut(1, until="connect_response")
    return made("one-byte-segments", "every byte up to the Connect-Response in a segment of its own", rdp)


def small_segments() -> Capture:
    rdp = base()
    rdp.tcp.cut(37)
    return made("small-segments", "segments of at most 37 bytes; no PDU border agrees with them", rdp)


def coalesced() -> Capture:
    """PDUs of a side which follow each other without an answer share a segment."""
    rdp = base()
    out: list[Segment] = []
    for segment in rdp.tcp.segments:
        if not segment.payload and not segment.flags & (SYN | FIN | RST):
            continue  # pure acknowledgements between them would be wrong now
        last = out[-1] if out else None
        if last and last.sender == segment.sender and last.payload and segment.payload \
                and len(last.payload) + len(segment.payload) <= 1460:
            out[-1] = replace(last, time_ns=segment.time_ns, payload=last.payload + segment.payload)
        else:
            out.append(segment)
    return made("several-pdus-per-segment", "PDUs of one side share segments; no acknowledgements captured", rdp, out)


def out_of_order() -> Capture:
    rdp = base()
    rdp.tcp.cut(120)
    for name in ("connect_initial", "connect_response", "logon"):
        here = mark(rdp, name)
        first = at_byte(rdp, here.sender, here.start)
        rdp.tcp.swap(first, first + 1)
        rdp.tcp.swap(first + 1, first + 2)
    return made("out-of-order", "parts of Connect-Initial, Connect-Response and Save Session Info arrive second, "
                "third, first", rdp)


def late_request() -> Capture:
    """The request's own segment is captured after the answer: a tap with two queues"""
    rdp = base()
    request = at_byte(rdp, CLIENT, 0)
    answer = at_byte(rdp, SERVER, 0)
    rdp.tcp.swap(request, answer)
    return made("request-after-confirm", "the capture holds the X.224 confirm before the request", rdp)


def retransmissions() -> Capture:
    rdp = base()
    for name, delay in (("cr", 30), ("connect_initial", 30), ("connect_response", 210), ("logon", 40)):
        here = mark(rdp, name)
        rdp.tcp.repeat(at_byte(rdp, here.sender, here.start), delay * MILLISECOND)
    keep_alive = at_byte(rdp, CLIENT, rdp.tcp.sent[CLIENT] - 1)
    size = len(rdp.tcp.segments[keep_alive].payload)
    rdp.tcp.repeat(keep_alive, 900 * MILLISECOND, size - 1)
    return made("retransmissions", "four segments come twice, and a keep-alive repeats the last byte sent", rdp)


def overlaps() -> Capture:
    """Each repeat begins inside what is known and ends inside what is not; contents agree."""
    rdp = base()
    rdp.tcp.cut(100)
    for name in ("connect_initial", "connect_response", "logon"):
        here = mark(rdp, name)
        first = at_byte(rdp, here.sender, here.start)
        one, two, three = rdp.tcp.segments[first:first + 3]
        assert one.sender == two.sender == three.sender
        rdp.tcp.segments[first + 1] = replace(  # bytes 50..160 instead of 100..200
            rdp.tcp.part(one, 50, 100, two.time_ns), payload=one.payload[50:] + two.payload[:60])
        rdp.tcp.segments[first + 2] = replace(  # bytes 90..300
            rdp.tcp.part(one, 90, 100, three.time_ns), payload=one.payload[90:] + two.payload + three.payload)
    return made("overlaps", "segments overlap the ones before them by 50 and 70 bytes, with the same content", rdp)


def wrap() -> list[Capture]:
    out = []
    for name, before, story in (("sequence-wrap-request", 20, "inside the X.224 request"),
                                ("sequence-wrap-settings", 200, "inside Connect-Initial and Connect-Response")):
        rdp = base(isn={CLIENT: 2**32 - before, SERVER: 2**32 - before + 9})
        out.append(made(name, f"sequence numbers wrap {story}", rdp))
    return out


def one_side() -> list[Capture]:
    out = []
    for side in (CLIENT, SERVER):
        rdp = base()
        segments = [segment for segment in rdp.tcp.segments if segment.sender == side]
        more = {"outcome": "UNKNOWN"} if side == CLIENT else {"optional": True}
        out.append(made(f"{side}-side-only", f"only the {side}'s packets were captured", rdp, segments,
                        note="the other side was not captured, which is not the same as silence", **more))
    return out


def picked_up() -> list[Capture]:
    out = []
    for name, story, start_of, more in (
            ("no-syn", "the capture begins with the X.224 request", "cr", {}),
            ("no-request", "the capture begins with the X.224 confirm", "cc", {}),
            ("from-settings", "the capture begins with Connect-Initial", "connect_initial", {}),
            ("from-activation", "the capture begins with Demand Active, in the clear", "demand_active",
             {"optional": True}),
            ("from-the-middle", "the capture begins in the middle of Save Session Info", "logon",
             {"optional": True})):
        rdp = base()
        if start_of == "logon":
            rdp.tcp.cut(200)
        here = mark(rdp, start_of)
        index = at_byte(rdp, here.sender, here.start + (300 if start_of == "logon" else 0))
        out.append(made(name, story, rdp, rdp.tcp.segments[index:], **more))
    return out


def holes() -> list[Capture]:
    out = []
    for name, story, where, skip in (
            ("hole-in-output", "a fast-path update was never captured", "logon", 800),
            ("hole-in-settings", "the middle of Connect-Initial was never captured", "connect_initial", 150),
            ("hole-in-response", "the middle of Connect-Response was never captured", "connect_response", 150)):
        rdp = base()
        if where != "logon":
            rdp.tcp.cut(140)
        here = mark(rdp, where)
        lost = at_byte(rdp, here.sender, here.start + skip)
        out.append(made(name, story, rdp, rdp.tcp.segments[:lost] + rdp.tcp.segments[lost + 1:],
                        note="facts before the hole inside a PDU may be read; those after it need "
                             "resynchronisation at the next PDU"))
    return out


def endings() -> list[Capture]:
    out = []
    for name, story, reset in (("reset-by-client", "the client resets in the middle of the work", CLIENT),
                               ("reset-by-server", "the server resets in the middle of the work", SERVER),
                               ("close-by-client", "the client's FIN without a word in MCS", CLIENT),
                               ("capture-ends", "the capture ends in the middle of the work", "")):
        rdp = working_session(Conversation(*ENDS, START))
        rdp.tcp.wait(SECOND)
        if name.startswith("reset"):
            rdp.tcp.reset(reset)
        elif name.startswith("close"):
            rdp.tcp.close(reset)
        out.append(made(name, story, rdp))
    return out


def networks() -> list[Capture]:
    v6 = {"client": client("2001:db8:a::10", 49500), "server": server("2001:db8:b::20")}
    options = [(IPV6_HOP_BY_HOP, bytes.fromhex("05020000")),        # router alert, RFC 2711
               (IPV6_DESTINATION_OPTIONS, bytes.fromhex("0104 00000000"))]
    stories = []
    for name, story, network in (("ipv6", "over IPv6", Network()),
                                 ("ipv6-extensions", "over IPv6 with hop-by-hop and destination options",
                                  Network(extensions=options))):
        rdp = low_session(Conversation(v6["client"], v6["server"], START, label=name))
        stories.append(made(name, story, rdp, network=network))
    stories.append(made("ipv4-options", "IPv4 headers with options (router alert, no-operation)", base(),
                        network=Network(options=bytes.fromhex("94040000" "01"))))
    return stories


def no_checksums() -> Capture:
    """Captured before the client's network card had filled the TCP checksum in"""
    rdp = base()
    frames = []
    for segment, frame in zip(rdp.tcp.segments, rdp.tcp.frames()):
        data = bytearray(frame.data)
        if segment.sender == CLIENT:
            data[14 + 20 + 16:14 + 20 + 18] = b"\0\0"
        frames.append(Frame(frame.time_ns, bytes(data)))
    return ethernet_capture("tcp", "checksum-offload", "the client's TCP checksums are zero: captured before its "
                            "network card filled them in", frames, [rdp.truth()])


def port_reuse() -> Capture:
    ends = client("192.0.2.101", 49999), server("198.51.100.101")
    first = low_session(Conversation(*ends, START, label="first"))
    second = low_session(Conversation(*ends, START + 60 * SECOND, label="second"),
                         b"Cookie: mstshash=bob")
    return ethernet_capture("tcp", "port-reuse", "a second session from the same port a minute later",
                            first.tcp.frames() + second.tcp.frames(), [first.truth(), second.truth()])


STORIES = [one_byte, small_segments, coalesced, out_of_order, late_request, retransmissions, overlaps, wrap,
           one_side, picked_up, holes, endings, networks, no_checksums, port_reuse]
