"""assistance/: Remote Assistance inside a session that can be read, in whole, in half, or by its lengths alone.

Each step that a security team is told of is noted as it is sent, with the time of the packet that completes
it: `happenings` of the truth."""

import hashlib

from builder import assistance as ra
from builder import gcc, mcs, share, x224
from builder.assistance import addressed, command, control
from builder.capture import Capture, ethernet_capture
from builder.conversations import Protection, RdpConnection
from builder.frame import MILLISECOND, SECOND
from builder.gcc import LEVEL_CLIENT_COMPATIBLE, LEVEL_LOW, METHOD_128
from builder.places import START, client, server
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint
from builder.truth import rfc3339

EXPERT, NOVICE = CLIENT, SERVER
NAMES = {EXPERT: "Ada Amsel", NOVICE: "Nora Nest"}
SESSION_ID = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
CONNECTION = f"65538,1,198.51.100.90:3389;nora.corp.example:3389,*,{SESSION_ID},*,*,AAECAwQFBgcICQoLDA0ODxAREhM="
# Secrets of nobody: the replay test looks for them.
PASSWORD = "K7P3ZQ2M9XTB"
PROOF = "0D7F460A69902031CFA1648D9D98B66CE68880C5F596A1060C457C2EA4AF84E6"

XP_CHANNELS = (("rdpdr", 0x80800000), ("remdesk", 0x80000000))
VISTA_CHANNELS = (("encomsp", 0x80000000), ("remdesk", 0x80000000), ("drdynvc", 0x80000000))


def named(code: int) -> dict:
    return {"code": code, "name": ra.RESULT_NAMES[code]}


