#!/usr/bin/env python3
"""The replay of the lab's captures (real programs on a private network) against what is visible of them without
keys: *_by_tshark of each truth.json, and what the operator of the lab says of direction and kind."""

import json
import unittest

import remora
from lab_operator import Operator
from real_truth_test import CIPHERS, FAILURES, LEVELS, METHODS, PROTOCOLS, TLS_VERSIONS, endpoint, look_up, names, same
from remora import LAB, Session, need, replay, sessions_of

from lab.compare import Comparison, Verdict

CIPHERS = CIPHERS | {0x1302: "TLS_AES_256_GCM_SHA384", 0x009C: "TLS_RSA_WITH_AES_128_GCM_SHA256"}
SERVER_HELLO = "2"

# (lab, stream): sessions that Remora does not see yet. Once it does, the test wants the line gone.
NOT_SEEN_YET: dict[tuple[str, int], str] = {}

# (lab, stream): sessions that open with the server's answer, because what stands before the request is not read yet.
OPENED_BY_THE_ANSWER: set[tuple[str, int]] = set()

# (lab, stream, field): (TShark's value, Remora's value, who is right and why).
EXCEPTIONS: dict[tuple[str, int, str], tuple[object, object, str]] = {}


def number(text: str) -> int:
    return int(text, 16)


def facts_of(frame: dict) -> dict[str, object]:
    """Remora's words for what TShark reads of one frame without keys"""
    facts: dict[str, object] = {}

    def put(field: str, column: str, convert) -> None:
        if column in frame:
            facts[field] = convert(frame[column])

    if frame["view"] == "clear (TPKT)":
        put("negotiation.cookie", "rdp.rt_cookie", lambda text: text.removeprefix("Cookie: mstshash="))
        put("negotiation.requested_protocols", "rdp.negReq.requestedProtocols",
            lambda text: names(PROTOCOLS, number(text)) or ["STANDARD"])
        put("negotiation.selected_protocol", "rdp.negReq.selectedProtocol",
            lambda text: (names(PROTOCOLS, number(text)) or ["STANDARD"])[0])
        put("negotiation.failure", "rdp.negFailure.failureCode", lambda text: FAILURES[number(text)])
        put("client_software.computer_name", "rdp.client.name", str)
        put("client_software.build", "rdp.client.build", int)
        put("security.encryption_method", "rdp.encryptionMethod", lambda text: METHODS[number(text)])
        put("security.encryption_level", "rdp.encryptionLevel", lambda text: LEVELS[number(text)])
    put("security.tls.sni", "tls.handshake.extensions_server_name", str)
    if frame.get("tls.handshake.type", "").split(",")[0] == SERVER_HELLO:
        put("security.tls.cipher", "tls.handshake.ciphersuite", lambda text: CIPHERS[number(text)])
        chosen = frame.get("tls.handshake.extensions.supported_version", frame["tls.handshake.version"])
        facts["security.tls.version"] = TLS_VERSIONS[number(chosen)]
    return facts


