#!/usr/bin/env python3
"""The OTLP output with a real OpenTelemetry Collector, run as docs/otlp.md configures it: what is in its file is what was
sent, though it is killed meanwhile."""

import base64
import json
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import sending
from certificates import Authority
from sending import BUILD, PROJECT, event_ids, free_port, listens, make_events, wait_until

KILLS = 3
LATEST_BUILD = 1500  # seconds


def documented_configuration() -> str:
    blocks = re.findall(r"```yaml\n(.*?)```", (PROJECT / "docs/otlp.md").read_text(), flags=re.S)
    return next(block for block in blocks if block.startswith("receivers:"))


class Collector:
    """The documented configuration with ports and a file of the test; `more` is merged into it."""
    program: str

    def __init__(self, folder: Path, more: str = ""):
        self.file = folder / "received.jsonl"
        self.log = folder / "collector.log"
        self.http, self.grpc = free_port(), free_port()
        text = documented_configuration()
        for documented, ours in (("127.0.0.1:4318", f"127.0.0.1:{self.http}"),
                                 ("127.0.0.1:4317", f"127.0.0.1:{self.grpc}"),
                                 ("/var/lib/otelcol/remora.jsonl", str(self.file))):
            if documented not in text:
                raise AssertionError(f"docs/otlp.md does not configure {documented}")
            text = text.replace(documented, ours)
        # Its own metrics would take a fixed port.
        self.configurations = [text, "service: {telemetry: {metrics: {level: none}}}\n", more or "{}\n"]
        self.paths = [folder / f"collector-{number}.yaml" for number in range(3)]
        for path, configuration in zip(self.paths, self.configurations, strict=True):
            path.write_text(configuration)
        self.process: subprocess.Popen | None = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self) -> None:
        arguments = [part for path in self.paths for part in ("--config", str(path))]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([self.program, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until("the collector listens", self.is_up)

    def is_up(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the collector ended: {self.log.read_text()[-2000:]}")
        return listens(self.http) and listens(self.grpc)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def resources(self) -> list[dict]:
        """What the file holds. A request that was being written when the collector was killed had no answer yet: its
        line may be damaged."""
        found = []
        for text in re.split(r'(?=\{"resourceLogs")', self.file.read_text(errors="replace")):
            try:
                found += json.loads(text)["resourceLogs"]
            except ValueError:
                continue
        return found

    def records(self) -> list[dict]:
        return [record for resource in self.resources() for scope in resource["scopeLogs"]
                for record in scope["logRecords"]]


def plain(value: dict):
    """AnyValue in OTLP's JSON"""
    (kind, content), = value.items()
    if kind == "arrayValue":
        return [plain(one) for one in content["values"]]
    return int(content) if kind == "intValue" else content


def attributes(holder: dict) -> dict:
    return {attribute["key"]: plain(attribute["value"]) for attribute in holder["attributes"]}


class WithACollector(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            done = subprocess.run([PROJECT / "tests/delivery/make_collector", BUILD / "collector"], capture_output=True,
                                  text=True, timeout=LATEST_BUILD, check=False)
        except subprocess.TimeoutExpired:
            raise unittest.SkipTest("the OpenTelemetry Collector could not be built in time") from None
        if done.returncode == sending.SKIPPED:
            raise unittest.SkipTest(f"the OpenTelemetry Collector is not to be had: {done.stderr.strip()}")
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        Collector.program = done.stdout.strip()

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def send(self, configuration: str, count: int, batch: int = 100) -> sending.Sent:
        events = make_events(self.folder / "events", count)
        return sending.send(self.folder, f"type: otlp\n{configuration}", events, batch)

    def all_arrive(self, collector: Collector, count: int) -> Counter:
        """How often each event did"""
        found = Counter(attributes(record)["log.record.uid"] for record in collector.records())
        self.assertEqual(set(found), event_ids(count))
        return found

    def killed_meanwhile(self, configuration: str, port: str) -> None:
        count = 20_000
        events = make_events(self.folder / "events", count)
        with Collector(self.folder) as collector:
            where = f"endpoint: http://127.0.0.1:{getattr(collector, port)}\ncompression: gzip\n"
            sender = sending.Sending(self.folder, f"type: otlp\n{configuration}{where}", events, 50)
            for kill in range(1, KILLS + 1):
                sender.wait_for_progress(kill * count // (KILLS + 2))
                collector.kill()
                collector.start()
            result = sender.finish()
            self.assertEqual((result.exit_code, result.sent, result.refused), (0, count, 0), result.problems)
            self.assertGreater(result.tries, count // 50, "no kill was felt")
            found = self.all_arrive(collector, count)
        print(f"{port}: {count} events, {KILLS} kills, {result.tries - count // 50} batches sent again, "
              f"{found.total() - count} duplicates, 0 losses")

    def test_http_killed_meanwhile(self):
        self.killed_meanwhile("", "http")

    def test_grpc_killed_meanwhile(self):
        self.killed_meanwhile("protocol: grpc\n", "grpc")

    def test_attributes_arrive_as_documented(self):
        with Collector(self.folder) as collector:
            result = self.send(f"endpoint: http://127.0.0.1:{collector.http}\nbody: json\n", 17)
            self.assertEqual(result.sent, 17, result.problems)
        resource, = collector.resources()
        self.assertEqual(attributes(resource["resource"]),
                         {"service.name": "remora", "service.version": "version", "remora.sensor.name": "name",
                          "remora.sensor.source": "source"})
        records = {record["eventName"]: record for record in collector.records()}
        record = records["remora.session_closed"]
        self.assertEqual(record["severityText"], "WARN" if record["severityNumber"] == 13 else "INFO")
        self.assertEqual(record["timeUnixNano"], "1760000000003000000")
        found = attributes(record)
        expected = {
            "log.record.uid": sending.event_id(3), "remora.session.id": sending.event_id(0),
            "network.protocol.name": "rdp", "network.transport": "tcp", "network.type": "ipv4",
            "client.address": "192.0.2.7", "client.port": 2, "remora.users": ["CORP\\name"], "user.name": "name",
            "tls.protocol.name": "tls", "tls.protocol.version": "1.2", "tls.server.hash.sha256": "A" * 64,
            "remora.session.decrypted": True, "remora.confidence": 1, "remora.evidence.rules": ["rule"],
        }
        self.assertEqual({name: found.get(name) for name in expected}, expected)
        self.assertEqual(json.loads(plain(record["body"]))["event_id"], sending.event_id(3))
        file = attributes(records["remora.file_transfer_ended"])
        self.assertEqual((file["file.name"], file["file.path"]), ("résumé = 1|2.docx", "C:\\Users\\eva\\résumé = 1|2.docx"))

    def test_the_event_itself_as_body(self):
        with Collector(self.folder) as collector:
            result = self.send(f"endpoint: http://127.0.0.1:{collector.grpc}\nprotocol: grpc\nbody: event\n", 17)
            self.assertEqual(result.sent, 17, result.problems)
        stream = (self.folder / "events").read_bytes()
        at = 0
        for record in collector.records():
            event = base64.b64decode(record["body"]["bytesValue"])
            at = stream.index(event, at) + len(event)
        self.assertEqual(at, len(stream))

    def test_what_is_larger_than_the_collector_takes(self):
        limits = ("receivers: {otlp: {protocols: {http: {max_request_body_size: 500000},"
                  " grpc: {max_recv_msg_size_mib: 1}}}}\n")
        for protocol in ("http", "grpc"):
            with self.subTest(protocol), Collector(self.folder, limits) as collector:
                collector.file.unlink(missing_ok=True)
                result = self.send(f"protocol: {protocol}\nendpoint: http://127.0.0.1:{getattr(collector, protocol)}\n"
                                   "body: json\n", 2000, batch=1000)
                self.assertEqual((result.sent, result.refused), (2000, 0), result.problems)
                self.all_arrive(collector, 2000)

    def test_by_tls_with_a_client_certificate(self):
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not installed")
        authority = Authority(self.folder / "ours")
        certificate, key = authority.issue("collector")
        ours, our_key = authority.issue("sensor", hosts="DNS:sensor")
        tls = f"tls: {{cert_file: {certificate}, key_file: {key}, client_ca_file: {authority.file}}}"
        both = f"receivers: {{otlp: {{protocols: {{http: {{{tls}}}, grpc: {{{tls}}}}}}}}}\n"
        named = f"tls: {{ca_file: {authority.file}, certificate_file: {ours}, key_file: {our_key}}}\n"
        for protocol in ("http", "grpc"):
            with self.subTest(protocol), Collector(self.folder, both) as collector:
                collector.file.unlink(missing_ok=True)
                result = self.send(f"protocol: {protocol}\nendpoint: https://127.0.0.1:{getattr(collector, protocol)}\n"
                                   + named, 500)
                self.assertEqual((result.sent, result.problems), (500, ""))
                self.assertEqual(self.all_arrive(collector, 500).total(), 500)


if __name__ == "__main__":
    sending.main()
