#!/usr/bin/env python3
"""Events into a real Kafka broker, and out again: kafka_test.py SEND_EVENTS PROJECT BUILD

The broker comes from Maven's artifacts (make_kafka); the test is skipped by name where they, or Java, are not to be
had. Prints events, duplicates and losses."""

import collections
import shutil
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import sending
from certificates import Authority
from kafka_broker import PASSWORD, USER, Broker
from sending import BUILD, PROJECT, Sending, Sent

TOPIC_TOOL = BUILD / "kafka_topic"
PARTITIONS = 4


@dataclass
class Record:
    partition: int
    key: str
    event_id: str
    content_type: str
    size: int


def number(event_id: str) -> int:
    """The events of make_events are numbered from 0"""
    return int(event_id, 16)


class Kafka(unittest.TestCase):
    folder: Path
    broker: Broker

    @classmethod
    def setUpClass(cls) -> None:
        for program in ("java", "openssl"):
            if shutil.which(program) is None:
                raise unittest.SkipTest(f"no {program} here; scripts/setup tests installs it")
        jars = BUILD / "kafka"
        made = subprocess.run([PROJECT / "tests/delivery/make_kafka", jars], capture_output=True, text=True, check=False)
        if made.returncode == sending.SKIPPED:
            raise unittest.SkipTest(made.stderr.strip())
        made.check_returncode()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="remora-kafka-")))
        cls.broker = Broker(jars, cls.folder)
        cls.addClassCleanup(cls.broker.kill)
        cls.broker.start()

    def setUp(self) -> None:
        self.topic = self.id().rpartition(".")[2]

    def create(self, *settings: str) -> None:
        subprocess.run([TOPIC_TOOL, "create", f"bootstrap.servers=127.0.0.1:{self.broker.clear}", self.topic,
                        str(PARTITIONS), *settings], check=True, timeout=120)

    def read(self) -> list[Record]:
        done = subprocess.run([TOPIC_TOOL, "read", f"bootstrap.servers=127.0.0.1:{self.broker.clear}", self.topic],
                              check=True, capture_output=True, text=True, timeout=120)
        return [Record(int(partition), key, event_id, content_type, int(size)) for partition, key, event_id,
                content_type, size in map(str.split, done.stdout.splitlines())]

    def start(self, brokers: str, more: str, events: int, batch: int, seconds: int) -> Sending:
        file = sending.make_events(self.folder / f"{events}.events", events)
        settings = f"type: kafka\nbrokers: [{brokers}]\ntopic: {self.topic}\n{more}"
        return Sending(self.folder, settings, file, batch, seconds)

    def send(self, brokers: str, more: str, events: int, batch: int = 500, seconds: int = 60) -> Sent:
        return self.start(brokers, more, events, batch, seconds).finish()

    def send_all(self, brokers: str, more: str, events: int, batch: int = 500) -> Sent:
        sent = self.send(brokers, more, events, batch)
        self.assertEqual((0, events, 0), (sent.exit_code, sent.sent, sent.refused), sent.problems)
        return sent

    @property
    def clear(self) -> str:
        return f"127.0.0.1:{self.broker.clear}"

    def expect_all(self, events: int) -> list[Record]:
        """All of them stand in the topic, those of a session in one partition, the first of each in order."""
        records = self.read()
        copies = collections.Counter(number(record.event_id) for record in records)
        lost = set(range(events)) - set(copies)
        duplicates = copies.total() - len(copies)
        print(f"{self.topic}: events {events} duplicates {duplicates} losses {len(lost)}")
        self.assertEqual(set(), lost)
        self.assertEqual(set(range(events)), set(copies))
        partition: dict[str, int] = {}
        last: dict[str, int] = {}
        seen: set[int] = set()
        for record in records:
            self.assertEqual(partition.setdefault(record.key, record.partition), record.partition)
            event = number(record.event_id)
            if event not in seen:
                self.assertGreater(event, last.get(record.key, -1))
                seen.add(event)
                last[record.key] = event
        return records

    def test_plain(self) -> None:
        self.create()
        self.assertEqual("", self.send_all(self.clear, "", 10_000).problems)
        records = self.expect_all(10_000)
        self.assertEqual(10_000, len(records))
        self.assertEqual({"application/x-protobuf"}, {record.content_type for record in records})
        self.assertEqual(set(range(PARTITIONS)), {record.partition for record in records})

    def test_json_in_each_compression(self) -> None:
        self.create()
        for compression in ("none", "gzip", "snappy", "lz4", "zstd"):
            with self.subTest(compression):
                self.send_all(self.clear, f"format: json\ncompression: {compression}\n", 100)
        records = self.expect_all(100)
        self.assertEqual(500, len(records))
        self.assertEqual({"application/json"}, {record.content_type for record in records})

    def test_broker_killed(self) -> None:
        """kill -9 three times while events come in, and a start again"""
        self.create()
        events, kills = 30_000, 3
        running = self.start(self.clear, "timeout: 5s\n", events, 100, 300)
        for kill in range(kills):
            running.wait_for_progress(events * (kill + 1) // (kills + 1))
            self.broker.kill()
            self.broker.start()
        sent = running.finish()
        self.assertEqual((0, events, 0), (sent.exit_code, sent.sent, sent.refused), sent.problems)
        self.expect_all(events)

    def test_records_are_too_large_together_but_not_alone(self) -> None:
        """A broker refuses a whole request, here of 100 events; each alone finds room."""
        self.create("max.message.bytes=8000")
        self.send_all(self.clear, "compression: none\n", 200, batch=100)
        self.expect_all(200)

    def test_a_record_too_large_is_given_up(self) -> None:
        self.create("max.message.bytes=200")
        sent = self.send(self.clear, "compression: none\n", 2)
        self.assertEqual((0, 2, 2), (sent.exit_code, sent.sent, sent.refused), sent.problems)
        self.assertIn("an event is too large; raise max_record_bytes and the topic's max.message.bytes", sent.problems)
        self.assertEqual([], self.read())

    def refused(self, brokers: str, settings: str) -> str:
        """Nothing is taken; why"""
        sent = self.send(brokers, f"timeout: 2s\n{settings}", 10, seconds=4)
        self.assertEqual((1, 0, 0), (sent.exit_code, sent.sent, sent.refused), sent.problems)
        return sent.problems

    def tls(self, certificate: Path, key: Path, trusted: Path | None = None) -> str:
        return (f"tls:\n  ca_file: {trusted or self.broker.authority.file}\n"
                f"  certificate_file: {certificate}\n  key_file: {key}\n")

    def test_tls_with_client_certificate(self) -> None:
        self.create()
        self.send_all(f"localhost:{self.broker.tls}", self.tls(*self.broker.authority.issue("client")), 1_000)
        self.expect_all(1_000)

    def test_tls_trusts_no_stranger(self) -> None:
        self.create()
        client, other = self.broker.authority.issue("mine"), Authority(self.folder / "other")
        listener = f"localhost:{self.broker.tls}"
        self.assertIn("no TLS with a broker", self.refused(listener, self.tls(*client, trusted=other.file)))
        # The certificate is for localhost.
        self.assertIn("no TLS with a broker", self.refused(f"127.0.0.1:{self.broker.tls}", self.tls(*client)))
        self.refused(listener, self.tls(*other.issue("stranger")))
        self.refused(listener, f"tls: {{ca_file: {self.broker.authority.file}}}\n")
        self.assertEqual([], self.read())

    def test_password(self) -> None:
        self.create()

        def settings(password: str) -> str:
            return (f"tls: {{ca_file: {self.broker.authority.file}}}\n"
                    f"sasl: {{mechanism: plain, username: {USER}, password: {password}}}\n")

        brokers = f"localhost:{self.broker.sasl}"
        problems = self.refused(brokers, settings("guess-" + PASSWORD))
        self.assertIn("look at sasl", problems)
        self.assertNotIn(PASSWORD, problems)
        self.assertEqual([], self.read())
        self.send_all(brokers, settings(PASSWORD), 1_000)
        self.expect_all(1_000)

    def test_no_such_topic(self) -> None:
        self.assertIn("there is no such topic", self.refused(self.clear, ""))


if __name__ == "__main__":
    sending.main()