class Lab:
    def __init__(self, name: str):
        self.name = name
        self.truth = json.loads((LAB / name / "truth.json").read_text(encoding="utf-8"))
        self.streams = {stream["tcp_stream"]: stream for stream in self.truth["tcp_streams_by_tshark"]}
        self.facts: dict[int, dict[str, object]] = {}
        self.requests: dict[int, str] = {}  # frame of the X.224 request
        for frame in self.truth["rdp_facts_by_tshark"]:
            stream = int(frame["tcp.stream"])
            if frame["view"] == "clear (TPKT)" and "rdp.rt_cookie" in frame:
                self.requests.setdefault(stream, frame["frame.number"])
            for field, value in facts_of(frame).items():
                self.facts.setdefault(stream, {}).setdefault(field, value)
        self.problems: list[str] = []
        self.compared = 0

    def check(self) -> None:
        run = replay(LAB / self.name / "capture.pcap")
        if run.exit_code or run.stderr:
            self.problems.append(f"exit code {run.exit_code}: {run.stderr}")
        self.sessions = sessions_of(run.events)
        used: set[int] = set()
        for stream, facts in self.facts.items():
            self.check_stream(stream, facts, used)
        # The lists of truth.json are cut off; what comes behind them cannot be judged.
        last = max((int(frame["frame.number"]) for frame in self.truth["rdp_facts_by_tshark"]), default=0)
        for session in self.sessions:
            if id(session) not in used and int(session.events[0]["evidence"][0]["frame"]) <= last:
                self.problems.append(f"a session that TShark does not have: {session.final['client']}")

    def check_stream(self, stream: int, facts: dict[str, object], used: set[int]) -> None:
        found = self.find(stream)
        if (self.name, stream) in OPENED_BY_THE_ANSWER:
            answered = [session for session in self.sessions
                        if session.events[0]["evidence"][0]["rule"] == "x224.connection_confirm"]
            if found is not None or len(answered) != 1:
                self.problems.append(f"stream {stream} is seen otherwise now: look at OPENED_BY_THE_ANSWER")
            used.update(id(session) for session in answered)
            return
        if (self.name, stream) in NOT_SEEN_YET:
            if found is not None:
                self.problems.append(f"stream {stream} is seen now: take it out of NOT_SEEN_YET")
            return
        if found is None:
            self.problems.append(f"stream {stream}: no session for {facts}")
            return
        session, view = found
        used.add(id(session))
        for field, value in facts.items():
            self.compare(stream, field, value, look_up(view, field))
        if view is session.final and stream in self.streams:
            self.check_flow(stream, self.streams[stream], session)

    def find(self, stream: int) -> tuple[Session, dict] | None:
        """By the frame of the request; a retry tells it in an update."""
        for session in self.sessions:
            for event in session.of_kind("session_opened") + session.of_kind("session_updated"):
                kind = "session_opened" if "session_opened" in event else "session_updated"
                frames = {entry.get("frame") for entry in event["evidence"]
                          if entry["rule"] == "x224.connection_request"}
                if self.requests.get(stream) in frames:
                    port = event[kind]["session"]["client"]["port"]
                    views = [shot for shot in session.snapshots if shot["client"]["port"] == port]
                    return session, session.final if session.final["client"]["port"] == port else views[-1]
        return None

    def compare(self, stream: int, field: str, expected: object, actual: object) -> None:
        self.compared += 1
        if not same(expected, actual) and EXCEPTIONS.get((self.name, stream, field), ())[:2] != (expected, actual):
            self.problems.append(f"stream {stream} {field}: TShark {expected!r}, Remora {actual!r}")

    def check_flow(self, stream: int, flow: dict, session: Session) -> None:
        final = session.final
        caller = "server" if final["direction"] == "REVERSE" else "client"
        answerer = "client" if caller == "server" else "server"
        for role, side in ((caller, "initiator"), (answerer, "acceptor")):
            self.compare(stream, f"{role} endpoint", endpoint(flow[side]),
                         (final[role]["address"], final[role]["port"]))
        self.compare(stream, "initiator", caller.upper(), final["initiator"])
        totals = final["totals"]
        if final["negotiation"]["attempts"] == 1:
            self.compare(stream, "packets", flow["packets"],
                         int(totals["client_packets"]) + int(totals["server_packets"]))
            payload = flow["payload_bytes"]
            self.compare(stream, "caller's payload", payload["initiator_to_acceptor"],
                         totals[f"{caller}_payload_bytes"])
            self.compare(stream, "answerer's payload", payload["acceptor_to_initiator"],
                         totals[f"{answerer}_payload_bytes"])
        ends = sorted([*flow["fin"], *flow["rst"]], key=lambda end: end[1])
        self.compare(stream, "closed", ends[0][2] if ends else flow["last_time"], final["closed"])
        if "disconnect_reason" not in final:
            role = {"initiator": caller, "acceptor": answerer}[ends[0][0]].upper() if ends else ""
            how = "CLOSED" if ends and ends[0] in flow["fin"] else "RESET"
            self.compare(stream, "end_reason", f"{role}_{how}" if ends else "CAPTURE_END", final["end_reason"])


