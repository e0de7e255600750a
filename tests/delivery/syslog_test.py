#!/usr/bin/env python3
"""The syslog output against the real rsyslog and syslog-ng: what was sent is what they have received, also when they
die in the middle: syslog_test.py SEND_EVENTS PROJECT BUILD"""

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

BUILD = Path(sys.argv.pop(3)).resolve()
PROJECT = Path(sys.argv.pop(2)).resolve()
SEND_EVENTS = Path(sys.argv.pop(1)).resolve()

sys.path.insert(0, str(Path(__file__).resolve().parent))
from siem_parsers import parse_cef, parse_leef
from syslog_receivers import Certificates, Missing, Receiver, Rsyslog, SyslogNg, free_port, wait_until

SKIPPED = 77
ROUNDS = int(os.environ.get("REMORA_SYSLOG_ROUNDS", "6"))  # of ending each receiver
SEED = int(os.environ.get("REMORA_SEED", random.SystemRandom().randrange(2 ** 32)))
SyslogNg.build = BUILD


def made_events(folder: Path, count: int) -> Path:
    path = folder / f"{count}.events"
    subprocess.run([BUILD / "make_events", str(count), path], check=True, timeout=60)
    return path


def siem_lines(what: str, events: bytes = b"") -> bytes:
    return subprocess.run([BUILD / "siem_lines", what], input=events, capture_output=True, timeout=60, check=True).stdout


def expected_ids(count: int) -> set[str]:
    """made_event_id of tests/support/made_events"""
    return {f"{number:032x}" for number in range(count)}


class Delivery(unittest.TestCase):
    """A folder, certificates and a receiver for each test."""
    receiver_class: type[Receiver]

    @classmethod
    def setUpClass(cls):
        if cls is Delivery:
            raise unittest.SkipTest("has no receiver")
        try:
            cls.receiver_class.need()
            cls.everything = tempfile.TemporaryDirectory(prefix="remora-syslog-")
            cls.certificates = Certificates(Path(cls.everything.name))
        except Missing as missing:
            raise unittest.SkipTest(f"not on this machine: {missing}") from missing

    @classmethod
    def tearDownClass(cls):
        cls.everything.cleanup()

    def setUp(self):
        made = tempfile.TemporaryDirectory(prefix="remora-syslog-")
        self.addCleanup(made.cleanup)
        self.folder = Path(made.name)

    def receiver(self, **settings) -> Receiver:
        receiver = self.receiver_class(self.folder, self.certificates, **settings)
        self.addCleanup(receiver.stop)
        return receiver.start()

    def configuration(self, **keys: object) -> Path:
        path = self.folder / "output.yaml"
        path.write_text("type: syslog\n" + "".join(f"{key}: {value}\n" for key, value in keys.items()))
        return path

    def tls(self, ca: str = "ca.pem", client: str | None = "client", name: str = "localhost") -> str:
        of = self.certificates
        keys = [f"ca_file: {of[ca]}", f"server_name: {name}"]
        if client is not None:
            keys += [f"certificate_file: {of[client + '.pem']}", f"key_file: {of[client + '.key']}"]
        return "{" + ", ".join(keys) + "}"

    def keys_for(self, transport: str, receiver: Receiver, **more: object) -> dict:
        port = {"tcp": receiver.tcp, "tls": receiver.tls, "udp": receiver.udp}[transport]
        keys = {"transport": transport, "address": f"127.0.0.1:{port}", "payload": "cef"}
        return keys | ({"tls": self.tls()} if transport == "tls" else {}) | more

    def send(self, configuration: Path, events: Path, batch: int = 100, seconds: int = 60) -> subprocess.CompletedProcess:
        return subprocess.run([SEND_EVENTS, configuration, events, str(batch), str(seconds)], capture_output=True,
                              text=True, timeout=seconds + 60, check=False)

    def sent_all(self, configuration: Path, count: int, batch: int = 100) -> str:
        done = self.send(configuration, made_events(self.folder, count), batch)
        self.assertEqual(0, done.returncode, done.stderr)
        return done.stdout

    def holds(self, receiver: Receiver, count: int) -> None:
        wait_until(lambda: expected_ids(count) <= set(receiver.ids()),
                   f"{receiver.received} has all {count} events; it has {len(set(receiver.ids()))}")
        self.assertEqual(expected_ids(count), set(receiver.ids()))


