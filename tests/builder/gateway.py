"""Remote Desktop Gateway, [MS-TSGU] 2.2.3 (HTTP heads) and 2.2.10 (packets, little-endian); WebSocket frames
(RFC 6455 5.2), chunks (RFC 9112 7.1)."""

import base64
import struct

HANDSHAKE_REQUEST, TUNNEL_CREATE, TUNNEL_AUTH, CHANNEL_CREATE, DATA = 1, 4, 6, 8, 10
RANDOM_BODY_BYTES = 100


def head(method: str, host: str, connection: str, user: str, *more: str) -> bytes:
    user_id = base64.b64encode(user.encode("utf-16-le")).decode()
    lines = [f"{method} /remoteDesktopGateway/ HTTP/1.1", "Accept: */*", "Cache-Control: no-cache",
             "User-Agent: MS-RDGateway/1.0", f"RDG-Connection-Id: {connection}", f"RDG-User-Id: {user_id}",
             f"Host: {host}", *more]
    return "\r\n".join([*lines, "", ""]).encode()


UNAUTHORISED = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nContent-Length: 12\r\n\r\nnot like so\n"
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"


def packet(kind: int, body: bytes) -> bytes:
    """2.2.10.9"""
    return struct.pack("<HHI", kind, 0, 8 + len(body)) + body


def text(value: str) -> bytes:
    """2.2.10.22, with its NUL"""
    encoded = value.encode("utf-16-le") + b"\0\0"
    return struct.pack("<H", len(encoded)) + encoded


def handshake_request() -> bytes:
    return packet(HANDSHAKE_REQUEST, struct.pack("<BBHH", 1, 0, 0, 0))


def tunnel_create() -> bytes:
    return packet(TUNNEL_CREATE, struct.pack("<IHH", 0x3F, 0, 0))


def tunnel_auth(machine: str) -> bytes:
    return packet(TUNNEL_AUTH, struct.pack("<H", 0) + text(machine))


def channel_create(target: str, port: int = 3389) -> bytes:
    return packet(CHANNEL_CREATE, struct.pack("<BBHH", 1, 0, port, 3) + text(target))


def data(payload: bytes) -> bytes:
    return packet(DATA, struct.pack("<H", len(payload)) + payload)


def frame(payload: bytes, masked: bool) -> bytes:
    """A binary frame; clients mask."""
    size = bytes([len(payload)]) if len(payload) < 126 else struct.pack(">BH", 126, len(payload))
    if not masked:
        return b"\x82" + size + payload
    key = bytes.fromhex("37fa213d")
    hidden = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
    return b"\x82" + bytes([size[0] | 0x80]) + size[1:] + key + hidden


def chunk(payload: bytes) -> bytes:
    return f"{len(payload):X}\r\n".encode() + payload + b"\r\n"
