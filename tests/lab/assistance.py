"""Remote Assistance: xfreerdp is the expert, freerdp-shadow-cli the novice's desktop; forward and reverse."""

from lab import topology
from lab.client import NAME, Login, Xfreerdp, start_client, start_xfreerdp
from lab.display import Display
from lab.endings import ENDINGS
from lab.invitation import NOVICE, PASSWORD, Invitation
from lab.laboratory import Laboratory
from lab.process import Program
from lab.scenario import Scenario
from lab.session import security_of, way_of
from lab.shadow import ShadowServer
from lab.steps import STEPS, Scene
from lab.topology import DOMAIN
from lab.truth import Truth, window

LOCAL = 15911  # where the bridge on the waiting side listens for its client


def start_expert(lab: Laboratory, display: Display, client: Xfreerdp, invitation: Invitation,
                 target: str = "") -> Program:
    """FreeRDP takes an XP ticket's address for a name; `target` says it again."""
    path = invitation.write(lab.folder / "invite.msrcIncident")
    place = [f"/v:{target}"] if target else []
    return start_xfreerdp(lab, display, client, None, path, f"/assistance:{PASSWORD}", *place)


def play_assistance(lab: Laboratory, scenario: Scenario) -> Truth:
    truth = Truth()
    server = ShadowServer(lab, scenario.server)
    server.start()
    display = lab.display("cli")
    lab.record()
    help_novice(lab, scenario, truth, server, display)
    lab.stop_recording()
    return truth


def help_novice(lab: Laboratory, scenario: Scenario, truth: Truth, server: ShadowServer, display: Display,
                invitation: Invitation | None = None) -> None:
    port = scenario.server.port
    invitation = invitation or Invitation(scenario.options.get("format", "VISTA"),
                                          addresses=((topology.SERVER, port), (f"srv-fin.{DOMAIN}", port)))
    target = f"{topology.SERVER}:{port}" if invitation.format == "XP" else ""
    start = lab.mark("the expert opens the invitation")
    client = start_expert(lab, display, scenario.client, invitation, target)
    window_id = display.wait_for_window("FreeRDP", client)
    up = lab.mark("the expert sees the desktop")
    session = {"kind": "REMOTE_ASSISTANCE", "direction": "FORWARD", "initiator": "CLIENT",
               "client": {"address": topology.CLIENT}, "server": {"address": topology.SERVER, "port": port},
               "path": way_of(topology.CLIENT, topology.SERVER)}
    ports = lab.own_ports("cli", port)
    if len(ports) == 1:
        session["client"]["port"] = ports[0]
    finish(lab, scenario, truth, Scene(lab, truth, server, display, client, window_id, session), start, up)


# ns: the client's window is there before the novice has answered and sent a picture.
CONSENT = 3_000_000_000


def finish(lab: Laboratory, scenario: Scenario, truth: Truth, scene: Scene, start: int, up: int) -> None:
    """What is the same in both directions"""
    session = scene.session
    session |= security_of(lab, scenario, scene.server)
    session["negotiation"]["cookie"] = NOVICE
    session["client_software"] = {"computer_name": NAME}
    session["users"] = [{"name": NOVICE}]
    session |= {"outcome": "ESTABLISHED", "opened": {"within": window(start, up)},
                "accepted": {"within": window(start, up + CONSENT)}}
    truth.sessions.append(session)
    for name, *arguments in scenario.user:
        STEPS[name](scene, *arguments)
    session |= ENDINGS[scenario.ending](scene)


def play_reverse(lab: Laboratory, scenario: Scenario) -> Truth:
    """The waiting side listens, the sharing side dials out; bridges on both make the one TCP connection between."""
    truth, port = Truth(), scenario.options["listens"]
    server = ShadowServer(lab, scenario.server)
    server.start()
    display = lab.display("cli")
    lab.record()
    waiting = lab.host("cli").start("socat", f"TCP-LISTEN:{port},reuseaddr",
                                    f"TCP-LISTEN:{LOCAL},bind=127.0.0.1,reuseaddr", name="bridge")
    lab.wait_for_port("cli", port, waiting)
    start = lab.mark("the novice dials out")
    lab.host("srv").start("socat", f"TCP:{topology.CLIENT}:{port}", f"TCP:127.0.0.1:{scenario.server.port}",
                          name="bridge")
    lab.wait_for_port("cli", LOCAL, waiting)
    if scenario.options.get("assistance"):
        invitation = Invitation(addresses=(("127.0.0.1", LOCAL),))
        client = start_expert(lab, display, scenario.client, invitation)
    else:
        client = start_client(lab, display, scenario.client, f"127.0.0.1:{LOCAL}", Login())
    window_id = display.wait_for_window("FreeRDP", client)
    up = lab.mark("the desktop is there")
    assistance = bool(scenario.options.get("assistance"))
    session = {"kind": "REMOTE_ASSISTANCE" if assistance else "RDP", "direction": "REVERSE", "initiator": "SERVER",
               "client": {"address": topology.CLIENT, "port": port}, "server": {"address": topology.SERVER},
               "path": way_of(topology.CLIENT, topology.SERVER)}
    ports = lab.own_ports("srv", port)
    if len(ports) == 1:
        session["server"]["port"] = ports[0]
    finish(lab, scenario, truth, Scene(lab, truth, server, display, client, window_id, session), start, up)
    if not assistance:
        session["negotiation"]["cookie"] = Login().user
        session["users"] = [{"name": Login().user, "domain": Login().domain}]
    if scenario.server.security == "rdp":  # freerdp-shadow does not encrypt for a peer on its own machine
        session["security"] = {"encryption_method": "NONE", "encryption_level": "NONE"}
    lab.stop_recording()
    return truth
