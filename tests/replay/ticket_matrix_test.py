#!/usr/bin/env python3
"""Every format of ticket over every carrier, as it is and mistreated: told once with the right fields, or rejected
with error, line and column. Made by tests/builder; a capture for each mistreatment, a conversation for each cell.

A cell is named mistreatment/carrier/format. Names in the tables below may have * in them."""

import base64
import fnmatch
import re
import sys
import tempfile
import unittest
from dataclasses import dataclass, field, replace
from pathlib import Path

import remora
from remora import PROJECT, kind_of, nanoseconds, replay

sys.path.insert(0, str(PROJECT / "tests"))

from builder.carriers import CARRIERS, Way, carry  # noqa: E402
from builder.frame import MILLISECOND, SECOND  # noqa: E402
from builder.pcap import pcap_file  # noqa: E402
from builder.places import START  # noqa: E402
from builder.randomness import pseudo_random  # noqa: E402
from builder.tickets import FORMATS, Ticket, look_alikes, malformed  # noqa: E402

FILE_NAMES = {"xp": "rcBuddy.MsRcIncident", "xp_utf16": "RAInvitation.msrcincident"}
SCANNED = [name for name, carrier in CARRIERS.items() if carrier.scanned]
PLAIN = [name for name in CARRIERS if name not in SCANNED]

# Cells that cannot exist.
NOT_THERE = {
    "*/dcerpc/xp": "the calls of an offer answer with a connection string, never with a file",
    "*/dcerpc/xp_utf16": "the same",
    "*/dcerpc/vista": "the same",
    "*/dcerpc/windows10": "the same",
    "cut*/dcerpc/*": "an answer that did not come whole has no string in it: its result stands behind",
}
# Cells in which nothing may be told, though the capture has something like a ticket.
NOTHING_TOLD = {
    "cut-silent/*": "it is the capture that ends, and not the document",
    "cut-reset/*": "nor is a document over when its connection is broken off: only a FIN is a side's end",
    "cut/msn*/bare*": "a connection string on its own, in a stream or message, does not claim to be one",
    "cut/sip/bare*": "the same",
    "cut/tcp_alone/bare1": "the same",
    "cut/tcp_stream/bare*": "the same",
    "cut/tcp_base64_*/bare*": "the same",
    "damaged/msn*/bare*": "the same",
    "damaged/sip/bare*": "the same",
    "damaged/tcp_alone/bare1": "the same",
    "damaged/tcp_stream/bare*": "the same",
    "damaged/tcp_base64_*/bare*": "the same",
    "cut/smb?_read/*": "a file of which a part was read is none that ends too early",
    "cut/imap_partial/*": "nor is a mail",
}
# Cells in which Remora is wrong, and why.
KNOWN_WRONG: dict[str, str] = {}
# The same with --scan-streams, and more.
KNOWN_WRONG_SCANNED = KNOWN_WRONG | {
    "damaged/smb2_write/vista": "a piece of the document begins inside RCTICKET=\": what follows looks like a connection "
                                "string on its own to one who does not know the protocol",
}

# What is broken in a stream counts only where it begins as a whole invitation does.
STREAM_DAMAGE = {"field_missing", "port_zero", "port_large", "placeholder", "start", "length", "bare_ampersand",
                 "hex_odd"}
CUTS = {"cut": "close", "cut-reset": "reset", "cut-silent": "silence"}
STREAMS = ("msn", "msn_base64", "sip", *SCANNED)


def named_in(table: dict[str, str], cell: str) -> str | None:
    return next((pattern for pattern in table if fnmatch.fnmatchcase(cell, pattern)), None)


# -- what is broken, and where -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Damage:
    name: str
    document: bytes
    error: str
    place: tuple[int, int]


