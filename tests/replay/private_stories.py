"""Captures that hold, in every place where a session has something private, a word that stands nowhere else: in clear,
under Standard RDP Security, and in TLS by OpenSSL. With the keys to all of it."""

import ssl
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from builder import assistance as ra
from builder import clipboard, drives, gcc, keyboard, mail, security, x224
from builder.conversations import Protection, RdpConnection
from builder.frame import SECOND, Frame
from builder.gcc import LEVEL_CLIENT_COMPATIBLE, METHOD_128, METHOD_NONE
from builder.pcap import pcap_file
from builder.places import START, pair
from builder.stories_assistance import EXPERT, NOVICE, VISTA_CHANNELS, XP_CHANNELS, Assistance, ends, vista_opening
from builder.stories_mail import Talk, send_data
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tickets import Ticket

RDP_CHANNELS = (("rdpdr", 0x80800000), ("cliprdr", 0xC0A00000), ("rdpsnd", 0xC0000000))
CHUNK = 1600


@dataclass
class Story:
    name: str
    frames: list[Frame]
    secrets: dict[str, str]      # by the place where each was said
    told: list[str]              # what may be told, and is: names of files
    options: list[str] = field(default_factory=list)
    said: bytes = b""            # everything that both sides said, before it was sealed


def word(story: str, place: str) -> str:
    """Capital letters and digits, so that it can be typed; the same nowhere else"""
    number = sum(ord(letter) * (at + 3) ** 3 for at, letter in enumerate(story + place)) % 90_000_000 + 10_000_000
    return f"QZX{number}WVK"


def static_chunks(message: bytes) -> list[bytes]:
    """CHANNEL_PDU_HEADER, [MS-RDPBCGR] 2.2.6.1.1: the first and the last are marked"""
    pieces = [message[at:at + CHUNK] for at in range(0, len(message), CHUNK)]
    return [struct.pack("<II", len(message), (at == 0) | (at == len(pieces) - 1) << 1) + piece
            for at, piece in enumerate(pieces)]


