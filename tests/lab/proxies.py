"""Sessions through a middleman on `svc`; captured in r2 on all interfaces, so that both legs are seen."""

from lab import topology
from lab.client import Login
from lab.laboratory import Laboratory
from lab.scenario import Scenario
from lab.session import log_on, perform, start_server
from lab.topology import DOMAIN, SERVER, SERVICES
from lab.truth import Truth, one_of

BALANCER = """global
 log stdout format raw local0
defaults
 mode tcp
 timeout connect 10s
 timeout client 60s
 timeout server 60s
frontend rdp
 bind {bind}
 tcp-request inspect-delay 5s
 tcp-request content accept if RDP_COOKIE
 default_backend farm
backend farm
 balance rdp-cookie
 persist rdp-cookie
 server one {target}
"""


def socks(lab: Laboratory) -> tuple[str, ...]:
    server = lab.host("svc").start("microsocks", "-p", 1080)
    lab.wait_for_port("svc", 1080, server)
    return (f"/proxy:socks5://files.{DOMAIN}:1080",)


def http(lab: Laboratory) -> tuple[str, ...]:
    settings = lab.folder / "tinyproxy.conf"
    settings.write_text(f"User root\nGroup root\nPort 8888\nTimeout 60\nMaxClients 10\nConnectPort 3389\n"
                        f"LogFile \"{lab.logs}/FILES-tinyproxy.log\"\n")
    server = lab.host("svc").start("tinyproxy", "-d", "-c", settings)
    lab.wait_for_port("svc", 8888, server)
    return (f"/proxy:http://files.{DOMAIN}:8888",)


def balance(lab: Laboratory) -> tuple[str, ...]:
    """A balancer in front; a second one on the server takes its PROXY header off."""
    for node, name, bind, target in (("svc", "front", ":3389", f"{SERVER}:3390 send-proxy-v2"),
                                     ("srv", "back", ":3390 accept-proxy", "127.0.0.1:3389")):
        settings = lab.folder / f"haproxy-{name}.cfg"
        settings.write_text(BALANCER.format(bind=bind, target=target))
        server = lab.host(node).start("haproxy", "-db", "-f", settings)
        lab.wait_for_port(node, int(bind.split(":")[1].split()[0]), server)
    return ()


MIDDLEMEN = {"socks": socks, "http": http, "balance": balance}
PORTS = {"socks": 1080, "http": 8888, "balance": 3389}


def play_proxy(lab: Laboratory, scenario: Scenario) -> Truth:
    """Two connections, and so two sessions: client to middleman, middleman to server"""
    truth, kind = Truth(), scenario.options["middleman"]
    server = start_server(lab, scenario.server)
    options = MIDDLEMEN[kind](lab)
    display = lab.display("cli")
    lab.record("r2", "any")
    target = f"files.{DOMAIN}" if kind == "balance" else ""
    scene = log_on(lab, scenario, truth, server, display, Login(), *options, target=target)
    perform(scene, scenario)
    lab.stop_recording()
    second = truth.sessions[0]
    first = {key: value for key, value in second.items() if key not in ("client", "server", "path")}
    first |= {"client": {"address": topology.CLIENT}, "server": {"address": SERVICES, "port": PORTS[kind]},
              "end_reason": LOOSE}
    second |= {"client": {"address": SERVICES},
               "server": {"address": SERVER, "port": 3390 if kind == "balance" else 3389},
               "end_reason": LOOSE}
    del second["path"]  # hops differ from leg to leg, and are not those from the tap
    if kind == "balance":
        second["path"] = [[topology.CLIENT, "CLIENT"], [SERVICES, "PROXY"]]
    else:
        first["path"] = [[topology.CLIENT, "CLIENT"], [SERVICES, "PROXY"]]
    truth.sessions.insert(0, first)
    return truth


# A middleman closes both connections in its own order.
LOOSE = one_of("SERVER_DISCONNECT", "SERVER_CLOSED", "CLIENT_CLOSED", "CLIENT_DISCONNECT", "SERVER_RESET",
               "CLIENT_RESET")