class EveryReceiver:
    """What each of them must show."""

    def test_tcp_has_each_event_once(self):
        receiver = self.receiver()
        self.sent_all(self.configuration(**self.keys_for("tcp", receiver)), 600)
        self.holds(receiver, 600)
        self.assertEqual(600, len(receiver.ids()))

    def test_tls_with_client_certificates_has_each_event_once(self):
        receiver = self.receiver()
        self.sent_all(self.configuration(**self.keys_for("tls", receiver)), 600)
        self.holds(receiver, 600)
        self.assertEqual(600, len(receiver.ids()))

    def test_one_connection_serves_where_nothing_is_confirmed(self):
        receiver = self.receiver()
        for transport in ("tcp", "tls"):
            with self.subTest(transport=transport):
                before = len(receiver.ids())
                self.sent_all(self.configuration(**self.keys_for(transport, receiver, confirm="false")), 500)
                wait_until(lambda before=before: len(receiver.ids()) >= before + 500, "500 events")
                self.assertEqual(expected_ids(500), set(receiver.ids()[before:]))

    def test_every_payload_arrives_whole(self):
        """Events of every kind, also with hostile texts."""
        receiver = self.receiver()
        events = siem_lines("events")
        stream = self.folder / "full.events"
        stream.write_bytes(siem_lines("stream", events))
        for payload, begin, parse in (("cef", "CEF:0|", parse_cef), ("leef", "LEEF:2.0|", parse_leef),
                                      ("ecs", "{", json.loads), ("ocsf", "{", json.loads), ("json", "{", json.loads)):
            with self.subTest(payload=payload):
                sent = events if payload == "json" else siem_lines(payload, events)
                expected = [parse(line) for line in sent.decode().removesuffix("\n").split("\n")]
                before = len(receiver.lines()) - 1  # behind the last line is nothing
                done = self.send(self.configuration(**self.keys_for("tls", receiver, payload=payload)), stream)
                self.assertEqual(0, done.returncode, done.stderr)
                wait_until(lambda end=before + len(expected): len(receiver.lines()) > end,
                           f"{len(expected)} events as {payload}")
                *lines, last = receiver.lines()[max(before, 0):]
                self.assertEqual("", last)
                arrived = [parse(line[line.index(begin):]) for line in lines]
                self.assertEqual(len(expected), len(arrived))
                for wanted, got in zip(expected, arrived):
                    self.assertEqual(wanted, got)

    def test_a_receiver_that_dies_in_the_middle_gets_all(self):
        for transport in ("tcp", "tls"):
            with self.subTest(transport=transport, seed=SEED):
                self.end_while_sending(transport, Receiver.kill)

    def test_a_receiver_that_is_stopped_in_the_middle_gets_all(self):
        for transport in ("tcp", "tls"):
            with self.subTest(transport=transport, seed=SEED):
                self.end_while_sending(transport, Receiver.terminate)

    def end_while_sending(self, transport: str, end, count: int = 3000, batch: int = 300) -> None:
        """Ends the receiver when its file has grown to a random size, so mostly in the middle of a batch."""
        chance = random.Random(SEED)
        receiver = self.receiver()
        receiver.received.unlink(missing_ok=True)
        events = made_events(self.folder, count)
        size = 1000 * count  # about: a line of CEF
        sizes = sorted(chance.sample(range(size // 20, size * 3 // 4), ROUNDS))
        rounds = 0
        with (self.folder / "sender.log").open("w+") as log, subprocess.Popen(
                [SEND_EVENTS, self.configuration(**self.keys_for(transport, receiver)), events, str(batch), "120"],
                stdout=log, stderr=log) as sender:
            while sender.poll() is None:
                written = receiver.received.stat().st_size if receiver.received.exists() else 0
                if sizes and written >= sizes[0]:
                    end(receiver)
                    rounds += 1
                    sizes = [one for one in sizes if one > written]
                    receiver.start()
                time.sleep(0.001)
            log.seek(0)
            self.assertEqual(0, sender.returncode, log.read())
        self.assertGreater(rounds, 0)
        self.holds(receiver, count)
        twice = len(receiver.ids()) - count
        print(f"{type(self).__name__} {transport}: {end.__name__} {rounds} times, {count} events, {twice} twice, 0 lost",
              file=sys.stderr)
        receiver.stop()

    def refused(self, configuration: Path, receiver: Receiver) -> str:
        done = self.send(configuration, made_events(self.folder, 5), seconds=1)
        self.assertEqual(1, done.returncode, done.stdout)
        self.assertIn("sent 0 ", done.stdout)
        self.assertEqual([], receiver.ids())
        return done.stderr

    def test_a_receiver_of_another_authority_gets_nothing(self):
        receiver = self.receiver()
        text = self.refused(self.configuration(**self.keys_for("tls", receiver) | {"tls": self.tls(ca="other-ca.pem")}),
                            receiver)
        self.assertIn("certificate", text)

    def test_a_receiver_of_another_name_gets_nothing(self):
        receiver = self.receiver(server="misnamed")
        self.assertIn("name", self.refused(self.configuration(**self.keys_for("tls", receiver)), receiver))

    def test_a_receiver_whose_certificate_is_expired_gets_nothing(self):
        receiver = self.receiver(server="expired")
        self.assertIn("expired", self.refused(self.configuration(**self.keys_for("tls", receiver)), receiver))

    def test_without_a_client_certificate_nothing_counts_as_sent(self):
        receiver = self.receiver()
        keys = self.keys_for("tls", receiver)
        self.refused(self.configuration(**keys | {"tls": self.tls(client=None)}), receiver)

    def test_with_a_client_certificate_of_another_authority_nothing_counts_as_sent(self):
        receiver = self.receiver()
        keys = self.keys_for("tls", receiver)
        self.refused(self.configuration(**keys | {"tls": self.tls(client="stranger")}), receiver)

    def test_udp_has_a_datagram_an_event(self):
        receiver = self.receiver()
        # UDP loses when its buffer is full: few at a time, so that none is.
        self.sent_all(self.configuration(**self.keys_for("udp", receiver)), 40)
        self.holds(receiver, 40)
        self.assertEqual(40, len(receiver.ids()))


class ToRsyslog(EveryReceiver, Delivery):
    receiver_class = Rsyslog


class ToSyslogNg(EveryReceiver, Delivery):
    receiver_class = SyslogNg


class ToNobody(Delivery):
    """Receivers that are none."""
    receiver_class = Rsyslog

    def test_long_messages_are_refused_and_counted(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", 0))
            udp.settimeout(10)
            done = self.send(self.configuration(transport="udp", address=f"127.0.0.1:{udp.getsockname()[1]}",
                                                payload="json", max_message=1024), made_events(self.folder, 34))
            self.assertEqual(0, done.returncode, done.stderr)
            refused = int(done.stdout.split("refused ")[1].split()[0])
            self.assertTrue(0 < refused < 34, done.stdout)
            self.assertIn("longer than a message may be (1024 bytes)", done.stderr)
            for _ in range(34 - refused):
                self.assertLessEqual(len(udp.recv(65536)), 1024)

    def test_a_receiver_that_never_ends_the_connection_proves_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            done = self.send(self.configuration(transport="tcp", timeout="300ms",
                                                address=f"127.0.0.1:{silent.getsockname()[1]}"),
                             made_events(self.folder, 3), seconds=1)
            self.assertEqual(1, done.returncode)
            self.assertIn("sent 0 ", done.stdout)
            self.assertIn("does not end the connection", done.stderr)

    def test_nobody_there(self):
        done = self.send(self.configuration(transport="tcp", address=f"127.0.0.1:{free_port()}"),
                         made_events(self.folder, 3), seconds=1)
        self.assertEqual(1, done.returncode)
        self.assertIn("is anything listening there?", done.stderr)


def main() -> None:
    result = unittest.main(exit=False).result
    for _, reason in result.skipped:
        if "has no receiver" not in reason:
            print(f"SKIPPED: syslog_test: {reason}", file=sys.stderr)
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped and result.testsRun == 0 else 0)


if __name__ == "__main__":
    main()
