#!/usr/bin/env python3
"""Key logs that are written while the sessions are that they open, by real programs: by a daemon, and by a replay of
what tcpdump captures. The secrets come at once, after the user has logged on, or never:
growing_keylog_test.py BINARY PROJECT"""

import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import tap
from tap import Daemon, wait_for

tap.enter_own_network()
tap.need("openssl", "curl", "tcpdump")
PROJECT_HERE = Path(__file__).resolve().parents[2]
BINARY = tap.take_argument(PROJECT_HERE / "build/dev/remora")
PROJECT = tap.take_argument(PROJECT_HERE)

import tls_talk  # noqa: E402
from builder.tickets import Ticket  # noqa: E402

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
# Of another connection: a log in use has some.
OTHER = "CLIENT_RANDOM " + "77" * 32 + " " + "66" * 48 + "\n"


def final(events: list[dict]) -> list[dict]:
    return [event["session_closed"]["session"] for event in events if "session_closed" in event]


def decrypted_users(events: list[dict]) -> set[str]:
    return {user["name"] for event in events for kind in ("session_updated", "session_closed", "logon") if kind in event
            for user in event[kind].get("session", {}).get("users", []) + ([event[kind]["user"]] if "user" in event[kind] else [])
            if user.get("certainty") == "DECRYPTED"}