class LabTruth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need(LAB)

    def test_what_is_visible_without_keys(self):
        streams = compared = 0
        for path in sorted(LAB.glob("*/truth.json")):
            lab = Lab(path.parent.name)
            with self.subTest(lab=lab.name):
                lab.check()
                if lab.problems:
                    self.fail("\n".join(lab.problems))
            streams += len(lab.facts)
            compared += lab.compared
        print(f"{streams} streams, {compared} values compared, {len(NOT_SEEN_YET)} not seen yet")

    def test_reverse_connections(self):
        """The operator's facts: the novice's side dials out to the waiting expert."""
        for name in ("reverse-rdp-std", "reverse-ra-tls"):
            with self.subTest(lab=name):
                session, = sessions_of(replay(LAB / name / "capture.pcap").events)
                for shot in session.snapshots:
                    self.assertEqual((shot["direction"], shot["initiator"]), ("REVERSE", "SERVER"))
                self.assertEqual(session.final["client"]["address"], "10.10.1.10")
                self.assertEqual(session.final["server"]["address"], "10.10.5.20")

    def test_kind(self):
        """Remote Assistance shows in its channels where those are in the clear."""
        for path in sorted(LAB.glob("*/truth.json")):
            lab = Lab(path.parent.name)
            for session in sessions_of(replay(path.parent / "capture.pcap").events):
                with self.subTest(lab=lab.name):
                    assistance = lab.name.startswith("ra-") and "channels" in session.final
                    self.assertEqual(session.final["kind"], "REMOTE_ASSISTANCE" if assistance else "RDP")

    def test_what_the_operator_says(self):
        """Sessions, users, tickets, files, control and offers; lab_operator.NOT_YET has what Remora cannot say."""
        right = not_yet = 0
        for path in sorted(LAB.glob("*/truth.json")):
            operator = Operator(path.parent)
            with self.subTest(lab=operator.name):
                truth = operator.truth()
                events = replay(path.parent / "capture.pcap").events
                fields = Comparison(truth, events, operator.not_yet(truth)).fields
                right += sum(field.verdict == Verdict.RIGHT for field in fields)
                not_yet += sum(field.verdict == Verdict.NOT_YET for field in fields)
                bad = [str(field) for field in fields if field.bad]
                if bad:
                    self.fail("\n".join(bad))
        print(f"{right} of the operator's values are right, {not_yet} cannot be told yet")

    def test_remote_assistance_by_its_lengths(self):
        """The keys of these captures show the same: the proof is answered by RESULT 0, and the desktop follows. The
        expert's request for control is never answered."""
        for name, result_frame in (("ra-vista-rdp-control", "92"), ("ra-xp-rdp", "87")):
            with self.subTest(lab=name):
                session, = sessions_of(replay(LAB / name / "capture.pcap").events)
                self.assertEqual(session.final["kind"], "REMOTE_ASSISTANCE")
                accepted, = session.of_kind("session_accepted")
                self.assertEqual(accepted["session_accepted"]["accepted_by"], "RA_ACCEPT")
                self.assertEqual(accepted["certainty"], "INFERRED")
                self.assertEqual(accepted["evidence"][0]["frame"], result_frame)
                self.assertEqual(session.final["outcome"], "ESTABLISHED")
                rules = [event["evidence"][0]["rule"] for event in session.of_kind("control_started")]
                self.assertEqual(rules, ["infer.assistance.control_unanswered"] * name.endswith("control"))
                for kind in ("file_transfer_started", "anomaly"):
                    self.assertEqual(session.of_kind(kind), [])

    def test_no_secrets(self):
        """The operator's passwords are in the captures, some of them in the clear."""
        for path in sorted(LAB.glob("*/truth.json")):
            password = json.loads(path.read_text(encoding="utf-8"))["operator_facts"].get("ticket_password")
            with self.subTest(lab=path.parent.name):
                if password:
                    self.assertNotIn(password.encode(), replay(path.parent / "capture.pcap").stdout)

    def test_outcome(self):
        """What the operator did: logons that failed before the desktop, and connections that never got one."""
        outcomes = {"logon-failed-nla": {"AUTHENTICATION_FAILED"}, "nego-failure-nla-required": {"NEGOTIATION_FAILED"},
                    "shadow-nla": {"ESTABLISHED"}, "shadow-tls": {"ESTABLISHED"}, "tls13": {"ESTABLISHED"},
                    "std-rdp-low": {"ESTABLISHED"}, "std-rdp-fips-session": {"ESTABLISHED"},
                    "tcp-refused": set(), "tcp-no-answer": set()}
        for name, expected in outcomes.items():
            with self.subTest(lab=name):
                sessions = sessions_of(replay(LAB / name / "capture.pcap").events)
                self.assertEqual({session.final["outcome"] for session in sessions}, expected)


if __name__ == "__main__":
    remora.main()
