#!/usr/bin/env python3
"""What a user types, copies, says and moves, and every password, never leaves the daemon, with the keys to all of it and
logs at level debug. The words and what they are looked for in: tests/replay/privacy_test.py.
privacy_live_test.py BINARY PROJECT"""

import os
import pwd
import resource
import shutil
import sys
import unittest
from pathlib import Path

import tap
from tap import Cable, Daemon, wait_for

tap.enter_own_network()
tap.need("tcpreplay", "openssl")
PROJECT_HERE = Path(__file__).resolve().parents[2]
BINARY = tap.take_argument(PROJECT_HERE / "build/dev/remora")
PROJECT = tap.take_argument(PROJECT_HERE)
sys.path[:0] = [str(PROJECT_HERE / "tests"), str(PROJECT_HERE / "tests/replay")]

import private_stories  # noqa: E402
from disguises import Seeker  # noqa: E402

NAMES_OF_KEYS = {"--tls-keylog": "tls_keylogs", "--rsa-key": "rsa_keys", "--ticket-password-file": "ticket_password_files"}


class Private(unittest.TestCase):
    def setUp(self):
        self.cable = Cable("private")
        self.addCleanup(self.cable.remove)
        self.daemon = Daemon(BINARY, [self.cable.there])
        self.addCleanup(self.daemon.remove)
        keys = self.daemon.folder / "etc"
        self.stories = private_stories.stories(keys)
        self.seeker = Seeker({f"{story.name}, {place}": word for story in self.stories
                              for place, word in story.secrets.items()})
        for file in keys.iterdir():
            shutil.chown(file, tap.USER)
        given: dict[str, set[str]] = {}
        for story in self.stories:
            for option, file in zip(story.options[::2], story.options[1::2]):
                given.setdefault(NAMES_OF_KEYS[option], set()).add(file)
        lists = ", ".join(f"{name}: [{', '.join(sorted(files))}]" for name, files in given.items())
        out = self.daemon.folder / "out"
        self.daemon.configure(f"""\
  - {{name: messages, type: file, path: {out}/events.pb, format: protobuf, batch: {{age: 100ms}}}}
  - {{name: kept, type: store, path: {self.daemon.folder}/state/store.db, keep: 90d, batch: {{age: 100ms}}}}
  - {{name: never, type: stream, address: "127.0.0.1:9", batch: {{age: 100ms}}}}
keys: {{{lists}}}
log: {{level: debug}}
""", drain="2s")

    def check(self, content: bytes, where: object) -> None:
        self.assertEqual(self.seeker.found_in(content), [], where)

    def test_nothing_private_leaves(self):
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))  # which it changes
        daemon = self.daemon.start()
        self.check_cores(daemon)
        pages = b""
        for story in self.stories:
            capture = private_stories.write(story, daemon.folder)
            if story.name in ("clear", "xp", "vista"):
                self.assertNotEqual(self.seeker.found_in(capture.read_bytes()), [], "the control")
            self.cable.send(capture)
            pages += b"".join(daemon.get(page)[1].encode() for page in ("/metrics", "/sessions", "/healthz", "/readyz"))
        wait_for(lambda: len(daemon.events_of("session_closed")) == len(self.stories) - 1
                 and daemon.events_of("ticket_created"), text=daemon.text())
        told = daemon.events_file.read_text()
        for name in (name for story in self.stories for name in story.told):
            self.assertIn(name, told)
        pages += b"".join(daemon.get(page)[1].encode() for page in ("/metrics", "/sessions"))
        daemon.stop()
        self.assertIn("debug", daemon.config.read_text())
        self.check(pages, "pages")
        self.check(daemon.log.read_bytes(), "log")
        kept = [file for folder in ("state", "out") for file in (daemon.folder / folder).rglob("*") if file.is_file()]
        self.assertLessEqual({"spool.db", "store.db", "events.jsonl", "events.pb"}, {file.name for file in kept})
        self.assertTrue(any(b"written-clear.txt" in file.read_bytes() for file in kept if file.name.startswith("spool.db")))
        for file in kept:
            self.check(file.read_bytes(), file)

    def check_cores(self, daemon: Daemon) -> None:
        user = pwd.getpwnam(tap.USER).pw_uid
        for name, number in daemon.processes().items():
            limits = Path(f"/proc/{number}/limits")
            self.assertRegex(limits.read_text(), r"Max core file size +0 +0 ", name)
            # proc(5): files of a process that may not be dumped are root's.
            self.assertEqual(limits.stat().st_uid, 0, name)
            self.assertIn(f"Uid:\t{user}\t{user}", Path(f"/proc/{number}/status").read_text(), name)
        self.assertNotEqual(user, os.geteuid())


if __name__ == "__main__":
    tap.main()
