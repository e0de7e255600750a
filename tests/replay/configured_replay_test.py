#!/usr/bin/env python3
"""What the operator's configuration makes of the events of the bundled captures: networks, names for hosts, privacy."""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import remora
from remora import BINARY, PCAPS, Run, kind_of, replay

CAPTURES = sorted(path for path in PCAPS.glob("*/*.pcap*") if "damaged" not in path.parts)
STANDARD = PCAPS / "rdp/standard-low.pcap"
CLIENT, SERVER = "192.0.2.11", "198.51.100.21"
HANDLE = re.compile(r"[0-9a-f]{16}")
ALWAYS_TOLD = {"sensor_health", "ticket_created", "ticket_expired", "ticket_deleted", "ticket_rejected"}

# Fields whose values are names, wherever they stand. A hand-written second opinion of daemon/publish/sense.cc.
USERS = {"user_name", "by", "cookie"}
HOSTS = {"fqdn", "sni", "computer_name", "domain", "subject", "target_fqdn", "target_netbios_name"}
FILES = {"file_name", "new_file_name", "directory"}


def names_in(value: object, key: str = "", parent: str = "") -> set[str]:
    """Every name that an event tells, whatever it names."""
    if isinstance(value, dict):
        return set().union(*(names_in(inner, inner_key, key) for inner_key, inner in value.items()))
    if isinstance(value, list):
        return set().union(*(names_in(inner, key, parent) for inner in value))
    named = key in USERS | HOSTS | FILES or (
        key == "name" and parent in {"users", "user", "novice_user", "names", "path", "addresses", "participants"})
    return {value} if named and isinstance(value, str) and value else set()


