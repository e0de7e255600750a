"""UDP flows (RFC 768)."""

import struct
from dataclasses import dataclass, field

from builder.frame import MILLISECOND, Frame
from builder.ip import PROTOCOL_UDP, Network, transport_checksum
from builder.link import MAC, ethernet, other
from builder.tcp import CLIENT, SERVER, Endpoint
from builder.truth import community_id, rfc3339


@dataclass
class UdpFlow:
    client: Endpoint
    server: Endpoint
    now: int
    frames: list[Frame] = field(default_factory=list)
    network: Network = field(default_factory=Network)

    def send(self, sender: str, payload: bytes, wait_ns: int = 4 * MILLISECOND) -> None:
        ends = {CLIENT: self.client, SERVER: self.server}
        source, target = ends[sender], ends[other(sender)]
        head = struct.pack(">HHHH", source.port, target.port, 8 + len(payload), 0)
        checksum = transport_checksum(source.address, target.address, PROTOCOL_UDP, head + payload) or 0xFFFF
        datagram = head[:6] + struct.pack(">H", checksum) + payload
        packet = self.network.packet(sender, source.address, target.address, PROTOCOL_UDP, datagram)
        self.frames.append(Frame(self.now, ethernet(sender, packet)))
        self.now += wait_ns

    def truth(self, **more) -> dict:
        """A session of its own: what a reader of the datagrams would report"""
        totals = {}
        for side, mac in ((CLIENT, MAC[CLIENT]), (SERVER, MAC[SERVER])):
            mine = [frame for frame in self.frames if frame.data[6:12] == mac]
            totals |= {f"{side}_bytes": sum(frame.wire_size for frame in mine), f"{side}_packets": len(mine),
                       f"{side}_payload_bytes": sum(int.from_bytes(frame.data[38:40], "big") - 8 for frame in mine)}
        ends = {side: {"address": end.address, "port": end.port}
                for side, end in ((CLIENT, self.client), (SERVER, self.server))}
        return {"kind": "RDP", **ends,
                "community_id": community_id((self.client.address, self.client.port),
                                             (self.server.address, self.server.port), PROTOCOL_UDP),
                "opened": rfc3339(self.frames[0].time_ns), "closed": rfc3339(self.frames[-1].time_ns),
                "outcome": "UNKNOWN", "end_reason": "CAPTURE_END", "totals": totals, "transports": ["UDP"],
                "decrypted": False, **more}
