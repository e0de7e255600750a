"""Connections that never become a session: nobody there, no common protocol, a wrong password, a broken signature."""

from lab.client import Login, start_client
from lab.endings import close_window
from lab.laboratory import Laboratory
from lab.network import NETWORKS
from lab.process import Program
from lab.scenario import Scenario
from lab.session import TARGET, ends_of, security_of, software_of, start_server
from lab.steps import Scene
from lab.truth import WORDS, Truth, one_of, window
from lab.waiting import ProgramFailed, wait_for
from lab.xrdp import XrdpServer


def play_failure(lab: Laboratory, scenario: Scenario) -> Truth:
    truth = Truth()
    server = start_server(lab, scenario.server) if scenario.server else None
    NETWORKS[scenario.network](lab)
    display = lab.display("cli")
    login = Login(**scenario.options.get("login", {}))
    lab.record()
    start = lab.mark("the client starts")
    client = start_client(lab, display, scenario.client, TARGET, login, *scenario.options.get("arguments", ()))
    give_up(scenario, client)
    end = lab.mark("the client has given up")
    expected = scenario.options["failure"]
    if expected:
        check_log(scenario, client, server)
        session = ends_of(scenario)
        session |= {"opened": {"within": window(start, end)}, "closed": {"within": window(start, end)},
                    "accepted": None}
        session["negotiation"] = {"cookie": login.user}
        FACTS[expected](lab, scenario, server, session)
        truth.sessions.append(session)
    lab.stop_recording()
    return truth


def give_up(scenario: Scenario, client: Program) -> None:
    """Who is not answered has more patience than we."""
    if "patience" in scenario.options:
        try:
            client.wait(scenario.options["patience"])
        except ProgramFailed:
            client.stop()
    else:
        client.wait()


def check_log(scenario: Scenario, client: Program, server: object) -> None:
    words = scenario.options.get("says", "")
    said = client.text() + (server.log() if server else "")
    if words not in said:
        raise ProgramFailed(f"nobody said {words!r}: {said[-600:]}")


def no_common_protocol(_lab: Laboratory, scenario: Scenario, _server: object, session: dict) -> None:
    session["negotiation"]["failure"] = "HYBRID_REQUIRED_BY_SERVER"
    if scenario.client.security == "tls":
        session["negotiation"]["requested_protocols"] = ["TLS"]
    session["outcome"] = "NEGOTIATION_FAILED"


def wrong_password(lab: Laboratory, scenario: Scenario, server: object, session: dict) -> None:
    facts = security_of(lab, scenario, server, TARGET)
    facts["negotiation"]["cookie"] = session["negotiation"]["cookie"]
    session |= facts
    session["outcome"] = "AUTHENTICATION_FAILED"


def wrong_signature(_lab: Laboratory, _scenario: Scenario, server: XrdpServer, session: dict) -> None:
    """FreeRDP always sends salted MACs, which this xrdp cannot verify: it hangs up after the Client Info PDU."""
    session["negotiation"]["selected_protocol"] = WORDS[server.selected()[-1][1]]
    session["security"] = {"encryption_method": "RC4_128", "encryption_level": "HIGH"}
    session["client_software"] = {"computer_name": "WS-ANNA"}
    session["outcome"] = one_of("REFUSED", "UNKNOWN")
    session["end_reason"] = "SERVER_DISCONNECT"


FACTS = {"no common protocol": no_common_protocol, "wrong password": wrong_password, "wrong signature": wrong_signature}


def play_dialog(lab: Laboratory, scenario: Scenario) -> Truth:
    """xrdp lets everybody in and asks then: it draws `login failed`, and the user closes the window."""
    truth, login = Truth(), Login(**scenario.options["login"])
    server = start_server(lab, scenario.server)
    display = lab.display("cli")
    lab.record()
    start = lab.mark("the client starts")
    client = start_client(lab, display, scenario.client, TARGET, login)
    window_id = display.wait_for_window(scenario.client.window, client)
    wait_for("xrdp to refuse", lambda: "login failed" in server.log())
    up = lab.mark("xrdp has drawn its dialog")
    session = ends_of(scenario) | security_of(lab, scenario, server, TARGET) | software_of(server)
    session["negotiation"]["cookie"] = login.user
    session["users"] = [{"name": login.user, "domain": login.domain}]
    session |= {"outcome": "ESTABLISHED", "opened": {"within": window(start, up)},
                "accepted": {"within": window(start, up)}}
    truth.sessions.append(session)
    session |= close_window(Scene(lab, truth, server, display, client, window_id, session))
    lab.stop_recording()
    return truth
