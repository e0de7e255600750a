"""evasion/: the story of rdp/standard-low, and somebody who wants an analyser to read another one. What the
truth says is what the receiver reads; packets it refuses count in the totals and for nothing else."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from builder.capture import Capture, ethernet_capture
from builder.conversations import RdpConnection, low_session
from builder.frame import MICROSECOND, MILLISECOND, SECOND, Frame
from builder.ip import Network, internet_checksum, ipv4, packed
from builder.link import ethernet, other
from builder.pcap import pcap_file
from builder.places import START, client, server
from builder.tcp import ACK, CLIENT, FIN, OPTION_SYN, RST, SERVER, SYN, URG, Conversation, Segment
from builder.truth import rfc3339

ENDS = client("192.0.2.110", 49800), server("198.51.100.110")
ENDS_6 = client("2001:db8:a::110", 49800), server("2001:db8:b::110")
ROUTERS = ("203.0.113.129", "203.0.113.130")
BACK = "203.0.113.133"  # of the way back
PROTOCOL_ICMP = 1
PROTOCOL_UDP = 17
IPV6_FRAGMENT = 44
FAR = 0x4000_0000  # a quarter of the sequence space: outside any window

Wrap = Callable[[Segment, Frame], Frame]


def base(ends=ENDS) -> RdpConnection:
    return low_session(Conversation(*ends, START), updates=1)


def at_mark(rdp: RdpConnection, name: str) -> int:
    """Which segment carries the first byte of a PDU"""
    mark = next(mark for mark in rdp.tcp.marks if mark.name == name)
    return next(index for index, segment in enumerate(rdp.tcp.segments)
                if segment.sender == mark.sender and segment.payload and segment.offset == mark.start)


@dataclass
class Wire:
    """The genuine segments in order, and after which of them a stranger's come; the latter are not in the truth."""
    rdp: RdpConnection
    network: Network = field(default_factory=Network)
    strangers: dict[int, list[tuple[Segment, Wrap]]] = field(default_factory=dict)
    between: dict[int, list[Frame]] = field(default_factory=dict)  # not of the flow

    def forge(self, after: int, segment: Segment, wrap: Wrap = lambda _segment, frame: frame) -> None:
        self.strangers.setdefault(after, []).append((segment, wrap))

    def made(self, name: str, story: str, again: int = 0, wrap: Wrap = lambda _segment, frame: frame,
             **overrides) -> Capture:
        """`again`: how many of the strangers' packets repeat what was there."""
        genuine, frames, forged = [], [], []
        for index, segment in enumerate(self.rdp.tcp.segments):
            genuine.append(wrap(segment, self.frame(segment)))
            frames += [genuine[-1], *self.between.get(index, [])]
            for stranger, change in self.strangers.get(index, []):
                frames.append(change(stranger, self.frame(stranger)))
                forged.append((stranger, frames[-1]))
        truth = self.rdp.truth(frames=genuine, **overrides)
        for segment, frame in forged:
            truth["totals"][f"{segment.sender}_bytes"] += frame.wire_size
            truth["totals"][f"{segment.sender}_packets"] += 1
            truth["totals"][f"{segment.sender}_payload_bytes"] += len(segment.payload)
        truth["totals"]["retransmitted_packets"] += again
        # Not sorted by time: evasion/time-backwards.
        return Capture("evasion", f"{name}.pcap", story, pcap_file(frames), [truth])

    def frame(self, segment: Segment) -> Frame:
        return self.rdp.tcp.frames(self.network, segments=[segment])[0]


def later(segment: Segment, nanoseconds: int = 20 * MICROSECOND, **changes) -> Segment:
    return replace(segment, **{"time_ns": segment.time_ns + nanoseconds} | changes)


def other_bytes(segment: Segment, start: int, end: int) -> Segment:
    """A segment that claims other values for some bytes of this one"""
    lie = bytes(byte ^ 0x5A for byte in segment.payload[start:end])
    return later(segment, seq=(segment.seq + start) & 0xFFFFFFFF, payload=lie, offset=segment.offset + start)


