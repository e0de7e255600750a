#!/usr/bin/env python3
"""Holds every line of ECS, OCSF, CEF and LEEF against what its readers require, for made-up events with every
field and for all events of the bundled captures: siem_mappings_test.py SIEM_LINES REMORA PROJECT"""

import datetime
import functools
import ipaddress
import json
import re
import subprocess
import sys
import unittest
from collections import Counter
from pathlib import Path

PROJECT = Path(sys.argv.pop(3)).resolve()
REMORA = Path(sys.argv.pop(2)).resolve()
SIEM_LINES = Path(sys.argv.pop(1)).resolve()

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from siem_parsers import parse_cef, parse_leef

ECS = json.loads((HERE / "schemas/ecs.json").read_text())
OCSF = json.loads((HERE / "schemas/ocsf.json").read_text())


def lines_of(what: str, events: bytes = b"") -> list[str]:
    done = subprocess.run([SIEM_LINES, what], input=events, capture_output=True, timeout=200, check=True)
    return done.stdout.decode("utf-8").removesuffix("\n").split("\n")


def replayed() -> list[str]:
    """All events of the bundled captures; none where the binary was not built"""
    if not REMORA.exists():
        print(f"SKIPPED: {REMORA} was not built: the captures' events are not mapped", file=sys.stderr)
        return []
    events = []
    for capture in sorted(path for path in (PROJECT / "pcaps").rglob("*") if ".pcap" in path.name):
        done = subprocess.run([REMORA, "replay", "--format", "jsonl", capture], capture_output=True, timeout=120,
                              check=False)
        events += done.stdout.decode("utf-8").splitlines()
    return events


EVENTS = lines_of("events") + replayed()
PARSED = [json.loads(event) for event in EVENTS]
ENVELOPE = {"event_id", "time", "sensor", "session_id", "ticket_id", "community_id", "certainty", "confidence",
            "evidence"}


def kind_of(event: dict) -> str:
    return next(key for key in event if key not in ENVELOPE)


@functools.cache
def mapped(what: str) -> list[str]:
    lines = lines_of(what, "\n".join(EVENTS).encode() + b"\n")
    if len(lines) != len(EVENTS):
        raise AssertionError(f"{len(EVENTS)} events became {len(lines)} lines of {what}")
    return lines


def leaves(tree: dict, path: str = ""):
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield path + name, value


def milliseconds(time: str) -> int:
    moment = datetime.datetime.fromisoformat(re.sub(r"\.(\d{1,6})\d*", r".\1", time).replace("Z", "+00:00"))
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)


def ends_of(event: dict) -> tuple[dict, dict]:
    """Who opened the connection and who was called; from the event, by rules of their own."""
    content = event[kind_of(event)]
    if "carrier" in content:
        carrier = content["carrier"]
        return tuple({"address": carrier.get(f"{side}_address"), "port": carrier.get(f"{side}_port")}
                     for side in ("source", "destination"))
    session = content.get("session", {})
    if session.get("initiator") == "SERVER":
        return session.get("server", {}), session.get("client", {})
    return (session.get("client") or content.get("expert") or {}, session.get("server") or content.get("novice") or {})


def is_ip(text: object) -> bool:
    try:
        ipaddress.ip_address(text)
        return isinstance(text, str) and "%" not in text
    except ValueError:
        return False


