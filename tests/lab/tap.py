"""The tap: tcpdump on an interface of a router. What it writes goes to a file and, while it happens, to Remora."""

import json
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lab.process import Host, Program
from lab.waiting import ProgramFailed

QUIET = 1.0  # seconds without a packet after which nothing more is expected
LONGEST = 6.0


@dataclass
class Live:
    """What Remora said while it happened"""
    exit_code: int = 0
    events: list[dict] = field(default_factory=list)
    errors: str = ""


class Tap:
    def __init__(self, host: Host, interface: str, file: Path, remora: Path | None):
        self.host, self.interface, self.file, self.remora = host, interface, file, remora
        self.live: Live | None = None
        self.last_packet = time.monotonic()

    def start(self) -> None:
        self.tcpdump: Program = self.host.start("tcpdump", "--immediate-mode", "-U", "-s0", "-B", 16384, "-Z", "root",
                                                "-i", self.interface, "-w", "-", stdout=subprocess.PIPE)
        self.reader = None
        if self.remora:
            self.events, self.errors = self.file.with_suffix(".events"), self.file.with_suffix(".errors")
            with self.events.open("wb") as out, self.errors.open("wb") as err:
                self.reader = subprocess.Popen([self.remora, "replay", "--format", "jsonl", "-"], stdin=subprocess.PIPE,
                                               stdout=out, stderr=err, start_new_session=True)
        self.pump = threading.Thread(target=self.copy, daemon=True)
        self.pump.start()
        self.tcpdump.wait_for_text("listening on")

    def copy(self) -> None:
        source = self.tcpdump.popen.stdout
        sink: BinaryIO | None = self.reader.stdin if self.reader else None
        with self.file.open("wb") as out:
            while piece := source.read1(65536):
                self.last_packet = time.monotonic()
                out.write(piece)
                out.flush()
                sink = self.pass_on(sink, piece)
        if sink:
            sink.close()

    @staticmethod
    def pass_on(sink: BinaryIO | None, piece: bytes) -> BinaryIO | None:
        """To a Remora that may be gone; its exit code will say so."""
        if sink:
            try:
                sink.write(piece)
                sink.flush()
            except OSError:
                return None
        return sink

    def wait_for_quiet(self) -> None:
        start = time.monotonic()
        while time.monotonic() < start + LONGEST and time.monotonic() < max(start, self.last_packet) + QUIET:
            time.sleep(0.05)

    def stop(self) -> None:
        self.wait_for_quiet()
        self.tcpdump.stop(signal.SIGINT)
        self.pump.join(30)
        if self.reader:
            code = self.reader.wait(60)
            self.live = Live(code, [json.loads(line) for line in self.events.read_bytes().splitlines()],
                             self.errors.read_text(encoding="utf-8", errors="replace"))
        dropped = re.search(r"(\d+) packets? dropped by kernel", self.tcpdump.text())
        if self.pump.is_alive() or not dropped or dropped[1] != "0":
            raise ProgramFailed(f"tcpdump lost packets: {self.tcpdump.text()[-300:]}")

    def abort(self) -> None:
        """After a failure: no program stays behind."""
        self.tcpdump.stop(signal.SIGKILL)
        self.pump.join(10)
        if self.reader and self.reader.poll() is None:
            self.reader.kill()
            self.reader.wait(10)
