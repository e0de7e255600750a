#!/usr/bin/env python3
"""Makes the inputs from which the fuzzers start out of the bundled captures:
make_seeds.py PCAPS FOLDER writes FOLDER/<name>_fuzzer for each of them."""

import base64
import hashlib
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder import carriers, files, mail, tickets  # noqa: E402

# By the index of kTries in reader_fuzzer.cc: how many bytes of a TPKT PDU stand before what the
# reader reads.
BEHIND_TPKT_AND_X224 = 7
BEHIND_SEND_DATA = (14, 15)  # by the size of its own length
READER_OFFSETS: list[tuple[int, ...]] = (
    [(0,)] * 4 + [(11,)] * 2 + [(BEHIND_TPKT_AND_X224,)] + [(12, 11, BEHIND_TPKT_AND_X224)] * 8 + [BEHIND_SEND_DATA] * 2
    + [tuple(at + 4 for at in BEHIND_SEND_DATA)] * 5
    + [tuple(at + 6 for at in BEHIND_SEND_DATA) + tuple(at + 10 for at in BEHIND_SEND_DATA)] * 5
    + [tuple(at + 18 for at in BEHIND_SEND_DATA) + tuple(at + 22 for at in BEHIND_SEND_DATA)] * 5)
INPUT, FAST_PATH_INPUT, PLAUSIBILITY, NEXT_PDU = 39, 40, 41, 42
# By the index of kTries in auth_fuzzer.cc.
(BLOB, NTLM, TARGET_INFO, KERBEROS, KDC_DATAGRAM, KDC_STREAM, SMB, SESSION_REQUEST, SMB1, SMB2, RPC, RPC_START,
 HTTP_MEASURE, HTTP_HEAD, BASE64) = range(15)
PRECONNECTION = (32, 33, 34)
TLS_RECORD, TLS_CLIENT_HELLO, TLS_SERVER_HELLO, CERTIFICATE = 35, 36, 37, 38


def tcp_payloads(capture: bytes) -> Iterator[tuple[tuple[bytes, ...], bytes, bytes]]:
    """(flow, sender, payload) of a classic little-endian capture of Ethernet and IPv4, in its order"""
    if capture[:4] != b"\xd4\xc3\xb2\xa1" or capture[20:24] != b"\x01\0\0\0":
        return
    at = 24
    while at + 16 <= len(capture):
        size, = struct.unpack_from("<I", capture, at + 8)
        frame = capture[at + 16:at + 16 + size]
        at += 16 + size
        if frame[12:14] != b"\x08\0" or len(frame) < 54 or frame[23] != 6:
            continue
        ip = frame[14:14 + int.from_bytes(frame[16:18], "big")]
        tcp = ip[(ip[0] & 15) * 4:]
        ends = ip[12:16] + tcp[:2], ip[16:20] + tcp[2:4]
        yield tuple(sorted(ends)), ends[0], tcp[(tcp[12] >> 4) * 4:]


# By the index of kChannels in channels_fuzzer.cc, and the one behind them: the MCS channel in assistance/.
REMDESK, ENCOMSP, DRDYNVC, CHUNKS = 0, 1, 2, 7
MCS_CHANNELS = {1004: ENCOMSP, 1005: REMDESK, 1006: DRDYNVC}


def channel_seeds(capture: bytes) -> Iterator[bytes]:
    """Chunks of static channels of sessions without encryption, behind the bytes of channels_fuzzer.cc"""
    flows: dict[tuple[int, tuple[bytes, ...]], bytearray] = {}
    for flow, sender, payload in tcp_payloads(capture):
        if payload[:2] != b"\x03\0" or len(payload) < 24 or payload[7] not in (0x64, 0x68):
            continue
        channel = int.from_bytes(payload[10:12], "big")
        chunk = payload[15 if payload[13] & 0x80 else 14:]
        side = 0 if payload[7] == 0x64 else 0x8000
        for choice, message in ((MCS_CHANNELS.get(channel), chunk[8:]), (CHUNKS, chunk)):
            if choice is not None and channel >= 1004 and len(message) < 0x2000:
                talk = flows.setdefault((choice, flow), bytearray([choice]))
                if len(talk) < 4096:
                    talk += struct.pack("<H", side | len(message)) + message
    for talk in flows.values():
        yield bytes(talk)


