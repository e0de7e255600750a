"""Redirected drives, [MS-RDPEFS]: messages of the static channel rdpdr."""

import struct

CORE = 0x4472  # RDPDR_CTYP_CORE
SERVER_ANNOUNCE, CLIENTID_CONFIRM, CLIENT_NAME = 0x496E, 0x4343, 0x434E
SERVER_CAPABILITY, CLIENT_CAPABILITY = 0x5350, 0x4350
DEVICELIST_ANNOUNCE, DEVICE_REPLY, IO_REQUEST, IO_COMPLETION = 0x4441, 0x6472, 0x4952, 0x4943
CREATE, CLOSE, READ, WRITE = 0, 2, 3, 4  # MajorFunction 2.2.1.4
FILESYSTEM = 8  # DeviceType


def message(kind: int, body: bytes) -> bytes:
    """RDPDR_HEADER 2.2.1.1"""
    return struct.pack("<HH", CORE, kind) + body


def version(kind: int, client: int = 1) -> bytes:
    return message(kind, struct.pack("<HHI", 1, 0x0C, client))


def client_name(name: str) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return message(CLIENT_NAME, struct.pack("<III", 1, 0, len(text)) + text)


def capability(kind: int) -> bytes:
    """2.2.2.7, 2.2.2.8: the general set and that of drives"""
    general = struct.pack("<HHIIIHHIIIIII", 1, 44, 2, 2, 0, 1, 0x0C, 0xFFFF, 0, 7, 0, 0, 0)
    return message(kind, struct.pack("<HH", 2, 0) + general + struct.pack("<HHI", 4, 8, 2))


def announce(device: int, name: str) -> bytes:
    return message(DEVICELIST_ANNOUNCE, struct.pack("<III8sI", 1, FILESYSTEM, device, name.encode(), 0))


def reply(device: int) -> bytes:
    return message(DEVICE_REPLY, struct.pack("<II", device, 0))


def request(device: int, file: int, number: int, major: int, body: bytes) -> bytes:
    """DR_DEVICE_IOREQUEST 2.2.1.4"""
    return message(IO_REQUEST, struct.pack("<IIIII", device, file, number, major, 0) + body)


def completion(device: int, number: int, body: bytes, status: int = 0) -> bytes:
    """DR_DEVICE_IOCOMPLETION 2.2.1.5"""
    return message(IO_COMPLETION, struct.pack("<III", device, number, status) + body)


def create(device: int, number: int, path: str, write: bool) -> bytes:
    text = (path + "\0").encode("utf-16-le")
    access, disposition = (0x40000000, 2) if write else (0x80000000, 1)  # GENERIC_*, FILE_CREATE or FILE_OPEN
    return request(device, 0, number, CREATE, struct.pack("<IQIIIII", access, 0, 0x80, 1, disposition, 0x60, len(text)) + text)


def created(device: int, number: int, file: int, write: bool) -> bytes:
    return completion(device, number, struct.pack("<IB", file, 2 if write else 1))


def write(device: int, number: int, file: int, offset: int, data: bytes) -> bytes:
    return request(device, file, number, WRITE, struct.pack("<IQ20x", len(data), offset) + data)


def written(device: int, number: int, size: int) -> bytes:
    return completion(device, number, struct.pack("<IB", size, 0))


def read(device: int, number: int, file: int, offset: int, size: int) -> bytes:
    return request(device, file, number, READ, struct.pack("<IQ20x", size, offset))


def data(device: int, number: int, content: bytes) -> bytes:
    return completion(device, number, struct.pack("<I", len(content)) + content)


def close(device: int, number: int, file: int) -> bytes:
    return request(device, file, number, CLOSE, bytes(32))


def closed(device: int, number: int) -> bytes:
    return completion(device, number, bytes(5))