class Assistance(RdpConnection):
    """An RDP session of expert and novice, and what a reader of it would tell."""

    def __init__(self, ends: tuple[Endpoint, Endpoint], channels=XP_CHANNELS, protection: Protection | None = None,
                 start: int = START, opener: str = CLIENT, build: int = 2600, computer: str = "WS-ADA"):
        settings = gcc.Settings(core=gcc.ClientCore(computer_name=computer, build=build), channels=channels)
        super().__init__(Conversation(*ends, start, opener=opener), settings, protection)
        self.happened: list[dict] = []
        self.told: dict = {}
        self.named: list[dict] = []
        self.certainty = "OBSERVED"
        self.dynamic: dict[str, int] = {}   # open dynamic channels
        self.name = dict(NAMES)
        self.novice_named = False  # on the wire; version 1 has no message for that
        self.session_id, self.connection, self.password = SESSION_ID, CONNECTION, PASSWORD

    # -- channels -----------------------------------------------------------------------------------
    def static(self, side: str, channel: str, message: bytes) -> int:
        """Sends it; the time of its last packet"""
        number = 1004 + [name for name, _ in self.settings.channels].index(channel)
        for chunk in ra.chunks(message):
            (self.from_client if side == CLIENT else self.from_server)(chunk, channel=number)
        return max(segment.time_ns for segment in self.tcp.segments if segment.sender == side and segment.payload)

    def say(self, side: str, channel: str, data: bytes, header: bool = True) -> int:
        """On the dynamic channel of that name where there is one, else inside remdesk"""
        if channel not in self.dynamic:
            return self.static(side, "remdesk", addressed(channel, data))
        when = 0
        for pdu in ra.dynamic_message(self.dynamic[channel], addressed(channel, data) if header else data):
            when = self.static(side, "drdynvc", pdu)
        return when

    def open_dynamic(self, number: int, name: str, status: int = 0) -> None:
        self.static(SERVER, "drdynvc", ra.create_request(number, name))
        self.static(CLIENT, "drdynvc", ra.create_response(number, status))
        if status == 0:
            self.dynamic[name] = number
            self.told.setdefault("dynamic_channels", []).append(name)

    # -- what is told -------------------------------------------------------------------------------
    def happen(self, kind: str, when: int, certainty: str | None = None, **more) -> None:
        times = {key: rfc3339(value) for key, value in more.items() if key in ("start", "end")}
        self.happened.append({"kind": kind, "time": rfc3339(when), "certainty": certainty or self.certainty}
                             | more | times)

    def add_user(self, name: str, source: str) -> None:
        self.named.append({"name": name, "domain": "", "source": source, "certainty": "OBSERVED"})

    # -- phases -------------------------------------------------------------------------------------
    def set_out(self, cookie: bytes = b"") -> None:
        """Up to the desktop that is not shown yet. AlternateShell holds the password, WorkingDir the id of the
        session ([MS-RA] 2.2.7.2)."""
        self.tcp.open()
        self.request(cookie)
        self.confirm()
        self.set_up(domain="", user=self.name[EXPERT], address=self.tcp.ends[CLIENT].address, password="*",
                    alternate_shell=self.password, working_dir=self.session_id)
        self.activate()
        if any(name == "drdynvc" for name, _ in self.settings.channels):
            self.static(SERVER, "drdynvc", ra.dynamic_capabilities())
            self.static(CLIENT, "drdynvc", ra.dynamic_capabilities())

    def greet(self) -> None:
        self.say(NOVICE, "RC_CTL", control(ra.SERVER_ANNOUNCE))
        self.say(NOVICE, "RC_CTL", ra.version_info())

    def introduce_xp(self) -> None:
        self.greet()
        self.say(EXPERT, "RC_CTL", ra.version_info())
        self.say(EXPERT, "RC_CTL", ra.authenticate(self.connection, ra.expert_blob(self.name[EXPERT], PROOF)))
        if not self.protection.method:
            self.add_user(self.name[EXPERT], "RA_EXPERT_BLOB")

    def introduce_vista(self, header: bool = True) -> None:
        self.greet()
        self.say(EXPERT, "RC_CTL", control(ra.EXPERT_ON_VISTA, bytes.fromhex(PROOF)), header)
        self.say(EXPERT, "RC_CTL", ra.verify_password(ra.expert_blob(self.name[EXPERT], PROOF)), header)
        if not self.protection.method:
            self.add_user(self.name[EXPERT], "RA_EXPERT_BLOB")

    def answer(self, code: int) -> int:
        return self.say(NOVICE, "RC_CTL", ra.result(code))

    def accepted(self, when: int, by: str = "RA_ACCEPT", certainty: str | None = None) -> None:
        self.told |= {"accepted": rfc3339(when), "outcome": "ESTABLISHED"}
        self.happen("session_accepted", when, certainty, accepted_by=by)

    def let_in_xp(self) -> None:
        self.answer(0)
        self.say(EXPERT, "RC_CTL", control(ra.REMOTE_CONTROL_DESKTOP, ra.utf16z(self.connection)))
        self.tcp.wait(4 * SECOND)
        self.accepted(self.answer(0))
        self.pictures()

    def refuse(self, code: int, outcome: str = "REFUSED") -> None:
        self.answer(code)
        self.told |= {"error": named(code), "outcome": outcome, "accepted": None}

    def pictures(self, count: int = 6) -> None:
        for index in range(count):
            pixels = pseudo_random(f"screen:{index}", 16 * 16 * 2)
            self.fast_path(SERVER, 0, share.fast_path_update(1, share.bitmap_update(16, 16, pixels, 16 * index, 0)))
            self.tcp.wait(40 * MILLISECOND)

    def mouse(self, count: int = 25) -> None:
        for index in range(count):
            self.fast_path(CLIENT, 1 << 2, share.mouse_event(0x0800, 100 + 7 * index, 120 + 3 * index))
            self.tcp.wait(60 * MILLISECOND)

    def started(self, when: int, certainty: str | None = None) -> int:
        self.happen("control_started", when, certainty, start=when, role="EXPERT",
                    **({"by": self.name[EXPERT]} if certainty is None else {}))
        return when

    def ended(self, start: int, when: int, by: str | None, certainty: str | None = None) -> None:
        who = {} if by is None else {"role": "EXPERT" if by == EXPERT else "NOVICE"}
        if by is not None and certainty is None and (by == EXPERT or self.novice_named):
            who["by"] = self.name[by]
        self.happen("control_ended", when, certainty, start=start, end=when, **who)

    # -- control by commands, [MS-RA] 3.15 ------------------------------------------------------------
    def rc(self, side: str, name: str, **attributes: str) -> int:
        return self.say(side, "71", command(name, **attributes))

    def ask_for_control(self, answer: str = "ACCEPTRC") -> int:
        self.rc(EXPERT, "REMOTECTRLSTART")
        self.tcp.wait(2 * SECOND)
        return self.rc(NOVICE, answer)

    # -- files, 3.9 -----------------------------------------------------------------------------------
    def offer(self, sender: str, name: str, size: int, channel: str, **more: str) -> int:
        return self.rc(sender, "FILEXFER", FILENAME=name, FILESIZE=str(size), CHANNELID=channel, **more)

    def word(self, side: str, channel: str, word: str, header: bool = True) -> int:
        return self.say(side, channel, ra.utf16z(word), header)

    def blocks(self, sender: str, channel: str, content: bytes, size: int, header: bool = True) -> None:
        for at in range(0, len(content), size):
            self.say(sender, channel, content[at:at + size], header)

    def file_began(self, sender: str, when: int, name: str, size: int, certainty: str | None = None,
                   **more) -> dict:
        file = {"start": when, "file_name": name, "size": size, "mechanism": "RA_FILE_TRANSFER",
                "direction": "CLIENT_TO_SERVER" if sender == EXPERT else "SERVER_TO_CLIENT"} | more
        self.happen("file_transfer_started", when, certainty, **file)
        return file

    def file_ended(self, file: dict, when: int, result: str, moved: int, certainty: str | None = None,
                   **more) -> None:
        self.happen("file_transfer_ended", when, certainty, **file, end=when, result=result, transferred_bytes=moved,
                    **more)

    def send_file(self, sender: str, name: str, content: bytes, channel: str, block: int,
                  header: bool = True) -> None:
        receiver = NOVICE if sender == EXPERT else EXPERT
        file = self.file_began(sender, self.offer(sender, name, len(content), channel), name, len(content))
        self.tcp.wait(SECOND)
        self.word(receiver, channel, "FILEXFERACK", header)
        self.blocks(sender, channel, content, block, header)
        self.file_ended(file, self.word(sender, channel, "FILEXFEREND", header), "COMPLETED", len(content),
                        sha256=hashlib.sha256(content).hexdigest())

    # -- the end --------------------------------------------------------------------------------------
    def leave(self, side: str) -> None:
        self.say(side, "RC_CTL", control(ra.DISCONNECT))
        self.disconnect(side, x224.USER_REQUESTED)
        self.tcp.close(side)

    def truth(self, segments=None, frames=None, **overrides) -> dict:
        made = super().truth(segments, frames, kind="REMOTE_ASSISTANCE", **overrides)
        told = dict(self.told)
        if told.get("accepted", "") is None:
            made.pop("accepted", None)
            del told["accepted"]
        if self.named:
            made["users"] = made.get("users", []) + self.named
        return made | told | {"happenings": sorted(self.happened, key=lambda one: one["time"])}


