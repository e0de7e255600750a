#!/usr/bin/env python3
"""Sessions come at a steady rate while interfaces, collectors, settings and processes come and go: soak.py BINARY PROJECT
[--minutes N] [--rate SESSIONS]. docs/reliability.md says what has to hold; this prints what did, and exits with 1 where
something did not."""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from conversations import Conversation
from senders import Sender, Sent
from soak_report import Disturbance, Heard, Sample, Stretch, judge
from tap import Cable, Daemon, enter_own_network, take_argument, wait_for

CONVERSATIONS = ["standard-low", "standard-none", "standard-rc4-128", "tls12-nla", "tls13"]
COLLECTOR_PORT = 4319
PAUSE = (3, 8)  # seconds between two troubles
# What a process that is killed may take along: events wait about a second to be put into order, then for each other.
KILL_COSTS = 3.0


class Collector:
    def __init__(self, binary: Path, folder: Path):
        self.command = [binary, "collect", "--listen", f"127.0.0.1:{COLLECTOR_PORT}", "--output",
                        folder / "collected.jsonl", "--format", "jsonl"]
        self.log = folder / "collector.log"
        self.start()

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)


class Soak:
    def __init__(self, binary: Path, project: Path, minutes: float, rate: float):
        self.minutes = minutes
        self.random = random.Random(8)
        self.cables = [Cable("a"), Cable("b")]
        self.daemon = Daemon(binary, [cable.there for cable in self.cables])
        self.variant = 0
        self.configure()
        self.collector = Collector(binary, self.daemon.folder)
        conversations = [Conversation(project / f"pcaps/rdp/{name}.pcap") for name in CONVERSATIONS]
        self.senders = [Sender(len(self.cables), number, cable, conversations, rate / len(self.cables))
                        for number, cable in enumerate(self.cables)]
        self.disturbances: list[Disturbance] = []
        self.stretches: list[Stretch] = []
        self.faults: list[str] = []
        self.did: Counter[str] = Counter()
        self.begin = self.sampled = 0.0

    def configure(self) -> None:
        """Two configurations in turn: one with another output, another interval and other names"""
        more = f"  - {{name: collector, type: stream, address: 127.0.0.1:{COLLECTOR_PORT}, " \
               "tls: {enabled: false}, retry: {first: 200ms, most: 2s}, batch: {age: 200ms}}\n"
        if self.variant:
            more += f"  - {{name: extra, type: file, path: {self.daemon.folder}/out/extra.jsonl, kinds: [logon]}}\n"
        more += f"health_interval: {10 + self.variant}s\n"
        self.daemon.configure(more)

    # Watching

    def sample(self) -> None:
        for name, number in self.daemon.processes().items():
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{number}/status").read_text()
                memory = int(status.split("RssAnon:")[1].split()[0]) / 1024
                descriptors = len(os.listdir(f"/proc/{number}/fd"))
                self.stretches[-1].samples.append(Sample(time.monotonic(), name, memory, descriptors, self.variant))

    def rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            if now - self.sampled >= 1:
                self.sampled = now
                self.sample()
                self.daemon.forget_notices()
                if self.daemon.process.poll() is not None:
                    raise AssertionError(f"ended by itself with {self.daemon.process.returncode}:\n{self.daemon.text()}")
            time.sleep(0.1)

    @contextlib.contextmanager
    def disturbing(self, name: str, cables: list[int], before: float, after: float = 1.0) -> Iterator[None]:
        begin = time.monotonic() - before
        yield
        self.disturbances.append(Disturbance(name, cables, begin, time.monotonic() + after))

    def up(self, cable: Cable) -> bool:
        return self.daemon.metric("remora_interface_up", interface=cable.there) == 1

    # Troubles

    def interface_down(self) -> None:
        number = self.random.randrange(len(self.cables))
        with self.disturbing("interface down", [number], 0.5):
            self.cables[number].set("down")
            wait_for(lambda: not self.up(self.cables[number]))
            self.cables[number].set("up")
            wait_for(lambda: self.up(self.cables[number]))
            # The kernel tells the other end that there is a carrier within a second (net/core/link_watch.c).
            wait_for(self.cables[number].carries)

    def interface_deleted(self) -> None:
        number = self.random.randrange(len(self.cables))
        with self.disturbing("interface deleted", [number], 0.5):
            self.cables[number].remove()
            wait_for(lambda: not self.up(self.cables[number]))
            self.cables[number].make()
            wait_for(lambda: self.up(self.cables[number]))
            wait_for(self.cables[number].carries)

    def collector_killed(self) -> None:
        self.collector.kill()
        self.rest(self.random.uniform(0, 5))
        self.collector.start()

    def reload(self) -> None:
        done = self.daemon.metric("remora_reloads_total", result="done")
        self.variant = 1 - self.variant
        self.configure()
        self.daemon.reload()
        wait_for(lambda: self.daemon.metric("remora_reloads_total", result="done") == done + 1)

    def wrong_reload(self) -> None:
        refused = self.daemon.metric("remora_reloads_total", result="refused")
        right = self.daemon.config.read_text()
        self.daemon.config.write_text(right + "nonsense: 1\n")
        self.daemon.reload()
        wait_for(lambda: self.daemon.metric("remora_reloads_total", result="refused") == refused + 1)
        self.daemon.config.write_text(right)

    def kill(self, who: str) -> None:
        """`who`: one of the processes, or all"""
        with self.disturbing(f"{who} killed", list(range(len(self.cables))), KILL_COSTS):
            self.end_stretch()
            processes = self.daemon.processes()
            for name, number in processes.items():
                if who in ("all", name):
                    os.kill(number, signal.SIGKILL)
            code = self.daemon.process.wait(60)
            expected = -signal.SIGKILL if who in ("all", "supervisor") else 1
            if code != expected:
                self.faults.append(f"{who} killed: exit code {code}, not {expected}")
            wait_for(lambda: not any(Path(f"/proc/{number}").exists() for number in processes.values()), 60,
                     f"{who} killed: not all processes ended")
            self.begin_stretch()

    # The course

    def begin_stretch(self) -> None:
        self.daemon.start()
        for cable in self.cables:
            wait_for(lambda: self.up(cable))
        self.stretches.append(Stretch(time.monotonic()))

    def end_stretch(self) -> None:
        stretch = self.stretches[-1]
        stretch.end = time.monotonic()
        for line in self.daemon.get("/metrics")[1].splitlines():
            if line.startswith("remora_drops_total{") and (count := int(float(line.rsplit(" ", 1)[1]))):
                stretch.lost[line[len("remora_drops_total"):].rsplit(" ", 1)[0]] = count
        stretch.frames = int(self.daemon.metric("remora_packets_total"))

    def trouble(self, until: float) -> None:
        """One after the other, all of them before one comes again"""
        kinds = [self.interface_down, self.interface_deleted, self.collector_killed, self.reload, self.wrong_reload]
        left = []
        while True:
            self.rest(self.random.uniform(*PAUSE))
            # The end of a stretch is left in peace: what is held then is compared with its beginning.
            if time.monotonic() > until - 20:
                return self.rest(max(0.0, until - time.monotonic()))
            left = left or self.random.sample(kinds, len(kinds))
            kind = left.pop()
            begin = time.monotonic()
            kind()
            name = kind.__name__.replace("_", " ")
            print(f"{begin - self.begin:6.1f} s {name} ({time.monotonic() - begin:.1f} s)", flush=True)
            self.did[name] += 1

    def run(self) -> int:
        begin = self.begin = time.monotonic()
        seconds = self.minutes * 60
        self.begin_stretch()
        for sender in self.senders:
            sender.start()
        # One long stretch to see memory in, then a kill every few minutes.
        ends = [0.4 * seconds]
        step = min(300.0, max(60.0, 0.12 * seconds))
        while ends[-1] + 2 * step <= seconds:
            ends.append(ends[-1] + step)
        for number, end in enumerate(ends):
            self.trouble(begin + end)
            self.kill(["all", "sensor", "shipper", "supervisor"][number % 4])
        self.trouble(begin + seconds)
        for sender in self.senders:
            sender.finish()
        self.rest(3)
        self.end_stretch()
        if (code := self.daemon.stop()) != 0:
            self.faults.append(f"SIGTERM: exit code {code}, not 0")
        self.collector.process.terminate()
        self.collector.process.wait(60)
        return self.report(time.monotonic() - begin)

    def report(self, seconds: float) -> int:
        sent: list[Sent] = [session for sender in self.senders for session in sender.sent]
        print(f"{seconds / 60:.1f} minutes, {len(sent)} sessions, {sum(sender.frames for sender in self.senders)} frames")
        print(", ".join(f"{name} {count}" for name, count in sorted(self.did.items())))
        heard = Heard(self.daemon.events_file)
        collected = Heard(self.daemon.folder / "collected.jsonl")
        faults = self.faults + judge(sent, heard, collected, self.disturbances, self.stretches)
        for fault in faults:
            print(f"VIOLATION {fault}")
        if faults:
            print("The end of the daemon's log:", *self.daemon.text().splitlines()[-40:], sep="\n  ")
        print("all held" if not faults else f"{len(faults)} violations")
        return 1 if faults else 0

    def remove(self) -> None:
        for sender in self.senders:
            sender.ending.set()
        if self.collector.process.poll() is None:
            self.collector.kill()
        self.daemon.remove()


def main() -> int:
    project = Path(__file__).resolve().parents[2]
    enter_own_network()
    binary = take_argument(project / "build/dev/remora")
    project = take_argument(project)
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=20, help="sessions a second")
    options = parser.parse_args()
    soak = Soak(binary, project, options.minutes, options.rate)
    try:
        return soak.run()
    finally:
        soak.remove()


if __name__ == "__main__":
    sys.exit(main())
