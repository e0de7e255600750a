"""What users do while they are logged on, and what that adds to the truth."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from lab.display import Display
from lab.laboratory import Laboratory
from lab.process import Program
from lab.shadow import ShadowServer
from lab.truth import Truth, file_facts, window
from lab.waiting import do_nothing, wait_for
from lab.xrdp import XrdpServer


@dataclass
class Scene:
    """A session that is up"""
    lab: Laboratory
    truth: Truth
    server: XrdpServer | ShadowServer
    display: Display
    client: Program
    window: str = ""
    session: dict = field(default_factory=dict)


def type_text(scene: Scene, text: str) -> None:
    scene.lab.mark("typing begins")
    scene.display.type(scene.window, text)
    scene.lab.mark("typing ends")


def idle(scene: Scene, seconds: float) -> None:
    scene.lab.mark("idle begins")
    do_nothing(seconds)
    scene.lab.mark("idle ends")


def content(name: str, size: int) -> bytes:
    """The same for the same name; it looks like nothing and does not compress."""
    return random.Random(name).randbytes(size)


def wait_inside(scene: Scene, path: str) -> None:
    """Drives and clipboard appear in the session some time after the desktop."""
    wait_for(f"{path} in the session", lambda: "yes" in scene.server.inside(f"test -e '{path}' && echo yes", False),
             pause=0.3)


def drive_read(scene: Scene, name: str, size: int) -> None:
    """The session copies a file from the client's drive."""
    path = scene.lab.host("cli").home / "usb" / name
    path.write_bytes(content(name, size))
    wait_inside(scene, f"thinclient_drives/usb/{name}")
    start = scene.lab.mark(f"copy {name} from the drive")
    scene.server.inside(f"cp 'thinclient_drives/usb/{name}' . && sync")
    end = scene.lab.mark("copied")
    arrived = scene.server.home / name
    add_file(scene, name, "CLIENT_TO_SERVER", "DRIVE_REDIRECTION", file_facts(arrived), start, end)


def drive_write(scene: Scene, name: str, size: int) -> None:
    """The session copies a file to the client's drive."""
    path = scene.server.home / name
    path.write_bytes(content(name, size))
    path.chmod(0o644)
    arrived = scene.lab.host("cli").home / "usb" / name
    wait_inside(scene, "thinclient_drives/usb")
    start = scene.lab.mark(f"copy {name} to the drive")
    scene.server.inside(f"cp '{name}' thinclient_drives/usb/ && sync")
    wait_for(f"{name} at the client", lambda: arrived.exists() and arrived.stat().st_size == size)
    end = scene.lab.mark("copied")
    add_file(scene, name, "SERVER_TO_CLIENT", "DRIVE_REDIRECTION", file_facts(arrived), start, end)


def clipboard_file(scene: Scene, name: str, size: int) -> None:
    """The user copies a file on the client and pastes it in the session."""
    path = scene.lab.host("cli").home / name
    path.write_bytes(content(name, size))
    scene.lab.mark(f"{name} is offered on the clipboard")
    scene.lab.host("cli").start("xclip", "-selection", "clipboard", "-t", "text/uri-list", "-i", "-loops", 0, "-quiet",
                                write_uris(scene, path), name="xclip", environment=scene.display.environment)
    offered = f"thinclient_drives/.clipboard/{name}"
    # xrdp shows files once somebody in the session asks what is on the clipboard.
    paste = "timeout 5 xclip -selection clipboard -t text/uri-list -o"
    wait_for(f"{name} in the session", lambda: "yes" in scene.server.inside(f"{paste}; test -e '{offered}' && echo yes",
                                                                            False), pause=0.5)
    start = scene.lab.mark(f"{name} is pasted")
    scene.server.inside(f"cp '{offered}' '{name}' && sync")
    end = scene.lab.mark("pasted")
    add_file(scene, name, "CLIENT_TO_SERVER", "CLIPBOARD", file_facts(scene.server.home / name), start, end)


def write_uris(scene: Scene, path: object) -> str:
    uris = scene.lab.host("cli").home / "uris"
    uris.write_text(f"file://{str(path).replace(' ', '%20')}\r\n")
    return str(uris)


def add_file(scene: Scene, name: str, direction: str, mechanism: str, facts: dict, start: int, end: int) -> None:
    scene.truth.files.append({"file_name": name, "direction": direction, "mechanism": mechanism, "result": "COMPLETED",
                              **facts, "start": {"within": window(start, end)}})


def control(scene: Scene, seconds: float) -> None:
    """The expert takes control with Ctrl+Alt+C, types, and gives it back the same way. freerdp-shadow never answers."""
    before = scene.lab.mark("control is requested")
    scene.display.chord(scene.window, "Control_L", "Alt_L", "c")
    taken = scene.lab.mark("control was requested")
    scene.display.type(scene.window, "ok")
    do_nothing(seconds)
    giving = scene.lab.mark("control is given back")
    scene.display.chord(scene.window, "Control_L", "Alt_L", "c")
    given = scene.lab.mark("control was given back")
    scene.truth.control.append({"start": {"within": window(before, taken)}, "end": {"within": window(giving, given)},
                                "role": "EXPERT"})


def run_inside(scene: Scene, command: str) -> None:
    scene.lab.mark(f"in the session: {command}")
    scene.server.inside(command)


def traceroute(scene: Scene) -> None:
    host = scene.lab.host("cli")
    scene.lab.mark("traceroute begins")
    host.run("traceroute", "-n", "-q", 1, "-w", 1, "-T", "-p", 3389, "srv-fin.corp.example")
    host.run("ping", "-n", "-c", 1, "-R", "srv-fin.corp.example", check=False)
    scene.lab.mark("traceroute ends")


STEPS: dict[str, Callable[..., None]] = {
    "type": type_text, "idle": idle, "read from the drive": drive_read, "write to the drive": drive_write,
    "paste a file": clipboard_file, "control": control, "run": run_inside, "traceroute": traceroute,
}
