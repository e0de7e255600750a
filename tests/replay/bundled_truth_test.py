#!/usr/bin/env python3
"""Holds the replay of every capture under pcaps/ against the truth beside it."""

import json
import re
import tempfile
import unittest
from pathlib import Path

import remora
from remora import PCAPS, Session, nanoseconds, replay, sessions_of

# What the truth says beside the fields of a session; `check_session` looks at them by name.
BESIDE = {"community_id", "path", "redirection", "wire", "with_keys", "inferred", "optional", "note", "happenings"}

# Kinds of events that the truth of assistance/ lists, in their order. Of acceptance only how it was told.
HAPPENINGS = ("session_accepted", "control_started", "control_ended", "file_transfer_started", "file_transfer_ended")
TIMES = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")

# (capture, session, field): why Remora's value is not the truth's, and who is right.
LATE_REQUEST = ("Remora is right: the request was captured after the confirm, so the session was open before. `opened` "
                "is the time of the event session_opened and goes into the session id; neither is changed afterwards.")
KNOWN_DIFFERENCES: dict[tuple[str, int, str], str] = {
    ("tcp/request-after-confirm.pcap", 0, "opened"): LATE_REQUEST,
}

# damaged/: exit code and what standard error has to say; events are in the truth as everywhere.
DAMAGED = {
    "text-file": (1, "text-file.pcap.*not a capture"),
    "empty-file": (1, "empty-file.pcap.*(empty|not a capture)"),
    "short-header": (1, "short-header.pcap.*(cut off|ends)"),
    "unknown-link": (1, "unknown-link.pcap.*link type 147"),
    "no-packets": (0, "^$"),
    "cut-in-record": (0, "cut-in-record.pcap.*ends inside a record.*at byte 6535.*everything before it"),
    "cut-in-record-header": (0, "cut-in-record-header.pcap.*inside a record header.*at byte 6535.*everything before"),
    "cut-in-block": (0, "cut-in-block.pcapng.*ends inside a block.*at byte 7608.*everything before it"),
    "cut-gzip": (0, "cut-gzip.pcap.gz.*gzip data end too early at byte [0-9]+.*everything before it"),
    "huge-record": (1, "huge-record.pcap.*record length.*at byte 6535.*everything before it"),
}
# Streams that lie, and what anomaly tells it; all other captures show none.
LIES = {
    "channel-count": {"malformed.mcs.connect_initial"},
    "gcc-block-too-long": {"malformed.mcs.connect_initial"},
    "gcc-block-too-short": {"malformed.mcs.connect_initial"},
    "gcc-block-zero": {"malformed.mcs.connect_initial"},
    "tpkt-too-short": {"malformed.mcs.pdu", "malformed.rdp.framing"},
    "tpkt-too-long": {"malformed.conversation.end"},
    "garbage-after-confirm": {"malformed.rdp.framing"},
    "conflicting-fragments": {"ip.fragment_conflict"},
    "one-byte-segments": {"tcp.tiny_segments"},
    # evasion/
    "overlap-conflict": {"tcp.overlap_conflict"},
    "injected": {"tcp.overlap_conflict", "tcp.injected"},
    "bad-checksum": {"tcp.bad_checksum"},
    "no-ack": {"tcp.no_ack"},
    "tiny-segments": {"tcp.tiny_segments"},
    "urgent-data": {"tcp.urgent_data"},
    "blind-reset": {"tcp.blind_reset"},
    "changed-syn-ack": {"tcp.changed_syn_ack"},
    "changed-syn-ack-first": {"tcp.changed_syn_ack"},
    "forged-syn": {"tcp.forged_syn"},
    "forged-syn-of-server": {"tcp.forged_syn"},
    "time-backwards": {"capture.time_backwards"},
    "bad-checksum-first": {"tcp.bad_checksum"},
    "bad-ip-checksum-first": {"tcp.bad_checksum"},
    "bad-acknowledgement": {"tcp.bad_acknowledgement"},
    "beyond-window": {"tcp.beyond_window"},
    "syn-payload": {"tcp.syn_payload"},
    "junk-first": {"tcp.overlap_conflict"},
    "junk-first-of-both": {"tcp.overlap_conflict"},
    "junk-first-undecided": {"tcp.overlap_conflict"},
    "forged-fin": {"tcp.blind_reset"},
    "forged-fin-ahead": {"tcp.blind_reset"},
    "forged-fin-behind": {"tcp.blind_reset"},
    "forged-fin-no-ack": {"tcp.no_ack"},
    "forged-reset": {"tcp.blind_reset"},
    "forged-reset-behind": {"tcp.blind_reset"},
    # web/
    "compressed-bomb": {"ticket.bomb"},
    # assistance/
    "xp-control-unasked": {"assistance.control_without_request"},
}


