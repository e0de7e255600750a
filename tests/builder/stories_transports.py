"""udp/: sessions whose TCP connection and UDP transports open with the key log that the capture brings: who is for
whom, what the server takes, which channels go where."""

import hashlib
import struct

from builder import assistance as ra
from builder import gcc, multitransport, rdp_udp, security, tls, x224
from builder.capture import Capture
from builder.conversations import RdpConnection
from builder.frame import MILLISECOND, SECOND
from builder.pcapng import Section
from builder.places import START, client, server
from builder.randomness import pseudo_random
from builder.sealing import SUITE, DatagramSealing, OpenSealing, Secrets
from builder.stories_tls import MODERN_CORE, hello_facts, modern_hello
from builder.stories_udp import ISN, NAME
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tls import (APPLICATION_DATA, CHANGE_CIPHER_SPEC, EXTENDED_MASTER_SECRET, HANDSHAKE, RENEGOTIATION_INFO,
                         certificate_der, certificate_facts)
from builder.truth import rfc3339
from builder.udp import UdpFlow

DOCUMENT = pseudo_random("minutes.txt", 300)
CHANNELS = (("rdpdr", 0x80800000), ("drdynvc", 0xC0800000))
GRAPHICS, INPUT, ECHO = "Microsoft::Windows::RDS::Graphics", "Microsoft::Windows::RDS::Input", "ECHO"
SOUND = "AUDIO_PLAYBACK_LOSSY_DVC"
KEY_EXCHANGE = tls.handshake(16, b"\x20" + pseudo_random("client point:transports", 32))


def io_request(file: int, major: int, body: bytes) -> bytes:
    """[MS-RDPEFS] 2.2.1.4: on device 1, completion 7"""
    return b"rDRI" + struct.pack("<5I", 1, file, 7, major, 0) + body


def io_completion(body: bytes, status: int = 0) -> bytes:
    """2.2.1.5"""
    return b"rDCI" + struct.pack("<3I", 1, 7, status) + body


def read_from_drive(path: str, content: bytes) -> list[tuple[str, bytes]]:
    """The server opens a file of the client (2.2.1.4.1), asks for its size (2.2.3.3.8), reads and closes it"""
    name = path.encode("utf-16-le") + b"\0\0"
    return [(SERVER, io_request(0, 0, struct.pack("<IQ5I", 0x120089, 0, 0x80, 7, 1, 0x40, len(name)) + name)),
            (CLIENT, io_completion(struct.pack("<IB", 5, 0))),
            (SERVER, io_request(5, 5, struct.pack("<II24x", 5, 0))),
            (CLIENT, io_completion(struct.pack("<IQQI2x", 22, len(content), len(content), 1))),
            (SERVER, io_request(5, 3, struct.pack("<IQ20x", len(content), 0))),
            (CLIENT, io_completion(struct.pack("<I", len(content)) + content)),
            (SERVER, io_request(5, 2, bytes(32))), (CLIENT, io_completion(bytes(4)))]


def hellos(label: str, version: int = 0x0303) -> tuple[tls.ClientHello, tls.ServerHello]:
    hello = modern_hello(label, NAME, version=version)
    hello.ciphers.append(SUITE)
    return hello, tls.ServerHello(label, SUITE, [EXTENDED_MASTER_SECRET, RENEGOTIATION_INFO], version=version)


