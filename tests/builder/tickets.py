"""Remote Assistance tickets, [MS-RAI] 2.2 and 6 and [MS-RA] note 20: every format, and broken ones.

A `Ticket` says what is true; its methods write it as Windows XP, Windows Vista, and later versions do.
`truth` is what a reader of the written bytes can know; with `password`, one that was given it."""

import base64
import hashlib
import re
import struct
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from builder.randomness import pseudo_random


# AES-128, FIPS 197; only encryption is needed here.
def _make_sbox() -> bytes:
    exp, log, value = [0] * 256, [0] * 256, 1
    for power in range(255):
        exp[power], log[value] = value, power
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
        value &= 0xFF
    box = bytearray(256)
    for byte in range(256):
        inverse = exp[(255 - log[byte]) % 255] if byte else 0
        out = 0x63
        for turn in range(5):
            out ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xFF
        box[byte] = out
    return bytes(box)


SBOX = _make_sbox()


def _double(byte: int) -> int:
    return ((byte << 1) ^ (0x1B if byte & 0x80 else 0)) & 0xFF


def _round_keys(key: bytes) -> list[bytes]:
    words, constant = [key[at:at + 4] for at in range(0, 16, 4)], 1
    for at in range(4, 44):
        word = words[-1]
        if at % 4 == 0:
            word = bytes(SBOX[byte] for byte in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _double(constant)
        words.append(bytes(a ^ b for a, b in zip(words[-4], word)))
    return [b"".join(words[at:at + 4]) for at in range(0, 44, 4)]


def _encrypt_block(block: bytes, keys: list[bytes]) -> bytes:
    state = bytes(a ^ b for a, b in zip(block, keys[0]))
    for number, key in enumerate(keys[1:], 1):
        shifted = [SBOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16)]
        if number < 10:
            mixed = []
            for column in range(0, 16, 4):
                a = shifted[column:column + 4]
                total = a[0] ^ a[1] ^ a[2] ^ a[3]
                mixed += [a[at] ^ total ^ _double(a[at] ^ a[(at + 1) % 4]) for at in range(4)]
            shifted = mixed
        state = bytes(a ^ b for a, b in zip(shifted, key))
    return state


def aes_128_cbc(key: bytes, plain: bytes) -> bytes:
    """Zeros as initialisation vector, PKCS #7 padding."""
    padding = 16 - len(plain) % 16
    plain += bytes([padding]) * padding
    keys, last, out = _round_keys(key), bytes(16), b""
    for at in range(0, len(plain), 16):
        last = _encrypt_block(bytes(a ^ b for a, b in zip(plain[at:at + 16], last)), keys)
        out += last
    return out


def lhticket_key(password: str) -> bytes:
    """CryptDeriveKey of the SHA-1 of the password, 128 bits."""
    digest = hashlib.sha1(password.encode("utf-16-le")).digest().ljust(64, b"\0")
    return hashlib.sha1(bytes(byte ^ 0x36 for byte in digest)).digest()[:16]