def name_seeds(capture: bytes) -> Iterator[bytes]:
    """UDP payloads of Ethernet, IPv4 and IPv6, and first segments of TCP, behind the byte of names_fuzzer.cc"""
    at, ports = 24, (53, None, 5353, 5355, 137, 68, 67, 546, 547)  # kPorts, by the source port
    while at + 16 <= len(capture):
        size, = struct.unpack_from("<I", capture, at + 8)
        frame = capture[at + 16:at + 16 + size]
        at += 16 + size
        kind, start = (frame[23], 34) if frame[12:14] == b"\x08\0" else (frame[20], 54)
        source = int.from_bytes(frame[start:start + 2], "big")
        payload = frame[start + 8:start + int.from_bytes(frame[start + 4:start + 6], "big")]
        if kind == 17 and payload:
            choice = ports.index(source) if source in ports else 1
            yield bytes([choice | 0x80 | (0x40 if start == 54 else 0)]) + payload
    for _, _, payload in tcp_payloads(capture):
        if payload[:1] in (b"\x16", b"\x00"):  # TLS, or DNS behind its length
            yield b"\x09" + payload
            yield b"\x80" + payload[2:]


# A node status of three names, a relayed reply, an FQDN option in ASCII with overloaded fields.
NAME_MESSAGES = (
    "84" "000484000000000100000000" "20434b" + "41" * 30 + "00" "00210001000000000037" "03"
    "524453303120202020202020202020000400" "434f525020202020202020202020200084 00".replace(" ", "")
    + "524453303120202020202020202020200400",
    "c8" "0d00" "20010db8000000000000000000000001" "fe800000000000000000000000000010" "00090038" "07a1b2c3"
    "0001000a0003000102005e100001" "0003002800000001000000000000000000050018" "20010db8000000000000000000000010"
    "0000070800000e10",
    "86" "02010600" + "00" * 12 + "c000020a" + "00" * 8 + "02005e100001" + "00" * 10 + "330400000e10ff" + "00" * 57
    + "0c027063ff" + "00" * 123 + "63825363" "350105" "340103" "51120000007063 2e636f72702e6578616d706c65ff".replace(" ", ""))


def conversations(capture: bytes) -> list[bytes]:
    """In the format of conversation_fuzzer.cc"""
    flows: dict[tuple[bytes, ...], tuple[bytes, bytearray]] = {}
    for flow, sender, payload in tcp_payloads(capture):
        if payload:
            first, chunks = flows.setdefault(flow, (sender, bytearray()))
            chunks += struct.pack("<H", len(payload) | (0 if sender == first else 0x8000)) + payload
    return [bytes(chunks) for _, chunks in flows.values()]


# In the order of kLinks in decapsulation_fuzzer.cc.
LINKS = [1, 101, 113, 276, 0, 9, 50, 51]


def decapsulations(capture: bytes, frames: int = 12) -> Iterator[bytes]:
    """In the format of decapsulation_fuzzer.cc: the frames of a classic little-endian capture, some at a time"""
    if capture[:4] != b"\xd4\xc3\xb2\xa1" or int.from_bytes(capture[20:24], "little") not in LINKS:
        return
    start = bytes([LINKS.index(int.from_bytes(capture[20:24], "little"))])
    records, at = [], 24
    while at + 16 <= len(capture):
        size, = struct.unpack_from("<I", capture, at + 8)
        if size >= 4096:
            return
        records.append(struct.pack("<HBB", size, 0, 0) + capture[at + 16:at + 16 + size])
        at += 16 + size
    for first in range(0, min(len(records), 4 * frames), frames):
        yield start + b"".join(records[first:first + frames])


def datagram_flows(capture: bytes) -> list[bytes]:
    """In the format of datagram_fuzzer.cc; Ethernet and IPv4"""
    flows: dict[tuple[bytes, ...], tuple[bytes, bytearray]] = {}
    at = 24
    while capture[:4] == b"\xd4\xc3\xb2\xa1" and at + 16 <= len(capture):
        size, = struct.unpack_from("<I", capture, at + 8)
        frame = capture[at + 16:at + 16 + size]
        at += 16 + size
        if frame[12:14] != b"\x08\0" or len(frame) < 42 or frame[23] != 17:
            continue
        ip = frame[14:14 + int.from_bytes(frame[16:18], "big")]
        udp = ip[(ip[0] & 15) * 4:]
        ends = ip[12:16] + udp[:2], ip[16:20] + udp[2:4]
        first, datagrams = flows.setdefault(tuple(sorted(ends)), (ends[0], bytearray()))
        gateway = 0x4000 if 3391 in (int.from_bytes(udp[:2], "big"), int.from_bytes(udp[2:4], "big")) else 0
        payload = udp[8:]
        datagrams += struct.pack("<H", len(payload) | gateway | (0 if ends[0] == first else 0x8000)) + payload
    return [bytes(datagrams) for _, datagrams in flows.values()]


