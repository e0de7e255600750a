"""What is typed: scan codes and Unicode characters, on the fast path and in slow-path Input PDUs,
[MS-RDPBCGR] 2.2.8.1.1.3 and 2.2.8.1.2.2."""

import struct

from builder import share

INPUT = 0x1C  # pduType2
SCANCODE, UNICODE = 4, 5  # messageType 2.2.8.1.1.3.1.1
RELEASE = 0x8000  # KBDFLAGS_RELEASE

# Set 1 of an IBM enhanced keyboard, where the rows of letters and digits are.
ROWS = ((0x02, "1234567890"), (0x10, "QWERTYUIOP"), (0x1E, "ASDFGHJKL"), (0x2C, "ZXCVBNM"))
CODES = {letter: first + at for first, row in ROWS for at, letter in enumerate(row)}


def scan_codes(text: str) -> bytes:
    """Of capital letters and digits, as they are pressed"""
    return bytes(CODES[letter] for letter in text)


def fast_scan_codes(text: str) -> list[bytes]:
    """TS_FP_KEYBOARD_EVENT 2.2.8.1.2.2.1, pressed and released: the bodies of PDUs with two events each"""
    return [share.key_event(code) + share.key_event(code, release=True) for code in scan_codes(text)]


def fast_unicode(text: str) -> list[bytes]:
    """TS_FP_UNICODE_KEYBOARD_EVENT 2.2.8.1.2.2.2, likewise"""
    return [bytes([4 << 5]) + letter.encode("utf-16-le") + bytes([4 << 5 | 1]) + letter.encode("utf-16-le")
            for letter in text]


def slow_events(kind: int, codes: list[int]) -> bytes:
    """TS_KEYBOARD_EVENT or TS_UNICODE_KEYBOARD_EVENT, 2.2.8.1.1.3.1.1.1 and .2, likewise"""
    return b"".join(struct.pack("<IHHHH", 0, kind, flags, code, 0) for code in codes for flags in (0, RELEASE))


def slow_input(kind: int, codes: list[int], source: int) -> bytes:
    """TS_INPUT_PDU_DATA"""
    return share.data_pdu(INPUT, struct.pack("<HH", 2 * len(codes), 0) + slow_events(kind, codes), source)
