#!/usr/bin/env python3
"""TShark as an independent oracle of decryption: what it takes out of TLS, connection by connection, is what Remora
does, byte for byte (by length and SHA-256)."""

import hashlib
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import remora
from remora import BINARY, LAB, PCAPS, REAL

TOOL = BINARY.parent / "opened_streams"
MAKER = BINARY.parent / "make_transports"
# What TShark 4.0 does not open of DTLS: nothing to compare with.
NOT_BY_TSHARK = {"ECDHE-RSA-CHACHA20-POLY1305"}


def tshark(capture: Path, key_log: Path | None, rsa_key: Path | None, *arguments: str) -> str:
    options = []
    if key_log is not None:
        options += ["-o", f"tls.keylog_file:{key_log}"]
    if rsa_key is not None:
        options += ["-o", f'uat:rsa_keys:"{rsa_key}",""']
    done = subprocess.run(["tshark", "-r", str(capture), *options, *arguments], capture_output=True, text=True,
                          timeout=600, check=False)
    return done.stdout


def ports(capture: Path) -> list[str]:
    """Where TShark has to be told that RDP goes over to TLS"""
    servers = set(tshark(capture, None, None, "-Y", "tcp.flags.syn==1 && tcp.flags.ack==1", "-T", "fields", "-e",
                         "tcp.srcport").split())
    out = []
    for port in sorted(servers - {"443"}):
        out += ["-d", f"tcp.port=={port},tls"]
    return out


def followed(capture: Path, key_log: Path | None, rsa_key: Path | None) -> list[tuple[tuple[int, str], ...]]:
    """(size, digest) of both sides of each connection in which something was opened; in no order"""
    decode = ports(capture)
    streams = set(tshark(capture, key_log, rsa_key, *decode, "-Y", "tls.handshake.type==2", "-T", "fields", "-e",
                         "tcp.stream").split())
    out = []
    for stream in sorted(streams, key=int):
        text = tshark(capture, key_log, rsa_key, *decode, "-q", "-z", f"follow,tls,raw,{stream}")
        sides = [b"", b""]
        for line in text.splitlines():
            if re.fullmatch(r"\t?[0-9a-f]+", line):
                sides[line.startswith("\t")] += bytes.fromhex(line.strip())
        if any(sides):
            out.append(tuple(sorted((len(side), hashlib.sha256(side).hexdigest()) for side in sides)))
    return sorted(out)


def followed_datagrams(capture: Path, key_log: Path) -> list[tuple[tuple[int, str], ...]]:
    """The same of the one DTLS connection in the capture, inside RDP-UDP"""
    text = tshark(capture, key_log, None, "-d", "udp.port==3389,rdpudp", "-Y", "dtls.app_data", "-T", "fields",
                  "-e", "udp.srcport", "-e", "data.data")
    sides = [b"", b""]
    for line in text.splitlines():
        port, _, data = line.partition("\t")
        sides[port == "3389"] += bytes.fromhex(data.replace(",", ""))
    return [tuple(sorted((len(side), hashlib.sha256(side).hexdigest()) for side in sides))] if any(sides) else []


def opened(capture: Path, key_log: Path | None, rsa_key: Path | None) -> list[tuple[tuple[int, str], ...]]:
    done = subprocess.run([str(TOOL), str(capture), str(key_log or "-"), str(rsa_key or "-")], capture_output=True,
                          text=True, timeout=600, check=True)
    out = []
    for line in done.stdout.splitlines():
        first, one, second, other, _ = line.split()
        out.append(tuple(sorted([(int(first), one), (int(second), other)])))
    return sorted(out)


def captures() -> list[tuple[Path, Path | None, Path | None]]:
    """Capture, key log, RSA key"""
    found: list[tuple[Path, Path | None, Path | None]] = []
    for folder in sorted(path.parent for path in (PCAPS / "lab").glob("*/tls.keylog") if path.stat().st_size):
        found.append((folder / "capture.pcap", folder / "tls.keylog", None))
    for folder in sorted(path.parent for path in LAB.glob("*/tls.keylog") if path.stat().st_size):
        found.append((folder / "capture.pcap", folder / "tls.keylog", None))
    for capture in sorted((REAL / "rdp-decryptable").glob("*.pcap*")) + sorted((REAL / "rdp-gateway").glob("*.pcapng")):
        if capture.suffix in (".pcap", ".pcapng"):
            key = capture.with_name(capture.name + ".rsa-key.pem")
            found.append((capture, None, key if key.exists() else None))
    for log in sorted((REAL / "tls-with-keys").glob("*.keylog.txt")):
        found.append((log.with_name(log.name.removesuffix(".keylog.txt")), log, None))
    return found


class Oracle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("tshark") is None:
            raise unittest.SkipTest("tshark is not installed (scripts/setup lab)")

    def test_both_take_the_same_out_of_tls(self):
        connections = size = 0
        for capture, key_log, rsa_key in captures():
            with self.subTest(capture=str(capture)):
                expected, said = followed(capture, key_log, rsa_key), opened(capture, key_log, rsa_key)
                self.assertEqual(expected, said)
                connections += len(expected)
                size += sum(bytes_ for sides in expected for bytes_, _ in sides)
        self.assertGreater(connections, 0)
        print(f"{connections} connections, {size} bytes inside TLS: equal")

    def test_both_take_the_same_out_of_dtls(self):
        """Sealed by OpenSSL, wrapped as [MS-RDPEUDP] says"""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([str(MAKER), folder], check=True, timeout=300)
            compared = 0
            for capture in sorted(Path(folder).glob("*.pcap")):
                key_log, rsa_key = capture.with_suffix(".keylog"), capture.with_suffix(".pem")
                with self.subTest(capture=capture.stem):
                    said = opened(capture, key_log, None)
                    self.assertEqual(1, len(said))
                    if capture.stem.startswith("rsa"):
                        self.assertEqual(said, opened(capture, None, rsa_key))
                    if not any(suite in capture.stem for suite in NOT_BY_TSHARK):
                        self.assertEqual(followed_datagrams(capture, key_log), said)
                        compared += 1
        self.assertGreater(compared, 0)
        print(f"{compared} DTLS connections: equal")


if __name__ == "__main__":
    remora.main()