def capture(name: str, story: str, *sessions: Assistance) -> Capture:
    frames = [frame for session in sessions for frame in session.tcp.frames()]
    return ethernet_capture("assistance", name, story, frames, [session.truth() for session in sessions])


def ends(number: int, port: int = 3389) -> tuple[Endpoint, Endpoint]:
    return client(f"192.0.2.{110 + number}", 49700 + number), server(f"198.51.100.{110 + number}", port)


# -- version 1, everything in clear --------------------------------------------------------------------------
def xp() -> Capture:
    here = Assistance(ends(0))
    here.set_out()
    here.introduce_xp()
    here.let_in_xp()
    here.rc(EXPERT, "EXPERTIP", EXPERTIPDATA="10.7.7.7")
    for side, text in ((EXPERT, "hallo"), (NOVICE, "grüß dich"), (EXPERT, "x" * 30)):
        here.say(side, "70", ra.utf16z(text))
    here.told["chat_messages"] = 3
    here.ask_for_control("REJECTRC")
    here.ask_for_control("DENIEDRC ")
    start = here.started(here.ask_for_control())
    here.mouse()
    here.ended(start, here.rc(NOVICE, "TAKECONTROL"), NOVICE)
    start = here.started(here.ask_for_control())
    here.mouse(3)
    here.ended(start, here.rc(EXPERT, "REMOTECTRLEND"), EXPERT)
    start = here.started(here.ask_for_control())
    here.ended(start, here.rc(NOVICE, "ESCRC"), NOVICE)
    here.rc(NOVICE, "VOIPGO", VOIPVER="VOIPVER2", VOIPGOKEY="c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlYw==",
            VOIPIPLIST="198.51.100.110:11334,10.8.8.8:11334")
    # Blocks of version 1 have 409,600 bytes: these files have one each.
    here.send_file(EXPERT, "fix.zip", pseudo_random("fix", 20_000), "1000.1164891600", 409_600)
    channel = "198.51.100.110.1164891700"
    file = here.file_began(NOVICE, here.offer(NOVICE, "log & traces.txt", 700, channel), "log & traces.txt", 700)
    here.tcp.wait(SECOND)
    here.file_ended(file, here.word(EXPERT, channel, "FILEXFERREJECT"), "REFUSED", 0)
    channel = "1000.1164891800"
    file = here.file_began(EXPERT, here.offer(EXPERT, "C:\\temp\\tool.exe", 5, channel), "C:\\temp\\tool.exe", 5)
    here.word(NOVICE, channel, "FILEXFERACK")
    here.file_ended(file, here.word(NOVICE, channel, "FILEXFERREJECT"), "CANCELLED_BY_RECEIVER", 0)
    for side in (EXPERT, NOVICE):
        here.say(side, "RC_CTL", control(ra.ISCONNECTED))
    # The end of the session ends what is under way: control, and a file that nobody answered.
    start = here.started(here.ask_for_control())
    here.file_began(EXPERT, offered := here.offer(EXPERT, "late.txt", 9, "1000.1164891900"), "late.txt", 9)
    bye = here.say(EXPERT, "RC_CTL", control(ra.DISCONNECT))
    here.ended(start, bye, EXPERT)
    here.disconnect(EXPERT, x224.USER_REQUESTED)
    here.tcp.close(EXPERT)
    closed = next(segment.time_ns for segment in here.tcp.segments if segment.flags & 1)
    here.file_ended({"start": offered, "file_name": "late.txt", "size": 9, "mechanism": "RA_FILE_TRANSFER",
                     "direction": "CLIENT_TO_SERVER"}, closed, "NO_RESPONSE", 0)
    here.told["path"] = [{"address": address, "role": role} for address, role in (
        ("10.7.7.7", "CLIENT_PRIVATE"), ("192.0.2.110", "CLIENT"), ("198.51.100.110", "SERVER"),
        ("10.8.8.8", "SERVER_ALTERNATE"))]
    return capture("xp-everything", "Windows XP, no encryption: announced, known, let in; chat, control refused, "
                   "forbidden, taken back, given back, escaped, files sent, refused, cancelled; voice", here)


