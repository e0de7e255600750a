"""A TCP conversation (RFC 9293): records of segments first, bytes last, so that stories can lose,
repeat, reorder and cut segments in between. Sides are named by RDP role, `client` and `server`."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace

from builder.frame import MICROSECOND, MILLISECOND, Frame
from builder.ip import PROTOCOL_TCP, Network, transport_checksum
from builder.link import Link, ethernet, other
from builder.randomness import pseudo_random_u32

CLIENT = "client"
SERVER = "server"

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
OPTION_SYN = bytes.fromhex("020405b4" "01" "030308" "0101" "0402")  # MSS 1460, window scale 8, SACK


@dataclass(frozen=True)
class Endpoint:
    address: str
    port: int


@dataclass(frozen=True)
class Segment:
    time_ns: int
    sender: str
    seq: int          # on the wire, modulo 2^32
    ack: int
    flags: int
    payload: bytes = b""
    options: bytes = b""
    window: int = 1026
    offset: int = 0   # of the payload in the sender's stream; INVARIANT: seq == isn + 1 + offset
    urgent: int = 0   # the pointer


@dataclass(frozen=True)
class Mark:
    """Where in whose stream a PDU lies, so that the ground truth can say when it had arrived."""
    name: str
    sender: str
    start: int
    end: int


class Conversation:
    def __init__(self, client: Endpoint, server: Endpoint, start_ns: int, *, opener: str = CLIENT,
                 label: str = "", mss: int = 1460, isn: dict[str, int] | None = None):
        self.ends = {CLIENT: client, SERVER: server}
        self.opener = opener
        self.now = start_ns
        self.mss = mss
        seed = label or f"{client}{server}"
        self.isn = isn or {side: pseudo_random_u32(f"isn:{seed}:{side}") for side in (CLIENT, SERVER)}
        self.sent = {CLIENT: 0, SERVER: 0}        # stream bytes
        self.control = {CLIENT: 0, SERVER: 0}     # SYN and FIN, one sequence number each
        self.segments: list[Segment] = []
        self.marks: list[Mark] = []
        self.auto_ack = True

    # -- building ---------------------------------------------------------------------------------
    def wait(self, nanoseconds: int) -> None:
        self.now += nanoseconds

    def next_seq(self, side: str) -> int:
        return (self.isn[side] + self.sent[side] + self.control[side]) & 0xFFFFFFFF

    def emit(self, sender: str, flags: int, payload: bytes = b"", options: bytes = b"") -> None:
        ack = self.next_seq(other(sender)) if flags & ACK else 0
        self.segments.append(Segment(self.now, sender, self.next_seq(sender), ack, flags, payload, options,
                                     64240 if flags & SYN else 1026, self.sent[sender]))
        self.sent[sender] += len(payload)
        self.control[sender] += bool(flags & SYN) + bool(flags & FIN)
        self.now += 120 * MICROSECOND

    def open(self) -> None:
        """3.5 Establishing a connection"""
        answerer = other(self.opener)
        self.emit(self.opener, SYN, options=OPTION_SYN)
        self.wait(4 * MILLISECOND)
        self.emit(answerer, SYN | ACK, options=OPTION_SYN)
        self.wait(4 * MILLISECOND)
        self.emit(self.opener, ACK)

    def send(self, sender: str, data: bytes, mark: str = "") -> None:
        """Cut at the MSS, each write acknowledged at once by the other side."""
        start = self.sent[sender]
        self.wait(3 * MILLISECOND)
        for at in range(0, len(data), self.mss):
            part = data[at:at + self.mss]
            self.emit(sender, ACK | (PSH if at + len(part) == len(data) else 0), part)
        if mark:
            self.marks.append(Mark(mark, sender, start, start + len(data)))
        if self.auto_ack:
            self.wait(1 * MILLISECOND)
            self.emit(other(sender), ACK)

    def close(self, first: str) -> None:
        """3.6 Closing a connection, normal sequence"""
        self.wait(5 * MILLISECOND)
        self.emit(first, FIN | ACK)
        self.wait(2 * MILLISECOND)
        self.emit(other(first), FIN | ACK)
        self.wait(2 * MILLISECOND)
        self.emit(first, ACK)

    def reset(self, sender: str) -> None:
        self.wait(5 * MILLISECOND)
        self.emit(sender, RST | ACK)

    # -- bytes ------------------------------------------------------------------------------------
    def bytes_of(self, segment: Segment) -> bytes:
        source, target = self.ends[segment.sender], self.ends[other(segment.sender)]
        options = segment.options + bytes(-len(segment.options) % 4)
        head = struct.pack(">HHIIBBHHH", source.port, target.port, segment.seq, segment.ack,
                           (5 + len(options) // 4) << 4, segment.flags, segment.window, 0, segment.urgent) + options
        whole = head + segment.payload
        checksum = transport_checksum(source.address, target.address, PROTOCOL_TCP, whole)
        return whole[:16] + struct.pack(">H", checksum) + whole[18:]

    def frames(self, network: Network | None = None, link: Link = ethernet,
               segments: Iterable[Segment] | None = None) -> list[Frame]:
        network = network or Network()
        out = []
        for segment in self.segments if segments is None else segments:
            packet = network.packet(segment.sender, self.ends[segment.sender].address,
                                    self.ends[other(segment.sender)].address, PROTOCOL_TCP,
                                    self.bytes_of(segment))
            out.append(Frame(segment.time_ns, link(segment.sender, packet)))
        return out

    # -- mangling: each replaces self.segments by what the capture holds ----------------------------
    def part(self, segment: Segment, start: int, end: int, time_ns: int) -> Segment:
        """The bytes [start, end) of a segment as a segment of their own."""
        return replace(segment, time_ns=time_ns, seq=(segment.seq + start) & 0xFFFFFFFF,
                       payload=segment.payload[start:end], offset=segment.offset + start)

    def cut(self, size: int, gap_ns: int = 15 * MICROSECOND, until: str = "") -> None:
        """Every payload in pieces of `size` bytes, or only as far as the PDU marked `until`; times stay
        in order."""
        ends = [mark.end for mark in self.marks if mark.name == until]
        limit = ends[0] if ends else self.sent[CLIENT] + self.sent[SERVER]
        out: list[Segment] = []
        delay = 0
        for segment in self.segments:
            if len(segment.payload) <= size or segment.offset >= limit:
                out.append(replace(segment, time_ns=segment.time_ns + delay))
                continue
            for at in range(0, len(segment.payload), size):
                out.append(self.part(segment, at, at + size, segment.time_ns + delay))
                delay += gap_ns
        self.segments = out

    def data_indexes(self, sender: str | None = None) -> list[int]:
        return [index for index, segment in enumerate(self.segments)
                if segment.payload and sender in (None, segment.sender)]

    def swap(self, first: int, second: int) -> None:
        """Two segments change places, not times: captured in the wrong order."""
        one, two = self.segments[first], self.segments[second]
        self.segments[first] = replace(two, time_ns=one.time_ns)
        self.segments[second] = replace(one, time_ns=two.time_ns)

    def repeat(self, index: int, delay_ns: int, start: int = 0, end: int | None = None,
               extra: bytes = b"") -> None:
        """A retransmission of part of a segment, inserted where its time belongs. `extra` may follow
        when the caller knows the stream goes on with it."""
        original = self.segments[index]
        again = self.part(original, start, len(original.payload) if end is None else end,
                          original.time_ns + delay_ns)
        again = replace(again, payload=again.payload + extra)
        at = index + 1
        while at < len(self.segments) and self.segments[at].time_ns <= again.time_ns:
            at += 1
        self.segments.insert(at, again)
