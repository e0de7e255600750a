"""How sessions end, and what of it the recipe knows."""

import os
import signal
from collections.abc import Callable

from lab import network
from lab.steps import Scene
from lab.tap import LONGEST
from lab.truth import one_of, window
from lab.waiting import wait_for


def log_off(scene: Scene) -> dict:
    """xrdp ends the session, and says so, once the desktop has gone."""
    start = scene.lab.mark("the user logs off")
    scene.server.log_off()
    scene.client.wait()
    return ended(scene, start, "SERVER_DISCONNECT")


def close_window(scene: Scene) -> dict:
    """xfreerdp says nothing in RDP and closes the connection. TLS has a farewell of its own, and the server may answer
    it with the first FIN."""
    tls = "tls" in scene.session["security"]
    start = scene.lab.mark("the user closes the window")
    scene.display.close(scene.window)
    scene.client.wait()
    return ended(scene, start, one_of("CLIENT_CLOSED", "SERVER_CLOSED") if tls else "CLIENT_CLOSED")


def kill_client(scene: Scene) -> dict:
    start = scene.lab.mark("the client is killed")
    scene.client.stop(signal.SIGKILL)
    return ended(scene, start, one_of("CLIENT_CLOSED", "CLIENT_RESET"))


def kill_server(scene: Scene) -> dict:
    start = scene.lab.mark("the server is killed")
    server_processes(scene)
    scene.client.wait()
    return ended(scene, start, one_of("SERVER_CLOSED", "SERVER_RESET"))


def server_processes(scene: Scene, number: signal.Signals = signal.SIGKILL) -> None:
    """xrdp forks for each connection: all of its group"""
    os.killpg(scene.server.program.pid, number)


def stop_server(scene: Scene) -> dict:
    start = scene.lab.mark("the server is stopped")
    server_processes(scene, signal.SIGTERM)
    scene.client.wait()
    return ended(scene, start, one_of("SERVER_CLOSED", "SERVER_RESET", "SERVER_DISCONNECT"))


def cut_link(scene: Scene) -> dict:
    """Behind the tap. The client goes on sending into the void; the capture ends before anybody gives up."""
    start = scene.lab.mark("the link is cut")
    network.cut(scene.lab)
    scene.display.type(scene.window, "hello?")
    return ended(scene, start, "CAPTURE_END") | {"closed": {"within": window(start, start + int(2 * LONGEST * 1e9))}}


def reset_by_router(scene: Scene) -> dict:
    """A router behind the tap answers the client's packets with resets in the server's name."""
    start = scene.lab.mark("a router resets the connection")
    network.reset(scene.lab)

    def gone() -> bool:
        scene.display.type(scene.window, "x")
        return not scene.client.running()
    wait_for("the client to notice the reset", gone, pause=0.3)
    return ended(scene, start, "SERVER_RESET")


def ended(scene: Scene, start: int, reason: object) -> dict:
    return {"end_reason": reason, "closed": {"within": window(start, scene.lab.mark("over"))}}


ENDINGS: dict[str, Callable[[Scene], dict]] = {
    "log off": log_off, "close": close_window, "kill client": kill_client, "kill server": kill_server,
    "stop server": stop_server, "cut": cut_link, "reset": reset_by_router,
}
