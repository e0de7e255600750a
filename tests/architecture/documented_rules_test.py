#!/usr/bin/env python3
"""Holds docs/events.md against the sources and the schema: every rule, code, field and word is documented,
and every documented rule occurs."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
DOTTED = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+"
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
OUTPUTS = {ROOT / "daemon/outputs", ROOT / "daemon/siem"}  # names of fields that receivers know
PROTOCOL = re.compile(r'\bProtocol\s*\w*\{"[^"]*"\}')  # words of families, no rules

# Dotted texts in the sources that no event has.
NO_RULES = {
    "sec_addr.length": "field of a DCE/RPC bind acknowledgement",
    "localhost.localdomain": "a name of every machine",
    "desktop.ini": "a file of every folder",
}


def rules_in_sources():
    found = {}
    for top in ("dissect", "daemon"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix not in (".h", ".cc") or OUTPUTS & set(path.parents):
                continue
            text = PROTOCOL.sub("", COMMENT.sub("", re.sub(r"#include[^\n]*", "", path.read_text())))
            for rule in re.findall(f'"({DOTTED})"', text):
                found.setdefault(rule, path.relative_to(ROOT).as_posix())
    return found


def expand(text):
    """`dhcp.ack`, `.request` in backticks: dhcp.ack and dhcp.request; without `malformed.`."""
    words, last = [], ""
    for word in re.findall(r"`([^`\n]+)`", text):
        if word.startswith(".") and last:
            word = last.rsplit(".", 1)[0] + word
        if re.fullmatch(DOTTED, word):
            last = word
        words.append(word.removeprefix("malformed."))
    return words


def page():
    return re.sub(r"```.*?```", "", (ROOT / "docs/events.md").read_text(), flags=re.S)


def rules_of_tables():
    """The first cells of the tables of rules, anomalies and a ticket's errors."""
    text = page()
    rules = text[text.index("## Certainty, evidence, rules"):text.index("## Secrets")]
    errors = text[text.index("`error` is a stable dotted word"):text.index("A document claims to be a ticket")]
    for line in (rules + errors).splitlines():
        if line.startswith("| `"):
            yield from (word for word in expand(line.split(" | ")[0]) if re.fullmatch(DOTTED, word))


def schema():
    """Fields and enum words, with the file that has them."""
    for path in sorted((ROOT / "proto/remora/v1").glob("*.proto")):
        if path.name == "collector.proto":  # no events: docs/collect.md has it whole
            continue
        text = COMMENT.sub("", path.read_text())
        for word in re.findall(r"(?:[\w.]+ +)?(\w+) = [1-9]\d*;", text):
            yield word, path.name


class Documented(unittest.TestCase):
    def test_every_rule_in_the_sources_is_documented(self):
        documented = set(expand(page()))
        missing = {rule: path for rule, path in rules_in_sources().items()
                   if rule not in documented and rule not in NO_RULES}
        self.assertEqual({}, missing, "not in docs/events.md")

    def test_every_documented_rule_is_in_the_sources(self):
        known = rules_in_sources()
        self.assertEqual([], [rule for rule in rules_of_tables() if rule not in known], "in no source")

    def test_what_is_no_rule_still_occurs(self):
        self.assertEqual(set(), NO_RULES.keys() - rules_in_sources().keys())

    def test_every_field_and_word_of_the_schema_is_documented(self):
        documented = {part for word in re.findall(r"`([^`\n]+)`", page()) for part in re.findall(r"\w+", word)}
        missing = [f"{name}: {word}" for word, name in schema() if word not in documented]
        self.assertEqual([], missing, "not in docs/events.md")


if __name__ == "__main__":
    unittest.main(verbosity=1)
