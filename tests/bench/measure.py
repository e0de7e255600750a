#!/usr/bin/env python3
"""Times Remora beside a bare libpcap loop, tcpdump and ndpiReader on the same captures: scripts/bench calls this.

Every program reads the same file out of the page cache, in turn, for several rounds; nothing else is
timed. Peak memory is the kernel's VmHWM, looked at every millisecond of one more run, which is not
timed (ru_maxrss would not do: a process inherits it from the one that started it)."""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import measure_kafka

PROJECT = Path(__file__).resolve().parents[2]
DESKTOPS = ["standard-low", "standard-none", "standard-rc4-128", "every-setting", "tls12-nla", "tls13", "tls10-rsa",
            "nego-retry", "nego-failure-final", "no-response"]
QUIET = ["standard-low", "tls12-nla", "every-setting"]
MAILS = ["smtp-base64", "smtp-two-tickets", "smtp-bdat", "smtp-uuencode"]
MIB = 1 << 20


def remove_store(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@dataclass
class Candidate:
    name: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak_bytes: int = 0
    threads: int = 1
    store: Path | None = None  # made anew by every run

    def run(self) -> None:
        start = time.monotonic()
        process = self.start()
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds.append(time.monotonic() - start)
        self.processor.append(usage.ru_utime + usage.ru_stime)
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(self.command)}: {complaint.decode(errors='replace')}")

    def watch_memory(self) -> None:
        process = self.start()
        while process.poll() is None:
            with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as status:
                found = re.search(r"VmHWM:\s*(\d+) kB", status.read())
            if found:  # not while it starts or ends
                self.peak_bytes = max(self.peak_bytes, int(found.group(1)) * 1024)
            time.sleep(0.001)
        process.stderr.close()

    def start(self) -> subprocess.Popen:
        if self.store:
            remove_store(self.store)
        return subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)


@dataclass
class Load:
    """A capture to measure with; docs/performance.md says what each is for."""
    name: str
    kind: str  # of make_traffic
    amount: int
    conversations: list[str]  # names of captures
    limit: str  # what is aimed at

    def path(self, folder: Path) -> Path:
        return folder / f"{self.kind}-{self.amount}.pcap"


def make_capture(build: Path, folder: Path, load: Load) -> Path:
    """Made anew when the file is not there; its size is in its name."""
    path = load.path(folder)
    if path.exists():
        print(f"{path.name}: reused", file=sys.stderr)
        return path
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < 4 * 10**9:
        sys.exit(f"bench: {folder} has {free // 10**6} MB left, 4000 MB are needed; use --folder")
    family = "mail" if load.kind == "mail" else "rdp"
    captures = [str(PROJECT / "pcaps" / family / f"{name}.pcap") for name in load.conversations]
    unfinished = path.with_suffix(".unfinished")
    print(f"{path.name}: ", end="", file=sys.stderr, flush=True)
    subprocess.run([build / "make_traffic", load.kind, unfinished, str(load.amount), *captures], check=True)
    unfinished.rename(path)
    return path


def measure(build: Path, load: Load, capture: Path, rounds: int) -> tuple[list[Candidate], dict]:
    stats = capture.with_suffix(".stats.json")
    remora = [str(build / "remora"), "replay", "--format", "protobuf", "--output", "/dev/null", "--stats", str(stats)]
    candidates = [
        Candidate("bare libpcap loop", [str(build / "pcap_loop"), str(capture)]),
        Candidate("tcpdump -w /dev/null", [shutil.which("tcpdump") or "/usr/bin/tcpdump", "-r", str(capture), "-w",
                                           "/dev/null"]),
        Candidate("remora replay", [*remora, str(capture)]),
        Candidate("remora replay --threads 2", [*remora, "--threads", "2", str(capture)], threads=2),
    ]
    store = capture.with_suffix(".store.db")
    if load.kind == "mixed":
        candidates.append(Candidate("remora replay --store", [*remora, "--store", str(store), str(capture)], store=store))
    if ndpi := shutil.which("ndpiReader"):
        candidates.append(Candidate("ndpiReader -q", [ndpi, "-q", "-i", str(capture)]))
    else:
        print("ndpiReader is not installed: left out", file=sys.stderr)
    with capture.open("rb") as file:  # into the page cache
        while file.read(MIB):
            pass
    for _ in range(rounds):
        for candidate in candidates:
            candidate.run()
    for candidate in candidates:
        candidate.watch_memory()
    found = json.loads(stats.read_text())
    stats.unlink()
    remove_store(store)
    return candidates, found


