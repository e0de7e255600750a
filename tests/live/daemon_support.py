"""What the tests of the daemon's life share beside tap.py: a story to be sent, collectors that are there, that are not,
and that never answer, and what must hold of events whatever happened."""

import json
import os
import signal
import socket
import subprocess
import sys
import unittest
from collections import Counter
from pathlib import Path

import tap
from tap import Cable, Daemon, wait_for

tap.enter_own_network()  # which begins anew, with all arguments
tap.need("tcpreplay")

PROJECT_HERE = Path(__file__).resolve().parents[2]
BINARY = tap.take_argument(PROJECT_HERE / "build/dev/remora")
PROJECT = tap.take_argument(PROJECT_HERE)
PCAPS = PROJECT / "pcaps"

STORY = PCAPS / "rdp/standard-low.pcap"  # somebody logs on; frame 86 begins the end
FRAMES = 94
FRAMES_UNTIL_LOGON = 85
THREE = PCAPS / "rdp/three-at-once.pcap"
THREE_FRAMES = 282
SESSION_KINDS = ("session_opened", "session_accepted", "session_updated", "session_closed")
COLLECTOR_PORT = 4319


def main() -> None:
    result = unittest.main(module="__main__", exit=False, argv=sys.argv).result
    for test, reason in result.skipped:
        print(f"SKIPPED {test}: {reason}")
    sys.exit(0 if result.wasSuccessful() else 1)


class Collector:
    """`remora collect`, which takes what the `stream` output of a daemon sends"""

    def __init__(self, folder: Path):
        self.file = folder / "collected.jsonl"
        self.process = subprocess.Popen(
            [BINARY, "collect", "--listen", f"127.0.0.1:{COLLECTOR_PORT}", "--output", self.file, "--format", "jsonl"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if "listening" not in line:
            raise AssertionError(line + self.process.stderr.read())

    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.process.stderr.close()


class Mute:
    """Takes connections and never says anything"""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", COLLECTOR_PORT))

    def stop(self) -> None:
        self.socket.close()


def ids(events: list[dict]) -> list[str]:
    return [event["event_id"] for event in events]


def distinct(events: list[dict]) -> list[dict]:
    """Each as it came first"""
    first: dict[str, dict] = {}
    for event in events:
        first.setdefault(event["event_id"], event)
    return list(first.values())


def closed(events: list[dict], reason: str | None = None) -> list[str]:
    return [event["session_id"] for event in events if "session_closed" in event
            and reason in (None, event["session_closed"]["end_reason"])]


def runs(number: int) -> bool:
    """Whether the process is there and no zombie"""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


class DaemonTest(unittest.TestCase):
    """A cable and a daemon at its end"""

    def setUp(self):
        self.cable = Cable("wire")
        self.addCleanup(self.cable.remove)

    def daemon(self, more: str = "", interfaces: list[str] | None = None, **others: object) -> Daemon:
        made = Daemon(BINARY, interfaces or [self.cable.there], more, **others)
        self.addCleanup(made.remove)
        return made

    def collector(self, daemon: Daemon) -> Collector:
        made = Collector(daemon.folder)
        self.addCleanup(made.stop)
        return made

    def open_session(self, daemon: Daemon, cable: Cable | None = None) -> str:
        """Until it is told that somebody logged on; gives the session's id."""
        before = len(daemon.events_of("logon"))
        (cable or self.cable).send(STORY, "--topspeed", "--limit", FRAMES_UNTIL_LOGON)
        wait_for(lambda: len(daemon.events_of("logon")) > before, text=f"no logon told:\n{daemon.text()}")
        return daemon.events_of("logon")[-1]["session_id"]

    def whole_session(self, daemon: Daemon, cable: Cable | None = None) -> str:
        before = len(closed(daemon.events()))
        frames = daemon.metric("remora_packets_total")
        sent = (cable or self.cable).send(STORY)
        try:
            wait_for(lambda: len(closed(daemon.events())) > before)
        except AssertionError:
            came = daemon.metric("remora_packets_total") - frames
            self.fail(f"no session closed; {came} frames came:\n{sent}\n{daemon.text()}")
        return closed(daemon.events())[-1]

    def check_events(self, events: list[dict]) -> None:
        """None twice; each session opened once, and closed once."""
        twice = [one for one, count in Counter(ids(events)).items() if count > 1]
        self.assertEqual(twice, [], [event for event in events if event["event_id"] in twice])
        opened = [event["session_id"] for event in events if "session_opened" in event]
        self.assertEqual(sorted(opened), sorted(set(opened)))
        self.assertEqual(sorted(closed(events)), sorted(opened))

    def kill(self, number: int, how: signal.Signals = signal.SIGKILL) -> None:
        os.kill(number, how)

    def assert_all_end(self, processes: dict[str, int], seconds: float = 10) -> None:
        wait_for(lambda: not any(map(runs, processes.values())), seconds,
                 f"still there: {[name for name, number in processes.items() if runs(number)]}")
