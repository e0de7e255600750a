#!/usr/bin/env python3
"""What sessions tell of their course: the bundled captures with the published key, and Windows' own against what TShark
decrypts of them."""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

import remora
from remora import PCAPS, REAL, need, replay, sessions_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder.security import PUBLISHED_KEY

# What of a session `remora` tells with keys only, where all else is sealed.
COURSE = ("heartbeat", "network", "monitor_layout", "reactivation", "shutdown", "server_status", "logon_notifications",
          "auto_reconnect", "licensing")
DETECTION = ("rdp.flags.autodetectreq", "rdp.flags.autodetectresp", "rdp.flags.heartbeat")
FIELDS = ("frame.number", "frame.time_epoch", "rdp.flags", "rdp.heartbeat.period", "rdp.heartbeat.count1",
          "rdp.heartbeat.count2", "rdp.bandwidth.sequencenumber")


def little(number: int, size: int) -> str:
    return ",".join(f"0x{byte:02x}" for byte in number.to_bytes(size, "little"))


@contextlib.contextmanager
def published_key():
    """As xrdp keeps its keys"""
    key = PUBLISHED_KEY
    with tempfile.TemporaryDirectory(prefix="remora-keys-") as folder:
        file = Path(folder) / "rsakeys.ini"
        file.write_text(f"[keys]\npub_exp={little(key.public_exponent, 4)}\npub_mod={little(key.modulus, key.size)}\n"
                        f"pub_sig=0x00\npri_exp={little(key.private_exponent, key.size)}\n", encoding="ascii")
        file.chmod(0o600)
        yield file


