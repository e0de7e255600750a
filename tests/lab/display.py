"""Screens without monitors, and what users do at them. Xvfb chooses a free number itself."""

import os
import time

from lab.process import Host, Program
from lab.waiting import ProgramFailed, wait_for


class Display:
    def __init__(self, host: Host, size: str = "1024x768x24"):
        self.host = host
        self.size = size
        self.number = -1

    def start(self) -> "Display":
        read, write = os.pipe()
        try:
            self.program = self.start_server(write)
            os.close(write)
            write = -1
            self.number = self.read_number(read)
        finally:
            os.close(read)
            if write >= 0:
                os.close(write)
        self.window_manager = self.host.start("openbox", environment=self.environment)
        wait_for("openbox", self.managed)
        return self

    def managed(self) -> bool:
        done = self.host.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK", environment=self.environment, check=False)
        return b"window id" in done.stdout

    def start_server(self, write: int) -> Program:
        """`-displayfd` wants a descriptor that the program inherits: a shell makes it its standard output."""
        command = f"exec Xvfb -displayfd 3 -br -noreset -screen 0 {self.size} -ac -nolisten tcp 3>&1 >&2"
        return self.host.start("sh", "-c", command, name="Xvfb", stdout=write)

    def read_number(self, read: int) -> int:
        os.set_blocking(read, False)
        said = b""

        def whole() -> bool:
            nonlocal said
            try:
                said += os.read(read, 100)
            except BlockingIOError:
                pass
            if not self.program.running():
                raise ProgramFailed("Xvfb ended")
            return said.endswith(b"\n")
        wait_for("Xvfb's number", whole)
        return int(said)

    @property
    def environment(self) -> dict[str, str]:
        return {"DISPLAY": f":{self.number}"}

    def windows(self, words: str) -> list[str]:
        """Ids of the windows with these words in their titles"""
        done = self.host.run("wmctrl", "-l", environment=self.environment, check=False)
        found = [line.split(None, 3) for line in done.stdout.decode(errors="replace").splitlines()]
        return [parts[0] for parts in found if len(parts) == 4 and words in parts[3]]

    def wait_for_window(self, words: str, program: Program, known: list[str] | None = None) -> str:
        """The first that was not known before"""
        def there() -> str:
            if not program.running():
                raise ProgramFailed(f"{program.name} ended ({program.popen.returncode}) before its window came")
            return next((window for window in self.windows(words) if window not in (known or [])), "")
        return wait_for(f"a window {words!r}", there, pause=0.2)

    def close(self, window: str) -> None:
        """What the cross in the corner does"""
        self.host.run("wmctrl", "-i", "-c", window, environment=self.environment)

    def type(self, window: str, text: str, delay_ms: int = 60) -> None:
        self.host.run("xdotool", "windowactivate", "--sync", window, environment=self.environment, check=False)
        self.host.run("xdotool", "type", "--delay", delay_ms, text, environment=self.environment)

    def chord(self, window: str, *keys: str) -> None:
        """Keys held down together, as people do: with time between"""
        self.host.run("xdotool", "windowactivate", "--sync", window, environment=self.environment, check=False)
        for key in keys:
            self.host.run("xdotool", "keydown", key, environment=self.environment)
            time.sleep(0.03)
        for key in reversed(keys):
            self.host.run("xdotool", "keyup", key, environment=self.environment)
