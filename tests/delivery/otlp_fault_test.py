#!/usr/bin/env python3
"""The OTLP output against receivers that refuse, stall, lie and break off: no event is lost, none is counted twice."""

import base64
import gzip
import shutil
import ssl
import tempfile
import unittest
from pathlib import Path

import sending
from certificates import Authority
from otlp_receivers import Answer, GrpcAnswer, GrpcReceiver, HttpReceiver, Receiver, Request
from sending import Sent, event_id, event_ids

COUNT = 40


def first(answer: Answer, times: int = 1):
    """`answer` to the first requests, then what the receiver answers when all is well"""
    well = GrpcAnswer() if isinstance(answer, GrpcAnswer) else Answer()
    return lambda request: answer if request.number < times else well


def partial_success(rejected: int) -> bytes:
    """ExportLogsServiceResponse with partial_success { rejected_log_records }"""
    return bytes([0x0a, 2, 0x08, rejected])


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.events = sending.make_events(cls.folder / "events", COUNT)

    def configuration(self, receiver: Receiver, more: str = "") -> str:
        protocol = "grpc" if isinstance(receiver, GrpcReceiver) else "http"
        scheme = "https" if receiver.tls else "http"
        return f"type: otlp\nprotocol: {protocol}\nendpoint: {scheme}://127.0.0.1:{receiver.port}\n{more}"

    def send(self, receiver: Receiver, more: str = "", batch: int = 10, seconds: int = 30) -> Sent:
        return sending.send(self.folder, self.configuration(receiver, more), self.events, batch, seconds)

    def all_arrive(self, receiver: Receiver, result: Sent, problem: str, refused: int = 0) -> None:
        self.assertEqual((result.exit_code, result.sent, result.refused), (0, COUNT, refused), result.problems)
        self.assertEqual(sorted(receiver.taken), sorted(event_ids(COUNT)))
        self.assertIn(problem, result.problems)

    def nothing_is_taken(self, result: Sent, problem: str) -> None:
        self.assertEqual((result.exit_code, result.sent, result.refused), (1, 0, 0), result.problems)
        self.assertIn(problem, result.problems)