def table(capture: Path, candidates: list[Candidate], found: dict) -> str:
    size = capture.stat().st_size
    bare = candidates[0]
    lines = [f"{size / 10**6:.0f} MB, {found['packets']} packets of {found['bytes'] / found['packets']:.0f} bytes on "
             f"average, {found['flows']} flows, {found['events'].get('session_opened', 0)} RDP sessions, "
             f"{sum(found['events'].values())} events",
             "",
             "| program | best s | median s | processor s | × bare loop (best) | × bare loop (median) | packets/s | Gbit/s | "
             "peak MiB |",
             "|---|---|---|---|---|---|---|---|---|"]
    for candidate in candidates:
        best, median = min(candidate.seconds), statistics.median(candidate.seconds)
        lines.append(f"| {candidate.name} | {best:.2f} | {median:.2f} | {min(candidate.processor):.2f} | "
                     f"{best / min(bare.seconds):.2f} | "
                     f"{median / statistics.median(bare.seconds):.2f} | {found['packets'] / best / 1e6:.2f} M | "
                     f"{found['bytes'] * 8 / best / 1e9:.1f} | {candidate.peak_bytes / MIB:.1f} |")
    one, two = (next(c for c in candidates if c.name.startswith("remora") and c.threads == n) for n in (1, 2))
    kept = next((c for c in candidates if c.store), None)
    lines += ["", f"two workers: {min(one.seconds) / min(two.seconds):.2f} times as fast as one (best)"]
    if candidates[-1].name.startswith("ndpi"):
        lines[-1] += f"; ndpiReader takes {min(candidates[-1].seconds) / min(one.seconds):.1f} times as long as one"
    if kept:
        lines.append(f"with the store {min(kept.seconds) / min(one.seconds):.2f} times as long as without (best; aim: 1.3), "
                     f"median {statistics.median(kept.seconds) / statistics.median(one.seconds):.2f}")
    return "\n".join(lines)


def openssl_speed(cipher: str) -> float:
    """MB/s of `openssl speed` for one core and blocks of a full TLS record"""
    done = subprocess.run(["openssl", "speed", "-mr", "-seconds", "3", "-bytes", "16384", "-decrypt", "-evp", cipher],
                          capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("+F:"))
    return float(line.split(":")[-1]) / 10**6


