"""TLS 1.2 and DTLS 1.2 that can be opened: ChaCha20-Poly1305 (RFC 8439, RFC 7905) with the keys that follow from a
master secret (RFC 5246 6.3), and the key log that has it. The handshake's proofs are random: nobody but its ends can
check them."""

import hmac
import struct

from builder import tls
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER
from builder.tls import APPLICATION_DATA, HANDSHAKE

SUITE = 0xCCA8
MASK = 0xFFFFFFFF


def chacha20_block(key: bytes, counter: int, nonce: bytes) -> bytes:
    """RFC 8439 2.3"""
    start = list(struct.unpack("<4I8I", b"expand 32-byte k" + key)) + [counter, *struct.unpack("<3I", nonce)]
    state = list(start)

    def quarter(a: int, b: int, c: int, d: int) -> None:
        for into, add, turn, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[into] = (state[into] + state[add]) & MASK
            mixed = state[turn] ^ state[into]
            state[turn] = (mixed << by | mixed >> (32 - by)) & MASK

    for _ in range(10):
        for at in range(4):
            quarter(at, at + 4, at + 8, at + 12)
        for at in range(4):
            quarter(at, 4 + (at + 1) % 4, 8 + (at + 2) % 4, 12 + (at + 3) % 4)
    return struct.pack("<16I", *((one + two) & MASK for one, two in zip(state, start, strict=True)))


def poly1305(key: bytes, data: bytes) -> bytes:
    """2.5"""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at:at + 16] + b"\1", "little")) * r % (2 ** 130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2 ** 128).to_bytes(16, "little")


def chacha20_poly1305(key: bytes, nonce: bytes, plain: bytes, additional: bytes) -> bytes:
    """2.8: ciphertext and tag"""
    stream = b"".join(chacha20_block(key, 1 + at // 64, nonce) for at in range(0, len(plain), 64))
    sealed = bytes(one ^ two for one, two in zip(plain, stream[:len(plain)], strict=True))
    said = additional + bytes(-len(additional) % 16) + sealed + bytes(-len(sealed) % 16)
    said += struct.pack("<QQ", len(additional), len(sealed))
    return sealed + poly1305(chacha20_block(key, 0, nonce)[:32], said)


def prf(secret: bytes, label: bytes, seed: bytes, size: int) -> bytes:
    """RFC 5246 5"""
    out, a = b"", label + seed
    while len(out) < size:
        a = hmac.new(secret, a, "sha256").digest()
        out += hmac.new(secret, a + label + seed, "sha256").digest()
    return out[:size]


class Secrets:
    """Of the connection whose hellos have this label."""

    def __init__(self, label: str):
        self.label = label
        self.master = pseudo_random(f"master secret:{label}", 48)
        self.client_random = pseudo_random(f"client random:{label}", 32)
        block = prf(self.master, b"key expansion", pseudo_random(f"server random:{label}", 32) + self.client_random, 88)
        self.keys = {CLIENT: (block[:32], block[64:76]), SERVER: (block[32:64], block[76:])}

    def log_line(self) -> str:
        return f"CLIENT_RANDOM {self.client_random.hex()} {self.master.hex()}\n"

    def seal(self, side: str, number: int, kind: int, version: int, plain: bytes) -> bytes:
        """What stands behind the record's head. `number`: 64 bits; in DTLS the epoch comes first."""
        key, iv = self.keys[side]
        nonce = bytes(one ^ two for one, two in zip(iv, struct.pack(">IQ", 0, number), strict=True))
        return chacha20_poly1305(key, nonce, plain, struct.pack(">QBHH", number, kind, version, len(plain)))

    def finished(self, side: str) -> bytes:
        return tls.handshake(20, pseudo_random(f"verify data:{self.label}:{side}", 12))


class OpenSealing(tls.Sealing):
    """One side of TLS 1.2"""

    def __init__(self, secrets: Secrets, side: str):
        super().__init__(secrets.label)
        self.secrets, self.side = secrets, side

    def ciphertext_size(self, plain: int) -> int:
        return plain + 16

    def seal(self, plain: bytes, kind: int = APPLICATION_DATA) -> bytes:
        number, self.count = self.count, self.count + 1
        return tls.record(kind, self.secrets.seal(self.side, number, kind, self.version, plain), self.version)


class DatagramSealing:
    """One side of DTLS 1.2, RFC 6347 4.1: records in clear up to the ChangeCipherSpec, then those of epoch 1"""

    VERSION = 0xFEFD

    def __init__(self, secrets: Secrets, side: str):
        self.secrets, self.side = secrets, side
        self.message = self.epoch = self.number = 0

    def record(self, kind: int, body: bytes) -> bytes:
        number, self.number = self.epoch << 48 | self.number, self.number + 1
        if self.epoch:
            body = self.secrets.seal(self.side, number, kind, self.VERSION, body)
        return struct.pack(">BHQH", kind, self.VERSION, number, len(body)) + body

    def handshake(self, message: bytes, cut: int = 1000) -> list[bytes]:
        """4.2.2: a record for each piece of a message that TLS would send as `message`"""
        kind, size, body = message[0], message[1:4], message[4:]
        pieces = [body[at:at + cut] for at in range(0, len(body), cut)] or [b""]
        out, at = [], 0
        for piece in pieces:
            head = bytes([kind]) + size + struct.pack(">H", self.message) + at.to_bytes(3, "big")
            out.append(self.record(HANDSHAKE, head + len(piece).to_bytes(3, "big") + piece))
            at += len(piece)
        self.message += 1
        return out

    def change_cipher_spec(self) -> bytes:
        out = self.record(tls.CHANGE_CIPHER_SPEC, b"\x01")
        self.epoch, self.number = 1, 0
        return out
