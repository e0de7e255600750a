"""web/ and file/: tickets that go up and down over HTTP, FTP and SMB, and are deleted there."""

import struct

from builder import auth, files
from builder.capture import Capture, ethernet_capture, gzipped
from builder.frame import MILLISECOND, SECOND
from builder.places import START, pair
from builder.randomness import pseudo_random
from builder.stories_auth import SESSION, smb_words, tokens
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint
from builder.tickets import Ticket, malformed

HOST = "files.corp.example"
MINUTES = 1440


def ticket(number: int) -> Ticket:
    """Valid when the story happens; each story its own."""
    return Ticket(start=START // SECOND - 60, minutes=MINUTES, label=f"file story {number}")


def ends(number: int, port: int) -> tuple[Endpoint, Endpoint]:
    client, server = pair(200 + number)
    return client, Endpoint(server.address, port)


def created(what: Ticket, form: str, protocol: str, name: str) -> dict:
    return {"kind": "ticket_created", "protocol": protocol, "file_name": name, "ticket": what.truth(form)}


def rejected(error: str, protocol: str, name: str) -> dict:
    return {"kind": "ticket_rejected", "protocol": protocol, "file_name": name, "error": error}


def deleted(protocol: str, name: str, copies: int) -> dict:
    """`copies`: seen before, each with its carrier"""
    return {"kind": "ticket_deleted", "how": "CARRIER_COPY_DELETED", "protocol": protocol, "file_name": name,
            "copies": copies}


def told(family: str, name: str, story: str, conversations: list[Conversation], events: list[dict]) -> Capture:
    frames = [frame for talk in conversations for frame in talk.frames()]
    return ethernet_capture(family, name, story, frames, [], more={"tickets": events})


# -- web/ ------------------------------------------------------------------------------------------------
def web_download() -> Capture:
    """Requests sent ahead, a compressed answer in chunks, a broken ticket, a page that speaks of tickets."""
    what, broken = ticket(1), malformed(ticket(1))
    cut = next(each for each in broken if each.name == "cut_in_string")
    talk = Conversation(*ends(1, 80), START)
    talk.open()
    talk.send(CLIENT, files.request("GET", "/help/index.html", HOST)
              + files.request("HEAD", "/help/Einladung%20f%C3%BCr%20Carol.msrcIncident", HOST)
              + files.request("GET", "/help/Einladung%20f%C3%BCr%20Carol.msrcIncident?from=portal", HOST))
    page = b"<!DOCTYPE html><html><body>Save the invitation, <code>&lt;UPLOADINFO</code> &hellip;</body></html>"
    talk.send(SERVER, files.answer("200 OK", page, Content_Type="text/html"))
    talk.send(SERVER, files.answer("200 OK", Content_Type="application/octet-stream", Content_Length="900"))
    packed = gzipped(what.vista())
    talk.send(SERVER, files.answer("200 OK", files.chunked(packed, 100), Content_Type="application/octet-stream",
                                   Content_Encoding="gzip", Transfer_Encoding="chunked"))
    talk.send(CLIENT, files.request("GET", "/get.php?id=7", HOST))
    talk.send(SERVER, files.answer("200 OK", cut.document, Content_Type="text/xml",
                                   Content_Disposition='attachment; filename="cut.msrcIncident"'))
    talk.close(SERVER)
    return told("web", "ticket-download", "an invitation is downloaded, compressed and in chunks; another is cut off",
                [talk], [created(what, "vista", "HTTP", "Einladung für Carol.msrcIncident"),
                         rejected(cut.error, "HTTP", "cut.msrcIncident")])


def web_upload_and_delete() -> Capture:
    """A form with a file, then WebDAV: PUT, MOVE, DELETE of the folder's new place."""
    what = ticket(2)
    talk = Conversation(*ends(2, 8080), START)
    talk.open()
    talk.send(CLIENT, files.request("POST", "/support/upload", HOST,
                                    files.form("----7MA4YWxk", "Invitation.msrcIncident", what.xp()),
                                    Content_Type="multipart/form-data; boundary=----7MA4YWxk"))
    talk.send(SERVER, files.answer("303 See Other", b"", Location="/support/"))
    talk.send(CLIENT, files.request("PUT", "/dav/a%62.msrcIncident", HOST, what.xp()))
    talk.send(SERVER, files.answer("201 Created", b""))
    talk.send(CLIENT, files.request("DELETE", "/dav/missing", HOST))
    talk.send(SERVER, files.answer("404 Not Found", b""))
    talk.send(CLIENT, files.request("MOVE", "/dav/ab.msrcIncident", HOST, None,
                                    Destination=f"http://{HOST}/dav/old.msrcIncident"))
    talk.send(SERVER, files.answer("201 Created", b""))
    talk.close(CLIENT)
    later = Conversation(Endpoint("192.0.2.77", 50300), ends(2, 8080)[1], START + 20 * SECOND)
    later.open()
    later.send(CLIENT, files.request("DELETE", "/dav/old.msrcIncident", HOST))
    later.send(SERVER, files.answer("204 No Content"))
    later.close(CLIENT)
    return told("web", "ticket-upload-delete",
                "an invitation goes up in a form and by WebDAV, is moved there, and deleted by somebody else",
                [talk, later], [created(what, "xp", "HTTP", "Invitation.msrcIncident"),
                                deleted("HTTP", "old.msrcIncident", 2)])


def web_bomb() -> Capture:
    """20 MiB of zeros behind what begins as a ticket, compressed a thousandfold."""
    talk = Conversation(*ends(3, 80), START)
    talk.open()
    talk.send(CLIENT, files.request("GET", "/bomb.msrcIncident", HOST))
    packed = gzipped(b'<?xml version="1.0"?><UPLOADINFO TYPE="' + bytes(20 << 20))
    talk.send(SERVER, files.answer("200 OK", packed, Content_Encoding="gzip"))
    talk.send(CLIENT, files.request("GET", "/a.msrcIncident", HOST))
    what = ticket(3)
    talk.send(SERVER, files.answer("200 OK", what.xp()))
    talk.close(CLIENT)
    return told("web", "compressed-bomb", "a body that grows a thousandfold is left, and what follows is read", [talk],
                [rejected("too_large", "HTTP", "bomb.msrcIncident"), created(what, "xp", "HTTP", "a.msrcIncident")])


# -- file/ -----------------------------------------------------------------------------------------------
class Ftp:
    """A control connection, and data connections beside it."""

    def __init__(self, number: int):
        self.client, self.server = ends(number, 21)
        self.control = Conversation(self.client, self.server, START)
        self.data: list[Conversation] = []
        self.control.open()
        self.answer("220 files FTP server ready")
        for line, reply in (("USER carol", "331 Password"), ("PASS secret-4711", "230 Logged in"),
                            ("PWD", '257 "/home/carol" is the current directory'), ("TYPE I", "200 ok")):
            self.do(line, reply)

    def ask(self, line: str) -> None:
        self.control.send(CLIENT, line.encode() + b"\r\n")

    def answer(self, line: str) -> None:
        self.control.send(SERVER, line.encode() + b"\r\n")

    def do(self, line: str, reply: str) -> None:
        self.ask(line)
        self.answer(reply)

    def transfer(self, command: str, content: bytes, *, active: bool = False) -> None:
        port = 50010 + len(self.data)
        numbers = ",".join((self.client if active else self.server).address.split("."))
        if active:
            self.do(f"PORT {numbers},{port >> 8},{port & 255}", "200 ok")
            at = Endpoint(self.server.address, 20), Endpoint(self.client.address, port)
        else:
            self.do("PASV", f"227 Entering passive mode ({numbers},{port >> 8},{port & 255})")
            at = Endpoint(self.client.address, 51000 + len(self.data)), Endpoint(self.server.address, port)
        self.ask(command)
        talk = Conversation(*at, self.control.now + MILLISECOND)
        talk.open()
        self.control.now = talk.now
        self.answer("150 Opening data connection")
        talk.now = self.control.now
        sender = CLIENT if command.startswith("STOR") != active else SERVER
        talk.send(sender, content)
        talk.close(sender)
        self.control.now = talk.now
        self.answer("226 Done")
        self.data.append(talk)

    def told(self, name: str, story: str, events: list[dict]) -> Capture:
        self.do("QUIT", "221 Bye")
        self.control.close(SERVER)
        return told("file", name, story, [self.control, *self.data], events)


def ftp_passive() -> Capture:
    what = ticket(4)
    ftp = Ftp(4)
    ftp.transfer("STOR Invitation.msrcIncident", what.vista())
    ftp.do("CWD /home", "250 ok")
    ftp.transfer("RETR carol/Invitation.msrcIncident", what.vista())
    ftp.transfer("RETR /pub/readme.txt", b"65538 is only a number here\r\n")
    ftp.do("DELE /home/carol/other.msrcIncident", "250 gone")
    ftp.do("DELE carol/../carol/Invitation.msrcIncident", "250 gone")
    return ftp.told("ftp-passive", "an invitation is stored, fetched and deleted over FTP, in passive mode",
                    [created(what, "vista", "FTP", "Invitation.msrcIncident"),
                     deleted("FTP", "Invitation.msrcIncident", 2)])


def ftp_active() -> Capture:
    what = ticket(5)
    ftp = Ftp(5)
    ftp.transfer("RETR rcBuddy.MsRcIncident", what.xp_utf16(), active=True)
    ftp.do("RNFR rcBuddy.MsRcIncident", "350 To what")
    ftp.do("RNTO /old/x.MsRcIncident", "250 ok")
    ftp.do("DELE rcBuddy.MsRcIncident", "550 Not there")
    ftp.do("DELE /old/x.MsRcIncident", "250 gone")
    return ftp.told("ftp-active", "an invitation in UTF-16 is fetched in active mode, renamed and deleted",
                    [created(what, "xp_utf16", "FTP", "rcBuddy.MsRcIncident"), deleted("FTP", "x.MsRcIncident", 1)])


def smb2_talk(number: int) -> files.Smb2Talk:
    talk = Conversation(*ends(number, 445), START)
    talk.open()
    for side, words in smb_words(f"\\\\{HOST}\\IPC$", *tokens("cifs")):
        talk.send(side, words)
    smb = files.Smb2Talk(talk, SESSION)
    smb.connect(f"\\\\{HOST}\\Support")
    return smb


def smb2_write_read_delete() -> Capture:
    """Written in pieces of which the last comes first; read back by another open; renamed; deleted on close."""
    what, smb = ticket(6), smb2_talk(6)
    text = what.windows10()
    first, second = text[:400], text[400:]
    smb.do(files.CREATE, files.create("in\\Invitation.msrcIncident"), files.created())
    late = smb.ask(files.WRITE, files.write(len(first), second))
    early = smb.ask(files.WRITE, files.write(0, first))
    smb.answer(files.WRITE, early, files.written(len(first)))
    smb.answer(files.WRITE, late, files.written(len(second)))
    smb.do(files.CLOSE, files.close(), files.closed())
    again = bytes(range(101, 117))
    smb.do(files.CREATE, files.create("IN\\invitation.msrcincident", disposition=1), files.created(len(text), again))
    smb.do(files.READ, files.read(0, 65536, again), files.data(text))
    smb.do(files.READ, files.read(len(text), 65536, again), struct.pack("<HBBI", 9, 0, 0, 0), status=0xC0000011)
    smb.do(files.SET_INFO, files.set_info(files.RENAME, files.renamed_to("in\\old.msrcIncident"), again),
           struct.pack("<H", 2))
    smb.do(files.CLOSE, files.close(again), files.closed())
    smb.do(files.CREATE, files.create("in\\other.txt", files.DELETE_ON_CLOSE, 1), files.created(9))
    smb.do(files.CLOSE, files.close(), files.closed())
    smb.do(files.CREATE, files.create("in\\old.msrcIncident", disposition=1), files.created(len(text)))
    smb.do(files.SET_INFO, files.set_info(files.DISPOSITION, b"\x01"), struct.pack("<H", 2))
    smb.do(files.CLOSE, files.close(), files.closed())
    smb.tcp.close(CLIENT)
    return told("file", "smb2-write-read-delete",
                "an invitation is written out of order to a share, read back, renamed and deleted, over SMB 2",
                [smb.tcp], [created(what, "windows10", "SMB", "Invitation.msrcIncident"),
                            deleted("SMB", "old.msrcIncident", 2)])


def smb2_refused() -> Capture:
    """A broken ticket, and a deletion that the server does not grant."""
    cut = next(each for each in malformed(ticket(7)) if each.name == "placeholder")
    smb = smb2_talk(7)
    smb.do(files.CREATE, files.create("broken.msrcIncident"), files.created())
    smb.do(files.WRITE, files.write(0, cut.document), files.written(len(cut.document)))
    smb.do(files.CLOSE, files.close(), files.closed())
    what = ticket(8)
    smb.do(files.CREATE, files.create("good.msrcIncident"), files.created())
    smb.do(files.WRITE, files.write(0, what.xp()), files.written(len(what.xp())))
    smb.do(files.SET_INFO, files.set_info(files.DISPOSITION, b"\x01"), struct.pack("<HBBI", 9, 0, 0, 0),
           status=0xC0000022)
    smb.do(files.CLOSE, files.close(), files.closed())
    smb.tcp.close(CLIENT)
    return told("file", "smb2-refused", "a broken invitation on a share; another whose deletion is denied", [smb.tcp],
                [rejected(cut.error, "SMB", "broken.msrcIncident"), created(what, "xp", "SMB", "good.msrcIncident")])


def smb1_write_delete() -> Capture:
    what = ticket(9)
    text, fid = what.xp(), 0x4007
    talk = Conversation(*ends(9, 139), START)
    talk.open()

    def do(number: int, command: int, words: bytes, content: bytes = b"", answer: bytes = b"",
           answer_content: bytes = b"") -> None:
        talk.send(CLIENT, files.smb1(command, number, words, content))
        talk.send(SERVER, files.smb1(command, number, answer, answer_content, response=True))

    do(1, files.TREE_CONNECT_ANDX, *files.tree_connect1(f"\\\\{HOST}\\Support"), files.NO_CHAIN + bytes(6), b"A:\0")
    do(2, files.NT_CREATE_ANDX, *files.nt_create1("\\rcBuddy.MsRcIncident"), files.nt_created1(fid, 0))
    do(3, files.WRITE_ANDX, *files.write_andx1(fid, 0, text[:200]), files.NO_CHAIN + bytes(8))
    do(4, files.WRITE_ANDX, *files.write_andx1(fid, 200, text[200:]), files.NO_CHAIN + bytes(8))
    do(5, files.CLOSE1, struct.pack("<HI", fid, 0))
    do(6, files.NT_CREATE_ANDX, *files.nt_create1("\\rcBuddy.MsRcIncident"), files.nt_created1(fid, len(text)))
    do(7, files.READ_ANDX, files.read_andx1(fid, 0, 4096), b"", *files.read_andx_answer1(text))
    do(8, files.CLOSE1, struct.pack("<HI", fid, 0))
    do(9, files.DELETE1, struct.pack("<H", 6), b"\x04" + auth.wide("\\rcBuddy.MsRcIncident") + b"\0\0")
    talk.close(CLIENT)
    return told("file", "smb1-write-read-delete", "an invitation is written, read and deleted over SMB 1", [talk],
                [created(what, "xp", "SMB", "rcBuddy.MsRcIncident"), deleted("SMB", "rcBuddy.MsRcIncident", 2)])


def smb2_large_file() -> Capture:
    """A file of no interest in large reads; a ticket behind it in the same connection."""
    smb = smb2_talk(10)
    smb.do(files.CREATE, files.create("setup.exe", disposition=1), files.created(500_000))
    content = b"MZ" + pseudo_random("setup", 250_000)
    for at in range(0, len(content), 125_000):
        part = content[at:at + 125_000]
        smb.do(files.READ, files.read(at, len(part)), files.data(part))
    smb.do(files.CLOSE, files.close(), files.closed())
    what = ticket(10)
    smb.do(files.CREATE, files.create("a.msrcIncident", disposition=1), files.created(len(what.vista())))
    smb.do(files.READ, files.read(0, 65536), files.data(what.vista()))
    smb.do(files.CLOSE, files.close(), files.closed())
    smb.tcp.close(CLIENT)
    return told("file", "smb2-large-file", "a large file is passed over; the invitation behind it is seen", [smb.tcp],
                [created(what, "vista", "SMB", "a.msrcIncident")])


STORIES = [web_download, web_upload_and_delete, web_bomb, ftp_passive, ftp_active, smb2_write_read_delete, smb2_refused,
           smb1_write_delete, smb2_large_file]