class OverHttp(Faults):
    def test_all_is_well(self):
        with HttpReceiver() as receiver:
            result = self.send(receiver, "headers: ['X-Tenant: one']\n")
            self.all_arrive(receiver, result, "")
        self.assertEqual(result.problems, "")
        self.assertEqual(result.tries, COUNT // 10)
        self.assertEqual(receiver.connections, 1)
        for request in receiver.requests:
            self.assertEqual(request.path, "/v1/logs")
            self.assertEqual(request.headers["content-type"], "application/x-protobuf")
            self.assertEqual(request.headers["content-encoding"], "gzip")
            self.assertEqual(request.headers["x-tenant"], "one")
            self.assertEqual(len(request.ids), 10)

    def test_without_compression(self):
        with HttpReceiver() as receiver:
            self.all_arrive(receiver, self.send(receiver, "compression: none\n"), "")
        self.assertNotIn("content-encoding", receiver.requests[0].headers)

    def test_what_is_not_taken_now_is_sent_again(self):
        for status in (401, 403, 404, 408, 429, 500, 502, 503, 504):
            with self.subTest(status), HttpReceiver(first(Answer(status), 2)) as receiver:
                result = self.send(receiver)
                self.all_arrive(receiver, result, f"HTTP {status}")
                self.assertEqual(result.tries, COUNT // 10 + 2)
                self.assertEqual(receiver.requests[0].ids, receiver.requests[2].ids)

    def test_the_pause_is_the_receivers(self):
        """An hour is longer than send_events tries, which then stops after the first."""
        for pause in ("3600", "Fri, 31 Dec 2100 23:59:59 GMT"):
            with self.subTest(pause), HttpReceiver(first(Answer(503, {"Retry-After": pause}))) as receiver:
                self.nothing_is_taken(self.send(receiver, seconds=1), "HTTP 503")
                self.assertEqual(len(receiver.requests), 1)

    def test_what_is_thrown_away_is_counted_and_not_sent_again(self):
        with HttpReceiver(first(Answer(body=partial_success(3)))) as receiver:
            result = self.send(receiver)
            self.all_arrive(receiver, result, "threw away 3 of 10", refused=3)
            self.assertEqual(result.tries, COUNT // 10)

    def test_a_batch_that_is_refused_is_counted_and_not_sent_again(self):
        with HttpReceiver(first(Answer(400, body=b"words of the receiver"))) as receiver:
            result = self.send(receiver)
        self.assertEqual((result.sent, result.refused, result.tries), (COUNT, 10, COUNT // 10))
        self.assertIn("HTTP 400", result.problems)
        self.assertNotIn("words", result.problems)
        self.assertEqual(set(receiver.taken), event_ids(COUNT) - event_ids(10))

    def test_a_400_in_no_words_of_otlp_refuses_nothing(self):
        """As a web server answers, or a port that wants TLS"""
        plain = Answer(400, {"Content-Type": "text/plain"}, b"Client sent an HTTP request to an HTTPS server.")
        with HttpReceiver(lambda _: plain) as receiver:
            self.nothing_is_taken(self.send(receiver, seconds=1), "https")
        self.assertEqual(receiver.taken, [])

    def test_who_took_records_before_may_refuse_in_any_words(self):
        def not_the_second(request: Request) -> Answer:
            return Answer(400, {"Content-Type": "text/plain"}) if request.number == 1 else Answer()
        with HttpReceiver(not_the_second) as receiver:
            result = self.send(receiver)
        self.assertEqual((result.sent, result.refused, result.tries), (COUNT, 10, COUNT // 10), result.problems)
        self.assertEqual(len(receiver.taken), COUNT - 10)

    def test_an_answer_that_breaks_off(self):
        for after in (0, 5):
            with self.subTest(after), HttpReceiver(first(Answer(body=bytes(100), cut_after=after), 2)) as receiver:
                result = self.send(receiver)
                self.assertEqual((result.sent, result.refused), (COUNT, 0), result.problems)
                self.assertEqual(set(receiver.taken), event_ids(COUNT))

    def test_an_answer_that_never_comes(self):
        with HttpReceiver(first(Answer(silent=True))) as receiver:
            self.all_arrive(receiver, self.send(receiver, "timeout: 300ms\n"), "timeout")

    def test_an_answer_without_end(self):
        with HttpReceiver(first(Answer(body=bytes(10_000_000)))) as receiver:
            result = self.send(receiver)
            self.assertEqual((result.sent, result.refused), (COUNT, 0))
            self.assertIn("larger than any", result.problems)

    def test_headers_without_end(self):
        many = {f"X-{number}": "x" * 1000 for number in range(90)}
        with HttpReceiver(first(Answer(headers=many))) as receiver:
            result = self.send(receiver)
            self.assertEqual((result.sent, result.refused), (COUNT, 0))
            self.assertIn("larger than any", result.problems)

    def test_an_answer_of_somebody_else(self):
        with HttpReceiver(lambda _: Answer(headers={"Content-Type": "text/html"}, body=b"<html>")) as receiver:
            self.nothing_is_taken(self.send(receiver, seconds=1), "not OTLP")

    def test_redirections_are_not_followed(self):
        with HttpReceiver() as other:
            elsewhere = {"Location": f"http://127.0.0.1:{other.port}/v1/logs"}
            with HttpReceiver(lambda _: Answer(307, elsewhere)) as receiver:
                self.nothing_is_taken(self.send(receiver, seconds=1), "redirections are not followed")
            self.assertEqual(other.requests, [])

    def test_what_is_too_large_is_cut(self):
        def at_most_three(request: Request) -> Answer:
            return Answer(413 if len(request.ids) > 3 else 200)
        with HttpReceiver(at_most_three) as receiver:
            result = self.send(receiver, batch=20)
            self.all_arrive(receiver, result, "")
            self.assertEqual(result.tries, 2)
            self.assertEqual(receiver.taken, [event_id(number) for number in range(COUNT)])

    def test_a_single_event_that_is_too_large_is_refused(self):
        def not_this_one(request: Request) -> Answer:
            return Answer(413 if event_id(13) in request.ids else 200)
        with HttpReceiver(not_this_one) as receiver:
            result = self.send(receiver, batch=COUNT)
        self.assertEqual((result.sent, result.refused), (COUNT, 1))
        self.assertIn("HTTP 413", result.problems)
        self.assertEqual(sorted(receiver.taken), sorted(event_ids(COUNT) - {event_id(13)}))

    def test_nobody_listens(self):
        with HttpReceiver() as receiver:
            pass
        self.nothing_is_taken(self.send(receiver, seconds=1), "connect")


class OverGrpc(Faults):
    def test_all_is_well(self):
        for more in ("compression: gzip\n", "compression: none\n"):
            with self.subTest(more), GrpcReceiver() as receiver:
                result = self.send(receiver, more)
                self.all_arrive(receiver, result, "")
                self.assertEqual((result.problems, result.tries), ("", COUNT // 10))

    def test_the_answer_may_be_compressed(self):
        packed = gzip.compress(partial_success(4))
        compressed = GrpcAnswer(body=b"\x01" + len(packed).to_bytes(4, "big") + packed)
        with GrpcReceiver(first(compressed)) as receiver:
            self.all_arrive(receiver, self.send(receiver), "threw away 4 of 10", refused=4)

    def test_what_is_not_taken_now_is_sent_again(self):
        for status in (1, 2, 4, 5, 7, 8, 10, 11, 12, 13, 14, 15, 16):
            for only in (False, True):
                answer = GrpcAnswer(grpc_status=status, body=b"", trailers_only=only)
                with self.subTest(status=status, only=only), GrpcReceiver(first(answer)) as receiver:
                    self.all_arrive(receiver, self.send(receiver), f"gRPC status {status}: ")

    def test_the_pause_is_the_receivers(self):
        # google.rpc.Status { details: Any { RetryInfo { retry_delay { seconds: 3600 } } } }
        url, info = b"type.googleapis.com/google.rpc.RetryInfo", b"\x0a\x03\x08\x90\x1c"
        detail = b"\x0a" + bytes([len(url)]) + url + b"\x12" + bytes([len(info)]) + info
        details = base64.b64encode(b"\x1a" + bytes([len(detail)]) + detail).decode().rstrip("=")
        busy = GrpcAnswer(grpc_status=8, trailers={"grpc-status-details-bin": details}, trailers_only=True)
        with GrpcReceiver(first(busy)) as receiver:
            self.nothing_is_taken(self.send(receiver, seconds=1), "RESOURCE_EXHAUSTED")
            self.assertEqual(len(receiver.requests), 1)

    def test_a_batch_that_is_refused_is_counted_and_not_sent_again(self):
        wrong = GrpcAnswer(grpc_status=3, trailers={"grpc-message": "words of the receiver"})
        with GrpcReceiver(first(wrong)) as receiver:
            result = self.send(receiver)
        self.assertEqual((result.sent, result.refused, result.tries), (COUNT, 10, COUNT // 10))
        self.assertIn("INVALID_ARGUMENT", result.problems)
        self.assertNotIn("words", result.problems)

    def test_what_is_too_large_is_cut(self):
        def at_most_three(request: Request) -> GrpcAnswer:
            large = {"grpc-message": "grpc: received message larger than max (5 vs. 3)"}
            return GrpcAnswer(grpc_status=8, trailers=large) if len(request.ids) > 3 else GrpcAnswer()
        with GrpcReceiver(at_most_three) as receiver:
            self.all_arrive(receiver, self.send(receiver, batch=20), "")

    def test_answers_that_are_none(self):
        for name, answer in {
            "no trailers": GrpcAnswer(grpc_status=None),
            "goes away": GrpcAnswer(goes_away=True),
            "no message": GrpcAnswer(body=b""),
            "no gzip": GrpcAnswer(body=b"\x01\0\0\0\x01x"),
            "without end": GrpcAnswer(body=bytes(1_000_000)),
        }.items():
            with self.subTest(name), GrpcReceiver(first(answer)) as receiver:
                result = self.send(receiver)
                self.assertEqual((result.sent, result.refused), (COUNT, 0), result.problems)
                self.assertTrue(result.problems)
                self.assertEqual(set(receiver.taken), event_ids(COUNT))
                self.assertGreater(result.tries, COUNT // 10)

    def test_a_receiver_of_http_is_no_receiver_of_grpc(self):
        with HttpReceiver() as receiver:
            configuration = self.configuration(receiver).replace("protocol: http", "protocol: grpc")
            result = sending.send(self.folder, configuration, self.events, 10, 1)
            self.nothing_is_taken(result, "check `protocol`")


class OverTls(Faults):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if shutil.which("openssl") is None:
            raise unittest.SkipTest("openssl is not installed")
        cls.ours, cls.others = Authority(cls.folder / "ours"), Authority(cls.folder / "others")
        cls.good = cls.ours.issue("good")

    def context(self, certificate: tuple[Path, Path], clients: Authority | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients.file)
        return context

    def tls(self, more: str = "") -> str:
        return f"tls: {{ca_file: '{self.ours.file}'{more}}}\n"

    def test_a_certificate_that_is_good(self):
        with HttpReceiver(tls=self.context(self.good)) as receiver:
            self.all_arrive(receiver, self.send(receiver, self.tls()), "")
            self.assertEqual(receiver.connections, 1)

    def test_grpc_by_tls_keeps_its_connection(self):
        context = self.context(self.good)
        context.set_alpn_protocols(["h2"])
        with GrpcReceiver(tls=context) as receiver:
            self.all_arrive(receiver, self.send(receiver, self.tls()), "")
            self.assertEqual(receiver.connections, 1)

    def test_certificates_that_are_not(self):
        for name, certificate, says in (
            ("expired", self.ours.issue("expired", expired=True), "expired"),
            ("another name", self.ours.issue("another", hosts="DNS:another.example"), "host name"),
            ("unknown authority", self.others.issue("unknown"), "unable to get local issuer"),
        ):
            with self.subTest(name), HttpReceiver(tls=self.context(certificate)) as receiver:
                self.nothing_is_taken(self.send(receiver, self.tls(), seconds=1), says)
                self.assertEqual(receiver.requests, [])
                self.all_arrive(receiver, self.send(receiver, self.tls(", verify: false")), "")

    def test_the_system_does_not_know_our_authority(self):
        with HttpReceiver(tls=self.context(self.good)) as receiver:
            self.nothing_is_taken(self.send(receiver, seconds=1), "certificate")

    def test_a_name_that_is_said_apart(self):
        another = self.ours.issue("apart", hosts="DNS:another.example")
        with HttpReceiver(tls=self.context(another)) as receiver:
            self.all_arrive(receiver, self.send(receiver, self.tls(", server_name: another.example")), "")
            self.assertEqual(receiver.requests[0].headers["host"], f"another.example:{receiver.port}")

    def test_a_client_certificate_that_is_required(self):
        certificate, key = self.ours.issue("client", hosts="DNS:sensor")
        with HttpReceiver(tls=self.context(self.good, clients=self.ours)) as receiver:
            result = self.send(receiver, self.tls(), seconds=1)
            self.assertEqual((result.exit_code, result.sent), (1, 0), result.problems)
            named = f", certificate_file: '{certificate}', key_file: '{key}'"
            self.all_arrive(receiver, self.send(receiver, self.tls(named)), "")

    def test_a_key_that_is_not_the_certificates(self):
        certificate, _ = self.ours.issue("one", hosts="DNS:sensor")
        _, key = self.ours.issue("two", hosts="DNS:sensor")
        with HttpReceiver(tls=self.context(self.good)) as receiver:
            named = f", certificate_file: '{certificate}', key_file: '{key}'"
            result = self.send(receiver, self.tls(named), seconds=1)
            self.nothing_is_taken(result, "check the files named in `tls`")
            self.assertNotIn("PRIVATE KEY", result.problems)

    def test_old_versions_of_tls_are_not_spoken(self):
        context = self.context(self.good)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with HttpReceiver(tls=context) as receiver:
            self.nothing_is_taken(self.send(receiver, self.tls(), seconds=1), "TLS 1.2")

    def test_one_who_speaks_no_tls(self):
        with HttpReceiver() as receiver:
            configuration = self.configuration(receiver, self.tls()).replace("http://", "https://")
            result = sending.send(self.folder, configuration, self.events, 10, 1)
            self.nothing_is_taken(result, "TLS")


if __name__ == "__main__":
    sending.main()