# -- version 2 -----------------------------------------------------------------------------------------------
def vista_opening(here: Assistance, number: int = 1, header: bool = True) -> None:
    here.set_out()
    here.introduce_vista(header)
    here.answer(0)
    here.tcp.wait(3 * SECOND)
    flags = ra.MAY_VIEW | ra.IS_PARTICIPANT
    here.accepted(here.static(NOVICE, "encomsp", ra.filter_state(False)
                              + ra.participant_created(number, flags, here.name[EXPERT])))
    here.add_user(here.name[EXPERT], "ENCOMSP")
    here.pictures(3)


def participant(here: Assistance, flags: int, number: int = 1) -> int:
    return here.static(NOVICE, "encomsp", ra.participant_created(number, flags | ra.IS_PARTICIPANT,
                                                                 here.name[EXPERT]))


def request(here: Assistance, flags: int, number: int = 1) -> int:
    return here.static(EXPERT, "encomsp", ra.control_change(number, flags))


VIEW, CONTROL = ra.MAY_VIEW, ra.MAY_VIEW | ra.MAY_INTERACT
ASK_VIEW, ASK_CONTROL = ra.REQUEST_VIEW, ra.REQUEST_VIEW | ra.REQUEST_INTERACT


def vista() -> Capture:
    here = Assistance(ends(1, 49671), VISTA_CHANNELS, build=6001)
    vista_opening(here)
    here.say(NOVICE, "RC_CTL", control(ra.RANOVICE_NAME, ra.bstr(here.name[NOVICE])))
    here.add_user(here.name[NOVICE], "RA_NAME")
    here.novice_named = True
    here.say(EXPERT, "RC_CTL", control(ra.RAEXPERT_NAME, ra.utf16z("Ada A.")))
    here.add_user("Ada A.", "RA_NAME")
    here.name[EXPERT] = "Ada A."
    here.static(NOVICE, "encomsp", ra.app_created(4711, "Editor"))
    # Asked and refused, then asked and granted, taken back; granted again and given back.
    request(here, ASK_CONTROL)
    here.static(NOVICE, "encomsp", ra.control_change_response(1, ASK_CONTROL, 1))
    request(here, ASK_CONTROL)
    here.tcp.wait(SECOND)
    start = here.started(here.rc(NOVICE, "ACCEPTRC"))
    here.name[EXPERT] = NAMES[EXPERT]
    participant(here, CONTROL)  # the same again, and the name as the novice lists it
    here.mouse()
    here.ended(start, participant(here, VIEW), NOVICE)
    request(here, ASK_CONTROL)
    start = here.started(participant(here, CONTROL))
    here.static(NOVICE, "encomsp", ra.PAUSED)
    here.static(NOVICE, "encomsp", ra.RESUMED)
    here.ended(start, request(here, ASK_VIEW), EXPERT)
    participant(here, VIEW)
    # Files in blocks of 1,024 bytes.
    here.send_file(NOVICE, "report.xml", pseudo_random("report", 2500), "RA_FX", 1024)
    here.send_file(EXPERT, "words.txt", ra.utf16z("FILEXFEREND"), "RA_FX", 1024)
    file = here.file_began(EXPERT, here.offer(EXPERT, "half.bin", 3000, "RA_FX"), "half.bin", 3000)
    here.word(NOVICE, "RA_FX", "FILEXFERACK")
    here.blocks(EXPERT, "RA_FX", pseudo_random("half", 2048), 1024)
    here.file_ended(file, here.word(EXPERT, "RA_FX", "FILEXFEREND"), "INCOMPLETE", 2048)
    file = here.file_began(NOVICE, here.offer(NOVICE, "big.iso", 9000, "RA_FX"), "big.iso", 9000)
    here.word(EXPERT, "RA_FX", "FILEXFERACK")
    here.blocks(NOVICE, "RA_FX", pseudo_random("big", 1024), 1024)
    here.file_ended(file, here.word(NOVICE, "RA_FX", "FILEXFERREJECT"), "CANCELLED_BY_SENDER", 1024)
    contact = b"<RAINVITATIONCOLL/>"
    when = here.offer(EXPERT, "contact.xml", len(contact), "RA_FX", INTERNALDATA="1")
    file = here.file_began(EXPERT, when, "contact.xml", len(contact), internal=True)
    here.word(NOVICE, "RA_FX", "FILEXFERACK")
    here.blocks(EXPERT, "RA_FX", contact, 1024)
    here.file_ended(file, here.word(EXPERT, "RA_FX", "FILEXFEREND"), "COMPLETED", len(contact),
                    sha256=hashlib.sha256(contact).hexdigest())
    here.static(NOVICE, "encomsp", ra.participant_removed(1, ra.BY_HOST))
    here.told["participants"] = [{"id": 1, "name": NAMES[EXPERT], "may_view": True, "is_client": True}]
    here.leave(NOVICE)
    return capture("vista-multiparty", "Windows Vista, no encryption: let in as a participant; control asked for on the "
                   "multiparty channel, refused, granted, taken back, given back; files in blocks, one with the words "
                   "of the protocol in it", here)


