"""A capture on its way to disk, with its one-line story and its ground truth."""

import gzip
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from builder.frame import Frame
from builder.pcap import pcap_file


@dataclass
class Capture:
    family: str
    file_name: str
    story: str
    data: bytes
    sessions: list[dict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    more: dict = field(default_factory=dict)

    @property
    def truth_name(self) -> str:
        return self.file_name.split(".")[0] + ".truth.json"

    def truth(self) -> dict:
        return {"story": self.story, "made_by": "tests/builder", **self.more, "sessions": self.sessions,
                "warnings": self.warnings}

    def write(self, root: Path) -> None:
        folder = root / self.family
        folder.mkdir(parents=True, exist_ok=True)
        (folder / self.file_name).write_bytes(self.data)
        text = json.dumps(self.truth(), indent=2, ensure_ascii=False) + "\n"
        (folder / self.truth_name).write_text(text, encoding="utf-8")


def ethernet_capture(family: str, name: str, story: str, frames: list[Frame], sessions: list[dict],
                     **more) -> Capture:
    """The usual container: pcap, microseconds, little-endian, Ethernet. Frames in order of time."""
    frames = sorted(frames, key=lambda frame: frame.time_ns)
    return Capture(family, f"{name}.pcap", story, pcap_file(frames), sessions, **more)


def finish(name: str, story: str, *connections, family: str = "rdp", **more) -> Capture:
    """`connections` are RdpConnections; `more` is said of each of their sessions."""
    frames = [frame for rdp in connections for frame in rdp.tcp.frames()]
    return ethernet_capture(family, name, story, frames, [rdp.truth(**more) for rdp in connections])


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def zstandard(data: bytes) -> bytes:
    """Python 3.11 has no zstd of its own."""
    tool = shutil.which("zstd")
    if tool is None:
        raise SystemExit("make_captures: the zstd command is missing (apt-get install zstd)")
    command = [tool, "-q", "-19", "--single-thread", "-c"]
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout
