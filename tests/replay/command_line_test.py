#!/usr/bin/env python3
"""What a new user does and gets wrong: every mistake is answered with a message that helps and the right exit code."""

import json
import re
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import remora
from remora import BINARY, PCAPS, PROJECT, Run, replay, run, sessions_of

GOOD = PCAPS / "rdp/standard-low.pcap"
STATS = {"packets", "bytes", "seconds", "packets_per_second", "bits_per_second", "peak_rss_bytes", "flows", "drops",
         "events", "truncated"}
COMMANDS = {"replay", "daemon", "decode", "sessions", "collect", "check-config", "interfaces", "version"}


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def refused(self, done: Run, exit_code: int, *words: str) -> None:
        """With a message on standard error that has the words in this order, and nothing on standard output"""
        self.assertEqual(done.exit_code, exit_code, done.stderr)
        self.assertEqual(done.stdout, b"")
        self.assertRegex(done.stderr, re.compile(".*".join(words), re.S | re.I))

    # -- files ------------------------------------------------------------------------------------
    def test_missing_file(self):
        self.refused(replay("/no/such/file.pcap"), 1, "/no/such/file.pcap", "no such file")

    def test_text_file(self):
        self.refused(replay(self.file("notes.txt", b"shopping list\n")), 1, "notes.txt", "not a capture", "pcap")

    def test_empty_file(self):
        self.refused(replay(self.file("empty.pcap", b"")), 1, "empty.pcap", "empty|not a capture")

    def test_directory(self):
        self.refused(replay(self.folder), 1, str(self.folder), "directory")

    def test_unknown_link_type(self):
        done = replay(PCAPS / "damaged/unknown-link.pcap")
        self.assertEqual(done.exit_code, 1)
        self.assertRegex(done.stderr, "unknown-link.pcap.*link type 147.*cannot be read")

    def test_truncated_capture(self):
        stats = self.folder / "stats.json"
        done = replay("--stats", stats, PCAPS / "damaged/cut-in-record.pcap")
        self.assertEqual(done.exit_code, 0, done.stderr)
        self.assertIn("warning", done.stderr)
        self.assertEqual(len(sessions_of(done.events)), 1)
        self.assertIs(json.loads(stats.read_text())["truncated"], True)

    def test_good_file_has_no_messages(self):
        done = replay(GOOD)
        self.assertEqual((done.exit_code, done.stderr), (0, ""))

    def test_several_files(self):
        both = replay(GOOD, PCAPS / "rdp/standard-none.pcap")
        self.assertEqual(both.exit_code, 0)
        self.assertEqual({event["sensor"]["source"] for event in both.events},
                         {"standard-low.pcap", "standard-none.pcap"})
        self.assertEqual(len(sessions_of(both.events)), 2)

    def test_a_bad_file_does_not_stop_the_others(self):
        done = replay("/no/such.pcap", GOOD)
        self.assertEqual(done.exit_code, 1)
        self.assertEqual(len(sessions_of(done.events)), 1)

    # -- ticket passwords ---------------------------------------------------------------------------
    def test_ticket_passwords(self):
        secret = self.file("passwords", b"K7P3ZQ2M9XTB\r\n\nsecond one\n")
        secret.chmod(0o600)
        done = replay("--ticket-password", "a", "--ticket-password", "b", "--ticket-password-file", secret, GOOD)
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        self.assertEqual(len(sessions_of(done.events)), 1)
        self.assertNotIn(b"K7P3ZQ2M9XTB", done.stdout)

    def test_a_password_file_that_others_can_read(self):
        secret = self.file("passwords", b"K7P3ZQ2M9XTB\n")
        secret.chmod(0o644)
        done = replay("--ticket-password-file", secret, GOOD)
        self.assertEqual(done.exit_code, 0)
        self.assertRegex(done.stderr, "warning.*passwords.*chmod 600")
        self.assertNotIn("K7P3ZQ2M9XTB", done.stderr)

    def test_bad_ticket_passwords(self):
        self.refused(replay("--ticket-password-file", "/no/such/file", GOOD), 1, "/no/such/file", "no such file")
        self.refused(replay("--ticket-password-file", self.folder, GOOD), 1, str(self.folder), "directory")
        self.refused(replay("--ticket-password", "", GOOD), 2, "--ticket-password", "empty")
        many = self.file("many", b"".join(b"%d\n" % at for at in range(1001)))
        many.chmod(0o600)
        self.refused(replay("--ticket-password-file", many, GOOD), 1, "many", "1000 ticket passwords")

    def test_standard_input(self):
        for capture in (GOOD, PCAPS / "container/pcap-us-le-gz.pcap.gz", PCAPS / "container/pcapng-gz.pcapng.gz"):
            with self.subTest(capture=capture.name):
                done = replay("-", stdin=capture.read_bytes())
                self.assertEqual((done.exit_code, done.stderr), (0, ""))
                self.assertEqual(len(sessions_of(done.events)), 1)
        self.refused(replay("-", stdin=b""), 1, "empty|not a capture")

    # -- output -----------------------------------------------------------------------------------
    def test_output_file(self):
        out = self.folder / "events.jsonl"
        self.assertEqual(run("replay", "--output", out, "--format", "jsonl", GOOD).stdout, b"")
        self.assertEqual(out.read_bytes(), replay(GOOD).stdout)

    def test_unwritable_output(self):
        self.refused(replay("--output", "/no/such/folder/events", GOOD), 1, "/no/such/folder/events",
                     "cannot be written")
        self.refused(replay("--stats", "/no/such/folder/stats", "--output", "/dev/null", GOOD), 1,
                     "/no/such/folder/stats", "cannot be written")
        if Path("/dev/full").exists():
            self.refused(replay("--output", "/dev/full", GOOD), 1, "/dev/full", "No space left")

    def test_formats(self):
        self.assertEqual(run("replay", GOOD).stdout, replay(GOOD).stdout, "jsonl is what a pipe gets")
        table = run("replay", "--format", "table", GOOD).stdout.decode()
        self.assertIn("192.0.2.11", table)
        self.assertIn("alice", table)
        self.assertIn("ESTABLISHED", table)

    def test_closed_pipe(self):
        """remora replay FILE... | head -1"""
        command = [str(BINARY), "replay", "--format", "jsonl", *[str(GOOD)] * 40]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stderr is not None
            self.assertTrue(process.stdout.readline())
            process.stdout.close()
            errors = process.stderr.read().decode()
            self.assertIn(process.wait(30), (0, 1), errors)
        self.assertNotRegex(errors, "Sanitizer|terminate")

    def test_stats(self):
        stats = self.folder / "stats.json"
        done = replay("--stats", stats, GOOD)
        found = json.loads(stats.read_text())
        self.assertEqual(set(found), STATS)
        self.assertEqual((found["packets"], found["bytes"], found["flows"]), (94, 8958, 1))
        self.assertIs(found["truncated"], False)
        self.assertEqual(sum(found["events"].values()), len(done.events))
        self.assertGreater(found["seconds"], 0)
        self.assertGreater(found["peak_rss_bytes"], 1_000_000)

    # -- usage ------------------------------------------------------------------------------------
    def test_filter(self):
        self.assertEqual(sessions_of(replay("--bpf", "tcp port 9", GOOD).events), [])
        self.assertEqual(len(sessions_of(replay("--bpf", "tcp port 3389", GOOD).events)), 1)
        self.refused(replay("--bpf", "tcp port or", GOOD), 1, "--bpf", "syntax error")

    def test_bad_usage(self):
        for arguments, word in ((["replay", "--no-such-option", GOOD], "--no-such-option"), (["replay"], "FILE"),
                                (["replay", "--format", "xml", GOOD], "format"),
                                (["replay", "--threads", "0", GOOD], "threads"), (["frobnicate"], "frobnicate|command"),
                                (["decode"], "FILE")):
            with self.subTest(arguments=arguments):
                self.refused(run(*arguments), 2, word)

    def test_no_arguments(self):
        done = run()
        self.assertEqual(done.exit_code, 2)
        self.assertIn("--help", done.stderr + done.stdout.decode())

    def test_no_arguments_shows_help(self):
        done = run()
        text = done.stderr + done.stdout.decode()
        for command in COMMANDS:
            self.assertIn(command, text)

    def test_unknown_command_is_named(self):
        self.refused(run("frobnicate"), 2, "frobnicate")

    # -- keys -------------------------------------------------------------------------------------
    def key(self, name: str, data: bytes, mode: int = 0o600) -> Path:
        path = self.file(name, data)
        path.chmod(mode)
        return path

    def test_keys_that_are_not_there(self):
        for option in ("--tls-keylog", "--rsa-key"):
            self.refused(replay(option, "/no/such/key", GOOD), 1, option, "/no/such/key", "no such file")

    def test_a_file_that_is_no_key(self):
        text = self.key("notes.txt", b"the secret of the recipe\n")
        done = replay("--rsa-key", text, GOOD)
        self.refused(done, 1, "notes.txt", "no RSA private key", "PEM")
        self.assertNotIn("recipe", done.stderr)
        done = replay("--tls-keylog", text, GOOD)
        self.assertEqual(done.exit_code, 0)
        self.assertRegex(done.stderr, "notes.txt.*no TLS secrets.*CLIENT_RANDOM")
        self.assertNotIn("recipe", done.stderr)

    def test_an_encrypted_key_needs_its_passphrase(self):
        plain = PROJECT / "tests/lab/keys/rsakeys.pem"
        sealed = self.folder / "sealed.pem"
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", plain, "-out", sealed, "-passout", "pass:lab words"],
                       check=True, capture_output=True)
        sealed.chmod(0o600)
        capture = PCAPS / "lab/standard-high/capture.pcap"
        self.refused(replay("--rsa-key", sealed, capture), 1, "sealed.pem", "encrypted", "passphrase")
        wrong = self.key("wrong.txt", b"other words\n")
        self.refused(replay("--rsa-key", sealed, "--rsa-key-passphrase-file", wrong, capture), 1, "passphrase")
        right = self.key("right.txt", b"lab words\n")
        done = replay("--rsa-key", sealed, "--rsa-key-passphrase-file", right, capture)
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        self.assertTrue(sessions_of(done.events)[0].final["decrypted"])

    def test_a_key_that_others_may_read(self):
        done = replay("--rsa-key", self.key("open.pem", (PROJECT / "tests/lab/keys/rsakeys.pem").read_bytes(), 0o644), GOOD)
        self.assertEqual(done.exit_code, 0)
        self.assertRegex(done.stderr, "warning.*open.pem.*chmod 600")

    def test_a_key_that_does_not_fit_is_told_once_a_session(self):
        capture = PCAPS / "lab/standard-high/capture.pcap"
        without = replay(capture)
        done = replay("--rsa-key", self.key("other.pem", (PROJECT / "tests/lab/keys/server.key.pem").read_bytes()), capture)
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        self.assertEqual([event["anomaly"]["code"] for event in done.events if "anomaly" in event], ["keys.no_match"])
        self.assertEqual([event for event in done.events if "session_closed" in event][0]["session_closed"],
                         [event for event in without.events if "session_closed" in event][0]["session_closed"])

    def test_the_process_leaves_no_core(self):
        process = subprocess.Popen([BINARY, "replay", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            process.stdin.write(GOOD.read_bytes()[:24])
            process.stdin.flush()
            limits = ""
            for _ in range(200):  # until it is past its start
                limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="ascii")
                if re.search(r"Max core file size\s+0\s+0", limits):
                    break
                time.sleep(0.01)
            self.assertRegex(limits, r"Max core file size\s+0\s+0")
        finally:
            process.stdin.close()
            process.wait(timeout=60)

    def test_help_lists_the_commands(self):
        done = run("--help")
        self.assertEqual(done.exit_code, 0)
        listed = re.findall(r"^  ([a-z-]+)  ", done.stdout.decode().split("Subcommands:")[1], re.M)
        self.assertEqual(set(listed), COMMANDS)

    def test_help_of_replay(self):
        text = run("replay", "--help").stdout
        for option in (b"--format", b"--output", b"--bpf", b"--threads", b"--stats", b"--progress"):
            self.assertIn(option, text)

    def test_help_is_text(self):
        self.assertNotRegex(run("replay", "--help").stdout, rb"[\x00-\x08\x0b-\x1f]")

    def test_version_and_interfaces(self):
        done = run("version")
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        self.assertRegex(done.stdout, rb"remora \d+\.\d+\.\d+")
        done = run("interfaces")
        self.assertEqual(done.exit_code, 0, done.stderr)

    def test_decode_refuses_what_is_no_stream(self):
        self.refused(run("decode", GOOD), 1, "standard-low.pcap", "byte 0")
        self.refused(run("decode", "/no/such/file"), 1, "/no/such/file")


if __name__ == "__main__":
    remora.main()