def vista_dynamic() -> Capture:
    here = Assistance(ends(2, 49672), VISTA_CHANNELS, build=7601)
    here.tcp.open()
    here.request(b"")
    here.confirm()
    here.set_up(domain="", user=NAMES[EXPERT], address="192.0.2.112", password="*", alternate_shell=PASSWORD,
                working_dir=SESSION_ID)
    here.activate()
    here.static(SERVER, "drdynvc", ra.dynamic_capabilities())
    here.static(CLIENT, "drdynvc", ra.dynamic_capabilities())
    for number, name in ((1, "RC_CTL"), (2, "70"), (300, "71"), (70_000, "RA_FX")):
        here.open_dynamic(number, name)
    here.open_dynamic(9, "ECHO", 0x80070490)
    here.greet()
    # The expert leaves the header of the channel out, and its name is too long for one PDU.
    here.name[EXPERT] = "Ada " + "Amsel-" * 150
    here.say(EXPERT, "RC_CTL", ra.control(ra.EXPERT_ON_VISTA), header=False)
    here.say(EXPERT, "RC_CTL", ra.verify_password(ra.expert_blob(here.name[EXPERT], PROOF)), header=False)
    here.add_user(here.name[EXPERT], "RA_EXPERT_BLOB")
    here.answer(0)
    here.pictures(1)
    here.accepted(max(s.time_ns for s in here.tcp.segments if s.sender == SERVER and s.payload))
    here.say(EXPERT, "70", ra.utf16z("hi"), header=False)
    here.told["chat_messages"] = 1
    start = here.started(here.ask_for_control())
    here.ended(start, here.rc(EXPERT, "ABORTRC"), EXPERT)
    here.send_file(EXPERT, "tool.cmd", pseudo_random("tool", 3000), "RA_FX", 1024, header=False)
    here.static(CLIENT, "drdynvc", ra.close_channel(70_000))
    here.leave(EXPERT)
    return capture("vista-dynamic", "everything on dynamic channels, with the channel's header and without; one "
                   "channel the client does not have; let in when the first picture comes", here)


