"""UDP flows (RFC 768)."""

import struct
from dataclasses import dataclass, field

from builder.frame import MILLISECOND, Frame
from builder.ip import PROTOCOL_UDP, Network, transport_checksum
from builder.link import ethernet, other
from builder.tcp import CLIENT, SERVER, Endpoint


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
