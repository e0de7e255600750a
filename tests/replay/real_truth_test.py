#!/usr/bin/env python3
"""The table test: the replay of real captures against what TShark says of every TCP stream with RDP in it
(*.truth.tsv, one row a stream; NOTES.md beside them explains the columns)."""

import csv
import shutil
import subprocess
import unittest
from pathlib import Path

import remora
from remora import REAL, Session, nanoseconds, need, replay, sessions_of

PROTOCOLS = ((1, "TLS"), (2, "CREDSSP"), (8, "CREDSSP_EARLY_AUTH"), (4, "RDSTLS"), (16, "RDSAAD"))
REQUEST_FLAGS = ((1, "RESTRICTED_ADMIN_MODE_REQUIRED"), (2, "REDIRECTED_AUTHENTICATION_MODE_REQUIRED"),
                 (8, "CORRELATION_INFO_PRESENT"))
RESPONSE_FLAGS = ((1, "EXTENDED_CLIENT_DATA_SUPPORTED"), (2, "DYNVC_GFX_PROTOCOL_SUPPORTED"),
                  (4, "NEGRSP_FLAG_RESERVED"), (8, "RESTRICTED_ADMIN_MODE_SUPPORTED"),
                  (16, "REDIRECTED_AUTHENTICATION_MODE_SUPPORTED"))
FAILURES = {1: "SSL_REQUIRED_BY_SERVER", 2: "SSL_NOT_ALLOWED_BY_SERVER", 3: "SSL_CERT_NOT_ON_SERVER",
            4: "INCONSISTENT_FLAGS", 5: "HYBRID_REQUIRED_BY_SERVER", 6: "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"}
METHODS = {0: "NONE", 1: "RC4_40", 2: "RC4_128", 8: "RC4_56", 16: "FIPS"}
LEVELS = {0: "NONE", 1: "LOW", 2: "CLIENT_COMPATIBLE", 3: "HIGH", 4: "FIPS"}
TLS_VERSIONS = {0x0301: "TLS1.0", 0x0302: "TLS1.1", 0x0303: "TLS1.2", 0x0304: "TLS1.3"}
CIPHERS = {0x002F: "TLS_RSA_WITH_AES_128_CBC_SHA", 0x009D: "TLS_RSA_WITH_AES_256_GCM_SHA384",
           0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}  # IANA's names
PROPRIETARY_CERTIFICATE = 112 + 8  # bytes that are not the modulus, [MS-RDPBCGR] 2.2.1.4.3.1.1, and its padding

# Time and frame of the server's licensing PDU ("Error Alert", valid client), which TShark finds with the keys:
# tshark -r F -d tcp.port==3389,tls [-o tls.keys_list:...] -Y 'rdp.bMsgType==0xff'
LICENCES = {
    "rdp-decryptable/intro_traffic_analysis__rdp.pcap": ("1503476898.082426", 41),
    "rdp-decryptable/wireshark-rdp__rdp-credential-guard-accepted1.pcapng": ("1715115810.760831", 45),
    "rdp-decryptable/wireshark-rdp__rdp-nla-kerberos-auth1.pcapng": ("1715026106.047662", 50),
    "rdp-decryptable/wireshark-rdp__rdp-nla-smartcard-auth1.pcapng": ("1715026179.229243", 50),
    "rdp-decryptable/wireshark-rdp__rdp-no-nla-accepted1.pcapng": ("1715027072.312292", 32),
    "rdp-decryptable/wireshark-rdp__rdp-restricted-admin-accepted1.pcapng": ("1715115861.840687", 44),
}

# (file, stream, field): (TShark's value, Remora's value, who is right and why).
EXCEPTIONS: dict[tuple[str, str, str], tuple[object, object, str]] = {
    ("rdp-udp/ndpi__rdp2.pcap", "1", "session"): (
        "one", "none", "TShark goes by the port; the SYN datagrams were not captured, and nothing else in RDP-UDP tells "
                       "itself by its content"),
}

