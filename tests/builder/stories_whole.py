"""assistance/whole-story: one help from the first invitation to the last one's expiry, as article KB822407 lists its
events. Windows XP throughout, without encryption, so that every message can be read."""

import struct

from builder import assistance as ra
from builder import auth, files, mail
from builder.capture import Capture, ethernet_capture
from builder.frame import SECOND
from builder.names import A, Record
from builder.places import START
from builder.randomness import pseudo_random
from builder.stories_assistance import EXPERT, NOVICE, Assistance
from builder.stories_mail import send_data
from builder.stories_names import ask, named
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint
from builder.tickets import Ticket, malformed

ADA, NORA = "192.0.2.60", "198.51.100.60"
ADA_NAME, NORA_NAME = "ada.corp.example", "nora.corp.example"
MAIL, SHARE, SWITCHBOARD = "203.0.113.25", "203.0.113.30", "203.0.113.40"
FILE_NAME = "rcBuddy.MsRcIncident"
LEASE = 7200  # s that the names hold


def invitation(label: str, after: int, *, expert: bool = False) -> Ticket:
    """Of the novice, or of the expert who waits; good for an hour"""
    listed = ((ADA, 50911),) if expert else ((NORA, 3389), ("10.20.0.60", 3389), (NORA_NAME, 3389))
    return Ticket(user="Ada Amsel" if expert else "Nora Nest", addresses=listed, start=START // SECOND + after,
                  minutes=60, label=f"whole story {label}", session_id=pseudo_random(f"whole story {label}", 32))


class Line(Conversation):
    def __init__(self, client: tuple[str, int], server: tuple[str, int], after: int):
        super().__init__(Endpoint(*client), Endpoint(*server), START + after * SECOND)
        self.open()

    def ask(self, command: str | bytes, answer: str | bytes) -> None:
        for side, said in ((CLIENT, command), (SERVER, answer)):
            self.send(side, said if isinstance(said, bytes) else said.encode() + b"\r\n")


def withdrawn(ticket: Ticket) -> Line:
    """Saved on a share, and deleted there"""
    talk, fid, text = Line((NORA, 1040), (SHARE, 445), 1), 0x4007, ticket.xp()
    for number, (command, words, content, answer, answer_content) in enumerate((
            (files.TREE_CONNECT_ANDX, *files.tree_connect1("\\\\files.corp.example\\Help"),
             files.NO_CHAIN + bytes(6), b"A:\0"),
            (files.NT_CREATE_ANDX, *files.nt_create1(f"\\{FILE_NAME}"), files.nt_created1(fid, 0), b""),
            (files.WRITE_ANDX, *files.write_andx1(fid, 0, text), files.NO_CHAIN + bytes(8), b""),
            (files.CLOSE1, struct.pack("<HI", fid, 0), b"", b"", b""),
            (files.DELETE1, struct.pack("<H", 6), b"\x04" + auth.wide(f"\\{FILE_NAME}") + b"\0\0", b"", b"")), 1):
        if command == files.DELETE1:
            talk.wait(8 * SECOND)
        talk.send(CLIENT, files.smb1(command, number, words, content))
        talk.send(SERVER, files.smb1(command, number, answer, answer_content, response=True))
    talk.close(CLIENT)
    return talk


def attached(ticket: bytes, name: str = FILE_NAME) -> bytes:
    return mail.mail(mail.multipart([mail.text_part(), mail.part(ticket, name)]))


def mailed_over(client: tuple[str, int], ticket: bytes, name: str, after: int) -> Line:
    """By one who sends nothing else"""
    return mailed([attached(ticket, name)], client, after)


def mailed(messages: list[bytes], client: tuple[str, int] = (NORA, 1041), after: int = 20) -> Line:
    talk = Line(client, (MAIL, 25), after)
    talk.send(SERVER, b"220 mx.corp.example ESMTP ready\r\n")
    talk.ask("EHLO nora.corp.example", "250-mx.corp.example\r\n250 PIPELINING")
    for message in messages:
        send_data(talk, message)
        talk.wait(10 * SECOND)
    talk.ask("QUIT", "221 bye")
    talk.close(CLIENT)
    return talk


def fetched(message: bytes) -> Line:
    talk = Line((ADA, 1130), (MAIL, 110), 60)
    talk.send(SERVER, b"+OK ready\r\n")
    for command, answer in (("USER ada", "+OK"), ("PASS secret-Pop3", "+OK logged in"), ("STAT", "+OK 1 2000")):
        talk.ask(command, answer)
    talk.ask("RETR 1", b"+OK 2000 octets\r\n" + mail.dotted(message))
    talk.ask("QUIT", "+OK bye")
    talk.close(CLIENT)
    return talk


def messaged(ticket: bytes) -> Line:
    """The expert's ticket comes to the novice by Messenger."""
    talk = Line((NORA, 1050), (SWITCHBOARD, 1863), 600)
    talk.ask("ANS 1 nora@corp.example 849102291.520491113 11752013", "ANS 1 OK")
    payload = (b"MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
               b"Application-GUID: {56b994a7-380f-410b-9985-c809d78c1bdc}\r\nInvitation-Command: CONTEXT\r\n"
               b"Invitation-Cookie: 12345\r\nContext-Data: " + ticket + b"\r\n\r\n")
    talk.send(SERVER, f"MSG ada@corp.example Ada {len(payload)}\r\n".encode() + payload)
    talk.send(CLIENT, b"OUT\r\n")
    talk.close(CLIENT)
    return talk


