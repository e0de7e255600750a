#!/usr/bin/env python3
"""Microsoft's article 822407, line by line: which event tells it, how surely, and that the frames it cites show it.

The capture is pcaps/assistance/whole-story.pcap. Messages of Windows XP's Remote Assistance (session initialization of
version 1, control and files on its channels, the expert's ticket over Messenger) cannot be recorded from any program
here: tests/builder made them from [MS-RA], [MS-RAI] and what is written of the Messenger's invitations. Mail, file
shares, DNS and RDP beneath are as pcaps/lab has them recorded from real programs.

Prints the table of the story's events."""

import struct
import unittest
from dataclasses import dataclass

import remora
from remora import PCAPS, kind_of, nanoseconds, replay

CAPTURE = PCAPS / "assistance/whole-story.pcap"
ADA, NORA, MAIL, SHARE, SWITCHBOARD = "192.0.2.60", "198.51.100.60", "203.0.113.25", "203.0.113.30", "203.0.113.40"
HOUR = 3600 * 10**9
REPORTED = ("session_opened", "session_accepted", "session_closed", "ticket_created", "ticket_rejected",
            "ticket_deleted", "ticket_expired", "control_started", "control_ended", "file_transfer_started",
            "file_transfer_ended")


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


@dataclass(frozen=True)
class Packet:
    """A frame of the capture: Ethernet, IPv4 without options, TCP or UDP"""
    time: int
    source: str
    target: str
    source_port: int
    target_port: int
    flags: int
    payload: bytes


def packets() -> list[Packet]:
    data, at, out = CAPTURE.read_bytes(), 24, []
    while at < len(data):
        seconds, micro, size, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + size]
        at += 16 + size
        packet = frame[14:14 + struct.unpack_from(">H", frame, 16)[0]]
        ends = [".".join(map(str, packet[place:place + 4])) for place in (12, 16)]
        head = 20 + (packet[32] >> 4) * 4 if packet[9] == 6 else 28
        flags = packet[33] if packet[9] == 6 else 0
        out.append(Packet((seconds * 10**6 + micro) * 1000, *ends, *struct.unpack_from(">HH", packet, 20), flags,
                          packet[head:]))
    return out


