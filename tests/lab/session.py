"""A user logs on, works and leaves: what most plays share, and what is known of such a session."""

from lab import topology
from lab.client import HEIGHT, NAME, WIDTH, Login, Xfreerdp, start_client
from lab.display import Display
from lab.endings import ENDINGS
from lab.laboratory import Laboratory
from lab.network import NETWORKS
from lab.scenario import Scenario
from lab.shadow import Shadow, ShadowServer
from lab.steps import STEPS, Scene
from lab.topology import DOMAIN
from lab.truth import WORDS, Truth, certificate_facts, logged_tls, tls_version_of, window
from lab.waiting import wait_for
from lab.xrdp import Xrdp, XrdpServer

CONNECTED = "lib_mod_log_peer"  # what xrdp logs once it shows a desktop
TARGET, TARGET6 = f"srv-fin.{DOMAIN}", f"srv-fin-v6.{DOMAIN}"


def start_server(lab: Laboratory, settings: Xrdp | Shadow) -> XrdpServer | ShadowServer:
    server = XrdpServer(lab, settings) if isinstance(settings, Xrdp) else ShadowServer(lab, settings)
    server.start()
    return server


def ends_of(scenario: Scenario) -> dict:
    version6 = scenario.network == "IPv6"
    client, server = (topology.CLIENT6, topology.SERVER6) if version6 else (topology.CLIENT, topology.SERVER)
    return {"kind": "RDP", "direction": "FORWARD", "initiator": "CLIENT", "client": {"address": client},
            "server": {"address": server, "port": scenario.server.port if scenario.server else 3389,
                       "fqdn": TARGET6 if version6 else TARGET}, "path": way_of(client, server)}


def way_of(client: str, server: str) -> list[list]:
    """Addresses with their role, and how many routers lie between them and the tap, which is r1's far side"""
    return [[client, "CLIENT", 1], [server, "SERVER", 2]]


def security_of(lab: Laboratory, scenario: Scenario, server: XrdpServer | ShadowServer, name: str = "") -> dict:
    """Of the last connection: what settings and logs say of negotiation and encryption. `name` is what the client
    called the server; xfreerdp says it in TLS."""
    negotiation: dict = {}
    if isinstance(server, XrdpServer):
        asked, chosen = server.selected()[-1]
        selected = WORDS[chosen]
        if not (isinstance(scenario.client, Xfreerdp) and scenario.client.security == "rdp"):
            negotiation["requested_protocols"] = [WORDS[word] for word in asked.split("|") if word != "RDP"]
    else:
        selected = {"rdp": "STANDARD", "tls": "TLS", "nla": "CREDSSP"}[server.settings.security]
        negotiation["requested_protocols"] = {"STANDARD": None, "TLS": ["TLS"], "CREDSSP": ["TLS", "CREDSSP"]}[selected]
    negotiation["selected_protocol"] = selected
    if selected == "STANDARD":
        return {"negotiation": negotiation, "security": standard_security(server)}
    tls = logged_tls(server.log()) if isinstance(server, XrdpServer) else {}
    tls = {"version": tls_version_of(lab.key_log_file)} | tls
    if name and isinstance(scenario.client, Xfreerdp):
        tls["sni"] = name
    return {"negotiation": negotiation, "security": {"tls": tls, "certificate": certificate_facts()}}


def standard_security(server: XrdpServer | ShadowServer) -> dict:
    if isinstance(server, ShadowServer):
        return {"encryption_method": "RC4_128", "encryption_level": "CLIENT_COMPATIBLE", "server_key_bits": 2048}
    method, level = {"none": ("NONE", "NONE"), "low": ("RC4_40", "LOW"), "medium": ("RC4_40", "CLIENT_COMPATIBLE"),
                     "high": ("RC4_128", "HIGH"), "fips": ("FIPS", "FIPS")}[server.settings.crypt]
    return {"encryption_method": method, "encryption_level": level, "server_key_bits": 2048}


def software_of(server: XrdpServer | ShadowServer) -> dict:
    software: dict = {"computer_name": NAME, "desktop_width": WIDTH, "desktop_height": HEIGHT}
    if isinstance(server, XrdpServer):
        software["keyboard_layout"] = server.keyboard_layout()
    return {"client_software": software}


def play_session(lab: Laboratory, scenario: Scenario) -> Truth:
    """A user logs on, works and leaves."""
    truth, login = Truth(), Login(**scenario.options.get("login", {}))
    NETWORKS[scenario.network](lab)
    server = start_server(lab, scenario.server)
    display = lab.display("cli")
    (lab.host("cli").home / "usb").mkdir()
    lab.record()
    perform(log_on(lab, scenario, truth, server, display, login), scenario)
    lab.stop_recording()
    return truth


def log_on(lab: Laboratory, scenario: Scenario, truth: Truth, server: XrdpServer | ShadowServer, display: Display,
           login: Login, *more: object, target: str = "", returning: bool = False) -> Scene:
    """Until the desktop is there, which is an old one for who returns; `target` is what the user calls the server, if
    not by its name"""
    session = ends_of(scenario)
    port = f":{scenario.server.port}" if scenario.server.port != 3389 else ""
    target = target or session["server"]["fqdn"] + port
    options = scenario.options.get("arguments", ())
    known = display.windows(scenario.client.window)
    before = server.log().count(CONNECTED)
    start = lab.mark("the client starts")
    client = start_client(lab, display, scenario.client, target, login, *options, *more)
    window_id = display.wait_for_window(scenario.client.window, client, known)
    if returning:
        wait_for("the old desktop", lambda: server.log().count(CONNECTED) > before)
    elif isinstance(server, XrdpServer):
        server.wait_for_desktop(client)
    up = lab.mark("the desktop is there")
    used = {one["client"].get("port") for one in truth.sessions}
    ports = [port for port in lab.own_ports("cli", scenario.server.port) if port not in used]
    if len(ports) == 1:
        session["client"]["port"] = ports[0]
    session |= security_of(lab, scenario, server, session["server"]["fqdn"]) | software_of(server)
    session["negotiation"]["cookie"] = login.user
    session["users"] = [{"name": login.user, "domain": login.domain}]
    session["path"] += scenario.options.get("path", [])
    if session["negotiation"]["selected_protocol"] == "CREDSSP":
        truth.logons.append({"method": "CREDSSP_NTLM", "succeeded": True, "user": session["users"][0]})
    session |= {"outcome": "ESTABLISHED", "opened": {"within": window(start, up)},
                "accepted": {"within": window(start, up)}}
    truth.sessions.append(session)
    return Scene(lab, truth, server, display, client, window_id, session)


def perform(scene: Scene, scenario: Scenario) -> None:
    for name, *arguments in scenario.user:
        STEPS[name](scene, *arguments)
    scene.session |= ENDINGS[scenario.ending](scene)
