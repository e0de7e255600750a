"""udp/: RDP over UDP, by itself and beside the TCP connection that announced it. `udp` in the truth says what the
flow shows; a flow that joins no TCP session is no session of its own."""

import hashlib
import struct

from builder import gcc, rdp_udp, security, tls, x224
from builder.capture import Capture, ethernet_capture
from builder.conversations import Protection, RdpConnection, low_session
from builder.frame import MILLISECOND, SECOND
from builder.places import START, client, server
from builder.randomness import pseudo_random
from builder.stories_tls import credssp, inside, modern_hello, modern_settings, tls12_handshake
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tls import (APPLICATION_DATA, CHANGE_CIPHER_SPEC, EXTENDED_MASTER_SECRET, HANDSHAKE, RENEGOTIATION_INFO,
                         certificate_der)
from builder.truth import rfc3339
from builder.udp import UdpFlow

CORRELATION = bytes.fromhex("a2e2c8186de34f1e8d0f9175e4cd5601")
COOKIE_HASH = hashlib.sha256(pseudo_random("security cookie", 16)).digest()
ISN = {CLIENT: 0xFFFFFFFE, SERVER: 0x0B127F15}
NAME = "rds01.corp.example"


def flow(number: int) -> UdpFlow:
    return UdpFlow(client(f"192.0.2.{150 + number}", 50200 + number), server(f"198.51.100.{150 + number}"), START)


def handshake(udp: UdpFlow, version: int | None, *, lossy: bool = False, correlation: bytes = CORRELATION,
              cookie_hash: bytes = b"") -> None:
    udp.send(CLIENT, rdp_udp.syn(ISN[CLIENT], version, lossy=lossy, correlation=correlation, cookie_hash=cookie_hash))
    udp.send(SERVER, rdp_udp.syn(ISN[SERVER], version, acknowledged=ISN[CLIENT]))


def tls_messages(label: str) -> list[tuple[str, bytes]]:
    """A handshake of TLS 1.2 and a few sealed records, who sends what in one payload"""
    flight = tls.ServerHello(label, 0xC030, [EXTENDED_MASTER_SECRET, RENEGOTIATION_INFO]).message() \
        + tls.certificate_message(certificate_der("rds01")) + tls.server_key_exchange(label) + tls.SERVER_HELLO_DONE
    sealed = {side: tls.AesGcm(f"{label}:{side}") for side in (CLIENT, SERVER)}
    key = tls.handshake(16, b"\x20" + pseudo_random(f"point:{label}", 32))
    record = tls.record(HANDSHAKE, flight)
    end = {side: tls.record(CHANGE_CIPHER_SPEC, b"\x01") + sealed[side].seal(bytes(16), HANDSHAKE)
           for side in (CLIENT, SERVER)}
    return [(CLIENT, modern_hello(label, NAME).to_bytes()), (SERVER, record[:700]), (SERVER, record[700:]),
            (CLIENT, tls.record(HANDSHAKE, key) + end[CLIENT]), (SERVER, end[SERVER]),
            (CLIENT, sealed[CLIENT].seal(bytes(28))), (SERVER, sealed[SERVER].seal(bytes(8)))]


def reliable(udp: UdpFlow, label: str) -> None:
    """With an FEC packet, a payload sent again, and two that change places"""
    number = dict(ISN)
    datagrams = []
    for side, payload in tls_messages(label):
        number[side] = (number[side] + 1) & 0xFFFFFFFF
        other = SERVER if side == CLIENT else CLIENT
        datagrams.append((side, rdp_udp.data(number[other], number[side], payload)))
    datagrams[1], datagrams[2] = datagrams[2], datagrams[1]
    datagrams.insert(1, datagrams[0])
    datagrams.insert(4, (SERVER, rdp_udp.redundancy(number[CLIENT], number[SERVER])))
    for side, datagram in datagrams:
        udp.send(side, datagram)


def facts(version: str, security: str = "TLS", **more) -> dict:
    return {"version": version, "security": security, "correlation_id": CORRELATION.hex(), **more}


