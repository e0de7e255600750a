"""Programs of the lab: started inside a namespace, logged to files, stopped by pid."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab.waiting import PATIENCE, ProgramFailed, wait_for

# Debian's programs, whatever else the caller has on its path (pyenv's python3 has no impacket).
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


@dataclass
class Program:
    """A running program. `ip netns exec` and `unshare` replace themselves, so the pid is the program's."""
    name: str
    popen: subprocess.Popen
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid

    def running(self) -> bool:
        return self.popen.poll() is None

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def wait_for_text(self, text: str, patience: float = PATIENCE) -> None:
        def said() -> bool:
            if text in self.text():
                return True
            if not self.running():
                raise ProgramFailed(f"{self.name} ended ({self.popen.returncode}) before it said {text!r}")
            return False
        wait_for(f"{self.name} to say {text!r}", said, patience)

    def wait(self, patience: float = PATIENCE) -> int:
        """Its exit code, once it has ended by itself"""
        wait_for(f"{self.name} to end", lambda: not self.running(), patience, 0.02)
        return self.popen.returncode

    def send(self, number: signal.Signals) -> None:
        if self.running():
            self.popen.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM, patience: float = 5.0) -> None:
        self.send(number)
        try:
            self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait(5)


def alive(pid: int) -> bool:
    """Zombies, which wait for their parent only, count as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def kill_all(pids: list[int]) -> None:
    """Ends processes that are not children of this program."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        end = time.monotonic() + (1.0 if number == signal.SIGTERM else 5.0)
        while any(alive(pid) for pid in pids) and time.monotonic() < end:
            time.sleep(0.02)
        if not any(alive(pid) for pid in pids):
            return


@dataclass
class Host:
    """A machine of the lab: a network namespace with a host name and its own home folder."""
    namespace: str
    name: str
    home: Path
    logs: Path
    environment: dict[str, str] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)

    def command(self, *arguments: object) -> list[str]:
        named = ["unshare", "-u", "sh", "-c", 'hostname "$0"; exec "$@"', self.name]
        return ["ip", "netns", "exec", self.namespace, *named, *map(str, arguments)]

    def settings(self, more: dict[str, str] | None) -> dict[str, str]:
        return ENVIRONMENT | {"HOME": str(self.home)} | self.environment | (more or {})

    def start(self, *arguments: object, name: str = "", environment: dict[str, str] | None = None,
              stdin: int = subprocess.DEVNULL, stdout: int | None = None) -> Program:
        name = name or Path(str(arguments[0])).name
        log = self.logs / f"{self.name}-{name}.log"
        number = 1
        while log.exists():
            number += 1
            log = self.logs / f"{self.name}-{name}-{number}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(self.command(*arguments), env=self.settings(environment), cwd=self.home,
                                     stdin=stdin, stdout=out if stdout is None else stdout, stderr=out,
                                     start_new_session=True)
        program = Program(name, popen, log)
        self.programs.append(program)
        return program

    def run(self, *arguments: object, patience: float = PATIENCE, check: bool = True, stdin: bytes = b"",
            environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
        """Runs to the end, with output"""
        try:
            done = subprocess.run(self.command(*arguments), env=self.settings(environment), cwd=self.home, input=stdin,
                                  capture_output=True, timeout=patience, check=False)
        except subprocess.TimeoutExpired as late:
            raise ProgramFailed(f"{arguments[0]} did not end within {patience:.0f} s") from late
        with (self.logs / f"{self.name}-run.log").open("ab") as log:
            log.write(f"$ {' '.join(map(str, arguments))}\n".encode() + done.stdout + done.stderr)
        if check and done.returncode != 0:
            raise ProgramFailed(f"{' '.join(map(str, arguments))}: exit code {done.returncode}: "
                                + done.stderr.decode(errors="replace")[-500:])
        return done

    def stop_all(self) -> None:
        for program in reversed(self.programs):
            program.send(signal.SIGTERM)
        for program in reversed(self.programs):
            program.stop()
        self.programs.clear()
