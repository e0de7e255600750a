"""Events without what cannot be the same when the same frames come at another time; README.md names it all."""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable

# Hashes of capture time and frame, frame numbers, and who was asked.
LEFT_OUT = {"event_id", "time", "sensor", "session_id", "frame"}
SPANS = {"duration", "active_duration"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Times in these stand in the documents themselves.
DOCUMENTS = {"ticket", "certificate"}


def nanoseconds(time: str) -> int:
    whole, _, fraction = time.removesuffix("Z").partition(".")
    moment = datetime.datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) * 10**9 + int(fraction.ljust(9, "0")[:9])


def plain(value: object, names: dict[str, str], within: str = "") -> object:
    if isinstance(value, dict):
        return {key: plain_document(one, names) if key in DOCUMENTS else plain(one, names, key)
                for key, one in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [plain(one, names, within) for one in value]
    if isinstance(value, str) and TIME.fullmatch(value):
        return "a time"
    if within == "ticket_id":
        return names.get(value, value)
    if within in SPANS:
        return "a duration"
    if within == "end_reason" and value == "CAPTURE_END":
        return "SENSOR_RESTART"  # what the end of a capture is to a daemon
    return value


def plain_document(value: dict, names: dict[str, str]) -> dict:
    return {key: names.get(one, one) if key == "ticket_id" else one for key, one in value.items()}


def ticket_names(events: list[dict]) -> dict[str, str]:
    """Of tickets that nobody saw: what they are called is made from when they must have been given"""
    concluded = [event["ticket_id"] for event in events
                 if "ticket_created" in event and event.get("certainty") == "INFERRED"]
    return {ticket: f"concluded ({number})" for number, ticket in enumerate(concluded)}


def ran_out_before(events: list[dict]) -> set[str]:
    """Tickets that were over when they were seen. That is told when the next second of capture time begins, unless the
    ticket is deleted or the capture over before: by chance."""
    return {event["ticket_id"] for event in events if "ticket_created" in event
            and event["ticket_created"]["ticket"].get("expires", "9") <= event["time"]}


def session_names(events: list[dict]) -> dict[str, str]:
    """Of each session_id: both ends, and which of their sessions it is"""
    names: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for event in events:
        for kind in ("session_opened", "session_updated", "session_accepted", "session_closed"):
            if kind in event and event["session_id"] not in names:
                session = event[kind]["session"]
                ends = " > ".join(f"{end.get('address')}:{end.get('port')}"
                                  for end in (session.get("client", {}), session.get("server", {})))
                seen[ends] += 1
                names[event["session_id"]] = f"{ends} ({seen[ends]})"
    return names


def plain_events(events: Iterable[dict]) -> Counter:
    """All but sensor_health, each as a line of text"""
    events = list(events)
    names = session_names(events) | ticket_names(events)
    lines: Counter[str] = Counter()
    over = ran_out_before(events)
    for event in events:
        if "sensor_health" in event:
            continue
        if event.get("ticket_id") in over and ("ticket_expired" in event or "ticket_deleted" in event):
            continue
        line = plain(event, names)
        if "session_id" in event:
            line["of_session"] = names.get(event["session_id"], "of none that was told")
        lines[json.dumps(line, sort_keys=True, ensure_ascii=False)] += 1
    return lines


def leaves(value: object, path: str = "") -> dict[str, object]:
    if isinstance(value, dict):
        return {name: leaf for key, one in value.items() for name, leaf in leaves(one, f"{path}.{key}").items()}
    if isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value):
        return {name: leaf for i, one in enumerate(value) for name, leaf in leaves(one, f"{path}[{i}]").items()}
    return {path: value}


def kind_of(line: str) -> str:
    known = {"ticket_id", "community_id", "certainty", "confidence", "evidence", "of_session"}
    return next(key for key in json.loads(line) if key not in known)


def distance(a: dict[str, object], b: dict[str, object]) -> tuple[bool, int]:
    """Events of the same session first"""
    return (a.get(".of_session") != b.get(".of_session"),
            sum(a.get(name) != b.get(name) for name in a.keys() | b.keys()))


def differences(expected: Counter, came: Counter) -> list[str]:
    """For people: what is missing and what is too much, by fields where two events are of the same kind"""
    missing, extra = list((expected - came).elements()), list((came - expected).elements())
    out = []
    for line in list(missing):
        same = [other for other in extra if kind_of(other) == kind_of(line)]
        if not same:
            continue
        a = leaves(json.loads(line))
        other = min(same, key=lambda text: distance(a, leaves(json.loads(text))))
        b = leaves(json.loads(other))
        missing.remove(line)
        extra.remove(other)
        out += [f"{kind_of(line)}{name}: {a.get(name, '(absent)')!r} became {b.get(name, '(absent)')!r}"
                for name in sorted(a.keys() | b.keys()) if a.get(name) != b.get(name)]
    out += [f"missing: {line[:400]}" for line in missing]
    return out + [f"too much: {line[:400]}" for line in extra]
