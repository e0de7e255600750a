"""Plays a scenario once, or once more if its programs failed, and keeps what came of it."""

import json
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab import made
from lab.laboratory import Laboratory
from lab.plays import PLAYS
from lab.scenario import Scenario
from lab.shadow import Shadow
from lab.slot import Slot
from lab.tap import Live
from lab.truth import as_text
from lab.versions import versions_of
from lab.waiting import STOPPED, ProgramFailed
from lab.xrdp import Xrdp

TRIES = 2
SMALL = ("fusermount3", "xclip", "traceroute")  # nobody asks for their versions


@dataclass
class Played:
    scenario: Scenario
    folder: Path                  # with capture.pcap, truth.json and keys
    live: Live | None = None
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)  # of programs, one a try
    finished: bool = False

    @property
    def capture(self) -> Path:
        return self.folder / "capture.pcap"

    @property
    def truth(self) -> dict:
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))


def programs_of(scenario: Scenario) -> list[str]:
    peers = [peer.software for peer in (scenario.client, scenario.server) if peer]
    return [*peers, *(program for program in scenario.needs if program not in SMALL)]


def keys_of(scenario: Scenario, lab: Laboratory, folder: Path) -> dict:
    """What later opens the recording: the TLS key log, and the server's RSA key where that is enough"""
    keys = {}
    if lab.key_log_file.exists() and lab.key_log_file.stat().st_size:
        shutil.copyfile(lab.key_log_file, folder / "tls.keylog")
        keys["tls_keylog"] = "tls.keylog"
    server = scenario.server
    if isinstance(server, Xrdp) and server.security == "rdp":
        keys["rsa"] = "tests/lab/keys/rsakeys.pem"
    elif isinstance(server, Shadow) or isinstance(server, Xrdp) and server.ciphers.startswith("AES"):
        keys["rsa"] = "tests/lab/keys/server.key.pem"
    return keys


def play(slot: Slot, scenario: Scenario, remora: Path | None, folder: Path) -> Played:
    played = Played(scenario, folder)
    for _ in range(TRIES):
        start = time.monotonic()
        with Laboratory(slot, remora) as lab:
            try:
                truth = PLAYS[scenario.play](lab, scenario)
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                shutil.copyfile(lab.folder / "capture.pcap", played.capture)
                truth.programs = versions_of(programs_of(scenario))
                document = truth.document(scenario.name, scenario.story, lab, played.capture)
                document["keys"] = keys_of(scenario, lab, folder)
                (folder / "truth.json").write_text(as_text(document), encoding="utf-8")
                played.live, played.finished = lab.tap.live, True
            except (ProgramFailed, OSError) as failed:
                played.failures.append(f"{failed}\n{lab.log_texts()}")
        played.seconds = time.monotonic() - start
        if played.finished or STOPPED.is_set():
            break
    return played


def make(scenario: Scenario, origin: Path, folder: Path) -> Played:
    """A recording made from another one's"""
    start = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made.make(scenario, origin, folder)
    return Played(scenario, folder, None, time.monotonic() - start, finished=True)
