#!/usr/bin/env python3
"""Holds the sources against levels.txt: who may include whom, and what may not be used where."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/', re.S)

# Pure rooms know no clock, thread, file, socket or log: (what, its pattern).
FORBIDDEN = [
    ("a clock", re.compile(r"::now\(|\btime\(|gettimeofday|clock_gettime")),
    ("threads", re.compile(r"<thread>|<mutex>|<atomic>|<future>|<condition_variable>|pthread")),
    ("files", re.compile(r"<fstream>|<filesystem>|\bfopen\(|\bmmap\(|\s::open\(")),
    ("sockets", re.compile(r"<sys/socket\.h>|boost/asio|\bsocket\(|::connect\(")),
    ("logging or printing", re.compile(r"spdlog|<iostream>|\bprintf\(|std::cerr|std::cout")),
    ("libpcap", re.compile(r"<pcap")),
    ("protobuf", re.compile(r"google/protobuf|\.pb\.h")),
    ("exceptions", re.compile(r"\bthrow\b|\bcatch\s*\(")),
    ("memcpy into structures", re.compile(r"__attribute__\(\(packed|#pragma pack")),
]


def levels():
    allowed = {}
    for line in (ROOT / "tests/architecture/levels.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            room, _, rooms = line.partition(":")
            allowed[room.strip()] = rooms.split()
    return allowed


def sources():
    for top in ("capture", "dissect", "daemon"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path


def room_of(relative, rooms):
    """The longest room name that the path lies in: dissect/rdp/gcc/x.h is in dissect/rdp."""
    parts = pathlib.PurePosixPath(relative).parts[:-1]
    for size in range(len(parts), 0, -1):
        name = "/".join(parts[:size])
        if name in rooms:
            return name
    return None


class Architecture(unittest.TestCase):
    def test_every_include_is_an_allowed_arrow(self):
        allowed = levels()
        wrong = []
        for path in sources():
            here = room_of(path.relative_to(ROOT).as_posix(), allowed)
            self.assertIsNotNone(here, f"{path}: its room is not in levels.txt")
            for quote, name in INCLUDE.findall(path.read_text()):
                if quote != '"':
                    continue
                if name.startswith(("remora/v1/", "remora/internal/v1/", "opentelemetry/proto/", "google/rpc/")):
                    there = "proto"
                else:
                    self.assertTrue((ROOT / name).exists(), f"{path}: includes {name}, not a path from the root")
                    there = room_of(name, allowed)
                if there not in (here, *allowed[here]):
                    wrong.append(f"{path.relative_to(ROOT)} includes {name}: {here} may not know {there}")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_levels_have_no_loop(self):
        allowed = levels()
        seen = {"proto"}
        for room, rooms in allowed.items():  # in the order of the file
            for other in rooms:
                self.assertIn(other, seen, f"{room} may know {other}, which stands below it")
            seen.add(room)

    def test_families_do_not_know_each_other(self):
        allowed = levels()
        families = {r for r in allowed["dissect"] if r != "dissect/conversation"}
        for family in families:
            self.assertFalse(families & set(allowed[family]), f"{family} may include another family")
            self.assertNotIn(family, allowed["dissect/session"])

    def test_pure_rooms_are_pure(self):
        wrong = []
        for path in sources():
            relative = path.relative_to(ROOT).as_posix()
            if relative.startswith(("capture/source/", "capture/live/", "daemon/")):
                continue
            text = COMMENT.sub("", path.read_text())
            for what, pattern in FORBIDDEN:
                match = pattern.search(text)
                if match:
                    wrong.append(f"{relative}: uses {what}: {match.group(0)}")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_casts_of_pointers_stay_in_bytes_h_and_digests(self):
        allowed = re.compile(r"reinterpret_cast<(const )?(unsigned )?(char|std::byte|u_char|Bytef)\*>")
        wrong = [str(path.relative_to(ROOT)) for path in sources()
                 if "reinterpret_cast" in allowed.sub("", path.read_text())]
        self.assertEqual([], wrong)

    def test_every_room_says_what_it_is(self):
        for room in levels():
            if "/" not in room:
                continue
            readme = ROOT / room / "README.md"
            self.assertTrue(readme.exists(), f"{room} has no README.md")
            self.assertLessEqual(len(readme.read_text().splitlines()), 25, f"{readme} is longer than 25 lines")

    def test_every_room_is_tested(self):
        for room in levels():
            if "/" in room and (ROOT / room).glob("*.cc"):
                if room in ("dissect/observation",):  # structures only
                    continue
                tests = list((ROOT / "tests" / room).glob("*_test.*"))
                self.assertTrue(tests, f"tests/{room} has no test")


if __name__ == "__main__":
    unittest.main(verbosity=1)
