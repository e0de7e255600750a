#!/usr/bin/env python3
"""What the daemon loses of live traffic, beside tcpdump with a ring of the same size: `scripts/bench loss` calls this.

Made traffic goes over a cable (veth) in a network of the program's own, at several rates: to each listener alone, and
to both at once. Every frame has to be accounted for: sent = received + lost. Needs root."""

import argparse
import os
import platform
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "live"))
from measure import QUIET, Load, make_capture
from tap import Cable, Daemon, enter_own_network, need, run

TICKS = os.sysconf("SC_CLK_TCK")
LATEST_SECONDS = 60  # LIMIT: for a listener to read what is in its ring


@dataclass
class Reading:
    """What a listener says of one run"""
    received: int = 0
    lost: int = 0
    processor: float = 0.0  # seconds


@dataclass
class Run:
    rate: str
    sent: int = 0
    reached: float = 0.0  # frames a second
    readings: dict[str, Reading] = field(default_factory=dict)


def processor_seconds(process: int) -> float:
    # proc(5): utime and stime are the 14th and 15th field; the second may hold spaces.
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Tcpdump:
    name = "tcpdump"

    def __init__(self, interface: str, ring_mib: int):
        self.process = subprocess.Popen(["tcpdump", "-i", interface, "-w", "/dev/null", "-B", str(ring_mib * 1024)],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while "listening on" not in (line := self.process.stderr.readline()):
            if not line:
                sys.exit("bench: tcpdump does not listen")
        self.before = processor_seconds(self.process.pid)

    def finish(self, sent: int) -> Reading:
        # It leaves what is in the ring when it is interrupted: wait until it has nothing to do.
        last = -1.0
        while (now := processor_seconds(self.process.pid)) != last:
            last = now
            time.sleep(1.5)
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate(timeout=LATEST_SECONDS)[1]
        count = {word: int(number) for number, word in re.findall(r"(\d+) packets? (captured|dropped by kernel)", said)}
        return Reading(count["captured"], count["dropped by kernel"], last - self.before)


class Remora:
    name = "remora"

    def __init__(self, binary: Path, interface: str, ring_mib: int):
        self.daemon = Daemon(binary, [f"{{name: {interface}, ring: {ring_mib}MiB}}"]).start()
        self.before = self.processor_seconds()

    def processor_seconds(self) -> float:
        """Of its three processes"""
        return sum(processor_seconds(number) for number in self.daemon.processes().values())

    def finish(self, sent: int) -> Reading:
        daemon = self.daemon
        count = lambda: (int(daemon.metric("remora_packets_total")),
                         int(daemon.metric("remora_drops_total", where="kernel")))
        end = time.monotonic() + LATEST_SECONDS
        while sum(count()) < sent and time.monotonic() < end:
            time.sleep(0.5)  # metrics are told once a second
        received, lost = count()
        used = self.processor_seconds() - self.before
        daemon.stop()
        daemon.remove()
        return Reading(received, lost, used)


def measure(binary: Path, capture: Path, rate: str, who: list[str], ring_mib: int) -> Run:
    cable = Cable("loss")
    try:
        listeners = [Remora(binary, cable.there, ring_mib) if name == "remora" else Tcpdump(cable.there, ring_mib)
                     for name in who]
        pace = ["--topspeed"] if rate == "topspeed" else [f"--pps={rate}"]
        said = cable.send(capture, "--preload-pcap", *pace, timeout=600)
        actual = re.search(r"Actual: (\d+) packets .* sent in ([\d.]+) seconds", said)
        done = Run(rate, int(re.search(r"Successful packets:\s*(\d+)", said)[1]), int(actual[1]) / float(actual[2]))
        for listener in listeners:
            done.readings[listener.name] = listener.finish(done.sent)
        return done
    finally:
        cable.remove()


def row(done: Run) -> str:
    cells = [done.rate, f"{done.reached:,.0f}", f"{done.sent:,}"]
    for name in ("tcpdump", "remora"):
        if (reading := done.readings.get(name)) is None:
            cells += ["", "", ""]
            continue
        missing = done.sent - reading.received - reading.lost
        cells += [f"{reading.lost:,} ({reading.lost / done.sent:.2%})" if reading.lost else "0",
                  f"{missing:,}", f"{reading.processor / done.sent * 1e6:.2f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench loss")
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/remora-bench"))
    parser.add_argument("--rates", nargs="+", default=["100000", "200000", "300000", "topspeed"],
                        help="frames a second, or topspeed")
    parser.add_argument("--bytes", type=int, default=1100 * 10**6, help="size of the capture that is sent")
    parser.add_argument("--ring", type=int, default=64, help="MiB, of each listener")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the capture for the next time")
    options = parser.parse_args()
    need("tcpreplay", "tcpdump")
    enter_own_network()
    capture = make_capture(options.build, options.folder, Load("live", "mixed", options.bytes, QUIET, ""))
    print(f"{platform.release()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; ring {options.ring} MiB; "
          f"{run('tcpdump', '--version').stdout.splitlines()[0]}")
    print("\n| rate asked | reached | frames sent | tcpdump lost | not accounted for | processor µs/frame "
          "| remora lost | not accounted for | processor µs/frame |\n|---|---|---|---|---|---|---|---|---|")
    for rate in options.rates:
        for who in (["tcpdump"], ["remora"], ["tcpdump", "remora"]):
            for _ in range(options.rounds):
                print(row(measure(options.build / "remora", capture, rate, who, options.ring)), flush=True)
    if not options.keep:
        capture.unlink()


if __name__ == "__main__":
    main()