class Session(RdpConnection):
    """Over TCP, inside TLS that the key log opens"""

    def __init__(self, number: int, label: str):
        self.log: list[str] = []
        channel = 1004 + len(CHANNELS)
        settings = gcc.Settings(
            core=gcc.ClientCore(computer_name="LAP-NORA", server_selected_protocol=x224.PROTOCOL_SSL, **MODERN_CORE),
            requested=1, channels=CHANNELS, message_channel=channel, server_early=1,
            client_extra=gcc.client_message_channel() + gcc.client_multitransport(0x0305),
            server_extra=gcc.server_message_channel(channel) + gcc.server_multitransport(0x0305))
        super().__init__(Conversation(client(f"192.0.2.{150 + number}", 49700 + number),
                                      server(f"198.51.100.{150 + number}"), START), settings)
        self.label, self.udp, self.happenings = label, [], []

    def put(self, side: str, pdu: bytes, mark: str = "", facts: dict | None = None) -> None:
        super().put(side, self.sealing[side].seal(pdu) if self.sealing else pdu, mark, facts)

    def begin(self) -> None:
        self.tcp.open()
        self.request(b"Cookie: mstshash=nora", 1)
        self.confirm(x224.PROTOCOL_SSL, 0x1F)
        secrets = self.new_secrets(self.label)
        hello, answer = hellos(self.label)
        self.put(CLIENT, hello.to_bytes(), "client_hello")
        flight = answer.message() + tls.certificate_message(certificate_der("rds01")) \
            + tls.server_key_exchange(self.label) + tls.SERVER_HELLO_DONE
        self.put(SERVER, tls.record(HANDSHAKE, flight), "server_hello",
                 {"security": {"certificate": certificate_facts("rds01")}})
        hello_facts(self, hello, answer, 0x0303)
        sealing = {side: OpenSealing(secrets, side) for side in (CLIENT, SERVER)}
        for side in (CLIENT, SERVER):
            first = tls.record(HANDSHAKE, KEY_EXCHANGE) if side == CLIENT else b""
            end = tls.record(CHANGE_CIPHER_SPEC, b"\x01") + sealing[side].seal(secrets.finished(side), HANDSHAKE)
            self.tcp.send(side, first + end)
        self.sealing = sealing
        self.set_up(user="nora")
        self.activate()

    def new_secrets(self, label: str) -> Secrets:
        secrets = Secrets(label)
        self.log.append(secrets.log_line())
        return secrets

    # -- channels and invitations ----------------------------------------------------------------------
    def dynamic(self, side: str, pdu: bytes) -> None:
        number = 1004 + [name for name, _ in CHANNELS].index("drdynvc")
        for chunk in ra.chunks(pdu):
            (self.from_client if side == CLIENT else self.from_server)(chunk, channel=number)

    def open_channel(self, number: int, name: str) -> None:
        self.dynamic(SERVER, ra.create_request(number, name))
        self.dynamic(CLIENT, ra.create_response(number))

    def invite(self, request: int, protocol: int) -> bytes:
        """The cookie"""
        cookie = pseudo_random(f"security cookie:{self.label}:{request}", 16)
        self.from_server(multitransport.initiate(request, protocol, cookie), security.SEC_TRANSPORT_REQ,
                         channel=self.settings.message_channel)
        return cookie

    def transport(self, *, lossy: bool, port: int) -> "Transport":
        flow = UdpFlow(client(self.tcp.ends[CLIENT].address, port), self.tcp.ends[SERVER], self.tcp.now)
        self.udp.append(Transport(self, flow, lossy, f"{self.label} {'lossy' if lossy else 'reliable'}"))
        return self.udp[-1]

    def file_was_read(self, name: str, content: bytes, start: int, end: int) -> None:
        """From its first bytes to the close request"""
        file = {"certainty": "DECRYPTED", "start": rfc3339(start), "file_name": name, "mechanism": "DRIVE_REDIRECTION",
                "direction": "CLIENT_TO_SERVER", "size": len(content)}
        self.happenings += [
            {"kind": "file_transfer_started", "time": rfc3339(start)} | file,
            {"kind": "file_transfer_ended", "time": rfc3339(end)} | file
            | {"end": rfc3339(end), "result": "COMPLETED", "transferred_bytes": len(content),
               "sha256": hashlib.sha256(content).hexdigest()}]

    # -- the capture -----------------------------------------------------------------------------------
    def capture(self, name: str, story: str, channels: list[str], others: list["Session"] = ()) -> Capture:
        section = Section()
        section.interface(1, resolution=9)
        everybody = [self, *others]
        section.tls_key_log("".join(line for one in everybody for line in one.log))
        frames = [frame for one in everybody for frame in one.tcp.frames()]
        frames += [frame for one in everybody for transport in one.udp for frame in transport.flow.frames]
        for frame in sorted(frames, key=lambda frame: frame.time_ns):
            section.enhanced_packet(0, frame)
        return Capture("udp", f"{name}.pcapng", story, bytes(section),
                       [self.told(channels, not channels), *(one.told([]) for one in others)])

    def told(self, channels: list[str], counted: bool = True) -> dict:
        """`counted`: the last datagrams of its transports say something. Events count what was known of a further
        flow when it last did."""
        said = self.truth(decrypted=True)
        for user in said["users"]:
            user["certainty"] = "DECRYPTED"
        if self.udp:
            said["transports"] = ["TCP", "UDP"]
            totals = [transport.flow.truth()["totals"] for transport in self.udp]
            if counted:
                said["joined_totals"] = {key: sum(one[key] for one in totals) for key in totals[0]}
            said["udp_transports"] = [transport.told(counted) for transport in self.udp]
        if channels:
            said["dynamic_channels"] = channels
        if self.happenings:
            said["happenings"] = [{"kind": "session_accepted", "time": said["accepted"], "certainty": "DECRYPTED",
                                   "accepted_by": "LICENSE"}, *self.happenings]
        return said