# -- not let in --------------------------------------------------------------------------------------------
def refused(name: str, story: str, number: int, code: int, vista_: bool = False, early: bool = False,
            outcome: str = "REFUSED") -> Capture:
    here = Assistance(ends(number), VISTA_CHANNELS if vista_ else XP_CHANNELS, build=6001 if vista_ else 2600)
    here.set_out()
    if vista_:
        here.introduce_vista()
    else:
        here.introduce_xp()
    if not early and not vista_:
        here.answer(0)
        here.say(EXPERT, "RC_CTL", control(ra.REMOTE_CONTROL_DESKTOP, ra.utf16z(CONNECTION)))
    here.tcp.wait(5 * SECOND)
    here.refuse(code, outcome)
    here.disconnect(NOVICE, x224.PROVIDER_INITIATED)
    here.tcp.close(NOVICE)
    return capture(name, story, here)


def not_let_in() -> list[Capture]:
    return [
        refused("xp-refused", "the novice says no", 10, 41),
        refused("xp-no-answer", "the novice does not answer in time", 11, 40),
        refused("xp-wrong-password", "version 1: the proof of the password is wrong", 12, 26, early=True,
                outcome="AUTHENTICATION_FAILED"),
        refused("xp-not-found", "the ticket was deleted", 13, 25, early=True),
        refused("xp-expired", "the ticket has expired", 14, 27, early=True),
        refused("vista-wrong-password", "version 2: the proof of the password is wrong", 15, 61, vista_=True,
                outcome="AUTHENTICATION_FAILED"),
        refused("vista-stopped", "version 2: the invitation was withdrawn", 16, 51, vista_=True)]


def unasked() -> Capture:
    here = Assistance(ends(17))
    here.set_out()
    here.introduce_xp()
    here.let_in_xp()
    start = here.started(here.rc(NOVICE, "ACCEPTRC"))
    here.ended(start, here.rc(NOVICE, "TAKECONTROL"), NOVICE)
    here.leave(EXPERT)
    return capture("xp-control-unasked", "the novice grants control that nobody asked for", here)


def unanswered() -> Capture:
    """As FreeRDP's novice does: it never answers, and the expert's input is taken all the same."""
    here = Assistance(ends(19, 49681), VISTA_CHANNELS, build=6001)
    vista_opening(here)
    start = request(here, ASK_CONTROL)
    here.happen("control_started", start, "INFERRED", start=start, role="EXPERT", by=NAMES[EXPERT])
    here.mouse(12)
    end = request(here, ASK_VIEW)
    here.happen("control_ended", end, "INFERRED", start=start, end=end, role="EXPERT", by=NAMES[EXPERT])
    here.leave(EXPERT)
    return capture("vista-unanswered", "control that is asked for, never answered, used and given back", here)


