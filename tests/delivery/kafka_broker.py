"""A real Kafka broker on loopback, in KRaft mode: one listener in the clear, one wants a client's certificate, one a
password."""

import contextlib
import socket
import subprocess
import time
from pathlib import Path

from certificates import Authority

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
ssl.keystore.location={chain}
ssl.truststore.type=PEM
ssl.truststore.location={authority.file}
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
    """All at once, so that no two are the same"""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def key_and_chain(authority: Authority, name: str, hosts: str) -> Path:
    """In one file, as the broker wants them"""
    certificate, key = authority.issue(name, hosts)
    whole = certificate.with_suffix(".chain")
    whole.write_text(key.read_text() + certificate.read_text() + authority.file.read_text())
    return whole


class Broker:
    def __init__(self, jars: Path, folder: Path, quick_start: bool = True) -> None:
        """`quick_start` gives up speed later: for tests, not for measuring"""
        self.folder = folder
        self.authority = Authority(folder / "authority")
        self.chain = key_and_chain(self.authority, "server", "DNS:localhost")
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