def with_ttl(difference: int) -> Wrap:
    """IPv4 over Ethernet, the header's checksum made anew"""
    def wrap(_segment: Segment, frame: Frame) -> Frame:
        head = bytearray(frame.data[14:34])
        head[8] += difference
        head[10:12] = bytes(2)
        head[10:12] = struct.pack(">H", internet_checksum(bytes(head)))
        return replace(frame, data=frame.data[:14] + bytes(head) + frame.data[34:])
    return wrap


def overlap_conflict() -> Capture:
    wire = Wire(base())
    logon = at_mark(wire.rdp, "logon")
    wire.forge(logon, other_bytes(wire.rdp.tcp.segments[logon], 60, 200))
    return wire.made("overlap-conflict", "140 bytes of Save Session Info come again, with other values: the first "
                     "were read", again=1)


def injected() -> Capture:
    wire = Wire(base())
    logon = at_mark(wire.rdp, "logon")
    wire.forge(logon, other_bytes(wire.rdp.tcp.segments[logon], 60, 200), with_ttl(-9))
    return wire.made("injected", "the same from nine hops further away", again=1)


def bad_checksum() -> Capture:
    """Before the genuine one, where the first to come would count"""
    wire = Wire(base())
    for name in ("connect_response", "logon"):
        here = at_mark(wire.rdp, name)
        genuine = wire.rdp.tcp.segments[here]
        lie = later(other_bytes(genuine, 0, len(genuine.payload)), -60 * MICROSECOND)

        def spoil(_segment: Segment, frame: Frame) -> Frame:
            at = 14 + 20 + 16
            return replace(frame, data=frame.data[:at] + bytes([frame.data[at] ^ 0xFF]) + frame.data[at + 1:])
        wire.forge(here - 1, lie, spoil)
    return wire.made("bad-checksum", "before Connect-Response and Save Session Info comes a segment with other bytes "
                     "and a wrong checksum: nobody reads it")


def tiny_segments() -> Capture:
    wire = Wire(base())
    here = at_mark(wire.rdp, "connect_initial")
    segment = wire.rdp.tcp.segments[here]
    pieces, start = [], 0
    while start < len(segment.payload):
        end = min(start + 1 + len(pieces) % 3, len(segment.payload))
        pieces.append(wire.rdp.tcp.part(segment, start, end, segment.time_ns + len(pieces) * MICROSECOND))
        start = end
    wire.rdp.tcp.segments[here:here + 1] = pieces
    return wire.made("tiny-segments", "Connect-Initial in segments of one, two and three bytes")


def no_ack() -> Capture:
    """RFC 9293 3.10.7.4, fifth: a receiver drops a segment without ACK"""
    wire = Wire(base())
    logon = at_mark(wire.rdp, "logon")
    genuine = wire.rdp.tcp.segments[logon]
    lie = later(other_bytes(genuine, 0, len(genuine.payload)), -60 * MICROSECOND, flags=0, ack=0)
    wire.forge(logon - 1, lie)
    return wire.made("no-ack", "before Save Session Info comes a segment with other bytes and no acknowledgement: "
                     "nobody reads it")


def spoiled(at: int) -> Wrap:
    """One bit of a checksum is wrong"""
    return lambda _segment, frame: replace(frame, data=frame.data[:at] + bytes([frame.data[at] ^ 0x10])
                                           + frame.data[at + 1:])


