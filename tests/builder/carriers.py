"""One document over every carrier of tickets, whole, or over a connection that ends inside it.

A `Way` says who sends which document to whom; each function of CARRIERS lays it on the wire. `visible` is then
how many bytes of the document the capture holds."""

import base64
import re
import struct
import zlib
from dataclasses import dataclass, field

from builder import dcom, files, mail
from builder.stories_auth import SESSION, smb_words, tokens
from builder.stories_mail import fetched, send_data
from builder.stories_offer import Talk as RpcTalk
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint

HOST = "files.corp.example"
NEEDLE = 24  # bytes by which the place is found where a connection ends


class Ended(Exception):
    """The connection is over in the middle of the document."""


class Line(Conversation):
    """Is ended by the sender behind `needle`, where there is one."""

    def __init__(self, client: Endpoint, server: Endpoint, start: int, mss: int, ending: str, opener: str):
        super().__init__(client, server, start, mss=mss, opener=opener)
        self.needle = b""
        self.ending = ending
        self.open()

    def send(self, sender: str, data: bytes, mark: str = "") -> None:
        at = data.find(self.needle) if self.needle else -1
        if at < 0:
            super().send(sender, data, mark)
            return
        super().send(sender, data[:at + len(self.needle)])
        if self.ending == "close":
            self.close(sender)
        if self.ending == "reset":
            self.reset(sender)
        raise Ended

    def ask(self, command: str | bytes, answer: str | bytes) -> None:
        for side, said in ((CLIENT, command), (SERVER, answer)):
            self.send(side, said if isinstance(said, bytes) else said.encode() + b"\r\n")