def truths() -> list[Path]:
    return sorted(PCAPS.glob("*/*.truth.json"))


def capture_of(truth: Path) -> Path:
    story = truth.name.removesuffix(".truth.json")
    return next(path for path in truth.parent.iterdir()
                if path != truth and path.name.split(".")[0] == story)


def differences(expected, actual, path: str = "") -> list[tuple[str, object, object]]:
    """(field, truth, Remora) wherever Remora does not say what the truth says; it may say more."""
    if isinstance(expected, dict):
        actual = actual if isinstance(actual, dict) else {}
        return [found for key, value in expected.items()
                for found in differences(value, actual.get(key), f"{path}.{key}" if path else key)]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [found for index, (one, two) in enumerate(zip(expected, actual))
                for found in differences(one, two, f"{path}[{index}]")]
    if isinstance(expected, bool):
        same = (actual or False) == expected
    elif isinstance(expected, int):
        same = int(actual or 0) == expected  # 64-bit numbers are strings, zero may be absent
    elif isinstance(expected, str) and TIMES.match(expected) and isinstance(actual, str):
        same = nanoseconds(actual) == nanoseconds(expected)
    else:
        same = (actual or type(expected)()) == expected
    return [] if same else [(path, expected, actual)]


def redirection_as_remora(truth: dict) -> dict:
    """The truth keeps the packet's own members; events have user and target addresses in one place each."""
    out = {key: value for key, value in truth.items() if key not in ("target_address", "user_name", "domain")}
    return out | {"user": {"name": truth["user_name"], "domain": truth["domain"]}}


def hops(session: dict) -> list[list[str]]:
    """Who was on the way, and as what; how that is known is Remora's to say."""
    return [[hop.get("address", ""), hop.get("role", "")] for hop in session.get("path", [])]


def wire_differences(wire: dict, session: dict) -> list[tuple[str, object, object]]:
    cluster = bytes.fromhex(wire.get("cs_cluster", ""))
    expected = {"client_software": {}}
    if "cs_core_version" in wire:
        expected["client_software"]["core_version"] = wire["cs_core_version"]
    if cluster:  # block header, flags, redirected session id ([MS-RDPBCGR] 2.2.1.3.5)
        flags = int.from_bytes(cluster[4:8], "little")
        expected["client_software"]["cluster_flags"] = flags
        if flags & 2:
            expected["client_software"]["requested_session_id"] = int.from_bytes(cluster[8:12], "little")
    if "windows_session_id" in wire:
        expected["windows_session_id"] = wire["windows_session_id"]
    return differences(expected, session)


def inferred_differences(truth: dict, session: Session) -> list[tuple[str, object, object]]:
    """What only behaviour shows is told as inferred, and right."""
    inferred = truth.get("inferred", {})
    found = differences({name: truth[name] for name in inferred}, session.final)
    if "accepted" in inferred:
        certainties = [event["certainty"] for event in session.of_kind("session_accepted")]
        found += differences({"accepted.certainty": ["INFERRED"]}, {"accepted.certainty": certainties})
    if "outcome" in inferred:
        shown = any(rule.startswith("infer.") for rule in session.rules)
        found += differences({"outcome.inferred": True}, {"outcome.inferred": shown})
    return found


# Sources of names that are told on other flows; of a session's own names the truth says nothing.
OVERHEARD = {"DNS", "MDNS", "LLMNR", "NBNS", "DHCP", "TLS_SNI", "NTLM", "KERBEROS", "SMB", "PROXY"}


def without_names(truth: dict) -> dict:
    """The ends without `names` and `fqdn`, which `name_differences` looks at"""
    return truth | {end: {key: value for key, value in truth[end].items() if key not in ("names", "fqdn")}
                    for end in ("client", "server") if end in truth}


def name_differences(truth: dict, session: Session) -> list[tuple[str, object, object]]:
    found = []
    for end in ("client", "server"):
        if "names" not in truth[end]:
            continue
        known = session.final[end].get("names", [])
        expected, actual = (sorted((name["name"], name["source"]) for name in names if name["source"] in OVERHEARD)
                            for names in (truth[end]["names"], known))
        found += differences({f"{end}.names": expected, f"{end}.fqdn": truth[end]["fqdn"]},
                             {f"{end}.names": actual, f"{end}.fqdn": session.final[end].get("fqdn")})
    return found


def happening(event: dict) -> dict | None:
    """An event of Remote Assistance as the truth writes it"""
    for kind in HAPPENINGS:
        if kind in event:
            told = {key: value for key, value in event[kind].items() if key not in ("session", "duration")}
            return {"kind": kind, "time": event["time"], "certainty": event["certainty"]} | told
    return None