def lost_block() -> Capture:
    """One segment of the file's second block is missing."""
    here = Assistance(ends(18, 49680), VISTA_CHANNELS, build=6001)
    vista_opening(here)
    content = pseudo_random("holed", 4096)
    file = here.file_began(NOVICE, here.offer(NOVICE, "holed.bin", 4096, "RA_FX"), "holed.bin", 4096)
    here.word(EXPERT, "RA_FX", "FILEXFERACK")
    here.blocks(NOVICE, "RA_FX", content[:1024], 1024)
    lost = len(here.tcp.segments)
    here.blocks(NOVICE, "RA_FX", content[1024:2048], 1024)
    for at in (2048, 3072):
        here.tcp.wait(2 * SECOND)  # until nobody can think that it is only late
        here.blocks(NOVICE, "RA_FX", content[at:at + 1024], 1024)
    here.word(NOVICE, "RA_FX", "FILEXFEREND")
    ended_at = max(s.time_ns for s in here.tcp.segments if s.sender == NOVICE and s.payload)
    here.happen("file_transfer_ended", ended_at, **file, end=ended_at, result="COMPLETED")
    here.leave(EXPERT)
    assert here.tcp.segments[lost].sender == NOVICE and here.tcp.segments[lost].payload
    segments = here.tcp.segments[:lost] + here.tcp.segments[lost + 1:]
    frames = here.tcp.frames(segments=segments)
    return ethernet_capture("assistance", "vista-lost-block", "a block of a file was never captured: the file ends "
                            "well, and has no digest", frames, [here.truth(segments, frames)])


# -- half in clear, and not at all ------------------------------------------------------------------------------
def low() -> Capture:
    here = Assistance(ends(20), protection=Protection.proprietary(METHOD_128, LEVEL_LOW, "ra-low"))
    here.name[EXPERT] = ""  # what the expert says is encrypted
    here.set_out()
    here.name[EXPERT] = NAMES[EXPERT]
    here.introduce_xp()
    here.name[EXPERT] = ""
    here.let_in_xp()
    start = here.ask_for_control()
    here.happen("control_started", start, start=start, role="EXPERT")
    here.mouse()
    when = here.rc(NOVICE, "TAKECONTROL")
    here.happen("control_ended", when, start=start, end=when, role="NOVICE")
    channel, content = "198.51.100.130.1164891700", pseudo_random("low", 1200)
    file = here.file_began(NOVICE, here.offer(NOVICE, "log.txt", len(content), channel), "log.txt", len(content))
    here.word(EXPERT, channel, "FILEXFERACK")
    here.blocks(NOVICE, channel, content, 409_600)
    here.file_ended(file, here.word(NOVICE, channel, "FILEXFEREND"), "COMPLETED", len(content),
                    sha256=hashlib.sha256(content).hexdigest())
    here.leave(NOVICE)
    return capture("xp-low", "level LOW: what the novice sends is clear, and tells acceptance, control and a file", here)


def sealed() -> Capture:
    here = Assistance(ends(21), protection=Protection.proprietary(METHOD_128, LEVEL_CLIENT_COMPATIBLE, "ra-sealed"))
    here.certainty = "INFERRED"
    here.set_out()
    here.introduce_xp()
    here.answer(0)
    here.say(EXPERT, "RC_CTL", control(ra.REMOTE_CONTROL_DESKTOP, ra.utf16z(CONNECTION)))
    here.tcp.wait(4 * SECOND)
    here.accepted(here.answer(0))
    here.pictures()
    here.ask_for_control("REJECTRC")
    here.tcp.wait(2 * SECOND)
    start = here.started(here.ask_for_control(), "INFERRED")
    here.mouse()
    here.ended(start, here.rc(NOVICE, "TAKECONTROL"), NOVICE, "INFERRED")
    start = here.started(here.ask_for_control(), "INFERRED")
    here.mouse()
    here.ended(start, here.rc(EXPERT, "REMOTECTRLEND"), EXPERT, "INFERRED")
    for sender, channel, size, block in ((EXPERT, "1000.1164891600", 5000, 409_600), (NOVICE, "RA_FX", 5000, 1024)):
        receiver = NOVICE if sender == EXPERT else EXPERT
        content = pseudo_random(f"sealed:{sender}", size)
        when = here.offer(sender, "secret plan.doc", size, channel)
        direction = "CLIENT_TO_SERVER" if sender == EXPERT else "SERVER_TO_CLIENT"
        file = {"start": when, "direction": direction, "mechanism": "RA_FILE_TRANSFER"}
        here.happen("file_transfer_started", when, **file)
        here.word(receiver, channel, "FILEXFERACK")
        here.blocks(sender, channel, content, block)
        end = here.word(sender, channel, "FILEXFEREND")
        here.happen("file_transfer_ended", end, **file, end=end, result="COMPLETED", size=size, transferred_bytes=size)
    here.told["inferred"] = {"accepted": True, "outcome": True}
    here.leave(EXPERT)
    return capture("xp-sealed", "128-bit RC4: the lengths of the encrypted messages tell acceptance, control and the "
                   "sizes of two files", here)


