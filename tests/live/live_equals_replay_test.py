"""What a daemon tells of frames that come over a cable is what a replay of their capture tells, but for times and what
is made from them. Called as the others of this folder; REMORA_LIVE=all takes every capture."""

import json
import os
import queue
import socket
import subprocess
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path

import capture_file
import plain_events
import tap

tap.enter_own_network()
tap.need("tcpreplay", "tcpdump", "zstd")
HERE = Path(__file__).resolve().parents[2]
BINARY = tap.take_argument(HERE / "build/dev/remora")
PROJECT = tap.take_argument(HERE)
PCAPS = PROJECT / "pcaps"
ALL = os.environ.get("REMORA_LIVE") == "all"
LANES = int(os.environ.get("REMORA_LIVE_LANES", "12"))
# Two captures last 20 and 70 minutes: there the times in which nothing happens are shortened, for both readers.
LONGEST_CAPTURE = 100 * capture_file.SECOND
LONGEST_GAP = 25 * capture_file.SECOND

# One or more of each folder and of each kind of story.
CHOSEN = """
assistance/vista-dynamic assistance/vista-multiparty assistance/vista-lost-block assistance/vista-unanswered
assistance/two-experts assistance/xp-low assistance/xp-refused assistance/xp-reverse assistance/xp-sealed
background/http-on-3389 background/port-scan background/tls-443 background/s7comm
container/pcap-us-be container/pcapng-gz container/pcap-us-le-zst
evasion/bad-checksum evasion/beyond-window evasion/blind-reset evasion/changed-syn-ack evasion/forged-reset
evasion/fast-open evasion/icmp-time-exceeded evasion/injected evasion/ipv6-overlapping-fragments evasion/junk-first
evasion/overlap-conflict evasion/tiny-segments evasion/urgent-data
file/ftp-active file/smb1-write-read-delete file/smb2-write-read-delete
gateway/out-in-channels gateway/websocket-clear gateway/udp-3391
link/ethernet-qinq link/ethernet-vlan
mail/imap-partial mail/pop3-deleted mail/smtp-two-tickets mail/smtp-malformed
names/auth-kerberos-and-dns names/auth-ntlm-smb2 names/dhcp-new-holder names/dns-cname-chain names/llmnr names/mdns
names/nbns-query
offer/vista offer/xp offer/port-mapping
proxy/http-connect proxy/proxy-v2 proxy/socks5-name
rdp/every-setting rdp/hyper-v rdp/license-refused rdp/mid-stream rdp/nego-retry rdp/no-response rdp/redirection
rdp/standard-fips rdp/standard-low rdp/standard-none rdp/standard-rc4-40-updates rdp/three-at-once rdp/tls12-nla
rdp/tls12-nla-refused rdp/tls13
reverse/reverse-standard reverse/reverse-tls
tcp/capture-ends tcp/checksum-offload tcp/hole-in-settings tcp/one-byte-segments tcp/out-of-order tcp/overlaps
tcp/retransmissions tcp/small-segments tcp/reset-by-server tcp/server-side-only
tunnel/4in6 tunnel/802-1ah tunnel/erspan-2 tunnel/fragmented-vxlan tunnel/fragments-in-gre tunnel/geneve tunnel/gtp-u
tunnel/mpls tunnel/pppoe tunnel/vxlan-in-gre-in-ipip
udp/lossy-dtls udp/v1-reliable udp/v3 udp/with-tcp-joined-by-correlation-id
web/compressed-bomb web/ticket-download
lab/drive-standard/capture lab/duplicates/capture lab/fragments/capture lab/loss/capture lab/nla/capture
lab/offer/capture lab/ra-standard-control/capture lab/reorder/capture lab/scan-rdp/capture lab/ticket-imap/capture
lab/ticket-smb/capture lab/ticket-used/capture lab/tls13/capture lab/traceroute/capture lab/video/capture
""".split()


def name_of(path: Path) -> str:
    return str(path.relative_to(PCAPS)).split(".pcap")[0]


def captures() -> list[Path]:
    """All but those that are damaged as files"""
    found = [path for path in sorted(PCAPS.rglob("*.pcap*")) if path.relative_to(PCAPS).parts[0] != "damaged"]
    if os.environ.get("REMORA_LIVE_ONLY"):
        return [path for path in found if name_of(path) in os.environ["REMORA_LIVE_ONLY"].split()]
    if ALL:
        return found
    missing = set(CHOSEN) - {name_of(path) for path in found}
    assert not missing, missing
    return [path for path in found if name_of(path) in CHOSEN]


def replayed(path: Path) -> list[dict]:
    done = subprocess.run([BINARY, "replay", "--format", "jsonl", path], check=True, capture_output=True, timeout=120)
    return [json.loads(line) for line in done.stdout.splitlines()]


def send_by_tcpreplay(cables: list[tap.Cable], frames: list[capture_file.Frame], file: Path) -> None:
    capture_file.write(file, frames)
    cables[0].send(file, "--timer", "nano", timeout=1200)


