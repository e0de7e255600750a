#!/usr/bin/env python3
"""Holds the replay of every recording under pcaps/lab/ against the truth beside it, field by field, as the lab itself
does it, without keys and with those of the lab. What Remora cannot say yet stands in the scenario's `not_yet` in tests/lab/scenarios.py, with the reason; once
it can, that line fails here: take it out."""

import base64
import hashlib
import json
import random
import sys
import unittest
from collections import Counter
from pathlib import Path

import remora
from remora import PCAPS, replay

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import keyring
from lab.check import SECRETS
from lab.compare import Comparison, Verdict
from lab.scenarios import BY_NAME

# What was typed in the recordings, and how the files begin that moved; markers of what must never be told.
TYPED = ("quick", "brown fox", "lazy dogs")
NAMES = ("plan.pdf", "minutes.txt", "report.docx", "empty.txt", "budget.xlsx")
BEGINNINGS = {shape(random.Random(name).randbytes(12)): name for name in NAMES
              for shape in (bytes, base64.b64encode, lambda data: data.hex().encode())}
RECORDINGS = PCAPS / "lab"
LARGEST_BYTES = 20_000_000  # of all that is bundled


class BundledLab(unittest.TestCase):
    def test_every_scenario_has_a_recording(self):
        self.assertEqual({path.parent.name for path in RECORDINGS.glob("*/truth.json")}, set(BY_NAME))

    def test_every_recording(self):
        verdicts: Counter[Verdict] = Counter()
        for path in sorted(RECORDINGS.glob("*/truth.json")):
            name = path.parent.name
            with self.subTest(recording=name):
                run = replay(path.parent / "capture.pcap")
                self.assertEqual((run.exit_code, run.stderr), (0, ""))
                truth = json.loads(path.read_text(encoding="utf-8"))
                fields = Comparison(truth, run.events, BY_NAME[name].not_yet).fields
                verdicts.update(field.verdict for field in fields)
                bad = [str(field) for field in fields if field.bad]
                if bad:
                    self.fail("\n".join(bad))
        print(", ".join(f"{count} {verdict.value}" for verdict, count in verdicts.items()))

    def test_every_recording_with_its_keys(self):
        verdicts: Counter[Verdict] = Counter()
        for path in sorted(RECORDINGS.glob("*/truth.json")):
            name = path.parent.name
            with self.subTest(recording=name), keyring.options(path.parent) as keys:
                run = replay(*keys, path.parent / "capture.pcap")
                self.assertEqual((run.exit_code, run.stderr), (0, ""))
                truth = json.loads(path.read_text(encoding="utf-8"))
                fields = Comparison(truth, run.events, BY_NAME[name].not_yet_with_keys(),
                                    BY_NAME[name].chance).fields
                verdicts.update(field.verdict for field in fields)
                bad = [str(field) for field in fields if field.bad]
                if bad:
                    self.fail("\n".join(bad))
        print("with keys:", ", ".join(f"{count} {verdict.value}" for verdict, count in verdicts.items()))

    def test_no_secrets(self):
        for path in sorted(RECORDINGS.glob("*/capture.pcap")):
            with self.subTest(recording=path.parent.name), keyring.options(path.parent) as keys:
                out = replay(path).stdout + replay(*keys, path).stdout
                for secret in (*SECRETS, *TYPED):
                    self.assertNotIn(secret.encode(), out)
                for begin, keyed in BEGINNINGS.items():
                    self.assertNotIn(begin, out, keyed)

    def test_truth_speaks_of_this_recording(self):
        for path in sorted(RECORDINGS.glob("*/truth.json")):
            with self.subTest(recording=path.parent.name):
                data = (path.parent / "capture.pcap").read_bytes()
                self.assertEqual(json.loads(path.read_text(encoding="utf-8"))["capture"],
                                 {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()})

    def test_all_that_is_bundled_is_small(self):
        total = sum(path.stat().st_size for path in PCAPS.rglob("*") if path.is_file())
        self.assertLess(total, LARGEST_BYTES)

    def test_every_recording_has_its_story(self):
        text = (PCAPS / "README.md").read_text(encoding="utf-8")
        for name, scenario in BY_NAME.items():
            self.assertIn(f"| lab/{name}/capture.pcap | {scenario.story} |", text)


if __name__ == "__main__":
    remora.main()
