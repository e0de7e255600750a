#!/usr/bin/env python3
"""Asks the admin server as Prometheus, people and bad clients do: watched_test.py SERVE_WATCH PROJECT"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import unittest

PROGRAM = sys.argv[1]
LONG = 60  # seconds, for what must end and takes 5 by itself
GOOD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)')


class Server:
    def __init__(self, address: str = "127.0.0.1:0", state: str = "good"):
        self.process = subprocess.Popen([PROGRAM, address, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.said = self.process.communicate(timeout=LONG)[1]

    def ask(self, target: str, method: str = "GET", **headers: str):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=LONG)

    def say(self, request: bytes) -> bytes:
        """All that is answered until the server closes; a reset is an error."""
        with self.connect() as client:
            client.sendall(request)
            return read_all(client)

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def read_all(client: socket.socket) -> bytes:
    said = b""
    while piece := client.recv(65536):
        said += piece
    return said


def head_of(said: bytes) -> bytes:
    return said.split(b"\r\n", 1)[0]


def parse(page: str) -> dict[str, dict]:
    """Prometheus's text format 0.0.4, strictly: each family its HELP, TYPE and samples, in this order."""
    families: dict[str, dict] = {}
    name, seen = None, set()
    assert page.endswith("\n")
    for line in page[:-1].split("\n"):
        if line.startswith("# HELP "):
            name, text = line[7:].split(" ", 1)
            assert name not in families and text, line
            families[name] = {"help": text, "type": None, "samples": {}}
        elif line.startswith("# TYPE "):
            named, kind = line[7:].split(" ")
            assert named == name and families[name]["type"] is None and not families[name]["samples"], line
            assert kind in ("counter", "gauge", "histogram", "summary", "untyped"), line
            families[name]["type"] = kind
        else:
            match = SAMPLE.fullmatch(line)
            assert match and match[1] == name and families[name]["type"], line
            labels = LABEL.findall(match[2] or "")
            assert LABEL.sub("", match[2] or "") == "", line
            assert len({label for label, _ in labels}) == len(labels), line
            key = (name, *sorted(labels))
            assert key not in seen, f"twice: {line}"
            seen.add(key)
            families[name]["samples"][tuple(labels)] = float(match[3])
    return families


