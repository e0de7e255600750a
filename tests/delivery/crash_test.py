#!/usr/bin/env python3
"""Kills a replay that spools and sends at random moments, while its receivers refuse, stall, hang up and come back, and
then holds what every output received against what had been spooled: crash_test.py REMORA PROJECT [ROUNDS]

Each round replays sessions of its own: copies of bundled captures, moved in time, so that no later round can make good
what an earlier one lost. After a kill the spool is read by another program: what it holds then was acknowledged, and
must reach every output."""

import http.server
import json
import random
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

REMORA = Path(sys.argv[1]).resolve()
PROJECT = Path(sys.argv[2]).resolve()
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
SEED = 20261130

CAPTURES = ("rdp/standard-low", "rdp/remote-assistance-channels", "rdp/cookie-domain")
COPIES = 60  # of each: some 1,000 events a round, spooled 500 at a time
DAY = 86400

EVENT_ID = re.compile(rb"\x12?\x0a\x20([0-9a-f]{32})")  # field 1 of the event: the first thing in it
OTLP_UID = re.compile(rb"log\.record\.uid\x12\x22\x0a\x20([0-9a-f]{32})")


def packets_of(name: str) -> tuple[bytes, list[tuple[int, bytes]]]:
    """The file header, and of each record its seconds and the bytes behind them."""
    data = (PROJECT / "pcaps" / f"{name}.pcap").read_bytes()
    packets, at = [], 24
    while at < len(data):
        seconds, _, size, _ = struct.unpack_from("<IIII", data, at)
        packets.append((seconds, data[at + 4:at + 16 + size]))
        at += 16 + size
    return data[:24], packets


def write_round(path: Path, number: int) -> None:
    """Sessions that differ from all others by their time."""
    first = DAY + number * DAY
    with path.open("wb") as out:
        loaded = [packets_of(name) for name in CAPTURES]
        out.write(loaded[0][0])
        for copy in range(COPIES):
            for which, (_, packets) in enumerate(loaded):
                start = first + (copy * len(loaded) + which) * 60
                for seconds, rest in packets:
                    out.write(struct.pack("<I", start + seconds - packets[0][0]) + rest)


