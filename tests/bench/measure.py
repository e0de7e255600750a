#!/usr/bin/env python3
"""Times Remora beside a bare libpcap loop and tcpdump on the same capture: scripts/bench calls this.

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

PROJECT = Path(__file__).resolve().parents[2]
DESKTOPS = ["standard-low", "standard-none", "standard-rc4-128", "every-setting", "tls12-nla", "tls13", "tls10-rsa",
            "nego-retry", "nego-failure-final", "no-response"]
MIB = 1 << 20


@dataclass
class Candidate:
    name: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak_bytes: int = 0

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
        return subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)


def make_capture(build: Path, folder: Path, size: int) -> Path:
    """Made anew when the file is not there; its size is in its name."""
    path = folder / f"mixed-{size // 10**6}.pcap"
    if path.exists():
        print(f"{path.name}: reused", file=sys.stderr)
        return path
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size * 2:
        sys.exit(f"bench: {folder} has {free // 10**6} MB left, {size * 2 // 10**6} MB are needed; use --folder")
    desktops = [str(PROJECT / "pcaps/rdp" / f"{name}.pcap") for name in DESKTOPS]
    unfinished = path.with_suffix(".unfinished")
    print(f"{path.name}: ", end="", file=sys.stderr, flush=True)
    subprocess.run([build / "make_traffic", unfinished, str(size), *desktops], check=True)
    unfinished.rename(path)
    return path


def measure(build: Path, capture: Path, rounds: int) -> tuple[list[Candidate], dict]:
    stats = capture.with_suffix(".stats.json")
    candidates = [
        Candidate("bare libpcap loop", [str(build / "pcap_loop"), str(capture)]),
        Candidate("tcpdump -w /dev/null", [shutil.which("tcpdump") or "/usr/bin/tcpdump", "-r", str(capture), "-w",
                                           "/dev/null"]),
        Candidate("remora replay", [str(build / "remora"), "replay", "--format", "jsonl", "--output", "/dev/null",
                                    "--stats", str(stats), str(capture)]),
    ]
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
    return "\n".join(lines)


def machine() -> str:
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.*)", info)
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    tcpdump = subprocess.run(["tcpdump", "--version"], capture_output=True, text=True, check=False)
    versions = [line for line in (tcpdump.stdout + tcpdump.stderr).splitlines() if "version" in line]
    return (f"{time.strftime('%Y-%m-%d')}; {model.group(1) if model else platform.machine()}, {os.cpu_count()} "
            f"processors, {int(memory.group(1)) // 2**20 if memory else 0} GiB; Linux {platform.release()}; "
            + "; ".join(versions))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="folder with remora, make_traffic and pcap_loop")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/remora-bench"), help="where the captures lie")
    parser.add_argument("--bytes", type=int, default=1_100_000_000, help="size of the capture")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the captures for the next time")
    given = parser.parse_args()

    captures = [make_capture(given.build, given.folder, size) for size in (given.bytes, given.bytes // 2)]
    print(machine())
    peaks = []
    for capture in captures:
        candidates, found = measure(given.build, capture, given.rounds)
        peaks.append(candidates[-1].peak_bytes)
        print(f"\n{table(capture, candidates, found)}")
    print(f"\nremora's peak memory: {peaks[0] / MIB:.1f} MiB, and {peaks[1] / MIB:.1f} MiB for half the file")
    if not given.keep:
        for capture in captures:
            capture.unlink()


if __name__ == "__main__":
    main()