def pdus(capture: bytes) -> Iterator[bytes]:
    """TPKT packets and TLS records; segments that begin with neither are passed over"""
    for _, _, payload in tcp_payloads(capture):
        while len(payload) >= 7 and payload[0] in (0x03, 0x16):
            size = int.from_bytes(payload[2:4], "big") if payload[0] == 3 else 5 + int.from_bytes(payload[3:5], "big")
            yield payload[:size]
            payload = payload[max(size, 1):]


def reader_seeds(pdu: bytes) -> Iterator[bytes]:
    if pdu[0] == 0x03:
        for reader, offsets in enumerate(READER_OFFSETS):
            for offset in offsets:
                yield bytes([reader]) + pdu[offset:]
    else:
        yield bytes([TLS_RECORD]) + pdu
        yield bytes([TLS_CLIENT_HELLO]) + pdu[9:]
        yield bytes([TLS_SERVER_HELLO]) + pdu[9:]


# What credssp_fuzzer.cc gets: TSRequests with NTLM, their answers, an error code; RDSTLS; RDS AAD Auth.
def der(tag: int, content: bytes) -> bytes:
    length = len(content)
    return bytes([tag]) + (bytes([length]) if length < 128 else b"\x82" + struct.pack(">H", length)) + content


def ts_request(fields: bytes) -> bytes:
    return der(0x30, der(0xa0, b"\2\1\6") + fields)


def nego(token: str) -> bytes:
    return der(0xa1, der(0x30, der(0x30, der(0xa0, der(4, b"NTLMSSP\0" + bytes.fromhex(token))))))


PUB_KEY_AUTH, AUTH_INFO = (der(tag, der(4, bytes(16))) for tag in (0xa3, 0xa2))
TS_REQUESTS = (
    ts_request(nego("01000000 b78208e2" + "00" * 16 + "0601b11d0000000f")),
    ts_request(nego("02000000 0600060038000000 b78288e2 d63e9d39d8d5ef67 0000000000000000 0e000e003e000000"
                    "0601b11d0000000f 530052005600 01000600530052005600 00000000")),
    ts_request(nego("03000000 0000000040000000 3000300068000000 0800080040000000 0800080048000000 0e000e0050000000"
                    "0000000040000000 35b288e2 43004f0052005000 61006e006e006100 570053002d0041004e004e004100 0000"
                    + "00" * 8 + "00112233445566778899aabbccddeeff 01010000" + "00" * 24 + "00000000") + PUB_KEY_AUTH),
    ts_request(PUB_KEY_AUTH), ts_request(AUTH_INFO), ts_request(der(0xa4, bytes.fromhex("0204c000006d"))))
RDSTLS = ("0100010001000100",
          "010002000100 0600410041000000 0a0061006e006e0061000000 0a0043004f0052005000 0000 040041004100",
          "0100040001002e050000")
AAD = (b'{"ts_nonce":"abc"}\0', b'{"rdp_assertion":"e30.e30.AA"}\0', b'{"authentication_result":0}\0')


def credssp_seeds() -> Iterator[bytes]:
    """Behind the byte of credssp_fuzzer.cc: each message for each reader, and the messages one after the other"""
    requests, rdstls = TS_REQUESTS, [bytes.fromhex(text) for text in RDSTLS]
    for request in requests:
        yield from (bytes([reader]) + request for reader in range(3))
        at = request.find(b"NTLMSSP\0")
        if at >= 0:
            yield bytes([3]) + request[at:]
    yield from (bytes([reader]) + pdu[skip:] for pdu in rdstls for reader, skip in ((4, 6), (5, 0), (6, 0)))
    client, server = 0, 0x8000
    rdp = bytes.fromhex("0300001302f0807f65")
    talks = {7: [(client, requests[0]), (server, requests[1]), (client, requests[2]), (server, requests[3]),
                 (client, requests[4]), (server, bytes(4)), (client, rdp)],
             8: [(server, rdstls[0]), (client, rdstls[1]), (server, rdstls[2]), (client, rdp)],
             9: [(server, AAD[0]), (client, AAD[1]), (server, AAD[2]), (client, rdp)]}
    talks |= {17: talks[7][:3] + [(server, requests[5])]}
    for choice, talk in talks.items():
        yield bytes([choice]) + b"".join(struct.pack("<H", side | len(said)) + said for side, said in talk)


