"""TLS as a bystander sees it: true handshake messages, random bytes where ciphertext would be.
RFC 5246 (1.0 to 1.2; RFC 2246 for 1.0), RFC 8446 (1.3), RFC 8701 (GREASE)."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

from builder.randomness import pseudo_random

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
SERVER_NAME, SUPPORTED_GROUPS, POINT_FORMATS, SIGNATURE_ALGORITHMS = 0, 10, 11, 13
EXTENDED_MASTER_SECRET, SESSION_TICKET, SUPPORTED_VERSIONS, PSK_MODES, KEY_SHARE = 23, 35, 43, 45, 51
RENEGOTIATION_INFO = 0xFF01

CIPHER_NAMES = {0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0x1302: "TLS_AES_256_GCM_SHA384",
                0x002F: "TLS_RSA_WITH_AES_128_CBC_SHA", 0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"}
VERSION_NAMES = {0x0301: "TLS1.0", 0x0303: "TLS1.2", 0x0304: "TLS1.3"}


def certificate_der(name: str) -> bytes:
    return (Path(__file__).parent / "certificates" / f"{name}.der").read_bytes()


def certificate_facts(name: str) -> dict:
    facts = json.loads((Path(__file__).parent / "certificates" / "facts.json").read_text())[name]
    der = certificate_der(name)
    if not facts["names"]:  # RFC 6125 6.4.4: the common name stands in for the alternative names
        facts["names"] = [part.removeprefix("CN=") for part in facts["subject"].split(",") if part.startswith("CN=")]
    return {**facts, "sha1": hashlib.sha1(der).hexdigest(), "sha256": hashlib.sha256(der).hexdigest()}


def is_grease(value: int) -> bool:
    """RFC 8701 2: 0A0A, 1A1A, ... FAFA"""
    return value & 0x0F0F == 0x0A0A and value >> 8 == value & 0xFF


def record(kind: int, body: bytes, version: int = 0x0303) -> bytes:
    return struct.pack(">BHH", kind, version, len(body)) + body


def handshake(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def u16_list(values: list[int]) -> bytes:
    return struct.pack(f">H{len(values)}H", 2 * len(values), *values)


def extension(kind: int, body: bytes = b"") -> bytes:
    return struct.pack(">HH", kind, len(body)) + body


@dataclass
class ClientHello:
    """Ingredients in wire order, so that the fingerprints come from them and not from a parser."""
    label: str
    ciphers: list[int]
    extensions: list[int]
    version: int = 0x0303
    record_version: int = 0x0301
    server_name: str = ""
    groups: list[int] = field(default_factory=list)
    signature_algorithms: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    session_id: bytes = b""

    def extension_body(self, kind: int) -> bytes:
        if kind == SERVER_NAME:
            name = self.server_name.encode()
            return struct.pack(">HBH", len(name) + 3, 0, len(name)) + name
        if kind == SUPPORTED_GROUPS:
            return u16_list(self.groups)
        if kind == POINT_FORMATS:
            return b"\x01\x00"
        if kind == SIGNATURE_ALGORITHMS:
            return u16_list(self.signature_algorithms)
        if kind == SUPPORTED_VERSIONS:
            return bytes([2 * len(self.versions)]) + u16_list(self.versions)[2:]
        if kind == PSK_MODES:
            return b"\x01\x01"
        if kind == KEY_SHARE:
            shares = struct.pack(">HHB", self.groups[0], 1, 0) if is_grease(self.groups[0]) else b""
            shares += struct.pack(">HH", 29, 32) + pseudo_random(f"x25519:{self.label}", 32)
            return struct.pack(">H", len(shares)) + shares
        if kind == RENEGOTIATION_INFO:
            return b"\x00"
        if kind == 5:  # status_request: OCSP, no responders, no extensions
            return bytes.fromhex("0100000000")
        return b""

    def to_bytes(self) -> bytes:
        body = struct.pack(">H", self.version) + pseudo_random(f"client random:{self.label}", 32)
        body += bytes([len(self.session_id)]) + self.session_id + u16_list(self.ciphers) + b"\x01\x00"
        if self.extensions:
            listed = b"".join(extension(kind, self.extension_body(kind)) for kind in self.extensions)
            body += struct.pack(">H", len(listed)) + listed
        return record(HANDSHAKE, handshake(1, body), self.record_version)

    def ja3(self) -> str:
        def joined(values: list[int]) -> str:
            return "-".join(str(value) for value in values if not is_grease(value))
        points = "0" if POINT_FORMATS in self.extensions else ""
        text = ",".join((str(self.version), joined(self.ciphers), joined(self.extensions),
                         joined(self.groups), points))
        return hashlib.md5(text.encode()).hexdigest()

    def ja4(self) -> str:
        """FoxIO-LLC/ja4 technical_details/JA4.md"""
        ciphers = sorted(f"{value:04x}" for value in self.ciphers if not is_grease(value))
        kinds = [value for value in self.extensions if not is_grease(value)]
        best = max((value for value in self.versions if not is_grease(value)), default=self.version)
        a = "t" + {0x0304: "13", 0x0303: "12", 0x0302: "11", 0x0301: "10"}[best]
        a += ("d" if SERVER_NAME in kinds else "i") + f"{min(len(ciphers), 99):02}{min(len(kinds), 99):02}00"
        tail = ",".join(sorted(f"{kind:04x}" for kind in kinds if kind not in (0, 16)))
        if self.signature_algorithms:
            tail += "_" + ",".join(f"{value:04x}" for value in self.signature_algorithms)
        b = hashlib.sha256(",".join(ciphers).encode()).hexdigest()[:12]
        c = hashlib.sha256(tail.encode()).hexdigest()[:12] if kinds else "0" * 12
        return f"{a}_{b}_{c}"


@dataclass
class ServerHello:
    label: str
    cipher: int
    extensions: list[int]
    version: int = 0x0303
    session_id: bytes = b""

    def message(self) -> bytes:
        bodies = {RENEGOTIATION_INFO: b"\x00", SUPPORTED_VERSIONS: b"\x03\x04",
                  KEY_SHARE: struct.pack(">HH", 29, 32) + pseudo_random(f"share:{self.label}", 32)}
        body = struct.pack(">H", self.version) + pseudo_random(f"server random:{self.label}", 32)
        body += bytes([len(self.session_id)]) + self.session_id + struct.pack(">HB", self.cipher, 0)
        if self.extensions:
            listed = b"".join(extension(kind, bodies.get(kind, b"")) for kind in self.extensions)
            body += struct.pack(">H", len(listed)) + listed
        return handshake(2, body)

    def ja3s(self) -> str:
        text = f"{self.version},{self.cipher}," + "-".join(str(kind) for kind in self.extensions)
        return hashlib.md5(text.encode()).hexdigest()


def certificate_message(*ders: bytes) -> bytes:
    """RFC 5246 7.4.2"""
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    return handshake(11, len(listed).to_bytes(3, "big") + listed)


def server_key_exchange(label: str) -> bytes:
    """RFC 8422 5.4: named curve x25519, point, rsa_pkcs1_sha256 signature"""
    point = pseudo_random(f"server point:{label}", 32)
    signature = pseudo_random(f"signature:{label}", 256)
    return handshake(12, struct.pack(">BHB", 3, 29, 32) + point + struct.pack(">HH", 0x0401, 256) + signature)


SERVER_HELLO_DONE = handshake(14, b"")


class Sealing:
    """Turns plaintext sizes into record sizes; each subclass is one kind of cipher."""

    def __init__(self, label: str, version: int = 0x0303):
        self.label, self.version, self.count = label, version, 0

    def ciphertext_size(self, plain: int) -> int:
        raise NotImplementedError

    def seal(self, plain: bytes, kind: int = APPLICATION_DATA) -> bytes:
        self.count += 1
        size = self.ciphertext_size(len(plain))
        return record(kind, pseudo_random(f"tls:{self.label}:{self.count}", size), self.version)


class AesGcm(Sealing):
    """RFC 5288 3: explicit nonce 8, tag 16"""
    def ciphertext_size(self, plain: int) -> int:
        return plain + 24


class Tls13(Sealing):
    """RFC 8446 5.2: content type 1, tag 16, no padding"""
    def ciphertext_size(self, plain: int) -> int:
        return plain + 17


class AesCbcSha1Tls10(Sealing):
    """RFC 2246 6.2.3.2: MAC 20, padding of at least one byte to a multiple of 16, no explicit IV"""
    def ciphertext_size(self, plain: int) -> int:
        return (plain + 20) // 16 * 16 + 16
