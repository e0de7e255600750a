"""gateway/: Remote Desktop Gateway where its HTTP is in clear, and what can be concluded where it is not. `gateway` in
the truth says what was seen. A session opens with the first word to the gateway, and all that is carried to it for the
same client belongs to it; what is inside is read only where one connection carries both directions."""

from builder import gateway, rdp_udp
from builder.capture import Capture, ethernet_capture
from builder.conversations import RdpConnection, low_session
from builder.places import START, client, server
from builder.stories_tls import modern_hello, tls12_handshake
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tls import HANDSHAKE
from builder.truth import rfc3339, session
from builder.udp import UdpFlow

HOST, TARGET, MACHINE = "gw.corp.example", "rds01.corp.example", "LAP-EVA"
CONNECTION = "{958F92D8-DA20-467A-BBE3-65E7E9B4EDCF}"
USER = "CORP\\eva"
WORDS = [gateway.handshake_request(), gateway.tunnel_create(), gateway.tunnel_auth(MACHINE),
         gateway.channel_create(TARGET)]
SEEN = {"gateway_name": HOST, "connection_id": CONNECTION, "user": "eva", "domain": "CORP", "client_machine": MACHINE,
        "target_name": TARGET, "target_port": 3389}


def first_word(talk: Conversation) -> int:
    return next(segment.time_ns for segment in talk.segments if segment.payload)


class ThroughWebSocket(Conversation):
    """RDP in a gateway's data packets in frames"""

    def open(self) -> None:
        super().open()
        upgrade = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
        request = gateway.head("RDG_OUT_DATA", HOST, CONNECTION, USER, *upgrade)
        for side, data in ((CLIENT, request), (SERVER, gateway.UNAUTHORISED), (CLIENT, request),
                           (SERVER, gateway.SWITCHING)):
            super().send(side, data)
        for word in WORDS:
            super().send(CLIENT, gateway.frame(word, True))

    def send(self, sender: str, data: bytes, mark: str = "") -> None:
        super().send(sender, gateway.frame(gateway.data(data), sender == CLIENT), mark)


def websocket() -> Capture:
    talk = ThroughWebSocket(client("192.0.2.161", 50301), server("198.51.100.161", 80), START)
    rdp: RdpConnection = low_session(talk, updates=1)
    frames = talk.frames()
    path = [{"address": "192.0.2.161", "role": "CLIENT"}, {"address": "198.51.100.161", "role": "GATEWAY"},
            {"name": TARGET, "role": "SERVER"}]
    said = rdp.truth(path=path)
    said["transports"] = ["TCP", "GATEWAY"]
    said["opened"] = rfc3339(first_word(talk))
    said["users"] = [{"name": "eva", "domain": "CORP", "source": "GATEWAY", "certainty": "OBSERVED"}, *said["users"]]
    return ethernet_capture("gateway", "websocket-clear", "a session in a gateway's WebSocket, behind a TLS terminator",
                            frames, [said], more={"gateway": {"transport": "WEBSOCKET", **SEEN}})


def channels() -> Capture:
    """Two connections, one a direction; the session's bytes are split between them."""
    ends = server("198.51.100.162", 80)
    out = Conversation(client("192.0.2.162", 50302), ends, START)
    out.open()
    out.send(CLIENT, gateway.head("RDG_OUT_DATA", HOST, CONNECTION, USER, "Content-Length: 0"))
    out.send(SERVER, gateway.OK + bytes(range(gateway.RANDOM_BODY_BYTES)))
    into = Conversation(client("192.0.2.162", 50303), ends, out.now)
    into.open()
    into.send(CLIENT, gateway.head("RDG_IN_DATA", HOST, CONNECTION, USER, "Transfer-Encoding: chunked"))
    into.send(SERVER, gateway.OK)
    for word in WORDS:
        into.send(CLIENT, gateway.chunk(word))
    into.send(CLIENT, gateway.chunk(gateway.data(bytes.fromhex("030000130ee000000000000100080000000000"))))
    out.now = into.now
    out.send(SERVER, gateway.data(bytes.fromhex("030000130ed000001234000200080000000000")))
    into.close(CLIENT)
    out.close(CLIENT)
    said = session(out, [])
    said |= {"opened": rfc3339(first_word(out)), "outcome": "UNKNOWN", "transports": ["TCP", "GATEWAY"]}
    return ethernet_capture("gateway", "out-in-channels", "a gateway's pair of channels: only its own words are read",
                            out.frames() + into.frames(), [said], more={"gateway": {"transport": "HTTP", **SEEN}})


def virtual_desktop() -> Capture:
    talk = Conversation(client("192.0.2.163", 50304), server("198.51.100.163", 443), START)
    rdp = RdpConnection(talk)  # only for its pipe
    talk.open()
    tls12_handshake(rdp, "virtual desktop", "afdfp-rdgateway-r1.wvd.microsoft.com", "www")
    for side, size in ((CLIENT, 400), (SERVER, 1200)):
        rdp.put(side, bytes(size))
    talk.close(CLIENT)
    said = session(talk, [])
    said |= {"opened": rfc3339(first_word(talk)), "outcome": "UNKNOWN", "transports": ["TCP", "GATEWAY"]}
    return ethernet_capture("gateway", "virtual-desktop-sni", "Azure Virtual Desktop: concluded from the name alone",
                            talk.frames(), [said], more={"gateway": {
                                "transport": "VIRTUAL_DESKTOP", "inferred": True,
                                "gateway_name": "afdfp-rdgateway-r1.wvd.microsoft.com"}})


def udp() -> Capture:
    flow = UdpFlow(client("192.0.2.164", 50305), server("198.51.100.164", 3391), START)
    hello = modern_hello("gateway dtls", "", version=0xFEFF).to_bytes()[9:]
    at = 2 + 32 + 1
    flow.send(CLIENT, rdp_udp.dtls_record(HANDSHAKE, 0, rdp_udp.dtls_handshake(1, 0, hello[:at] + b"\0" + hello[at:])))
    flow.send(SERVER, rdp_udp.dtls_record(HANDSHAKE, 0, rdp_udp.dtls_handshake(3, 0, b"\xfe\xff\x04cook")))
    return ethernet_capture("gateway", "udp-3391", "a gateway's UDP side channel: DTLS on its port", flow.frames,
                            [flow.truth(transports=["UDP", "GATEWAY"])],
                            more={"gateway": {"transport": "UDP", "inferred": True}})


STORIES = [websocket, channels, virtual_desktop, udp]
