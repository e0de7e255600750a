#!/usr/bin/env python3
"""The stream output and `remora collect`, each killed, stopped, slow and wrong: every event that was sent is stored."""

import json
import os
import random
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import sending
from certificates import Authority
from sending import BUILD, PROJECT, Sending, event_ids, wait_until

REMORA = BUILD / "remora"
ROUNDS = 30
COUNT = 30000


def decode(file: Path) -> list[str]:
    """The ids of the events in a file of the collector"""
    done = subprocess.run([REMORA, "decode", file], capture_output=True, text=True, timeout=120, check=True)
    return [json.loads(line)["event_id"] for line in done.stdout.splitlines()]


class Collector:
    """A run of `remora collect` that is over at the end of the block. Port 0: one of its choice."""

    def __init__(self, output: Path, *options: object, port: int = 0, largest: int | None = None):
        self.messages = output.with_name("messages")
        command = [REMORA, "collect", "--listen", f"127.0.0.1:{port}", "--output", output, *options]
        deadline = time.monotonic() + 60
        while True:
            with self.messages.open("wb") as messages:
                self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                                stderr=messages, restore_signals=largest is None)
            if largest is not None:
                resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
            wait_until("the collector listens", lambda: self.said("listening on") or self.process.poll() is not None)
            if self.process.poll() is None:
                break
            # Another program may have that port for a moment.
            if "cannot listen" not in self.said() or time.monotonic() > deadline:
                raise AssertionError(self.said())
        self.port = int(re.search(r"^listening on port (\d+)$", self.said(), re.M)[1])

    def said(self, word: str = "") -> str:
        text = self.messages.read_text()
        return text if word in text else ""

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=60)

    def __enter__(self) -> "Collector":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


