#!/usr/bin/env python3
"""Events into a real Kafka broker, and out again: kafka_test.py SEND_EVENTS PROJECT BUILD

The broker comes from Maven's artifacts (make_kafka); the test is skipped by name where they, or Java, are not to be
had. Prints events, duplicates and losses."""

import collections
import shutil
import subprocess
import sys
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

from kafka_broker import PASSWORD, USER, Broker

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt

SEND, PROJECT, BUILD = (Path(sys.argv.pop(1)).resolve() for _ in range(3))
TOPIC_TOOL, MAKE_EVENTS = BUILD / "kafka_topic", BUILD / "make_events"
PARTITIONS = 4


@dataclass
class Record:
    partition: int
    key: str
    event_id: str
    content_type: str
    size: int


def make_events(folder: Path, count: int) -> Path:
    path = folder / f"{count}.events"
    subprocess.run([MAKE_EVENTS, str(count), path], check=True, timeout=60)
    return path


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
        if made.returncode == SKIPPED:
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

    def configure(self, brokers: str, more: str = "") -> Path:
        path = self.folder / f"{self.topic}.yaml"
        path.write_text(f"type: kafka\nbrokers: [{brokers}]\ntopic: {self.topic}\n{more}")
        return path

    def command(self, config: Path, events: int, batch: int, seconds: int) -> list:
        return [SEND, config, make_events(self.folder, events), str(batch), str(seconds)]

    def send(self, config: Path, events: int, batch: int = 500, seconds: int = 60) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(config, events, batch, seconds), capture_output=True, text=True,
                              timeout=seconds + 60, check=False)

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
        done = self.send(self.configure(f"127.0.0.1:{self.broker.clear}"), 10_000)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual("", done.stderr)
        records = self.expect_all(10_000)
        self.assertEqual(10_000, len(records))
        self.assertEqual({"application/x-protobuf"}, {record.content_type for record in records})
        self.assertEqual(set(range(PARTITIONS)), {record.partition for record in records})

    def test_json_in_each_compression(self) -> None:
        self.create()
        for compression in ("none", "gzip", "snappy", "lz4", "zstd"):
            with self.subTest(compression):
                config = self.configure(f"127.0.0.1:{self.broker.clear}",
                                        f"format: json\ncompression: {compression}\n")
                done = self.send(config, 100)
                self.assertEqual(0, done.returncode, done.stderr)
        records = self.expect_all(100)
        self.assertEqual(500, len(records))
        self.assertEqual({"application/json"}, {record.content_type for record in records})

    def test_broker_killed(self) -> None:
        """kill -9 three times while events come in, and a start again"""
        self.create()
        events, kills = 30_000, 3
        config = self.configure(f"127.0.0.1:{self.broker.clear}", "timeout: 5s\n")
        with subprocess.Popen(self.command(config, events, 100, 300), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as sender:
            killed = 0
            for line in sender.stdout:
                word, _, rest = line.partition(" ")
                if word == "progress" and killed < kills and int(rest) > events * (killed + 1) // (kills + 1):
                    self.broker.kill()
                    self.broker.start()
                    killed += 1
            errors = sender.stderr.read()
        self.assertEqual(0, sender.returncode, errors)
        self.assertEqual(kills, killed)
        self.expect_all(events)

    def test_records_are_too_large_together_but_not_alone(self) -> None:
        """A broker refuses a whole request, here of 100 events; each alone finds room."""
        self.create("max.message.bytes=8000")
        config = self.configure(f"127.0.0.1:{self.broker.clear}", "compression: none\n")
        done = self.send(config, 200, batch=100)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("sent 200 refused 0", done.stdout)
        self.expect_all(200)

    def test_a_record_too_large_is_given_up(self) -> None:
        self.create("max.message.bytes=200")
        done = self.send(self.configure(f"127.0.0.1:{self.broker.clear}", "compression: none\n"), 2)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("sent 2 refused 2", done.stdout)
        self.assertIn("an event is too large; raise max_record_size and the topic's max.message.bytes", done.stderr)
        self.assertEqual([], self.read())

    def test_tls_with_client_certificate(self) -> None:
        self.create()
        config = self.configure(f"localhost:{self.broker.tls}", self.tls())
        done = self.send(config, 1_000)
        self.assertEqual(0, done.returncode, done.stderr)
        self.expect_all(1_000)

    def tls(self, authority: str = "ca", client: str = "client") -> str:
        return (f"timeout: 2s\ntls:\n  ca_file: {self.folder}/{authority}.pem\n"
                f"  certificate_file: {self.folder}/{client}.pem\n  key_file: {self.folder}/{client}.key\n")

    def refused(self, brokers: str, settings: str) -> str:
        """Nothing is taken; why"""
        done = self.send(self.configure(brokers, settings), 10, seconds=3)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn("sent 0 refused 0", done.stdout)
        self.assertEqual([], self.read())
        return done.stderr

    def test_tls_trusts_no_stranger(self) -> None:
        self.create()
        self.assertIn("no TLS with a broker", self.refused(f"localhost:{self.broker.tls}", self.tls(authority="other")))
        # The certificate is for localhost.
        self.assertIn("no TLS with a broker", self.refused(f"127.0.0.1:{self.broker.tls}", self.tls()))
        self.assertIn("kafka topic", self.refused(f"localhost:{self.broker.tls}", self.tls(client="stranger")))

    def test_password(self) -> None:
        self.create()
        settings = (f"timeout: 2s\ntls: {{{{ca_file: {self.folder}/ca.pem}}}}\n"
                    "sasl: {{mechanism: plain, username: {}, password: {}}}\n")
        brokers = f"localhost:{self.broker.sasl}"
        problem = self.refused(brokers, settings.format(USER, "guess-" + PASSWORD))
        self.assertIn("look at sasl", problem)
        self.assertNotIn(PASSWORD, problem)
        done = self.send(self.configure(brokers, settings.format(USER, PASSWORD)), 1_000)
        self.assertEqual(0, done.returncode, done.stderr)
        self.expect_all(1_000)

    def test_no_such_topic(self) -> None:
        done = self.send(self.configure(f"127.0.0.1:{self.broker.clear}", "timeout: 2s\n"), 10, seconds=3)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn("there is no such topic", done.stderr)


def main() -> None:
    """unittest.main, but with an exit code that ctest shows as skipped when no test ran"""
    result = unittest.main(exit=False, verbosity=2).result
    for _, reason in result.skipped:
        print(f"SKIPPED: kafka_test: {reason}", file=sys.stderr)
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped and result.testsRun == 0 else 0)


if __name__ == "__main__":
    main()
