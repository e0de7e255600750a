"""The clipboard, [MS-RDPECLIP]: messages of the static channel cliprdr."""

import struct

MONITOR_READY, FORMAT_LIST, FORMAT_LIST_RESPONSE, DATA_REQUEST, DATA_RESPONSE = 1, 2, 3, 4, 5
CLIP_CAPS, FILE_REQUEST, FILE_RESPONSE = 7, 8, 9
OK = 1  # CB_RESPONSE_OK
LONG_NAMES, STREAM_FILES, NO_FILE_PATHS = 2, 4, 8  # generalFlags 2.2.2.1.1.1
UNICODE_TEXT = 13  # CF_UNICODETEXT
FILES = 0xC0BC  # a registered format: FileGroupDescriptorW
SIZE, RANGE = 1, 2  # dwFlags 2.2.5.3


def message(kind: int, body: bytes = b"", flags: int = 0) -> bytes:
    """CLIPRDR_HEADER 2.2.1"""
    return struct.pack("<HHI", kind, flags, len(body)) + body


def capabilities() -> bytes:
    """2.2.2.1, version 2"""
    general = struct.pack("<HHII", 1, 12, 2, LONG_NAMES | STREAM_FILES | NO_FILE_PATHS)
    return message(CLIP_CAPS, struct.pack("<HH", 1, 0) + general)


def format_list(*formats: tuple[int, str]) -> bytes:
    """2.2.3.1.2, long names"""
    return message(FORMAT_LIST, b"".join(struct.pack("<I", number) + (name + "\0").encode("utf-16-le")
                                         for number, name in formats))


def data_request(number: int) -> bytes:
    return message(DATA_REQUEST, struct.pack("<I", number))


def data_response(data: bytes) -> bytes:
    return message(DATA_RESPONSE, data, OK)


def text(words: str) -> bytes:
    """CF_UNICODETEXT"""
    return (words + "\0").encode("utf-16-le")


def file_list(*files: tuple[str, int]) -> bytes:
    """CLIPRDR_FILELIST 2.2.5.2.3: each file's name and size"""
    out = struct.pack("<I", len(files))
    for name, size in files:
        out += struct.pack("<I32xI16xQII", 0x64, 0x20, 0, size >> 32, size & 0xFFFFFFFF)
        out += name.encode("utf-16-le").ljust(520, b"\0")
    return out


def file_request(stream: int, index: int, flags: int, position: int, size: int) -> bytes:
    return message(FILE_REQUEST, struct.pack("<IIIIII", stream, index, flags, position & 0xFFFFFFFF, position >> 32, size))


def file_response(stream: int, data: bytes) -> bytes:
    return message(FILE_RESPONSE, struct.pack("<I", stream) + data, OK)