def schedules() -> Iterator[bytes]:
    """In the format of reassembly_fuzzer.cc: in order, with a hole that is filled or acknowledged, with overlaps, with
    another text, cut off, at the wrap of sequence numbers."""
    def step(kind: int, place: int, length: int, variant: int = 0, passes: int = 1) -> bytes:
        return struct.pack("<BhBBB", kind, place, length, variant, passes)

    in_order = step(3, 0, 100) * 4
    filled = step(3, 0, 40) + step(3, 30, 20) + step(3, 60, 20) + step(3, 0, 30) + step(3, 0, 10)
    lost = step(3, 50, 20) + step(0, 70, 0) + step(3, 70, 20, passes=60)
    overlaps = step(3, 10, 30) + step(3, 20, 60) + step(3, -20, 100) + step(7, -20, 40, 1) + step(7, 5, 9, 2) + step(3, 0, 5)
    cut_off = step(3, 10, 20) + step(2, 0, 5, 40) + step(1, 70, 0) + step(3, 0, 10)
    many = b"".join(step(3, 2 * at + 1, 1) for at in range(200)) + step(3, 0, 255)
    for initial in (1, 0xffffffb0):
        for limits in (0, 7, 0x3f, 0x7f):
            for steps in (in_order, filled, lost, overlaps, cut_off, many):
                yield struct.pack("<IB", initial, limits) + steps


def auth_seeds(payload: bytes) -> Iterator[bytes]:
    """Of a segment of a login in clear, or of the like of one"""
    readers = {b"GET ": (HTTP_MEASURE, HTTP_HEAD), b"HTTP": (HTTP_MEASURE, HTTP_HEAD), b"\x05\0": (RPC, RPC_START)}
    for start, which in readers.items():
        if payload.startswith(start):
            yield from (bytes([reader]) + payload for reader in which)
    if payload[4:8] == b"\xfeSMB":
        yield bytes([SMB]) + payload
        yield from (bytes([reader]) + payload[4:] for reader in (SMB1, SMB2))
    if payload[:2] == b"\0\0" and payload[4:5] in (b"l", b"m"):
        yield bytes([KDC_STREAM]) + payload
        yield from (bytes([reader]) + payload[4:] for reader in (KERBEROS, KDC_DATAGRAM))
    at = payload.find(b"NTLMSSP\0")
    if at >= 0:
        yield from (bytes([reader]) + payload[at:] for reader in (BLOB, NTLM))
        yield bytes([TARGET_INFO]) + payload[at + 56:]
    for tag in (b"\x60", b"\xa1"):
        spnego = payload.find(tag, 4)
        if 0 <= spnego < at:
            yield bytes([BLOB]) + payload[spnego:]
    if b" NTLM " in payload:
        yield bytes([BASE64]) + payload.split(b" NTLM ")[1].split(b"\r")[0]


def body_seeds(payload: bytes) -> Iterator[bytes]:
    """Of the first segment of an HTTP answer, as body_fuzzer.cc reads it"""
    head, found, body = payload.partition(b"\r\n\r\n")
    if not found or not payload.startswith((b"HTTP/1.", b"POST ", b"PUT ")) or not body:
        return
    framing = 2 if b"chunked" in head else 1
    coding = 1 if b"gzip" in head else 0
    kind = 2 if b"multipart/" in head else 0
    yield bytes([framing | coding << 2 | kind << 4])\
        + (body if not kind else body.replace(b"------7MA4YWxk", b"--b"))
    yield bytes([0x40 | framing | coding << 2]) + body


def file_seeds(path: Path) -> Iterator[bytes]:
    """Every conversation once for each family: what is none of its own is soon left"""
    for talk in conversations(path.read_bytes()):
        if len(talk) < 60_000:
            yield from (bytes([family]) + talk for family in range(4))


def messenger_seeds() -> Iterator[bytes]:
    """Tickets in instant messages, behind the byte of file_fuzzer.cc"""
    for family, carrier in ((4, "msn"), (4, "msn_base64"), (5, "sip")):
        for form in ("xp", "vista", "bare1", "bare2"):
            way = carriers.carry(carrier, carriers.Way("192.0.2.1", "192.0.2.2", 0, "a", getattr(tickets.Ticket(), form)()))
            yield bytes([family]) + b"".join(
                struct.pack("<H", len(one.payload) | (0 if one.sender == "client" else SERVER)) + one.payload
                for line in way.lines for one in line.segments if one.payload)


