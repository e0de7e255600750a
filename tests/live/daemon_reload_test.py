#!/usr/bin/env python3
"""What a daemon takes from a changed configuration at SIGHUP, and what it does with a wrong one:
daemon_reload_test.py BINARY PROJECT"""

import json
import shutil
import signal
import sqlite3
import unittest
from pathlib import Path

import tap
from daemon_support import (COLLECTOR_PORT, PCAPS, DaemonTest, Mute, closed, ids, main)
from tap import Daemon, wait_for

SEALED = PCAPS / "lab/tls12"  # a session in TLS 1.2, with the secrets of its client
SEALED_FRAMES = 128
TO_COLLECTOR = """\
  - name: collector
    type: stream
    address: 127.0.0.1:%d
    batch: {age: 100ms}
    retry: {first: 100ms, most: 500ms}
""" % COLLECTOR_PORT


def to_file(name: str, folder: Path) -> str:
    return f"  - {{name: {name}, type: file, path: {folder}/out/{name}.jsonl, batch: {{age: 100ms}}}}\n"


def events_in(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().split("\n")[:-1]] if file.exists() else []


class Reload(DaemonTest):
    def reload(self, daemon: Daemon, result: str = "done") -> None:
        before = daemon.metric("remora_reloads_total", result=result)
        daemon.reload()
        wait_for(lambda: daemon.metric("remora_reloads_total", result=result) == before + 1, 10,
                 f"not {result}:\n{daemon.text()}")

    def final_of(self, daemon: Daemon, session: str) -> dict:
        return next(event["session_closed"]["session"] for event in daemon.events_of("session_closed")
                    if event["session_id"] == session)


