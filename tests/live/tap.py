"""A network of the test's own, cables in it that a daemon listens to, and the daemon: what the programs of this folder
share. They are called with the binary and the project's folder: live_test.py BINARY PROJECT. They need root."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt
USER = "nobody"  # who the daemon becomes
ADMIN_PORT = 8389
MTU = 65535  # captures hold frames that a network card put together


def enter_own_network() -> None:
    """Starts this program anew in a network namespace, or ends it as skipped."""
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        print(f"SKIPPED {Path(sys.argv[0]).name}: needs root, unshare and ip")
        sys.exit(SKIPPED)
    if os.environ.get("REMORA_OWN_NETWORK") != "1":
        os.environ["REMORA_OWN_NETWORK"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])
    run("ip", "link", "set", "lo", "up")
    for kind in ("all", "default"):
        Path(f"/proc/sys/net/ipv6/conf/{kind}/disable_ipv6").write_text("1")


def need(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        print(f"SKIPPED {Path(sys.argv[0]).name}: {' and '.join(missing)} not installed")
        sys.exit(SKIPPED)


def take_argument(default: Path) -> Path:
    """Arguments that unittest shall not see"""
    return Path(sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else default).resolve()


def main() -> None:
    """unittest.main, with what was skipped by name, and as the exit code where nothing else was played"""
    result = unittest.main(module="__main__", exit=False, argv=sys.argv).result
    for case, reason in result.skipped:
        print(f"SKIPPED {Path(sys.argv[0]).name} {case.id()}: {reason}")
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.testsRun and len(result.skipped) == result.testsRun else 0)


def run(*command: object, timeout: float = 60, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in command], check=check, timeout=timeout, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_for(what: Callable[[], bool], seconds: float = 30, text: str = "it did not happen") -> None:
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(text)
        time.sleep(0.05)


class Cable:
    """Two ends: what is sent into `here` comes out of `there`, where the daemon listens."""

    def __init__(self, name: str):
        self.here, self.there = f"{name}-in", f"{name}-out"
        self.make()

    def make(self) -> None:
        run("ip", "link", "add", self.here, "mtu", MTU, "type", "veth", "peer", "name", self.there, "mtu", MTU)
        for end in (self.here, self.there):
            run("ip", "link", "set", end, "arp", "off", "up")

    def set(self, *words: object) -> None:
        run("ip", "link", "set", self.there, *words)

    def carries(self) -> bool:
        return json.loads(run("ip", "-json", "link", "show", self.here).stdout)[0]["operstate"] == "UP"

    def remove(self) -> None:
        run("ip", "link", "delete", self.there)

    def send(self, capture: Path, *options: object, timeout: float = 300) -> str:
        return run("tcpreplay", "--intf1", self.here, *(options or ["--topspeed"]), capture, timeout=timeout).stdout


class Daemon:
    """A daemon with its files in a folder of their own; its events go into events.jsonl there."""

    def __init__(self, binary: Path, interfaces: list[str], more: str = "", arguments: list[str] = (),
                 port: int = ADMIN_PORT, folder: Path | None = None, capture: dict[str, object] | None = None,
                 drain: str = "10s"):
        self.binary, self.interfaces, self.arguments, self.port = binary, interfaces, list(arguments), port
        self.own = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="remora-live-"))
        # Each sort of file in a folder of its own, as in an installation: rights go by folders.
        for name in ("etc", "state", "out"):
            (self.folder / name).mkdir(exist_ok=True)
            shutil.chown(self.folder / name, USER)
        self.folder.chmod(0o755)
        self.config = self.folder / "etc/remora.yaml"
        self.events_file = self.folder / "out/events.jsonl"
        self.log = self.folder / "log"
        self.configure(more, capture, drain)
        self.process: subprocess.Popen | None = None
        self.notices: socket.socket | None = None
        self.told: list[str] = []

    def configure(self, more: str = "", capture: dict[str, object] | None = None, drain: str = "10s") -> None:
        """`capture`: keys of that section"""
        keys = {"timeout": "20ms", "hold": "60ms", **(capture or {})}
        section = "".join(f"\n  {key}: {value}" for key, value in keys.items())
        self.config.write_text(f"""\
sensor: {{name: live}}
user: {USER}
capture:
  interfaces: [{", ".join(self.interfaces)}]{section}
admin: {{address: "127.0.0.1:{self.port}"}}
spool: {{path: {self.folder}/state/spool.db}}
drain: {drain}
outputs:
  - {{name: events, type: file, path: {self.events_file}, batch: {{age: 100ms}}}}
{more}""")

    def start(self, wait: bool = True) -> "Daemon":
        if self.notices is not None:
            self.notices.close()
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = str(self.folder / f"notify-{time.monotonic_ns()}")
        self.notices.bind(path)
        os.chmod(path, 0o777)
        self.notices.setblocking(False)
        self.told = []
        with self.log.open("a") as log:
            # In a group of its own, which a test can signal as a terminal does.
            self.process = subprocess.Popen([self.binary, "daemon", "--config", self.config, *self.arguments],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
                                            env={**os.environ, "NOTIFY_SOCKET": path})
        if wait:
            self.wait_for_notice("READY=1")
            self.wait_ready()
        return self

    def notice(self, word: str) -> bool:
        """Whether it told the service manager so since `forget_notices`"""
        with contextlib.suppress(BlockingIOError):
            while True:
                self.told += self.notices.recv(4096).decode().splitlines()
        return word in self.told

    def forget_notices(self) -> None:
        self.notice("")
        self.told = []

    def wait_for_notice(self, word: str, seconds: float = 30) -> None:
        def came() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode}:\n{self.text()}")
            return self.notice(word)
        wait_for(came, seconds, f"no {word}:\n{self.text()}")

    def wait_ready(self, seconds: float = 30) -> None:
        wait_for(lambda: self.get("/readyz")[0] == 200, seconds, f"not ready:\n{self.text()}")

    def processes(self) -> dict[str, int]:
        """supervisor, sensor and shipper by their process numbers"""
        main = self.process.pid
        found = {"supervisor": main}
        for child in Path(f"/proc/{main}/task/{main}/children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            found["sensor" if command[1] == b"sensor" else "shipper"] = int(child)
        return found

    def get(self, path: str) -> tuple[int, str]:
        """0 where nobody answers"""
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name: str, **labels: str) -> float:
        """The sum over all lines of this name that have these labels"""
        total = 0.0
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith(name) and line[len(name)] in " {":
                if all(f'{label}="{value}"' in line for label, value in labels.items()):
                    total += float(line.rsplit(" ", 1)[1])
        return total

    def wait_for_frames(self, least: int, seconds: float = 60) -> None:
        wait_for(lambda: self.metric("remora_packets_total") >= least, seconds,
                 f"{self.metric('remora_packets_total')} of {least} frames came")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def reload(self) -> None:
        """Until it is through"""
        self.forget_notices()
        self.signal(signal.SIGHUP)
        self.wait_for_notice("READY=1")

    def stop(self, seconds: float = 60) -> int:
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop:\n{self.text()}") from None

    def kill(self) -> None:
        """All of its processes, at once"""
        if self.process is None or self.process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            for number in self.processes().values():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        self.process.kill()
        self.process.wait(30)

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def events(self) -> list[dict]:
        if not self.events_file.exists():
            return []
        lines = self.events_file.read_text().split("\n")
        return [json.loads(line) for line in lines[:-1]]

    def events_of(self, kind: str) -> list[dict]:
        return [event for event in self.events() if kind in event]

    def remove(self) -> None:
        self.kill()
        if self.notices is not None:
            self.notices.close()
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)
