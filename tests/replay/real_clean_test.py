#!/usr/bin/env python3
"""Every real capture replays to its end: no crash, no sanitizer report, no time-out, and no session where there
is none. What is found outside the rdp-* folders is listed."""

import re
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import remora
from remora import LAB, REAL, kind_of, nanoseconds, need, replay, sessions_of

TIME_LIMIT = 120
WORKERS = 2
NOT_CAPTURES = (".truth.tsv", ".md", "MANIFEST.tsv", ".pem", ".keylog.txt", ".key", ".keytab")

# What standard error may say. The message names the file before.
ALLOWED = {
    1: [r"frames have (link type \d+|[A-Z][\w. -]+|per-packet information), which cannot be read",
        r"not a capture file: starts with",
        r"unknown pcap(ng)? version \d+\.\d+",
        r"record length \d+ exceeds \d+ at byte \d+; everything before it was processed"],
    0: [r"the file ends inside a (record|record header|block): \d+ of \d+ bytes at byte \d+; everything before it",
        r"\d+ frames have .*, which cannot be read",
        r"\d+ records contradict themselves; what they hold was read"]}
SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error:|ThreadSanitizer|terminate called|Assertion")

# Sessions outside rdp-*: capture under real/, and how many TShark confirms. None so far.
SESSIONS_ELSEWHERE: dict[str, int] = {}


@dataclass
class Result:
    name: str
    problems: list[str]
    sessions: int = 0
    truncated: bool = False


def captures() -> list[Path]:
    real = [path for path in sorted(REAL.rglob("*")) if path.is_file() and not path.name.endswith(NOT_CAPTURES)]
    return real + sorted(LAB.glob("*/capture.pcap"))


def name_of(path: Path) -> str:
    return f"real/{path.relative_to(REAL)}" if REAL in path.parents else f"lab/{path.relative_to(LAB)}"


def disorder(events: list[dict]) -> list[str]:
    """Lines in order of time; each session opened first and closed last."""
    times = [nanoseconds(event["time"]) for event in events]
    found = ["events out of order of time"] if times != sorted(times) else []
    for session in sessions_of(events):
        kinds = [kind_of(event) for event in session.events]
        if kinds[0] != "session_opened" or kinds.count("session_opened") != 1:
            found.append(f"a session begins with {kinds[0]}")
        if kinds[-1] != "session_closed" or kinds.count("session_closed") != 1:
            found.append(f"a session ends with {kinds[-1]}")
    ids = [event["event_id"] for event in events]
    return found + (["event ids repeat"] if len(set(ids)) != len(ids) else [])


def check(path: Path) -> Result:
    name = name_of(path)
    try:
        run = replay(path, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return Result(name, [f"still running after {TIME_LIMIT} s"])
    result = Result(name, [])
    if run.exit_code not in (0, 1):
        result.problems.append(f"exit code {run.exit_code}: {run.stderr[-2000:]}")
    if SANITIZER.search(run.stderr):
        result.problems.append(run.stderr[-4000:])
    allowed = ALLOWED.get(run.exit_code, [])
    if run.exit_code == 1 and not run.stderr:
        result.problems.append("exit code 1 without a word")
    for line in run.stderr.splitlines():
        if path.name not in line or not any(re.search(pattern, line) for pattern in allowed):
            result.problems.append(f"exit code {run.exit_code}, unexpected message: {line}")
    result.problems += disorder(run.events)
    result.sessions = len(sessions_of(run.events))
    return result


class RealClean(unittest.TestCase):
    results: list[Result]

    @classmethod
    def setUpClass(cls):
        need(REAL)
        with ThreadPoolExecutor(WORKERS) as pool:
            cls.results = list(pool.map(check, captures()))

    def test_every_capture_replays(self):
        bad = [f"{result.name}: {problem}" for result in self.results for problem in result.problems]
        print(f"{len(self.results)} captures, {sum(result.sessions for result in self.results)} sessions")
        if bad:
            self.fail(f"{len(bad)} problems\n" + "\n".join(bad[:80]))

    def test_sessions_only_where_there_is_rdp(self):
        elsewhere = {result.name: result.sessions for result in self.results
                     if result.sessions and not result.name.startswith(("real/rdp-", "lab/"))}
        self.assertEqual(elsewhere, SESSIONS_ELSEWHERE)


if __name__ == "__main__":
    remora.main()
