"""Two hundred sessions go on while strangers flood the server with SYNs, and with RDP requests that nobody answers: all
sessions are told as without the flood, in the memory that was allowed."""

import json
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import capture_file
import many_sessions
import plain_events
import tap

tap.enter_own_network()
tap.need("tcpreplay")
HERE = Path(__file__).resolve().parents[2]
BINARY = tap.take_argument(HERE / "build/dev/remora")
PROJECT = tap.take_argument(HERE)
MIB = 1 << 20
SESSIONS, SECONDS = 200, 20
RING = 64
CAP = 32
# Resident beyond analysis.memory and the ring: the program itself, and events that wait to be told.
BEYOND = 96
CLIENT = f'"{str(many_sessions.CLIENTS.network_address).removesuffix("0.0")}'


def of_clients(lines: list[str]) -> list[dict]:
    """Events of the real sessions"""
    return [json.loads(line) for line in lines if CLIENT in line]


class Flood:
    """Sends a capture again and again until it is stopped."""

    def __init__(self, cable: tap.Cable, capture: Path, frames: int, pace: list[str]):
        self.frames = frames
        self.process = subprocess.Popen(["nice", "-n", "10", "tcpreplay", "--intf1", cable.here, "--preload-pcap", "--loop", "1000000",
                                         *pace, str(capture)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


class Watch(threading.Thread):
    """The most memory that the sensor used, seen once in half a second"""

    def __init__(self, daemon: tap.Daemon):
        super().__init__(daemon=True)
        self.of, self.most, self.over = daemon, {}, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            for process in ("sensor", "shipper"):
                now = self.of.metric("remora_memory_bytes", process=process)
                self.most[process] = max(self.most.get(process, 0), now)


class FloodTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="remora-flood-")
        folder = Path(cls.folder.name)
        cls.real, cls.syns, cls.requests = (folder / f"{name}.pcap" for name in ("real", "syns", "requests"))
        frames = many_sessions.sessions(PROJECT / "pcaps", SESSIONS, SECONDS)
        capture_file.write(cls.real, frames)
        cls.real_frames = len(frames)
        capture_file.write(cls.syns, many_sessions.syns(300_000, SESSIONS))
        capture_file.write(cls.requests, many_sessions.requests(50_000, SESSIONS))
        done = subprocess.run([BINARY, "replay", "--format", "jsonl", cls.real], check=True, capture_output=True)
        cls.expected = plain_events.plain_events(of_clients(done.stdout.decode().splitlines()))
        cls.cable = tap.Cable("f")

    @classmethod
    def tearDownClass(cls):
        cls.cable.remove()
        cls.folder.cleanup()

    def flood(self, threads: int, syn_pace: list[str], request_pace: list[str]) -> tuple[list[str], float]:
        """What differs from a replay without flood, and how many frames the kernel lost"""
        daemon = tap.Daemon(BINARY, [self.cable.there], f"analysis: {{memory: {CAP}MiB}}\n",
                            capture={"threads": threads, "ring": f"{RING}MiB"})
        floods = []
        try:
            daemon.start()
            before = daemon.metric("remora_memory_bytes", process="sensor")
            watch = Watch(daemon)
            watch.start()
            floods = [Flood(self.cable, self.syns, 300_000, syn_pace),
                      Flood(self.cable, self.requests, 100_000, request_pace)]
            time.sleep(3)  # until there is no room left
            began = time.monotonic()
            # Sessions come at their own pace, however busy the machine is.
            tap.run("nice", "-n", "-15", "tcpreplay", "--intf1", self.cable.here, "--timer", "nano", self.real)
            took = time.monotonic() - began
            for flood in floods:
                flood.stop()
            time.sleep(2)
            watch.over.set()
            watch.join()
            figures = {name: daemon.metric(f"remora_{name}") for name in
                       ("packets_total", "flows_total", "spool_bytes", "spool_given_up_total")}
            lost = daemon.metric("remora_drops_total", where="kernel")
            evicted = daemon.metric("remora_drops_total", reason="flow_evicted")
            code = daemon.stop(120)
            lines = daemon.events_file.read_text().splitlines()
            log = daemon.text()
        finally:
            for flood in floods:
                flood.stop()
            daemon.remove()
        self.assertEqual(0, code, log)
        came = plain_events.plain_events(of_clients(lines))
        print(f"\n{threads} threads: real frames {self.real_frames} in {took:.0f} s; {figures['packets_total']:.0f} frames "
              f"read ({figures['packets_total'] / (took + 3):.0f} a second), {lost:.0f} lost in the kernel; "
              f"{figures['flows_total']:.0f} flows, {evicted:.0f} given up; {len(lines)} events, spool "
              f"{figures['spool_bytes'] / MIB:.0f} MiB, given up {figures['spool_given_up_total']:.0f}; sensor "
              f"{before / MIB:.0f} MiB before, " + ", ".join(f"{name} {most / MIB:.0f} MiB at most" for name, most in watch.most.items())
              + f"; real sessions closed: {sum('session_closed' in line for line in came)} of {sum('session_closed' in line for line in self.expected)}", flush=True)
        problems = plain_events.differences(self.expected, came)
        Path("/tmp/t1_flood_diff").write_text("\n".join(problems)); print("differences:", len(problems), *problems[:20], sep="\n  ", flush=True)
        self.assertGreater(evicted, 0, "there was room for all")
        self.assertLess(watch.most["sensor"], (CAP + RING + BEYOND) * MIB)
        return problems, lost

    def all_correct(self, threads: int) -> None:
        problems, lost = self.flood(threads, ["--pps", "20000"], ["--pps", "4000"])
        self.assertEqual(0, lost, "a lost frame may be of a session: this says nothing of what was given up")
        if problems:
            self.fail(f"{len(problems)} differences:\n" + "\n".join(problems[:100]))

    def test_sessions_are_told_in_a_flood(self):
        self.all_correct(1)

    def test_sessions_are_told_in_a_flood_with_two_threads(self):
        self.all_correct(2)

    def test_outlives_all_that_can_be_sent(self):
        problems, _ = self.flood(1, ["--topspeed"], ["--topspeed"])
        print(f"differences, frames being lost: {len(problems)}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
