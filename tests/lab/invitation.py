"""Invitation files as Windows writes them, [MS-RA] 2.2.2 and [MS-RAI]: laid out by hand, for FreeRDP to read."""

import base64
import hashlib
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab.topology import DOMAIN, SERVER

NOVICE, EXPERT, PASSWORD = "Nils Novak", "Anna Expert", "RaPass-4711"


@dataclass
class Invitation:
    format: str = "VISTA"         # or XP
    minutes: int = 360
    addresses: tuple[tuple[str, int], ...] = ((SERVER, 3389), (f"srv-fin.{DOMAIN}", 3389))
    start: int = field(default_factory=lambda: int(time.time()))
    user: str = NOVICE

    @property
    def seed(self) -> bytes:
        """Of everything that is random in a real one"""
        return hashlib.sha256(f"{self.format}{self.user}{self.addresses}{self.start}".encode()).digest()

    @property
    def connection_string_1(self) -> str:
        """Protocol and version, type, addresses, assistant account, session id, two unused, session proof"""
        places = ";".join(f"{host}:{port}" for host, port in self.addresses)
        return (f"65538,1,{places},*,{base64.b64encode(self.seed).decode()},*,*,"
                f"{base64.b64encode(self.seed[:20]).decode()}")

    @property
    def connection_string_2(self) -> str:
        places = "".join(f'<L P="{port}" N="{host}"/>' for host, port in self.addresses)
        digest = base64.b64encode(self.seed).decode()
        return (f'<E><A KH="{digest}" ID="{base64.b64encode(self.seed[:9]).decode()}"/>'
                f'<C><T ID="1" SID="0">{places}</T></C></E>')

    def text(self) -> str:
        stub = base64.b64encode(self.seed[:9]).decode() + "*"
        common = f'DtStart="{self.start}" DtLength="{self.minutes}" L="0"'
        if self.format == "XP":
            return ('<?xml version="1.0" encoding="Unicode" ?><UPLOADINFO TYPE="Escalated"><UPLOADDATA '
                    f'USERNAME="{self.user}" RCTICKET="{self.connection_string_1}" RCTICKETENCRYPTED="0" '
                    f'PassStub="{stub}" {common} /></UPLOADINFO>')
        return ('<?xml version="1.0"?><UPLOADINFO TYPE="Escalated"><UPLOADDATA '
                f'USERNAME="{self.user}" LHTICKET="{encrypted(self.connection_string_2)}" '
                f'RCTICKET="{self.connection_string_1}" PassStub="{stub}" RCTICKETENCRYPTED="1" {common}/>'
                '</UPLOADINFO>')

    def write(self, path: Path) -> Path:
        path.write_text(self.text(), encoding="utf-8")
        return path

    def facts(self) -> dict:
        """In the words of docs/events.md"""
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.start))
        ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.start + 60 * self.minutes))
        places = [{"address" if host[0].isdigit() else "name": host, "port": port} for host, port in self.addresses]
        return {"format": self.format, "user_name": self.user, "start": moment, "duration": f"{60 * self.minutes}s",
                "expires": ends, "addresses": places, "reverse_connect": False,
                "password_protected": self.format == "VISTA"}  # RCTICKETENCRYPTED


def encrypted(text: str) -> str:
    """AES-128-CBC without an initial value; the key is derived from the password as CryptDeriveKey does it."""
    digest = hashlib.sha1(PASSWORD.encode("utf-16-le")).digest()
    padded = digest + bytes(64 - len(digest))
    key = hashlib.sha1(bytes(byte ^ 0x36 for byte in padded)).digest()
    done = subprocess.run(["openssl", "enc", "-aes-128-cbc", "-K", key[:16].hex(), "-iv", "00" * 16],
                          input=text.encode("utf-16-le"), capture_output=True, check=True)
    return done.stdout.hex().upper()
