#!/usr/bin/env python3
"""Third-party captures and the older lab recordings, replayed with the keys that lie beside them: users, client data,
channels and files against what TShark decrypts of them and what the operator of the lab did."""

import csv
import json
import re
import sys
import unittest
from pathlib import Path

import remora
from remora import LAB, REAL, Run, need, replay, sessions_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab.keyring import private

# Anomalies that mean that the keys were right and what was opened with them was not.
LOST = {"keys.no_match", "rdp.mac_mismatch", "rdp.decryption_lost", "tls.decryption_lost"}

# (capture, field): (TShark's value, Remora's value, who is right and why).
EXCEPTIONS: dict[tuple[str, str], tuple[object, object, str]] = {}

# TShark lists the channels that the server asks for. This one the clients refuse: CreationStatus C0000001.
REFUSED = {"Microsoft::Windows::RDS::Telemetry"}

# Lab recordings in which keys open nothing: the reason.
NOT_OPENED = {
    "reverse-rdp-std": "nothing is encrypted: freerdp-shadow sees its client on loopback",
}
FILE = re.compile(r"(?P<name>.+) size=(?P<size>\d+) direction=(?P<way>\w+) mechanism=(?P<how>\w+) sha256=(?P<sha>\w+)")


def anomalies(run: Run) -> set[str]:
    return {event["anomaly"]["code"] for event in run.events if "anomaly" in event}


def accounts(session: dict) -> set[str]:
    """A user by name alone, as user@realm, and as DOMAIN\\user"""
    out = set()
    for user in session.get("users", []):
        name, domain = user.get("name", ""), user.get("domain", "")
        out |= {name, f"{name}@{domain}".lower(), f"{domain}\\{name}"}
    return out


class Decryptable(unittest.TestCase):
    """Windows peers; secrets of TLS in the captures, one server key."""

    @classmethod
    def setUpClass(cls):
        need(REAL / "rdp-decryptable")

    def captures(self) -> list[Path]:
        return sorted(path for path in (REAL / "rdp-decryptable").iterdir() if path.suffix in (".pcap", ".pcapng"))

    def check(self, capture: Path, field: str, expected: object, said: object, right: bool | None = None) -> int:
        exception = EXCEPTIONS.get((capture.name, field))
        if exception is not None:
            self.assertEqual((expected, said), exception[:2], f"{field}: the exception is out of date")
        else:
            self.assertTrue(expected == said if right is None else right,
                            f"{capture.name}: {field}: TShark {expected!r}, Remora {said!r}")
        return 1

    def test_what_tshark_decrypts(self):
        compared = 0
        for capture in self.captures():
            key = capture.with_name(capture.name + ".rsa-key.pem")
            with self.subTest(capture=capture.name), private([("--rsa-key", key)]) as keys:
                run = replay(*keys, capture)
                self.assertEqual(run.exit_code, 0, run.stderr)
                self.assertFalse(anomalies(run) & LOST)
                truth = list(csv.DictReader(capture.with_name(capture.name + ".truth.tsv").open(encoding="utf-8"),
                                            delimiter="\t"))
                rows = [row for row in truth if int(row["decrypted_rdp_or_credssp_frames"] or 0) > 0 and row["client_name"]]
                self.assertTrue(rows)
                for row in rows:
                    session, = [one.final for one in sessions_of(run.events)
                                if f"{one.final['client']['address']}:{one.final['client']['port']}" == row["client"]]
                    compared += self.compare(capture, row, session)
        print(f"{compared} values of {len(self.captures())} captures equal")

    def compare(self, capture: Path, row: dict, session: dict) -> int:
        software = session.get("client_software", {})
        done = self.check(capture, "decrypted", True, session.get("decrypted"))
        done += self.check(capture, "users", row["user_name"], sorted(accounts(session)),
                           row["user_name"] in accounts(session) or row["user_name"].lower() in accounts(session))
        for column, field in (("client_name", "computer_name"), ("client_address", "reported_address"),
                              ("client_dir", "directory")):
            if row[column]:
                done += self.check(capture, field, row[column].replace("\\\\", "\\"), software.get(field))
        done += self.check(capture, "build", int(row["client_build"]), software.get("build"))
        done += self.check(capture, "channels", row["channels"].split(","), session.get("channels"))
        if row["mcs_disconnect_reason"]:
            done += self.check(capture, "disconnect_reason", int(row["mcs_disconnect_reason"]),
                               session.get("disconnect_reason", {}).get("code"))
        if row["drdynvc_channels"]:
            names = {name for name in row["drdynvc_channels"].split(",") if name != "[ Null ]"} - REFUSED
            done += self.check(capture, "dynamic_channels", names, set(session.get("dynamic_channels", [])),
                               names <= set(session.get("dynamic_channels", [])))
        return done