class ConfiguredReplay(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.runs = 0

    def configured(self, text: str, *captures: Path) -> Run:
        """The events that an output gets are those that are written; `stats` is what was counted."""
        self.runs += 1
        here = self.folder / str(self.runs)
        here.mkdir()
        config = here / "remora.yaml"
        config.write_text(f"spool: {{path: {here}/spool.db}}\n"
                          f"outputs: [{{name: a, type: file, path: {here}/events.jsonl}}]\n{text}")
        done = replay("--config", config, "--stats", here / "stats.json", *captures, timeout=300)
        self.assertEqual(done.exit_code, 0, done.stderr)
        self.assertEqual(done.stdout, (here / "events.jsonl").read_bytes())
        self.stats = json.loads((here / "stats.json").read_text())
        self.assertEqual(sum(self.stats["events"].values()), len(done.events))
        return done

    def key_file(self) -> Path:
        key = self.folder / "privacy.key"
        key.write_text("0123456789abcdef0123456789abcdef\n")
        key.chmod(0o600)
        return key

    # -- networks ---------------------------------------------------------------------------------
    def test_sessions_of_other_networks_are_left_out_with_all_that_belongs_to_them(self):
        everything = replay(STANDARD).events
        self.assertEqual({kind_of(event) for event in everything if "session_id" in event},
                         {"session_opened", "session_accepted", "session_updated", "session_closed", "logon"})
        kept = self.configured(f"networks: {{of_interest: [{CLIENT}]}}", STANDARD)
        self.assertEqual(kept.events, everything)
        self.assertEqual(self.stats["left_out"], {})
        for networks, reason in ((f"exclude: [{SERVER}/32]", "excluded"),
                                 ("of_interest: [203.0.113.0/24]", "not_of_interest")):
            left = self.configured(f"networks: {{{networks}}}", STANDARD)
            self.assertEqual([kind_of(event) for event in left.events], ["sensor_health"])
            self.assertEqual(self.stats["left_out"], {reason: len(everything) - 1})

    def test_nothing_of_a_session_comes_before_its_ends_are_known(self):
        """In none of the bundled captures, whatever happens in them"""
        told = self.configured("networks: {exclude: [0.0.0.0/0, '::/0']}", *CAPTURES)
        self.assertGreater(self.stats["left_out"]["excluded"], 500)
        wrong = [event for event in told.events if "session_id" in event and kind_of(event) not in ALWAYS_TOLD]
        self.assertEqual(wrong, [])

    # -- names ------------------------------------------------------------------------------------
    def test_the_operator_names_hosts(self):
        done = self.configured(f"hosts: {{{CLIENT}: desk.corp.example}}", STANDARD)
        session, = (event["session_closed"]["session"] for event in done.events if "session_closed" in event)
        self.assertEqual(session["client"]["fqdn"], "desk.corp.example")
        self.assertEqual(session["client"]["names"][0], {"name": "desk.corp.example", "source": "CONFIGURATION"})
        self.assertIn("WS-ALICE", [name["name"] for name in session["client"]["names"]])
        self.assertEqual([entry["name"] for entry in session["path"] if entry["address"] == CLIENT],
                         ["desk.corp.example"])

    # -- privacy ----------------------------------------------------------------------------------
    def test_no_name_is_left(self):
        everything = replay(*CAPTURES, timeout=300).events
        names = set().union(*map(names_in, everything))
        self.assertGreater(len(names), 80)
        addresses = re.compile(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*")
        names = {name for name in names if not addresses.fullmatch(name)}
        done = self.configured("privacy: {user_names: omit, host_names: omit, file_names: omit}", *CAPTURES)
        self.assertEqual([event["event_id"] for event in done.events], [event["event_id"] for event in everything])
        self.assertEqual(set().union(*map(names_in, done.events)) & names, set())
        # Nor in a field that nobody thought of: names that are not words that stand elsewhere for another reason.
        plain = json.dumps([{"sensor": event["sensor"], "evidence": event.get("evidence")} for event in everything])
        text = "\n".join(json.dumps(event) for event in done.events)
        odd = [name for name in names if len(name) > 4 and name not in plain and json.dumps(name)[1:-1] in text]
        self.assertEqual(odd, [])

    def test_handles_stand_for_names_and_are_the_same_each_time(self):
        privacy = (f"privacy: {{user_names: hash, host_names: hash, file_names: hash, key_file: {self.key_file()}}}")
        first = self.configured(privacy, *CAPTURES)
        for name in set().union(*map(names_in, first.events)):
            self.assertRegex(name, r"^([0-9a-f]{16}|[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*)$")
        self.assertEqual(self.configured(privacy, *CAPTURES).stdout, first.stdout)
        sessions = [event["session_closed"]["session"] for event in self.configured(privacy, STANDARD).events
                    if "session_closed" in event]
        user = next(user for user in sessions[0]["users"] if user["source"] == "SAVE_SESSION_INFO")
        self.assertTrue(HANDLE.fullmatch(user["name"]) and HANDLE.fullmatch(user["domain"]))

    def test_a_key_that_is_too_short_or_missing_ends_the_run_before_anything_is_told(self):
        key = self.key_file()
        for content, words in (("short\n", "16 random"), (None, "cannot be read")):
            key.unlink(missing_ok=True)
            if content is not None:
                key.write_text(content)
            config = self.folder / "remora.yaml"
            config.write_text(f"spool: {{path: {self.folder}/spool.db}}\n"
                              f"outputs: [{{name: a, type: file, path: {self.folder}/events.jsonl}}]\n"
                              f"privacy: {{user_names: hash, key_file: {key}}}\n")
            done = replay("--config", config, STANDARD)
            self.assertEqual(done.exit_code, 1)
            self.assertEqual(done.stdout, b"")
            self.assertIn(words, done.stderr)
            self.assertFalse((self.folder / "events.jsonl").exists())

    # -- one file for the daemon and for replay ---------------------------------------------------
    def test_sections_of_the_daemon_are_taken_and_checked(self):
        daemon = "capture: {interfaces: [eth9], threads: 2}\nanalysis: {memory: 1GiB}\nhealth_interval: 5s\nuser: nobody\n"
        self.assertEqual(self.configured(daemon, STANDARD).events, replay(STANDARD).events)
        config = self.folder / "wrong.yaml"
        config.write_text("outputs: [{name: a, type: store}]\ncapture:\n  interfaces:\n    - eth0\n    - {naem: eth1}\n"
                          "networks:\n  exclude:\n    - 10.0.0.0/8\n    - 10.0.0.1/8\n")
        done = subprocess.run([BINARY, "check-config", config], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        for told in (":5: capture.interfaces[1].naem: is not known; did you mean name?",
                     ":9: networks.exclude: '10.0.0.1/8' has bits behind its prefix; write 10.0.0.0/8"):
            self.assertIn(told, done.stderr)


if __name__ == "__main__":
    remora.main()
