"""Real syslog receivers as children of a test, on loopback, with their own configuration and folder. Their
configurations are those of docs/syslog.md."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEADLINE = 30.0  # seconds that anything here may take


class Missing(Exception):
    """A program that the machine does not have; the text names it."""


def free_port() -> int:
    """Of both UDP and TCP."""
    while True:
        with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            stream.bind(("127.0.0.1", 0))
            try:
                datagrams.bind(stream.getsockname())
            except OSError:
                continue
            return stream.getsockname()[1]


def wait_until(true, what: str) -> None:
    end = time.monotonic() + DEADLINE
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"not within {DEADLINE} s: {what}")
        time.sleep(0.02)


class Certificates:
    """An authority, and what it and another one signed, made by the openssl program."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            raise Missing("openssl")
        self.folder = folder
        for authority in ("ca", "other-ca"):
            self.run("req", "-x509", *self.key(authority), "-out", f"{authority}.pem", "-subj", f"/CN={authority}",
                     "-days", "2")
        self.make("server", "localhost")
        self.make("client", "sensor.example")
        self.make("stranger", "sensor.example", authority="other-ca")
        self.make("expired", "localhost", dates=("20200101000000Z", "20200102000000Z"))
        self.make("misnamed", "elsewhere.example")

    def key(self, name: str) -> list[str]:
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]

    def run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=DEADLINE)

    def make(self, name: str, host: str, authority: str = "ca", dates: tuple[str, str] | None = None) -> None:
        self.run("req", *self.key(name), "-out", f"{name}.csr", "-subj", f"/CN={host}")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
        if dates is None:
            self.run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
                     "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
            return
        # Only "openssl ca" signs for days that are past.
        (self.folder / "index.txt").write_text("")
        (self.folder / "serial").write_text("1000\n")
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
            "policy=p\n[p]\ncommonName=supplied\n")
        self.run("ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-cert", f"{authority}.pem", "-keyfile",
                 f"{authority}.key", "-startdate", dates[0], "-enddate", dates[1], "-extfile", f"{name}.ext",
                 "-notext", "-out", f"{name}.pem")

    def __getitem__(self, file: str) -> Path:
        return self.folder / file


class Receiver:
    """One child. What it has received is in a file, a message a line."""

    def __init__(self, folder: Path, certificates: Certificates, server: str = "server") -> None:
        self.folder = folder
        self.received = folder / "received.log"
        self.certificates = certificates
        self.server = server
        self.tcp, self.tls, self.udp = free_port(), free_port(), free_port()
        self.child: subprocess.Popen | None = None
        self.log = (folder / "receiver.log").open("ab")

    def start(self) -> "Receiver":
        self.child = self.launch()
        wait_until(self.listens, f"{self.folder}: the receiver listens; its receiver.log says why not")
        return self

    def listens(self) -> bool:
        if self.child.poll() is not None:
            raise AssertionError(f"the receiver ended: {(self.folder / 'receiver.log').read_text()[-2000:]}")
        for port in (self.tcp, self.tls):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                return False
        return True

    def kill(self) -> None:
        """As a crash does."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait(DEADLINE)

    def terminate(self) -> None:
        """As a service manager does."""
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(DEADLINE)

    def stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        self.log.close()

    def lines(self) -> list[str]:
        """Whole lines: of a receiver that was killed the last may be torn."""
        if not self.received.exists():
            return []
        return self.received.read_bytes().decode("utf-8", "replace").split("\n")

    def ids(self) -> list[str]:
        return [found[1] for line in self.lines() if (found := re.search(r'eventId="([0-9a-f]{32})"', line))]


class Rsyslog(Receiver):
    authentication = 'streamDriver.authMode="x509/certvalid"'

    @staticmethod
    def need() -> None:
        if shutil.which("rsyslogd", path="/usr/sbin:/usr/bin:" + os.environ["PATH"]) is None:
            raise Missing("rsyslogd")

    def launch(self) -> subprocess.Popen:
        of = self.certificates
        (self.folder / "rsyslog.conf").write_text(f"""
global(workDirectory="{self.folder}" maxMessageSize="64k"
       defaultNetstreamDriverCAFile="{of['ca.pem']}"
       defaultNetstreamDriverCertFile="{of[self.server + '.pem']}"
       defaultNetstreamDriverKeyFile="{of[self.server + '.key']}")
main_queue(queue.type="Direct")
module(load="imudp")
module(load="imptcp")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" {self.authentication})
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="remora") {{
  action(type="omfile" file="{self.received}" template="raw")
}}
input(type="imudp" address="127.0.0.1" port="{self.udp}" ruleset="remora")
input(type="imptcp" address="127.0.0.1" port="{self.tcp}" ruleset="remora")
input(type="imtcp" address="127.0.0.1" port="{self.tls}" ruleset="remora")
""")
        (self.folder / "rsyslog.pid").unlink(missing_ok=True)  # of one that was killed
        program = shutil.which("rsyslogd", path="/usr/sbin:/usr/bin:" + os.environ["PATH"])
        return subprocess.Popen([program, "-n", "-f", self.folder / "rsyslog.conf", "-i", self.folder / "rsyslog.pid"],
                                stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)


class SyslogNg(Receiver):
    build = Path()  # of this project; there it is unpacked
    root = Path()

    @classmethod
    def need(cls) -> None:
        made = subprocess.run([HERE / "make_syslog_ng", cls.build / "receivers"], capture_output=True, text=True,
                              timeout=300, check=False)
        if made.returncode != 0:
            raise Missing(f"syslog-ng: {made.stderr.strip()}")
        cls.root = Path(made.stdout.strip())

    def launch(self) -> subprocess.Popen:
        of = self.certificates
        modules = next((self.root / "usr/lib/syslog-ng").glob("[0-9]*"))
        (self.folder / "syslog-ng.conf").write_text(f"""@version: {modules.name}
options {{ log-msg-size(65536); }};
source remora {{
  syslog(ip(127.0.0.1) port({self.udp}) transport("udp"));
  syslog(ip(127.0.0.1) port({self.tcp}) transport("tcp"));
  syslog(ip(127.0.0.1) port({self.tls}) transport("tls")
         tls(ca-file("{of['ca.pem']}") cert-file("{of[self.server + '.pem']}")
             key-file("{of[self.server + '.key']}") peer-verify(required-trusted)));
}};
destination file {{
  file("{self.received}" template("eventId=\\"${{.SDATA.remora@32473.eventId}}\\" $MSG\\n"));
}};
log {{ source(remora); destination(file); flags(flow-control); }};
""")
        environment = os.environ | {"LD_LIBRARY_PATH": f"{self.root}/usr/lib/syslog-ng:{modules}"}
        return subprocess.Popen(
            [self.root / "usr/sbin/syslog-ng", "-F", "--no-caps", f"--module-path={modules}",
             "-f", self.folder / "syslog-ng.conf", "-R", self.folder / "persist", "-p", self.folder / "pid",
             "-c", self.folder / "control"],
            env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
