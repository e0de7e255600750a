"""RDP in TLS between two programs on the loopback interface: OpenSSL's own TLS by way of Python's ssl, RDP as
tests/builder lays it out. The client writes its key log as other programs do that are given SSLKEYLOGFILE."""

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder import share, x224  # noqa: E402
from builder.conversations import RdpConnection  # noqa: E402
from builder.places import START  # noqa: E402
from builder.stories_tls import modern_settings  # noqa: E402
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint  # noqa: E402

PORT = 3389
USER = "ivan"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "server.pem", folder / "server.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=rds01.corp.example",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
    return certificate, key


class Spoken(Conversation):
    """What both sides say, in turn, instead of segments"""

    def __init__(self):
        super().__init__(Endpoint("127.0.0.1", 50000), Endpoint("127.0.0.1", PORT), START)
        self.said: list[tuple[str, bytes]] = []

    def send(self, side: str, data: bytes, mark: str = "") -> None:
        self.said.append((side, data))


def script(inputs: int) -> tuple[list[tuple[str, bytes]], ...]:
    """In clear; inside, up to the logon; so many moves of the mouse; the end"""
    spoken = Spoken()
    rdp = RdpConnection(spoken, modern_settings("LAP-IVAN", x224.PROTOCOL_SSL, x224.PROTOCOL_SSL))
    parts = []

    def cut() -> None:
        parts.append(spoken.said)
        spoken.said = []

    rdp.request(b"Cookie: mstshash=guest", x224.PROTOCOL_SSL)
    rdp.confirm(x224.PROTOCOL_SSL, 0)
    cut()
    rdp.set_up(user=USER, address="192.168.77.12")
    rdp.activate()
    rdp.log_on(user=USER, session=2)
    rdp.work()
    cut()
    for at in range(inputs):
        rdp.fast_path(CLIENT, 1 << 2, share.mouse_event(0x0800, at % 1000, 300))
    cut()
    rdp.close_window()
    cut()
    return tuple(parts)


class Talk:
    """`version`: of TLS; `log`: what the client writes its secrets to"""

    def __init__(self, folder: Path, version: ssl.TLSVersion, log: Path, inputs: int = 0):
        self.clear, self.logon, self.inputs, self.end = script(inputs)
        certificate, key = make_certificate(folder)
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.load_cert_chain(certificate, key)
        self.client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.client_context.check_hostname = False
        self.client_context.verify_mode = ssl.CERT_NONE
        for context in (self.server_context, self.client_context):
            context.minimum_version = context.maximum_version = version
        self.client_context.keylog_filename = str(log)
        with socket.create_server(("127.0.0.1", PORT)) as listener:
            self.client = socket.create_connection(("127.0.0.1", PORT))
            self.server = listener.accept()[0]
        for end in (self.client, self.server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.settimeout(30)

    def play(self, part: list[tuple[str, bytes]]) -> None:
        for side, data in part:
            sender, receiver = (self.client, self.server) if side == CLIENT else (self.server, self.client)
            sender.sendall(data)
            left = len(data)
            while left:
                left -= len(receiver.recv(left))

    def shake_hands(self) -> None:
        def serve() -> None:
            self.server = self.server_context.wrap_socket(self.server, server_side=True)
        thread = threading.Thread(target=serve)
        thread.start()
        self.client = self.client_context.wrap_socket(self.client, server_hostname="rds01.corp.example")
        thread.join(30)

    def close(self) -> None:
        for end in (self.client, self.server):
            end.close()

    def whole(self, in_between: Callable[[], None] = lambda: None) -> None:
        """`in_between`: once the user has logged on, and nobody says anything"""
        try:
            self.play(self.clear)
            self.shake_hands()
            self.play(self.logon)
            self.play(self.inputs)
            in_between()
            self.play(self.end)
        finally:
            self.close()