def another_request_first() -> list[Capture]:
    """RFC 9293 3.10.7.4 and RFC 1122 3.2.1.2: what the server drops before it looks at the bytes"""
    out = []
    for name, changes, wrap, story in (
            ("bad-checksum-first", {}, spoiled(14 + 20 + 16), "a wrong TCP checksum"),
            ("bad-ip-checksum-first", {}, spoiled(14 + 10), "a wrong IPv4 header checksum"),
            ("bad-acknowledgement", {"ack": FAR}, with_ttl(0), "an acknowledgement of what the server never sent")):
        wire = Wire(base())
        here = at_mark(wire.rdp, "cr")
        genuine = wire.rdp.tcp.segments[here]
        lie = later(genuine, -60 * MICROSECOND, payload=genuine.payload.replace(b"alice", b"mally"), **changes)
        wire.forge(here - 1, lie, wrap)
        out.append(wire.made(name, f"before the first request comes one of another user with {story}: nobody reads it"))
    return out


def beyond_window() -> Capture:
    """RFC 9293 3.10.7.4, first: the server answers with what it expects, and drops them."""
    wire = Wire(base())
    last = wire.rdp.tcp.segments[2]
    for number in range(520):
        wire.forge(2, later(last, number * MICROSECOND, seq=(last.seq + 3_000_000 + number * 9) & 0xFFFFFFFF,
                            payload=b"\xAA"), with_ttl(-40))
        if number % 40 == 0:
            wire.forge(2, replace(last, time_ns=last.time_ns + number * MICROSECOND, sender=SERVER, seq=last.ack,
                                  ack=last.seq))
    return wire.made("beyond-window", "before the first request come 520 segments from beyond the server's window")


def syn_payload() -> Capture:
    wire = Wire(base())
    wire.forge(0, later(wire.rdp.tcp.segments[0], payload=b"GET / HTTP/1.0\r\n\r\n"), with_ttl(-40))
    return wire.made("syn-payload", "the SYN comes again with data that the server does not acknowledge", again=1)


def fast_open() -> Capture:
    """RFC 7413: the SYN-ACK acknowledges the request in the SYN"""
    wire = Wire(base())
    segments = wire.rdp.tcp.segments
    here = at_mark(wire.rdp, "cr")
    request = segments.pop(here).payload
    segments[0] = replace(segments[0], payload=request)
    segments[1] = replace(segments[1], ack=(segments[1].ack + len(request)) & 0xFFFFFFFF)
    segments[2] = replace(segments[2], seq=(segments[2].seq + len(request)) & 0xFFFFFFFF, offset=len(request))
    return wire.made("fast-open", "no evasion: the request comes with the SYN, and the SYN-ACK acknowledges it",
                     opened=rfc3339(segments[1].time_ns))


def junk_first() -> list[Capture]:
    """From so far away that it does not reach its receiver"""
    out = []
    for name, pieces, story in (
            ("junk-first", [(CLIENT, 0, b"\x03\x00"), (CLIENT, 2, b"\xFF" * 40)], "the beginning of a PDU, and junk"),
            ("junk-first-of-both", [(CLIENT, 0, b"\xFF" * 30), (SERVER, 0, b"\xEE" * 30)], "junk of both sides"),
            ("junk-first-undecided", [(CLIENT, 0, b"\x03\x00\x00\x70")], "another beginning of a PDU")):
        wire = Wire(base())
        third = wire.rdp.tcp.segments[2]
        ends = {CLIENT: (third.seq, third.ack), SERVER: (third.ack, third.seq)}
        for sender, start, payload in pieces:
            seq, ack = ends[sender]
            wire.forge(2, later(third, sender=sender, seq=(seq + start) & 0xFFFFFFFF, ack=ack, payload=payload),
                       with_ttl(-40))
        out.append(wire.made(name, f"before the first request comes {story}"))
    return out