def opened(here: Assistance, ticket: Ticket) -> None:
    """Up to the novice's yes"""
    here.session_id, here.connection = ticket.identifier, ticket.connection_string1(32)
    here.set_out()
    here.introduce_xp()
    here.let_in_xp()
    here.named.insert(0, {"name": ticket.user, "domain": "", "source": "TICKET", "certainty": "INFERRED"})


def helped(ticket: Ticket) -> Assistance:
    """The expert calls: chat, control, a file, control given back, the end."""
    here = Assistance((Endpoint(ADA, 1140), Endpoint(NORA, 3389)), start=START + 90 * SECOND)
    opened(here, ticket)
    here.rc(EXPERT, "EXPERTIP", EXPERTIPDATA="10.7.7.60")
    for side, text in ((EXPERT, "what is wrong?"), (NOVICE, "it does not print")):
        here.say(side, "70", ra.utf16z(text))
    here.told["chat_messages"] = 2
    here.tcp.wait(20 * SECOND)
    start = here.started(here.ask_for_control())
    here.mouse()
    driver = pseudo_random("whole story driver", 12_000)
    here.send_file(EXPERT, "printer-driver.zip", driver, "1000.1164891600", 409_600)
    here.mouse(5)
    here.ended(start, here.rc(EXPERT, "REMOTECTRLEND"), EXPERT)
    here.tcp.wait(30 * SECOND)
    here.leave(EXPERT)
    return here


def called(ticket: Ticket) -> Assistance:
    """The novice calls the expert, who waits."""
    here = Assistance((Endpoint(ADA, 50911), Endpoint(NORA, 1060)), start=START + 620 * SECOND, opener=SERVER)
    opened(here, ticket)
    # Of the conversation that carried the ticket.
    here.named[1:1] = [{"name": f"{name}@corp.example", "domain": "", "source": "MESSENGER", "certainty": "INFERRED"}
                       for name in ("ada", "nora")]
    here.tcp.wait(40 * SECOND)
    here.leave(NOVICE)
    return here


def truth_of(here: Assistance, *path: tuple[str, str]) -> dict:
    truth = here.truth()
    users = truth["users"]
    of_ticket = ("TICKET", "MESSENGER")
    truth["users"] = [one for one in users if one["source"] in of_ticket] + \
                     [one for one in users if one["source"] not in of_ticket]
    truth["client"] |= named((ADA_NAME, "DNS"), fqdn=ADA_NAME)
    truth["server"] |= named((NORA_NAME, "DNS"), fqdn=NORA_NAME)
    return truth | {"path": [{"address": address, "role": role} for address, role in path]}


def ticket_event(kind: str, **more: str) -> dict:
    return {"kind": kind, "certainty": "OBSERVED"} | more


def whole_story() -> Capture:
    first, second, third = invitation("first", 0), invitation("second", 30), invitation("third", 599, expert=True)
    broken = next(one for one in malformed(invitation("broken", 20)) if one.name == "bare_ampersand")
    forward, reverse = helped(second), called(third)
    lines = [withdrawn(first), mailed([attached(broken.document), attached(second.xp())]),
             fetched(attached(second.xp())), messaged(third.xp()), forward.tcp, reverse.tcp]
    ada, nora = Endpoint(ADA, 1131), Endpoint(NORA, 1061)
    frames = [frame for line in lines for frame in line.frames()]
    frames += ask(ada, (NORA_NAME, A), [Record(NORA_NAME, A, NORA, LEASE)], start=START + 89 * SECOND)
    frames += ask(nora, (ADA_NAME, A), [Record(ADA_NAME, A, ADA, LEASE)], start=START + 40 * SECOND)
    for after in range(1200, 4500, 600):  # the day goes on, so that capture time does
        frames += ask(nora, ("www.example", A), [Record("www.example", A, "203.0.113.80")], start=START + after * SECOND)
    sessions = [truth_of(forward, ("10.7.7.60", "CLIENT_PRIVATE"), (ADA, "CLIENT"), (NORA, "SERVER"),
                         ("10.20.0.60", "SERVER_ALTERNATE")),
                truth_of(reverse, (ADA, "CLIENT"), (NORA, "SERVER"))]
    tickets = [ticket_event("ticket_created", protocol="SMB", file_name=FILE_NAME),
               ticket_event("ticket_deleted", protocol="SMB", file_name=FILE_NAME, how="CARRIER_COPY_DELETED"),
               ticket_event("ticket_created", protocol="SMTP", file_name=FILE_NAME),
               ticket_event("ticket_created", protocol="MSN"),
               ticket_event("ticket_expired"), ticket_event("ticket_expired")]
    return ethernet_capture(
        "assistance", "whole-story", "Windows XP, no encryption, all that KB822407 lists: one invitation is withdrawn, one "
        "is broken, one is mailed, fetched and used, with control and a file; then the expert waits with a ticket of its "
        "own; both run out", frames, sessions,
        more={"tickets": tickets, "rejected": [{"error": broken.error, "file_name": FILE_NAME}]})


STORIES = [whole_story]
