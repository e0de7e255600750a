"""Two clients for one account: the user comes back to a session, or another client takes it over."""

from lab.client import Login
from lab.display import Display
from lab.endings import ended, kill_client, log_off
from lab.laboratory import Laboratory
from lab.scenario import Scenario
from lab.session import log_on, start_server
from lab.truth import Truth
from lab.xrdp import XrdpServer


def play_return(lab: Laboratory, scenario: Scenario) -> Truth:
    """The client dies, and the user comes back to the desktop as it was left."""
    truth, display, server = prepare(lab, scenario)
    first = log_on(lab, scenario, truth, server, display, Login())
    first.session |= kill_client(first)
    second = log_on(lab, scenario, truth, server, display, Login(), returning=True)
    second.session |= log_off(second)
    lab.stop_recording()
    return truth


def play_takeover(lab: Laboratory, scenario: Scenario) -> Truth:
    """A second client of the same user is given the desktop, and the first is sent away."""
    truth, display, server = prepare(lab, scenario)
    first = log_on(lab, scenario, truth, server, display, Login())
    start = lab.mark("a second client comes")
    second = log_on(lab, scenario, truth, server, display, Login(), returning=True)
    first.client.wait()
    first.session |= ended(first, start, scenario.options["end"])
    second.session |= log_off(second)
    lab.stop_recording()
    return truth


def prepare(lab: Laboratory, scenario: Scenario) -> tuple[Truth, Display, XrdpServer]:
    server = start_server(lab, scenario.server)
    display = lab.display("cli")
    lab.record()
    return Truth(), display, server
