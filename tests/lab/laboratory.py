"""The laboratory that a scenario plays in: network, machines, names, tap, clock. Built for one run and dropped."""

import datetime
import os
import shutil
import subprocess
import time
from pathlib import Path

from lab import topology
from lab.display import Display
from lab.process import ENVIRONMENT, Host, Program
from lab.slot import Slot
from lab.tap import Tap
from lab.topology import DOMAIN, Topology
from lab.waiting import PATIENCE, ProgramFailed, wait_for

HERE = Path(__file__).resolve().parent
KEYS = HERE / "keys"
HOST_NAMES = {"cli": "WS-ANNA", "srv": "SRV-FIN", "atk": "GUEST-LAPTOP", "svc": "FILES", "dns": "NS1", "r1": "R1",
              "r2": "R2", "r3": "R3"}
CHATTER = ("openbox.log", "FIN-xrdp-console.log")  # what Xorg and the window manager always say
RECORDS = (("ws-anna", topology.CLIENT), ("ws-anna-v6", topology.CLIENT6), ("srv-fin", topology.SERVER),
           ("srv-fin-v6", topology.SERVER6), ("guest-laptop", topology.ATTACKER), ("files", topology.SERVICES))


def stamp(nanoseconds: int) -> str:
    """RFC 3339 in UTC with microseconds"""
    moment = datetime.datetime.fromtimestamp(nanoseconds // 10**9, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{nanoseconds % 10**9 // 1000:06d}Z"


class Laboratory:
    def __init__(self, slot: Slot, remora: Path | None):
        self.slot = slot
        self.remora = remora
        self.folder = Path(f"/var/tmp/{slot.prefix}")
        self.network = Topology(slot.prefix)
        self.hosts: dict[str, Host] = {}
        self.timeline: list[tuple[int, str]] = []
        self.tap: Tap | None = None

    # -- coming and going -----------------------------------------------------------------------
    def __enter__(self) -> "Laboratory":
        shutil.rmtree(self.folder, ignore_errors=True)
        self.logs.mkdir(parents=True)
        self.folder.chmod(0o711)
        try:
            self.network.up()
            for node, name in HOST_NAMES.items():
                home = self.folder / f"home-{node}"
                home.mkdir()
                self.hosts[node] = Host(self.network.namespace(node), name, home, self.logs)
            self.serve_names()
        except OSError as failed:
            self.__exit__()
            raise ProgramFailed(str(failed)) from failed
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.tap:
            self.tap.abort()
        for host in self.hosts.values():
            host.stop_all()
        self.network.down()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def serve_names(self) -> None:
        records = [f"--host-record={name}.{DOMAIN},{address},300" for name, address in RECORDS]
        self.host("dns").start("dnsmasq", "-k", "-C", "/dev/null", "--no-hosts", "--no-resolv", "--no-ping",
                               "--user=root", "--pid-file", f"--listen-address={topology.NAMES}",
                               f"--listen-address={topology.NAMES6}", *records)
        self.wait_for_port("dns", 53)

    # -- machines -------------------------------------------------------------------------------
    def host(self, node: str) -> Host:
        return self.hosts[node]

    def display(self, node: str, size: str = "1024x768x24") -> Display:
        return Display(self.host(node), size).start()

    def listening(self, node: str, port: int) -> bool:
        return bool(self.network.inside(node, "ss", "-Hltn", f"sport = :{port}").strip())

    def wait_for_port(self, node: str, port: int, program: Program | None = None) -> None:
        def there() -> bool:
            if program and not program.running():
                raise ProgramFailed(f"{program.name} ended ({program.popen.returncode}) before it listened")
            return self.listening(node, port)
        wait_for(f"port {port} of {node}", there)

    def own_ports(self, node: str, peer_port: int) -> list[int]:
        """Local ports of established connections from this machine to that port"""
        lines = self.network.inside(node, "ss", "-Htn", "state", "established", f"dport = :{peer_port}").splitlines()
        return sorted(int(line.split()[2].rpartition(":")[2]) for line in lines)

    # -- clock ----------------------------------------------------------------------------------
    def mark(self, event: str) -> int:
        now = time.time_ns()
        self.timeline.append((now, event))
        return now

    # -- tap ------------------------------------------------------------------------------------
    def record(self, node: str = "r1", interface: str = "tap") -> None:
        self.tap = Tap(self.host(node), interface, self.folder / "capture.pcap", self.remora)
        self.tap.start()

    def stop_recording(self) -> None:
        self.tap.stop()

    # -- tools ----------------------------------------------------------------------------------
    def key_log(self) -> dict[str, str]:
        """Settings with which a program that uses OpenSSL or GnuTLS writes its TLS keys"""
        library = self.folder / "keylog.so"
        if not library.exists():
            subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "keylog.c", "-ldl"], check=True,
                           timeout=PATIENCE, env=os.environ | ENVIRONMENT)
        return {"LD_PRELOAD": str(library), "SSLKEYLOGFILE": str(self.key_log_file)}

    @property
    def key_log_file(self) -> Path:
        return self.folder / "tls.keylog"

    def log_texts(self, most: int = 1500) -> str:
        """The ends of all logs, for people who want to know what went wrong"""
        out = []
        for path in sorted(self.logs.glob("*")):
            if path.name.partition("-")[2] in CHATTER:
                continue
            text = path.read_text(encoding="utf-8", errors="replace").strip()
            if text:
                out.append(f"--- {path.name}\n{text[-most:]}")
        return "\n".join(out)