def mime_seeds() -> Iterator[bytes]:
    """Messages and bodies behind the byte of mime_fuzzer.cc; what stands in two parts at most is small."""
    whole, digest, form, encoded, text, quoted, uuencoded = 0, 2, 3, 4, 5, 6, 7
    ticket = tickets.Ticket().xp()
    part = mail.part(ticket, "Invitation.msrcIncident")
    messages = [mail.mail(entity) for entity in (
        mail.multipart([mail.text_part(), part]), mail.multipart([mail.part(ticket, "a", encoding="quoted-printable")]),
        mail.multipart([mail.text_part(), mail.multipart([b"Content-Type: message/rfc822\r\n\r\n" + mail.mail(part)], 2)]),
        b"Content-Type: text/plain\r\n\r\n" + mail.uuencoded(ticket, "a.msrcIncident") + b"end of mail\r\n",
        b"Content-Type: application/octet-stream;\r\n name*0*=utf-8''Invitation; name*1=\".msrcIncident\"\r\n\r\n" + ticket)]
    for how in (0, 0x08, 0x10, 0x40):
        yield from (bytes([whole | how]) + message for message in messages)
        yield bytes([digest | how]) + b"--b\r\n\r\n" + messages[0] + b"\r\n--b--\r\n"
        yield bytes([form | how]) + files.form("b", "a.msrcIncident", ticket)
        yield bytes([encoded | how]) + mail.lines(messages[0])
        yield bytes([text | how]) + ticket
        yield bytes([quoted | how]) + mail.quoted(ticket)
        yield bytes([uuencoded | how]) + mail.uuencoded(ticket, "a.msrcIncident")


def offer_seeds(capture: bytes) -> Iterator[bytes]:
    """PDUs of DCE/RPC, their stubs, SOAP and PNRP, behind the byte of offer_fuzzer.cc"""
    bind, ack, request, stubs, blob, pnrp, buffer, cpa, soap = 0, 1, 2, range(3, 11), 11, 12, 13, 14, 16
    for _, _, payload in tcp_payloads(capture):
        if payload[:2] == b"\x05\0":
            kinds = {11: bind, 12: ack, 0: request}
            if payload[2] in kinds:
                yield bytes([kinds[payload[2]]]) + payload
            if payload[2] in (0, 2):
                yield from (bytes([reader]) + payload[at:] for reader in stubs for at in (24, 40))
        elif b"Envelope" in payload:
            yield bytes([soap]) + payload[payload.find(b"\r\n\r\n") + 4:]
    at = 24
    while capture[:4] == b"\xd4\xc3\xb2\xa1" and at + 16 <= len(capture):
        size, = struct.unpack_from("<I", capture, at + 8)
        frame = capture[at + 16:at + 16 + size]
        at += 16 + size
        if frame[12:14] == b"\x86\xdd" and frame[20:21] == b"\x11" and frame[62:66] == bytes.fromhex("0010000c"):
            yield bytes([pnrp]) + struct.pack("<H", len(frame) - 62) + frame[62:]
            yield from (bytes([reader]) + frame[62 + skip:] for reader in (buffer, cpa) for skip in (12, 28, 64))
    yield bytes([blob]) + rb"13;UNSOLICITED=118;ID=EXDOMAIN\EXUSER"


SERVER = 0x8000  # the side, in the header of a message


