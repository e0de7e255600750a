"""Writes the bundled recordings: pcaps/lab/<scenario>/ with capture, truth and keys, and lines in pcaps/README.md."""

import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.probes import obstacle
from lab.run import make, play
from lab.scenario import Scenario
from lab.scenarios import SCENARIOS
from lab.slot import Slot
from lab.waiting import STOPPED

BEGIN, END = "<!-- lab: written by scripts/lab record -->\n", "<!-- lab: end -->\n"


def record(scenarios: list[Scenario], pcaps: Path, jobs: int) -> int:
    """A scenario whose programs failed keeps its old recording."""
    failed: list[str] = []
    local = threading.local()

    def one(scenario: Scenario) -> None:
        why = "stopped" if STOPPED.is_set() else obstacle(scenario)
        if why:
            failed.append(f"{scenario.name}: {why}")
            return
        if not hasattr(local, "slot"):
            local.slot = Slot()
        with tempfile.TemporaryDirectory(prefix="remora-lab-") as folder:
            played = play(local.slot, scenario, None, Path(folder) / scenario.name)
            if played.finished:
                put(played.folder, pcaps / "lab" / scenario.name)
                print(f"{scenario.name}: {played.capture.stat().st_size} bytes", flush=True)
            else:
                failed.append(f"{scenario.name}: {played.failures[-1]}")

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, [scenario for scenario in scenarios if not scenario.made]))
    for scenario in scenarios:
        if scenario.made and not STOPPED.is_set():
            make(scenario, pcaps / "lab" / scenario.options["origin"], pcaps / "lab" / scenario.name)
    write_stories(pcaps)
    print("\n".join(failed))
    return 1 if failed else 0


def put(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    for path in target.iterdir():
        path.chmod(0o644)


def write_stories(pcaps: Path) -> None:
    path = pcaps / "README.md"
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    rows = [f"| lab/{one.name}/capture.pcap | {one.story} |" for one in sorted(SCENARIOS, key=lambda one: one.name)
            if (pcaps / "lab" / one.name / "capture.pcap").exists()]
    table = "\n".join(["| recording | story |", "|---|---|", *rows]) + "\n"
    path.write_text(before.rstrip("\n") + "\n\n" + BEGIN + table + END + after, encoding="utf-8")