class Endpoints(unittest.TestCase):
    def test_metrics_are_what_prometheus_reads(self):
        with Server() as server:
            answer = server.ask("/metrics")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.getheader("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
        families = parse(answer.text)
        self.assertEqual(len(families), 20)
        for name, family in families.items():
            with self.subTest(name=name):
                self.assertTrue(name.startswith("remora_"))
                self.assertEqual(family["type"], "counter" if name.endswith("_total") else "gauge")
                self.assertTrue(family["help"].endswith("."))
                self.assertEqual(len({tuple(label for label, _ in key) for key in family["samples"]}), 1)
        self.assertEqual(families["remora_sessions"]["samples"], {(("state", "opened"),): 21.0, (("state", "accepted"),): 22.0})

    def test_verdicts_are_a_status_and_a_line(self):
        with Server() as server:
            self.assertEqual([(a.status, a.text) for a in map(server.ask, ("/healthz", "/readyz"))],
                             [(200, "ok\n"), (200, "2 interfaces\n")])
        with Server(state="bad") as server:
            self.assertEqual([(a.status, a.text) for a in map(server.ask, ("/healthz", "/readyz"))],
                             [(503, "sensor silent\n"), (503, "no interface is up\n")])

    def test_sessions_are_json(self):
        with Server() as server:
            self.assertEqual(len(json.loads(server.ask("/sessions").text)), 1000)
            answer = server.ask("/sessions?limit=7")
            self.assertEqual(len(json.loads(answer.text)), 7)
            self.assertEqual(answer.getheader("Content-Type"), "application/json")
            self.assertEqual(server.ask("/sessions?limit=many").status, 400)

    def test_head_is_get_without_its_body(self):
        with Server() as server:
            for path in ("/metrics", "/healthz", "/readyz", "/sessions?limit=3", "/nowhere"):
                get, head = server.ask(path), server.ask(path, "HEAD")
                self.assertEqual(head.text, "")
                self.assertEqual((head.status, head.getheaders()), (get.status, get.getheaders()))
                self.assertEqual(int(head.getheader("Content-Length")), len(get.text))

    def test_nothing_else_is_there(self):
        with Server() as server:
            self.assertEqual(server.ask("/").status, 404)
            answer = server.ask("/metrics", "POST")
            self.assertEqual((answer.status, answer.getheader("Allow")), (405, "GET, HEAD"))

    def test_an_address_that_others_reach_is_told(self):
        with Server("0.0.0.0:0") as server:
            self.assertEqual(server.ask("/healthz").status, 200)
            self.assertEqual(server.ask("/healthz", Host="evil.example").status, 421)
        self.assertIn("other machines can reach the admin server", server.said)
        with Server("[::1]:0") as server:
            with socket.create_connection(("::1", server.port), timeout=LONG) as client:
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: [::1]:%d\r\n\r\n" % server.port)
                self.assertEqual(head_of(read_all(client)), b"HTTP/1.1 200 OK")
        self.assertEqual(server.said, "")


class BadClients(unittest.TestCase):
    """After each the server answers, and has no more descriptors than before."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)
        self.assertEqual(self.server.ask("/healthz").status, 200)
        self.before = self.server.descriptors()

    def tearDown(self):
        self.assertEqual(self.server.ask("/healthz").status, 200)
        # The last connection's end may be on its way: another is served after it.
        for _ in range(100):
            if self.server.descriptors() <= self.before:
                return
            self.server.ask("/healthz")
        self.fail("descriptors are left open")

    def test_rebinding(self):
        for host in ("evil.example", f"evil.example:{self.server.port}", "127.0.0.1.evil.example", "10.0.0.1"):
            self.assertEqual(self.server.ask("/sessions", Host=host).status, 421, host)
        for host in ("localhost", "127.0.0.1", "[::1]:1", "LOCALHOST:8389"):
            self.assertEqual(self.server.ask("/sessions", Host=host).status, 200, host)

    def test_hosts_that_are_missing_or_twice(self):
        for request in (b"GET /metrics HTTP/1.1\r\n\r\n", b"GET /metrics HTTP/1.0\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"):
            self.assertEqual(head_of(self.server.say(request)).split()[1], b"400", request)

    def test_long_heads(self):
        for request in (b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20000 + b"\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + b"X: x\r\n" * 5000 + b"\r\n"):
            self.assertEqual(head_of(self.server.say(request)).split()[1], b"431", request[:60])
        near = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 8000 + b"\r\n\r\n"
        self.assertEqual(head_of(self.server.say(near)), b"HTTP/1.1 200 OK")

    def test_bodies(self):
        for request in (b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
                        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"):
            self.assertEqual(head_of(self.server.say(request)).split()[1], b"413", request)
        empty = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
        self.assertEqual(head_of(self.server.say(empty)), b"HTTP/1.1 200 OK")

    def test_what_is_no_http(self):
        for request in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), b"hello\r\n\r\n", b"\0" * 100,
                        b"GET /metrics HTTP/3.0\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n", b"\xff\xfe /\r\n\r\n",
                        b"GET /metrics HTTP/1.1\nHost: localhost\n\n",
                        b"GET /metrics HTTP/1.1\r\nHost : localhost\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"):
            said = self.server.say(request)
            self.assertIn(head_of(said).split()[1:2], ([b"400"], [b"413"]), request)

    def test_requests_in_one_piece_get_one_answer(self):
        said = self.server.say(GOOD * 50)
        self.assertEqual(said.count(b"HTTP/1.1 "), 1)
        self.assertIn(b"Connection: close", said)

    def test_a_head_in_single_bytes(self):
        with self.server.connect() as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(len(GOOD)):
                client.sendall(GOOD[at:at + 1])
            self.assertEqual(head_of(read_all(client)), b"HTTP/1.1 200 OK")

    def test_clients_that_end_early(self):
        for piece in (b"", b"GET /met", GOOD[:-2]):
            with self.server.connect() as client:
                client.sendall(piece)
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(read_all(client), b"")
        with self.server.connect() as client:  # and one that is gone when its answer comes
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.sendall(b"GET /sessions?limit=10000 HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_a_client_that_says_half_and_waits(self):
        with self.server.connect() as client:
            client.sendall(GOOD[:20])
            self.assertEqual(read_all(client), b"")  # in time, or the socket's own limit fails this

    def test_a_client_that_does_not_read(self):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(LONG)
        with client:
            client.connect(("127.0.0.1", self.server.port))
            client.sendall(b"GET /sessions?limit=10000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while self.server.descriptors() > self.before:  # the test's limit of time is ctest's
                self.server.ask("/healthz")
            try:
                whole = len(read_all(client)) > 20_000_000
            except ConnectionResetError:
                whole = False
        self.assertFalse(whole)

    def test_more_clients_than_there_is_room_for(self):
        idle = [self.server.connect() for _ in range(50)]
        try:
            # It waits in the queue until some of those had their time.
            self.assertEqual(self.server.ask("/healthz").status, 200)
            self.assertLessEqual(self.server.descriptors(), self.before + 33)
        finally:
            for client in idle:
                client.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