def forged_end() -> list[Capture]:
    """After Save Session Info, in the client's name; what comes next comes after a pause."""
    out = []
    for name, flags, ahead, pause, story in (
            ("forged-fin", FIN | ACK, 0, 70, "a FIN where the client's stream is"),
            ("forged-fin-ahead", FIN | ACK, 9000, 70, "a FIN beyond the client's stream"),
            ("forged-fin-behind", FIN | ACK, -300, 70, "a FIN behind what the server has"),
            ("forged-fin-no-ack", FIN, 0, 70, "a FIN without ACK"),
            ("forged-reset", RST, 0, 15, "an RST where the client's stream is, from another distance"),
            ("forged-reset-behind", RST, -300, 15, "an RST behind what the server has")):
        wire = Wire(base())
        segments = wire.rdp.tcp.segments
        here = at_mark(wire.rdp, "logon") + 1
        last = next(s for s in segments[here::-1] if s.sender == CLIENT)
        wire.forge(here, later(last, time_ns=segments[here].time_ns + 100 * MICROSECOND, payload=b"", flags=flags,
                               seq=(last.seq + len(last.payload) + ahead) & 0xFFFFFFFF,
                               ack=last.ack if flags & ACK else 0), with_ttl(-40))
        wire.rdp.tcp.segments = [s if index <= here else later(s, pause * SECOND) for index, s in enumerate(segments)]
        out.append(wire.made(name, f"{story}, and {pause} s of silence: the session goes on"))
    return out


def urgent_data() -> Capture:
    """RFC 6093 2.1: urgent bytes are part of the stream"""
    wire = Wire(base())
    segments = wire.rdp.tcp.segments
    here = at_mark(wire.rdp, "logon")
    segments[here] = replace(segments[here], flags=segments[here].flags | URG, urgent=41)
    return wire.made("urgent-data", "part of Save Session Info is urgent; it stays in its place")


def blind_reset() -> Capture:
    wire = Wire(base())
    here = at_mark(wire.rdp, "logon")
    for sender in (SERVER, CLIENT):
        genuine = next(s for s in wire.rdp.tcp.segments[here::-1] if s.sender == sender)
        wire.forge(here, replace(genuine, time_ns=wire.rdp.tcp.segments[here].time_ns + 30 * MICROSECOND,
                                 seq=(genuine.seq + FAR) & 0xFFFFFFFF, ack=0, flags=RST, payload=b""))
    return wire.made("blind-reset", "resets with sequence numbers far outside the window, from both ends: the session "
                     "goes on")


def changed_syn_ack() -> list[Capture]:
    out = []
    for name, before, story in (("changed-syn-ack", 0, "after the SYN-ACK comes another with another sequence number"),
                                ("changed-syn-ack-first", 1, "before the SYN-ACK comes another with another sequence "
                                 "number, which the client does not confirm")):
        wire = Wire(base())
        genuine = wire.rdp.tcp.segments[1]
        assert genuine.flags == SYN | ACK
        lie = later(genuine, (-40 if before else 40) * MICROSECOND, seq=(genuine.seq + FAR) & 0xFFFFFFFF)
        wire.forge(1 - before, lie)
        out.append(wire.made(name, story))
    return out


def forged_syn() -> list[Capture]:
    """RFC 5961 4.2: an established receiver acknowledges what it has, and goes on"""
    out = []
    for name, sender, asker in (("forged-syn", CLIENT, "client"), ("forged-syn-of-server", SERVER, "server")):
        wire = Wire(base())
        here = at_mark(wire.rdp, "logon")
        segments = wire.rdp.tcp.segments
        now = segments[here].time_ns
        last = {side: next(s for s in segments[here::-1] if s.sender == side) for side in (CLIENT, SERVER)}
        due = {side: (s.seq + len(s.payload)) & 0xFFFFFFFF for side, s in last.items()}
        syn = replace(last[sender], time_ns=now + 30 * MICROSECOND, seq=(due[sender] + FAR) & 0xFFFFFFFF, ack=0,
                      flags=SYN, payload=b"", options=OPTION_SYN, window=64240)
        challenge = replace(last[other(sender)], time_ns=now + 300 * MICROSECOND, seq=due[other(sender)],
                            ack=due[sender], flags=ACK, payload=b"")
        wire.forge(here, syn)
        wire.forge(here, challenge)
        out.append(wire.made(name, f"a SYN in the {asker}'s name in the middle of the work, answered by a challenge "
                             "ACK only: the session goes on"))
    return out