class Private(RdpConnection):
    """A session in which everything private is said once."""

    def __init__(self, story: str, number: int, protection: Protection | None = None, tls: "RealTls | None" = None):
        settings = gcc.Settings(channels=RDP_CHANNELS)
        if tls is not None:
            settings.core.server_selected_protocol = x224.PROTOCOL_SSL
            settings.requested = x224.PROTOCOL_SSL
        super().__init__(Conversation(*pair(number), START), settings, protection)
        self.story, self.tls = story, tls
        self.secrets: dict[str, str] = {}
        self.said = b""

    def secret(self, place: str) -> str:
        return self.secrets.setdefault(place, word(self.story, place))

    def put(self, side: str, pdu: bytes, mark: str = "", facts: dict | None = None) -> None:
        if self.tls is not None and self.tls.is_up:
            self.tcp.send(side, self.tls.seal(side, pdu))
        else:
            self.tcp.send(side, pdu)

    def from_client(self, payload: bytes, *more, **named) -> None:
        self.said += payload
        super().from_client(payload, *more, **named)

    def from_server(self, payload: bytes, *more, **named) -> None:
        self.said += payload
        super().from_server(payload, *more, **named)

    def burst(self, side: str, header: int, bodies: list[bytes]) -> None:
        self.said += b"".join(bodies)
        super().burst(side, header, bodies)

    def on_channel(self, side: str, name: str, message: bytes) -> None:
        number = 1004 + [channel for channel, _ in RDP_CHANNELS].index(name)
        for chunk in static_chunks(message):
            (self.from_client if side == CLIENT else self.from_server)(chunk, channel=number)

    def type(self) -> None:
        self.burst(CLIENT, 2 << 2, keyboard.fast_scan_codes(self.secret("fast-path scan codes")))
        self.burst(CLIENT, 2 << 2, keyboard.fast_unicode(self.secret("fast-path Unicode")))
        slow = [(keyboard.SCANCODE, list(keyboard.scan_codes(self.secret("slow-path scan codes")))),
                (keyboard.UNICODE, list(map(ord, self.secret("slow-path Unicode"))))]
        for kind, codes in slow:
            self.from_client(keyboard.slow_input(kind, codes, self.user))

    def copy(self) -> list[str]:
        """Texts in both directions, then a file from the server; its name"""
        def say(side: str, message: bytes) -> None:
            self.on_channel(side, "cliprdr", message)
        say(SERVER, clipboard.capabilities())
        say(SERVER, clipboard.message(clipboard.MONITOR_READY))
        say(CLIENT, clipboard.capabilities())
        for giver, taker, place in ((CLIENT, SERVER, "clipboard of the client"), (SERVER, CLIENT, "clipboard of the server")):
            say(giver, clipboard.format_list((clipboard.UNICODE_TEXT, "")))
            say(taker, clipboard.message(clipboard.FORMAT_LIST_RESPONSE, flags=clipboard.OK))
            say(taker, clipboard.data_request(clipboard.UNICODE_TEXT))
            say(giver, clipboard.data_response(clipboard.text(self.secret(place))))
        name, content = f"copied-{self.story}.txt", f"begin {self.secret('file in the clipboard')} end".encode()
        say(SERVER, clipboard.format_list((clipboard.FILES, "FileGroupDescriptorW")))
        say(CLIENT, clipboard.message(clipboard.FORMAT_LIST_RESPONSE, flags=clipboard.OK))
        say(CLIENT, clipboard.data_request(clipboard.FILES))
        say(SERVER, clipboard.data_response(clipboard.file_list((name, len(content)))))
        say(CLIENT, clipboard.file_request(1, 0, clipboard.RANGE, 0, len(content)))
        say(SERVER, clipboard.file_response(1, content))
        return [name]

    def drive(self) -> list[str]:
        """A file written to the client's drive, and one read from it; their names"""
        def say(side: str, message: bytes) -> None:
            self.on_channel(side, "rdpdr", message)
        say(SERVER, drives.version(drives.SERVER_ANNOUNCE))
        say(CLIENT, drives.version(drives.CLIENTID_CONFIRM))
        say(CLIENT, drives.client_name("WS"))
        say(SERVER, drives.capability(drives.SERVER_CAPABILITY))
        say(SERVER, drives.version(drives.CLIENTID_CONFIRM))
        say(CLIENT, drives.capability(drives.CLIENT_CAPABILITY))
        say(CLIENT, drives.announce(1, "C"))
        say(SERVER, drives.reply(1))
        names = []
        for number, (verb, is_write) in enumerate((("written", True), ("read", False))):
            name = f"{verb}-{self.story}.txt"
            content = f"begin {self.secret(f'file {verb} on a drive')} end".encode()
            at, file = 10 * number, 7 + number
            say(SERVER, drives.create(1, at, f"\\{name}", is_write))
            say(CLIENT, drives.created(1, at, file, is_write))
            if is_write:
                say(SERVER, drives.write(1, at + 1, file, 0, content))
                say(CLIENT, drives.written(1, at + 1, len(content)))
            else:
                say(SERVER, drives.read(1, at + 1, file, 0, 4096))
                say(CLIENT, drives.data(1, at + 1, content))
            say(SERVER, drives.close(1, at + 2, file))
            say(CLIENT, drives.closed(1, at + 2))
            names.append(name)
        return names

    def play(self, options: list[str]) -> Story:
        protocol = 0 if self.tls is None else x224.PROTOCOL_SSL
        self.tcp.open()
        self.request(b"Cookie: mstshash=peter", protocol)
        self.confirm(protocol)
        if self.tls is not None:
            self.tls.shake_hands(self.tcp)
        self.set_up(user=f"user-{self.story}", password=self.secret("password in Client Info"))
        self.activate()
        self.log_on(user=f"user-{self.story}")
        self.type()
        told = self.copy() + self.drive() + [f"user-{self.story}"]
        self.close_window()
        self.tcp.close(CLIENT)
        return Story(self.story, self.tcp.frames(), self.secrets, told, options, self.said)


class RealTls:
    """Both ends of a TLS connection of OpenSSL's, in memory; the client writes its secrets to `log`."""

    def __init__(self, folder: Path, version: ssl.TLSVersion, log: Path):
        certificate, key = folder / "tls.pem", folder / "tls.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=rds01.corp.example",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(certificate, key)
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        client.keylog_filename = str(log)
        client.minimum_version = client.maximum_version = version
        self.into = {CLIENT: ssl.MemoryBIO(), SERVER: ssl.MemoryBIO()}
        self.out = {CLIENT: ssl.MemoryBIO(), SERVER: ssl.MemoryBIO()}
        self.ends = {CLIENT: client.wrap_bio(self.into[CLIENT], self.out[CLIENT]),
                     SERVER: server.wrap_bio(self.into[SERVER], self.out[SERVER], server_side=True)}
        self.is_up = False

    def shake_hands(self, tcp: Conversation) -> None:
        for _ in range(4):
            for side, peer in ((CLIENT, SERVER), (SERVER, CLIENT)):
                try:
                    self.ends[side].do_handshake()
                except ssl.SSLWantReadError:
                    pass
                self.carry(side, peer, tcp)
        self.is_up = True

    def carry(self, side: str, peer: str, tcp: Conversation) -> None:
        flight = self.out[side].read()
        if flight:
            tcp.send(side, flight)
            self.into[peer].write(flight)

    def seal(self, side: str, data: bytes) -> bytes:
        self.ends[side].write(data)
        return self.out[side].read()


