"""What stands before a connection that goes through a proxy: SOCKS 4 and 4a, SOCKS 5 (RFC 1928, 1929), HTTP CONNECT
(RFC 9110 9.3.6), PROXY protocol (HAProxy, doc/proxy-protocol.txt)."""

import base64
import struct

from builder.ip import packed


def socks4(address: str, port: int, user: str = "") -> bytes:
    return struct.pack(">BBH", 4, 1, port) + packed(address) + user.encode() + b"\0"


def socks4a(name: str, port: int, user: str = "") -> bytes:
    return struct.pack(">BBH", 4, 1, port) + bytes((0, 0, 0, 1)) + user.encode() + b"\0" + name.encode() + b"\0"


SOCKS4_GRANTED = bytes.fromhex("005a" "0000" "00000000")


def socks5_greeting(*methods: int) -> bytes:
    return bytes((5, len(methods), *methods))


def socks5_method(method: int) -> bytes:
    return bytes((5, method))


def socks5_login(user: str, password: str) -> bytes:
    return bytes((1, len(user))) + user.encode() + bytes((len(password),)) + password.encode()


SOCKS5_LOGGED_IN = b"\x01\x00"


def socks5_message(code: int, host: str, port: int) -> bytes:
    """A request (code 1: CONNECT) or a reply (code 0: succeeded)"""
    try:
        address = packed(host)
        where = bytes((1 if len(address) == 4 else 4,)) + address
    except ValueError:
        where = bytes((3, len(host))) + host.encode()
    return bytes((5, code, 0)) + where + struct.pack(">H", port)


def connect(host: str, port: int, user: str = "", password: str = "") -> bytes:
    lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}", "User-Agent: remote/1.0"]
    if user:
        lines.append("Proxy-Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
    return "\r\n".join([*lines, "", ""]).encode()


CONNECT_LOGIN = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n" \
                b"Content-Length: 7\r\n\r\nlog in\n"
CONNECT_GRANTED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def proxy_v1(client: str, client_port: int, server: str, server_port: int) -> bytes:
    return f"PROXY TCP4 {client} {server} {client_port} {server_port}\r\n".encode()


def proxy_v2(client: str, client_port: int, server: str, server_port: int, authority: str = "") -> bytes:
    """With TLVs: PP2_TYPE_UNIQUE_ID, and PP2_TYPE_AUTHORITY where there is one"""
    body = packed(client) + packed(server) + struct.pack(">HH", client_port, server_port)
    body += struct.pack(">BH", 5, 4) + b"id-1"
    if authority:
        body += struct.pack(">BH", 2, len(authority)) + authority.encode()
    return bytes.fromhex("0d0a0d0a000d0a515549540a") + struct.pack(">BBH", 0x21, 0x11, len(body)) + body