class Good(Reload):
    def test_outputs_come_and_go(self):
        daemon = self.daemon(TO_COLLECTOR).start()
        first = self.whole_session(daemon)
        self.assertGreater(daemon.metric("remora_output_queued", output="collector"), 0)
        self.assertGreater(daemon.metric("remora_output_failed_total", output="collector"), 0)
        daemon.configure(to_file("second", daemon.folder))
        self.reload(daemon)
        self.assertNotIn('output="collector"', daemon.get("/metrics")[1])
        second = self.whole_session(daemon)
        other = daemon.folder / "out/second.jsonl"
        wait_for(lambda: second in closed(events_in(other)))
        self.assertIn(first, closed(events_in(other)), "a new output begins with what is still there")
        wait_for(lambda: daemon.metric("remora_output_sent_total", output="events") == len(daemon.events()), 5,
                 "counters do not go on")
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())
        self.assertEqual(ids(events_in(other)), ids(daemon.events())[-len(events_in(other)):])
        with sqlite3.connect(daemon.folder / "state/spool.db") as spool:
            self.assertEqual(spool.execute("SELECT count(*) FROM event").fetchone(), (0,), "something is held back")

    def test_names_networks_privacy(self):
        daemon = self.daemon("networks: {exclude: [10.0.0.0/8, 192.168.0.0/16, 172.16.0.0/12, 192.0.2.0/24, "
                             "198.51.100.0/24, 203.0.113.0/24]}\n").start()
        tap.Cable.send(self.cable, PCAPS / "rdp/standard-low.pcap")
        daemon.wait_for_frames(94)
        daemon.configure()
        self.reload(daemon)
        plain = self.final_of(daemon, self.whole_session(daemon))
        self.assertEqual(len(closed(daemon.events())), 1, "what is excluded is told")
        user, = plain["users"]
        address = plain["server"]["address"]
        daemon.configure(f"hosts: {{{address}: files.corp.example}}\nprivacy: {{user_names: omit}}\n")
        self.reload(daemon)
        hidden = self.final_of(daemon, self.whole_session(daemon))
        self.assertEqual(hidden["server"]["fqdn"], "files.corp.example")
        self.assertNotIn(user["name"], json.dumps(hidden.get("users", [])))

    def test_level_and_format_of_the_log(self):
        daemon = self.daemon().start()
        daemon.configure("log: {format: json}\n")
        self.reload(daemon)
        line = json.loads(daemon.text().splitlines()[-1])
        self.assertEqual((line["message"], line["level"]), ("reloaded", "info"))
        daemon.configure("log: {level: error}\n")
        self.reload(daemon)
        before = daemon.text()
        self.reload(daemon)
        self.cable.set("down")
        wait_for(lambda: daemon.metric("remora_interface_up") == 0)
        self.assertEqual(daemon.text(), before, "what is no error is told")

    def test_keys(self):
        daemon = self.daemon().start()
        keys = self.key_file(daemon, (SEALED / "tls.keylog").read_bytes())
        self.assertNotIn("decrypted", self.final_of(daemon, self.sealed_session(daemon)))
        daemon.configure(f"keys: {{tls_keylogs: [{keys}]}}\n")
        self.reload(daemon)
        opened = self.final_of(daemon, self.sealed_session(daemon))
        self.assertTrue(opened["decrypted"])
        self.assertTrue(opened["users"])
        daemon.configure()
        self.reload(daemon)
        self.assertNotIn("decrypted", self.final_of(daemon, self.sealed_session(daemon)))
        secrets = [word for line in keys.read_text().splitlines() for word in line.split()[2:]]
        told = (daemon.text() + daemon.get("/metrics")[1] + daemon.events_file.read_text()).lower()
        self.assertGreater(len(secrets), 0)
        self.assertEqual(daemon.stop(), 0)
        kept = b"".join(file.read_bytes() for file in (daemon.folder / "state").iterdir())
        for secret in secrets:
            self.assertNotIn(secret.lower(), told)
            self.assertNotIn(bytes.fromhex(secret), kept)

    def key_file(self, daemon: Daemon, content: bytes, mode: int = 0o600) -> Path:
        file = daemon.folder / "etc/tls.keylog"
        file.write_bytes(content)
        shutil.chown(file, tap.USER)
        file.chmod(mode)
        return file

    def sealed_session(self, daemon: Daemon) -> str:
        before = len(closed(daemon.events()))
        self.cable.send(SEALED / "capture.pcap")
        wait_for(lambda: len(closed(daemon.events())) > before, text=daemon.text())
        return closed(daemon.events())[-1]

    def test_while_an_output_hangs(self):
        mute = Mute()
        self.addCleanup(mute.stop)
        daemon = self.daemon(TO_COLLECTOR).start()
        self.whole_session(daemon)
        daemon.configure(to_file("second", daemon.folder))
        daemon.forget_notices()
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_notice("RELOADING=1")
        # Once more, before the first is through: it is not lost.
        daemon.configure(to_file("third", daemon.folder))
        daemon.signal(signal.SIGHUP)
        self.assertEqual(daemon.get("/healthz")[0], 200)
        wait_for(lambda: daemon.metric("remora_reloads_total", result="done") == 2, 60, daemon.text())
        session = self.whole_session(daemon)
        wait_for(lambda: session in closed(events_in(daemon.folder / "out/third.jsonl")))
        self.assertNotIn(session, closed(events_in(daemon.folder / "out/second.jsonl")))
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())

    def test_stopping_while_an_output_hangs_and_a_reload_waits_for_it(self):
        mute = Mute()
        self.addCleanup(mute.stop)
        daemon = self.daemon(TO_COLLECTOR).start()
        session = self.open_session(daemon)
        daemon.configure()
        daemon.forget_notices()
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_notice("RELOADING=1")
        daemon.stop(40)
        daemon.start()
        wait_for(lambda: session in closed(daemon.events()))
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())
        self.assertEqual(closed(daemon.events(), "SENSOR_RESTART"), [session])