def assist(story: str, number: int, vista: bool, protection: Protection | None, options: list[str]) -> Story:
    """Chat of both sides, a file of the expert's, and the ticket's password where [MS-RA] 2.2.7.2 has it sent"""
    secrets = {place: word(story, place) for place in ("chat of the expert", "chat of the novice", "file of the expert",
                                                       "password of the ticket", "id of the session")}
    name = f"given-{story}.txt"
    content = f"begin {secrets['file of the expert']} end".encode()
    here = Assistance(ends(number), VISTA_CHANNELS if vista else XP_CHANNELS, protection, build=6001 if vista else 2600)
    here.password, here.session_id = secrets["password of the ticket"], secrets["id of the session"]
    said = b""
    plain = (here.from_client, here.from_server)

    def heard(speak):
        def say(payload: bytes, *more, **named) -> None:
            nonlocal said
            said += payload
            speak(payload, *more, **named)
        return say
    here.from_client, here.from_server = map(heard, plain)
    if vista:
        vista_opening(here)
    else:
        here.set_out()
        here.introduce_xp()
        here.let_in_xp()
    here.say(EXPERT, "70", ra.utf16z(secrets["chat of the expert"]))
    here.say(NOVICE, "70", ra.utf16z(secrets["chat of the novice"]))
    here.send_file(EXPERT, name, content, "RA_FX" if vista else "1000.1164891600", 1024 if vista else 409_600)
    here.leave(EXPERT)
    return Story(story, here.tcp.frames(), secrets, [name], options, said)


def ticket_by_mail() -> Story:
    """A ticket that the operator's password opens"""
    password = word("mail", "password of the ticket")
    ticket = Ticket(start=START // SECOND - 600, label="private", password=password)
    talk = Talk(90, 25, "220 mx.corp.example ESMTP ready")
    talk.ask("EHLO ws.corp.example", "250 mx.corp.example")
    send_data(talk, mail.mail(mail.multipart([mail.text_part(), mail.part(ticket.vista(), "private.msrcIncident")])))
    talk.close(CLIENT)
    return Story("mail", talk.frames(), {"password of the ticket, from a file": password,
                                         "pass stub of the ticket": ticket.pass_stub}, ["private.msrcIncident"],
                 ["--ticket-password-file", password])


def rsa_key_file(folder: Path) -> Path:
    """The published key as xrdp's rsakeys.ini has it"""
    def numbers(value: int, size: int) -> str:
        return ",".join(f"0x{byte:02x}" for byte in value.to_bytes(size, "little"))
    key, file = security.PUBLISHED_KEY, folder / "rsakeys.ini"
    file.write_text(f"[keys]\npub_mod={numbers(key.modulus, key.size)}\npri_exp={numbers(key.private_exponent, key.size)}\n")
    file.chmod(0o600)
    return file


def stories(folder: Path) -> list[Story]:
    """`options` of each name files below `folder`."""
    sealed = ["--rsa-key", str(rsa_key_file(folder))]

    def rc4(label: str) -> Protection:
        return Protection.proprietary(METHOD_128, LEVEL_CLIENT_COMPATIBLE, label)
    made = [Private("clear", 30).play([]), Private("rc4", 31, rc4("rc4")).play(sealed),
            Private("fips", 32, Protection.proprietary(gcc.METHOD_FIPS, gcc.LEVEL_FIPS, "fips")).play(sealed)]
    for number, version in ((33, ssl.TLSVersion.TLSv1_2), (34, ssl.TLSVersion.TLSv1_3)):
        name = version.name.lower()
        log = folder / f"{name}.keylog"
        log.touch(0o600)
        made.append(Private(name, number, tls=RealTls(folder, version, log)).play(["--tls-keylog", str(log)]))
    made += [assist("xp", 40, False, None, []), assist("xp-rc4", 41, False, rc4("xp-rc4"), sealed),
             assist("vista", 42, True, None, []), assist("vista-rc4", 43, True, rc4("vista-rc4"), sealed)]
    mailed = ticket_by_mail()
    passwords = folder / "passwords"
    passwords.write_text(mailed.options[1] + "\n")
    passwords.chmod(0o600)
    mailed.options[1] = str(passwords)
    return [*made, mailed]


def write(story: Story, folder: Path) -> Path:
    file = folder / f"{story.name}.pcap"
    file.write_bytes(pcap_file(sorted(story.frames, key=lambda frame: frame.time_ns)))
    return file