def port_reused() -> Capture:
    """The first connection's end was not captured, or never sent; the server has forgotten it."""
    rdp = low_session(Conversation(*ENDS, START, label="lost end"), updates=1)
    cut = at_mark(rdp, "logon") + 1
    first = rdp.tcp.segments[:cut]
    again = low_session(Conversation(*ENDS, START + 90 * SECOND, label="after lost end"), b"Cookie: mstshash=bob",
                        updates=1)
    frames = rdp.tcp.frames(segments=first) + again.tcp.frames()
    return Capture("evasion", "syn-answered.pcap", "no forgery: the connection's end is missing, and a SYN from the "
                   "same port is answered", pcap_file(frames), [rdp.truth(first, end_reason="TIMEOUT"), again.truth()])


def time_backwards() -> Capture:
    """Ten quiet seconds after the logon, then the clock of the capture is set back by five."""
    wire = Wire(base())
    logon = at_mark(wire.rdp, "logon")
    wire.rdp.tcp.segments = [segment if index <= logon + 1 else
                             later(segment, (10 if index <= logon + 5 else 5) * SECOND)
                             for index, segment in enumerate(wire.rdp.tcp.segments)]
    return wire.made("time-backwards", "the clock of the capture steps back by five seconds in the middle")


def frame_from_the_future() -> Capture:
    """A frame of somebody else, two years ahead: no session ends because of it."""
    wire = Wire(base())
    logon = at_mark(wire.rdp, "logon")
    time_ns = wire.rdp.tcp.segments[logon].time_ns + 2 * 365 * 86400 * SECOND
    wire.between[logon] = [Frame(time_ns, ethernet(SERVER, ipv4(ROUTERS[0], ENDS[0].address, PROTOCOL_UDP,
                                                                 bytes.fromhex("d903d90400080000"))))]
    return wire.made("frame-from-the-future", "one frame of another flow has a time two years ahead: the session "
                     "goes on")


def stray(time_ns: int) -> Frame:
    """A datagram of somebody else"""
    return Frame(time_ns, ethernet(SERVER, ipv4(ROUTERS[0], ENDS[0].address, PROTOCOL_UDP,
                                                bytes.fromhex("d903d90400080000"))))


def wrong_times() -> list[Capture]:
    few = Wire(base())
    logon = at_mark(few.rdp, "logon")
    here = few.rdp.tcp.segments[logon].time_ns
    few.between[logon] = [stray(here + 4 * 3600 * SECOND + number * MILLISECOND) for number in range(3)]
    rdp = base()
    cut = rdp.tcp.segments[:at_mark(rdp, "logon") + 2]
    end = cut[-1].time_ns
    frames = [stray(START + 3000 * 86400 * SECOND)] + rdp.tcp.frames(segments=cut) \
        + [stray(end + minute * 60 * SECOND) for minute in range(1, 80)]
    first = Capture("evasion", "first-frame-from-the-future.pcap", "the first frame has a time eight years ahead; the "
                    "session falls silent, and its time runs out", pcap_file(frames),
                    [rdp.truth(cut, end_reason="TIMEOUT", closed=rfc3339(end + 3600 * SECOND))])
    return [few.made("frames-from-the-future", "three frames of another flow have a time four hours ahead: the session "
                     "goes on"), first]


def ipv6_fragments(packet: bytes, cuts: list[tuple[int, int]], ident: int) -> list[bytes]:
    """RFC 8200 4.5: parts [start, end) of the payload of a packet without extension headers"""
    head, payload = packet[:40], packet[40:]
    out = []
    for start, end in cuts:
        part = payload[start:end]
        more = int(end < len(payload))
        body = struct.pack(">BBHI", head[6], 0, start | more, ident) + part
        out.append(head[:4] + struct.pack(">HB", len(body), IPV6_FRAGMENT) + head[7:40] + body)
    return out


