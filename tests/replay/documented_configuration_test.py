#!/usr/bin/env python3
"""Every configuration that the documents show is one that Remora takes: called like the other programs of this
folder."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import remora

BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.M | re.S)
FILE = re.compile(r"/etc/remora/([\w.-]+)")
VARIABLE = re.compile(r"\$\{(\w+)\}")


def remora_blocks() -> list[tuple[str, str]]:
    """Where it stands, and a whole configuration: a list of outputs gets the rest."""
    blocks = []
    for page in sorted((remora.PROJECT / "docs").glob("*.md")):
        for text in BLOCK.findall(page.read_text()):
            if re.search(r"^outputs:", text, re.M):
                blocks.append((page.name, text))
            elif re.match(r"(#.*\n)*- name:", text):
                blocks.append((page.name, "outputs:\n" + text))
    return blocks


class DocumentedConfiguration(unittest.TestCase):
    def check(self, text: str) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            for path in FILE.findall(text):
                (Path(folder) / path).touch()
            file = Path(folder) / "remora.yaml"
            file.write_text(text.replace("/etc/remora", folder))
            environment = os.environ | {name: "x" for name in VARIABLE.findall(text)}
            return subprocess.run([remora.BINARY, "check-config", file], env=environment, capture_output=True,
                                  text=True, timeout=60, check=False)

    def test_every_example_is_taken(self):
        blocks = remora_blocks()
        self.assertGreater(len(blocks), 2)
        for page, text in blocks:
            with self.subTest(page=page):
                done = self.check(text)
                self.assertEqual(done.returncode, 0, f"{page}:\n{text}\n{done.stderr}")

    def test_every_output_has_an_example(self):
        types = {kind for _, text in remora_blocks() for kind in re.findall(r"type: (\w+)", text)}
        self.assertEqual(types, {"file", "kafka", "otlp", "store", "stream", "syslog"})

    def test_a_wrong_one_is_told_line_by_line(self):
        done = self.check("outputs:\n  - name: a\n    type: file\n    paht: x\nspoool: {}\n")
        self.assertEqual(done.returncode, 1)
        for told in (":2: outputs[0].path: is missing", ":4: outputs[0].paht: is not known; did you mean path?",
                     ":5: spoool: is not known; did you mean spool?"):
            self.assertIn(told, done.stderr)


if __name__ == "__main__":
    remora.main()
