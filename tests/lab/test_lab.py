#!/usr/bin/env python3
"""Tests of the lab's own tools, without root and without its programs."""

import sys
import tempfile
import unittest
import unittest.mock
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import made, probes
from lab.carriers import CARRIERS
from lab.compare import Comparison, Verdict
from lab.endings import ENDINGS
from lab.invitation import Invitation
from lab.made import MAKINGS, Ends, duplicated, read_frames, reordered
from lab.network import NETWORKS
from lab.plays import PLAYS
from lab.process import Host
from lab.scenarios import BY_NAME, SCENARIOS
from lab.shadow import md4, nt_hash
from lab.slot import Slot
from lab.steps import STEPS
from lab.truth import tls_version_of
from lab.waiting import ProgramFailed, wait_for

WINDOW = {"within": ["2026-11-29T10:00:00Z", "2026-11-29T10:00:02Z"]}
SESSION = {"kind": "RDP", "client": {"address": "10.0.0.1"}, "server": {"address": "10.0.0.2", "port": 3389},
           "opened": WINDOW, "accepted": None, "users": [{"name": "anna"}], "path": [["10.0.0.9", "ROUTER"]]}
SAID = {"kind": "RDP", "client": {"address": "10.0.0.1", "port": 5}, "server": {"address": "10.0.0.2", "port": 3389},
        "opened": "2026-11-29T10:00:01.5Z", "users": [{"name": "anna", "domain": "CORP"}],
        "path": [{"address": "10.0.0.9", "role": "ROUTER"}]}


def verdicts(truth: dict, events: list[dict], not_yet: dict | None = None) -> dict[str, Verdict]:
    return {field.name: field.verdict for field in Comparison(truth, events, not_yet or {}).fields}


def closed(session: dict) -> dict:
    return {"time": "2026-11-29T10:00:03Z", "session_closed": {"session": session}}


class Compare(unittest.TestCase):
    def test_a_session_as_it_was_is_right(self):
        self.assertEqual(set(verdicts({"sessions": [SESSION]}, [closed(SAID)]).values()), {Verdict.RIGHT})

    def test_a_wrong_value_is_wrong(self):
        found = verdicts({"sessions": [SESSION]}, [closed(SAID | {"kind": "REMOTE_ASSISTANCE"})])
        self.assertEqual(found["sessions[0].kind"], Verdict.WRONG)

    def test_a_time_outside_its_window_is_another_session(self):
        found = verdicts({"sessions": [SESSION]}, [closed(SAID | {"opened": "2026-11-29T10:00:09Z"})])
        self.assertEqual(found["sessions[0].opened"], Verdict.WRONG)

    def test_what_did_not_happen_may_not_be_told(self):
        found = verdicts({"sessions": [SESSION]}, [closed(SAID | {"accepted": "2026-11-29T10:00:01Z"})])
        self.assertEqual(found["sessions[0].accepted"], Verdict.WRONG)

    def test_an_invented_session_is_wrong(self):
        found = verdicts({"sessions": [SESSION]}, [closed(SAID), closed(SAID)])
        self.assertEqual(found["sessions.count"], Verdict.WRONG)

    def test_an_invented_ticket_or_offer_is_wrong(self):
        found = verdicts({"sessions": []}, [{"time": "t", "ticket_id": "1", "ticket_created": {"ticket": {}}},
                                            {"time": "t", "offer": {}}])
        self.assertEqual((found["tickets.count"], found["offers.count"]), (Verdict.WRONG, Verdict.WRONG))

    def test_not_yet_covers_all_below(self):
        truth = {"sessions": [], "files": [{"file_name": "a", "size": 1}]}
        found = verdicts(truth, [], {"files": "needs decryption"})
        self.assertEqual(found["files[0].size"], Verdict.NOT_YET)

    def test_not_yet_that_became_right_is_to_be_taken_out(self):
        found = verdicts({"sessions": [SESSION]}, [closed(SAID)], {"sessions[0].kind": "needs decryption"})
        self.assertEqual(found["sessions[0].kind"], Verdict.TAKE_OUT)

    def test_not_yet_of_nothing_is_wrong(self):
        found = verdicts({"sessions": []}, [], {"files": "needs decryption"})
        self.assertEqual(found["files"], Verdict.WRONG)

    def test_an_absent_value_is_not_false(self):
        truth = {"sessions": [], "tickets": [{"password_protected": False}]}
        self.assertEqual(verdicts(truth, [])["tickets[0].password_protected"], Verdict.WRONG)


