"""The forms that a word can take in a file: as it is, in other encodings, as hex or base64 of them, as keys pressed."""

import base64
from collections.abc import Iterator

from builder import keyboard


def hexadecimals(data: bytes) -> Iterator[tuple[str, bytes]]:
    for between in ("", " ", ":", "\\x"):
        text = between.join(f"{byte:02x}" for byte in data)
        yield f"hex with {between!r}", text.encode()
    yield "list of numbers", ", ".join(map(str, data)).encode()
    yield "dense list of numbers", ",".join(map(str, data)).encode()


def base64s(data: bytes) -> Iterator[tuple[str, bytes]]:
    """At each place of a group of three; what depends on the bytes around is left out"""
    for lead in range(3):
        whole = base64.b64encode(bytes(lead) + data)
        start, end = (8 * lead + 5) // 6, 8 * (lead + len(data)) // 6
        yield f"base64 at {lead}", whole[start:end]
        yield f"base64url at {lead}", base64.urlsafe_b64encode(bytes(lead) + data)[start:end]


def bytes_of(word: str) -> Iterator[tuple[str, bytes]]:
    yield "plain", word.encode()
    yield "UTF-16LE", word.encode("utf-16-le")
    yield "UTF-16BE", word.encode("utf-16-be")
    yield "backwards", word[::-1].encode()
    yield "letters apart", " ".join(word).encode()
    yield "Unicode events of the fast path", b"".join(keyboard.fast_unicode(word))
    yield "Unicode events of the slow path", keyboard.slow_events(keyboard.UNICODE, list(map(ord, word)))
    if all(letter in keyboard.CODES for letter in word):
        codes = keyboard.scan_codes(word)
        yield "scan codes", codes
        yield "scan codes, pressed and released", b"".join(bytes([code, code | 0x80]) for code in codes)
        yield "events of the fast path", b"".join(keyboard.fast_scan_codes(word))
        yield "events of the slow path", keyboard.slow_events(keyboard.SCANCODE, list(codes))


def forms(word: str) -> list[tuple[str, bytes]]:
    """In small letters, as `holds` looks for them"""
    found = []
    for name, data in bytes_of(word):
        found.append((name, data))
        found += [(f"{other} of {name}", text) for other, text in (*hexadecimals(data), *base64s(data))]
    found.append(("names of keys", ",".join(f"KEY_{letter}" for letter in word).encode()))
    found.append(("percent signs", "".join(f"%{ord(letter):02x}" for letter in word).encode()))
    found.append(("escapes of JSON", "".join(f"\\u{ord(letter):04x}" for letter in word).encode()))
    return [(name, data.lower()) for name, data in found]


class Seeker:
    """Looks for words in all their forms, whatever the case of their letters."""

    def __init__(self, words: dict[str, str]):
        self.forms = [(place, form, data) for place, word in words.items() for form, data in forms(word)]

    def found_in(self, content: bytes) -> list[str]:
        """`place: form` of each that is there"""
        content = content.lower()
        return [f"{place}: {form}" for place, form, data in self.forms if data in content]
