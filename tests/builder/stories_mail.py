"""mail/: tickets on their way by mail, and what becomes of their copies. No session: the events are the tickets'."""

from builder import mail
from builder.capture import Capture, ethernet_capture
from builder.frame import SECOND
from builder.places import START, client, server
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tickets import Ticket, look_alikes, malformed

NAME = "Invitation.msrcIncident"
TICKET = Ticket(start=START // SECOND - 600, label="mail")
CREATED = {"kind": "ticket_created", "certainty": "OBSERVED"}


class Talk(Conversation):
    def __init__(self, number: int, port: int, greeting: str, start: int = START):
        super().__init__(client(f"192.0.2.{20 + number}", 50200 + number), server("198.51.100.150", port), start)
        self.open()
        self.send(SERVER, greeting.encode() + b"\r\n")

    def ask(self, command: str | bytes, answer: str | bytes) -> None:
        for side, said in ((CLIENT, command), (SERVER, answer)):
            self.send(side, said if isinstance(said, bytes) else said.encode() + b"\r\n")


def tell(name: str, story: str, talks: list[Talk], tickets: list[dict], *, cut: int = 0,
         rejected: list[dict] | None = None) -> Capture:
    for talk in talks:
        talk.close(CLIENT)
        if cut:
            talk.cut(cut)
    frames = [frame for talk in talks for frame in talk.frames()]
    return ethernet_capture("mail", name, story, frames, [], 
                            more={"tickets": tickets, "rejected": rejected or []})


def created(protocol: str, file_name: str = NAME) -> dict:
    return CREATED | {"protocol": protocol, "file_name": file_name}


def deleted(protocol: str) -> dict:
    return {"kind": "ticket_deleted", "certainty": "OBSERVED", "protocol": protocol, "how": "CARRIER_COPY_DELETED"}


def attached(ticket: bytes, **how: str) -> bytes:
    return mail.mail(mail.multipart([mail.text_part(), mail.part(ticket, NAME, **how)]))


# -- SMTP -------------------------------------------------------------------------------------------
def smtp(number: int, *, extensions: str = "PIPELINING") -> Talk:
    talk = Talk(number, 25, "220 mx.corp.example ESMTP ready")
    talk.ask("EHLO ws.corp.example", f"250-mx.corp.example\r\n250-{extensions}\r\n250 8BITMIME")
    return talk


def send_data(talk: Talk, message: bytes, answer: str = "250 2.0.0 taken") -> None:
    talk.ask("MAIL FROM:<carol@corp.example>\r\nRCPT TO:<dave@corp.example>\r\nDATA",
             "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go on")
    talk.ask(mail.dotted(message), answer)


def smtp_base64() -> Capture:
    talk = smtp(1)
    send_data(talk, attached(TICKET.vista()))
    talk.ask("QUIT", "221 bye")
    return tell("smtp-base64", "a ticket attached in base64, sent with pipelined commands", [talk], [created("SMTP")])


def smtp_one_byte() -> Capture:
    talk = smtp(2)
    send_data(talk, attached(TICKET.xp()))
    return tell("smtp-one-byte", "the same, a byte in each segment", [talk], [created("SMTP")], cut=1)


def smtp_bdat() -> Capture:
    talk = smtp(3, extensions="CHUNKING")
    message = attached(TICKET.xp(), encoding="quoted-printable", media_type="text/xml")
    first = len(message) // 2
    talk.ask("MAIL FROM:<carol@corp.example>\r\nRCPT TO:<dave@corp.example>", "250 ok\r\n250 ok")
    talk.ask(f"BDAT {first}\r\n".encode() + message[:first], "250 more")
    talk.ask(f"BDAT {len(message) - first} LAST\r\n".encode() + message[first:], "250 taken")
    return tell("smtp-bdat", "a ticket in quoted-printable, in two chunks", [talk], [created("SMTP")])


def smtp_refused() -> Capture:
    talk = smtp(4)
    send_data(talk, attached(TICKET.xp()), "554 5.7.1 not here")
    return tell("smtp-refused", "the server refuses the mail, but it was sent", [talk], [created("SMTP")])


def smtp_nested() -> Capture:
    inner = mail.multipart([mail.text_part(), mail.part(
        TICKET.windows10(), NAME, disposition="filename*0*=utf-8''f%C3%BCr%20;\r\n filename*1*=dave.msrcIncident")], 2)
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" + mail.mail(inner)
    talk = smtp(5)
    send_data(talk, mail.mail(mail.multipart([mail.text_part(), mail.multipart([forwarded], 3)])))
    return tell("smtp-nested", "forwarded: in a message in a multipart in a multipart, the name in two sections", [talk],
                [created("SMTP", "f\u00fcr dave.msrcIncident")])


def smtp_uuencode() -> Capture:
    talk = smtp(6)
    send_data(talk, b"From: carol@corp.example\r\nSubject: Help\r\n\r\nPlease help.\r\n\r\n"
              + mail.uuencoded(TICKET.xp_utf16(), NAME) + b"Carol\r\n")
    return tell("smtp-uuencode", "an old program writes the ticket, in UTF-16, into the text", [talk], [created("SMTP")])


def smtp_two_mails() -> Capture:
    other = Ticket(start=TICKET.start, label="other")
    talk = smtp(7)
    send_data(talk, attached(TICKET.vista()))
    send_data(talk, attached(TICKET.vista()))
    send_data(talk, attached(other.vista()))
    return tell("smtp-two-tickets", "one ticket twice and another, in three mails of a connection", [talk],
                [created("SMTP")] * 2)


def smtp_look_alikes() -> Capture:
    talk = smtp(8)
    parts = [mail.part(data, name) for name, data in look_alikes()]
    send_data(talk, mail.mail(mail.multipart([mail.text_part(), *parts])))
    return tell("smtp-look-alikes", "a mail that speaks of tickets and has none", [talk], [])


def smtp_malformed() -> Capture:
    broken = {each.name: each for each in malformed(TICKET)}
    talk, rejected = smtp(9), []
    for name in ("bare_ampersand", "field_missing", "hex_odd"):
        send_data(talk, attached(broken[name].document))
        rejected.append({"error": broken[name].error, "file_name": NAME})
    return tell("smtp-malformed", "three mails with tickets that are not well formed", [talk], [], rejected=rejected)


def smtp_cut() -> Capture:
    message = attached(TICKET.vista())
    talk = smtp(15)
    send_data(talk, message[:message.index(b"PD94") + 400] + b"\r\n")
    return tell("smtp-cut", "the mail ends in the middle of the ticket", [talk], [],
                rejected=[{"error": "truncated", "file_name": NAME}])


# -- POP3 and IMAP ----------------------------------------------------------------------------------
def pop3() -> Capture:
    message = mail.dotted(attached(TICKET.vista()))
    talk = Talk(10, 110, "+OK ready")
    for command, answer in (("USER dave", "+OK"), ("PASS secret-Pop3", "+OK logged in"), ("STAT", "+OK 1 2000")):
        talk.ask(command, answer)
    talk.ask("RETR 1", b"+OK 2000 octets\r\n" + message)
    talk.ask("DELE 1", "+OK marked")
    talk.ask("QUIT", "+OK bye")
    return tell("pop3-deleted", "a mail with a ticket is fetched and deleted", [talk], [created("POP3"), deleted("POP3")])


def imap(number: int, start: int = START) -> Talk:
    talk = Talk(number, 143, "* OK [CAPABILITY IMAP4rev1 LITERAL+ UIDPLUS MOVE] ready", start)
    talk.ask("a1 LOGIN dave {11+}\r\nsecret-Imap", "a1 OK logged in")
    talk.ask("a2 SELECT INBOX", "* 3 EXISTS\r\n* OK [UIDVALIDITY 1764] ok\r\na2 OK [READ-WRITE] selected")
    return talk


def fetched(number: int, items: list[bytes]) -> bytes:
    return f"* {number} FETCH (".encode() + b" ".join(items) + b")\r\n"


def imap_partial() -> Capture:
    message = attached(TICKET.vista())
    talk = imap(11)
    for origin in (0, 1500, 500, 1000, 2000, 2500, 3000):
        if origin < len(message):
            data = message[origin:origin + 500]
            talk.ask(f"b{origin} UID FETCH 17 BODY.PEEK[]<{origin}.500>",
                     fetched(2, [b"UID 17", f"BODY[]<{origin}>".encode(), mail.literal(data)])
                     + f"b{origin} OK done\r\n".encode())
    return tell("imap-partial", "a mail is fetched in pieces, not in their order", [talk], [created("IMAP")])


def imap_part() -> Capture:
    encoded = mail.lines(TICKET.vista())
    structure = (b'BODYSTRUCTURE (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 40 2)("APPLICATION" "OCTET-STREAM" NIL NIL NIL '
                 b'"BASE64" %d NIL ("ATTACHMENT" ("FILENAME" "%s")) NIL) "MIXED" ("BOUNDARY" "x") NIL NIL)'
                 % (len(encoded), NAME.encode()))
    talk = imap(12)
    talk.ask("b1 UID FETCH 17 BODYSTRUCTURE", fetched(2, [b"UID 17", structure]) + b"b1 OK done\r\n")
    talk.ask("b2 UID FETCH 17 BODY[2]", fetched(2, [b"BODY[2]", mail.literal(encoded), b"UID 17"]) + b"b2 OK done\r\n")
    later = imap(13, START + 60 * SECOND)
    later.ask("b1 UID STORE 17 +FLAGS (\\Deleted)", "* 2 FETCH (UID 17 FLAGS (\\Deleted))\r\nb1 OK done")
    later.ask("b2 UID EXPUNGE 17", "* 2 EXPUNGE\r\nb2 OK done")
    return tell("imap-part-expunged", "the attachment is fetched alone; another connection expunges the mail later",
                [talk, later], [created("IMAP"), deleted("IMAP")])


def imap_append() -> Capture:
    message = attached(TICKET.xp())
    talk = imap(14)
    talk.ask(f"b1 APPEND INBOX (\\Seen) {{{len(message)}}}", "+ go on")
    talk.ask(message + b"\r\n", "b1 OK [APPENDUID 1764 18] done")
    talk.ask("b2 UID MOVE 18 Trash", "* OK [COPYUID 9 18 1] moved\r\n* VANISHED 18\r\nb2 OK done")
    return tell("imap-append-moved", "a mail with a ticket is appended, then moved away", [talk],
                [created("IMAP"), deleted("IMAP")])


STORIES = [smtp_base64, smtp_one_byte, smtp_bdat, smtp_refused, smtp_nested, smtp_uuencode, smtp_two_mails,
           smtp_look_alikes, smtp_malformed, smtp_cut, pop3, imap_partial, imap_part, imap_append]