class Transport:
    """A UDP transport of a session, version 2, with TLS or DTLS inside it"""

    def __init__(self, session: Session, flow: UdpFlow, lossy: bool, label: str):
        self.flow, self.lossy, self.number = flow, lossy, dict(ISN)
        self.secrets = session.new_secrets(label)
        self.facts: dict = {}
        opened = flow.now
        flow.send(CLIENT, rdp_udp.syn(ISN[CLIENT], rdp_udp.VERSION_2, lossy=lossy))
        flow.send(SERVER, rdp_udp.syn(ISN[SERVER], rdp_udp.VERSION_2, lossy=lossy, acknowledged=ISN[CLIENT]))
        self.told_first = {"mode": "LOSSY" if lossy else "RELIABLE", "version": 2, "opened": rfc3339(opened),
                           "tls_version": "DTLS1.2" if lossy else "TLS1.2",
                           "tls_cipher": tls.CIPHER_NAMES[SUITE]}
        (self.shake_in_datagrams if lossy else self.shake)(label)

    def payload(self, side: str, payload: bytes) -> int:
        """When it was sent"""
        self.number[side] = (self.number[side] + 1) & 0xFFFFFFFF
        other = SERVER if side == CLIENT else CLIENT
        sent = self.flow.now
        self.flow.send(side, rdp_udp.data(self.number[other], self.number[side], payload))
        return sent

    def shake(self, label: str) -> None:
        hello, answer = hellos(label)
        self.sealing = {side: OpenSealing(self.secrets, side) for side in (CLIENT, SERVER)}
        flight = tls.record(HANDSHAKE, answer.message() + tls.certificate_message(certificate_der("rds01"))
                            + tls.server_key_exchange(label) + tls.SERVER_HELLO_DONE)
        self.payload(CLIENT, hello.to_bytes())
        for at in range(0, len(flight), 1100):
            self.payload(SERVER, flight[at:at + 1100])
        for side in (CLIENT, SERVER):
            first = tls.record(HANDSHAKE, KEY_EXCHANGE) if side == CLIENT else b""
            self.payload(side, first + tls.record(CHANGE_CIPHER_SPEC, b"\x01")
                         + self.sealing[side].seal(self.secrets.finished(side), HANDSHAKE))

    def shake_in_datagrams(self, label: str) -> None:
        """RFC 6347 4.2.4, with a cookie (4.2.1); of what the server says one piece comes twice, two change places"""
        hello, answer = hellos(label, 0xFEFD)
        self.sealing = {side: DatagramSealing(self.secrets, side) for side in (CLIENT, SERVER)}
        ask, reply = (self.sealing[side] for side in (CLIENT, SERVER))
        body = hello.to_bytes()[9:]
        cookie = pseudo_random(f"cookie:{label}", 20)

        def asked(value: bytes) -> bytes:
            return tls.handshake(1, body[:35] + bytes([len(value)]) + value + body[35:])

        self.payload(CLIENT, ask.handshake(asked(b""))[0])
        self.payload(SERVER, reply.handshake(tls.handshake(3, b"\xfe\xff\x14" + cookie))[0])
        self.payload(CLIENT, ask.handshake(asked(cookie))[0])
        flight = [record for message in (answer.message(), tls.certificate_message(certificate_der("rds01")),
                                         tls.server_key_exchange(label), tls.SERVER_HELLO_DONE)
                  for record in reply.handshake(message, 400)]
        flight[1], flight[2] = flight[2], flight[1]
        for record in [*flight, flight[1]]:
            self.payload(SERVER, record)
        for side, first in ((CLIENT, ask.handshake(KEY_EXCHANGE)), (SERVER, [])):
            for record in [*first, self.sealing[side].change_cipher_spec(),
                           *self.sealing[side].handshake(self.secrets.finished(side))]:
                self.payload(side, record)

    # -- inside ------------------------------------------------------------------------------------------
    def sealed(self, side: str, pdu: bytes) -> bytes:
        if self.lossy:
            return self.sealing[side].record(APPLICATION_DATA, pdu)
        return self.sealing[side].seal(pdu)

    def say(self, side: str, pdu: bytes) -> int:
        return self.payload(side, self.sealed(side, pdu))

    def create(self, request: int, cookie: bytes, result: int = 0) -> None:
        self.say(CLIENT, multitransport.create_request(request, cookie))
        self.say(SERVER, multitransport.create_response(result))
        self.facts |= {"request_id": request, "tunnel_accepted": result < 0x80000000}
        if result:
            self.facts["tunnel_error"] = {"code": result}

    def open_channel(self, number: int, name: str) -> None:
        self.say(SERVER, multitransport.data(ra.create_request(number, name),
                                             multitransport.bandwidth_measure_start(number)))
        self.say(CLIENT, multitransport.data(ra.create_response(number)))
        self.carries(name)

    def carries(self, *names: str) -> None:
        self.facts.setdefault("channels", []).extend(names)

    def told(self, counted: bool) -> dict:
        totals = self.flow.truth()["totals"]
        bytes_ = {f"{side}_payload_bytes": totals[f"{side}_payload_bytes"] for side in (CLIENT, SERVER)}
        return self.told_first | self.facts | (bytes_ if counted else {})


