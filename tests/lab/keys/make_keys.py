#!/usr/bin/env python3
"""Makes the lab's keys, once: certificate and key of the server, and rsakeys.ini of Standard RDP Security with its
key as PEM. They protect nothing: everything that uses them lives in namespaces without a way out.
    make_keys.py FOLDER        (needs openssl and xrdp-keygen)"""

import base64
import math
import subprocess
import sys
from pathlib import Path

HOST = "srv-fin.corp.example"


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def der_integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def factor(n: int, e: int, d: int) -> tuple[int, int]:
    """The primes of n, which (e, d) give away (NIST SP 800-56B, appendix C.1)"""
    odd, twos = e * d - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in range(2, 200):
        root = pow(base, odd, n)
        for _ in range(twos):
            square = pow(root, 2, n)
            if square == 1 and root not in (1, n - 1):
                p = math.gcd(root - 1, n)
                return p, n // p
            root = square
    raise SystemExit("make_keys: not an RSA key")


def pem_of(rsakeys: Path) -> str:
    """PKCS #1 (RFC 8017 A.1.2) of numbers that xrdp writes as little-endian bytes"""
    lines = dict(line.split("=", 1) for line in rsakeys.read_text().splitlines() if "=" in line)
    n, e, d = (int.from_bytes(bytes(int(byte, 16) for byte in lines[name].split(",")), "little")
               for name in ("pub_mod", "pub_exp", "pri_exp"))
    p, q = factor(n, e, d)
    numbers = (0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    text = base64.encodebytes(der(0x30, b"".join(map(der_integer, numbers)))).decode()
    lines64 = text.replace("\n", "")
    wrapped = "\n".join(lines64[at:at + 64] for at in range(0, len(lines64), 64))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{wrapped}\n-----END RSA PRIVATE KEY-----\n"


def main() -> None:
    folder = Path(sys.argv[1])
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "9000", "-subj",
                    f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", folder / "server.key.pem",
                    "-out", folder / "server.cert.pem"], check=True)
    subprocess.run(["xrdp-keygen", "xrdp", folder / "rsakeys.ini", "2048"], check=True)
    (folder / "rsakeys.pem").write_text(pem_of(folder / "rsakeys.ini"))


if __name__ == "__main__":
    main()