@dataclass
class Way:
    client: str
    server: str
    start: int
    name: str
    document: bytes
    cut: str = ""  # how the connection ends inside the document: close, reset, or silence
    mss: int = 1460
    visible: int = 0
    needle: bytes = b""
    lines: list[Conversation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visible = len(self.document)

    def line(self, port: int, local: int = 50000, start: int = 0, opener: str = CLIENT) -> Line:
        line = Line(Endpoint(self.client, local), Endpoint(self.server, port), start or self.start, self.mss,
                    self.cut, opener)
        line.needle = self.needle
        self.lines.append(line)
        return line

    def ends_at(self, encoded: bytes, end: int, visible: int) -> None:
        """Where the connection ends, if it does: behind `end` bytes of what is sent"""
        if not self.cut:
            return
        self.needle, self.visible = encoded[max(0, end - NEEDLE):end], visible
        assert encoded.count(self.needle) == 1
        for line in self.lines:
            line.needle = self.needle

    def pieces(self, encoded: bytes) -> list[bytes]:
        """Three; where the connection ends, it ends in the second."""
        first, second = len(encoded) // 3, 2 * len(encoded) // 3
        if self.needle:
            at = encoded.index(self.needle)
            first, second = at - 10, at + len(self.needle) + 10
        return [encoded[:first], encoded[first:second], encoded[second:]]

    def in_disorder(self, encoded: bytes) -> list[tuple[int, bytes]]:
        """Each piece with its place, the last before the one in the middle; but in their order where the connection
        ends, so that what was sent is the document's beginning"""
        first, second, third = self.pieces(encoded)
        placed = [(0, first), (len(first), second), (len(first) + len(second), third)]
        return placed if self.cut else [placed[0], placed[2], placed[1]]

    # -- how the document is written ------------------------------------------------------------------
    @property
    def middle(self) -> int:
        return len(self.document) * 6 // 10

    def raw(self) -> bytes:
        self.ends_at(self.document, self.middle, self.middle)
        return self.document

    def in_base64(self) -> bytes:
        count = max(1, self.middle // 57)
        self.ends_at(mail.lines(self.document), count * 78 - 2, count * 57)
        return self.document

    def in_quoted_printable(self) -> bytes:
        if not self.cut:
            return self.document
        encoded = mail.quoted(self.document)
        end = len(encoded) * 6 // 10
        while b"=" in encoded[end - 3:end] or b"\r" in encoded[end - 3:end]:
            end -= 1
        plain = re.sub(rb"=([0-9A-F]{2})", lambda code: bytes([int(code[1], 16)]),
                       encoded[:end].replace(b"=\r\n", b""))
        assert self.document.startswith(plain)
        self.ends_at(encoded, end, len(plain))
        return self.document

    def in_uuencode(self) -> bytes:
        encoded = mail.uuencoded(self.document, self.name)
        count = max(1, self.middle // 45)
        self.ends_at(encoded, encoded.index(b"\r\n") + 2 + count * 63 - 2, count * 45)
        return encoded

    def in_gzip(self) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        first = packer.compress(self.document[:self.middle]) + packer.flush(zlib.Z_SYNC_FLUSH)
        packed = first + packer.compress(self.document[self.middle:]) + packer.flush()
        self.ends_at(packed, len(first), self.middle)
        return packed

    def in_one_base64(self, before: int) -> bytes:
        """Without line ends, behind so many other bytes"""
        encoded = base64.b64encode(b"x" * before + self.document)
        end = len(encoded) * 6 // 10 // 4 * 4
        self.ends_at(encoded, end, end // 4 * 3 - before)
        return encoded


# -- mail ------------------------------------------------------------------------------------------------
def attached(way: Way, encoding: str = "base64") -> bytes:
    document = way.in_base64() if encoding == "base64" else way.in_quoted_printable()
    part = mail.part(document, way.name, encoding=encoding)
    # The line end in front of the delimiter is the delimiter's, and not of the document.
    return mail.mail(mail.multipart([mail.text_part(), part.removesuffix(b"\r\n")]))


def smtp(way: Way, message: bytes) -> None:
    talk = way.line(25)
    talk.send(SERVER, b"220 mx.corp.example ESMTP ready\r\n")
    talk.ask("EHLO ws.corp.example", "250-mx.corp.example\r\n250-CHUNKING\r\n250 8BITMIME")
    send_data(talk, message)
    talk.ask("QUIT", "221 bye")
    talk.close(CLIENT)


def smtp_base64(way: Way) -> None:
    smtp(way, attached(way))


def smtp_quoted_printable(way: Way) -> None:
    smtp(way, attached(way, "quoted-printable"))


def smtp_bdat(way: Way) -> None:
    message = attached(way)
    talk = way.line(25)
    talk.send(SERVER, b"220 mx.corp.example ESMTP ready\r\n")
    talk.ask("EHLO ws.corp.example", "250-mx.corp.example\r\n250 CHUNKING")
    talk.ask("MAIL FROM:<carol@corp.example>\r\nRCPT TO:<dave@corp.example>", "250 ok\r\n250 ok")
    *pieces, last = way.pieces(message)
    for piece in pieces:
        talk.ask(f"BDAT {len(piece)}\r\n".encode() + piece, "250 more")
    talk.ask(f"BDAT {len(last)} LAST\r\n".encode() + last, "250 taken")
    talk.close(CLIENT)


def smtp_nested(way: Way) -> None:
    inner = mail.multipart([mail.text_part(), mail.part(way.in_base64(), way.name)], 2)
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" + mail.mail(inner)
    smtp(way, mail.mail(mail.multipart([mail.text_part(), mail.multipart([forwarded], 3)])))


def smtp_uuencode(way: Way) -> None:
    text = b"From: carol@corp.example\r\nSubject: Help\r\n\r\nPlease help.\r\n\r\n"
    smtp(way, text + way.in_uuencode() + b"Carol\r\n")


def pop3(way: Way) -> None:
    message = mail.dotted(attached(way))
    talk = way.line(110)
    talk.send(SERVER, b"+OK ready\r\n")
    for command, answer in (("USER dave", "+OK"), ("PASS secret-Pop3", "+OK logged in"), ("STAT", "+OK 1 2000")):
        talk.ask(command, answer)
    talk.ask("RETR 1", b"+OK 2000 octets\r\n" + message)
    talk.ask("QUIT", "+OK bye")
    talk.close(CLIENT)


def imap(way: Way) -> Line:
    talk = way.line(143)
    talk.send(SERVER, b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
    talk.ask("a1 LOGIN dave secret-Imap", "a1 OK logged in")
    talk.ask("a2 SELECT INBOX", "* 3 EXISTS\r\n* OK [UIDVALIDITY 1764] ok\r\na2 OK [READ-WRITE] selected")
    return talk


def imap_whole(way: Way) -> None:
    message = attached(way)
    talk = imap(way)
    talk.ask("b1 UID FETCH 17 BODY[]",
             fetched(2, [b"UID 17", b"BODY[]", mail.literal(message)]) + b"b1 OK done\r\n")
    talk.close(CLIENT)


def imap_partial(way: Way) -> None:
    message = attached(way)
    talk = imap(way)
    for origin, piece in way.in_disorder(message):
        talk.ask(f"b{origin} UID FETCH 17 BODY.PEEK[]<{origin}.{len(piece)}>",
                 fetched(2, [b"UID 17", f"BODY[]<{origin}>".encode(), mail.literal(piece)])
                 + f"b{origin} OK done\r\n".encode())
    talk.close(CLIENT)


def imap_part(way: Way) -> None:
    """The attachment alone, after the structure that says how it is encoded"""
    encoded = mail.lines(way.in_base64())
    structure = (b'BODYSTRUCTURE (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 40 2)("APPLICATION" "OCTET-STREAM" NIL NIL NIL '
                 b'"BASE64" %d NIL ("ATTACHMENT" ("FILENAME" "%s")) NIL) "MIXED" ("BOUNDARY" "x") NIL NIL)'
                 % (len(encoded), way.name.encode()))
    talk = imap(way)
    talk.ask("b1 UID FETCH 17 BODYSTRUCTURE", fetched(2, [b"UID 17", structure]) + b"b1 OK done\r\n")
    talk.ask("b2 UID FETCH 17 BODY[2]",
             fetched(2, [b"BODY[2]", mail.literal(encoded), b"UID 17"]) + b"b2 OK done\r\n")
    talk.close(CLIENT)


# -- web -------------------------------------------------------------------------------------------------
def download(way: Way, body: bytes, **headers: str) -> None:
    talk = way.line(80)
    talk.send(CLIENT, files.request("GET", f"/help/{way.name}", HOST))
    talk.send(SERVER, files.answer("200 OK", body, Content_Type="application/octet-stream", **headers))
    talk.close(CLIENT)


def http_plain(way: Way) -> None:
    download(way, way.raw())


def http_chunked(way: Way) -> None:
    content = way.raw()
    download(way, files.chunked(content, len(content) // 3 + 1), Transfer_Encoding="chunked")


def http_gzip(way: Way) -> None:
    download(way, way.in_gzip(), Content_Encoding="gzip")


def http_put(way: Way) -> None:
    talk = way.line(8080)
    talk.send(CLIENT, files.request("PUT", f"/dav/{way.name}", HOST, way.raw()))
    talk.send(SERVER, files.answer("201 Created", b""))
    talk.close(CLIENT)


def http_form(way: Way) -> None:
    talk = way.line(80)
    talk.send(CLIENT, files.request("POST", "/support/upload", HOST, files.form("----7MA4YWxk", way.name, way.raw()),
                                    Content_Type="multipart/form-data; boundary=----7MA4YWxk"))
    talk.send(SERVER, files.answer("303 See Other", b"", Location="/support/"))
    talk.close(CLIENT)


# -- files -----------------------------------------------------------------------------------------------
def ftp(way: Way, command: str, sender: str, active: bool = False) -> None:
    here, port = (way.client if active else way.server), 195 * 256 + 90
    numbers = f"{here.replace('.', ',')},195,90"
    control = way.line(21)
    control.send(SERVER, b"220 files FTP server ready\r\n")
    for line, reply in (("USER carol", "331 Password"), ("PASS secret-4711", "230 Logged in"), ("TYPE I", "200 ok"),
                        (f"PORT {numbers}", "200 ok") if active else
                        ("PASV", f"227 Entering passive mode ({numbers})")):
        control.ask(line, reply)
    control.send(CLIENT, f"{command} {way.name}\r\n".encode())
    data = way.line(20, port, control.now, opener=SERVER) if active else way.line(port, 51000, control.now)
    control.now = data.now
    control.send(SERVER, b"150 Opening data connection\r\n")
    data.now = control.now
    try:
        data.send(sender, way.raw())  # the needle is set in between
        data.close(sender)
    except Ended:
        control.now = data.now
        control.send(SERVER, b"426 Broken pipe\r\n")
        control.close(CLIENT)
        raise
    control.now = data.now
    control.send(SERVER, b"226 Done\r\n")
    control.close(CLIENT)


def ftp_fetch(way: Way) -> None:
    ftp(way, "RETR", SERVER)


def ftp_active(way: Way) -> None:
    ftp(way, "RETR", SERVER, active=True)


def ftp_store(way: Way) -> None:
    ftp(way, "STOR", CLIENT)


def smb2(way: Way) -> files.Smb2Talk:
    talk = way.line(445)
    for side, words in smb_words(f"\\\\{HOST}\\IPC$", *tokens("cifs")):
        talk.send(side, words)
    smb = files.Smb2Talk(talk, SESSION)
    smb.connect(f"\\\\{HOST}\\Support")
    return smb


def smb2_write(way: Way) -> None:
    smb = smb2(way)
    smb.do(files.CREATE, files.create(f"in\\{way.name}"), files.created())
    for at, piece in way.in_disorder(way.raw()):
        smb.do(files.WRITE, files.write(at, piece), files.written(len(piece)))
    smb.do(files.CLOSE, files.close(), files.closed())
    smb.tcp.close(CLIENT)


def smb2_read(way: Way) -> None:
    smb = smb2(way)
    smb.do(files.CREATE, files.create(f"in\\{way.name}", disposition=1), files.created(len(way.document)))
    for at, piece in way.in_disorder(way.raw()):
        smb.do(files.READ, files.read(at, len(piece)), files.data(piece))
    smb.do(files.CLOSE, files.close(), files.closed())
    smb.tcp.close(CLIENT)


def smb1(way: Way, *, written: bool) -> None:
    talk, fid, number = way.line(139), 0x4007, 0

    def do(command: int, words: bytes, content: bytes = b"", answer: bytes = b"", answer_content: bytes = b"") -> None:
        nonlocal number
        number += 1
        talk.send(CLIENT, files.smb1(command, number, words, content))
        talk.send(SERVER, files.smb1(command, number, answer, answer_content, response=True))

    do(files.TREE_CONNECT_ANDX, *files.tree_connect1(f"\\\\{HOST}\\Support"), files.NO_CHAIN + bytes(6), b"A:\0")
    size = 0 if written else len(way.document)
    do(files.NT_CREATE_ANDX, *files.nt_create1(f"\\{way.name}"), files.nt_created1(fid, size))
    for at, piece in way.in_disorder(way.raw()):
        if written:
            do(files.WRITE_ANDX, *files.write_andx1(fid, at, piece), files.NO_CHAIN + bytes(8))
        else:
            do(files.READ_ANDX, files.read_andx1(fid, at, len(piece)), b"", *files.read_andx_answer1(piece))
    do(files.CLOSE1, struct.pack("<HI", fid, 0))
    talk.close(CLIENT)


def smb1_write(way: Way) -> None:
    smb1(way, written=True)


def smb1_read(way: Way) -> None:
    smb1(way, written=False)


# -- messages --------------------------------------------------------------------------------------------
def msn(way: Way) -> None:
    invite(way, way.raw())


def msn_base64(way: Way) -> None:
    invite(way, way.in_one_base64(0))


def invite(way: Way, context: bytes) -> None:
    """How a ticket stands in an invitation's context is nowhere written down."""
    talk = way.line(1863)
    talk.ask("USR 1 carol@corp.example 1717652279.26955", "USR 1 OK carol@corp.example Carol")
    payload = (b"MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
               b"Application-Name: Remote Assistance\r\nApplication-GUID: {56b994a7-380f-410b-9985-c809d78c1bdc}\r\n"
               b"Invitation-Command: CONTEXT\r\nInvitation-Cookie: 12345\r\nContext-Data: " + context + b"\r\n\r\n")
    talk.send(CLIENT, f"MSG 4 N {len(payload)}\r\n".encode() + payload)
    talk.ask("OUT", "OUT")
    talk.close(CLIENT)


def sip(way: Way) -> None:
    talk, body = way.line(5060), way.raw()
    head = ("MESSAGE sip:dave@corp.example SIP/2.0\r\nVia: SIP/2.0/TCP ws.corp.example;branch=z9hG4bK776\r\n"
            "From: <sip:carol@corp.example>;tag=4711\r\nTo: <sip:dave@corp.example>\r\nCall-ID: 5d1@ws\r\n"
            f"CSeq: 1 MESSAGE\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n")
    talk.send(CLIENT, head.encode() + body)
    talk.send(SERVER, b"SIP/2.0 200 OK\r\nCall-ID: 5d1@ws\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n")
    talk.close(CLIENT)


def dcerpc(way: Way) -> None:
    """The novice's machine answers the call of an offer: of PCHService with a string 1, of RASrv with a string 2."""
    ends = Endpoint(way.client, 50000), Endpoint(way.server, 1045)
    service = RpcTalk(ends, 1045, way.start, local=50000)
    service.tcp.mss = way.mss
    way.lines.append(service.tcp)
    text = way.document.decode()
    if text.startswith("<"):
        service.bind(dcom.RA_SRV)
        service.ask(7, dcom.orpcthis().u32(0).data, dcom.novice_info(text))
    else:
        service.bind(dcom.PCH_SERVICE)
        service.ask(19, dcom.connection_parms("carol", "CORP", 0, "CORP\\helper"), dcom.connection_string(text))
    service.tcp.close(CLIENT)


# -- any stream ------------------------------------------------------------------------------------------
def tcp_alone(way: Way) -> None:
    """The document and nothing else: a port that somebody made for it"""
    talk = way.line(9100)
    talk.send(CLIENT, way.raw())
    talk.close(CLIENT)


def unknown_protocol(way: Way, encoded: bytes) -> None:
    talk = way.line(7001)
    talk.send(CLIENT, b"\x07\x01hello app\n")
    talk.send(SERVER, b"\x07\x02ready\n")
    talk.send(CLIENT, b"\x07\x03store{" + encoded + b"}\n\x07\x04bye\n")
    talk.close(CLIENT)


def tcp_stream(way: Way) -> None:
    unknown_protocol(way, way.raw())


def tcp_base64_0(way: Way) -> None:
    unknown_protocol(way, way.in_one_base64(0))


def tcp_base64_1(way: Way) -> None:
    unknown_protocol(way, way.in_one_base64(1))


def tcp_base64_2(way: Way) -> None:
    unknown_protocol(way, way.in_one_base64(2))


@dataclass(frozen=True)
class Carrier:
    carry: object
    protocol: str
    sender: str
    named: bool = True       # the wire has the file's name
    scanned: bool = False    # found only with --scan-streams


CARRIERS = {one.carry.__name__: one for one in (
    Carrier(smtp_base64, "SMTP", CLIENT), Carrier(smtp_quoted_printable, "SMTP", CLIENT),
    Carrier(smtp_bdat, "SMTP", CLIENT), Carrier(smtp_nested, "SMTP", CLIENT), Carrier(smtp_uuencode, "SMTP", CLIENT),
    Carrier(pop3, "POP3", SERVER), Carrier(imap_whole, "IMAP", SERVER), Carrier(imap_partial, "IMAP", SERVER),
    Carrier(imap_part, "IMAP", SERVER),
    Carrier(http_plain, "HTTP", SERVER), Carrier(http_chunked, "HTTP", SERVER), Carrier(http_gzip, "HTTP", SERVER),
    Carrier(http_put, "HTTP", CLIENT), Carrier(http_form, "HTTP", CLIENT),
    Carrier(ftp_fetch, "FTP", SERVER), Carrier(ftp_active, "FTP", SERVER), Carrier(ftp_store, "FTP", CLIENT),
    Carrier(smb2_write, "SMB", CLIENT), Carrier(smb2_read, "SMB", SERVER),
    Carrier(smb1_write, "SMB", CLIENT), Carrier(smb1_read, "SMB", SERVER),
    Carrier(msn, "MSN", CLIENT, named=False), Carrier(msn_base64, "MSN", CLIENT, named=False),
    Carrier(sip, "SIP", CLIENT, named=False),
    Carrier(dcerpc, "DCERPC", SERVER, named=False), Carrier(tcp_alone, "TCP", CLIENT, named=False),
    Carrier(tcp_stream, "TCP", CLIENT, named=False, scanned=True),
    Carrier(tcp_base64_0, "TCP", CLIENT, named=False, scanned=True),
    Carrier(tcp_base64_1, "TCP", CLIENT, named=False, scanned=True),
    Carrier(tcp_base64_2, "TCP", CLIENT, named=False, scanned=True))}


def carry(carrier: str, way: Way) -> Way:
    try:
        CARRIERS[carrier].carry(way)
    except Ended:
        pass
    return way
