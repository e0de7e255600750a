#!/usr/bin/env python3
"""The lab's commands; scripts/lab calls it. See README.md."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import probes, table
from lab.check import Outcome, check
from lab.record import record
from lab.scenario import Scenario
from lab.scenarios import BY_NAME, SCENARIOS
from lab.waiting import STOPPED

PROJECT = Path(__file__).resolve().parents[2]
SKIPPED = 77  # as ctest knows it


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/lab", description="Real RDP traffic, held against Remora")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("list", "lists scenarios, and why one cannot be played here"),
                       ("check", "plays scenarios with Remora on the tap, and replays them"),
                       ("record", "plays scenarios and keeps the recordings in pcaps/lab")):
        command = commands.add_parser(name, help=text)
        command.add_argument("names", nargs="*", metavar="SCENARIO", help="all unless named")
        command.add_argument("--short", action="store_true", help="the short set")
        if name != "list":
            command.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="played at a time")
        if name == "check":
            command.add_argument("--remora", type=Path, default=PROJECT / "build/dev/remora")
            command.add_argument("--write", action="store_true", help="write docs/accuracy.md")
            command.add_argument("--keep", type=Path, help="keep the recordings in this folder")
            command.add_argument("--require", action="store_true", help="a scenario that cannot be played is a failure")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list[Scenario]:
    unknown = [name for name in options.names if name not in BY_NAME]
    if unknown:
        raise SystemExit(f"scripts/lab: no such scenario: {' '.join(unknown)}")
    return [one for one in SCENARIOS if (not options.names or one.name in options.names)
            and (not options.short or one.short)]


def show_list(scenarios: list[Scenario]) -> int:
    for one in scenarios:
        why = probes.obstacle(one)
        print(f"{one.name:24} {'short ' if one.short else '      '}{one.story}" + (f" [skipped: {why}]" if why else ""))
        for field, reason in one.not_yet.items():
            print(f"{'':31}not yet: {field}: {reason}")
    print(f"{len(scenarios)} scenarios")
    return 0


def tell(outcome: Outcome) -> None:
    print(table.line(outcome), flush=True)
    if not outcome.good or outcome.failures:
        print("\n".join(table.details(outcome)), flush=True)


def revision() -> str:
    done = subprocess.run(["git", "-C", PROJECT, "rev-parse", "--short", "HEAD"], capture_output=True, check=False,
                          text=True)
    return f"revision {done.stdout.strip()}" if done.returncode == 0 else "no revision"


def run_check(options: argparse.Namespace) -> int:
    remora = options.remora.resolve()
    if not remora.exists():
        raise SystemExit(f"scripts/lab: {remora} is not there; scripts/build dev makes it")
    if probes.machine() and not options.require:
        print(f"SKIPPED: the lab: {probes.machine()}", file=sys.stderr)
        return SKIPPED
    outcomes = check(chosen(options), remora, options.jobs, options.keep, tell)
    print(table.summary(outcomes))
    if STOPPED.is_set():
        print("scripts/lab: stopped", file=sys.stderr)
        return 1
    if options.write:
        (PROJECT / "docs/accuracy.md").write_text(table.accuracy(outcomes, remora, revision()), encoding="utf-8")
    if outcomes and all(one.skipped for one in outcomes) and not options.require:
        print(f"SKIPPED: the lab: {outcomes[0].skipped}", file=sys.stderr)
        return SKIPPED
    return 0 if all(one.good and not (one.skipped and options.require) for one in outcomes) else 1


def stop(*_: object) -> None:
    """All waits end; every worker stops its programs and drops its network. (An exception here would leave the workers
    behind: Python forgets a thread whose `join` is interrupted.)"""
    STOPPED.set()


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    options = arguments()
    if options.command == "list":
        return show_list(chosen(options))
    if options.command == "record":
        if probes.machine():
            raise SystemExit(f"scripts/lab: {probes.machine()}")
        return record(chosen(options), PROJECT / "pcaps", options.jobs)
    return run_check(options)


if __name__ == "__main__":
    sys.exit(main())
