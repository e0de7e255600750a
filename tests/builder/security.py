"""Standard RDP Security, [MS-RDPBCGR] 5.3: keys, RC4, MACs, certificates and the security headers."""

import hashlib
import hmac
import struct
from dataclasses import dataclass, field

from builder.des import TripleDesCbc
from builder.gcc import METHOD_40, METHOD_56, METHOD_128, METHOD_FIPS

# 2.2.8.1.1.2.1 flags
SEC_EXCHANGE_PKT = 0x0001
SEC_TRANSPORT_REQ = 0x0002
SEC_ENCRYPT = 0x0008
SEC_INFO_PKT = 0x0040
SEC_LICENSE_PKT = 0x0080
SEC_LICENSE_ENCRYPT_CS = 0x0200
SEC_REDIRECTION_PKT = 0x0400
SEC_SECURE_CHECKSUM = 0x0800

PDUS_PER_KEY = 4096  # 5.3.7.1
FIRST_CHAIN = bytes.fromhex("1234567890abcdef")  # 5.3.6.2


def little(hexadecimal: str) -> int:
    return int.from_bytes(bytes.fromhex(hexadecimal), "little")


@dataclass(frozen=True)
class RsaKey:
    modulus: int
    public_exponent: int
    private_exponent: int
    size: int  # bytes of the modulus


# 512-bit key published with a capture-the-flag write-up (0CTF "Insecure RDP"); a secret of nobody.
PUBLISHED_KEY = RsaKey(
    little("edf118339e6cf30888cad52a43921547e3ce962eb3639785dc2433588a8c89e2"
           "1606c2394095d8c4816045818e007d26178ff5c79d7a461b03836bdf6660dabd"), 65537,
    little("81e95dd837c1adc5a68202cfa7d01d9fae10c99f690acdc458bd76de3cdc9d7f"
           "1e31d1c0ad2fa89b8433735c5dce29d7126041d62cad3f70a7248c60e9488239"), 64)

# Terminal Services Signing Key, 5.3.3.1.1: public by design, both halves are in the specification.
SIGNING_KEY = RsaKey(
    little("3d3a5ebd72433ec94dbbc11e4aba5fcb3e882087eff5c1e2d7b76b9af2524595"
           "ce63656b583afeef7ce7bffe3df65c7d6c5e06091af561bb2093095f056dea87"), little("5b7b88c0"),
    little("87a71932da11875558001616256568f8243ee6fae9674994cf92cc3399e80860"
           "179a129f24ddb12499c73ab80a7b0ddd350779170b519bb3c7100113e73ff35f"), 64)


class Rc4:
    def __init__(self, key: bytes):
        state, j = list(range(256)), 0
        for i in range(256):
            j = (j + state[i] + key[i % len(key)]) & 255
            state[i], state[j] = state[j], state[i]
        self.state, self.i, self.j = state, 0, 0

    def apply(self, data: bytes) -> bytes:
        state, out = self.state, bytearray()
        for byte in data:
            self.i = (self.i + 1) & 255
            self.j = (self.j + state[self.i]) & 255
            state[self.i], state[self.j] = state[self.j], state[self.i]
            out.append(byte ^ state[(state[self.i] + state[self.j]) & 255])
        return bytes(out)


def salted_hash(secret: bytes, salt: bytes, client_random: bytes, server_random: bytes) -> bytes:
    inner = hashlib.sha1(salt + secret + client_random + server_random).digest()
    return hashlib.md5(secret + inner).digest()


@dataclass
class SessionKeys:
    """5.3.5.1; `blob` and `master` are kept for the golden vectors."""
    method: int
    client_random: bytes
    server_random: bytes
    master: bytes = field(init=False)
    blob: bytes = field(init=False)
    mac: bytes = field(init=False)
    client_to_server: bytes = field(init=False)
    server_to_client: bytes = field(init=False)

    def __post_init__(self) -> None:
        cr, sr = self.client_random, self.server_random
        premaster = cr[:24] + sr[:24]
        self.master = b"".join(salted_hash(premaster, s, cr, sr) for s in (b"A", b"BB", b"CCC"))
        self.blob = b"".join(salted_hash(self.master, s, cr, sr) for s in (b"X", b"YY", b"ZZZ"))
        self.mac = self.reduced(self.blob[:16])
        self.server_to_client = self.reduced(hashlib.md5(self.blob[16:32] + cr + sr).digest())
        self.client_to_server = self.reduced(hashlib.md5(self.blob[32:] + cr + sr).digest())
        if self.method == METHOD_FIPS:
            from_client, from_server = (hashlib.sha1(r).digest() for r in (cr[16:] + sr[16:], cr[:16] + sr[:16]))
            self.mac = hashlib.sha1(from_server + from_client).digest()
            self.client_to_server, self.server_to_client = expanded(from_client), expanded(from_server)

    def reduced(self, key: bytes) -> bytes:
        """40 and 56 bits: eight bytes of which the first three or one are known."""
        salts = {METHOD_40: b"\xd1\x26\x9e", METHOD_56: b"\xd1", METHOD_128: b"", METHOD_FIPS: b""}
        salt = salts[self.method]
        return salt + key[len(salt):8] if salt else key