def happening_differences(truth: list[dict], session: Session) -> list[tuple[str, object, object]]:
    told = sorted((one for one in map(happening, session.events) if one is not None),
                  key=lambda one: (nanoseconds(one["time"]), HAPPENINGS.index(one["kind"])))
    truth = sorted(truth, key=lambda one: (nanoseconds(one["time"]), HAPPENINGS.index(one["kind"])))
    kinds = [one["kind"] for one in told]
    if kinds != [one["kind"] for one in truth]:
        return [("happenings", [one["kind"] for one in truth], kinds)]
    found = differences(truth, told, "happenings")
    for expected, actual in zip(truth, told):  # what the truth has not is an invention
        more = set(actual) - set(expected) - {"transferred_bytes"}
        found += [(f"happenings {actual['time']} {key}", None, actual[key]) for key in sorted(more)]
    return found


def session_differences(truth: dict, session: Session) -> list[tuple[str, object, object]]:
    inferred = set(truth.get("inferred", {}))
    plain = {key: value for key, value in truth.items() if key not in BESIDE | inferred}
    found = differences(without_names(plain), session.final) + inferred_differences(truth, session)
    found += name_differences(truth, session)
    found += differences({"community_id": truth["community_id"]}, session.closing)
    found += wire_differences(truth.get("wire", {}), session.final)
    if "path" in truth:
        found += differences({"path": hops(truth)}, {"path": hops(session.final)})
        # How it is known, where the story says that too.
        found += differences({"path": [hop for hop in truth["path"] if "source" in hop]},
                             {"path": [hop for said, hop in zip(truth["path"], session.final.get("path", []))
                                       if "source" in said]})
    if "happenings" in truth:
        found += happening_differences(truth["happenings"], session)
    if "redirection" in truth:
        found += differences({"redirections": [redirection_as_remora(truth["redirection"])]}, session.final)
    if "closed" in truth:  # else the capture has no times
        # An acceptance that the truth has not is an invention.
        if "accepted" not in truth and "accepted" in session.final:
            found.append(("accepted", None, session.final["accepted"]))
    return found


def match(truths_: list[dict], sessions: list[Session]) -> list[tuple[int, Session]]:
    """Truth index and session with the same ends, in order."""
    left = list(sessions)
    pairs = []
    for index, truth in enumerate(truths_):
        for session in left:
            ends = {"client": truth["client"], "server": truth["server"]}
            if not differences(without_names(ends), session.final):
                pairs.append((index, session))
                left.remove(session)
                break
    return pairs


def offer_facts(event: dict) -> dict:
    """An offer in the form of the truth: names with their sources, hops with their roles."""
    offer = event["offer"]
    ends = {end: offer[end] | {"names": [[name["name"], name["source"]] for name in offer[end].get("names", [])]}
            for end in ("expert", "novice")}
    return offer | ends | {"time": event["time"], "path": hops(offer)}


def ticket_facts(event: dict) -> dict:
    kind = next(key for key in event if key.startswith("ticket_") and key != "ticket_id")
    carrier = event[kind].get("carrier", {})
    return {"kind": kind, "certainty": event["certainty"],
            **({"protocol": carrier["protocol"]} if carrier else {}),
            **({"file_name": carrier["file_name"]} if "file_name" in carrier else {}),
            **({"how": event[kind]["how"]} if "how" in event[kind] else {})}