# Sessions that TShark does not have: (capture, client) and why Remora is right.
BEYOND = {
    ("rdp-proxied/arkime__socks5-rdp.pcap", "10.0.0.3"):
        "frames 4 to 7 are SOCKS 5, frame 8 is an X.224 request with a cookie; TShark stops at SOCKS",
}


def has_rdp(row: dict) -> bool:
    facts = ("cookie", "requested_protocols", "selected_protocol", "neg_failure_code", "client_name")
    return row["proto"] == "tcp" and (int(row["rdp_frames_plain"]) > 0 or any(row[name] for name in facts))


def names(table: tuple[tuple[int, str], ...], bits: int) -> list[str]:
    return [name for bit, name in table if bits & bit]


def endpoint(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    return address.strip("[]"), int(port)


def epoch(text: str) -> int:
    seconds, _, fraction = text.partition(".")
    return int(seconds) * 10**9 + int(fraction.ljust(9, "0"))


def is_tls(row: dict) -> bool:
    return int(row["selected_protocol"] or "0", 16) != 0


class Expected:
    """What a row says, in Remora's words: (field, value), only where TShark reported something."""

    def __init__(self, row: dict):
        self.row = row
        self.facts: dict[str, object] = {}
        self.negotiation()
        if is_tls(row):
            self.tls()
        else:
            self.settings()

    def put(self, field: str, column: str, convert) -> None:
        if self.row[column] != "":
            self.facts[field] = convert(self.row[column])

    def negotiation(self) -> None:
        self.put("negotiation.cookie", "cookie", lambda text: text.removeprefix("Cookie: mstshash="))
        self.put("negotiation.requested_protocols", "requested_protocols",
                 lambda text: names(PROTOCOLS, int(text, 16)) or ["STANDARD"])
        self.put("negotiation.request_flags", "neg_req_flags", lambda text: names(REQUEST_FLAGS, int(text, 16)))
        self.put("negotiation.correlation_id", "correlation_id", lambda text: text.replace("-", ""))
        self.put("negotiation.selected_protocol", "selected_protocol",
                 lambda text: (names(PROTOCOLS, int(text, 16)) or ["STANDARD"])[0])
        self.put("negotiation.response_flags", "neg_rsp_flags", lambda text: names(RESPONSE_FLAGS, int(text, 16)))
        self.put("negotiation.failure", "neg_failure_code", lambda text: FAILURES[int(text, 16)])

    def tls(self) -> None:
        """Without keys there is nothing else to see of such a session."""
        self.put("security.tls.sni", "sni", str)
        self.put("security.tls.version", "tls_version", lambda text: TLS_VERSIONS[int(text, 16)])
        self.put("security.tls.cipher", "tls_cipher", lambda text: CIPHERS[int(text, 16)])
        for name in ("subject", "issuer", "serial", "sha1"):
            self.put(f"security.certificate.{name}", f"cert_{name}", str)
        for name in ("not_before", "not_after"):
            self.put(f"security.certificate.{name}", f"cert_{name}", lambda text: text.replace("+00:00", "Z"))

    def settings(self) -> None:
        """GCC blocks and MCS in the clear"""
        self.put("client_software.computer_name", "client_name", str)
        self.put("client_software.build", "client_build", int)
        if self.row["client_product_id"] != "1":  # clientProductId, 1 from every client; not clientDigProductId
            self.put("client_software.product_id", "client_product_id", str)
        self.put("client_software.desktop_width", "desktop", lambda text: int(text.split("x")[0]))
        self.put("client_software.desktop_height", "desktop", lambda text: int(text.split("x")[1]))
        self.put("client_software.keyboard_layout", "keyboard_layout", int)
        self.put("client_software.connection_type", "connection_type", int)
        self.put("client_software.early_capability_flags", "early_caps", lambda text: int(text.split(",")[0]))
        self.put("channels", "channels", lambda text: text.split(","))
        self.put("security.client_encryption_methods", "client_encryption_methods",
                 lambda text: [METHODS[bit] for bit in (1, 8, 2, 16)
                               if int.from_bytes(bytes.fromhex(text), "little") & bit])
        self.put("security.encryption_method", "server_encryption_method", lambda text: METHODS[int(text, 16)])
        self.put("security.encryption_level", "server_encryption_level", lambda text: LEVELS[int(text, 16)])
        self.put("security.server_key_bits", "rdp_server_cert_len",
                 lambda text: (int(text) - PROPRIETARY_CERTIFICATE) * 8)
        # "16,14/8": minor versions of client and server, then what majors there are
        self.put("client_software.core_version", "rdp_version",
                 lambda text: int(text.split("/")[1].split(",")[0]) << 16 | int(text.split("/")[0].split(",")[0]))
        if self.row["server_encryption_method"]:  # else the only version there is is the client's
            self.put("server_software.core_version", "rdp_version",
                     lambda text: int(text.split("/")[1].split(",")[-1]) << 16 | int(text.split("/")[0].split(",")[-1]))
        self.put("disconnect_reason.code", "mcs_disconnect_reason", int)


def views_end(view: dict, session: Session) -> bool:
    return view["client"]["port"] == session.final["client"]["port"]


def look_up(session: dict, field: str) -> object:
    value: object = session
    for key in field.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def same(expected: object, actual: object) -> bool:
    if isinstance(expected, int):
        return int(actual or 0) == expected
    if isinstance(expected, str) and expected.endswith("Z") and isinstance(actual, str) and actual.endswith("Z"):
        return nanoseconds(expected) == nanoseconds(actual)
    return (actual or type(expected)()) == expected


class Wire:
    """What the table does not have, but TShark can tell of single frames, by stream."""

    def __init__(self, capture: Path):
        self.capture = capture
        self.requests: dict[str, int] = {}                # time of the X.224 request
        self.ends: dict[str, int] = {}                    # time of the first FIN or RST
        self.announced: dict[str, tuple[str, int]] = {}   # who sent the first MCS disconnect
        self.fingerprints: dict[str, dict[str, str]] = {}
        for stream, time, source4, source6, port, fin, reset, request, disconnect in self.frames(
                "tcp.flags.fin==1 or tcp.flags.reset==1 or cotp.type==0x0e or t124.disconnectProviderUltimatum_element",
                ["tcp.stream", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "tcp.flags.fin",
                 "tcp.flags.reset", "cotp.type", "t124.disconnectProviderUltimatum_element"]):
            if request == "0x0e":
                self.requests.setdefault(stream, epoch(time))
            if disconnect:
                self.announced.setdefault(stream, (source4 or source6, int(port)))
            if fin == "1" or reset == "1":
                self.ends.setdefault(stream, epoch(time))
        for stream, ja3, ja3s in self.frames("tls.handshake.ja3 or tls.handshake.ja3s",
                                             ["tcp.stream", "tls.handshake.ja3", "tls.handshake.ja3s"],
                                             "-d", "tcp.port==3389,tls"):
            known = self.fingerprints.setdefault(stream, {})
            for name, value in (("ja3", ja3), ("ja3s", ja3s)):
                if value:
                    known.setdefault(name, value)

    def frames(self, which: str, fields: list[str], *options: str) -> list[list[str]]:
        command = ["tshark", "-r", str(self.capture), *options, "-Y", which, "-T", "fields"]
        for field in fields:
            command += ["-e", field]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return [line.split("\t") for line in done.stdout.splitlines()]


class Table:
    """One capture with its rows and the sessions of its replay."""

    def __init__(self, truth: Path):
        self.capture = truth.with_name(truth.name.removesuffix(".truth.tsv"))
        self.name = self.capture.relative_to(REAL).as_posix()
        with truth.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
        self.rows = [row for row in rows if has_rdp(row)]
        self.udp = [row for row in rows if row["proto"] == "udp" and "rdpudp" in row["tshark_protocols"]]
        self.problems: list[str] = []
        self.used: set[tuple[str, str, str]] = set()
        self.beyond: set[tuple[str, str]] = set()
        self.compared = 0

    def check(self) -> None:
        # The truth is of what can be seen without keys; with them: with_keys_test.py.
        run = replay("--ignore-embedded-keys", self.capture)
        if run.exit_code != 0:
            self.problems.append(f"{self.name}: exit code {run.exit_code}: {run.stderr}")
        sessions = sessions_of(run.events)
        wire = Wire(self.capture) if shutil.which("tshark") else None
        attempts: dict[int, list[dict]] = {}
        for row in self.rows:
            found = self.find(row, sessions)
            if found is None:
                self.compare(row, "session", "one", "none")
                continue
            session, view = found
            attempts.setdefault(id(session), []).append(row)
            self.check_facts(row, view)
            if views_end(view, session):
                self.check_end(row, session, wire)
                self.check_acceptance(row, session)
            if wire is not None and is_tls(row):
                self.check_fingerprints(row, view, wire)
        for row in self.udp:
            self.check_udp(row, sessions)
        for session in sessions:
            if session.final["transports"] != ["UDP"]:
                self.check_totals(session, attempts.get(id(session), []), wire)

    def check_udp(self, row: dict, sessions: list[Session]) -> None:
        """RDP over UDP is a session of its own, or it joined the one over TCP between the same machines."""
        client, server = endpoint(row["client"]), endpoint(row["server"])
        alone = [s.final["totals"] for s in sessions if s.final["transports"] == ["UDP"]
                 and (s.final["client"]["address"], s.final["client"]["port"]) == client
                 and (s.final["server"]["address"], s.final["server"]["port"]) == server]
        joined = [s.final["joined_totals"] for s in sessions if "joined_totals" in s.final
                  and (s.final["client"]["address"], s.final["server"]["address"]) == (client[0], server[0])
                  and nanoseconds(s.final["opened"]) <= epoch(row["start_epoch"]) <= nanoseconds(s.final["closed"])]
        found = alone + joined
        self.compare(row, "session", "one", {0: "none", 1: "one"}.get(len(found), "several"))
        for totals in alone:
            self.compare(row, "totals.client_bytes", int(row["bytes_c2s"]), totals.get("client_bytes"))
            self.compare(row, "totals.server_bytes", int(row["bytes_s2c"]), totals.get("server_bytes"))

    def find(self, row: dict, sessions: list[Session]) -> tuple[Session, dict] | None:
        """The session that was open on this stream, and the last of its snapshots that shows it: a retry goes on
        from another port, so its first connection is seen in earlier snapshots only."""
        client, server = endpoint(row["client"]), endpoint(row["server"])
        for session in sessions:
            views = [shot for shot in session.snapshots
                     if (shot["client"]["address"], shot["client"]["port"]) == client
                     and (shot["server"]["address"], shot["server"]["port"]) == server]
            if views and epoch(row["start_epoch"]) <= nanoseconds(session.final["closed"]) \
                    and nanoseconds(views[0]["opened"]) <= epoch(row["end_epoch"]):
                return session, session.final if views_end(views[-1], session) else views[-1]
        return None

    def compare(self, row: dict, field: str, expected: object, actual: object) -> None:
        self.compared += 1
        if same(expected, actual):
            return
        key = (self.name, row["tcp_stream"], field)
        if key in EXCEPTIONS and EXCEPTIONS[key][:2] == (expected, actual):
            self.used.add(key)
        else:
            self.problems.append(f"{self.name} stream {row['tcp_stream']} {field}: "
                                 f"TShark {expected!r}, Remora {actual!r}")

    def check_facts(self, row: dict, view: dict) -> None:
        for field, expected in Expected(row).facts.items():
            self.compare(row, field, expected, look_up(view, field))

    def check_end(self, row: dict, session: Session, wire: Wire | None) -> None:
        """Who closed, and when. An MCS disconnect before it is the better reason, by the side that sent it."""
        final = session.final
        how, _, who = row["closed_by"].partition("/")
        expected = "CAPTURE_END" if how == "none" else \
            f"{who.upper()}_{'CLOSED' if how == 'FIN' else 'RESET'}"
        if row["mcs_disconnect_reason"] and not is_tls(row):
            if wire is None:
                return
            role = "CLIENT" if wire.announced[row["tcp_stream"]] == endpoint(row["client"]) else "SERVER"
            expected = f"{role}_DISCONNECT"
        self.compare(row, "end_reason", expected, final["end_reason"])
        closed = epoch(row["end_epoch"])
        if how != "none":
            if wire is None:
                return
            closed = wire.ends[row["tcp_stream"]]
        self.compare(row, "closed", closed, nanoseconds(final["closed"]))

    def check_fingerprints(self, row: dict, view: dict, wire: Wire) -> None:
        for name, value in wire.fingerprints.get(row["tcp_stream"], {}).items():
            self.compare(row, f"security.tls.{name}", value, look_up(view, f"security.tls.{name}"))

    def check_acceptance(self, row: dict, session: Session) -> None:
        """What Remora infers without keys, against what TShark reads with them"""
        if self.name not in LICENCES:
            return
        time, frame = LICENCES[self.name]
        accepted, = session.of_kind("session_accepted")
        self.compare(row, "accepted", epoch(time), nanoseconds(accepted["time"]))
        self.compare(row, "accepted.frame", frame, accepted["evidence"][0]["frame"])
        self.compare(row, "accepted.certainty", "INFERRED", accepted["certainty"])

    def check_totals(self, session: Session, rows: list[dict], wire: Wire | None) -> None:
        """Over all connections of the session; and its start, which is that of the first."""
        if not rows:
            final = session.final
            beyond = (self.name, final["client"]["address"])
            if beyond in BEYOND:
                self.beyond.add(beyond)
                return
            self.problems.append(f"{self.name}: a session of {final['client']} with {final['server']} "
                                 "that TShark does not have")
            return
        last, totals = rows[-1], session.final["totals"]
        self.compare(last, "attempts", len(rows), session.final["negotiation"]["attempts"])
        for field, column in (("client_bytes", "bytes_c2s"), ("server_bytes", "bytes_s2c")):
            self.compare(last, f"totals.{field}", sum(int(row[column]) for row in rows), totals.get(field))
        self.compare(last, "totals.packets", sum(int(row["packets"]) for row in rows),
                     sum(int(totals.get(field, 0)) for field in ("client_packets", "server_packets")))
        opened = nanoseconds(session.final["opened"])
        if wire is not None and rows[0]["tcp_stream"] in wire.requests:
            self.compare(rows[0], "opened", wire.requests[rows[0]["tcp_stream"]], opened)
        else:
            self.compare(rows[0], "opened", True, epoch(rows[0]["start_epoch"]) <= opened)


class RealTruth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need(REAL)

    def test_table(self):
        tables = [Table(truth) for truth in sorted(REAL.glob("*/*.truth.tsv"))]
        used: set[tuple[str, str, str]] = set()
        beyond: set[tuple[str, str]] = set()
        for table in tables:
            with self.subTest(capture=table.name):
                table.check()
                used |= table.used
                beyond |= table.beyond
                if table.problems:
                    self.fail(f"{len(table.problems)} differences\n" + "\n".join(table.problems[:60]))
        print(f"{sum(len(table.rows) for table in tables)} streams, "
              f"{sum(table.compared for table in tables)} values compared, {len(used)} exceptions")
        self.assertEqual(set(EXCEPTIONS) - used, set(), "exceptions that are no more")
        self.assertEqual(set(BEYOND) - beyond, set(), "sessions that Remora has no more")


if __name__ == "__main__":
    remora.main()
