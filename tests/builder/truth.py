"""The ground truth beside a capture: what a reader who understood every captured byte would know.
Names and words are those of the design's events page, section 2 (Session)."""

import base64
import datetime
import hashlib
import struct
from dataclasses import dataclass, field

from builder.frame import Frame
from builder.ip import packed
from builder.tcp import CLIENT, FIN, RST, SERVER, SYN, Conversation, Mark, Segment

FIELD_ORDER = ("kind", "direction", "initiator", "client", "server", "community_id", "users", "negotiation",
               "security", "client_software", "channels", "dynamic_channels", "opened", "accepted", "closed", "outcome",
               "end_reason", "error", "path", "totals", "joined_totals", "transports", "udp_transports", "decrypted",
               "redirection", "heartbeat", "network", "monitor_layout", "reactivation", "shutdown", "server_status",
               "logon_notifications", "auto_reconnect", "licensing", "wire", "with_keys",
               "inferred", "optional", "note")


def rfc3339(time_ns: int) -> str:
    seconds, nanoseconds = divmod(time_ns, 1_000_000_000)
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{nanoseconds:09}Z"


def community_id(one: tuple[str, int], two: tuple[str, int], protocol: int = 6) -> str:
    """Community ID v1, seed 0 (corelight/community-id-spec)"""
    ends = sorted((packed(address), port) for address, port in (one, two))
    data = struct.pack(">H", 0) + ends[0][0] + ends[1][0] + struct.pack(">BB", protocol, 0) \
        + struct.pack(">HH", ends[0][1], ends[1][1])
    return "1:" + base64.b64encode(hashlib.sha1(data).digest()).decode()


def merge(into: dict, more: dict) -> dict:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = into[key] + value
        else:
            into[key] = dict(value) if isinstance(value, dict) else value
    return into


@dataclass
class Seen:
    """What of a conversation the capture holds."""
    segments: list[Segment]
    frames: list[Frame]  # one for each segment
    sizes: dict[str, int]
    captured: dict[str, bytearray] = field(init=False)  # one byte per stream byte, 1 = captured

    def __post_init__(self) -> None:
        self.captured = {side: bytearray(size) for side, size in self.sizes.items()}
        for segment in self.segments:
            self.cover(self.captured, segment)

    @staticmethod
    def cover(into: dict[str, bytearray], segment: Segment) -> bool:
        """Marks the segment's bytes; whether any of them was new."""
        start, end = segment.offset, segment.offset + len(segment.payload)
        new = 0 in into[segment.sender][start:end]
        into[segment.sender][start:end] = b"\1" * (end - start)
        return new

    def completed(self, mark: Mark) -> int | None:
        """When the PDU and all that was captured before it had arrived; None if a byte of it never did."""
        all_seen = self.captured[mark.sender]
        if 0 in all_seen[mark.start:mark.end]:
            return None
        missing = sum(all_seen[:mark.end])
        so_far = {side: bytearray(size) for side, size in self.sizes.items()}
        for segment in self.segments:
            self.cover(so_far, segment)
            if sum(so_far[mark.sender][:mark.end]) == missing:
                return segment.time_ns
        return None

    def totals(self) -> dict:
        so_far = {side: bytearray(size) for side, size in self.sizes.items()}
        again = 0
        for segment in self.segments:
            end = segment.offset + len(segment.payload)
            # RFC 1122 4.2.3.6: a keep-alive repeats the last byte, and not because it was lost.
            keep_alive = len(segment.payload) == 1 and end == so_far[segment.sender].rfind(1) + 1
            again += bool(segment.payload) and not self.cover(so_far, segment) and not keep_alive
        gap = 0
        for bits in self.captured.values():
            if 1 in bits:
                gap += bits[bits.index(1):bits.rindex(1)].count(0)
        result = {}
        for side in (CLIENT, SERVER):
            mine = [(s, f) for s, f in zip(self.segments, self.frames, strict=True) if s.sender == side]
            result |= {f"{side}_bytes": sum(frame.wire_size for _, frame in mine),
                       f"{side}_packets": len(mine),
                       # What a snap length cut off was on the wire all the same.
                       f"{side}_payload_bytes": sum(len(segment.payload) + frame.wire_size - len(frame.data)
                                                    for segment, frame in mine)}
        return result | {"gap_bytes": gap, "retransmitted_packets": again}