def lhticket(connection_string2: str, password: str) -> str:
    plain = (connection_string2 + "\r\n").encode("utf-16-le")
    return aes_128_cbc(lhticket_key(password), plain).hex().upper()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Ticket:
    user: str = "carol"
    addresses: tuple[tuple[str, int], ...] = (("2001:db8::10", 49671), ("192.0.2.10", 49672))
    start: int = 1700000000
    minutes: int = 360
    password: str = "K7P3ZQ2M9XTB"
    sid: int = 305419896
    label: str = "ticket"  # what secrets and digests are made from
    session_id: bytes = b""
    server_key: bytes = b"remora-test-key"  # what stands for the public key of the server
    certificate: bytes = b""  # DER, for CE
    low_speed: bool = False
    encrypted: bool | None = None  # RCTICKETENCRYPTED; None: whether there is a password

    # parts

    @property
    def identifier(self) -> str:
        return b64(self.session_id or pseudo_random(f"{self.label} session", 48))

    @property
    def key_hash(self) -> str:
        return b64(hashlib.sha1(self.server_key).digest())

    @property
    def pass_stub(self) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*_"
        noise = pseudo_random(f"{self.label} stub", 14)
        stub = [letters[byte % len(letters)] for byte in noise]
        stub[2], stub[3] = "!@#$&^*()-+="[noise[2] % 12], "0123456789"[noise[3] % 10]
        stub[4], stub[5] = letters[noise[4] % 26], letters[26 + noise[5] % 26]
        return "".join(stub)

    def connection_string1(self, session_bytes: int = 48) -> str:
        """What XP reads: IPv4 addresses and names only."""
        listed = ";".join(f"{host}:{port}" for host, port in self.addresses if ":" not in host)
        identifier = b64(base64.b64decode(self.identifier)[:session_bytes])
        return f"65538,1,{listed},*,{identifier},*,*,{self.key_hash}"

    def connection_string2(self, modern: bool = False) -> str:
        a = f'<A KH="{self.key_hash}"'
        if modern:
            a += f' KH2="sha256:{b64(hashlib.sha256(self.server_key).digest())}"'
            if self.certificate:
                lines = re.findall(".{1,64}", b64(self.certificate))
                a += f' CE="{"&#xA;".join(lines)}&#xA;"'
        listeners = "".join(f'<L P="{port}" N="{host}"/>' for host, port in self.addresses)
        return (f'<E>{a} ID="{self.identifier}"/><C><T ID="1" SID="{self.sid}">{listeners}</T></C></E>')

    def attributes(self, *, sealed: str = "", open_string: str = "") -> str:
        encrypted = bool(self.password) if self.encrypted is None else self.encrypted
        words = [("USERNAME", self.user)]
        words += [("LHTICKET", sealed)] if sealed else []
        words += [("RCTICKET", open_string)] if open_string else []
        words += [("PassStub", self.pass_stub)] if self.password else []
        words += [("RCTICKETENCRYPTED", str(int(encrypted))), ("DtStart", str(self.start)),
                  ("DtLength", str(self.minutes)), ("L", str(int(self.low_speed)))]
        return " ".join(f"{name}={quoteattr(value)}" for name, value in words)

    # whole tickets

    def xp(self) -> bytes:
        """As Windows XP and Server 2003 write it: a first-type ticket."""
        return (f'<?xml version="1.0" encoding="Unicode" ?><UPLOADINFO TYPE="Escalated"><UPLOADDATA '
                f'{self.attributes(open_string=self.connection_string1(32))} /></UPLOADINFO>').encode("cp1252")

    def xp_utf16(self) -> bytes:
        """The same in UTF-16LE with byte order mark."""
        return b"\xff\xfe" + self.xp().decode("cp1252").encode("utf-16-le")

    def vista(self) -> bytes:
        """A second-type ticket that XP can read too."""
        body = self.attributes(sealed=lhticket(self.connection_string2(), self.password),
                               open_string=self.connection_string1())
        return self._second_type(body)

    def windows10(self) -> bytes:
        """Recent builds: no RCTICKET; KH2, and the certificate where there is one."""
        return self._second_type(self.attributes(sealed=lhticket(self.connection_string2(True), self.password)))

    @staticmethod
    def _second_type(attributes: str) -> bytes:
        return (f'<?xml version="1.0"?>\r\n<UPLOADINFO TYPE="Escalated"><UPLOADDATA {attributes}/></UPLOADINFO>'
                ).encode()

    def bare1(self) -> bytes:
        return self.connection_string1().encode()

    def bare2(self) -> bytes:
        return self.connection_string2(True).encode()

    def formats(self) -> dict[str, bytes]:
        return {name: getattr(self, name)() for name in FORMATS}

    # what a reader can know

    def truth(self, form: str, password_known: bool = False) -> dict:
        """Fields of docs/events.md, section "Ticket", for the ticket written by the method `form`."""
        whole = password_known or form == "bare2"
        sealed_only = form == "windows10" and not password_known
        told: dict = {"format": FORMATS[form]}
        if form not in ("bare1", "bare2"):
            told |= {"user_name": self.user, "start": self.start, "duration": self.minutes * 60,
                     "expires": self.start + self.minutes * 60,
                     "password_protected": bool(self.password) if self.encrypted is None else self.encrypted}
        visible = [] if sealed_only else [
            {"address" if re.fullmatch(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?", host) else "name":
             host.split("%")[0], "port": port}
            for host, port in self.addresses if ":" not in host or whole]
        if visible:
            told["addresses"] = visible
        if not sealed_only:
            identifier = self.identifier
            if form.startswith("xp"):
                identifier = b64(base64.b64decode(identifier)[:32])
            told["ra_session_id_sha256"] = hashlib.sha256(identifier.encode()).hexdigest()
        if whole and form not in ("xp", "xp_utf16", "bare1"):
            told["sid"] = str(self.sid)
        return told


FORMATS = {"xp": "XP", "xp_utf16": "XP", "vista": "VISTA", "windows10": "VISTA",
           "bare1": "CONNECTION_STRING_1", "bare2": "CONNECTION_STRING_2"}


@dataclass(frozen=True)
class Broken:
    """Bytes that claim to be a ticket and are none."""
    name: str
    document: bytes
    error: str  # the word of ticket_rejected
    needs_password: bool = False  # seen only by a reader that was given the password
    text: str = field(init=False, default="")

    def place_of(self, mark: str) -> tuple[int, int]:
        """Line and column, from 1, of the first occurrence."""
        before = self.document.decode("cp1252").split(mark)[0]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def malformed(ticket: Ticket = Ticket()) -> list[Broken]:
    xp, vista = ticket.xp().decode("cp1252"), ticket.vista().decode()
    string1 = ticket.connection_string1(32)
    sealed = lhticket(ticket.connection_string2(), ticket.password)
    host, port = next((host, port) for host, port in ticket.addresses if ":" not in host)

    def changed(name: str, old: str, new: str, error: str, within: str = xp) -> Broken:
        assert old in within, name
        return Broken(name, within.replace(old, new, 1).encode("cp1252"), error)

    garbled = bytearray.fromhex(sealed)
    garbled[-1] ^= 0xFF
    element = xp[xp.index("<UPLOADDATA"):xp.index("</UPLOADINFO>")]
    entities = ('<!DOCTYPE UPLOADINFO [<!ENTITY a "aaaaaaaaaa">'
                + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)) + "]>")
    return [
        changed("field_missing", "," + ticket.key_hash, "", "rcticket.field_count"),
        changed("version", "65538,1,", "65539,1,", "rcticket.version"),
        changed("type", "65538,1,", "65538,2,", "rcticket.type"),
        changed("port_zero", f"{host}:{port}", f"{host}:0", "rcticket.address"),
        changed("port_large", f"{host}:{port}", f"{host}:70000", "rcticket.address"),
        changed("no_port", f"{host}:{port}", host, "rcticket.address"),
        changed("placeholder", string1, string1.replace(",*,", ",x,", 1), "rcticket.placeholder"),
        changed("root_type", "Escalated", "escalated2", "uploadinfo.type"),
        changed("no_data", element, "", "uploaddata.missing"),
        changed("two_data", element, element * 2, "uploaddata.count"),
        changed("start", f'DtStart="{ticket.start}"', 'DtStart="yesterday"', "dt.range"),
        changed("length", f'DtLength="{ticket.minutes}"', 'DtLength="-1"', "dt.range"),
        changed("bare_ampersand", 'PassStub="', 'PassStub="a&b', "xml.not_wellformed"),
        changed("hex_odd", sealed, sealed[:-1], "lhticket.hex", vista),
        changed("hex_letter", sealed, "G" + sealed[1:], "lhticket.hex", vista),
        changed("block", sealed, sealed[:30], "lhticket.block", vista),
        Broken("cut_in_string", xp[:xp.index(string1) + 30].encode("cp1252"), "truncated"),
        Broken("cut_between_tags", xp[:xp.index("<UPLOADDATA")].encode("cp1252"), "truncated"),
        Broken("utf16_lone_surrogate",
               ticket.xp_utf16().replace(ticket.user.encode("utf-16-le"), b"\x00\xd8a\x00", 1), "xml.encoding"),
        changed("user_1_mib", f'USERNAME="{ticket.user}"', f'USERNAME="{"x" * (1 << 20)}"', "too_large"),
        Broken("entity_bomb", xp.replace("<UPLOADINFO", entities + "<UPLOADINFO", 1)
               .replace(ticket.user, "&j;", 1).encode("cp1252"), "xml.doctype"),
        Broken("sealed_damage", vista.replace(sealed, bytes(garbled).hex().upper()).encode(),
               "lhticket.decrypt", needs_password=True),
        Broken("sealed_port", ticket._second_type(ticket.attributes(sealed=lhticket(
            re.sub('P="[0-9]+"', 'P="0"', ticket.connection_string2()), ticket.password))),
            "cs2.port", needs_password=True),
        Broken("sealed_structure", ticket._second_type(ticket.attributes(sealed=lhticket(
            ticket.connection_string2().split("<C>")[0] + "</E>", ticket.password))),
            "cs2.structure", needs_password=True),
        Broken("bare2_port", re.sub('P="[0-9]+"', 'P="70000"', ticket.connection_string2()).encode(), "cs2.port"),
        Broken("bare2_cut", ticket.connection_string2()[:-20].encode(), "truncated"),
    ]


def look_alikes() -> list[tuple[str, bytes]]:
    """What speaks of tickets, or looks a little like one, and must give no event at all."""
    return [
        ("order.xml", b'<?xml version="1.0"?><order><item id="65538,1,"/><E><A/></E></order>'),
        ("howto.txt", b'An invitation is an UPLOADINFO element: <UPLOADINFO TYPE="Escalated"> with UPLOADDATA in it,\n'
                      b'whose RCTICKET="65538,1,..." and LHTICKET="..." tell where to connect.\n'),
        ("howto.html", b'<html><body><pre>&lt;UPLOADINFO TYPE="Escalated"&gt; ... RCTICKET="65538,1,"'
                       b'</pre><E>emphasis</E></body></html>'),
        ("upload.xml", b'<?xml version="1.0"?><UPLOADINFO><FILE NAME="a.bin" SIZE="5"/></UPLOADINFO>'),
        ("numbers.csv", b"65538,1,2,3,4,5,6,7\r\n65539,1,2,3,4,5,6,7\r\n"),
        ("noise.bin", pseudo_random("look alike", 400) + b"<UPLOADINFO" + pseudo_random("look alike 2", 400)
         + struct.pack("<I", 65538) + b"</E>"),
    ]
