#!/usr/bin/env python3
"""TShark as an independent oracle on the lab's recordings. What it reads in the clear is held against Remora, and what
it reads with the recordings' keys against their truth. A difference stands in DIFFERENCES with who is right; one that
is no more fails the test."""

import json
import shutil
import sys
import unittest
from pathlib import Path

import remora
from real_truth_test import CIPHERS, FAILURES, LEVELS, METHODS, PROTOCOLS, TLS_VERSIONS, names
from remora import PCAPS, replay

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab.oracle import COLUMNS, Reading, first, info, known_columns, last, read

RECORDINGS = PCAPS / "lab"
SUITES = CIPHERS | {0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384",
                    0x1303: "TLS_CHACHA20_POLY1305_SHA256", 0x009C: "TLS_RSA_WITH_AES_128_GCM_SHA256"}
CLIENT_HELLO, SERVER_HELLO = "1", "2"
FIN, RST = 1, 4
PROXIES = {1080, 8888}  # whose protocols TShark knows by these ports

# (recording, field): (TShark's value, the other's value, who is right and why). A star stands for every recording.
DIFFERENCES: dict[tuple[str, str], tuple[object, object, str]] = {}


def number(text: str) -> int:
    return int(first(text), 16)


class Stream:
    """A TCP stream that TShark takes for RDP, in Remora's words"""

    def __init__(self, rows: list[dict[str, str]]):
        self.rows = rows
        self.facts: dict[str, object] = {}
        self.request = next((row for row in rows if row["rdp.rt_cookie"] or row["rdp.negReq.requestedProtocols"]), None)
        for row in rows:
            self.read_rdp(row)

    def put(self, field: str, value: object) -> None:
        self.facts.setdefault(field, value)

    def read_rdp(self, row: dict[str, str]) -> None:
        for column, field, convert in (
                ("rdp.rt_cookie", "negotiation.cookie", lambda text: text.removeprefix("Cookie: mstshash=")),
                ("rdp.negReq.requestedProtocols", "negotiation.requested_protocols",
                 lambda text: names(PROTOCOLS, number(text)) or ["STANDARD"]),
                ("rdp.negReq.selectedProtocol", "negotiation.selected_protocol",
                 lambda text: (names(PROTOCOLS, number(text)) or ["STANDARD"])[0]),
                ("rdp.negFailure.failureCode", "negotiation.failure", lambda text: FAILURES[number(text)]),
                ("rdp.client.name", "client_software.computer_name", str),
                ("rdp.client.build", "client_software.build", lambda text: int(first(text))),
                ("rdp.desktop.width", "client_software.desktop_width", lambda text: int(first(text))),
                ("rdp.desktop.height", "client_software.desktop_height", lambda text: int(first(text))),
                ("rdp.encryptionMethod", "security.encryption_method", lambda text: METHODS[number(text)]),
                ("rdp.encryptionLevel", "security.encryption_level", lambda text: LEVELS[number(text)])):
            if row[column]:
                self.put(field, convert(row[column]))

    def read_handshake(self, row: dict[str, str]) -> None:
        if row["tls.handshake.extensions_server_name"]:
            self.put("security.tls.sni", first(row["tls.handshake.extensions_server_name"]))
        if first(row["tls.handshake.type"]) == SERVER_HELLO:
            chosen = row["tls.handshake.extensions.supported_version"] or row["tls.handshake.version"]
            self.put("security.tls.version", TLS_VERSIONS[number(chosen)])
            self.put("security.tls.cipher", SUITES[number(row["tls.handshake.ciphersuite"])])

    def read_decrypted(self, row: dict[str, str]) -> None:
        for column, field in (("rdp.client.name", "client_software.computer_name"), ("rdp.userName", "user.name"),
                              ("rdp.domain", "user.domain"), ("ntlmssp.auth.username", "user.name"),
                              ("ntlmssp.auth.domain", "user.domain")):
            if row[column]:
                self.facts.setdefault(field, row[column])

    def end(self) -> tuple[tuple[str, int], str] | None:
        """Who ended it first, and how: a word in MCS is better than what TCP does"""
        closing = next((row for row in self.rows if flags(row) & (FIN | RST)), None)
        tcp = (source(closing), "CLOSED" if flags(closing) & FIN else "RESET") if closing else None
        return announced(self.rows) or tcp


def flags(row: dict[str, str]) -> int:
    return int(last(row["tcp.flags"]) or "0", 16)


def announced(rows: list[dict[str, str]]) -> tuple[tuple[str, int], str] | None:
    return next(((source(row), "DISCONNECT") for row in rows if "disconnectProviderUltimatum" in info(row)), None)


def source(row: dict[str, str]) -> tuple[str, int]:
    return last(row["ip.src"] or row["ipv6.src"]), int(last(row["tcp.srcport"]))


def target(row: dict[str, str]) -> tuple[str, int]:
    return last(row["ip.dst"] or row["ipv6.dst"]), int(last(row["tcp.dstport"]))


