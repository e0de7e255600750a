#!/usr/bin/env python3
"""Tickets that go over HTTP, FTP and SMB: bundled captures against their truth, and recordings of real servers."""

import json
import unittest
from pathlib import Path

from remora import LAB, PCAPS, kind_of, replay

FAMILIES = ("web", "file")
# Of docs/events.md; what stands in the truth and in the event alike.
TICKET_FIELDS = ("format", "user_name", "password_protected", "ra_session_id_sha256", "sid", "addresses")


def told(events: list[dict]) -> list[dict]:
    """Events of tickets in the words of the truth"""
    out = []
    for event in events:
        kind = kind_of(event)
        if kind not in ("ticket_created", "ticket_rejected", "ticket_deleted"):
            continue
        body = event[kind]
        carrier = body.get("carrier", {})
        one = {"kind": kind, "protocol": carrier.get("protocol"), "file_name": carrier.get("file_name", "")}
        if kind == "ticket_created":
            one["ticket"] = body["ticket"]
        if kind == "ticket_rejected":
            one["error"] = body["error"]
        if kind == "ticket_deleted":
            one |= {"how": body["how"], "copies": len(body["carriers"])}
        out.append(one)
    return out


def without_ticket(event: dict) -> dict:
    return {key: value for key, value in event.items() if key != "ticket"}


class Bundled(unittest.TestCase):
    def test_every_capture_tells_what_its_truth_says(self):
        truths = [path for family in FAMILIES for path in sorted((PCAPS / family).glob("*.truth.json"))]
        self.assertGreaterEqual(len(truths), 9)
        for path in truths:
            with self.subTest(path.name):
                truth = json.loads(path.read_text(encoding="utf-8"))
                capture = path.with_name(path.name.replace(".truth.json", ".pcap"))
                run = replay(capture)
                self.assertEqual(0, run.exit_code, run.stderr)
                events = told(run.events)
                self.assertEqual([without_ticket(event) for event in truth["tickets"]],
                                 [without_ticket(event) for event in events])
                for expected, actual in zip(truth["tickets"], events):
                    for field in TICKET_FIELDS:
                        if field in expected.get("ticket", {}):
                            self.assertEqual(expected["ticket"][field], actual["ticket"].get(field), field)
                self.assertEqual(run.stdout, replay("--threads", 4, capture).stdout)
                self.assertNotIn(b"secret-4711", run.stdout)


@unittest.skipUnless(LAB.is_dir(), "no recordings here")
class Recorded(unittest.TestCase):
    def events_of(self, name: str) -> list[dict]:
        run = replay(LAB / name / "capture.pcap")
        self.assertEqual(0, run.exit_code, run.stderr)
        return told(run.events)

    def test_http(self):
        created, rejected = self.events_of("ticket-http")
        self.assertEqual(("ticket_created", "HTTP", "xp.MsRcIncident"),
                         (created["kind"], created["protocol"], created["file_name"]))
        self.assertEqual("Nils Novak", created["ticket"]["user_name"])
        self.assertEqual(("ticket_rejected", "HTTP", "broken.msrcIncident"),
                         (rejected["kind"], rejected["protocol"], rejected["file_name"]))

    def test_ftp(self):
        created, deleted = self.events_of("ticket-ftp")
        self.assertEqual(("ticket_created", "FTP", "xp.MsRcIncident"),
                         (created["kind"], created["protocol"], created["file_name"]))
        self.assertEqual({"kind": "ticket_deleted", "protocol": "FTP", "file_name": "xp.MsRcIncident",
                          "how": "CARRIER_COPY_DELETED", "copies": 2}, deleted)

    def test_smb(self):
        created, deleted = self.events_of("ticket-smb")
        self.assertEqual(("ticket_created", "SMB", "Invitation.msrcIncident"),
                         (created["kind"], created["protocol"], created["file_name"]))
        self.assertEqual({"kind": "ticket_deleted", "protocol": "SMB", "file_name": "Invitation.msrcIncident",
                          "how": "CARRIER_COPY_DELETED", "copies": 2}, deleted)


if __name__ == "__main__":
    unittest.main()
