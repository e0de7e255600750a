"""Plays scenarios with Remora on the tap, replays what was recorded, and holds both against the truth."""

import json
import queue
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab import keyring
from lab.compare import Comparison, Field, Verdict
from lab.invitation import PASSWORD as TICKET_PASSWORD
from lab.probes import obstacle
from lab.run import Played, make, play
from lab.scenario import Scenario
from lab.scenarios import BY_NAME
from lab.slot import Slot
from lab.tap import Live
from lab.waiting import STOPPED
from lab.xrdp import PASSWORD

SECRETS = (PASSWORD, TICKET_PASSWORD)


@dataclass
class Outcome:
    """One scenario; `live` and `replayed` are its fields, as Remora saw them on the tap and in the recording, `opened`
    those of the recording with the lab's keys"""
    scenario: Scenario
    skipped: str = ""
    failures: list[str] = field(default_factory=list)  # of the lab's programs
    problems: list[str] = field(default_factory=list)  # of Remora, beside fields
    live: list[Field] = field(default_factory=list)
    replayed: list[Field] = field(default_factory=list)
    opened: list[Field] = field(default_factory=list)
    seconds: float = 0.0
    played: bool = False

    @property
    def good(self) -> bool:
        return bool(self.skipped) or self.played and not self.problems and not any(
            one.bad for one in self.live + self.replayed + self.opened)

    def count(self, verdict: Verdict) -> int:
        """Of the fields without keys; those that are right are right both ways."""
        both = (self.live, self.replayed)
        if verdict == Verdict.RIGHT:
            return min(Counter(one.verdict for one in fields)[verdict] for fields in both)
        return max(Counter(one.verdict for one in fields)[verdict] for fields in both)

    def count_opened(self, verdict: Verdict) -> int:
        return Counter(one.verdict for one in self.opened)[verdict]


def replay(remora: Path, capture: Path, through_pipe: bool = False, keys: Sequence[str] = ()) -> Live:
    command = [remora, "replay", "--format", "jsonl", *keys, "-" if through_pipe else capture]
    with capture.open("rb") as file:
        done = subprocess.run(command, stdin=file if through_pipe else subprocess.DEVNULL, capture_output=True,
                              timeout=120, check=False)
    return Live(done.returncode, [json.loads(line) for line in done.stdout.splitlines()],
                done.stderr.decode(errors="replace"))


def without_sensor(events: list[dict]) -> list[dict]:
    """The name of the source is the one thing that may differ."""
    return [{key: value for key, value in event.items() if key != "sensor"} for event in events]


def judge(remora: Path, played: Played) -> Outcome:
    outcome = Outcome(played.scenario, failures=played.failures, seconds=played.seconds, played=played.finished)
    if not played.finished:
        return outcome
    replayed = replay(remora, played.capture)
    live = played.live or replay(remora, played.capture, through_pipe=True)
    with keyring.options(played.capture.parent) as keys:
        opened = replay(remora, played.capture, keys=keys)
    for how, run in (("live", live), ("replayed", replayed), ("with keys", opened)):
        if run.exit_code or run.errors:
            outcome.problems.append(f"{how}: exit code {run.exit_code}: {run.errors}")
        said = json.dumps(run.events, ensure_ascii=False)
        outcome.problems += [f"{how}: a password is in the events" for secret in SECRETS if secret in said]
    if without_sensor(live.events) != without_sensor(replayed.events):
        outcome.problems.append("the replay tells other events than the live run")
    outcome.live = Comparison(played.truth, live.events, played.scenario.not_yet).fields
    outcome.replayed = Comparison(played.truth, replayed.events, played.scenario.not_yet).fields
    outcome.opened = Comparison(played.truth, opened.events, played.scenario.not_yet_with_keys(),
                                played.scenario.chance).fields
    return outcome


class Checks:
    """Plays scenarios on several places at once; those made from another's recording come after it."""

    def __init__(self, scenarios: list[Scenario], remora: Path, folder: Path, told: Callable[[Outcome], None]):
        self.remora, self.folder, self.told = remora, folder, told
        self.outcomes: dict[str, Outcome] = {}
        wanted = {scenario.name for scenario in scenarios}
        origins = {scenario.options["origin"] for scenario in scenarios if scenario.made}
        self.scenarios = scenarios + [BY_NAME[name] for name in sorted(origins - wanted)]
        self.waiting: queue.SimpleQueue[Scenario] = queue.SimpleQueue()

    def run(self, jobs: int) -> list[Outcome]:
        for scenario in self.scenarios:
            if not scenario.made:
                self.waiting.put(scenario)
        workers = [threading.Thread(target=self.work) for _ in range(jobs)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        for scenario in self.scenarios:
            if scenario.made:
                self.finish(scenario, self.derive(scenario))
        return [self.outcomes[scenario.name] for scenario in self.scenarios if scenario.name in self.outcomes]

    def work(self) -> None:
        slot = Slot()
        try:
            while not STOPPED.is_set():
                try:
                    scenario = self.waiting.get_nowait()
                except queue.Empty:
                    return
                self.finish(scenario, self.play(slot, scenario))
        finally:
            slot.release()

    def play(self, slot: Slot, scenario: Scenario) -> Outcome:
        why = obstacle(scenario)
        if why:
            return Outcome(scenario, skipped=why)
        try:
            return judge(self.remora, play(slot, scenario, self.remora, self.folder / scenario.name))
        except Exception as failed:  # a mistake of the lab is told as one, and the others go on
            return Outcome(scenario, failures=[f"{type(failed).__name__}: {failed}"])

    def derive(self, scenario: Scenario) -> Outcome:
        origin = self.outcomes.get(scenario.options["origin"])
        if origin is None or not origin.played:
            why = origin.skipped if origin else ""
            return Outcome(scenario, skipped=why, failures=[] if why else ["its origin was not recorded"])
        return judge(self.remora, make(scenario, self.folder / origin.scenario.name, self.folder / scenario.name))

    def finish(self, scenario: Scenario, outcome: Outcome) -> None:
        self.outcomes[scenario.name] = outcome
        self.told(outcome)


def check(scenarios: list[Scenario], remora: Path, jobs: int, keep: Path | None,
          told: Callable[[Outcome], None]) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="remora-lab-") as folder:
        return Checks(scenarios, remora, keep or Path(folder), told).run(jobs)
