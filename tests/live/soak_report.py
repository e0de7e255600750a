"""What a soak holds the daemon to: every session once, everywhere the same events, memory and descriptors as before."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from senders import Sent

GROWTH = 1.05  # of a process's peak, from the first half of a stretch, without its warm-up, to the second
GRAIN_MIB = 2.0  # what an allocator takes at once is no growth
LEAST = 15  # seconds of a half that is compared with the other
CAME_AGAIN = "SENSOR_RESTART"


@dataclass
class Disturbance:
    """Sessions of these cables that were sent between these times may be cut or missed."""
    name: str
    cables: list[int]
    begin: float
    end: float

    def hit(self, session: Sent) -> bool:
        return session.cable in self.cables and session.started <= self.end and session.ended >= self.begin


BEGIN = Disturbance("begin", [], 0.0, 0.0)


@dataclass
class Sample:
    time: float
    process: str
    memory: float  # MiB, resident and of no file
    descriptors: int
    variant: int  # of the configuration


@dataclass
class Stretch:
    """From one start to the next end"""
    begin: float
    end: float = 0.0
    samples: list[Sample] = field(default_factory=list)
    frames: int = 0
    lost: dict[str, int] = field(default_factory=dict)  # of frames and their parts, by who and why


class Heard:
    """What a file of events says; repeats (at least once) count once."""

    def __init__(self, file: Path):
        self.ids: set[str] = set()
        self.repeats = 0
        self.opened: set[str] = set()  # session_id
        self.closed: Counter[str] = Counter()
        self.ends: dict[str, list[str]] = defaultdict(list)  # client: end_reason of each of its sessions
        with file.open() as lines:
            for line in lines:
                self.add(json.loads(line))

    def add(self, event: dict) -> None:
        if event["event_id"] in self.ids:
            self.repeats += 1
            return
        self.ids.add(event["event_id"])
        if "session_opened" in event:
            self.opened.add(event["session_id"])
        if "session_closed" in event:
            session = event["session_closed"]["session"]
            self.closed[event["session_id"]] += 1
            client = session["client"]
            self.ends[f"{client['address']}:{client['port']}"].append(session["end_reason"])


def sessions(sent: list[Sent], heard: Heard, disturbances: list[Disturbance]) -> Iterator[str]:
    """Each once, unless something is known to have come in between"""
    quiet = 0
    by_name: dict[str, Counter[str]] = defaultdict(Counter)
    for session in sent:
        ends = heard.ends.get(session.client, [])
        hits = [disturbance.name for disturbance in disturbances if disturbance.hit(session)]
        for name in hits:
            kind = "missed" if not ends else "in parts" if len(ends) > 1 else "cut" if ends == [CAME_AGAIN] else "whole"
            by_name[name][kind] += 1
        if not hits:
            quiet += 1
            if len(ends) != 1 or ends[0] in (CAME_AGAIN, "TIMEOUT"):
                before = max((disturbance.end, disturbance.name) for disturbance in [BEGIN, *disturbances]
                             if disturbance.end < session.started)
                yield f"session of {session.client}, sent in peace, {session.started - before[0]:.1f} s after " \
                      f"'{before[1]}': ended {len(ends)} times {ends}"
    print(f"sent in peace: {quiet} sessions")
    for name, kinds in sorted(by_name.items()):
        print(f"sent around '{name}': " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    for number, count in heard.closed.items():
        if count > 1:
            yield f"session {number} was closed {count} times"
    for number in heard.opened - heard.closed.keys():
        yield f"session {number} was opened and never closed"
    for client in heard.ends.keys() - {session.client for session in sent}:
        yield f"session of {client} was never sent"


def delivery(heard: Heard, collected: Heard) -> Iterator[str]:
    print(f"file: {len(heard.ids)} events, {heard.repeats} twice; collector: {len(collected.ids)}, "
          f"{collected.repeats} twice")
    if missing := heard.ids - collected.ids:
        yield f"{len(missing)} events of the file never came to the collector"
    if missing := collected.ids - heard.ids:
        yield f"{len(missing)} events of the collector never came into the file"


def resources(number: int, stretch: Stretch) -> Iterator[str]:
    length = stretch.end - stretch.begin
    warm = stretch.begin + (60 if length > 180 else 20)
    print(f"stretch {number}: {length:.0f} s, {stretch.frames} frames, lost {stretch.lost or 0}")
    if stretch.lost:
        yield f"stretch {number}: {stretch.lost} lost"
    for process in ("supervisor", "sensor", "shipper"):
        samples = [sample for sample in stretch.samples if sample.process == process and sample.time >= warm]
        if not samples or samples[-1].time - samples[0].time < 2 * LEAST:
            print(f"  {process}: too short to compare")
            continue
        # Peaks: what waits for a collector that is away comes and goes.
        middle = (samples[0].time + samples[-1].time) / 2
        before = max(sample.memory for sample in samples if sample.time < middle)
        after = max(sample.memory for sample in samples if sample.time >= middle)
        print(f"  {process}: {before:.1f} -> {after:.1f} MiB ({after / before - 1:+.1%}), "
              f"{samples[0].descriptors} -> {samples[-1].descriptors} descriptors")
        if after > before * GROWTH + GRAIN_MIB:
            yield f"stretch {number}: {process} grew from {before:.1f} to {after:.1f} MiB"
        # A connection may be open or not; a leak shows in every sample.
        for variant in {sample.variant for sample in samples}:
            counts = [sample.descriptors for sample in samples if sample.variant == variant]
            half = len(counts) // 2
            if half >= LEAST and min(counts[half:]) > max(counts[:half]):
                yield f"stretch {number}: {process} had {max(counts[:half])} descriptors, then {min(counts[half:])}"


def judge(sent: list[Sent], heard: Heard, collected: Heard, disturbances: list[Disturbance],
          stretches: list[Stretch]) -> list[str]:
    """Prints what was found, and gives what must not be."""
    faults = [*sessions(sent, heard, disturbances), *delivery(heard, collected)]
    for number, stretch in enumerate(stretches, 1):
        faults += resources(number, stretch)
    return faults
