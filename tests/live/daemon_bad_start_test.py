#!/usr/bin/env python3
"""Starts that cannot succeed: each ends with exit code 1 and says what, where and what to do:
daemon_bad_start_test.py BINARY PROJECT"""

import os
import shutil
import socket
import subprocess
import unittest
from pathlib import Path

from daemon_support import BINARY, DaemonTest, main
from tap import ADMIN_PORT, USER, Daemon, run, wait_for


class BadStart(DaemonTest):
    def fails(self, daemon: Daemon, *said: str, as_user: str = "", code: int = 1, seconds: float = 30) -> str:
        command = [BINARY, "daemon", "--config", daemon.config, *daemon.arguments]
        if as_user:
            command = ["setpriv", "--reuid", as_user, "--clear-groups", "--bounding-set", "-all", "--inh-caps", "-all",
                       *command]
        done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=seconds, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        for text in said:
            self.assertIn(text, done.stderr)
        self.assertNotIn(" ready", done.stderr)
        return done.stderr

    def changed(self, old: str, new: str) -> Daemon:
        daemon = self.daemon()
        text = daemon.config.read_text()
        self.assertIn(old, text)
        daemon.config.write_text(text.replace(old, new))
        return daemon

    def test_no_configuration(self):
        daemon = self.daemon()
        daemon.config.unlink()
        self.fails(daemon, str(daemon.config), "o such file")

    def test_wrong_yaml(self):
        self.fails(self.changed("outputs:", "outputs: ]"), "remora.yaml:")

    def test_a_wrong_key_with_its_line(self):
        daemon = self.daemon()
        line = daemon.config.read_text().count("\n") + 1
        daemon.config.write_text(daemon.config.read_text() + "nonsense: 1\n")
        self.fails(daemon, f"remora.yaml:{line}", "nonsense")

    def test_no_interface(self):
        self.fails(self.changed(f"[{self.cable.there}]", "[]"), "remora.yaml", "interface")

    def test_no_output(self):
        daemon = self.daemon()
        daemon.config.write_text(daemon.config.read_text().split("outputs:")[0])
        self.fails(daemon, "remora.yaml", "outputs")

    def test_an_unknown_user(self):
        self.fails(self.changed(f"user: {USER}", "user: remora-is-not-here"), "remora-is-not-here", "does not exist")

    def test_root_as_its_user(self):
        self.fails(self.changed(f"user: {USER}", "user: root"), "user root", "has the rights of root")

    def test_unconfined_root(self):
        self.fails(self.daemon(arguments=["--unconfined"]), "--allow-root")

    def test_a_user_without_the_right_to_capture(self):
        if shutil.which("setpriv") is None:
            self.skipTest("setpriv is not installed")
        self.fails(self.daemon(), "CAP_NET_RAW", as_user=USER)

    def test_no_folder_for_the_spool(self):
        daemon = self.daemon()
        (daemon.folder / "state").rmdir()
        self.fails(daemon, str(daemon.folder / "state"))

    def test_a_folder_for_the_spool_that_is_not_the_users(self):
        daemon = self.daemon()
        shutil.chown(daemon.folder / "state", "root")
        self.fails(daemon, str(daemon.folder / "state"), "ermission")

    def test_a_spool_that_another_daemon_uses(self):
        running = self.daemon().start()
        second = self.daemon(port=ADMIN_PORT + 1)
        second.config.write_text(second.config.read_text().replace(str(second.folder / "state"),
                                                                   str(running.folder / "state")))
        self.fails(second, str(running.folder / "state/spool.db"), "another")
        self.whole_session(running)

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", ADMIN_PORT)):
            self.fails(self.daemon(), f"127.0.0.1:{ADMIN_PORT}", "in use")

    def test_key_files(self):
        daemon = self.daemon()
        file = daemon.folder / "etc/tls.keylog"
        daemon.config.write_text(daemon.config.read_text() + f"keys: {{tls_keylogs: [{file}]}}\n")
        self.fails(daemon, str(file), "No such file")
        file.write_text("")
        file.chmod(0o600)
        self.fails(daemon, str(file), "Permission denied")

    def test_no_key_for_handles(self):
        daemon = self.daemon()
        file = daemon.folder / "etc/privacy.key"
        daemon.config.write_text(daemon.config.read_text() + f"privacy: {{user_names: hash, key_file: {file}}}\n")
        self.fails(daemon, str(file), "No such file")

    def test_the_sensor_alone(self):
        done = subprocess.run([BINARY, "sensor"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("remora daemon", done.stderr)


class NotSoBad(DaemonTest):
    def test_an_output_that_may_not_write_is_told_and_catches_up(self):
        daemon = self.daemon()
        shutil.chown(daemon.folder / "out", "root")
        daemon.start()
        self.cable.send(Path(__file__).resolve().parents[2] / "pcaps/rdp/standard-low.pcap")
        wait_for(lambda: daemon.metric("remora_output_failed_total", output="events") > 0)
        wait_for(lambda: "an output has trouble output=events" in daemon.text())
        self.assertIn(str(daemon.events_file), daemon.text())
        shutil.chown(daemon.folder / "out", USER)
        wait_for(lambda: len(daemon.events_of("session_closed")) == 1, 60)
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())

    def test_the_default_configuration_is_right(self):
        daemon = self.daemon()
        text = run(BINARY, "daemon", "--print-default-config").stdout
        daemon.config.write_text(text)
        done = run(BINARY, "check-config", daemon.config, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        for section in ("capture:", "keys:", "outputs:", "spool:", "privacy:"):
            self.assertIn(section, text)


if __name__ == "__main__":
    main()