def alone(name: str, story: str, udp: UdpFlow, told: dict) -> Capture:
    return ethernet_capture("udp", name, story, udp.frames, [udp.truth()], more={"udp": told})


def version_1() -> Capture:
    udp = flow(1)
    handshake(udp, None)
    reliable(udp, "udp v1")
    return alone("v1-reliable", "version 1, reliable: TLS in payloads that are repeated, swapped and followed by FEC",
                 udp, facts("1", sni=NAME))


def junk_before() -> Capture:
    udp = flow(8)
    for _ in range(4):
        udp.send(CLIENT, b"\xAB" * 40)
    begun = udp.now
    handshake(udp, None)
    reliable(udp, "udp junk")
    return ethernet_capture("udp", "junk-before", "four datagrams of nothing, then version 1", udp.frames,
                            [udp.truth(opened=rfc3339(begun))], more={"udp": facts("1", sni=NAME)})


def version_2() -> Capture:
    udp = flow(2)
    handshake(udp, rdp_udp.VERSION_2)
    reliable(udp, "udp v2")
    return alone("v2", "version 2, reliable", udp, facts("2", sni=NAME))


def version_3() -> Capture:
    udp = flow(3)
    handshake(udp, rdp_udp.VERSION_3, cookie_hash=COOKIE_HASH)
    number, channel = {CLIENT: 99, SERVER: 99}, {CLIENT: 0, SERVER: 0}
    datagrams = []
    for side, payload in tls_messages("udp v3"):
        other = SERVER if side == CLIENT else CLIENT
        number[side] += 1
        channel[side] += 1
        datagrams.append((side, rdp_udp.data_2(number[side], channel[side], payload, acknowledged=number[other])))
    datagrams[1], datagrams[2] = datagrams[2], datagrams[1]
    datagrams.insert(1, (CLIENT, rdp_udp.dummy_2(101)))
    for side, datagram in datagrams:
        udp.send(side, datagram)
    return alone("v3", "version 3: the SYN has a cookie hash, the data are those of RDPEUDP2", udp,
                 facts("3", sni=NAME, cookie_hash=COOKIE_HASH.hex()))


def lossy() -> Capture:
    """RFC 6347 4.2.1: the hello is asked for again with a cookie."""
    udp = flow(4)
    handshake(udp, rdp_udp.VERSION_2, lossy=True)
    hello = modern_hello("dtls", NAME, version=0xFEFF).to_bytes()[9:]
    cookie = pseudo_random("dtls cookie", 32)
    at = 2 + 32 + 1  # behind version, random and the empty session identifier

    def with_cookie(value: bytes) -> bytes:
        return hello[:at] + bytes([len(value)]) + value + hello[at:]

    answer = tls.ServerHello("dtls", 0xC014, [RENEGOTIATION_INFO], version=0xFEFF).message()[4:]
    certificate = tls.certificate_message(certificate_der("rds01"))[4:]
    half = len(certificate) // 2
    words = [(CLIENT, HANDSHAKE, rdp_udp.dtls_handshake(1, 0, with_cookie(b""))),
             (SERVER, HANDSHAKE, rdp_udp.dtls_handshake(3, 0, b"\xfe\xff\x20" + cookie)),
             (CLIENT, HANDSHAKE, rdp_udp.dtls_handshake(1, 1, with_cookie(cookie))),
             (SERVER, HANDSHAKE, rdp_udp.dtls_handshake(2, 1, answer)),
             (SERVER, HANDSHAKE, rdp_udp.dtls_handshake(11, 2, certificate[:half], 0, len(certificate))),
             (SERVER, HANDSHAKE, rdp_udp.dtls_handshake(11, 2, certificate[half:], half, len(certificate)))]
    number = dict(ISN)
    for sequence, (side, kind, body) in enumerate(words):
        number[side] = (number[side] + 1) & 0xFFFFFFFF
        udp.send(side, rdp_udp.data(1, number[side], rdp_udp.dtls_record(kind, sequence, body)))
    for side in (CLIENT, SERVER):
        number[side] = (number[side] + 1) & 0xFFFFFFFF
        sealed = rdp_udp.dtls_record(APPLICATION_DATA, 0, pseudo_random(f"dtls:{side}", 64), epoch=1)
        udp.send(side, rdp_udp.data(1, number[side], sealed))
    return alone("lossy-dtls", "best effort: DTLS, whose certificate comes in two pieces", udp,
                 facts("2", "DTLS", sni=NAME))


