#!/usr/bin/env python3
"""What a user types, copies, says and moves, and every password, never leaves the program: words that were said in each
such place are in no output, in no form. privacy_test.py BINARY PROJECT"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import remora
from remora import BINARY, run

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "delivery")]

import disguises  # noqa: E402
import private_stories  # noqa: E402
from disguises import Seeker  # noqa: E402
from otlp_receivers import HttpReceiver  # noqa: E402

NO_CORE = r"Max core file size +0 +0 "
PAYLOADS = ("cef", "leef", "ecs", "ocsf", "json")


class Sink:
    """A receiver of syslog that keeps all it is sent"""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.content = b""
        self.thread = threading.Thread(target=self.take, daemon=True)
        self.thread.start()

    def take(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                while piece := connection.recv(65536):
                    self.content += piece

    def close(self) -> None:
        self.listener.close()


class Forms(unittest.TestCase):
    """The seeker can fail: it finds a word in each form, alone and inside something else."""
    WORD = "QZX12345678WVK"

    def test_every_form_is_found(self):
        seeker = Seeker({"here": self.WORD})
        self.assertGreater(len(seeker.forms), 100)
        self.assertEqual(seeker.found_in(b"QZX12345678WV and so on"), [])
        for form, data in disguises.forms(self.WORD):
            self.assertIn(f"here: {form}", seeker.found_in(b"before " + data + b" behind"))

    def test_as_others_write_it(self):
        import base64
        import json
        seeker = Seeker({"here": self.WORD})
        for lead in range(4):
            told = base64.b64encode(b"x" * lead + self.WORD.encode("utf-16-le") + b"behind")
            self.assertTrue(seeker.found_in(told), told)
        for told in (json.dumps({"a": self.WORD}), self.WORD.lower(), self.WORD.encode().hex().upper(),
                     str(list(self.WORD.encode()))):
            self.assertTrue(seeker.found_in(told.encode()), told)


class Private(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="remora-private-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.stories = private_stories.stories(cls.folder)
        cls.captures = {story.name: private_stories.write(story, cls.folder) for story in cls.stories}
        cls.secrets = {f"{story.name}, {place}": word for story in cls.stories for place, word in story.secrets.items()}
        cls.seeker = Seeker(cls.secrets)
        cls.options = sorted({tuple(story.options) for story in cls.stories if story.options})
        cls.options = [word for pair in cls.options for word in pair]

    def check(self, content: bytes, where: str) -> None:
        self.assertEqual(self.seeker.found_in(content), [], where)

    def replay(self, *arguments: object, exit_code: int = 0) -> remora.Run:
        done = run("replay", *self.options, *arguments, *self.captures.values())
        self.assertEqual(done.exit_code, exit_code, done.stderr)
        self.check(done.stderr.encode(), "messages")
        return done

    def test_the_words_were_said(self):
        """The control: what is looked for everywhere is there before it goes in."""
        for story in self.stories:
            if not story.said:
                continue
            found = {line.split(": ")[0] for line in Seeker(story.secrets).found_in(story.said)}
            self.assertEqual(found, set(story.secrets), story.name)
        for name in ("clear", "xp", "vista"):
            self.assertNotEqual(self.seeker.found_in(self.captures[name].read_bytes()), [], name)
        stubs = [line for line in self.seeker.found_in(self.captures["mail"].read_bytes()) if "pass stub" in line]
        self.assertNotEqual(stubs, [])

    def test_the_program_has_read_them(self):
        """The other control: what may be told of the same places is, of every story, sealed or not."""
        for story in self.stories:
            done = remora.replay(*story.options, self.captures[story.name])
            text = done.stdout.decode()
            for name in story.told:
                self.assertIn(name, text, story.name)
            sessions = [event["session_closed"]["session"] for event in done.events if "session_closed" in event]
            sealed = story.name not in ("clear", "xp", "vista", "mail")
            self.assertEqual([session.get("decrypted", False) for session in sessions],
                             [sealed] if story.name != "mail" else [], story.name)
            if story.name in ("clear", "rc4", "fips", "tlsv1_2", "tlsv1_3"):
                self.assertIn("active_duration", sessions[0], story.name)
                files = [event["file_transfer_ended"] for event in done.events if "file_transfer_ended" in event]
                self.assertEqual(len([file for file in files if file.get("sha256")]), 3, story.name)
        opened = [event for event in remora.replay(*self.stories[-1].options, self.captures["mail"]).events
                  if "ticket_created" in event]
        self.assertIn("sid", opened[0]["ticket_created"]["ticket"])

    def test_what_is_written(self):
        for form in ("jsonl", "protobuf", "table"):
            done = self.replay("--format", form, "--stats", self.folder / "stats.json")
            self.assertGreater(len(done.stdout), 500)
            self.check(done.stdout, form)
        self.check((self.folder / "stats.json").read_bytes(), "--stats")

    def test_the_store(self):
        store = self.folder / "store.db"
        self.replay("--store", store, "--format", "jsonl")
        for file in self.folder.glob("store.db*"):
            self.check(file.read_bytes(), file.name)
        for form in ("table", "jsonl", "csv"):
            done = run("sessions", "--store", store, "--format", form)
            self.assertGreater(len(done.stdout), 500)
            self.check(done.stdout, f"sessions as {form}")

    def test_outputs_and_their_spool(self):
        sinks = {payload: Sink() for payload in PAYLOADS}
        for sink in sinks.values():
            self.addCleanup(sink.close)
        here = Path(tempfile.mkdtemp(dir=self.folder))
        with HttpReceiver() as collector, socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # and does not listen
            config = here / "remora.yaml"
            config.write_text(f"""\
