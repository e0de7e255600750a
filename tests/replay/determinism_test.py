#!/usr/bin/env python3
"""The same capture gives the same bytes: again, with any number of threads, from a file or through a pipe, and as
protobuf."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

import remora
from remora import LAB, PCAPS, PROJECT, REAL, replay, run

sys.path.insert(0, str(PROJECT / "tests"))
from builder import tcp  # noqa: E402
from builder.conversations import low_session, working_session  # noqa: E402
from builder.frame import SECOND  # noqa: E402
from builder.pcap import pcap_file  # noqa: E402
from builder.places import START, client, server  # noqa: E402

BUNDLED = ["rdp/standard-low.pcap", "rdp/standard-rc4-128.pcap", "rdp/every-setting.pcap", "rdp/three-at-once.pcap",
           "rdp/nego-retry.pcap", "rdp/nego-failure-final.pcap", "rdp/tls12-nla.pcap", "rdp/redirection.pcap",
           "rdp/no-response.pcap", "rdp/disconnected-by-other.pcap", "tcp/port-reuse.pcap", "tcp/out-of-order.pcap",
           "tcp/capture-ends.pcap", "tcp/hole-in-settings.pcap", "container/pcapng-two-interfaces.pcapng",
           "container/pcap-us-le-gz.pcap.gz", "container/pcap-us-le-zst.pcap.zst", "damaged/cut-in-record.pcap",
           "background/http-on-3389.pcap"]
AGAIN: list[list] = [[], ["--threads", 1], ["--threads", 4]]
# Larger ones with many sessions, where they are at hand.
MORE = [REAL / "rdp-attack-scan/boofuzz_nova__rdp.pcap", LAB / "brute-force-ncrack/capture.pcap",
        LAB / "nego-failure-nla-required/capture.pcap", LAB / "scan-nmap/capture.pcap",
        LAB / "session-with-traceroute/capture.pcap"]


def half_close() -> bytes:
    """One side closes, the other only twelve seconds later; another session comes and goes in between."""
    ends = server("198.51.100.1")
    first = working_session(tcp.Conversation(client("192.0.2.1", 50000), ends, START)).tcp
    first.wait(SECOND)
    first.emit(tcp.CLIENT, tcp.FIN | tcp.ACK)
    first.wait(12 * SECOND)
    first.emit(tcp.SERVER, tcp.FIN | tcp.ACK)
    second = low_session(tcp.Conversation(client("192.0.2.2", 50000), ends, START + 5 * SECOND)).tcp
    return pcap_file(sorted(first.frames() + second.frames(), key=lambda frame: frame.time_ns))


def captures() -> list[Path]:
    return [PCAPS / name for name in BUNDLED] + [path for path in MORE if path.exists()]


def without_source(output: bytes) -> list[dict]:
    events = [json.loads(line) for line in output.splitlines()]
    for event in events:
        del event["sensor"]["source"]
    return events


class Determinism(unittest.TestCase):
    def test_again_and_with_threads(self):
        for capture in captures():
            with self.subTest(capture=capture.name):
                first = replay(capture).stdout
                self.assertTrue(first)
                runs = [replay(*options, capture).stdout for options in AGAIN]
                self.assertEqual(runs, [first] * len(runs))

    def test_through_a_pipe(self):
        for capture in captures():
            with self.subTest(capture=capture.name):
                piped = without_source(replay("-", stdin=capture.read_bytes()).stdout)
                filed = without_source(replay(capture).stdout)
                self.assertEqual(piped, filed, first_difference(filed, piped))

    def test_late_closings_through_a_pipe(self):
        with tempfile.TemporaryDirectory() as folder:
            capture = Path(folder) / "half-close.pcap"
            capture.write_bytes(half_close())
            filed = without_source(replay(capture).stdout)
        piped = without_source(replay("-", stdin=half_close()).stdout)
        self.assertEqual(piped, filed, first_difference(filed, piped))

    def test_protobuf_decodes_to_the_same_lines(self):
        with tempfile.TemporaryDirectory() as folder:
            for capture in captures():
                with self.subTest(capture=capture.name):
                    stream = Path(folder) / "events"
                    made = run("replay", "--format", "protobuf", "--output", stream, capture)
                    self.assertEqual((made.exit_code, made.stdout), (0, b""), made.stderr)
                    decoded = run("decode", stream)
                    self.assertEqual(decoded.exit_code, 0, decoded.stderr)
                    self.assertEqual(decoded.load().events, replay(capture).events)
                    piped = run("decode", "-", stdin=stream.read_bytes())
                    self.assertEqual(piped.load().events, decoded.events)
                    self.assertEqual(decoded.stdout, replay(capture).stdout)


def first_difference(one: list[dict], two: list[dict]) -> str:
    if len(one) != len(two):
        return f"{len(one)} events from the file, {len(two)} through the pipe"
    for index, (left, right) in enumerate(zip(one, two)):
        if left != right:
            return f"event {index}:\n{json.dumps(left)[:700]}\n{json.dumps(right)[:700]}"
    return ""


if __name__ == "__main__":
    remora.main()