def joined() -> Capture:
    """The correlation identifier of the X.224 request stands in the SYN as well."""
    udp = flow(5)
    tcp = Conversation(client(udp.client.address, 49705), udp.server, START)
    rdp = RdpConnection(tcp, modern_settings("LAP-NORA", x224.PROTOCOL_HYBRID_EX, 0x0B))
    tcp.open()
    rdp.request(b"Cookie: mstshash=nora", 0x0B, x224.CORRELATION_INFO_PRESENT, CORRELATION)
    rdp.confirm(x224.PROTOCOL_HYBRID_EX, 0x1F)
    tls12_handshake(rdp, "joined", NAME, "rds01")
    credssp(rdp)
    udp.now = tcp.now + 900 * MILLISECOND
    inside(rdp, "nora")
    tcp.close(CLIENT)
    handshake(udp, rdp_udp.VERSION_2)
    reliable(udp, "udp joined")
    said = rdp.truth(transports=["UDP"])
    said["joined_totals"] = udp.truth()["totals"]
    return ethernet_capture("udp", "with-tcp-joined-by-correlation-id",
                            "a session over TCP and, joined to it by the correlation identifier, UDP",
                            tcp.frames() + udp.frames, [said],
                            more={"udp": facts("2", sni=NAME)})


def invited() -> Capture:
    """[MS-RDPBCGR] 2.2.15.1, readable from the server at LOW; [MS-RDPEUDP] 2.2.2.9. Long after the beginning, beside
    a younger session of the same two machines, and without a correlation identifier."""
    udp = flow(6)
    cookie = pseudo_random("invitation", 16)
    channel = 1004 + len(gcc.CHANNELS_XP)
    settings = gcc.Settings(client_extra=gcc.client_message_channel() + gcc.client_multitransport(0x0305),
                            message_channel=channel, server_early=1,
                            server_extra=gcc.server_message_channel(channel) + gcc.server_multitransport(0x0305))
    tcp = Conversation(client(udp.client.address, 49706), udp.server, START)
    rdp = RdpConnection(tcp, settings, Protection.proprietary(gcc.METHOD_40, gcc.LEVEL_LOW, "invited"))
    tcp.open()
    rdp.request(b"Cookie: mstshash=nora")
    rdp.confirm()
    rdp.set_up(user="nora")
    rdp.from_server(struct.pack("<IHH", 7, 1, 0) + cookie, security.SEC_TRANSPORT_REQ, channel=channel)
    rdp.activate()
    tcp.wait(15 * SECOND)
    younger = low_session(Conversation(client(udp.client.address, 49707), udp.server, tcp.now))
    tcp.wait(SECOND)
    udp.now = tcp.now
    rdp.work()
    rdp.log_off()
    tcp.close(SERVER)
    handshake(udp, rdp_udp.VERSION_3, correlation=b"", cookie_hash=hashlib.sha256(cookie).digest())
    said = rdp.truth(transports=["UDP"])
    said["joined_totals"] = udp.truth()["totals"]
    return ethernet_capture("udp", "with-tcp-joined-by-cookie-hash",
                            "the server invites its client to UDP, and the client shows the cookie's hash there",
                            tcp.frames() + younger.tcp.frames() + udp.frames, [said, younger.truth()],
                            more={"udp": {"version": "3", "cookie_hash": hashlib.sha256(cookie).hexdigest()}})


STORIES = [version_1, junk_before, version_2, version_3, lossy, joined, invited]
