"""Captures of Ethernet as lists of frames that can be sent."""

import gzip
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

ETHERNET = 1  # https://www.tcpdump.org/linktypes.html
SECOND = 1_000_000_000
MAGICS = {b"\xa1\xb2\xc3\xd4": (">", 1000), b"\xd4\xc3\xb2\xa1": ("<", 1000),
          b"\xa1\xb2\x3c\x4d": (">", 1), b"\x4d\x3c\xb2\xa1": ("<", 1)}
PCAPNG = b"\x0a\x0d\x0d\x0a"


@dataclass
class Frame:
    time: int  # nanoseconds
    data: bytes


class NotSendable(Exception):
    """Says why"""


def unpacked(path: Path) -> bytes:
    """Without compression, in the classic format"""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    elif data[:4] == b"\x28\xb5\x2f\xfd":
        data = subprocess.run(["zstd", "-dc"], input=data, check=True, capture_output=True).stdout
    if data[:4] == PCAPNG:
        command = ["tcpdump", "--time-stamp-precision=nano", "-r", "-", "-w", "-"]
        done = subprocess.run(command, input=data, check=False, capture_output=True)
        if done.returncode != 0:
            raise NotSendable("libpcap cannot read it: " + done.stderr.decode().strip().rsplit(": ", 1)[-1])
        data = done.stdout
    return data


def frames_of(path: Path) -> list[Frame]:
    data = unpacked(path)
    order, unit = MAGICS[data[:4]]
    link, = struct.unpack_from(order + "I", data, 20)
    if link != ETHERNET:
        raise NotSendable(f"link type {link}: a cable of Ethernet does not carry it")
    frames, at = [], 24
    while at < len(data):
        seconds, fraction, size, on_wire = struct.unpack_from(order + "IIII", data, at)
        at += 16 + size
        if size != on_wire:
            raise NotSendable("frames were cut off: the rest of them is not there to be sent")
        if frames and seconds * SECOND + fraction * unit < frames[-1].time:
            raise NotSendable("its times go backwards: who captures live gives frames times of its own")
        frames.append(Frame(seconds * SECOND + fraction * unit, data[at - size:at]))
    return frames


def write(path: Path, frames: list[Frame], begin: int | None = None) -> None:
    """With nanoseconds; `begin`: what the first frame's time becomes"""
    shift = 0 if begin is None else begin - frames[0].time
    out = bytearray(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, ETHERNET))
    for frame in frames:
        size = len(frame.data)
        out += struct.pack("<IIII", *divmod(frame.time + shift, SECOND), size, size) + frame.data
    path.write_bytes(out)


def with_shorter_gaps(frames: list[Frame], longest: int) -> list[Frame]:
    """Nothing happens for `longest` nanoseconds at most"""
    out, saved = [], 0
    for before, frame in zip([frames[0], *frames], frames):
        saved += max(0, frame.time - before.time - longest)
        out.append(Frame(frame.time - saved, frame.data))
    return out
