"""Holds events against the truth, field by field. Knows nothing of how either came to be."""

import datetime
import re
from dataclasses import dataclass
from enum import Enum

# Codes of anomalies by what they tell; docs/events.md names them.
ATTACKS = {"scan": re.compile(r"scan"), "brute force": re.compile(r"brute")}
CLOCK_SLACK = 20_000_000  # ns: a mark is made a moment before or after the packet that it speaks of


class Verdict(Enum):
    RIGHT = "right"
    WRONG = "wrong"
    NOT_YET = "not yet"
    TAKE_OUT = "right, so take its line out of not_yet"


@dataclass
class Field:
    name: str
    truth: object
    said: object
    verdict: Verdict
    reason: str = ""

    @property
    def bad(self) -> bool:
        return self.verdict in (Verdict.WRONG, Verdict.TAKE_OUT)

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict.value}: truth {self.truth!r}, Remora {self.said!r}" \
            + (f" ({self.reason})" if self.reason else "")


def nanoseconds(time: str) -> int:
    whole, _, fraction = time.removesuffix("Z").partition(".")
    moment = datetime.datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 10**9 + int(fraction.ljust(9, "0")[:9])


def within(window: list[str], time: object) -> bool:
    if not isinstance(time, str):
        return False
    start, end = (nanoseconds(edge) for edge in window)
    return start - CLOCK_SLACK <= nanoseconds(time) <= end + CLOCK_SLACK


def same(truth: object, said: object) -> bool:
    if isinstance(truth, dict) and set(truth) == {"one_of"}:
        return said in truth["one_of"]
    if isinstance(truth, dict) and set(truth) == {"within"}:
        return within(truth["within"], said)
    if isinstance(truth, bool):
        return bool(said) == truth
    if isinstance(truth, int):
        return said is not None and int(said) == truth
    return said == truth


def leaves(truth: dict, path: str = "") -> list[tuple[str, object]]:
    """Dotted names of all that is to be compared; lists are compared whole"""
    out = []
    for key, value in truth.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, dict) and set(value) not in ({"one_of"}, {"within"}):
            out += leaves(value, name)
        else:
            out.append((name, value))
    return out


def look_up(tree: object, name: str) -> object:
    for key in name.split("."):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def kind_of(event: dict) -> str:
    known = {"event_id", "time", "sensor", "session_id", "ticket_id", "community_id", "certainty", "confidence",
             "evidence"}
    return next((key for key in event if key not in known), "")


def of_kind(events: list[dict], kind: str) -> list[dict]:
    return [event[kind] | {"time": event["time"], "ticket_id": event.get("ticket_id")} for event in events
            if kind in event]


def in_no_folder(file: dict) -> dict:
    """Drives give the path too; where they lie on the client's disk is the play's own affair."""
    return file | {"file_name": re.split(r"[\\/]", file.get("file_name", ""))[-1]}


def covers(key: str, name: str) -> bool:
    """A line of not_yet stands for a field, or for all below it."""
    return name == key or name.startswith((f"{key}.", f"{key}["))