class Gateway(unittest.TestCase):
    """Connections through a Remote Desktop Gateway; the captures bring the secrets of the outer TLS."""

    @classmethod
    def setUpClass(cls):
        need(REAL / "rdp-gateway")

    def test_the_session_inside(self):
        for capture in sorted((REAL / "rdp-gateway").glob("*.pcapng")):
            with self.subTest(capture=capture.name):
                run = replay(capture)
                self.assertEqual((run.exit_code, run.stderr), (0, ""))
                inside = [one.final for one in sessions_of(run.events) if one.final.get("decrypted")]
                self.assertTrue(inside)
                for session in inside:
                    self.assertIn("GATEWAY", session["transports"])
                    roles = {entry["role"]: entry for entry in session["path"]}
                    self.assertEqual(roles["GATEWAY"]["address"], session["server"]["address"])
                    self.assertEqual(roles["SERVER"]["name"], "IT-HELP-TEST.ad.it-help.ninja")
                    # The X.224 request inside the gateway's packets.
                    self.assertIn("CREDSSP", session["negotiation"]["requested_protocols"])


class Recordings(unittest.TestCase):
    """Real programs, their keys, and what the operator did."""

    @classmethod
    def setUpClass(cls):
        need(LAB)

    def test_what_the_operator_did(self):
        opened = 0
        for folder in sorted(path.parent for path in LAB.glob("*/truth.json")):
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            keys = [("--tls-keylog", path) for path in folder.glob("*.keylog") if path.stat().st_size] \
                + [("--rsa-key", path) for path in [*folder.glob("rsakeys.ini"), *folder.glob("server-rsa.pem"),
                                                   *folder.glob("server.key.pem"), *folder.glob("server-tls.key.pem")]]
            facts = truth.get("operator_facts", {})
            if not keys or "user" not in facts or truth["kind"] in ("negotiation-failure", "brute-force", "scan"):
                continue
            with self.subTest(recording=folder.name), private(keys) as given:
                run = replay(*given, folder / "capture.pcap")
                self.assertEqual((run.exit_code, run.stderr), (0, ""))
                sessions = [one.final for one in sessions_of(run.events)]
                if folder.name not in NOT_OPENED:
                    self.assertFalse(anomalies(run) & LOST)
                    self.assertTrue(any(one.get("decrypted") for one in sessions))
                    opened += 1
                users = [user for one in sessions for user in one.get("users", [])]
                self.assertIn(facts["user"], [user["name"] for user in users])
                # Not every client was told a domain to send.
                self.assertLessEqual({user["domain"] for user in users if "domain" in user}, {facts["domain"]})
                for name, text in facts.items():
                    if re.fullmatch(r"file\d+", name):
                        self.check_file(run, FILE.fullmatch(text))
        print(f"{opened} recordings opened")

    def check_file(self, run: Run, file: re.Match) -> None:
        ended = [event["file_transfer_ended"] for event in run.events if "file_transfer_ended" in event]
        found = [one for one in ended if re.split(r"[\\/]", one.get("file_name", ""))[-1] == file["name"]]
        self.assertEqual(
            [(one["direction"].lower(), one["mechanism"], one["result"], int(one["size"]), one.get("sha256"))
             for one in found],
            [(file["way"], file["how"], "COMPLETED", int(file["size"]), file["sha"])])


if __name__ == "__main__":
    remora.main()