class Mood:
    """How receivers feel now and then; the same for all."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.calm = False

    def answer(self) -> str:
        with self.lock:
            return "well" if self.calm or self.random.random() < 0.6 else self.random.choice(
                ("refuse", "hang up", "slow", "busy"))


class OtlpReceiver:
    """What a collector may do over HTTP, at random. Remembers what it acknowledged."""

    def __init__(self, mood: Mood) -> None:
        received = self.received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                mood_now = mood.answer()
                if mood_now == "hang up":
                    self.close_connection = True
                    return
                if mood_now == "slow":
                    time.sleep(0.05)
                status = {"refuse": 503, "busy": 429}.get(mood_now, 200)
                if status == 200:
                    received.extend(uid.decode() for uid in OTLP_UID.findall(body))
                self.send_response(status)
                if mood_now == "busy":
                    self.send_header("Retry-After", "0")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class SyslogReceiver:
    """RFC 6587 octet counting; now and then it hangs up in the middle, with what it has not read."""

    def __init__(self, mood: Mood) -> None:
        self.mood = mood
        self.received: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.serve(connection)

    def serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        mood_now = self.mood.answer()
        held = b""
        if mood_now == "refuse":
            return
        try:
            while piece := connection.recv(65536):
                held = self.take(held + piece)
                if mood_now == "slow":
                    time.sleep(0.02)
                if mood_now in ("hang up", "busy"):
                    # Unread data make the kernel reset the connection.
                    return
        except OSError:
            return

    def take(self, held: bytes) -> bytes:
        while (space := held.find(b" ")) > 0:
            size = int(held[:space])
            if len(held) < space + 1 + size:
                break
            message = held[space + 1:space + 1 + size]
            self.received.append(json.loads(message[message.index(b"{"):])["event_id"])
            held = held[space + 1 + size:]
        return held

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)


class Collector:
    """`remora collect`, which is killed now and then."""

    def __init__(self, output: Path) -> None:
        self.output = output
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        if self.process is None:
            self.process = subprocess.Popen(
                [REMORA, "collect", "--listen", f"127.0.0.1:{self.port}", "--output", self.output],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None


def spooled_ids(spool: Path, folder: Path) -> set[str]:
    """Read from a copy: the program that reads must not mend what it looks at."""
    copy = folder / "looked-at.db"
    for suffix in ("", "-wal"):
        target = Path(f"{copy}{suffix}")
        target.unlink(missing_ok=True)
        source = Path(f"{spool}{suffix}")
        if source.exists():
            shutil.copy(source, target)
    if not copy.exists():
        return set()
    with sqlite3.connect(copy) as database:
        try:
            rows = database.execute("SELECT bytes FROM event").fetchall()
        except sqlite3.OperationalError:  # killed before it had made its tables
            return set()
    database.close()
    ids = set()
    for (blob,) in rows:
        found = EVENT_ID.match(blob)
        assert found, f"not an event: {blob[:40]!r}"
        ids.add(found[1].decode())
    return ids


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
        self.collector = Collector(self.folder / "collected.pb")
        self.addCleanup(self.collector.kill)
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
            f"  - name: stream\n    type: stream\n    address: 127.0.0.1:{self.collector.port}\n{common}")

    def replay(self, number: int) -> subprocess.Popen:
        capture = self.folder / f"round-{number % 2}.pcap"
        write_round(capture, number)
        return subprocess.Popen([REMORA, "replay", "--config", self.config, capture], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def received(self) -> dict[str, list[str]]:
        lines = (self.folder / "events.jsonl").read_text().splitlines()
        with sqlite3.connect(self.folder / "store.db") as database:
            stored = [row[0] for row in database.execute("SELECT event_id FROM events")]
        database.close()
        decoded = subprocess.run([REMORA, "decode", self.folder / "collected.pb"], capture_output=True, check=True,
                                 timeout=300)
        return {"file": [json.loads(line)["event_id"] for line in lines],
                "store": stored,
                "otlp": list(self.otlp.received),
                "syslog": list(self.syslog.received),
                "stream": [json.loads(line)["event_id"] for line in decoded.stdout.splitlines()]}

    def test_what_was_spooled_reaches_every_output(self) -> None:
        acknowledged: set[str] = set()
        self.collector.start()
        begun = time.monotonic()
        self.replay(ROUNDS + 1).communicate(timeout=300)
        whole = time.monotonic() - begun
        completed = 0
        for number in range(ROUNDS):
            if self.random.random() < 0.2:
                self.collector.kill()
            else:
                self.collector.start()
            process = self.replay(number)
            try:
                process.communicate(timeout=self.random.uniform(0, 1.3 * whole))
                completed += 1
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
            acknowledged |= spooled_ids(self.folder / "spool.db", self.folder)
        self.mood.calm = True
        self.collector.start()
        last = self.replay(ROUNDS)
        _, told = last.communicate(timeout=300)
        self.assertEqual(last.returncode, 0, told.decode())

        received = self.received()
        everything = acknowledged.union(*received.values())
        self.assertGreater(len(acknowledged), 0)
        losses = 0
        for output, ids in received.items():
            lost = everything - set(ids)
            losses += len(lost)
            print(f"{output}: rounds {ROUNDS}, killed {ROUNDS - completed}, events {len(set(ids))}, "
                  f"duplicates {len(ids) - len(set(ids))}, losses {len(lost)}")
        self.assertEqual(losses, 0)
        self.assertEqual(len(received["store"]), len(set(received["store"])), "the store keeps no event twice")
        self.assertEqual(spooled_ids(self.folder / "spool.db", self.folder), set(), "what all have is gone")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
