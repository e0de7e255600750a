"""Remora's commands and options as its help lists them. Shared by the programs of this folder, which are called with the
binary, the project's folder and the build's: manual_test.py BINARY PROJECT BUILD [unittest's arguments]"""

import re
import subprocess
import sys
import unittest
from pathlib import Path

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt

PROJECT_HERE = Path(__file__).resolve().parents[2]


def take_argument(default: Path) -> Path:
    """Arguments that unittest shall not see"""
    return Path(sys.argv.pop(1) if len(sys.argv) > 1 and "/" in sys.argv[1] else default).resolve()


BINARY = take_argument(PROJECT_HERE / "build/dev/remora")
PROJECT = take_argument(PROJECT_HERE)
BUILD = take_argument(PROJECT / "build/dev")
PACKAGING = PROJECT / "daemon/packaging"

COMMAND = re.compile(r"^  ([a-z][a-z-]*) +\S", re.M)
OPTION = re.compile(r"^  (?:-[a-z],)?(--[a-z-]+)(?: ([A-Z]+)(?=[ :=]|$))?", re.M)


def run(*command: object, **more) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False, **more)


def commands() -> list[str]:
    return COMMAND.findall(run(BINARY, "--help").stdout.split("Subcommands:")[1])


def options(command: str) -> dict[str, str]:
    """Names, and the types of their values; "" of a flag"""
    return {name: kind for name, kind in OPTION.findall(run(BINARY, command, "--help").stdout.split("Options:")[1])}


def main() -> None:
    done = unittest.main(exit=False, verbosity=2).result
    if not done.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if done.testsRun == len(done.skipped) else 0)