def ipv6_overlapping_fragments() -> Capture:
    """RFC 5722: the receiver drops the datagram, so that the sender repeats the segment"""
    wire = Wire(base(ENDS_6))
    logon = at_mark(wire.rdp, "logon")
    segment = wire.rdp.tcp.segments[logon]
    whole = wire.frame(later(segment, -30 * MILLISECOND))
    packet = whole.data[14:]
    lie = packet[:40] + bytes(byte ^ 0x5A for byte in packet[40:])
    size = len(packet) - 40
    pieces = ipv6_fragments(packet, [(0, 320)], 7) + ipv6_fragments(lie, [(160, 400)], 7) \
        + ipv6_fragments(packet, [(320, size)], 7)
    # All that follows waits for the repetition.
    wire.rdp.tcp.segments = [s if index < logon else later(s, 250 * MILLISECOND)
                             for index, s in enumerate(wire.rdp.tcp.segments)]
    wire.between[logon - 1] = [Frame(segment.time_ns + index * 10 * MICROSECOND, ethernet(SERVER, piece))
                               for index, piece in enumerate(pieces)]
    return wire.made("ipv6-overlapping-fragments", "Save Session Info in IPv6 fragments that overlap: dropped, and "
                     "sent again whole; the totals do not count the datagram that nobody put together")


def ttl_changed() -> Capture:
    wire = Wire(base())
    change = wire.rdp.tcp.segments[at_mark(wire.rdp, "logon")].time_ns
    farther = with_ttl(-3)

    def wrap(segment: Segment, frame: Frame) -> Frame:
        return farther(segment, frame) if segment.sender == SERVER and segment.time_ns >= change else frame
    return wire.made("ttl-changed", "from Save Session Info on the server is three hops further away", wrap=wrap)


def path(routers: tuple[str, ...], source: str) -> list[dict]:
    return [{"address": ENDS[0].address, "role": "CLIENT"},
            *({"address": router, "role": "ROUTER", "source": source} for router in routers),
            {"address": ENDS[1].address, "role": "SERVER"}]


class RecordRoute(Network):
    """RFC 791 3.1: room for four addresses in the client's packets, two of them filled in on the way"""

    def packet(self, sender: str, source: str, target: str, protocol: int, segment: bytes) -> bytes:
        filled = b"".join(packed(router) for router in ROUTERS)
        option = bytes([7, 3 + 16, 4 + len(filled)]) + filled + bytes(16 - len(filled))
        self.options = option if sender == CLIENT else b""
        return super().packet(sender, source, target, protocol, segment)


def record_route() -> Capture:
    return Wire(base(), RecordRoute()).made("record-route", "the client's packets record two routers",
                                              path=path(ROUTERS, "ip.record_route"))


class Timestamps(Network):
    """RFC 791 3.1: the same with the time at each (flag 1)"""

    def packet(self, sender: str, source: str, target: str, protocol: int, segment: bytes) -> bytes:
        filled = b"".join(packed(router) + struct.pack(">I", 32_400_000 + index) for index, router in enumerate(ROUTERS))
        option = bytes([68, 4 + 24, 5 + len(filled), 1]) + filled + bytes(24 - len(filled))
        self.options = option if sender == CLIENT else b""
        return super().packet(sender, source, target, protocol, segment)


def timestamps() -> Capture:
    return Wire(base(), Timestamps()).made("timestamps", "two routers write address and time into the client's packets",
                                           path=path(ROUTERS, "ip.timestamp"))


def icmp_error(kind: int, router: str, quoted: bytes) -> bytes:
    """RFC 792: the IP header and eight bytes are quoted"""
    body = struct.pack(">BBHI", kind, 0, 0, 0) + quoted[:28]
    body = body[:2] + struct.pack(">H", internet_checksum(body)) + body[4:]
    return ethernet(SERVER, ipv4(router, ENDS[0].address, PROTOCOL_ICMP, body, ttl=62))


