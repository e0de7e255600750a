#!/usr/bin/env python3
"""Kills a replay that spools and sends at random moments, while its receivers refuse, stall, hang up and come back, and
then holds what every output received against what had been spooled: crash_test.py REMORA PROJECT BUILD [ROUNDS]

Each round replays sessions of its own: copies of bundled captures, moved in time, so that no later round can make good
what an earlier one lost. After a kill the spool is read by another program: what it holds then was acknowledged, and
must reach every output."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from kafka_broker import Broker
from trouble import Collector, Mood, OtlpReceiver, SyslogReceiver, spooled_ids, write_round

REMORA = Path(sys.argv[1]).resolve()
PROJECT = Path(sys.argv[2]).resolve()
BUILD = Path(sys.argv[3]).resolve()
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 200
SEED = 20261130
COPIES = 60  # of each capture: some 1,000 events a round, spooled 500 at a time


class Crash(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="remora-crash-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.random = random.Random(SEED)
        self.mood = Mood(SEED)
        self.otlp = OtlpReceiver(self.mood)
        self.addCleanup(self.otlp.stop)
        self.syslog = SyslogReceiver(self.mood)
        self.addCleanup(self.syslog.stop)
        self.collector = Collector(REMORA, self.folder / "collected.pb")
        self.addCleanup(self.collector.kill)
        self.broker = self.start_broker()
        self.config = self.folder / "remora.yaml"
        common = "    batch: {events: 200, age: 10ms}\n    retry: {first: 5ms, most: 50ms}\n"
        self.config.write_text(
            f"spool: {{path: {self.folder}/spool.db, max_bytes: 64MiB}}\n"
            "outputs:\n"
            f"  - name: file\n    type: file\n    path: {self.folder}/events.jsonl\n{common}"
            f"  - name: store\n    type: store\n    path: {self.folder}/store.db\n{common}"
            f"  - name: otlp\n    type: otlp\n    endpoint: http://127.0.0.1:{self.otlp.port}/v1/logs\n"
            f"    compression: none\n{common}"
            f"  - name: syslog\n    type: syslog\n    transport: tcp\n    payload: json\n"
            f"    address: 127.0.0.1:{self.syslog.port}\n{common}"
            f"  - name: stream\n    type: stream\n    address: 127.0.0.1:{self.collector.port}\n{common}"
            + (f"  - name: kafka\n    type: kafka\n    brokers: 127.0.0.1:{self.broker.clear}\n    topic: events\n{common}"
               if self.broker else ""))

    def start_broker(self) -> Broker | None:
        """A real one, where it can be had."""
        made = subprocess.run([PROJECT / "tests/delivery/make_kafka", BUILD / "kafka"], capture_output=True, text=True,
                              check=False)
        if made.returncode != 0:
            print(f"kafka: left out: {made.stderr.strip()}")
            return None
        (self.folder / "broker").mkdir()
        broker = Broker(BUILD / "kafka", self.folder / "broker")
        self.addCleanup(broker.kill)
        broker.start()
        self.broker = broker
        self.topic("create", "3")
        return broker

    def topic(self, command: str, *more: str) -> str:
        done = subprocess.run([BUILD / "kafka_topic", command, f"bootstrap.servers=127.0.0.1:{self.broker.clear}",
                               "events", *more], capture_output=True, text=True, timeout=120, check=True)
        return done.stdout

    def replay(self, number: int) -> subprocess.Popen:
        capture = self.folder / f"round-{number % 2}.pcap"
        write_round(PROJECT, capture, number, COPIES)
        return subprocess.Popen([REMORA, "replay", "--config", self.config, capture], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def found_in(self, number: int) -> set[str]:
        """The events of a round, by a run without outputs."""
        capture = self.folder / "once-more.pcap"
        write_round(PROJECT, capture, number, COPIES)
        done = subprocess.run([REMORA, "replay", "--format", "jsonl", capture], capture_output=True, timeout=300, check=True)
        return {event["event_id"] for event in map(json.loads, done.stdout.splitlines())
                if "sensor_health" not in event}

    def received(self) -> dict[str, list[str]]:
        lines = (self.folder / "events.jsonl").read_text().splitlines()
        with sqlite3.connect(self.folder / "store.db") as database:
            stored = [row[0] for row in database.execute("SELECT event_id FROM events")]
        database.close()
        decoded = subprocess.run([REMORA, "decode", self.folder / "collected.pb"], capture_output=True, check=True,
                                 timeout=300)
        kafka = [line.split()[2] for line in self.topic("read").splitlines()] if self.broker else []
        return {"file": [json.loads(line)["event_id"] for line in lines],
                "store": stored,
                "otlp": list(self.otlp.received),
                "syslog": list(self.syslog.received),
                "stream": [json.loads(line)["event_id"] for line in decoded.stdout.splitlines()],
                **({"kafka": kafka} if self.broker else {})}

    def test_what_was_spooled_reaches_every_output(self) -> None:
        acknowledged: set[str] = set()
        self.collector.start()
        begun = time.monotonic()
        first = self.replay(ROUNDS + 1)
        _, told = first.communicate(timeout=300)
        self.assertEqual(first.returncode, 0, told.decode())
        whole = time.monotonic() - begun
        completed = []
        for number in range(ROUNDS):
            if self.random.random() < 0.2:
                self.collector.kill()
            else:
                self.collector.start()
            process = self.replay(number)
            try:
                _, told = process.communicate(timeout=self.random.uniform(0, 1.3 * whole))
                self.assertEqual(process.returncode, 0, told.decode())
                completed.append(number)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
            acknowledged |= spooled_ids(self.folder / "spool.db", self.folder)
        self.mood.calm = True
        self.collector.start()
        last = self.replay(ROUNDS)
        _, told = last.communicate(timeout=300)
        self.assertEqual(last.returncode, 0, told.decode())

        # What runs that came to their end said to be done, whether it ever stood in the spool when somebody looked.
        claimed = set().union(*(self.found_in(number) for number in [*completed[:5], ROUNDS, ROUNDS + 1]))
        received = self.received()
        everything = acknowledged.union(claimed, *received.values())
        self.assertGreater(len(acknowledged), 0)
        self.assertGreater(ROUNDS - len(completed), ROUNDS // 4, "hardly any was killed")
        losses = 0
        for output, ids in received.items():
            lost = everything - set(ids)
            losses += len(lost)
            print(f"{output}: rounds {ROUNDS}, killed {ROUNDS - len(completed)}, events {len(set(ids))}, "
                  f"duplicates {len(ids) - len(set(ids))}, losses {len(lost)}")
        self.assertEqual(losses, 0)
        self.assertEqual(len(received["store"]), len(set(received["store"])), "the store keeps no event twice")
        self.assertEqual(spooled_ids(self.folder / "spool.db", self.folder), set(), "what all have is gone")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
