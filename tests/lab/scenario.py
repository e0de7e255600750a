"""What a scenario is: data. plays.py turns it into traffic."""

from dataclasses import dataclass, field

from lab.client import Client
from lab.shadow import Shadow
from lab.xrdp import Xrdp


@dataclass(frozen=True)
class Scenario:
    name: str
    story: str                           # one line, for people
    play: str = "session"                # a name in plays.py
    client: Client | None = None
    server: Xrdp | Shadow | None = None
    network: str = "plain"               # a name in network.py
    user: tuple[tuple, ...] = ()         # what the user does: names in steps.py with their arguments
    ending: str = "log off"              # a name in endings.py
    carrier: str = ""                    # of a ticket: a name in carriers.py
    options: dict = field(default_factory=dict)  # of the play
    needs: tuple[str, ...] = ()          # programs beside those of client, server and network
    not_yet: dict[str, str] = field(default_factory=dict)  # field, or all below it: why Remora cannot say it
    chance: dict[str, str] = field(default_factory=dict)  # the same of what the lab's keys show or not, as the play goes
    short: bool = False                  # part of the short set
    made: bool = False                   # not played, but made from another one's recording

    def not_yet_with_keys(self) -> dict[str, str]:
        """What stays unsaid when the lab's keys are given, too."""
        return {field: reason for field, reason in self.not_yet.items() if reason != KEYS}


# Reasons for not_yet
KEYS = "needs decryption"
ATTACKS = "scans and brute force are not told yet"

UNANSWERED = "the expert leaves before the novice has answered; what is read says no more"

# What needs a picture, or the novice's answer
ADMISSION = {f"sessions[0].{name}": UNANSWERED for name in ("outcome", "accepted")}
# What TLS hides of a session, and Standard RDP Security hides of the client's side
HIDDEN_BY_TLS = {f"sessions[0].{name}": KEYS for name in ("client_software", "users")}
HIDDEN_BY_TLS13 = HIDDEN_BY_TLS | {"sessions[0].security.certificate": KEYS}
HIDDEN_BY_RC4 = {"sessions[0].users": KEYS}