def moved() -> Capture:
    """Graphics and input begin over TCP and go on over the reliable transport, sound over the lossy one."""
    rdp = Session(20, "transports")
    rdp.begin()
    rdp.dynamic(SERVER, ra.dynamic_capabilities())
    rdp.dynamic(CLIENT, ra.dynamic_capabilities())
    for number, name in ((5, GRAPHICS), (6, INPUT), (7, SOUND), (10, "rdpdr")):
        rdp.open_channel(number, name)
    cookies = {request: rdp.invite(request, protocol)
               for request, protocol in ((7, multitransport.RELIABLE), (8, multitransport.LOSSY))}
    reliable = rdp.transport(lossy=False, port=50220)
    reliable.create(7, cookies[7])
    lossy = rdp.transport(lossy=True, port=50221)
    lossy.create(8, cookies[8])
    rdp.tcp.now = max(rdp.tcp.now, reliable.flow.now, lossy.flow.now)
    rdp.tcp.wait(20 * MILLISECOND)
    rdp.dynamic(SERVER, multitransport.soft_sync_request({multitransport.TUNNEL_RELIABLE: [5, 6, 10],
                                                          multitransport.TUNNEL_LOSSY: [7]}))
    rdp.dynamic(CLIENT, multitransport.soft_sync_response([multitransport.TUNNEL_RELIABLE,
                                                           multitransport.TUNNEL_LOSSY]))
    for transport in (reliable, lossy):
        transport.flow.now = rdp.tcp.now
    reliable.carries(GRAPHICS, INPUT, "rdpdr")
    lossy.carries(SOUND)
    picture = b"\xe0\x04\x01\0\0\0" + pseudo_random("picture", 600)
    reliable.say(SERVER, multitransport.data(ra.dynamic(3, 5, picture)))
    reliable.say(CLIENT, multitransport.data(ra.dynamic(3, 6, b"\x03\0\x0e\0\0\0" + bytes(8))))
    reliable.open_channel(9, ECHO)
    reliable.say(SERVER, multitransport.data(b"", multitransport.bandwidth_measure_stop(9)))
    times = [reliable.say(side, multitransport.data(ra.dynamic(3, 10, message)))
             for side, message in read_from_drive("\\minutes.txt", DOCUMENT)]
    rdp.file_was_read("\\minutes.txt", DOCUMENT, times[5], times[6])
    # Of five pieces of sound the second never comes, the third twice, and the last two change places.
    pieces = [lossy.sealed(SERVER, multitransport.data(ra.dynamic(3, 7, pseudo_random(f"sound:{at}", 200))))
              for at in range(5)]
    for at in (0, 2, 2, 4, 3):
        lossy.payload(SERVER, pieces[at])
    rdp.tcp.wait(SECOND)
    rdp.work()
    rdp.close_window()
    rdp.tcp.close(CLIENT)
    return rdp.capture("opened-transports", "graphics and sound move from TCP to two UDP transports, TLS and DTLS, "
                       "of which something is lost, and a file is read from a drive; all open with the key log that the "
                       "capture brings", [GRAPHICS, INPUT, SOUND, "rdpdr", ECHO])


def claimed() -> Capture:
    """Two sessions of the same two machines: by time the transport would be the younger one's."""
    rdp, younger = Session(21, "elder"), Session(21, "younger")
    younger.tcp.ends[CLIENT] = client(rdp.tcp.ends[CLIENT].address, 49799)
    rdp.begin()
    cookie = rdp.invite(3, multitransport.LOSSY)
    younger.tcp.now = rdp.tcp.now
    younger.begin()
    rdp.tcp.now = younger.tcp.now
    lossy = rdp.transport(lossy=True, port=50222)
    lossy.create(3, cookie, 0x80070005)
    for one in (rdp, younger):
        one.tcp.now = lossy.flow.now
        one.tcp.wait(SECOND)
        one.close_window()
        one.tcp.close(CLIENT)
    return rdp.capture("opened-transport-refused", "the cookie inside DTLS tells which of two sessions a UDP transport "
                       "is for; the server does not take it", [], [younger])


STORIES = [moved, claimed]
