"""freerdp-shadow-cli: it shares a small desktop, and answers Remote Assistance."""

import hashlib
import shutil
from dataclasses import dataclass

from lab.laboratory import KEYS, Laboratory
from lab.process import Program

USER, PASSWORD, DOMAIN = "anna", "Lab-pass%1", "CORP"


@dataclass(frozen=True)
class Shadow:
    security: str = "tls"  # rdp, tls or nla
    port: int = 3389
    busy: bool = False     # the desktop changes all the time

    software = "freerdp-shadow-cli"


# What the shared desktop shows. Lines come slowly, so that a recording stays small.
CALM = "i=0; while [ $i -lt 8 ]; do echo \"line $i of the desktop\"; i=$((i+1)); sleep 0.1; done; exec cat"
BUSY = "i=0; while [ $i -lt 1500 ]; do echo \"frame $i\"; i=$((i+1)); sleep 0.04; done"


class ShadowServer:
    def __init__(self, lab: Laboratory, settings: Shadow):
        self.lab, self.settings = lab, settings
        self.host = lab.host("srv")

    def start(self) -> None:
        self.display = self.lab.display("srv", "640x480x24")
        self.host.start("xterm", "-geometry", "60x16", "-e", "sh", "-c", BUSY if self.settings.busy else CALM,
                        environment=self.display.environment)
        keys = self.host.home / ".config/freerdp/shadow"
        keys.mkdir(parents=True)
        shutil.copyfile(KEYS / "server.key.pem", keys / "shadow.key")
        shutil.copyfile(KEYS / "server.cert.pem", keys / "shadow.crt")
        self.program: Program = self.host.start(
            "freerdp-shadow-cli", f"/port:{self.settings.port}", f"/sec:{self.settings.security}", *self.accounts(),
            name="shadow", environment=self.display.environment)
        self.lab.wait_for_port("srv", self.settings.port, self.program)

    def accounts(self) -> list[str]:
        if self.settings.security != "nla":
            return ["-auth"]
        sam = self.host.home / "SAM"
        digest = nt_hash(PASSWORD)
        sam.write_text(f"{USER}:{DOMAIN}::{digest}:::\n{USER}:::{digest}:::\n")
        return [f"/sam-file:{sam}", "+auth"]

    def log(self) -> str:
        return self.program.text()


def nt_hash(password: str) -> str:
    """MD4 of the password, [MS-NLMP] 3.3.1 NTOWFv1; OpenSSL 3 and so hashlib have no MD4 by default."""
    return md4(password.encode("utf-16-le")).hex()


def md4(message: bytes) -> bytes:
    """RFC 1320"""
    try:
        return hashlib.new("md4", message).digest()
    except ValueError:
        pass
    data = message + b"\x80" + bytes((55 - len(message)) % 64) + (8 * len(message)).to_bytes(8, "little")
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]

    def turn(value: int, by: int) -> int:
        value &= 0xFFFFFFFF
        return (value << by | value >> (32 - by)) & 0xFFFFFFFF
    rounds = (((3, 7, 11, 19), 0, range(16), lambda x, y, z: x & y | ~x & z),
              ((3, 5, 9, 13), 0x5A827999, [4 * (i % 4) + i // 4 for i in range(16)],
               lambda x, y, z: x & y | x & z | y & z),
              ((3, 9, 11, 15), 0x6ED9EBA1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
               lambda x, y, z: x ^ y ^ z))
    for start in range(0, len(data), 64):
        words = [int.from_bytes(data[start + 4 * i:start + 4 * i + 4], "little") for i in range(16)]
        a, b, c, d = state
        for shifts, constant, order, mix in rounds:
            for step, word in enumerate(order):
                a, b, c, d = d, turn(a + mix(b, c, d) + words[word] + constant, shifts[step % 4]), b, c
        state = [(old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d))]
    return b"".join(word.to_bytes(4, "little") for word in state)
