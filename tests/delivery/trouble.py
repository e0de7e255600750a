"""Sessions in any number, and receivers that misbehave, for tests that kill or starve Remora."""

import http.server
import json
import random
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import threading
import time
from pathlib import Path

CAPTURES = ("rdp/standard-low", "rdp/remote-assistance-channels", "rdp/cookie-domain")
DAY = 86400

EVENT_ID = re.compile(rb"\x12?\x0a\x20([0-9a-f]{32})")  # field 1 of the event: the first thing in it
OTLP_UID = re.compile(rb"log\.record\.uid\x12\x22\x0a\x20([0-9a-f]{32})")


def packets_of(project: Path, name: str) -> tuple[bytes, list[tuple[int, bytes]]]:
    """The file header, and of each record its seconds and the bytes behind them."""
    data = (project / "pcaps" / f"{name}.pcap").read_bytes()
    packets, at = [], 24
    while at < len(data):
        seconds, _, size, _ = struct.unpack_from("<IIII", data, at)
        packets.append((seconds, data[at + 4:at + 16 + size]))
        at += 16 + size
    return data[:24], packets


def write_round(project: Path, path: Path, number: int, copies: int) -> None:
    """Sessions that differ from all others by their time."""
    first = DAY + number * DAY
    with path.open("wb") as out:
        loaded = [packets_of(project, name) for name in CAPTURES]
        out.write(loaded[0][0])
        for copy in range(copies):
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

    def __init__(self, remora: Path, output: Path) -> None:
        self.remora = remora
        self.output = output
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        if self.process is None:
            self.process = subprocess.Popen(
                [self.remora, "collect", "--listen", f"127.0.0.1:{self.port}", "--output", self.output],
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
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return set()  # killed before it had made its tables
    database.close()
    ids = set()
    for (blob,) in rows:
        found = EVENT_ID.match(blob)
        assert found, f"not an event: {blob[:40]!r}"
        ids.add(found[1].decode())
    return ids