def send_by_direction(cables: list[tap.Cable], frames: list[capture_file.Frame], _: Path) -> None:
    """What the machine sends that sends first goes over one cable, all else over the other; in the capture's order."""
    ends = []
    for cable in cables:
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        end.bind((cable.here, 0))
        ends.append(end)
    first = frames[0].data[6:12]
    begin = time.monotonic_ns()
    for frame in frames:
        wait = frame.time - frames[0].time - (time.monotonic_ns() - begin)
        if wait > 0:
            time.sleep(wait / capture_file.SECOND)
        ends[frame.data[6:12] != first].send(frame.data)
    for end in ends:
        end.close()


class Lane(threading.Thread):
    """Cables and an admin port of its own; takes captures one after the other, each with a fresh daemon."""

    def __init__(self, number: int, work: queue.Queue, way: "Way"):
        super().__init__()
        self.number, self.work, self.way = number, work, way
        self.cables = [tap.Cable(f"{letter}{number}") for letter in "ab"[:way.cables]]
        self.found: list[str] = []
        self.sent = self.frames = self.sessions = self.events = 0

    def run(self) -> None:
        while True:
            try:
                path, frames = self.work.get_nowait()
            except queue.Empty:
                return
            try:
                self.found += [f"{name_of(path)}: {text}" for text in self.compare(frames)]
            except Exception as problem:  # of this capture: the others go on
                self.found.append(f"{name_of(path)}: {type(problem).__name__} {problem}")

    def compare(self, frames: list[capture_file.Frame]) -> list[str]:
        daemon = tap.Daemon(BINARY, [cable.there for cable in self.cables], port=8400 + self.number,
                            capture={"threads": self.way.threads, "hold": "500ms", "ring": "16MiB"},
                            drain="30s")
        try:
            daemon.start()
            self.way.send(self.cables, frames, daemon.folder / "sent.pcap")
            code = daemon.stop()
            if code != 0:
                return [f"ended with {code}: {daemon.text()}"]
            live = daemon.events()
            if not live:
                return [f"nothing was told: {daemon.text()}"]
            health = live[-1]["sensor_health"]
            # Documents are as old in it as they were on the cable.
            file = daemon.folder / "replayed.pcap"
            capture_file.write(file, frames, plain_events.nanoseconds(health["start"]))
            expected = replayed(file)
        finally:
            daemon.remove()
        self.sent += 1
        self.frames += len(frames)
        self.events += len(live)
        self.sessions += sum("session_closed" in event for event in live)
        problems = [] if int(health["packets"]) == len(frames) else [f"{health} of {len(frames)} frames"]
        return problems + plain_events.differences(plain_events.plain_events(expected),
                                                   plain_events.plain_events(live))


class Way:
    def __init__(self, cables: int, threads: int, send: Callable):
        self.cables, self.threads, self.send = cables, threads, send


class LiveEqualsReplay(unittest.TestCase):
    def play(self, way: Way, only: Callable[[Path], bool] = lambda path: True) -> None:
        work: list[tuple[Path, list[capture_file.Frame]]] = []
        left_out = []
        for path in filter(only, captures()):
            try:
                frames = capture_file.frames_of(path)
            except capture_file.NotSendable as reason:
                left_out.append(f"{name_of(path)}: {reason}")
                continue
            if way.cables > 1 and len({frame.data[6:12] for frame in frames}) < 2:
                left_out.append(f"{name_of(path)}: one machine alone sends")
                continue
            if frames[-1].time - frames[0].time > LONGEST_CAPTURE:
                frames = capture_file.with_shorter_gaps(frames, LONGEST_GAP)
            work.append((path, frames))
        # The longest first, so that nobody waits for it at the end.
        work.sort(key=lambda one: one[1][0].time - one[1][-1].time)
        waiting: queue.Queue = queue.Queue()
        for one in work:
            waiting.put(one)
        begin = time.monotonic()
        lanes = [Lane(number, waiting, way) for number in range(LANES)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
            for cable in lane.cables:
                cable.remove()
        print(f"\n{way.cables} cables, {way.threads} threads: {sum(lane.sent for lane in lanes)} captures, "
              f"{sum(lane.frames for lane in lanes)} frames, {sum(lane.sessions for lane in lanes)} sessions, "
              f"{sum(lane.events for lane in lanes)} events in {time.monotonic() - begin:.0f} s; "
              f"{len(left_out)} left out" + "".join(f"\n  {text}" for text in left_out), flush=True)
        problems = sorted(text for lane in lanes for text in lane.found)
        if problems:
            self.fail(f"{len(problems)} differences:\n" + "\n".join(problems))
        self.assertEqual(len(work), sum(lane.sent for lane in lanes))

    def test_one_cable(self):
        self.play(Way(1, 1, send_by_tcpreplay))

    def test_a_cable_for_each_direction_and_two_threads(self):
        self.play(Way(2, 2, send_by_direction))

    def test_two_threads(self):
        self.play(Way(1, 2, send_by_tcpreplay), lambda path: path.parent.name in ("rdp", "mail"))

    def test_a_cable_for_each_direction(self):
        self.play(Way(2, 1, send_by_direction), lambda path: path.parent.name in ("rdp", "names"))


if __name__ == "__main__":
    tap.main()