def talk_of(*messages: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<H", side | len(message)) + message for side, message in messages)


def drive_seeds() -> Iterator[bytes]:
    """A file on a drive is read, written, renamed and deleted; [MS-RDPEFS] 2.2"""
    def request(file: int, major: int, body: bytes) -> tuple[int, bytes]:
        return SERVER, b"rDRI" + struct.pack("<5I", 1, file, 7, major, 0) + body

    def answer(body: bytes, status: int = 0) -> tuple[int, bytes]:
        return 0, b"rDCI" + struct.pack("<3I", 1, 7, status) + body

    def create(path: str, access: int, disposition: int) -> tuple[int, bytes]:
        name = path.encode("utf-16-le") + b"\0\0"
        return request(0, 0, struct.pack("<IQ5I", access, 0, 0x80, 7, disposition, 0x40, len(name)) + name)

    def change(kind: int, buffer: bytes) -> tuple[int, bytes]:
        return request(5, 6, struct.pack("<II24x", kind, len(buffer)) + buffer)

    announce = 0, b"rDAD" + struct.pack("<3I8sI", 1, 8, 1, b"C:", 0)
    name = 0, b"rDNC" + struct.pack("<3I", 1, 0, 10) + "PC-7\0".encode("utf-16-le")
    opened, close, done = answer(struct.pack("<IB", 5, 0)), request(5, 2, bytes(32)), answer(bytes(4))
    new_name = "\\b.txt".encode("utf-16-le")
    yield talk_of(name, announce, create("\\a.txt", 0x120089, 1), opened, request(5, 5, struct.pack("<II24x", 5, 0)),
                  answer(struct.pack("<IQQI2x", 22, 8, 8, 1)), request(5, 3, struct.pack("<IQ20x", 5, 0)),
                  answer(struct.pack("<I5s", 5, b"hello")), request(5, 3, struct.pack("<IQ20x", 5, 5)),
                  answer(struct.pack("<I3s", 3, b"you")), close)
    yield talk_of(announce, create("\\a.txt", 0x120196, 5), opened, request(5, 4, struct.pack("<IQ20x5s", 5, 0, b"hello")),
                  answer(struct.pack("<I", 5)), change(20, struct.pack("<Q", 9)), done,
                  change(10, struct.pack("<HI", 0, len(new_name)) + new_name), done, change(13, b""), done, close)
    yield talk_of(announce, create("\\a.txt", 0x120196, 2), answer(bytes(5), 0xc0000022),
                  (0, b"rDMD" + struct.pack("<II", 1, 1)))


def clipboard_seeds() -> Iterator[bytes]:
    """A file is copied and pasted; [MS-RDPECLIP] 2.2"""
    def pdu(side: int, kind: int, body: bytes, flags: int = 0) -> tuple[int, bytes]:
        return side, struct.pack("<HHI", kind, flags, len(body)) + body

    files = struct.pack("<I", 49273) + "FileGroupDescriptorW\0".encode("utf-16-le")
    descriptor = struct.pack("<I32xI24xII520s", 0x44, 0x20, 0, 8, "a.txt".encode("utf-16-le"))
    capabilities = [pdu(side, 7, struct.pack("<HHHHII", 1, 0, 1, 12, 2, 0x3e)) for side in (SERVER, 0)]
    copied = [pdu(0, 2, files), pdu(SERVER, 10, struct.pack("<I", 3)), pdu(SERVER, 4, struct.pack("<I", 49273)),
              pdu(0, 5, struct.pack("<I", 1) + descriptor, 1)]
    pasted = [pdu(SERVER, 8, struct.pack("<6I", 9, 0, 1, 0, 0, 8)), pdu(0, 9, struct.pack("<IQ", 9, 8), 1)]
    for offset, data in ((0, b"hello"), (5, b"you")):
        pasted += [pdu(SERVER, 8, struct.pack("<7I", 9, 0, 2, offset, 0, 5, 3)), pdu(0, 9, struct.pack("<I", 9) + data, 1)]
    yield talk_of(*capabilities, *copied, *pasted, pdu(SERVER, 11, struct.pack("<I", 3)))
    yield talk_of(*copied, *pasted[:4], pdu(0, 2, b""), pdu(SERVER, 11, struct.pack("<I", 3)))
    yield talk_of(pdu(0, 2, struct.pack("<I32s", 49273, b"FileGroupDescriptorW"), 4), *copied[2:], *pasted[:3],
                  pdu(0, 9, struct.pack("<I", 9), 2))


def tunnel_seeds() -> Iterator[bytes]:
    """Records of a multitransport connection: [MS-RDPEMT] 2.2.2, dynamic channels, [MS-RDPEFS] on one of them"""
    def pdu(side: int, action: int, payload: bytes, sub_headers: bytes = b"") -> tuple[int, bytes]:
        return side, struct.pack("<BHB", action, len(payload), 4 + len(sub_headers)) + sub_headers + payload

    def channel(number: int, name: bytes) -> list[tuple[int, bytes]]:
        return [pdu(SERVER, 2, bytes([0x10, number]) + name + b"\0"), pdu(0, 2, bytes([0x10, number]) + bytes(4))]

    begin = [pdu(0, 0, struct.pack("<II", 7, 0) + bytes(range(16))), pdu(SERVER, 1, bytes(4))]
    measure = pdu(SERVER, 2, b"\x30\x05ab", struct.pack("<BBHHBBHH", 6, 0, 1, 0x14, 6, 0, 2, 0x429))
    name = struct.pack("<HHIII6s", 0x4472, 0x434e, 1, 0, 6, b"W\0S\0\0\0")
    drive = channel(7, b"rdpdr") + [pdu(0, 2, b"\x20\x07\x16" + name[:10]), pdu(0, 2, b"\x30\x07" + name[10:])]
    talk = begin + channel(5, b"ECHO") + [measure] + drive
    yield talk_of(*talk)
    yield talk_of(*talk[:4], *drive, pdu(SERVER, 2, b"\x40\x05"), *channel(5, b"Microsoft::Windows::RDS::Graphics"),
                  pdu(SERVER, 2, b"\x30\x05\xe0\x04\x01\0\0\0" + bytes(20)))
    yield talk_of((SERVER, b"".join(body for side, body in talk if side == SERVER)),
                  (0, b"".join(body for side, body in talk if side == 0)))
    yield talk_of(*begin[:1], pdu(SERVER, 1, struct.pack("<I", 0x80004005)))
    lost = struct.pack("<H", 0x4000)
    yield talk_of(*talk[:-1]) + lost + talk_of(*drive)


def ticket_seeds() -> Iterator[bytes]:
    """Behind the byte of ticket_fuzzer.cc: every format, every broken one that is not too large, as document, as
    message, by name, and in a stream in each wrapping."""
    ticket = tickets.Ticket()
    documents = list(ticket.formats().values()) + [document for _, document in tickets.look_alikes()]
    documents += [broken.document for broken in tickets.malformed(ticket) if len(broken.document) < 8192]
    for document in documents:
        yield from (bytes([choice]) + document for choice in (0x38, 0x39, 0x3b, 0x3c, 0x3d, 0x3e))
        yield from (b"\x2b" + b"noise " + base64.encodebytes(lead + document) for lead in (b"", b"a", b"ab"))


# The examples of the specifications: flags, packet; [MS-RDPBCGR] 3.1.8.2.3, [MS-RDPEGDI] 4.7, [MS-RDPEGFX] 4.2.1.1,
# [MS-RDPEDYC] 4.3.3.
BELLS = "666f722e77686f6d2e7468652e62656c6c2e746f6c6c732c"
BULK_PACKETS = (
    (0x60, BELLS + "f4372e66fa1f199484"), (0x61, BELLS + "fa1b97337e87e3329080"),
    (0x22, "fb1d7ee4dac71d70f8a16b1f7dc0be6befb5ef2187d0c5e18571d41016e7dafb1d7ee4da471fb0efbebdff2f"),
    (0x23, "16806162636465666768696a"), (0x23, "1121020009000500030000000400" "0e00000000006b6c6d6e6f75"))
BULK_SEGMENTS = (
    (0, "24ce9b1962180000"), (0, "2420908871" "1fb201"), (0, "0454686520"), (0, "248801f40054686520"),
    (1, "e103002b000000110000000454686520717569636b2062726f776e200e00000004666f78206a756d7073206f7665"
        "100000002439080e91f8d8613d1e440643799c02"))
BULK_LITE_SEGMENTS = ((0, "2638c43ff47401"), (0, "066869"), (1, "e02638c43ff47401"))


def bulk_seeds() -> Iterator[bytes]:
    """Packets behind the byte of bulk_fuzzer.cc, alone and again, without any missing and with each."""
    for kind, packets in ((0, BULK_PACKETS), (0x80, BULK_SEGMENTS), (0xc0, BULK_LITE_SEGMENTS)):
        laid_out = [struct.pack("<BH", flags, len(text) // 2) + bytes.fromhex(text) for flags, text in packets]
        yield bytes([kind | 0x3f]) + b"".join(laid_out)
        for packet in laid_out:
            yield from (bytes([kind | missing]) + packet * 3 for missing in (0, 1, 0x3f))


def collect_seeds() -> Iterator[bytes]:
    """What a sensor sends to a collector, behind the byte of collect_fuzzer.cc: docs/collect.md"""
    def field(number: int, content: bytes) -> bytes:
        return bytes([number << 3 | 2, len(content)]) + content

    def frame(number: int, content: bytes) -> bytes:
        return bytes([len(content) + 2]) + field(number, content)

    def delivery(number: int, event: bytes) -> bytes:
        return frame(2, bytes([8, number]) + field(2, event))

    hellos = [frame(1, bytes([8, version]) + field(2, b"branch")) for version in (0, 1, 2)]
    event = field(1, b"0123456789abcdef")
    ends = [b"", delivery(1, event), delivery(3, event) + delivery(4, event), delivery(1, event) + delivery(1, event),
            delivery(1, b"") + delivery(2, b"\xff"), hellos[1], b"\xff\xff\x7f", b"\x05half"]
    for how in (0x00, 0x80, 0x90):
        for hello in hellos:
            yield from (bytes([how]) + hello + end for end in ends)
        yield bytes([how]) + delivery(1, event)


def write(folder: Path, seeds: set[bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    print(f"{folder.name}: {len(seeds)} seeds")


def main(pcaps: Path, folder: Path) -> None:
    # Recordings of the lab are large and no better than what the builder lays out.
    captures = [path.read_bytes() for path in sorted(pcaps.rglob("*")) if path.is_file() and path.suffix not in
                (".json", ".md") and path.parent.parent != pcaps / "lab"]
    write(folder / "capture_fuzzer", set(captures))
    write(folder / "conversation_fuzzer", {talk for capture in captures for talk in conversations(capture)})
    write(folder / "bulk_fuzzer", set(bulk_seeds()))
    write(folder / "channels_fuzzer", {seed for path in sorted(pcaps.glob("assistance/*.pcap"))
                                       for seed in channel_seeds(path.read_bytes())})
    layers = [path.read_bytes() for family in ("link", "tunnel", "tcp") for path in sorted(pcaps.glob(f"{family}/*.pcap"))]
    write(folder / "decapsulation_fuzzer", {seed for capture in layers for seed in decapsulations(capture)})
    write(folder / "reassembly_fuzzer", set(schedules()))
    write(folder / "datagram_fuzzer", {flow for capture in captures for flow in datagram_flows(capture)})
    write(folder / "names_fuzzer", {bytes.fromhex(text) for text in NAME_MESSAGES}
          | {seed for path in sorted((pcaps / "names").glob("*.pcap")) for seed in name_seeds(path.read_bytes())})
    write(folder / "auth_fuzzer", {seed for capture in captures for _, _, payload in tcp_payloads(capture)
                                   for seed in auth_seeds(payload)})
    carried = [path for family in ("web", "file") for path in sorted(pcaps.glob(f"{family}/*.pcap"))]
    write(folder / "body_fuzzer", {seed for path in carried for _, _, payload in tcp_payloads(path.read_bytes())
                                   for seed in body_seeds(payload)})
    write(folder / "file_fuzzer", {seed for path in carried for seed in file_seeds(path)} | set(messenger_seeds()))
    write(folder / "imap_fuzzer", {talk for path in sorted((pcaps / "mail").glob("imap-*.pcap"))
                                   for talk in conversations(path.read_bytes())})
    write(folder / "mime_fuzzer", set(mime_seeds()))
    write(folder / "offer_fuzzer", {seed for path in sorted((pcaps / "offer").glob("*.pcap"))
                                    for seed in offer_seeds(path.read_bytes())})
    write(folder / "ticket_fuzzer", set(ticket_seeds()))
    write(folder / "credssp_fuzzer", set(credssp_seeds()))
    write(folder / "drives_fuzzer", set(drive_seeds()))
    write(folder / "clipboard_fuzzer", set(clipboard_seeds()))
    write(folder / "tunnel_fuzzer", set(tunnel_seeds()))
    write(folder / "collect_fuzzer", set(collect_seeds()))
    # PDUs of the same length and beginning are much alike.
    distinct = {(len(pdu), pdu[:24]): pdu for capture in captures for pdu in pdus(capture)}
    seeds = {seed for pdu in distinct.values() for seed in reader_seeds(pdu)}
    seeds |= {bytes([reader]) + bytes.fromhex("1000000000000000010000002a000000") for reader in PRECONNECTION}
    seeds |= {bytes([INPUT]) + bytes.fromhex("0200000011223344040000001e000000112233440180000810002000"),
              bytes([FAST_PATH_INPUT]) + bytes.fromhex("001e011e200008aa02bb01"),
              bytes([PLAUSIBILITY, 7]) + bytes.fromhex("010300aabbcc050000"),
              bytes([NEXT_PDU]) + bytes.fromhex("ff" + "840c0102030405060708aabb" * 3)}
    seeds |= {bytes([reader]) + bytes.fromhex("1a00000000000000020000000000000004004100420043000000")
              for reader in PRECONNECTION}
    certificates = Path(__file__).resolve().parents[1] / "builder/certificates"
    seeds |= {bytes([CERTIFICATE]) + path.read_bytes() for path in certificates.glob("*.der")}
    write(folder / "reader_fuzzer", seeds)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
