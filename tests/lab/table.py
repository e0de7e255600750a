"""What a check came to, as text for the terminal and for docs/accuracy.md."""

import datetime
import re
import subprocess
from collections import defaultdict
from pathlib import Path

from lab.check import Outcome
from lab.compare import Verdict
from lab.versions import version_of

COLUMNS = ("scenario", "right", "wrong", "not yet", "seconds")
PACKAGES = ("freerdp2-x11", "freerdp2-shadow-x11", "rdesktop", "xrdp", "xorgxrdp", "openvswitch-switch", "haproxy",
            "tinyproxy", "microsocks", "samba", "dovecot-core", "python3-aiosmtpd", "python3-pyftpdlib",
            "python3-impacket", "nmap", "ncrack", "hydra", "tshark", "tcpdump")


def wrong(outcome: Outcome) -> int:
    return outcome.count(Verdict.WRONG) + outcome.count(Verdict.TAKE_OUT) + len(outcome.problems)


def wrong_opened(outcome: Outcome) -> int:
    return outcome.count_opened(Verdict.WRONG) + outcome.count_opened(Verdict.TAKE_OUT)


def line(outcome: Outcome) -> str:
    """One for the terminal"""
    name = outcome.scenario.name
    if outcome.skipped:
        return f"{name:24} skipped: {outcome.skipped}"
    if not outcome.played:
        return f"{name:24} not played: the lab's programs failed"
    again = ", at the second try" if outcome.failures else ""
    return (f"{name:24} {outcome.count(Verdict.RIGHT):3} right {wrong(outcome):3} wrong "
            f"{outcome.count(Verdict.NOT_YET):3} not yet; with keys {outcome.count_opened(Verdict.RIGHT):3} "
            f"{wrong_opened(outcome):3} {outcome.count_opened(Verdict.NOT_YET):3}  {outcome.seconds:5.1f} s{again}")


def details(outcome: Outcome) -> list[str]:
    """What somebody must look at"""
    out = [f"  problem: {problem}" for problem in outcome.problems]
    for how, fields in (("live", outcome.live), ("replayed", outcome.replayed), ("with keys", outcome.opened)):
        out += [f"  {how}: {field}" for field in fields if field.bad]
    for number, failure in enumerate(outcome.failures, 1):
        out.append(f"  try {number}: " + (failure.partition("\n")[0] if outcome.played else failure))
    return out


def summary(outcomes: list[Outcome]) -> str:
    played = [one for one in outcomes if one.played]
    total = sum(one.count(Verdict.RIGHT) for one in played)
    return (f"{len(played)} scenarios played, {sum(bool(one.skipped) for one in outcomes)} skipped, "
            f"{sum(not one.played and not one.skipped for one in outcomes)} not played: {total} fields right live and "
            f"replayed, {sum(map(wrong, played))} wrong, {sum(one.count(Verdict.NOT_YET) for one in played)} not yet; "
            f"with the lab's keys {sum(one.count_opened(Verdict.RIGHT) for one in played)} right, "
            f"{sum(map(wrong_opened, played))} wrong, {sum(one.count_opened(Verdict.NOT_YET) for one in played)} not yet")


def short(name: str) -> str:
    """Of a field: what it is part of"""
    parts = re.sub(r"\[\d+\]", "", name).split(".")
    return ".".join(parts[:2 if parts[0] == "sessions" else 1])


def accuracy(outcomes: list[Outcome], remora: Path, revision: str) -> str:
    """docs/accuracy.md"""
    version = subprocess.run([remora, "version"], capture_output=True, check=False, text=True).stdout.strip()
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    programs = ", ".join(f"{package} {version_of(package)}" for package in PACKAGES if version_of(package))
    out = ["# Accuracy", "",
           "Written by `scripts/lab check --write`; [lab.md](lab.md) says what is compared and how.", "",
           f"- {today}, {version.splitlines()[0] if version else 'remora'}, {revision}", f"- programs: {programs}",
           f"- {summary(outcomes)}", "",
           "*Right* is a field that both the live run and the replay of its recording had right. *Not yet* is one "
           "that the scenario holds and Remora cannot say; the reasons are below. *With keys* is the replay that was "
           "given the lab's key log and server keys: right / wrong / not yet.", "",
           "| scenario | what happens | right | wrong | not yet | with keys |", "|---|---|---|---|---|---|"]
    for one in sorted(outcomes, key=lambda outcome: outcome.scenario.name):
        figures = (f"{one.count(Verdict.RIGHT)} | {wrong(one)} | {one.count(Verdict.NOT_YET)} | "
                   f"{one.count_opened(Verdict.RIGHT)} / {wrong_opened(one)} / {one.count_opened(Verdict.NOT_YET)}") \
            if one.played else f"- | - | {'skipped: ' + one.skipped if one.skipped else 'not played'} | -"
        out.append(f"| {one.scenario.name} | {one.scenario.story} | {figures} |")
    out += ["", "## Not yet", "", "| reason | fields | scenarios |", "|---|---|---|"]
    reasons: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in outcomes:
        for field in one.replayed:
            if field.verdict == Verdict.NOT_YET:
                reasons[field.reason].append((one.scenario.name, short(field.name)))
    for reason, found in sorted(reasons.items()):
        fields = ", ".join(f"`{name}`" for name in sorted({name for _, name in found}))
        out.append(f"| {reason} | {fields} | {len({name for name, _ in found})} |")
    return "\n".join(out) + "\n"
