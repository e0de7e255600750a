#!/usr/bin/env python3
"""Recordings of the lab from which one packet was taken, at a hundred places each, replayed with the keys: whatever is
told then is what the whole recording tells, and where the rest could not be opened an anomaly says so."""

import struct
import sys
import tempfile
import unittest
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import remora
from remora import PCAPS, Run, replay, sessions_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import keyring

PLACES = 100
# One of each kind of protection: RC4, FIPS (3DES), TLS 1.2 and 1.3 with AEAD; CredSSP, a drive, the clipboard.
RECORDINGS = ["standard-high", "standard-fips", "drive-standard", "tls12", "drive-tls", "clipboard-tls", "nla"]
# What stops, and what says so.
STOPPED = {"tls.decryption_lost", "rdp.decryption_lost", "keys.no_match"}
# Facts of the peers, which a lost packet may hide and must not change. Lists may be shorter.
FACTS = ("kind", "client_software", "users", "negotiation", "security", "channels", "dynamic_channels", "client", "server")
FILE_FACTS = ("direction", "mechanism", "size", "sha256")
# Which of several sources is heard first depends on what is lost; so does which of the client's two systems is told:
# that of its capability set, or of its NTLM message.
BY_CHANCE = {"first_seen", "frame", "source", "operating_system"}


def records(pcap: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of each record, with its header"""
    at = 24
    while at + 16 <= len(pcap):
        length, = struct.unpack_from("<I", pcap, at + 8)
        yield at, at + 16 + length
        at += 16 + length


def carries_tcp(record: bytes) -> bool:
    """IPv4, TCP, with payload"""
    packet = record[16 + 14:]
    if record[16 + 12:16 + 14] != b"\x08\x00" or packet[9] != 6:
        return False
    head = (packet[0] & 15) * 4
    return int.from_bytes(packet[2:4], "big") > head + (packet[head + 12] >> 4) * 4


def differences(whole: object, told: object, name: str) -> Iterator[str]:
    """What `told` says and `whole` does not"""
    if isinstance(told, dict) and isinstance(whole, dict):
        for key, value in told.items():
            if key in BY_CHANCE:
                continue
            yield from differences(whole.get(key), value, f"{name}.{key}")
    elif isinstance(told, list) and isinstance(whole, list):
        for value in told:
            if not any(not list(differences(one, value, name)) for one in whole):
                yield f"{name}: {value!r} is not among {whole!r}"
    elif told != whole:
        yield f"{name}: {told!r}, not {whole!r}"


def files(run: Run) -> dict[str, dict]:
    return {event["file_transfer_ended"].get("file_name", ""): event["file_transfer_ended"] for event in run.events
            if "file_transfer_ended" in event}


def anomalies(run: Run) -> set[str]:
    return {event["anomaly"]["code"] for event in run.events if "anomaly" in event}


class OnePacketLess(unittest.TestCase):
    def check(self, whole: Run, run: Run) -> Iterator[str]:
        by_client = {one.final["client"]["port"]: one.final for one in sessions_of(whole.events)}
        for session in (one.final for one in sessions_of(run.events)):
            expected = by_client.get(session["client"]["port"])
            if expected is None:
                yield f"a session of port {session['client']['port']} that the whole recording has not"
                continue
            for field in FACTS:
                if field in session:
                    yield from differences(expected.get(field), session[field], field)
        known = files(whole)
        for name, file in files(run).items():
            if name and name not in known:
                yield f"a file {name!r} that the whole recording has not"
                continue
            for field in FILE_FACTS:
                if name and field in file and (field != "size" or file["result"] == "COMPLETED"):
                    yield from differences(known[name].get(field), file[field], f"{name}.{field}")

    def test_at_a_hundred_places(self):
        for name in RECORDINGS:
            folder = PCAPS / "lab" / name
            pcap = (folder / "capture.pcap").read_bytes()
            places = [place for place in records(pcap) if carries_tcp(pcap[slice(*place)])]
            chosen = [places[index * len(places) // PLACES] for index in range(PLACES)] if len(places) > PLACES else places
            with self.subTest(recording=name), keyring.options(folder) as keys, tempfile.TemporaryDirectory() as made:
                whole = replay(*keys, folder / "capture.pcap")
                self.assertFalse(anomalies(whole) & STOPPED)
                self.assertTrue(any(one.final.get("decrypted") for one in sessions_of(whole.events)))

                def replayed(number: int) -> Run:
                    begin, end = chosen[number]
                    path = Path(made) / f"{number}.pcap"
                    path.write_bytes(pcap[:begin] + pcap[end:])
                    return replay(*keys, path)

                with ThreadPoolExecutor(2) as pool:
                    runs = list(pool.map(replayed, range(len(chosen))))
                wrong, kinds = [], Counter()
                for number, run in enumerate(runs):
                    self.assertEqual((run.exit_code, run.stderr), (0, ""))
                    wrong += [f"place {number}: {text}" for text in self.check(whole, run)]
                    stopped = anomalies(run) & STOPPED
                    kinds[min(stopped) if stopped else "goes on"] += 1
                print(f"{name}: {len(chosen)} places: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
                self.assertFalse(wrong, "\n".join(wrong))


if __name__ == "__main__":
    remora.main()