class EcsLines(unittest.TestCase):
    TYPES = {
        "keyword": lambda value: isinstance(value, str),
        "text": lambda value: isinstance(value, str),
        "long": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2 ** 63,
        "ip": is_ip,
        "date": lambda value: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", value) is not None,
    }

    @classmethod
    def setUpClass(cls):
        cls.lines = [json.loads(line) for line in mapped("ecs")]

    def test_every_field_is_of_ecs_or_ours(self):
        for line in self.lines:
            ours = line.pop("remora", {})
            self.assertIsInstance(ours, dict)
            fields = dict(leaves(line))
            for name in ECS["required"]:
                self.assertTrue(fields.get(name), f"{name} of {fields}")
            for name, value in fields.items():
                self.assertIn(name, ECS["fields"])
                self.assertEqual(isinstance(value, list), name in ECS["lists"], name)
                for one in value if isinstance(value, list) else [value]:
                    self.assertTrue(self.TYPES[ECS["fields"][name]](one), f"{name}: {one!r}")
            line["remora"] = ours

    def test_words_are_those_that_ecs_allows(self):
        for line in self.lines:
            event = line["event"]
            self.assertIn(event["kind"], ECS["kinds"])
            if "outcome" in event:
                self.assertIn(event["outcome"], ECS["outcomes"])
            allowed = {word for category in event["category"] for word in ECS["types_of_category"][category]}
            self.assertLessEqual(set(event["type"]), allowed, event)

    def test_source_is_who_opened_the_connection(self):
        reverse = 0
        for event, line in zip(PARSED, self.lines):
            source, destination = ends_of(event)
            for end, name in ((source, "source"), (destination, "destination")):
                self.assertEqual(end.get("address"), line.get(name, {}).get("address"))
                self.assertEqual(end.get("port"), line.get(name, {}).get("port"))
            reverse += event[kind_of(event)].get("session", {}).get("initiator") == "SERVER"
            for role in ("client", "server"):
                expected = event[kind_of(event)].get("session", {}).get(role, {}).get("address")
                self.assertEqual(expected, line.get("remora", {}).get(role, {}).get("address"))
        self.assertGreater(reverse, 0)

    def test_says_what_the_event_says(self):
        for event, line in zip(PARSED, self.lines):
            self.assertEqual(event["event_id"], line["event"]["id"])
            self.assertEqual(kind_of(event), line["event"]["action"])
            self.assertEqual(event["time"], line["@timestamp"])
            self.assertEqual(event.get("certainty"), line.get("remora", {}).get("certainty"))
            self.assertEqual(len(event.get("evidence", [])), len(line.get("remora", {}).get("evidence", [])))

    def test_nothing_an_event_says_is_lost(self):
        """Every text of the event is somewhere in its line, as it was or in capitals and the like."""
        def texts(value):
            if isinstance(value, dict):
                for inner in value.values():
                    yield from texts(inner)
            elif isinstance(value, list):
                for inner in value:
                    yield from texts(inner)
            else:
                yield str(value).lower()

        for event, line in zip(PARSED, self.lines):
            said = "\0".join(texts(line))
            said_plainly = re.sub(r"[^0-9a-z]", "", said)
            for text in texts(event):
                if re.fullmatch(r"-?[\d.]+s|(true|false)", text):
                    continue  # durations become nanoseconds; "succeeded" the outcome
                self.assertTrue(text in said or re.sub(r"[^0-9a-z]", "", text).removeprefix("tls") in said_plainly,
                                f"{text!r} of {event}\n{line}")


class OcsfLines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = [json.loads(line) for line in mapped("ocsf")]

    def check(self, kind: str, value: object, path: str) -> None:
        if kind.startswith("["):
            self.assertIsInstance(value, list, path)
            self.assertTrue(value, path)
            for one in value:
                self.check(kind[1:-1], one, path)
        elif kind == "json":
            self.assertIsNotNone(value, path)
        elif kind.isupper() or kind.startswith("JA4"):
            self.check_object(kind, OCSF["objects"][kind], value, path)
        elif kind == "ip":
            self.assertTrue(is_ip(value), f"{path}: {value!r}")
        else:
            wanted = {"string": str, "integer": int, "timestamp": int, "boolean": bool}[kind]
            self.assertIs(type(value), wanted, f"{path}: {value!r}")

    def check_object(self, name: str, schema: dict, value: dict, path: str) -> None:
        self.assertIsInstance(value, dict, path)
        for required in schema.get("required", []):
            self.assertIn(required, value, f"{path} lacks {required}")
        for group in schema.get("any_of", []):
            self.assertTrue(set(group) & set(value), f"{path} has none of {group}: {value}")
        for member, inner in value.items():
            self.assertIn(member, schema["attributes"], f"{path}.{member}")
            self.check(schema["attributes"][member], inner, f"{path}.{member}")
            if member in OCSF["numbers"] and not (member == "status_id" and "statuses" in schema):
                self.assertIn(inner, OCSF["numbers"][member], f"{path}.{member}")
        if "type_id" in value:
            self.assertIn(value["type_id"], OCSF["type_ids"][name], path)

    def test_every_class_has_what_it_requires_and_no_more(self):
        for line in self.lines:
            own = OCSF["classes"][str(line["class_uid"])]
            whole = {"required": OCSF["every_class"]["required"] + own.get("required", []),
                     "any_of": own.get("any_of", []), "statuses": own.get("statuses"),
                     "attributes": OCSF["every_class"]["attributes"] | own["attributes"]}
            if whole["statuses"] is None:
                del whole["statuses"]
            self.check_object("", whole, line, own["name"])

    def test_numbers_and_their_captions_agree(self):
        for line in self.lines:
            own = OCSF["classes"][str(line["class_uid"])]
            self.assertEqual(own["name"], line["class_name"])
            self.assertEqual(own["category"], line["category_uid"])
            self.assertEqual(line["class_uid"] * 100 + line["activity_id"], line["type_uid"])
            caption = own["activities"][str(line["activity_id"])]
            self.assertIn(caption, (None, line["activity_name"]))
            if "status_id" in line:
                captions = own.get("statuses", {"0": "Unknown", "1": "Success", "2": "Failure"})
                self.assertEqual(captions[str(line["status_id"])], line["status"])
            self.assertEqual(OCSF["version"], line["metadata"]["version"])

    def test_no_null_anywhere(self):
        for line in mapped("ocsf"):
            json.loads(line, object_pairs_hook=lambda pairs: [self.assertIsNotNone(value, name)
                                                              for name, value in pairs if name != "unmapped"])

    def test_says_what_the_event_says(self):
        for event, line in zip(PARSED, self.lines):
            self.assertEqual(event["event_id"], line["metadata"]["uid"])
            self.assertEqual(kind_of(event), line["metadata"]["event_code"])
            self.assertEqual(milliseconds(event["time"]), line["time"])
            source, _ = ends_of(event)
            if is_ip(source.get("address")):
                self.assertEqual(source["address"], line["src_endpoint"]["ip"])

    def test_every_kind_has_a_class_of_its_own_sort(self):
        classes = {kind_of(event): line["class_uid"] for event, line in zip(PARSED, self.lines)}
        self.assertEqual(4005, classes["session_opened"])
        self.assertEqual(3002, classes["logon"])
        self.assertEqual(3004, classes["ticket_created"])
        self.assertEqual(6006, classes["file_transfer_ended"])
        self.assertEqual(2004, classes["anomaly"])