spool: {{path: {here}/spool.db}}
drain: 2s
log: {{level: debug}}
outputs:
  - {{name: lines, type: file, path: {here}/events.jsonl}}
  - {{name: messages, type: file, path: {here}/events.pb, format: protobuf}}
  - {{name: kept, type: store, path: {here}/store.db, keep: 90d}}
  - {{name: otlp, type: otlp, endpoint: "http://127.0.0.1:{collector.port}", body: json}}
  - {{name: never, type: stream, address: "127.0.0.1:{nobody.getsockname()[1]}"}}
""" + "".join(f"  - {{name: {payload}, type: syslog, address: \"127.0.0.1:{sink.port}\", transport: tcp, confirm: false, "
              f"payload: {payload}}}\n" for payload, sink in sinks.items()))
            # One output takes nothing: what it is to get stays in the spool.
            self.replay("--config", config, exit_code=1)
            requests = b"".join(request.message for request in collector.requests)
        self.assertGreater(len(requests), 500)
        self.check(requests, "OTLP")
        for payload, sink in sinks.items():
            self.assertGreater(len(sink.content), 500, payload)
            self.check(sink.content, payload)
        files = [file for file in here.iterdir() if file != config]
        self.assertLessEqual({"spool.db", "events.jsonl", "events.pb", "store.db"}, {file.name for file in files})
        self.assertIn(b"written-clear.txt", (here / "spool.db").read_bytes(), "the spool is empty")
        for file in files:
            self.check(file.read_bytes(), file.name)

    def test_no_core_is_left(self):
        """Under another user, to whom the kernel does not show what must not be dumped"""
        if os.geteuid() != 0:
            self.skipTest("needs root")
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        process = subprocess.Popen(["prlimit", "--core=unlimited", "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", BINARY, "replay", "-"],
                                   stdin=os.open(fifo, os.O_RDWR), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 30)
        self.addCleanup(process.kill)
        limits = Path(f"/proc/{process.pid}/limits")
        end = time.monotonic() + 30
        while not re.search(NO_CORE, limits.read_text()):
            self.assertLess(time.monotonic(), end, limits.read_text())
            time.sleep(0.02)
        # proc(5): the files of a process that may be dumped belong to its user.
        while limits.stat().st_uid != 0:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
        self.assertIn("nobody", subprocess.run(["ps", "-o", "user=", "-p", str(process.pid)], capture_output=True,
                                               text=True, check=False).stdout)
        process.send_signal(signal.SIGTERM)


if __name__ == "__main__":
    remora.main()