def text_of(document: bytes) -> str:
    if document.startswith(b"\xff\xfe"):
        return document[2:len(document) // 2 * 2].decode("utf-16-le", "surrogatepass")
    try:
        return document.decode()
    except UnicodeDecodeError:
        return document.decode("cp1252")


def at(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1"""
    before = text[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def value_of(text: str, attribute: str) -> int:
    return re.search(rf'\b{attribute}\s*=\s*"', text).end()


def place_of(error: str, name: str, text: str) -> tuple[int, int]:
    """Of an attribute that is wrong its value, of an element its '<'"""
    if error.startswith("rcticket."):
        return at(text, value_of(text, "RCTICKET") if text.startswith("<") else 0)
    if error.startswith("lhticket."):
        return at(text, value_of(text, "LHTICKET"))
    found = {
        "uploadinfo.type": lambda: value_of(text, "TYPE"),
        "uploaddata.missing": lambda: text.index("<UPLOADINFO"),
        "uploaddata.count": lambda: [one.start() for one in re.finditer("<UPLOADDATA", text)][1],
        "dt.range": lambda: value_of(text, "DtStart" if name == "start" else "DtLength"),
        "xml.not_wellformed": lambda: re.search(r'&b[\w.:-]*(?![\w.:-])', text, re.ASCII).end(),
        "xml.encoding": lambda: next(i for i, c in enumerate(text) if "\ud800" <= c <= "\udfff"),
        "xml.doctype": lambda: text.index("["),
        "cs2.port": lambda: value_of(text, "P"),
        "cs2.structure": lambda: text.index("<E>"),
        "truncated": lambda: len(text),
    }[error]
    return at(text, found())


def damages(form: str, ticket: Ticket) -> list[Damage]:
    """Those of builder/tickets.py that are of this format, and what they have in the other formats"""
    broken = {one.name: one for one in malformed(ticket)
              if not one.needs_password and one.name not in ("user_1_mib", "utf16_lone_surrogate")}
    of_vista, of_bare2 = ("hex_odd", "hex_letter", "block"), ("bare2_port", "bare2_cut")
    whole = getattr(ticket, form)()
    if form in ("xp", "xp_utf16"):
        told = [(one.name, one.document, one.error) for one in broken.values() if one.name not in of_vista + of_bare2]
        if form == "xp_utf16":
            told = [(name, b"\xff\xfe" + document.decode("cp1252").encode("utf-16-le"), error)
                    for name, document, error in told]
            told += [(one.name, one.document, one.error) for one in malformed(ticket)
                     if one.name == "utf16_lone_surrogate"]
    elif form == "vista":
        told = [(name, broken[name].document, broken[name].error) for name in of_vista]
        told.append(("start", whole.replace(b'DtStart="', b'DtStart="-'), "dt.range"))
    elif form == "windows10":
        sealed = re.search(rb'LHTICKET="([0-9A-F]+)"', whole)[1]
        told = [("hex_odd", whole.replace(sealed, sealed[:-1]), "lhticket.hex"),
                ("hex_letter", whole.replace(sealed, b"G" + sealed[1:]), "lhticket.hex"),
                ("block", whole.replace(sealed, sealed[:30]), "lhticket.block"),
                ("length", whole.replace(b'DtLength="', b'DtLength="x'), "dt.range")]
    elif form == "bare1":
        told = [("field_missing", whole.rsplit(b",", 1)[0], "rcticket.field_count"),
                ("type", whole.replace(b"65538,1,", b"65538,2,"), "rcticket.type"),
                ("placeholder", whole.replace(b",*,", b",x,", 1), "rcticket.placeholder"),
                ("port_zero", re.sub(rb":\d+", b":0", whole), "rcticket.address")]
    else:
        told = [(name, broken[name].document, broken[name].error) for name in of_bare2]
        told.append(("structure", whole.split(b"<C>")[0] + b"</E>", "cs2.structure"))
    return [Damage(name, document, error, place_of(error, name, text_of(document)))
            for name, document, error in told]


def sealed_damages(form: str, ticket: Ticket) -> list[Damage]:
    """What only a reader with the password sees"""
    return [Damage(one.name, one.document, one.error, (0, 0)) for one in malformed(ticket)
            if one.needs_password and (form == "vista") == (one.name == "sealed_damage")]


# -- cells ---------------------------------------------------------------------------------------------------
@dataclass
class Cell:
    mistreatment: str
    carrier: str
    form: str
    client: str
    way: Way | None = None
    expected: list[dict] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.mistreatment}/{self.carrier}/{self.form}"


def rejected(error: str, place: tuple[int, int]) -> dict:
    return {"kind": "ticket_rejected", "certainty": "OBSERVED", "error": error, "line": place[0], "column": place[1]}


def from_mark(document: bytes, carrier: str) -> bytes:
    """In a stream a ticket begins at its mark."""
    if carrier not in STREAMS:
        return document
    mark = "<UPLOADINFO"
    for form in ("ascii", "utf-16-le"):
        if (found := document.find(mark.encode(form))) >= 0:
            return document[found:] if form == "ascii" else b"\xff\xfe" + document[found:]
    return document


def build(cell: Cell, number: int) -> None:
    carrier = CARRIERS[cell.carrier]
    ticket = Ticket(user=f"Zo\u00eb {number}", start=START // SECOND - 600, minutes=1440, label=cell.name,
                    addresses=(("2001:db8::10", 49671), ("192.0.2.10", 49672), ("novice.corp.example", 49672)))
    document = getattr(ticket, cell.form)()
    opened = cell.mistreatment == "opened"
    cell.expected = [{"kind": "ticket_created", "certainty": "DECRYPTED" if opened else "OBSERVED"}
                     | ticket.truth(cell.form, opened)]
    place = 1 + list(CARRIERS).index(cell.carrier), 1 + list(FORMATS).index(cell.form)
    cell.way = Way(cell.client, "172.16.%d.%d" % place, START + number * 20 * MILLISECOND,
                   FILE_NAMES.get(cell.form, "Invitation.msrcIncident"), document, cut=CUTS.get(cell.mistreatment, ""),
                   mss=60 if cell.mistreatment == "reordered" else 1460)
    if cell.mistreatment == "damaged":
        those = [one for one in damages(cell.form, ticket)
                 if cell.carrier not in STREAMS or cell.form.startswith("bare") or one.name in STREAM_DAMAGE]
        one = those[place[0] % len(those)]
        cell.way = replace(cell.way, document=one.document)
        where = place_of(one.error, one.name, text_of(from_mark(one.document, cell.carrier)))
        cell.expected = [rejected(one.error, where)]
    if cell.mistreatment == "sealed":
        those = sealed_damages(cell.form, ticket)
        one = those[place[0] % len(those)]
        cell.way = replace(cell.way, document=one.document)
        where = place_of("lhticket.", one.name, text_of(from_mark(one.document, cell.carrier)))
        cell.expected = [rejected(one.error, where) | {"certainty": "DECRYPTED"}]
    carry(cell.carrier, cell.way)
    if cell.mistreatment in CUTS:
        text = text_of(from_mark(document[:cell.way.visible], cell.carrier))
        error = "rcticket.field_count" if cell.form == "bare1" else "truncated"
        cell.expected = [rejected(error, place_of(error, "", text))]
    if named_in(NOTHING_TOLD, cell.name):
        cell.expected = []
    sender = cell.client if carrier.sender == "client" else cell.way.server
    for event in cell.expected:
        event |= {"protocol": carrier.protocol, "file_name": cell.way.name if carrier.named else "", "sender": sender}


def reorder(way: Way) -> None:
    """Each three segments of one side that follow each other were captured the wrong way round."""
    for line in way.lines:
        run: list[int] = []
        for index, segment in enumerate([*line.segments, None]):
            data = segment is not None and segment.payload
            goes_on = data and (not run or line.segments[run[0]].sender == segment.sender)
            if goes_on and len(run) < 3:
                run.append(index)
                continue
            if len(run) > 1:
                line.swap(run[0], run[-1])
            run = [index] if data else []


def cells_of(mistreatment: str, carriers: list[str], forms: tuple[str, ...] = tuple(FORMATS)) -> list[Cell]:
    cells: list[Cell] = []
    for carrier in carriers:
        for form in forms:
            number = len(cells)
            cell = Cell(mistreatment, carrier, form, f"10.1.{number >> 8}.{number & 255}")
            if named_in(NOT_THERE, cell.name):
                continue
            build(cell, number)
            if mistreatment == "one-byte":
                for line in cell.way.lines:
                    line.cut(1)
            if mistreatment == "reordered":
                reorder(cell.way)
            cells.append(cell)
    return cells


def capture(ways: list[Way], folder: str) -> tuple[Path, list[str]]:
    """And the client whose conversation each frame is of, from frame 1 on"""
    frames = sorted(((frame, way.client) for way in ways for line in way.lines for frame in line.frames()),
                    key=lambda one: one[0].time_ns)
    path = Path(folder) / "matrix.pcap"
    path.write_bytes(pcap_file([frame for frame, _ in frames]))
    return path, [client for _, client in frames]


RULES = {"ticket_created": "ticket.seen", "ticket_rejected": "ticket.refused"}


# -- what Remora says ------------------------------------------------------------------------------------------
def told(event: dict) -> dict:
    """In the words of the expectation"""
    kind = kind_of(event)
    body = event[kind]
    carrier = body["carrier"]
    one = {"kind": kind, "certainty": event["certainty"], "protocol": carrier["protocol"],
           "file_name": carrier.get("file_name", ""), "sender": carrier["source_address"]}
    if kind == "ticket_rejected":
        return one | {key: body.get(key) for key in ("error", "line", "column")}
    ticket = {key: value for key, value in body["ticket"].items() if key != "ticket_id"}
    for key in ("start", "expires"):
        if key in ticket:
            ticket[key] = nanoseconds(ticket[key]) // SECOND
    if "duration" in ticket:
        ticket["duration"] = int(float(ticket["duration"].removesuffix("s")))
    return one | ticket


def by_client(events: list[dict], owners: list[str]) -> dict[str, list[dict]]:
    """Events of tickets, by the end of the flow that is a cell's. Their evidence is a frame of that flow."""
    found: dict[str, list[dict]] = {}
    for event in events:
        if not (kind := kind_of(event)).startswith("ticket_"):
            continue
        carrier, one = event[kind]["carrier"], told(event)
        client = next(carrier[key] for key in ("source_address", "destination_address")
                      if carrier[key].startswith("10.1."))
        evidence, = event["evidence"]
        if evidence["rule"] != RULES[kind] or owners[int(evidence["frame"]) - 1] != client:
            one["evidence"] = evidence
        found.setdefault(client, []).append(one)
    return found


def more_look_alikes() -> list[tuple[str, bytes]]:
    """Marks by chance, in all the ways in which they are looked for; and XML, HTML that speak of tickets"""
    noise = pseudo_random("marks by chance", 4096)
    marks = [mark.encode(code) for mark in ("<UPLOADINFO", "</UPLOADINFO>", "<E><A ", "</E>", "65538,1,")
             for code in ("ascii", "utf-16-le")]
    marks += [base64.b64encode(b"x" * before + mark) for mark in marks for before in range(3)]
    spoken = ('The file has <UPLOADINFO TYPE="Escalated"><UPLOADDATA USERNAME="..." RCTICKET="65538,1,..." '
              'LHTICKET="..."/></UPLOADINFO>, or only <E><A KH="..." ID="..."/><C>...</C></E>.')
    escaped = spoken.replace("<", "&lt;")
    return [("marks.bin", b"".join(noise[at:at + 90] + mark for at, mark in zip(range(0, 4096, 100), marks))),
            ("mail.xml", f'<?xml version="1.0"?><mail to="dave"><body>{escaped}</body></mail>'.encode()),
            ("page.html", f"<!DOCTYPE html><html><body><p>{escaped}</p></body></html>".encode()),
            ("wide.txt", b"\xff\xfe" + spoken.encode("utf-16-le"))]


class Matrix(unittest.TestCase):
    maxDiff = None

    def check(self, cells: list[Cell], *options: str) -> list[dict]:
        with tempfile.TemporaryDirectory() as folder:
            path, owners = capture([cell.way for cell in cells], folder)
            one, three = (replay("--threads", threads, *options, path) for threads in (1, 3))
        self.assertEqual(one.exit_code, 0, one.stderr)
        self.assertEqual(one.stdout, three.stdout, "with threads")
        found = by_client(one.events, owners)
        known = KNOWN_WRONG_SCANNED if "--scan-streams" in options else KNOWN_WRONG
        wrong = {cell.name for cell in cells if found.get(cell.client, []) != cell.expected}
        problems = [f"{cell.name}\n  truth  {cell.expected}\n  Remora {found.get(cell.client, [])}" for cell in cells
                    if cell.name in wrong and named_in(known, cell.name) is None]
        problems += [f"{cell.name} is right now: take it out of KNOWN_WRONG" for cell in cells
                     if cell.name not in wrong and named_in(known, cell.name)]
        if problems:
            self.fail(f"{len(problems)} of {len(cells)} cells\n" + "\n".join(problems))
        return one.events

    def test_as_it_is(self):
        events = self.check(cells_of("whole", PLAIN))
        self.assertEqual({kind_of(event) for event in events} - {"offer"}, {"ticket_created", "sensor_health"})

    def test_as_it_is_and_streams_are_scanned(self):
        """What a family found is not found again."""
        self.check(cells_of("whole", [*PLAIN, *SCANNED]), "--scan-streams")

    def test_mistreated_and_streams_are_scanned(self):
        for mistreatment in ("reordered", *CUTS, "damaged"):
            with self.subTest(mistreatment):
                self.check(cells_of(mistreatment, [*PLAIN, *SCANNED]), "--scan-streams")

    def test_in_segments_of_one_byte(self):
        self.check(cells_of("one-byte", PLAIN))

    def test_reordered(self):
        self.check(cells_of("reordered", PLAIN))

    def test_cut_off(self):
        for mistreatment in CUTS:
            with self.subTest(mistreatment):
                self.check(cells_of(mistreatment, PLAIN))

    def test_damaged(self):
        self.check(cells_of("damaged", PLAIN))

    def test_scanned_streams_in_segments_of_one_byte(self):
        self.check(cells_of("one-byte", SCANNED), "--scan-streams")

    def test_opened_with_the_password(self):
        carriers = [carrier for carrier in PLAIN if carrier != "dcerpc"]
        for mistreatment in ("opened", "sealed"):
            for those, options in ((carriers, []), (SCANNED, ["--scan-streams"])):
                with self.subTest((mistreatment, *options)):
                    self.check(cells_of(mistreatment, those, ("vista", "windows10")), *options,
                               "--ticket-password", Ticket().password)

    def test_look_alikes_give_nothing(self):
        ways: list[Way] = []
        carriers = [carrier for carrier in CARRIERS if carrier != "dcerpc"]  # which has answers of one kind alone
        for name, document in (*look_alikes(), *more_look_alikes()):
            for carrier in carriers:
                place = f"{len(ways) >> 8}.{len(ways) & 255}"
                ways.append(carry(carrier, Way(f"10.1.{place}", f"172.16.{place}",
                                               START + len(ways) * 20 * MILLISECOND, name, document)))
        with tempfile.TemporaryDirectory() as folder:
            path, owners = capture(ways, folder)
            for options in ([], ["--scan-streams"], ["--scan-streams", "--threads", 3]):
                with self.subTest(options):
                    self.assertEqual([event for event in replay(*options, path).events
                                      if kind_of(event) != "sensor_health"], [])
        self.assertEqual(len(set(owners)), len(ways))

    def test_one_ticket_over_every_carrier(self):
        """Created once; its end lists its copies, of which 16 are kept."""
        ticket = Ticket(start=START // SECOND - 3600 + 30, minutes=60, label="everywhere")
        carriers = [carrier for carrier in CARRIERS if carrier != "dcerpc"]
        ways = [carry(carrier, Way(f"10.1.0.{number}", f"172.16.0.{number}", START + number * SECOND, "a.msrcIncident",
                                   ticket.vista())) for number, carrier in enumerate(carriers)]
        ways.append(carry("http_plain", Way("10.1.1.1", "172.16.1.1", START + 60 * SECOND, "a.txt", b"later")))
        with tempfile.TemporaryDirectory() as folder:
            path, _ = capture(ways, folder)
            one, three = (replay("--scan-streams", "--threads", threads, path) for threads in (1, 3))
        self.assertEqual(one.stdout, three.stdout)
        created, expired = [event for event in one.events if kind_of(event) != "sensor_health"]
        self.assertEqual(told(created), {"kind": "ticket_created", "certainty": "OBSERVED", "protocol": "SMTP",
                                         "file_name": "a.msrcIncident", "sender": "10.1.0.0"} | ticket.truth("vista"))
        self.assertEqual(nanoseconds(expired["time"]), (ticket.start + 3600) * SECOND)
        self.assertEqual([copy["protocol"] for copy in expired["ticket_expired"]["carriers"]],
                         [CARRIERS[carrier].protocol for carrier in carriers[:16]])
        self.assertEqual(created["ticket_id"], expired["ticket_id"])

    def test_tables_name_cells(self):
        """And each entry of KNOWN_WRONG some that can exist."""
        mistreatments = ("whole", "one-byte", "reordered", *CUTS, "damaged")
        names = {f"{mistreatment}/{carrier}/{form}" for mistreatment in mistreatments
                 for carrier in CARRIERS for form in FORMATS}
        for table in (NOT_THERE, NOTHING_TOLD, KNOWN_WRONG_SCANNED):
            for pattern in table:
                self.assertTrue(fnmatch.filter(names, pattern), pattern)


if __name__ == "__main__":
    remora.main()
