"""A real Kafka broker on loopback, in KRaft mode: one listener in the clear, one wants a client's certificate, one a
password."""

import contextlib
import socket
import subprocess
import time
from pathlib import Path

USER, PASSWORD = "tap", "not-to-be-printed"
START_SECONDS = 120
CLUSTER = "remora-tests-kafka-01A"  # 22 characters, as the broker wants them

PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{control}
controller.listener.names=CONTROL
listeners=CLEAR://127.0.0.1:{clear},TLS://127.0.0.1:{tls},SASL://127.0.0.1:{sasl},CONTROL://127.0.0.1:{control}
advertised.listeners=CLEAR://127.0.0.1:{clear},TLS://localhost:{tls},SASL://localhost:{sasl}
inter.broker.listener.name=CLEAR
listener.security.protocol.map=CLEAR:PLAINTEXT,TLS:SSL,SASL:SASL_SSL,CONTROL:PLAINTEXT
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.tls.ssl.client.auth=required
listener.name.sasl.sasl.enabled.mechanisms=PLAIN
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
  user_{user}="{password}";
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
"""


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def make_certificates(folder: Path) -> None:
    """ca.pem and other.pem, authorities; server.pem and client.pem of the first, stranger.pem of the other: each a key
    (.key too), its certificate and the authority's"""
    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for authority in ("ca", "other"):
        openssl("req", "-x509", *key, "-keyout", f"{authority}.key", "-out", f"{authority}.pem", "-days", "2",
                "-subj", f"/CN=test {authority}")
    for name, authority in (("server", "ca"), ("client", "ca"), ("stranger", "other")):
        openssl("req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", "2", "-subj",
                f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:false",
                "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key")
        parts = [(folder / f"{name}.key"), (folder / f"{name}.crt"), (folder / f"{authority}.pem")]
        (folder / f"{name}.pem").write_text("".join(part.read_text() for part in parts))


class Broker:
    def __init__(self, jars: Path, folder: Path, quick_start: bool = True) -> None:
        """`quick_start` gives up speed later: for tests, not for measuring"""
        self.folder = folder
        make_certificates(folder)
        self.clear, self.tls, self.sasl, self.control = free_ports(4)
        self.java = ["java", "-Xms64m", "-Xmx384m", "-XX:+UseSerialGC",
                     *(["-XX:TieredStopAtLevel=1"] if quick_start else []), "-cp", f"{jars}/*"]
        self.properties = folder / "server.properties"
        self.properties.write_text(PROPERTIES.format(user=USER, password=PASSWORD, **vars(self)))
        subprocess.run([*self.java, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", self.properties],
                       check=True, capture_output=True, timeout=START_SECONDS)
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen([*self.java, "kafka.Kafka", self.properties], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=subprocess.STDOUT, cwd=self.folder)
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.clear), timeout=1):
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the broker did not start: {self.log()}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)

    def log(self) -> str:
        return (self.folder / "broker.log").read_text(errors="replace")[-2000:]

    def kill(self) -> None:
        """kill -9: nothing is put in order before the end"""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