def expanded(key: bytes) -> bytes:
    """5.3.5.2: 20 bytes, then 21, then 24 with a bit of odd parity in each. The text of the specification, bit by
    bit: reverse every byte, a zero behind every seventh bit, reverse every byte, set the parity."""
    bits = "".join(f"{byte:08b}"[::-1] for byte in key + key[:1])
    groups = ((bits[at:at + 7] + "0")[::-1] for at in range(0, len(bits), 7))
    return bytes(int(group, 2) & 0xFE | (group[:7].count("1") + 1) % 2 for group in groups)


def mac_signature(key: bytes, data: bytes, count: int | None = None) -> bytes:
    """5.3.6.1; with a count the salted form of 5.3.6.1.1"""
    sha = hashlib.sha1(key + b"\x36" * 40 + struct.pack("<I", len(data)) + data)
    if count is not None:
        sha.update(struct.pack("<I", count))
    return hashlib.md5(key + b"\x5c" * 48 + sha.digest()).digest()[:8]


def basic_header(flags: int) -> bytes:
    """TS_SECURITY_HEADER 2.2.8.1.1.2.1"""
    return struct.pack("<HH", flags, 0)


class Cipher:
    """One direction. Non-FIPS header of 2.2.8.1.1.2.2, FIPS header of 2.2.8.1.1.2.3."""

    def __init__(self, keys: SessionKeys, key: bytes, salted: bool = False):
        self.keys, self.count, self.salted = keys, 0, salted
        self.initial_key = self.key = key
        if keys.method == METHOD_FIPS:
            self.des = TripleDesCbc(key, FIRST_CHAIN)
        else:
            self.rc4 = Rc4(key)

    def update(self) -> None:
        """5.3.7.1"""
        sha = hashlib.sha1(self.initial_key + b"\x36" * 40 + self.key).digest()
        temporary = hashlib.md5(self.initial_key + b"\x5c" * 48 + sha).digest()[:len(self.key)]
        self.key = self.keys.reduced(Rc4(temporary).apply(temporary))
        self.rc4 = Rc4(self.key)

    def seal(self, data: bytes, flags: int = 0) -> bytes:
        salted = SEC_SECURE_CHECKSUM if self.salted else 0
        return basic_header(flags | SEC_ENCRYPT | salted) + self.signed(data)

    def signed(self, data: bytes) -> bytes:
        number = self.count
        self.count += 1
        if self.keys.method == METHOD_FIPS:
            pad = -len(data) % 8
            signature = hmac.new(self.keys.mac, data + struct.pack("<I", number), "sha1").digest()[:8]
            return struct.pack("<HBB", 0x10, 1, pad) + signature + self.des.apply(data + bytes(pad))
        if number and number % PDUS_PER_KEY == 0:
            self.update()
        return mac_signature(self.keys.mac, data, number if self.salted else None) + self.rc4.apply(data)


def encrypted_client_random(client_random: bytes, key: RsaKey) -> bytes:
    """5.3.4.1: textbook RSA over little-endian integers, eight zero bytes behind"""
    value = pow(int.from_bytes(client_random, "little"), key.public_exponent, key.modulus)
    return value.to_bytes(key.size, "little") + bytes(8)


def security_exchange(encrypted: bytes, flags: int = SEC_EXCHANGE_PKT) -> bytes:
    """TS_SECURITY_PACKET 2.2.1.10.1"""
    return basic_header(flags) + struct.pack("<I", len(encrypted)) + encrypted


def proprietary_certificate(key: RsaKey) -> bytes:
    """2.2.1.4.3.1.1, signed as 5.3.3.1.2 says"""
    public = struct.pack("<4sIIII", b"RSA1", key.size + 8, key.size * 8, key.size - 1, key.public_exponent)
    public += key.modulus.to_bytes(key.size, "little") + bytes(8)
    body = struct.pack("<III", 1, 1, 1) + struct.pack("<HH", 6, len(public)) + public
    padded = hashlib.md5(body).digest() + b"\0" + b"\xff" * 45 + b"\x01\0"
    signature = pow(int.from_bytes(padded, "little"), SIGNING_KEY.private_exponent, SIGNING_KEY.modulus)
    return body + struct.pack("<HH", 8, 72) + signature.to_bytes(64, "little") + bytes(8)


def certificate_chain(certificates: list[bytes]) -> bytes:
    """[MS-RDPELE] 2.2.1.4.2: root first, the server's own last; 8 + 4 * count bytes of padding"""
    out = struct.pack("<II", 2, len(certificates))
    for der in certificates:
        out += struct.pack("<I", len(der)) + der
    return out + bytes(8 + 4 * len(certificates))
