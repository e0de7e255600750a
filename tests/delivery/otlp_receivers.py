"""Receivers of OTLP that answer as a test tells them, over HTTP/1.1 and over gRPC (HTTP/2 without a library: only as
much of RFC 9113 as one call after the other needs; headers of requests are not read)."""

import gzip
import re
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

# KeyValue of log.record.uid: the key, then an AnyValue of 34 bytes, a text of 32 (protobuf's encoding).
UID = re.compile(rb"log\.record\.uid\x12\x22\x0a\x20([0-9a-f]{32})")


@dataclass
class Request:
    number: int  # from 0
    headers: dict[str, str]
    path: str
    message: bytes  # uncompressed

    @property
    def ids(self) -> list[str]:
        return [found.decode() for found in UID.findall(self.message)]


@dataclass
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/x-protobuf"})
    body: bytes = b""
    cut_after: int | None = None  # bytes of the body, which then ends with the connection
    silent: bool = False  # nothing at all until the receiver is stopped


Script = Callable[[Request], Answer]


class Receiver:
    """Accepts connections on a loopback port until it is left; `script` gives the answer to each request, WELL if there
    is none."""
    WELL: Answer

    def __init__(self, script: Script | None = None, tls: ssl.SSLContext | None = None):
        self.script = script or (lambda request: self.WELL)
        self.tls = tls
        self.requests: list[Request] = []
        self.taken: list[str] = []  # of requests answered with 200, in order
        self.connections = 0
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        receiver = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                receiver.on_connection(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # a sender that went away, or whose certificate was refused

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def on_connection(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with self.lock:
            self.connections += 1
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True)
        try:
            self.serve(connection)
        finally:
            connection.close()

    def answer_to(self, headers: dict[str, str], path: str, message: bytes) -> Answer:
        with self.lock:
            request = Request(len(self.requests), headers, path, message)
            self.requests.append(request)
        answer = self.script(request)
        if answer.silent:
            self.stopping.wait(60)
            raise ConnectionError
        if answer.status == 200:
            with self.lock:
                self.taken += request.ids
        return answer

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError


class HttpReceiver(Receiver):
    WELL = Answer()

    def serve(self, connection: socket.socket) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                answer = receiver.answer_to({name.lower(): value for name, value in self.headers.items()}, self.path,
                                            body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[:answer.cut_after])
                self.close_connection = answer.cut_after is not None

            def log_message(self, *_):
                pass

        Handler(connection, connection.getpeername(), None)


# Types of frames, RFC 9113 6, and flags.
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACK, END_HEADERS = 1, 1, 4


def literal(name: str, value: str) -> bytes:
    """A header field without indexing and without Huffman coding, RFC 7541 6.2.2"""
    return b"\x00" + b"".join(length(len(text)) + text for text in (name.encode(), value.encode()))


def length(size: int) -> bytes:
    """An integer with a prefix of seven bits, RFC 7541 5.1"""
    if size < 127:
        return bytes([size])
    encoded, size = b"\x7f", size - 127
    while size >= 128:
        encoded, size = encoded + bytes([size % 128 + 128]), size // 128
    return encoded + bytes([size])


@dataclass
class GrpcAnswer(Answer):
    grpc_status: int | None = 0  # None: no trailers
    trailers: dict[str, str] = field(default_factory=dict)
    body: bytes = bytes(5)  # an empty message
    trailers_only: bool = False
    goes_away: bool = False  # says so instead of answering

    def __post_init__(self):
        self.status = 200 if self.grpc_status == 0 else 0


class GrpcReceiver(Receiver):
    WELL = GrpcAnswer()

    def serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rwb")
        if stream.read(24) != b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n":
            return

        def write(kind: int, flags: int, number: int, payload: bytes) -> None:
            stream.write(struct.pack(">IBBI", len(payload), kind, flags, number)[1:] + payload)
            stream.flush()

        # Windows so large that no test fills them: of a stream, and of the connection.
        write(SETTINGS, 0, 0, struct.pack(">HI", 4, 2**31 - 1))
        write(WINDOW_UPDATE, 0, 0, struct.pack(">I", 2**31 - 65536))
        calls: dict[int, bytes] = {}
        while head := stream.read(9):
            size, kind, flags, number = struct.unpack(">IBBI", b"\0" + head)
            payload = stream.read(size)
            if kind == SETTINGS and not flags & ACK:
                write(SETTINGS, ACK, 0, b"")
            elif kind == PING and not flags & ACK:
                write(PING, ACK, 0, payload)
            elif kind == DATA:
                calls[number] = calls.get(number, b"") + payload
                if flags & END_STREAM:
                    if not self.answer(write, number, calls.pop(number)):
                        return

    def answer(self, write: Callable[[int, int, int, bytes], None], number: int, call: bytes) -> bool:
        """Whether the connection stays"""
        compressed, size = struct.unpack(">BI", call[:5])
        if size != len(call) - 5:
            raise ConnectionError("the prefix is wrong")
        answer = self.answer_to({}, "", gzip.decompress(call[5:]) if compressed else call[5:])
        if answer.goes_away:
            write(GOAWAY, 0, 0, struct.pack(">II", 0, 0))
            return False
        first = b"\x88" + literal("content-type", "application/grpc")  # 0x88: `:status: 200`
        last = b"".join(literal(name, value) for name, value in answer.trailers.items())
        if answer.grpc_status is not None:
            last = literal("grpc-status", str(answer.grpc_status)) + last
        if answer.trailers_only:
            write(HEADERS, END_HEADERS | END_STREAM, number, first + last)
            return True
        write(HEADERS, END_HEADERS, number, first)
        for at in range(0, len(answer.body), 16384):
            write(DATA, 0, number, answer.body[at:at + 16384])
        if answer.grpc_status is None:
            write(DATA, END_STREAM, number, b"")
        else:
            write(HEADERS, END_HEADERS | END_STREAM, number, last)
        return True
