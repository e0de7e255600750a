"""What a scenario really was: in the words of docs/events.md where it has them, from settings, the programs' own logs
and the clock of the recipe. Remora's output has no part in it.

Times are windows: two marks between which it must have happened. `one_of` leaves open what the recipe cannot know."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from lab.laboratory import KEYS, Laboratory, stamp

IANA = {"ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "AES128-GCM-SHA256": "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES256-SHA": "TLS_RSA_WITH_AES_256_CBC_SHA"}
WORDS = {"SSL": "TLS", "HYBRID": "CREDSSP", "HYBRID_EX": "CREDSSP_EARLY_AUTH", "RDP": "STANDARD"}


def window(start: int, end: int) -> list[str]:
    return [stamp(start), stamp(end)]


def one_of(*values: str) -> dict:
    return {"one_of": list(values)}


def certificate_facts() -> dict:
    text = (KEYS / "server.cert.pem").read_text()
    body = re.sub(r"-----.*?-----|\s", "", text)
    return {"sha256": hashlib.sha256(base64.b64decode(body)).hexdigest(), "names": ["srv-fin.corp.example"],
            "self_signed": True}


def file_facts(path: Path) -> dict:
    data = path.read_bytes()
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def tls_version_of(key_log: Path) -> str:
    """Labels of the key log differ between the versions."""
    text = key_log.read_text() if key_log.exists() else ""
    if "CLIENT_TRAFFIC_SECRET_0" in text:
        return "TLS1.3"
    return "TLS1.2" if "CLIENT_RANDOM" in text else ""


def logged_tls(log: str) -> dict:
    """What xrdp logged of its last TLS connection"""
    found = re.findall(r"TLS connection established from .*?: (TLSv[\d.]+) with cipher (\S+)", log)
    if not found:
        return {}
    version, cipher = found[-1]
    return {"version": version.replace("TLSv", "TLS"), "cipher": IANA.get(cipher, cipher)}


@dataclass
class Truth:
    """`sessions` and so on are lists of what an event should say; `more` is for people."""
    sessions: list[dict] = field(default_factory=list)
    tickets: list[dict] = field(default_factory=list)
    rejected: list[dict] = field(default_factory=list)
    files: list[dict] = field(default_factory=list)
    control: list[dict] = field(default_factory=list)
    offers: list[dict] = field(default_factory=list)
    logons: list[dict] = field(default_factory=list)
    attacks: list[str] = field(default_factory=list)
    programs: dict[str, str] = field(default_factory=dict)
    more: dict = field(default_factory=dict)
    sessions_between: tuple[int, int] | None = None  # how many there are, if not exactly those listed

    def document(self, name: str, story: str, lab: Laboratory | None, capture: Path) -> dict:
        out = {"scenario": name, "story": story, "programs": self.programs}
        if lab:
            out["timeline"] = [{"time": stamp(at), "event": event} for at, event in lab.timeline]
        for part in ("sessions", "tickets", "rejected", "files", "control", "offers", "logons", "attacks"):
            if getattr(self, part) or part == "sessions":
                out[part] = getattr(self, part)
        if self.sessions_between:
            out["sessions_between"] = list(self.sessions_between)
        if self.more:
            out["more"] = self.more
        out["capture"] = file_facts(capture)
        return out


def as_text(document: dict) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