class BundledTruth(unittest.TestCase):
    def test_every_capture(self):
        seen = set()
        for path in truths():
            truth = json.loads(path.read_text(encoding="utf-8"))
            capture = capture_of(path)
            name = capture.relative_to(PCAPS).as_posix()
            with self.subTest(capture=name):
                run = replay(capture)
                self.assertEqual(run.exit_code, self.expected_exit(path), run.stderr)
                self.check_sessions(name, truth, sessions_of(run.events), seen)
                self.check_offers(truth.get("offers", []), run.events)
                if "tickets" in truth and path.parent.name not in {"web", "file"}:  # file_tickets_test has those
                    self.assertEqual([ticket_facts(event) for event in run.events if event.get("ticket_id")
                                      and any(kind.startswith("ticket_") and kind != "ticket_id" for kind in event)],
                                     truth["tickets"])
                if "rejected" in truth:
                    self.assertEqual([{"error": event["ticket_rejected"]["error"],
                                       "file_name": event["ticket_rejected"]["carrier"].get("file_name", "")}
                                      for event in run.events if "ticket_rejected" in event], truth["rejected"])
        self.assertEqual(set(KNOWN_DIFFERENCES) - seen, set(), "known differences that are no more")

    def expected_exit(self, path: Path) -> int:
        return DAMAGED.get(path.name.removesuffix(".truth.json"), (0, ""))[0]

    def check_sessions(self, name: str, truth: dict, sessions: list[Session], seen: set) -> None:
        pairs = match(truth["sessions"], sessions)
        matched = {index for index, _ in pairs}
        missing = [one["client"] for index, one in enumerate(truth["sessions"])
                   if index not in matched and not one.get("optional")]
        extra = [one.final["client"] for one in sessions if all(one is not two for _, two in pairs)]
        problems = [f"no session of {client}" for client in missing]
        problems += [f"a session of {client} that is not in the truth" for client in extra]
        for index, session in pairs:
            for field, expected, actual in session_differences(truth["sessions"][index], session):
                if (name, index, field) in KNOWN_DIFFERENCES:
                    seen.add((name, index, field))
                else:
                    problems.append(f"{name} session {index} {field}: truth {expected!r}, Remora {actual!r}")
        if problems:
            self.fail("\n".join(problems))

    def check_offers(self, expected: list[dict], events: list[dict]) -> None:
        """Each offer is told once; a capture whose truth has none tells none."""
        offers = [event for event in events if "offer" in event]
        self.assertEqual(len(offers), len(expected))
        for truth, event in zip(expected, offers, strict=True):
            self.assertEqual(differences(truth, offer_facts(event)), [])

    def test_damaged_captures_say_what_is_wrong(self):
        for story, (_, message) in DAMAGED.items():
            truth = PCAPS / "damaged" / f"{story}.truth.json"
            with self.subTest(capture=story), tempfile.TemporaryDirectory() as folder:
                stats = Path(folder) / "stats"
                self.assertRegex(replay("--stats", stats, capture_of(truth)).stderr, re.compile(message, re.S))
                self.assertEqual(json.loads(stats.read_text())["truncated"],
                                 json.loads(truth.read_text(encoding="utf-8")).get("truncated", False))

    def test_streams_that_lie_are_told(self):
        for path in truths():
            story = path.name.removesuffix(".truth.json")
            with self.subTest(capture=story):
                codes = {event["anomaly"]["code"] for event in replay(capture_of(path)).events if "anomaly" in event}
                self.assertEqual(codes, LIES.get(story, set()))

    def test_a_changed_distance_is_told_when_it_happens(self):
        session, = sessions_of(replay(PCAPS / "evasion/ttl-changed.pcap").events)
        rules = [evidence["rule"] for event in session.of_kind("session_updated") for evidence in event["evidence"]]
        self.assertEqual(rules.count("ip.ttl_changed"), 1)

    def test_no_secrets(self):
        """Client Info carries the password; in rdp/standard-none nothing hides it."""
        self.assertIn("S3cret!".encode("utf-16-le"), (PCAPS / "rdp/standard-none.pcap").read_bytes())
        for path in truths():
            with self.subTest(capture=path.name):
                self.assertNotIn(b"S3cret", replay(capture_of(path)).stdout)

    def test_no_secrets_of_remote_assistance(self):
        """The password in AlternateShell, the proof of it, the id of the session, keys of voice, chat"""
        secrets = ("K7P3ZQ2M9XTB", "0D7F460A6990", "AAECAwQFBgcICQoL", "c2VjcmV0", "grüß dich", "hallo")
        for path in sorted((PCAPS / "assistance").glob("*.truth.json")):
            with self.subTest(capture=path.name):
                out = replay(capture_of(path)).stdout
                for secret in secrets:
                    self.assertNotIn(secret.encode(), out)

    def test_easy_connect_is_opened_on_demand_only(self):
        """Its payload is the operator's to open (docs/events.md, Tickets)."""
        def opened(*options: str) -> list[dict]:
            events = replay(*options, PCAPS / "offer/easy-connect.pcap").events
            return [event["ticket_created"]["ticket"] for event in events
                    if "ticket_created" in event and event["certainty"] == "DECRYPTED"]
        self.assertEqual(opened(), [])
        ticket, = opened("--open-easy-connect")
        self.assertEqual((ticket["format"], ticket["sid"]), ("CONNECTION_STRING_2", "305419896"))
        self.assertEqual(ticket["addresses"], [{"address": "2001:db8:1::10", "port": 49672}])

    def test_negotiation_failure_is_told_when_it_happens(self):
        """Decision: a retry is one session, and an update in between tells the failure."""
        session, = sessions_of(replay(PCAPS / "rdp/nego-retry.pcap").events)
        failed = [event for event in session.of_kind("session_updated")
                  if event["session_updated"]["session"]["negotiation"].get("failure")]
        self.assertEqual([event["session_updated"]["session"]["negotiation"]["failure"] for event in failed],
                         ["HYBRID_REQUIRED_BY_SERVER"])
        self.assertNotIn("failure", session.final["negotiation"])


if __name__ == "__main__":
    remora.main()
