"""What the tests of outputs share: made events, the program that sends them, ports, and how to wait."""

import socket
import subprocess
import sys
import time
import unittest
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt


def take_argument(default: Path) -> Path:
    """Arguments that unittest shall not see"""
    return Path(sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else default).resolve()


PROJECT_HERE = Path(__file__).resolve().parents[2]
SEND_EVENTS = take_argument(PROJECT_HERE / "build/dev/send_events")
PROJECT = take_argument(PROJECT_HERE)
BUILD = take_argument(SEND_EVENTS.parent)
MAKE_EVENTS = SEND_EVENTS.with_name("make_events")


def event_id(number: int) -> str:
    """Of made events, which count from 0"""
    return f"{number:032x}"


def event_ids(count: int) -> set[str]:
    return {event_id(number) for number in range(count)}


def make_events(path: Path, count: int) -> Path:
    subprocess.run([MAKE_EVENTS, str(count), path], check=True, timeout=60)
    return path


@dataclass
class Sent:
    """What send_events says at its end"""
    exit_code: int
    problems: str
    sent: int = 0
    refused: int = 0
    tries: int = 0


class Sending:
    """A run of send_events with the configuration of one output, a YAML text"""

    def __init__(self, folder: Path, configuration: str, events: Path, batch: int = 100, seconds: int = 60):
        file = folder / "output.yaml"
        file.write_text(configuration)
        self.limit = seconds + 30
        self.process = subprocess.Popen([SEND_EVENTS, file, events, str(batch), str(seconds)], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_for_progress(self, least: int) -> None:
        """Until `least` events are taken"""
        for line in self.process.stdout:
            word, count, *_ = line.split()
            if int(count) >= least:
                return
            if word == "sent":
                break
        raise AssertionError(f"ended before {least} events were taken: {self.process.stderr.read()}")

    def finish(self) -> Sent:
        try:
            out, problems = self.process.communicate(timeout=self.limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        if not out:
            return Sent(self.process.returncode, problems)
        words = out.splitlines()[-1].split()
        return Sent(self.process.returncode, problems, *(int(words[at]) for at in (1, 3, 5)))


def send(folder: Path, configuration: str, events: Path, batch: int = 100, seconds: int = 60) -> Sent:
    return Sending(folder, configuration, events, batch, seconds).finish()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what: str, true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    """unittest.main, but with an exit code that ctest shows as skipped when no test ran."""
    result = unittest.main(module="__main__", exit=False, argv=sys.argv).result
    for _, reason in result.skipped:
        print(f"SKIPPED: {Path(sys.argv[0]).stem}: {reason}", file=sys.stderr)
    if not result.wasSuccessful():
        sys.exit(1)
    # Classes skip in setUpClass, before any of their tests is counted.
    sys.exit(SKIPPED if result.skipped and result.testsRun == 0 else 0)
