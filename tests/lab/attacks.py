"""Scans, guessing, and an offer of help that nobody asked for."""

import re
from collections.abc import Callable

from lab import topology
from lab.carriers import PYTHON
from lab.client import Login, Xfreerdp, start_client
from lab.laboratory import HERE, Laboratory
from lab.scenario import Scenario
from lab.session import start_server
from lab.truth import Truth, window
from lab.waiting import ProgramFailed

E_ACCESSDENIED = 0x80070005  # the HRESULT with which rpc/novice.py refuses
PASSWORDS = ("Winter2026", "Summer2026", "letmein", "Passw0rd", "corp123", "changeme")


def play_attack(lab: Laboratory, scenario: Scenario) -> Truth:
    truth = Truth()
    server = start_server(lab, scenario.server) if scenario.server else None
    lab.record()
    ATTACKS[scenario.options["attack"]](lab, truth, server)
    lab.stop_recording()
    return truth


def port_scan(lab: Laboratory, truth: Truth, _server) -> None:
    """SYNs to 200 ports and to 3389, none of which becomes a connection"""
    lab.mark("the scan begins")
    lab.host("atk").run("nmap", "-n", "-Pn", "-sS", "--max-retries", 1, "-p", "1-200,3389", topology.SERVER)
    lab.mark("the scan ends")
    truth.attacks.append("scan")


def rdp_scan(lab: Laboratory, truth: Truth, server) -> None:
    """nmap's scripts ask for every security protocol in turn."""
    lab.mark("the scan begins")
    lab.host("atk").run("nmap", "-n", "-Pn", "-p", 3389, "--script", "rdp-enum-encryption,rdp-ntlm-info",
                        topology.SERVER, patience=120)
    lab.mark("the scan ends")
    truth.attacks.append("scan")
    truth.sessions_between = (1, server.connections())


def guess_standard(lab: Laboratory, truth: Truth, server) -> None:
    (lab.folder / "users").write_text("administrator\nanna\n")
    (lab.folder / "passwords").write_text("\n".join(PASSWORDS) + "\n")
    lab.mark("the guessing begins")
    lab.host("atk").run("ncrack", "-v", "-g", "CL=2,to=4s", "-U", lab.folder / "users", "-P", lab.folder / "passwords",
                        f"rdp://{topology.SERVER}", patience=90, check=False)
    lab.mark("the guessing ends")
    truth.attacks.append("brute force")
    truth.sessions_between = (1, server.connections())


def guess_hydra(lab: Laboratory, truth: Truth, server) -> None:
    """hydra believes its first guess: xrdp lets everybody in and asks then."""
    (lab.folder / "passwords").write_text("\n".join(PASSWORDS) + "\n")
    lab.mark("the guessing begins")
    lab.host("atk").run("hydra", "-t", 1, "-l", "anna", "-P", lab.folder / "passwords", f"rdp://{topology.SERVER}",
                        patience=60, check=False)
    lab.mark("the guessing ends")
    truth.sessions_between = (1, server.connections())


def guess_nla(lab: Laboratory, truth: Truth, _server) -> None:
    """One connection a guess; every one is refused inside CredSSP."""
    display = lab.display("atk")
    for password in PASSWORDS:
        start = lab.mark("a guess")
        client = start_client(lab, display, Xfreerdp("nla"), f"srv-fin.{topology.DOMAIN}",
                              Login(password=password), "+auth-only", node="atk")
        code = client.wait()
        if "LOGON_FAILURE" not in client.text() and code == 0:
            raise ProgramFailed(f"the guess was not refused: {client.text()[-300:]}")
        end = lab.mark("refused")
        truth.sessions.append({
            "kind": "RDP", "direction": "FORWARD", "initiator": "CLIENT", "client": {"address": topology.ATTACKER},
            "server": {"address": topology.SERVER, "port": 3389}, "negotiation": {"cookie": "anna", "selected_protocol":
                                                                                 "CREDSSP"},
            "outcome": "AUTHENTICATION_FAILED", "opened": {"within": window(start, end)},
            "closed": {"within": window(start, end)}, "accepted": None})
    truth.attacks.append("brute force")


def offer(lab: Laboratory, truth: Truth, _server) -> None:
    novice = lab.host("srv").start(PYTHON, HERE / "rpc/novice.py", name="novice")
    lab.wait_for_port("srv", 135, novice)
    start = lab.mark("the expert offers help")
    said = lab.host("cli").run(PYTHON, HERE / "rpc/expert.py", f"srv-fin.{topology.DOMAIN}").stdout.decode()
    end = lab.mark("the novice's machine has refused")
    if not re.search(r"refused: .*(ACCESS|0x80070005)", said, re.I):
        raise ProgramFailed(f"the offer was not refused as planned: {said}")
    truth.offers.append({"time": {"within": window(start, end)}, "expert": {"address": topology.CLIENT},
                         "novice": {"address": topology.SERVER}, "error": {"code": E_ACCESSDENIED}})


ATTACKS: dict[str, Callable[..., None]] = {
    "port scan": port_scan, "rdp scan": rdp_scan, "ncrack": guess_standard, "hydra": guess_hydra, "nla": guess_nla,
    "offer": offer,
}