class Often(Reload):
    def test_nothing_is_left_behind(self):
        daemon = self.daemon().start()
        keys = daemon.folder / "etc/tls.keylog"
        shutil.copyfile(SEALED / "tls.keylog", keys)
        shutil.chown(keys, tap.USER)
        keys.chmod(0o600)
        daemon.configure(f"keys: {{tls_keylogs: [{keys}]}}\n")
        self.reload(daemon)
        self.whole_session(daemon)
        before = self.open_files(daemon)
        for _ in range(30):
            self.reload(daemon)
        self.assertEqual(daemon.metric("remora_reloads_total", result="done"), 31)
        self.whole_session(daemon)
        self.assertEqual(self.open_files(daemon), before)
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())

    def open_files(self, daemon: Daemon) -> dict[str, int]:
        return {name: len(list(Path(f"/proc/{number}/fd").iterdir())) for name, number in daemon.processes().items()}


class Wrong(Reload):
    def goes_on(self, daemon: Daemon, *said: str) -> None:
        before = len(daemon.text())
        self.reload(daemon, "refused")
        for text in (*said, "the configuration from before goes on"):
            self.assertIn(text, daemon.text()[before:])
        self.whole_session(daemon)
        self.assertEqual(daemon.get("/readyz")[0], 200)

    def test_wrong_files(self):
        daemon = self.daemon().start()
        good = daemon.config.read_text()
        lines = good.count("\n")
        daemon.config.write_text(good + "nonsense: 1\n")
        self.goes_on(daemon, f"remora.yaml:{lines + 1}", "nonsense")
        daemon.config.write_text(good + "outputs: [\n")
        self.goes_on(daemon, f"remora.yaml:{lines + 2}")
        daemon.config.write_text("")
        self.goes_on(daemon)
        daemon.config.unlink()
        self.goes_on(daemon, "remora.yaml")
        daemon.config.write_text(good)
        self.reload(daemon)
        self.assertEqual(daemon.metric("remora_reloads_total", result="refused"), 4)
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())

    def test_key_files_that_cannot_be_read(self):
        daemon = self.daemon().start()
        file = daemon.folder / "etc/tls.keylog"
        daemon.configure(f"keys: {{tls_keylogs: [{file}]}}\n")
        self.goes_on(daemon, str(file))
        file.write_bytes((SEALED / "tls.keylog").read_bytes())
        file.chmod(0o600)  # root's
        self.goes_on(daemon, str(file), "Permission denied")
        daemon.configure(f"privacy: {{user_names: hash, key_file: {file}}}\n")
        self.goes_on(daemon, str(file))

    def test_sections_that_need_a_restart(self):
        daemon = self.daemon().start()
        daemon.config.write_text(daemon.config.read_text().replace("timeout: 20ms", "timeout: 30ms"))
        self.reload(daemon)
        self.assertIn("counts from the next start on section=capture", daemon.text())


class Reopened(Reload):
    def test_a_file_that_was_moved(self):
        daemon = self.daemon().start()
        parts = []
        for number, how in enumerate((signal.SIGUSR1, signal.SIGHUP)):
            self.whole_session(daemon)
            moved = daemon.folder / f"out/moved.{number}"
            daemon.events_file.rename(moved)
            parts.append(moved)
            self.assertTrue(self.holds(daemon, moved))
            daemon.forget_notices()
            daemon.signal(how)
            wait_for(lambda moved=moved: not self.holds(daemon, moved), 10, f"{how.name}: the moved file stays open")
        self.whole_session(daemon)
        self.assertEqual(daemon.stop(), 0)
        events = [event for part in parts for event in events_in(part)] + daemon.events()
        self.check_events(events)
        self.assertEqual(len(closed(events)), 3)

    def holds(self, daemon: Daemon, file: Path) -> bool:
        shipper = daemon.processes()["shipper"]
        for link in Path(f"/proc/{shipper}/fd").iterdir():
            try:
                if link.readlink() == file:
                    return True
            except FileNotFoundError:
                continue
        return False


if __name__ == "__main__":
    main()