def measure_sealed(build: Path, folder: Path, scale: float, rounds: int) -> str:
    """How fast what is sealed is opened, beside the cipher alone; and what a session that is opened costs."""
    amount, many = int(300_000_000 * scale), max(2, int(500 * scale))
    conversation = PROJECT / "pcaps/rdp/standard-none.pcap"
    lines = ["| suite | MB/s of what is inside (best) | `openssl speed` MB/s | ratio |", "|---|---|---|---|"]

    def replayed(suite: str, sessions: int, size: int) -> Candidate:
        capture, key_log = folder / "sealed.pcap", folder / "sealed.keylog"
        subprocess.run([build / "make_sealed", capture, key_log, suite, str(sessions), str(size), conversation], check=True)
        key_log.chmod(0o600)
        found = folder / "sealed.stats.json"
        candidate = Candidate(suite, [str(build / "remora"), "replay", "--format", "protobuf", "--output", "/dev/null",
                                      "--stats", str(found), "--tls-keylog", str(key_log), str(capture)])
        with capture.open("rb") as file:
            while file.read(MIB):
                pass
        for _ in range(rounds):
            candidate.run()
        candidate.watch_memory()
        if json.loads(found.read_text())["events"].get("session_closed") != sessions:
            sys.exit("bench: not every sealed session was seen")
        for path in (capture, key_log, found):
            path.unlink()
        return candidate

    for suite, cipher in (("ECDHE-RSA-AES128-GCM-SHA256", "aes-128-gcm"), ("TLS_AES_256_GCM_SHA384", "aes-256-gcm")):
        speed = amount / min(replayed(suite, 1, amount).seconds) / 10**6
        alone = openssl_speed(cipher)
        lines.append(f"| {suite} | {speed:.0f} | {alone:.0f} | {speed / alone:.2f} |")
    peaks = [replayed("TLS_AES_256_GCM_SHA384", sessions, 100_000).peak_bytes for sessions in (many, many // 2)]
    lines += ["", f"a session that is opened costs {(peaks[0] - peaks[1]) / (many - many // 2) / 1024:.0f} KiB ({many} open at "
              "once), events waiting to be written included"]
    return "\n".join(lines)


def bundled_events(build: Path, folder: Path) -> Path:
    """The events of all bundled captures"""
    folder.mkdir(parents=True, exist_ok=True)
    events = folder / "bundled.events"
    with events.open("wb") as out:
        for capture in sorted(PROJECT.glob("pcaps/*/*.pcap")):
            # Some captures are damaged, which Remora says after it has written their events.
            subprocess.run([build / "remora", "replay", "--format", "protobuf", capture], stdout=out,
                           stderr=subprocess.DEVNULL, check=False)
    return events


def figures(command: list[object], rounds: int) -> list[float]:
    """What a program printed in its best run"""
    return max([float(word) for word in subprocess.run(list(map(str, command)), capture_output=True,
                                                       text=True, check=True).stdout.split()] for _ in range(rounds))


def measure_spool(build: Path, folder: Path, scale: float, rounds: int) -> str:
    """Every batch is on the disk before the next"""
    events = bundled_events(build, folder)
    lines = ["| events at once | events/s in (best) | MB/s in | events/s out |", "|---|---|---|---|"]
    for batch in (500, 100):
        into, size, out = figures([build / "spool_bench", events, int(500_000 * scale), batch, folder], rounds)
        lines.append(f"| {batch} | {into:.0f} | {size / 1e6:.1f} | {out:.0f} |")
    events.unlink()
    return "\n".join(lines)


def measure_otlp(build: Path, folder: Path, scale: float, rounds: int) -> str:
    """How fast events are delivered over OTLP/HTTP"""
    events = bundled_events(build, folder)
    lines = ["| body | compression | events/s (best) | MB/s sent | events a processor second |", "|---|---|---|---|---|"]
    count = int(300_000 * scale)
    for body, compression in (("none", "gzip"), ("none", "none"), ("event", "gzip"), ("json", "gzip")):
        speed, sent, processor = figures([build / "otlp_bench", events, count, 500, body, compression], rounds)
        lines.append(f"| {body} | {compression} | {speed:.0f} | {sent / 1e6:.1f} | {count / processor:.0f} |")
    events.unlink()
    return "\n".join(lines)


def machine() -> str:
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.*)", info)
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    versions = []
    for command in (["tcpdump", "--version"], ["ndpiReader", "-h"]):
        if shutil.which(command[0]):
            told = subprocess.run(command, capture_output=True, text=True, check=False)
            versions += [line for line in (told.stdout + told.stderr).splitlines()
                         if re.search(r"version|nDPI \(", line)][:2]
    return (f"{time.strftime('%Y-%m-%d')}; {model.group(1) if model else platform.machine()}, {os.cpu_count()} "
            f"processors, {int(memory.group(1)) // 2**20 if memory else 0} GiB; Linux {platform.release()}; "
            + "; ".join(versions))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="folder with remora, make_traffic and pcap_loop")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/remora-bench"), help="where the captures lie")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the captures, 1 is what the aims are for")
    parser.add_argument("--only", choices=["mixed", "flood", "desktops", "tunnelled", "mail", "sealed", "spool", "otlp", "kafka"],
                        help="one of the loads")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the captures for the next time")
    given = parser.parse_args()

    def amount(full: int) -> int:
        return int(full * given.scale)

    loads = [
        Load("(a) mixed traffic", "mixed", amount(1_100_000_000), DESKTOPS,
             "one worker within 1.5 of the bare loop, ndpiReader at least 4 times as long"),
        Load("(a) half of it", "mixed", amount(550_000_000), DESKTOPS, "the same memory"),
        Load("(b) a flood of 64-byte frames", "flood", amount(2_000_000), QUIET, "at most 400 MB resident"),
        Load("(c) RDP sessions, all open at once", "desktops", amount(10_000), QUIET, "at most 16 KB a session"),
        Load("(c) a tenth of them", "desktops", amount(1_000), QUIET, "at most 16 KB a session"),
        Load("(d) everything inside VXLAN", "tunnelled", amount(1_100_000_000), DESKTOPS, "as (a)"),
        Load("(e) mail, a third of the flows, with 10,000 tickets an hour at 1 Gbit/s", "mail", amount(1_100_000_000), MAILS,
             "one worker within 1.8 of the bare loop"),
    ]
    if given.only:
        loads = [load for load in loads if load.kind == given.only]
    captures = [make_capture(given.build, given.folder, load) for load in loads]
    print(machine())
    peaks: dict[tuple[str, int], int] = {}
    for load, capture in zip(loads, captures, strict=True):
        candidates, found = measure(given.build, load, capture, given.rounds)
        peaks[load.kind, load.amount] = next(c for c in candidates if c.name == "remora replay").peak_bytes
        print(f"\n{load.name}; aim: {load.limit}\n\n{table(capture, candidates, found)}", flush=True)
    many, few = ("desktops", amount(10_000)), ("desktops", amount(1_000))
    if many in peaks:
        print(f"\na session costs {(peaks[many] - peaks[few]) / (many[1] - few[1]) / 1024:.1f} KiB, events waiting to be "
              "written included")
    if given.only in (None, "sealed"):
        given.folder.mkdir(parents=True, exist_ok=True)
        print("\n(f) RDP inside TLS, opened; aim: 300 MB/s, at most 300 KB a session\n\n"
              + measure_sealed(given.build, given.folder, given.scale, given.rounds))
    if given.only in (None, "spool"):
        print("\nThe spool; aim: 50,000 events/s in\n\n"
              + measure_spool(given.build, given.folder, given.scale, given.rounds))
    if given.only in (None, "otlp"):
        print("\nOTLP over HTTP to a receiver on loopback that throws events away; aim: 30,000 events/s\n\n"
              + measure_otlp(given.build, given.folder, given.scale, given.rounds))
    if given.only in (None, "kafka"):
        print("\nEvents to Kafka on loopback; aim: 30,000 a second\n\n"
              + measure_kafka.measure(given.build, given.scale, given.rounds))
    if not given.keep:
        for capture in set(captures):
            capture.unlink()


if __name__ == "__main__":
    main()