class FlatLines(unittest.TestCase):
    def test_no_line_holds_a_control_character(self):
        for what in ("ecs", "ocsf", "cef", "leef"):
            for line in mapped(what):
                self.assertIsNone(re.search(r"[\x00-\x1f]", line), repr(line))
        for line in mapped("cef") + mapped("leef"):
            self.assertNotIn("\x7f", line)

    def test_cef_reads_back(self):
        for event, line in zip(PARSED, mapped("cef")):
            fields, pairs = parse_cef(line)
            self.assertEqual(["CEF:0", "Remora", "remora"], fields[:3])
            self.assertEqual(kind_of(event), fields[4])
            self.assertTrue(0 <= int(fields[6]) <= 10)
            self.assertEqual(self.cef_clean(event["event_id"]), pairs["externalId"])
            self.assertEqual(str(milliseconds(event["time"])), pairs["rt"])
            self.same_ends(event, pairs, {"src": 0, "dst": 1}, {"spt": 0, "dpt": 1})
            content = event[kind_of(event)]
            for key, value in (("msg", content.get("detail")), ("filePath", content.get("file_name")),
                               ("cs1", event.get("session_id"))):
                if value is not None:
                    self.assertEqual(self.cef_clean(value), pairs[key])
            for key in pairs:
                if re.fullmatch(r"c(s|n|fp)\d", key):
                    self.assertIn(key + "Label", pairs)

    def test_leef_reads_back(self):
        for event, line in zip(PARSED, mapped("leef")):
            header, pairs = parse_leef(line)
            self.assertEqual(["LEEF:2.0", "Remora", "remora"], header[:3])
            self.assertEqual([kind_of(event), "^"], header[4:])
            self.assertEqual(self.leef_clean(event["event_id"]), pairs["eventId"])
            self.assertEqual(str(milliseconds(event["time"])), pairs["devTime"])
            self.same_ends(event, pairs, {"src": 0, "dst": 1}, {"srcPort": 0, "dstPort": 1})
            content = event[kind_of(event)]
            for key, value in (("detail", content.get("detail")), ("resource", content.get("file_name")),
                               ("sessionId", event.get("session_id"))):
                if value is not None:
                    self.assertEqual(self.leef_clean(value), pairs[key])

    def same_ends(self, event, pairs, addresses, ports):
        ends = ends_of(event)
        for key, side in addresses.items():
            address = ends[side].get("address")
            self.assertEqual(address if is_ip(address) else None, pairs.get(key))
        for key, side in ports.items():
            port = ends[side].get("port")
            self.assertEqual(str(port) if port else None, pairs.get(key))

    @staticmethod
    def cef_clean(text: str) -> str:
        return re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", re.sub(r"\r\n|\r", "\n", text))

    @staticmethod
    def leef_clean(text: str) -> str:
        return re.sub(r"[\x00-\x1f\x7f]", " ", text).replace("^", "_")


class Pages(unittest.TestCase):
    """docs/mappings-*.md list every field that is written."""

    def listed(self, page: str) -> set[str]:
        text = (PROJECT / "docs" / page).read_text()
        return set(re.findall(r"`([^`]+)`", text))

    def test_ecs(self):
        listed = self.listed("mappings-ecs.md")
        for line in mapped("ecs"):
            fields = json.loads(line)
            fields.pop("remora", None)
            self.assertLessEqual({name for name, _ in leaves(fields)}, listed)

    def test_ocsf(self):
        listed = self.listed("mappings-ocsf.md")
        written = Counter()
        for line in mapped("ocsf"):
            fields = json.loads(line)
            fields.pop("unmapped", None)
            fields.get("entity", {}).pop("data", None)
            written.update(name for name, _ in leaves(fields))
        self.assertLessEqual(set(written), listed)

    def test_cef_and_leef(self):
        for page, what, parse in (("mappings-cef.md", "cef", parse_cef), ("mappings-leef.md", "leef", parse_leef)):
            listed = self.listed(page)
            for line in mapped(what):
                _, pairs = parse(line)
                self.assertLessEqual({key.removesuffix("Label") for key in pairs}, listed, page)


if __name__ == "__main__":
    unittest.main()