def sealed_refused() -> Capture:
    here = Assistance(ends(22), protection=Protection.proprietary(METHOD_128, LEVEL_CLIENT_COMPATIBLE, "ra-refused"))
    here.set_out()
    here.introduce_xp()
    here.answer(0)
    here.say(EXPERT, "RC_CTL", control(ra.REMOTE_CONTROL_DESKTOP, ra.utf16z(CONNECTION)))
    here.tcp.wait(6 * SECOND)
    here.answer(41)
    here.disconnect(NOVICE, x224.PROVIDER_INITIATED)
    here.tcp.close(NOVICE)
    here.told |= {"accepted": None, "outcome": "REFUSED", "inferred": {"outcome": True}}
    return capture("xp-sealed-refused", "128-bit RC4: the novice answers, and nothing is shown", here)


# -- who calls, and who else is there --------------------------------------------------------------------------
def reverse() -> Capture:
    here = Assistance((client("192.0.2.140", 4911), server("198.51.100.140", 50911)), opener=SERVER)
    here.set_out()
    here.introduce_xp()
    here.let_in_xp()
    start = here.started(here.ask_for_control())
    here.mouse(5)
    here.ended(start, here.rc(EXPERT, "REMOTECTRLEND"), EXPERT)
    here.leave(EXPERT)
    return capture("xp-reverse", "the expert waits with a ticket of its own, and the novice calls", here)


def two_experts() -> Capture:
    """One novice, one ticket, a session for each expert; the novice lists both in each."""
    novice = server("198.51.100.150", 49690)
    ada = Assistance((client("192.0.2.150", 49801), novice), VISTA_CHANNELS, build=7601)
    bea = Assistance((client("192.0.2.151", 49802), novice), VISTA_CHANNELS, start=START + 20 * SECOND, build=7601,
                     computer="WS-BEA")
    bea.name[EXPERT] = "Bea Buche"
    vista_opening(ada, 1)
    vista_opening(bea, 2)
    ada.tcp.now = bea.tcp.now + SECOND
    ada.static(NOVICE, "encomsp", ra.participant_created(2, VIEW, "Bea Buche"))
    bea.static(NOVICE, "encomsp", ra.participant_created(1, VIEW, "Ada Amsel"))
    bea.tcp.now = ada.tcp.now + SECOND
    request(bea, ASK_CONTROL, 2)
    start = bea.started(participant(bea, CONTROL, 2))
    ada.tcp.now = bea.tcp.now
    ada.static(NOVICE, "encomsp", ra.participant_created(2, CONTROL, "Bea Buche"))
    bea.mouse(4)
    bea.static(NOVICE, "encomsp", ra.participant_removed(1, ra.BY_PARTICIPANT))
    bea.ended(start, request(bea, ASK_VIEW, 2), EXPERT)
    participant(bea, VIEW, 2)
    listed = {1: "Ada Amsel", 2: "Bea Buche"}
    for session, own in ((ada, 1), (bea, 2)):
        session.told["participants"] = [{"id": number, "name": listed[number]}
                                        | ({"is_client": True} if number == own else {})
                                        for number in sorted(listed, key=lambda number: number != own)]
    ada.leave(EXPERT)
    bea.leave(NOVICE)
    return capture("two-experts", "two experts at once: a session for each, and control for one of them", ada, bea)


STORIES = [xp, vista, vista_dynamic, not_let_in, unasked, unanswered, lost_block, low, sealed, sealed_refused, reverse,
           two_experts]
