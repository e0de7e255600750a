#!/usr/bin/env python3
"""Holds docs/watching.md against the sources: every metric is in its table with its type and labels, and no other."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
FAMILY = re.compile(r'page\.(counter|gauge)\(\s*"(\w+)"(.*?)(?=page\.(?:counter|gauge)\(|\n\}\n)', re.S)
LABEL = re.compile(r'\{"(\w+)",|add_each\(page, "(\w+)"')
ROW = re.compile(r"^\| `(remora_\w+)` \| (\w+) \| (.*?) \|", re.M)


def in_sources():
    text = (ROOT / "daemon/watch/metrics.cc").read_text()
    return {name: (kind, {a or b for a, b in LABEL.findall(rest)}) for kind, name, rest in FAMILY.findall(text)}


def in_page():
    text = (ROOT / "docs/watching.md").read_text()
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in ROW.findall(text)}


class Documented(unittest.TestCase):
    def test_every_metric_is_in_the_table(self):
        self.assertGreater(len(in_sources()), 15)
        self.assertEqual(in_sources(), in_page())

    def test_the_page_names_no_other(self):
        page = (ROOT / "docs/watching.md").read_text()
        self.assertEqual(set(), set(re.findall(r"\bremora_\w+", page)) - in_sources().keys())

    def test_every_name_in_the_sources_is_seen_here(self):
        text = (ROOT / "daemon/watch/metrics.cc").read_text()
        self.assertEqual(set(re.findall(r'"(remora_\w+)"', text)), in_sources().keys())


if __name__ == "__main__":
    unittest.main(verbosity=1)