class Article(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        run = replay(CAPTURE)
        assert run.exit_code == 0, run.stderr
        cls.events = run.events
        cls.packets = packets()
        cls.rows: dict[str, tuple[str, str]] = {}  # of the table, by event

    @classmethod
    def tearDownClass(cls):
        print("\n| time | event | what it says | certainty | frame, rule | line of the article |")
        print("|---|---|---|---|---|---|")
        for event in cls.events:
            if event["event_id"] in cls.rows:
                line, says = cls.rows[event["event_id"]]
                shown = "; ".join(f"{one['frame']} `{one['rule']}`" for one in event["evidence"])
                columns = event["time"][11:19], f"`{kind_of(event)}`", says, event["certainty"], shown, line
                print("| " + " | ".join(columns) + " |")

    # -- asking -----------------------------------------------------------------------------------------
    def of_kind(self, kind: str) -> list[dict]:
        return [event for event in self.events if kind_of(event) == kind]

    def shown_by(self, event: dict, rule: str) -> Packet:
        """The frame that the event cites by this rule; it is no later than the event."""
        evidence, = [one for one in event["evidence"] if one["rule"] == rule]
        packet = self.packets[int(evidence["frame"]) - 1]
        self.assertLessEqual(packet.time, nanoseconds(event["time"]))
        return packet

    def holds(self, event: dict, rule: str, sender: str, content: bytes) -> None:
        """The event happened in that very frame, which `sender` sent, and which has this in it."""
        packet = self.shown_by(event, rule)
        self.assertEqual(packet.time, nanoseconds(event["time"]))
        self.assertEqual(packet.source, sender)
        self.assertIn(content, packet.payload)

    def row(self, event: dict, line: str, says: str, certainty: str = "OBSERVED") -> None:
        self.assertEqual((event["certainty"], event["confidence"]), (certainty, 1))
        self.rows[event["event_id"]] = line, says

    def sessions(self, kind: str) -> list[dict]:
        """Of the expert who calls, then of the expert who waits"""
        forward, reverse = self.of_kind(kind)
        self.assertEqual([event[kind]["session"]["direction"] for event in (forward, reverse)], ["FORWARD", "REVERSE"])
        return [forward, reverse]

    # -- the lines --------------------------------------------------------------------------------------
    def test_connection(self):
        """From FQDN to FQDN, user name, IP addresses traversed"""
        for event, private in zip(self.sessions("session_opened"), ("10.7.7.60", None)):
            self.holds(event, "x224.connection_request", ADA, b"\xe0\x00\x00\x00\x00\x00")
            session = event["session_opened"]["session"]
            self.assertEqual((session["client"]["fqdn"], session["server"]["fqdn"]),
                             ("ada.corp.example", "nora.corp.example"))
            for end, label in (("client", b"\x03ada\x04corp"), ("server", b"\x04nora\x04corp")):
                named = next(name for name in session[end]["names"] if name["source"] == "DNS")
                self.assertIn(label, self.packets[int(named["frame"]) - 1].payload)
            final = next(other["session_closed"]["session"] for other in self.of_kind("session_closed")
                         if other["session_id"] == event["session_id"])
            self.assertIn(("Ada Amsel", "RA_EXPERT_BLOB"), [(user["name"], user["source"]) for user in final["users"]])
            path = [(hop["address"], hop["role"]) for hop in final["path"]]
            expected = [(ADA, "CLIENT"), (NORA, "SERVER")]
            if private is not None:  # the first session alone tells more of both ends
                expected = [(private, "CLIENT_PRIVATE"), *expected, ("10.20.0.60", "SERVER_ALTERNATE")]
            self.assertEqual(path, expected)
            self.assertEqual(final["kind"], "REMOTE_ASSISTANCE")
            self.row(event, "connection: FQDN to FQDN",
                     f"{session['client']['fqdn']} ({ADA}) helps {session['server']['fqdn']} ({NORA}), "
                     f"{session['direction']}, {session['initiator']} connected")

    def test_user_names_and_addresses_are_told_when_they_are_known(self):
        """By the frames of the expert's own messages"""
        updates = self.of_kind("session_updated")
        expert = next(event for event in updates if event["evidence"][0]["rule"] == "assistance.authenticate")
        self.holds(expert, "assistance.authenticate", ADA, utf16("NAME=Ada Amsel"))
        address = next(event for event in updates if event["evidence"][0]["rule"] == "assistance.command")
        self.holds(address, "assistance.command", ADA, utf16("10.7.7.60"))
        for event in (expert, address):
            self.assertEqual((event["certainty"], event["confidence"]), ("OBSERVED", 1))
        linked = [event for event in updates if event["evidence"][0]["rule"] == "ticket.session_id"]
        created = {event["ticket_id"] for event in self.of_kind("ticket_created")}
        self.assertEqual(len(linked), 2)
        for event in linked:
            self.assertIn(event["ticket_id"], created)

    def test_accepted(self):
        """Time the session was accepted"""
        for event in self.sessions("session_accepted"):
            self.holds(event, "assistance.result", NORA, struct.pack("<II", 2, 0))
            body = event["session_accepted"]
            self.assertEqual((body["accepted_by"], body["session"]["accepted"]), ("RA_ACCEPT", event["time"]))
            names = sorted({user["name"] for user in body["session"]["users"]})
            self.row(event, "time of acceptance; user name", f"the novice says yes; users {', '.join(names)}")

    def test_disconnection(self):
        """Session time"""
        for event, by, sender in zip(self.sessions("session_closed"), ("CLIENT", "SERVER"), (ADA, NORA)):
            said, ended = (self.shown_by(event, rule) for rule in ("assistance.disconnect", "tcp.fin"))
            self.assertIn(utf16("RC_CTL\0") + struct.pack("<I", 5), said.payload)
            self.assertEqual((said.source, ended.source, ended.flags & 1), (sender, sender, 1))
            session = event["session_closed"]["session"]
            self.assertEqual(nanoseconds(session["closed"]), ended.time)
            seconds = float(session["duration"].removesuffix("s"))
            opened = nanoseconds(session["opened"])
            self.assertEqual(round(seconds * 10**9), ended.time - opened)
            self.assertEqual(event["session_closed"]["end_reason"], f"{by}_DISCONNECT")
            hops = " → ".join(hop["address"] for hop in session["path"])
            self.row(event, "disconnection: session time; addresses",
                     f"after {seconds:.1f} s, by the {'expert' if by == 'CLIENT' else 'novice'}; {hops}")

    def test_ticket_creation(self):
        """Its duration, expert ticket (reverse connect)"""
        saved, mailed, expert = self.of_kind("ticket_created")
        for event, protocol, sender, content, user in (
                (saved, "SMB", NORA, b"</UPLOADINFO>", "Nora Nest"), (mailed, "SMTP", NORA, b"", "Nora Nest"),
                (expert, "MSN", SWITCHBOARD, b"</UPLOADINFO>", "Ada Amsel")):
            self.holds(event, "ticket.seen", sender, content)
            body = event["ticket_created"]
            ticket = body["ticket"]
            self.assertEqual((body["carrier"]["protocol"], ticket["user_name"], ticket["duration"]),
                             (protocol, user, "3600s"))
            self.assertEqual(nanoseconds(ticket["expires"]) - nanoseconds(ticket["start"]), HOUR)
            waits = ticket["addresses"][0]
            self.row(event, "ticket creation, duration" + (", expert ticket" if event is expert else ""),
                     f"of {user}, good for {ticket['duration']}, {waits['address']}:{waits['port']}, over {protocol}")
        self.assertEqual(mailed["ticket_created"]["carrier"]["destination_address"], MAIL)

    def test_ticket_expiration(self):
        """And who waits: the session has shown it by then."""
        mailed, expert = self.of_kind("ticket_expired")
        created = {event["ticket_id"]: event for event in self.of_kind("ticket_created")}
        for event, reverse, carriers in ((mailed, False, ["SMTP", "POP3"]), (expert, True, ["MSN"])):
            body = event["ticket_expired"]
            self.assertEqual(event["time"], body["ticket"]["expires"])
            self.assertEqual((body["ticket"]["reverse_connect"], body["times_used"]), (reverse, 1))
            self.assertEqual([copy["protocol"] for copy in body["carriers"]], carriers)
            # The frame of the first copy: what says until when it is good.
            self.assertEqual(self.shown_by(event, "ticket.validity").time,
                             nanoseconds(created[event["ticket_id"]]["time"]))
            self.row(event, "ticket expiration" + ("; expert ticket" if reverse else ""),
                     f"{'expert ticket (reverse connect)' if reverse else 'invitation'}, used once, seen over "
                     f"{' and '.join(carriers)}")

    def test_ticket_deletion(self):
        event, = self.of_kind("ticket_deleted")
        self.holds(event, "smb1.delete", SHARE, b"\xffSMB\x06")  # granted
        body = event["ticket_deleted"]
        self.assertEqual((body["how"], body["times_used"]), ("CARRIER_COPY_DELETED", 0))
        self.assertEqual(event["ticket_id"], self.of_kind("ticket_created")[0]["ticket_id"])
        self.row(event, "ticket deletion", f"{body['carrier']['file_name']} on the share, never used")

    def test_failure_to_parse_a_ticket(self):
        event, = self.of_kind("ticket_rejected")
        self.holds(event, "ticket.refused", NORA, b"")
        body = event["ticket_rejected"]
        self.assertEqual((body["error"], body["line"]), ("xml.not_wellformed", 1))
        self.assertGreater(body["column"], 200)  # in PassStub, the third attribute
        self.row(event, "failure to parse a ticket's XML",
                 f"`{body['error']}` at {body['line']}:{body['column']}, {body['carrier']['file_name']} by mail")

    def test_files(self):
        """Start, end, result, name, size"""
        (started,), (ended,) = self.of_kind("file_transfer_started"), self.of_kind("file_transfer_ended")
        self.holds(started, "assistance.command", ADA, utf16('FILENAME="printer-driver.zip"'))
        self.holds(ended, "assistance.file", ADA, utf16("FILEXFEREND"))
        first, last = started["file_transfer_started"], ended["file_transfer_ended"]
        self.assertEqual((last["start"], last["end"]), (started["time"], ended["time"]))
        self.assertEqual((last["file_name"], last["size"], last["transferred_bytes"], last["result"]),
                         ("printer-driver.zip", "12000", "12000", "COMPLETED"))
        self.assertEqual({key: value for key, value in first.items() if key in last and key != "transferred_bytes"},
                         {key: last[key] for key in first if key != "transferred_bytes"})
        self.row(started, "file transferred: start, name, size",
                 f"{first['file_name']}, {first['size']} bytes, to the novice")
        self.row(ended, "file transferred: end, result", f"{last['file_name']}: {last['result']}")

    def test_control(self):
        """Start, end, duration"""
        (started,), (ended,) = self.of_kind("control_started"), self.of_kind("control_ended")
        self.holds(started, "assistance.command", NORA, utf16("ACCEPTRC"))
        self.holds(ended, "assistance.command", ADA, utf16("REMOTECTRLEND"))
        body = ended["control_ended"]
        self.assertEqual((body["start"], body["end"]), (started["time"], ended["time"]))
        self.assertEqual(round(float(body["duration"].removesuffix("s")) * 10**9),
                         nanoseconds(ended["time"]) - nanoseconds(started["time"]))
        self.row(started, "control: start", f"the novice grants it to {body['by']}")
        self.row(ended, "control: end, duration",
                 f"given back by the expert after {float(body['duration'].removesuffix('s')):.1f} s")

    def test_z_nothing_else_is_reported(self):
        """By its name behind all the others, whose rows it counts"""
        told = {event["event_id"] for event in self.events if kind_of(event) in REPORTED}
        self.assertEqual(told, set(self.rows))
        others = {kind_of(event) for event in self.events} - set(REPORTED)
        self.assertEqual(others, {"session_updated", "sensor_health"})


if __name__ == "__main__":
    remora.main()