def end_of(segments: list[Segment], marks: dict[str, int]) -> tuple[int, str]:
    """Closed and end_reason."""
    by_tcp = next((s for s in segments if s.flags & (FIN | RST)), None)
    closed = by_tcp.time_ns if by_tcp else segments[-1].time_ns
    for side in (CLIENT, SERVER):
        if f"{side}_disconnect" in marks:
            return closed, f"{side.upper()}_DISCONNECT"
    if by_tcp is None:
        return closed, "CAPTURE_END"
    return closed, f"{by_tcp.sender.upper()}_{'RESET' if by_tcp.flags & RST else 'CLOSED'}"


def outcome_of(segments: list[Segment], marks: dict[str, int]) -> str:
    if "failure" in marks:
        return "NEGOTIATION_FAILED"
    if "licence_error" in marks:
        return "REFUSED"
    if "licence_valid" in marks or "demand_active" in marks:
        return "ESTABLISHED"
    if "cr" in marks and not any(s.sender == SERVER and s.payload for s in segments):
        end = next((s for s in segments if s.flags & (FIN | RST)), None)
        return "REFUSED" if end is not None and end.sender == SERVER else "NO_RESPONSE"
    return "UNKNOWN"


def session(conversation: Conversation, facts: list[tuple[str, dict]],
            segments: list[Segment] | None = None, frames: list[Frame] | None = None, **overrides) -> dict:
    """`facts` are (mark, facts): they count only where the marked PDU was captured whole. `frames` carry the
    segments; Ethernet and plain IP unless given."""
    segments = conversation.segments if segments is None else segments
    frames = conversation.frames(segments=segments) if frames is None else frames
    seen = Seen(segments, frames, dict(conversation.sent))
    marks = {}
    for mark in conversation.marks:
        when = seen.completed(mark)
        if when is not None:
            marks.setdefault(mark.name, when)
    client, server = conversation.ends[CLIENT], conversation.ends[SERVER]
    closed, end_reason = end_of(segments, marks)
    accepted = [marks[name] for name in ("licence_valid", "demand_active") if name in marks]
    result = {
        "kind": "RDP",
        "client": {"address": client.address, "port": client.port},
        "server": {"address": server.address, "port": server.port},
        "community_id": community_id((client.address, client.port), (server.address, server.port)),
        "closed": rfc3339(closed), "end_reason": end_reason, "outcome": outcome_of(segments, marks),
        "totals": seen.totals(), "transports": ["TCP"], "decrypted": False}
    if any(segment.flags & SYN for segment in segments):  # else nothing shows who called
        result["initiator"] = conversation.opener.upper()
        result["direction"] = "FORWARD" if conversation.opener == CLIENT else "REVERSE"
    if "cr" in marks:
        result["opened"] = rfc3339(marks["cr"])
    if accepted:
        result["accepted"] = rfc3339(min(accepted))
    for name, fact in facts:
        if name in marks:
            merge(result, fact)
    hidden = marks.get("hidden_licence_valid")
    if hidden is not None:
        merge(result, {"accepted": rfc3339(hidden), "outcome": "ESTABLISHED",
                       "inferred": {"accepted": True, "outcome": True}})
    merge(result, overrides)
    return {key: result[key] for key in FIELD_ORDER if key in result}


def retried(first: dict, last: dict) -> dict:
    """One session of two connections: the negotiation failed, and the client came back with other protocols."""
    totals = {key: first["totals"][key] + count for key, count in last["totals"].items()}
    negotiation = last["negotiation"] | {"attempts": first["negotiation"]["attempts"] + 1}
    return last | {"opened": first["opened"], "negotiation": negotiation, "totals": totals}