def icmp_traced_route() -> Capture:
    """As tracert of Windows does it: echo requests with rising TTL, before the session"""
    rdp = low_session(Conversation(*ENDS, START + 10 * SECOND), updates=1)
    frames = rdp.tcp.frames()
    for hop, router in enumerate(ROUTERS):
        echo = struct.pack(">BBHHH", 8, 0, 0, 1, hop + 1) + bytes(64)
        echo = echo[:2] + struct.pack(">H", internet_checksum(echo)) + echo[4:]
        probe = ipv4(ENDS[0].address, ENDS[1].address, PROTOCOL_ICMP, echo, ident=hop, ttl=hop + 1)
        asked = START + hop * SECOND
        frames += [Frame(asked, ethernet(CLIENT, probe)),
                   Frame(asked + 3 * MILLISECOND, icmp_error(11, router, probe))]
    truth = rdp.truth(path=path(ROUTERS, "icmp.time_exceeded"))
    return ethernet_capture("evasion", "icmp-traced-route", "before the session its client traces the route to the "
                            "server with echo requests", frames, [truth])


def ping_record_route() -> Capture:
    """As `ping -R` does it, before the session; what the reply records behind its sender lies on the way back."""
    rdp = low_session(Conversation(*ENDS, START + 10 * SECOND), updates=1)
    client, server = ENDS[0].address, ENDS[1].address
    frames = rdp.tcp.frames()
    for sender, source, target, kind, hops, time_ns in (
            (CLIENT, client, server, 8, (client, ROUTERS[0]), START),
            (SERVER, server, client, 0, (client, *ROUTERS, server, server, BACK), START + 3 * MILLISECOND)):
        echo = struct.pack(">BBHHH", kind, 0, 0, 1, 1) + bytes(56)
        echo = echo[:2] + struct.pack(">H", internet_checksum(echo)) + echo[4:]
        filled = b"".join(packed(hop) for hop in hops)
        option = bytes([7, 39, 4 + len(filled)]) + filled + bytes(36 - len(filled)) + b"\0"
        frames.append(Frame(time_ns, ethernet(sender, ipv4(source, target, PROTOCOL_ICMP, echo, options=option))))
    truth = rdp.truth(path=path((*ROUTERS, BACK), "ip.record_route"))
    return ethernet_capture("evasion", "ping-record-route", "before the session its client pings the server, and the "
                            "routers of both ways write their addresses into it", frames, [truth])


def icmp_time_exceeded() -> Capture:
    """The client sends the segment again."""
    wire = Wire(base())
    here = at_mark(wire.rdp, "connect_initial")
    wire.rdp.tcp.segments = [s if index <= here else later(s, 400 * MILLISECOND)
                             for index, s in enumerate(wire.rdp.tcp.segments)]
    lost = wire.rdp.tcp.segments[here]
    wire.rdp.tcp.repeat(here, 300 * MILLISECOND)
    told = icmp_error(11, ROUTERS[0], wire.frame(lost).data[14:])
    wire.between[here] = [Frame(lost.time_ns + MILLISECOND, told)]
    return wire.made("icmp-time-exceeded", "a router says that it dropped a packet of the session, which comes again",
                     path=path(ROUTERS[:1], "icmp.time_exceeded"))


STORIES = [overlap_conflict, injected, bad_checksum, no_ack, another_request_first, beyond_window, syn_payload,
           fast_open, junk_first, forged_end, wrong_times, tiny_segments, urgent_data, blind_reset, changed_syn_ack,
           forged_syn, port_reused, time_backwards, frame_from_the_future, ipv6_overlapping_fragments, ttl_changed,
           record_route, timestamps, icmp_time_exceeded, icmp_traced_route, ping_record_route]
