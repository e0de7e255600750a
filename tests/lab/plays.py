"""All plays by name."""

from collections.abc import Callable

from lab.assistance import play_assistance, play_reverse
from lab.attacks import play_attack
from lab.failures import play_dialog, play_failure
from lab.laboratory import Laboratory
from lab.proxies import play_proxy
from lab.scenario import Scenario
from lab.second_client import play_return, play_takeover
from lab.session import play_session
from lab.tickets import play_ticket
from lab.truth import Truth

PLAYS: dict[str, Callable[[Laboratory, Scenario], Truth]] = {
    "session": play_session, "assistance": play_assistance, "reverse": play_reverse, "failure": play_failure,
    "dialog": play_dialog,
    "proxy": play_proxy, "attack": play_attack, "ticket": play_ticket, "return": play_return, "takeover": play_takeover,
}
