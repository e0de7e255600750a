"""A ticket travels, and perhaps it is used."""

from lab.assistance import help_novice
from lab.carriers import CARRIERS
from lab.invitation import Invitation
from lab.laboratory import Laboratory
from lab.scenario import Scenario
from lab.session import start_server
from lab.topology import DOMAIN, SERVER
from lab.truth import Truth


def play_ticket(lab: Laboratory, scenario: Scenario) -> Truth:
    truth = Truth()
    port = scenario.server.port if scenario.server else 3389
    invitation = Invitation(scenario.options.get("format", "VISTA"),
                            addresses=((SERVER, port), (f"srv-fin.{DOMAIN}", port)))
    path = invitation.write(lab.folder / "ticket.msrcIncident")
    server = start_server(lab, scenario.server) if scenario.server else None
    display = lab.display("cli") if server else None
    lab.record()
    CARRIERS[scenario.carrier](lab, truth, invitation, path)
    if server and display:
        help_novice(lab, scenario, truth, server, display, invitation)
        truth.sessions[0]["has_ticket"] = True
    lab.stop_recording()
    return truth