class Growing(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="remora-keylog-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.own = self.folder / "client.keylog"
        self.own.touch()

    def make_log(self, file: Path) -> Path:
        file.write_text(OTHER)
        shutil.chown(file, tap.USER)
        file.chmod(0o600)
        return file

    def hand_over(self, log: Path) -> None:
        """What the client has written so far, in two pieces, of which one ends in the middle of a line"""
        text = self.own.read_text()
        for piece in (text[:len(text) // 2 + 7], text[len(text) // 2 + 7:]):
            with log.open("a") as to:
                to.write(piece)
            time.sleep(0.05)

    def check_opened(self, events: list[dict]) -> None:
        session, = final(events)
        self.assertTrue(session.get("decrypted"), session)
        self.assertIn(tls_talk.USER, decrypted_users(events))
        self.assertEqual(session["client_software"]["computer_name"], "LAP-IVAN")
        self.assertEqual(session["outcome"], "ESTABLISHED")

    def check_sealed(self, events: list[dict]) -> None:
        session, = final(events)
        self.assertNotIn("decrypted", session)
        self.assertNotIn("client_software", session)
        self.assertEqual(decrypted_users(events), set())
        self.assertEqual(session["negotiation"]["cookie"], "guest")
        self.assertIn("keys.no_match", [event["anomaly"]["code"] for event in events if "anomaly" in event])


class OfADaemon(Growing):
    def start(self, threads: int = 1) -> Daemon:
        daemon = Daemon(BINARY, ["lo"], capture={"threads": threads})
        self.addCleanup(daemon.remove)
        self.log = self.make_log(daemon.folder / "etc/tls.keylog")
        daemon.configure(f"keys: {{tls_keylogs: [{self.log}]}}\n", capture={"threads": threads})
        return daemon.start()

    def finish(self, daemon: Daemon, sessions: int = 1) -> list[dict]:
        wait_for(lambda: len(final(daemon.events())) == sessions, text=daemon.text())
        self.assertEqual(daemon.stop(), 0, daemon.text())
        self.check_silent(daemon)
        return daemon.events()

    def check_silent(self, daemon: Daemon) -> None:
        """No secret is told or kept."""
        secrets = [line.split()[2] for line in self.own.read_text().splitlines() if not line.startswith("#")]
        kept = b"".join(file.read_bytes() for folder in ("state", "out") for file in (daemon.folder / folder).iterdir())
        for secret in secrets:
            self.assertNotIn(secret, daemon.text())
            self.assertNotIn(secret.encode(), kept)
            self.assertNotIn(bytes.fromhex(secret), kept)

    def test_written_at_once(self):
        for version in VERSIONS:
            with self.subTest(version=version.name):
                daemon = self.start()
                tls_talk.Talk(self.folder, version, self.log).whole()
                self.check_opened(self.finish(daemon))

    def test_written_after_the_user_has_logged_on(self):
        for version, threads in ((VERSIONS[0], 1), (VERSIONS[1], 2)):
            with self.subTest(version=version.name):
                self.own.write_text("")
                daemon = self.start(threads)

                def key_comes() -> None:
                    wait_for(lambda: daemon.events_of("session_opened"), text=daemon.text())
                    self.assertEqual(decrypted_users(daemon.events()), set())
                    self.hand_over(self.log)
                    # Nobody says anything: the key alone makes what was said readable.
                    wait_for(lambda: decrypted_users(daemon.events()), text=daemon.text())

                tls_talk.Talk(self.folder, version, self.own, inputs=200).whole(key_comes)
                self.check_opened(self.finish(daemon))

    def test_never_written(self):
        for version in VERSIONS:
            with self.subTest(version=version.name):
                daemon = self.start()
                tls_talk.Talk(self.folder, version, self.own).whole()
                self.check_sealed(self.finish(daemon))

    def test_never_written_and_nothing_is_waited_for_in_vain(self):
        daemon = self.start()

        def told() -> None:
            wait_for(lambda: any("anomaly" in event for event in daemon.events()), text=daemon.text())
            self.hand_over(self.log)  # too late

        tls_talk.Talk(self.folder, VERSIONS[1], self.own).whole(told)
        self.check_sealed(self.finish(daemon))

    def test_a_log_that_is_rotated(self):
        daemon = self.start()
        before = len(os.listdir(f"/proc/{daemon.processes()['sensor']}/fd"))
        self.log.rename(self.log.with_suffix(".1"))
        self.make_log(self.log)
        wait_for(lambda: "is another file now" in daemon.text(), text=daemon.text())
        tls_talk.Talk(self.folder, VERSIONS[1], self.log).whole()
        self.assertEqual(len(os.listdir(f"/proc/{daemon.processes()['sensor']}/fd")), before)
        self.check_opened(self.finish(daemon))

    def test_a_log_that_is_cut_short(self):
        daemon = self.start()
        self.log.write_text("")
        wait_for(lambda: "was cut short" in daemon.text(), text=daemon.text())
        tls_talk.Talk(self.folder, VERSIONS[1], self.log).whole()
        self.check_opened(self.finish(daemon))

    def test_curl_and_openssl(self):
        daemon = self.start()
        tls_talk.make_certificate(self.folder)
        (self.folder / "help.msrcincident").write_bytes(Ticket().vista())
        server = subprocess.Popen(["openssl", "s_server", "-accept", "127.0.0.1:4433", "-cert", "server.pem", "-key",
                                   "server.key", "-WWW", "-quiet"], cwd=self.folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait, 30)
        self.addCleanup(server.kill)

        def fetched() -> bool:
            return tap.run("env", f"SSLKEYLOGFILE={self.log}", "curl", "--insecure", "--silent", "--output", self.folder / "fetched",
                           "https://127.0.0.1:4433/help.msrcincident", check=False).returncode == 0
        wait_for(fetched)
        wait_for(lambda: daemon.events_of("ticket_created"), text=daemon.text())
        self.assertEqual(daemon.events_of("ticket_created")[0]["certainty"], "DECRYPTED")
        self.assertEqual(daemon.stop(), 0, daemon.text())


class OfALiveReplay(Growing):
    def replay(self, version: ssl.TLSVersion, own: bool, late: bool, *options: str, inputs: int = 1500) -> list[dict]:
        """`own`: the client writes into the log that is followed; `late`: it gets there after the logon"""
        log = self.make_log(self.folder / "tls.keylog")
        self.own.write_text("")
        capture = subprocess.Popen(["tcpdump", "-i", "lo", "-B", "65536", "-U", "--immediate-mode", "-w", "-", "port", str(tls_talk.PORT)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        capture.stderr.readline()  # it listens
        replay = subprocess.Popen([BINARY, "replay", "-", "--format", "jsonl", "--tls-keylog", log, *options],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        passed_on = [time.monotonic()]

        def pass_on() -> None:
            while piece := capture.stdout.read1(65536):
                replay.stdin.write(piece)
                replay.stdin.flush()
                passed_on[0] = time.monotonic()
        pipe = threading.Thread(target=pass_on)
        pipe.start()
        talk = tls_talk.Talk(self.folder, version, log if own else self.own, inputs)
        talk.whole((lambda: self.hand_over(log)) if late else (lambda: None))
        wait_for(lambda: time.monotonic() - passed_on[0] > 2)  # the kernel's last packets
        capture.send_signal(signal.SIGINT)
        pipe.join(30)
        out, told = replay.communicate(timeout=60)
        capture.wait(30)
        capture.stdout.close()
        capture.stderr.close()
        self.assertEqual(replay.returncode, 0, told)
        return [json.loads(line) for line in out.splitlines()]

    def test_written_at_once(self):
        for version in VERSIONS:
            with self.subTest(version=version.name):
                self.check_opened(self.replay(version, own=True, late=False))

    def test_written_after_the_user_has_logged_on(self):
        for version, threads in ((VERSIONS[0], "1"), (VERSIONS[1], "3")):
            with self.subTest(version=version.name):
                self.check_opened(self.replay(version, False, True, "--threads", threads))

    def test_never_written(self):
        for version in VERSIONS:
            with self.subTest(version=version.name):
                self.check_sealed(self.replay(version, own=False, late=False))

    def test_a_log_that_is_not_followed(self):
        self.check_sealed(self.replay(VERSIONS[1], False, True, "--follow-keylogs", "never"))


if __name__ == "__main__":
    tap.main()
