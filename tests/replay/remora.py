"""Runs Remora's binary and loads what it writes. Shared by the programs of this folder, which are
called with the binary and the project's folder: bundled_truth_test.py BINARY PROJECT"""

import datetime
import json
import os
import subprocess
import sys
import unittest
from dataclasses import dataclass, field
from pathlib import Path

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt


def take_argument(default: str) -> Path:
    """Arguments that unittest shall not see"""
    return Path(sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else default).resolve()


PROJECT_HERE = Path(__file__).resolve().parents[2]
BINARY = take_argument(str(PROJECT_HERE / "build/dev/remora"))
PROJECT = take_argument(str(PROJECT_HERE))
PCAPS = PROJECT / "pcaps"
SHARED = Path(os.environ.get("REMORA_SHARED") or PROJECT.parent / "shared")
REAL = SHARED / "pcaps/real"
LAB = SHARED / "pcaps/lab"


@dataclass
class Run:
    exit_code: int
    stdout: bytes
    stderr: str
    events: list[dict] = field(init=False)

    def __post_init__(self) -> None:
        self.events = []

    def load(self) -> "Run":
        self.events = [json.loads(line) for line in self.stdout.splitlines()]
        return self


def run(*arguments: object, stdin: bytes | None = None, timeout: float = 120) -> Run:
    command = [str(BINARY), *map(str, arguments)]
    done = subprocess.run(command, input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
                          capture_output=True, timeout=timeout, check=False)
    return Run(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def replay(*arguments: object, stdin: bytes | None = None, timeout: float = 120) -> Run:
    return run("replay", "--format", "jsonl", *arguments, stdin=stdin, timeout=timeout).load()


def kind_of(event: dict) -> str:
    known = {"event_id", "time", "sensor", "session_id", "ticket_id", "community_id", "certainty", "confidence",
             "evidence"}
    return next(key for key in event if key not in known)


def nanoseconds(time: str) -> int:
    """RFC 3339 in UTC with any number of digits, as protobuf's JSON writes it"""
    whole, _, fraction = time.removesuffix("Z").partition(".")
    moment = datetime.datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 10**9 + int(fraction.ljust(9, "0")[:9])


@dataclass
class Session:
    """One session with all its events; `final` is what the closing one says of it."""
    events: list[dict]

    def of_kind(self, kind: str) -> list[dict]:
        return [event for event in self.events if kind in event]

    @property
    def snapshots(self) -> list[dict]:
        return [event[kind]["session"] for event in self.events
                for kind in ("session_opened", "session_accepted", "session_updated", "session_closed")
                if kind in event]

    @property
    def final(self) -> dict:
        return self.closing["session_closed"]["session"]

    @property
    def closing(self) -> dict:
        closed, = self.of_kind("session_closed")
        return closed

    @property
    def rules(self) -> set[str]:
        return {evidence.get("rule", "") for event in self.events for evidence in event.get("evidence", [])}


def sessions_of(events: list[dict]) -> list[Session]:
    """In the order of their first event. Every session has an opening and a closing event."""
    by_id: dict[str, list[dict]] = {}
    for event in events:
        if "session_id" in event:
            by_id.setdefault(event["session_id"], []).append(event)
    return [Session(found) for found in by_id.values()]


def need(path: Path) -> None:
    """For setUpClass. What is not part of the repository may be absent: say so, and skip."""
    if not path.exists():
        raise unittest.SkipTest(f"{path} is not here (set REMORA_SHARED)")


def main() -> None:
    """unittest.main, but with an exit code that ctest shows as skipped when no test ran."""
    result = unittest.main(module="__main__", exit=False, argv=sys.argv).result
    for _, reason in result.skipped:
        print(f"SKIPPED: {Path(sys.argv[0]).stem}: {reason}", file=sys.stderr)
    if not result.wasSuccessful():
        sys.exit(1)
    # Classes skip in setUpClass, before any of their tests is counted.
    sys.exit(SKIPPED if result.skipped and result.testsRun == 0 else 0)