def look_up(tree: object, name: str) -> object:
    for key in name.split("."):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def allowed(truth: object, value: str) -> object:
    """The value, if the truth leaves it open"""
    return value if isinstance(truth, dict) and value in truth["one_of"] else truth


def listening_port(session: dict) -> int:
    return session["client" if session["direction"] == "REVERSE" else "server"]["port"]


class Recording:
    def __init__(self, folder: Path, columns: list[str]):
        self.folder, self.name = folder, folder.name
        self.truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        self.columns = columns
        self.ports = sorted({3389} | {listening_port(session) for session in self.truth["sessions"]} - PROXIES)
        self.capture = folder / "capture.pcap"
        self.problems: list[str] = []
        self.used: set[tuple[str, str]] = set()
        self.compared = 0

    def options(self, *kinds: str) -> list[str]:
        return [word for port in self.ports for kind in kinds for word in ("-d", kind.format(port))]

    def check(self) -> None:
        clear = self.streams(read(self.capture, self.columns, self.options("tcp.port=={},tpkt")))
        if any("tls" in session.get("security", {}) for session in self.truth["sessions"]):
            self.look_inside(clear)
        sessions = [event["session_closed"]["session"] for event in replay(self.capture).events
                    if "session_closed" in event]
        for stream in clear.values():
            self.check_stream(stream, sessions)
        ends = {source(stream.request) for stream in clear.values()}
        for session in sessions:
            client = (session["client"]["address"], session["client"]["port"])
            self.compare("stream", "one" if client in ends else "none", "one")

    @staticmethod
    def streams(reading: Reading) -> dict[int, Stream]:
        found = {number_: Stream(rows) for number_, rows in reading.streams().items()}
        return {number_: stream for number_, stream in found.items() if stream.request}

    def check_stream(self, stream: Stream, sessions: list[dict]) -> None:
        client, server = source(stream.request), target(stream.request)
        session = next((one for one in sessions if (one["client"]["address"], one["client"]["port"]) == client
                        and (one["server"]["address"], one["server"]["port"]) == server), None)
        self.compare("session", "one", "one" if session else "none")
        if session is None:
            return
        for field, value in stream.facts.items():
            self.compare(field, value, look_up(session, field))
        end = stream.end()
        who = {client: "CLIENT", server: "SERVER"}.get(end[0], "") if end else ""
        self.compare("end_reason", f"{who}_{end[1]}" if end else "CAPTURE_END", session["end_reason"])

    def look_inside(self, clear: dict[int, Stream]) -> None:
        """Handshakes, and with the key log RDP and CredSSP behind them: what these say is in the truth."""
        options = self.options("tcp.port=={},tls", "tls.port=={},tpkt")
        if "tls_keylog" in self.truth["keys"]:
            options += ["-o", f"tls.keylog_file:{self.folder / self.truth['keys']['tls_keylog']}"]
        for number_, rows in read(self.capture, self.columns, options).streams().items():
            if number_ not in clear:
                continue
            inside = Stream([])
            for row in rows:
                clear[number_].read_handshake(row)
                inside.read_decrypted(row)
            self.check_decrypted(clear[number_].request, inside, announced(rows))

    def check_decrypted(self, request: dict[str, str], inside: Stream,
                        end: tuple[tuple[str, int], str] | None) -> None:
        client = source(request)
        truth = next((one for one in self.truth["sessions"] if one["client"]["address"] == client[0]
                      and one["client"].get("port", client[1]) == client[1]), {})
        for field, value in inside.facts.items():
            expected = truth.get("users", [{}])[0].get(field.removeprefix("user.")) if field.startswith("user.") \
                else look_up(truth, field)
            if expected is not None:
                self.compare(f"decrypted {field}", value, expected)
        if end:
            reason = f"{'CLIENT' if end[0] == client else 'SERVER'}_DISCONNECT"
            self.compare("decrypted end_reason", reason, allowed(truth.get("end_reason"), reason))

    def compare(self, field: str, tshark: object, other: object) -> None:
        self.compared += 1
        if tshark == other:
            return
        for key in ((self.name, field), ("*", field)):
            if key in DIFFERENCES and DIFFERENCES[key][:2] == (tshark, other):
                self.used.add(key)
                return
        self.problems.append(f"{field}: TShark {tshark!r}, {'truth' if 'decrypted' in field else 'Remora'} {other!r}")


class LabOracle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("tshark") is None:
            raise unittest.SkipTest("tshark is not installed: scripts/setup lab")

    def test_every_recording(self):
        columns = known_columns()
        self.assertGreater(len(columns), len(COLUMNS) - 3)
        used: set[tuple[str, str]] = set()
        compared = 0
        for path in sorted(RECORDINGS.glob("*/truth.json")):
            recording = Recording(path.parent, columns)
            with self.subTest(recording=recording.name):
                recording.check()
                used |= recording.used
                compared += recording.compared
                if recording.problems:
                    self.fail("\n".join(recording.problems))
        print(f"{compared} values compared, {len(used)} differences")
        self.assertEqual(set(DIFFERENCES) - used, set(), "differences that are no more")


if __name__ == "__main__":
    remora.main()
