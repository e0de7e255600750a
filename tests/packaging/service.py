"""Starts the service as its unit says, without systemd: the same user, capabilities, limits and command, and a socket where
systemd's would be. What the unit forbids by file systems and seccomp is not there."""

import os
import re
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

from clean_system import CleanSystem

PATIENCE = 60


class Unit:
    def __init__(self, text: str) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in re.findall(r"(?m)^(\w+)=(.*)$", text):
            self.values.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        (value,) = self.values[name]
        return value

    def command(self) -> list[str]:
        capabilities = ",".join("+" + name.removeprefix("CAP_").lower() for name in self.one("AmbientCapabilities").split())
        return ["setpriv", "--reuid", self.one("User"), "--regid", self.one("Group"), "--init-groups",
                "--inh-caps", f"-all,{capabilities}", "--ambient-caps", f"-all,{capabilities}",
                "--bounding-set", f"-all,{capabilities}", "--no-new-privs", "--", *self.one("ExecStart").split()]


class Service:
    """A running service; its end is awaited or forced by `close`."""

    def __init__(self, system: CleanSystem, unit: Unit) -> None:
        self._path = system.root / "run/remora-notify"
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._path))
        self._path.chmod(0o666)
        self._log = open(system.folder / "service.log", "a+", encoding="utf-8")
        self.told: list[str] = []
        command = system.command("env", "NOTIFY_SOCKET=/run/remora-notify", "WATCHDOG_USEC=30000000", *unit.command())
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                                        umask=int(unit.one("UMask"), 8),
                                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))

    def await_told(self, wanted: str) -> bool:
        """Waits until the service tells this line, from now on"""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            self._socket.settimeout(1)
            try:
                lines = self._socket.recv(65536).decode().splitlines()
            except TimeoutError:
                continue
            self.told += lines
            if wanted in lines:
                return True
        return False

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def wait(self) -> int:
        return self.process.wait(PATIENCE)

    def status(self) -> dict[str, str]:
        """Of the first process, from /proc"""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return dict(re.findall(r"(?m)^(\w+):\s*(.*)$", text))

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self._socket.close()
        self._path.unlink(missing_ok=True)
        self._log.close()