def plain(value: object) -> object:
    """Numbers of 64 bits come as text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def times_in_full(value: object) -> object:
    """The truth writes nanoseconds; events leave groups of zeros out, and of monitors zero and `false`."""
    if isinstance(value, dict):
        return {key: times_in_full(one) for key, one in value.items()
                if one is not False and not (key in ("left", "top") and one == 0)}
    if isinstance(value, list):
        return [times_in_full(one) for one in value]
    if isinstance(value, str) and value.endswith("Z") and "." in value:
        whole, _, fraction = value.removesuffix("Z").partition(".")
        return f"{whole}.{fraction.ljust(9, '0')}Z"
    return value


class Bundled(unittest.TestCase):
    def truth(self, name: str) -> dict:
        session, = json.loads((PCAPS / f"rdp/{name}.truth.json").read_text(encoding="utf-8"))["sessions"]
        return session

    def check(self, truth: dict, session: dict) -> None:
        for field in COURSE:
            with self.subTest(field=field):
                self.assertEqual(times_in_full(plain(session.get(field))), times_in_full(truth.get(field)))

    def test_in_clear(self):
        session, = sessions_of(replay(PCAPS / "rdp/inside-clear.pcap").events)
        self.check(self.truth("inside-clear"), session.final)

    def test_sealed_without_the_key(self):
        session, = sessions_of(replay(PCAPS / "rdp/inside-sealed.pcap").events)
        truth = self.truth("inside-sealed")
        self.check({"licensing": truth["licensing"]}, session.final)

    def test_sealed_with_the_key(self):
        with published_key() as key:
            session, = sessions_of(replay("--rsa-key", key, PCAPS / "rdp/inside-sealed.pcap").events)
        truth = self.truth("inside-sealed")
        self.check({"licensing": truth["licensing"]} | truth["with_keys"], session.final)
        self.assertTrue(session.final["decrypted"])

    def test_what_the_key_adds_to_the_others(self):
        """`with_keys` of all captures under this key"""
        checked = 0
        for path in sorted((PCAPS / "rdp").glob("*.truth.json")):
            sessions = json.loads(path.read_text(encoding="utf-8"))["sessions"]
            truths = [one["with_keys"] for one in sessions if "with_keys" in one]
            if not truths:
                continue
            with self.subTest(capture=path.name), published_key() as key:
                run = replay("--rsa-key", key, path.with_name(path.name.replace(".truth.json", ".pcap")))
                (truth,), (session,) = truths, sessions_of(run.events)
                for field in ("users", "error"):
                    if field in truth:
                        self.assertEqual(session.final.get(field), truth[field])
                for field, value in truth.get("client_software", {}).items():
                    self.assertEqual(session.final["client_software"].get(field), value)
                checked += 1
        self.assertGreaterEqual(checked, 6)

    def test_all_forms_of_save_session_info(self):
        for options in ((), ("--rsa-key",)):
            with self.subTest(sealed=bool(options)), published_key() as key:
                name = "rdp/inside-sealed.pcap" if options else "rdp/inside-clear.pcap"
                session, = sessions_of(replay(*options, *([key] if options else []), PCAPS / name).events)
                logons = [event["logon"] for event in session.of_kind("logon")]
                self.assertEqual([(one["notification"], one["succeeded"], one.get("user", {}).get("name"),
                                   one.get("windows_session_id"), one.get("error_detail", {}).get("name"))
                                  for one in logons],
                                 [("LOGON_EXTENDED_INFO", False, None, None, "FAILED_BAD_PASSWORD"),
                                  ("PLAIN_NOTIFY", True, None, None, None),
                                  ("LOGON", True, "dora", 6, None), ("LOGON_LONG", True, "dora", 6, None)])

    def test_a_capture_that_is_cut_off_says_so(self):
        for name, truncated in (("damaged/cut-in-record.pcap", True), ("rdp/standard-low.pcap", None)):
            health = [event["sensor_health"] for event in replay(PCAPS / name).events if "sensor_health" in event]
            self.assertEqual([one.get("truncated") for one in health], [truncated])


class Windows(unittest.TestCase):
    """Microsoft's client and server over TLS, secrets in the captures"""

    @classmethod
    def setUpClass(cls):
        need(REAL / "rdp-decryptable")
        if shutil.which("tshark") is None:
            raise unittest.SkipTest("TShark is not on this machine")

    def tshark(self, capture: Path, filter_: str, *fields: str) -> list[list[str]]:
        command = ["tshark", "-r", str(capture), "-d", "tcp.port==3389,tls", "-Y", filter_, "-T", "fields",
                   *(part for field in fields for part in ("-e", field))]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def captures(self) -> list[Path]:
        return sorted((REAL / "rdp-decryptable").glob("*.pcapng"))

    def expected(self, rows: list[list[str]]) -> tuple[dict, dict]:
        """Heartbeats and round trips, from TShark's rows"""
        beats = [row for row in rows if int(row[2], 0) & 0x4000]
        asked: dict[str, Decimal] = {}
        trips, requests, responses = [], 0, 0
        for row in rows:
            flags, time, sequence = int(row[2], 0), Decimal(row[1]), row[6]
            if flags & 0x1000:
                asked[sequence] = time
                requests += 1
            elif flags & 0x2000:
                trips.append(time - asked.pop(sequence))
                responses += 1
        period, warning, reconnect = (int(value) for value in beats[-1][3:6])
        return ({"period": f"{period}s", "missed_before_warning": warning, "missed_before_reconnect": reconnect,
                 "count": len(beats), "frame": int(beats[-1][0]), "certainty": "DECRYPTED"},
                {"rtt_requests": requests, "rtt_responses": responses, "client_rtt_min": min(trips),
                 "client_rtt_max": max(trips), "frame": max(int(row[0]) for row in rows if int(row[2], 0) & 0x3000)})

    def test_heartbeats_and_round_trips(self):
        equal = 0
        for capture in self.captures():
            with self.subTest(capture=capture.name):
                rows = self.tshark(capture, " or ".join(f"{name}==1" for name in DETECTION), *FIELDS)
                heartbeat, network = self.expected(rows)
                session, = [one.final for one in sessions_of(replay(capture).events)]
                self.assertEqual(plain(session["heartbeat"]), heartbeat)
                told = plain(session["network"])
                for field in ("rtt_requests", "rtt_responses", "frame"):
                    self.assertEqual(told[field], network[field])
                for field in ("client_rtt_min", "client_rtt_max"):
                    self.assertEqual(Decimal(told[field].removesuffix("s")), network[field])
                self.assertEqual(told["certainty"], "DECRYPTED")
                equal += len(heartbeat) + 5
        print(f"{equal} values of {len(self.captures())} captures equal")

    def test_save_session_info_monitors_and_programs(self):
        for capture in self.captures():
            with self.subTest(capture=capture.name):
                frames = [int(row[0]) for row in self.tshark(capture, "rdp.pduType2==38", "frame.number")]
                session, = sessions_of(replay(capture).events)
                shown = {int(evidence["frame"]) for event in session.events for evidence in event["evidence"]
                         if evidence["rule"] == "share.save_session_info"}
                reconnect = session.final["auto_reconnect"]
                self.assertEqual(shown | {int(reconnect["frame"])}, set(frames))
                self.assertEqual(reconnect["cookies_given"], 1)
                self.assertEqual(reconnect["logon_id"], session.final["windows_session_id"])
                self.assertEqual(session.final["client_software"]["implementation"], "mstsc")
                self.assertEqual(session.final["server_software"]["implementation"], "Windows")
                self.assertEqual(session.final["licensing"]["error"]["name"], "STATUS_VALID_CLIENT")


if __name__ == "__main__":
    remora.main()