class Comparison:
    """`not_yet` is what Remora cannot say, and must not have right; `chance` what it may have right or not say, as the
    play goes."""

    def __init__(self, truth: dict, events: list[dict], not_yet: dict[str, str], chance: dict[str, str] | None = None):
        self.truth, self.events, self.not_yet, self.chance = truth, events, not_yet, chance or {}
        self.fields: list[Field] = []
        self.sessions = [event["session_closed"]["session"] for event in events if "session_closed" in event]
        self.check_sessions()
        self.check_list("files", [in_no_folder(file) for file in of_kind(events, "file_transfer_ended")], ("file_name",))
        self.check_tickets()
        self.check_list("rejected", of_kind(events, "ticket_rejected"), ())
        self.check_list("offers", of_kind(events, "offer"), ())
        self.check_list("logons", of_kind(events, "logon"), ())
        self.check_list("control", of_kind(events, "control_ended"), ())
        self.check_attacks()
        names = {one.name for one in self.fields}
        for key in {**not_yet, **self.chance}:
            if not any(covers(key, name) for name in names):
                self.fields.append(Field(key, None, None, Verdict.WRONG, "not_yet names what the truth has not"))

    # -- one field ------------------------------------------------------------------------------
    def put(self, name: str, truth: object, said: object, right: bool | None = None) -> None:
        right = same(truth, said) if right is None else right
        reason = next((reason for key, reason in self.not_yet.items() if covers(key, name)), "")
        chance = next((reason for key, reason in self.chance.items() if covers(key, name)), "")
        if chance and not right:
            self.fields.append(Field(name, truth, said, Verdict.NOT_YET, chance))
            return
        if reason:
            verdict = Verdict.TAKE_OUT if right else Verdict.NOT_YET
        else:
            verdict = Verdict.RIGHT if right else Verdict.WRONG
        self.fields.append(Field(name, truth, said, verdict, reason))

    # -- sessions -------------------------------------------------------------------------------
    def check_sessions(self) -> None:
        left = list(self.sessions)
        for index, truth in enumerate(self.truth["sessions"]):
            session = self.find(truth, left)
            if session is not None:
                left.remove(session)
            self.check_session(f"sessions[{index}]", truth, session or {})
        least, most = self.truth.get("sessions_between", [len(self.truth["sessions"])] * 2)
        self.put("sessions.count", least if most == least else f"{least} to {most}", len(self.sessions),
                 least <= len(self.sessions) <= most)

    @staticmethod
    def find(truth: dict, sessions: list[dict]) -> dict | None:
        """The first with the same ends that was opened in time"""
        for session in sessions:
            ends = all(same(truth[end][key], session[end].get(key)) for end in ("client", "server")
                       for key in ("address", "port") if key in truth[end])
            if ends and same(truth["opened"], session["opened"]):
                return session
        return None

    def check_session(self, name: str, truth: dict, session: dict) -> None:
        for field, value in leaves(truth):
            if field == "users":
                self.check_users(name, value, session)
            elif field == "path":
                self.check_path(f"{name}.path", value, session)
            elif field == "has_ticket":
                self.put(f"{name}.ticket_id", "one of a ticket", session.get("ticket_id"),
                         session.get("ticket_id") in {ticket["ticket_id"] for ticket in
                                                      of_kind(self.events, "ticket_created")})
            elif value is None:
                self.put(f"{name}.{field}", value, look_up(session, field), look_up(session, field) is None)
            else:
                self.put(f"{name}.{field}", value, look_up(session, field))

    def check_path(self, name: str, path: list[list], session: dict) -> None:
        """Address, role and, where the truth has it, the number of routers between address and tap"""
        for address, role, *hops in path:
            said = next((hop for hop in session.get("path", []) if hop.get("address") == address), {})
            self.put(f"{name}.{address}", role, said.get("role"))
            if hops:
                self.put(f"{name}.{address}.hops", hops[0], said.get("hops_from_sensor"))

    def check_users(self, name: str, users: list[dict], session: dict) -> None:
        said = [{key: user.get(key, "") for key in ("name", "domain")} for user in session.get("users", [])]
        for number, user in enumerate(users):
            found = any(all(one.get(key) == value for key, value in user.items()) for one in said)
            self.put(f"{name}.users[{number}]", user, said, found)

    # -- the rest -------------------------------------------------------------------------------
    def check_list(self, part: str, said: list[dict], keys: tuple[str, ...]) -> None:
        """In order, or by the keys where the truth has them. One that nothing speaks of is an invention."""
        left = list(said)
        for index, truth in enumerate(self.truth.get(part, [])):
            match = next((one for one in left if all(one.get(key) == truth[key] for key in keys)), None)
            if match is not None:
                left.remove(match)
            for field, value in leaves(truth):
                self.put(f"{part}[{index}].{field}", value, look_up(match or {}, field), None if match else False)
        if part in self.truth or said:
            self.put(f"{part}.count", len(self.truth.get(part, [])), len(said))

    def check_tickets(self) -> None:
        created = of_kind(self.events, "ticket_created")
        ends = of_kind(self.events, "ticket_deleted") + of_kind(self.events, "ticket_expired")
        for index, truth in enumerate(self.truth.get("tickets", [])):
            name = f"tickets[{index}]"
            match = created[index] if index < len(created) else {}
            end = next((one for one in ends if match and one["ticket_id"] == match["ticket_id"]), {})
            for field, value in leaves(truth):
                if field == "addresses":
                    said = [{key: one[key] for key in ("address", "name", "port") if key in one}
                            for one in look_up(match, "ticket.addresses") or []]
                    self.put(f"{name}.addresses", value, said, all(one in said for one in value))
                elif field.startswith("ended."):
                    self.put(f"{name}.{field}", value, look_up(end, field.removeprefix("ended.")))
                elif field.startswith("carrier.") or field == "time":
                    self.put(f"{name}.{field}", value, look_up(match, field))
                else:
                    self.put(f"{name}.{field}", value, look_up(match, f"ticket.{field}"), None if match else False)
        if "tickets" in self.truth or created:
            self.put("tickets.count", len(self.truth.get("tickets", [])), len(created))

    def check_attacks(self) -> None:
        codes = [event["anomaly"]["code"] for event in self.events if "anomaly" in event]
        for attack in self.truth.get("attacks", []):
            said = [code for code in codes if ATTACKS[attack].search(code)]
            self.put(f"attacks.{attack}", "told", said, bool(said))