class Scenarios(unittest.TestCase):
    def test_there_are_many_and_each_has_its_own_name(self):
        self.assertGreaterEqual(len(SCENARIOS), 40)
        self.assertEqual(len(BY_NAME), len(SCENARIOS))

    def test_all_words_are_known(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario=scenario.name):
                if scenario.made:
                    self.assertIn(scenario.options["making"], MAKINGS)
                    self.assertFalse(BY_NAME[scenario.options["origin"]].made)
                    continue
                self.assertIn(scenario.play, PLAYS)
                self.assertIn(scenario.network, NETWORKS)
                self.assertIn(scenario.ending, ENDINGS)
                self.assertTrue(scenario.carrier == "" or scenario.carrier in CARRIERS)
                for step, *_ in scenario.user:
                    self.assertIn(step, STEPS)

    def test_stories_fit_a_line(self):
        for scenario in SCENARIOS:
            self.assertTrue(0 < len(scenario.story) <= 110 and "\n" not in scenario.story, scenario.name)

    def test_the_short_set_is_short(self):
        self.assertTrue(8 <= sum(scenario.short for scenario in SCENARIOS) <= 16)

    def test_obstacles_are_named(self):
        strange = replace(BY_NAME["standard-low"], needs=("no-such-program",))
        with unittest.mock.patch.object(probes, "machine", return_value=""):
            self.assertRegex(probes.obstacle(strange), "not installed: .*no-such-program.*scripts/setup lab")


class Made(unittest.TestCase):
    ENDS = Ends(bytes((192, 0, 2, 11)), bytes((198, 51, 100, 21)))

    def setUp(self):
        self.frames = read_frames(Path(__file__).resolve().parents[2] / "pcaps/rdp/standard-low.pcap")

    def test_frames_are_read_as_they_are(self):
        data = made.pcap_file(self.frames)
        self.assertEqual(data, (Path(__file__).resolve().parents[2] / "pcaps/rdp/standard-low.pcap").read_bytes())

    def test_every_fifth_comes_twice(self):
        ours = [frame for frame in self.frames if self.ENDS.sender(frame)]
        self.assertEqual(len(duplicated(self.frames, self.ENDS)), len(self.frames) + len(ours) // 5)

    def test_nothing_is_lost_by_another_order(self):
        data = [frame for frame in self.frames if made.payload_bytes(frame)]
        other = reordered(data, self.ENDS)
        self.assertEqual(sorted(frame.data for frame in other), sorted(frame.data for frame in data))
        self.assertEqual([frame.time_ns for frame in other], [frame.time_ns for frame in data])
        moved = sum(one.data != two.data for one, two in zip(data, other))
        self.assertGreater(moved, 10)

    def test_every_tunnel_keeps_the_packet(self):
        for name, making in MAKINGS.items():
            wrapped = making.change(self.frames[:4], self.ENDS)
            with self.subTest(making=name):
                self.assertTrue(all(made.ip_packet(before) in after.data
                                    for before, after in zip(self.frames[:4], wrapped)))


class Tools(unittest.TestCase):
    def test_md4_of_rfc_1320(self):
        self.assertEqual(md4(b"abc").hex(), "a448017aaf21d8525fc10ae87aa6729d")
        self.assertEqual(md4(b"1234567890" * 8).hex(), "e33b4ddc9c38f2199c3e7b164fcc0536")

    def test_nt_hash_of_ms_nlmp(self):
        self.assertEqual(nt_hash("Password"), "a4f49c406510bdcab6824ee7c30fd852")  # [MS-NLMP] 4.2.2.1.2

    def test_an_invitation_says_what_its_facts_say(self):
        invitation = Invitation("XP", 90, (("10.10.5.20", 3389),), 1795421677)
        self.assertIn('DtStart="1795421677" DtLength="90"', invitation.text())
        self.assertIn('RCTICKET="65538,1,10.10.5.20:3389,*,', invitation.text())
        self.assertEqual(invitation.facts()["expires"], "2026-11-23T09:44:37Z")
        self.assertEqual(invitation.facts()["addresses"], [{"address": "10.10.5.20", "port": 3389}])

    def test_the_key_log_tells_the_version(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys"
            for text, version in (("CLIENT_RANDOM 00 11\n", "TLS1.2"), ("CLIENT_TRAFFIC_SECRET_0 00 11\n", "TLS1.3")):
                path.write_text(text)
                self.assertEqual(tls_version_of(path), version)

    def test_a_wait_has_an_end(self):
        with self.assertRaisesRegex(ProgramFailed, "in vain for the moon"):
            wait_for("the moon", lambda: False, patience=0.05, pause=0.01)

    def test_two_runs_have_two_places(self):
        one, two = Slot(), Slot()
        self.addCleanup(one.release)
        self.addCleanup(two.release)
        self.assertNotEqual(one.prefix, two.prefix)

    def test_programs_start_in_their_namespace_under_their_name(self):
        command = Host("remora0-cli", "WS-ANNA", Path("/"), Path("/")).command("true")
        self.assertEqual(command[:4], ["ip", "netns", "exec", "remora0-cli"])
        self.assertIn("WS-ANNA", command)


if __name__ == "__main__":
    unittest.main()