class Collect(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.shared = Path(cls.temporary.name)
        cls.many = sending.make_events(cls.shared / "many", COUNT)
        cls.few = sending.make_events(cls.shared / "few", 500)
        cls.authority = Authority(cls.shared / "ours")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "events.pb"

    def configuration(self, port: int, more: str = "") -> str:
        return f"type: stream\naddress: 127.0.0.1:{port}\n{more}"

    def sending(self, port: int, events: Path, more: str = "", batch: int = 200, seconds: int = 120) -> Sending:
        """Which is over at the end of the test"""
        started = Sending(self.folder, self.configuration(port, more), events, batch, seconds)
        self.addCleanup(started.process.stdout.close)
        self.addCleanup(started.process.stderr.close)
        self.addCleanup(lambda: started.process.poll() is not None or (started.process.kill(), started.process.wait()))
        return started

    def tls(self, more: str = "") -> str:
        return f"tls:\n  ca_file: {self.authority.file}\n{more}"

    def all_are_stored(self, what: str, rounds: int, expected: list[str] | set[str], stored: list[str]) -> None:
        missing, foreign = set(expected) - set(stored), set(stored) - set(expected)
        print(f"{what}: {rounds} rounds, {len(expected)} events, {len(stored) - len(expected)} duplicates, "
              f"{len(missing)} losses", flush=True)
        self.assertEqual((set(), set()), (missing, foreign))

    def grown(self, least: int) -> bool:
        return self.output.exists() and self.output.stat().st_size >= least

    def test_events_of_the_bundled_captures_over_tcp_and_tls(self):
        captures = sorted(path for path in (PROJECT / "pcaps").rglob("*.pcap*") if path.parent.parent.name != "lab" and
                          path.parent.name != "damaged")  # which replay ends with exit code 1
        sent = self.folder / "sent"
        subprocess.run([REMORA, "replay", "--format", "protobuf", "--output", sent, *captures], check=True, timeout=300,
                       capture_output=True)
        expected = decode(sent)
        self.assertGreater(len(expected), 1000)
        with Collector(self.output) as collector:
            done = sending.send(self.folder, self.configuration(collector.port), sent)
            self.assertEqual((done.exit_code, done.sent, done.refused), (0, len(expected), 0), done.problems)
            self.assertEqual(sent.read_bytes(), self.output.read_bytes(), "stored when taken, byte for byte")
            self.assertEqual(0, collector.stop(), collector.said())
        server, client = self.authority.issue("server"), self.authority.issue("sensor")
        lines = self.folder / "events.jsonl"
        with Collector(lines, "--format", "jsonl", "--tls-certificate", server[0], "--tls-key", server[1],
                       "--tls-client-ca", self.authority.file) as collector:
            stranger = sending.send(self.folder, self.configuration(collector.port, self.tls()), self.few, seconds=1)
            self.assertEqual((stranger.exit_code, stranger.sent), (1, 0))
            self.assertIn("certificate_file", stranger.problems)
            own = f"  certificate_file: {client[0]}\n  key_file: {client[1]}\n"
            done = sending.send(self.folder, self.configuration(collector.port, self.tls(own)), sent)
            self.assertEqual((done.exit_code, done.sent), (0, len(expected)), done.problems)
        self.assertEqual(expected, [json.loads(line)["event_id"] for line in lines.read_text().splitlines()])
        self.all_are_stored("bundled captures, TCP and TLS", 2, expected, decode(self.output))

    def test_a_collector_that_is_killed_at_any_moment_loses_nothing(self):
        chance = random.Random(7)
        torn, sent = 0, None
        port = 0
        for _ in range(ROUNDS):
            with Collector(self.output, port=port) as collector:
                torn += "cut off" in collector.said()
                port = collector.port
                sent = sent or self.sending(port, self.many)
                goal = self.output.stat().st_size + chance.randrange(1, 80_000)
                wait_until("events are stored", lambda: self.grown(goal) or sent.process.poll() is not None)
                self.assertIsNone(sent.process.poll(), "all was sent before the last round")
                collector.kill()
        with Collector(self.output, port=port) as collector:
            torn += "cut off" in collector.said()
            done = sent.finish()
            self.assertEqual((done.exit_code, done.sent), (0, COUNT), done.problems)
            self.assertEqual(0, collector.stop())
        print(f"torn ends: {torn}")
        self.all_are_stored("collector killed", ROUNDS, event_ids(COUNT), decode(self.output))

    def test_a_collector_that_is_stopped_mid_batch_ends_in_order(self):
        port, sent = 0, None
        for _ in range(5):
            with Collector(self.output, port=port) as collector:
                port = collector.port
                sent = sent or self.sending(port, self.many)
                goal = self.output.stat().st_size + 100_000
                wait_until("events are stored", lambda: self.grown(goal) or sent.process.poll() is not None)
                self.assertEqual(0, collector.stop(), collector.said())
            self.assertNotIn("cut off", collector.said())
        with Collector(self.output, port=port):
            done = sent.finish()
            self.assertEqual((done.exit_code, done.sent), (0, COUNT), done.problems)
        self.assertIn("GOING_AWAY", done.problems)
        self.all_are_stored("collector stopped", 5, event_ids(COUNT), decode(self.output))

    def test_a_sensor_that_is_killed_and_begins_again_loses_nothing(self):
        chance = random.Random(8)
        with Collector(self.output) as collector:
            for _ in range(10):
                sent = self.sending(collector.port, self.many)
                goal = self.output.stat().st_size + chance.randrange(1, 200_000)
                wait_until("events are stored", lambda: self.grown(goal) or sent.process.poll() is not None)
                sent.process.kill()
                sent.process.wait(timeout=60)
            done = self.sending(collector.port, self.many).finish()
            self.assertEqual((done.exit_code, done.sent), (0, COUNT), done.problems)
            self.assertEqual(0, collector.stop())
        self.all_are_stored("sensor killed", 10, event_ids(COUNT), decode(self.output))

    def test_a_collector_that_stalls_is_waited_for(self):
        with Collector(self.output) as collector:
            sent = self.sending(collector.port, self.many, "timeout: 300ms\nconnect_timeout: 300ms\n")
            for part in range(1, 4):
                wait_until("events are stored", lambda: self.grown(100_000 * part))
                collector.process.send_signal(signal.SIGSTOP)
                time.sleep(0.7)  # is the stall itself
                collector.process.send_signal(signal.SIGCONT)
            done = sent.finish()
            self.assertEqual((done.exit_code, done.sent), (0, COUNT), done.problems)
            self.assertEqual(0, collector.stop())
        self.all_are_stored("collector stalls", 3, event_ids(COUNT), decode(self.output))

    def test_an_expired_certificate_stops_all_until_it_is_renewed(self):
        expired, good = self.authority.issue("expired", expired=True), self.authority.issue("good")
        with Collector(self.output, "--tls-certificate", expired[0], "--tls-key", expired[1]) as collector:
            port = collector.port
            sent = self.sending(port, self.few, self.tls())
            problem = sent.process.stderr.readline()
            self.assertIn("expired", problem)
            self.assertEqual(0, collector.stop())
            self.assertEqual(0, self.output.stat().st_size)
        with Collector(self.output, "--tls-certificate", good[0], "--tls-key", good[1], port=port):
            done = sent.finish()
            self.assertEqual((done.exit_code, done.sent), (0, 500), done.problems)
        self.all_are_stored("certificate expired", 1, event_ids(500), decode(self.output))

    def test_a_full_disk_stops_all_until_there_is_room(self):
        with Collector(self.output, largest=50_000) as collector:
            sent = self.sending(collector.port, self.many)
            wait_until("the disk is full", lambda: collector.said("cannot be written"))
            self.assertLessEqual(self.output.stat().st_size, 50_000)
            resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE,
                             (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            done = sent.finish()
            self.assertEqual((done.exit_code, done.sent), (0, COUNT), done.problems)
            self.assertIn("STORAGE_FAILED", done.problems)
            self.assertEqual(0, collector.stop())
        self.all_are_stored("disk full", 1, event_ids(COUNT), decode(self.output))

    def test_a_torn_end_is_cut_off_and_damage_set_aside(self):
        with Collector(self.output) as collector:
            sending.send(self.folder, self.configuration(collector.port), self.few)
        whole = self.output.read_bytes()
        self.output.write_bytes(whole + whole[:20])
        with Collector(self.output) as collector:
            self.assertIn("20 bytes, never acknowledged, are cut off", collector.said())
            self.assertEqual(whole, self.output.read_bytes())
        self.output.write_bytes(whole + bytes(100))
        with Collector(self.output) as collector:
            self.assertIn("a new file is begun", collector.said())
        self.assertEqual(whole + bytes(100), self.output.with_name("events.pb.damaged.1").read_bytes())
        self.assertEqual(0, os.stat(self.output).st_size)

    def test_a_wrong_command_line_is_told(self):
        for options in (["--listen", "nowhere"], ["--listen", "127.0.0.1:0", "--format", "xml"],
                        ["--listen", "127.0.0.1:0", "--tls-key", "key.pem"]):
            done = subprocess.run([REMORA, "collect", "--output", self.output, *options], capture_output=True,
                                  timeout=60, check=False)
            self.assertEqual(2, done.returncode, done.stderr)
            self.assertFalse(self.output.exists())


if __name__ == "__main__":
    sending.main()
