"""The network: cli - r1 =tap= r2 - r3 - srv, with atk behind r1, dns and svc behind r2; one namespace each."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.process import ENVIRONMENT, kill_all

NODES = ("cli", "r1", "r2", "r3", "srv", "atk", "dns", "svc")
DOMAIN = "corp.example"


@dataclass(frozen=True)
class Link:
    """Two ends: node, interface, address within 10.10.NET.0/24 and fd10:a:NET::/64"""
    net: int
    near: tuple[str, str, int]
    far: tuple[str, str, int]


LINKS = (Link(1, ("cli", "eth0", 10), ("r1", "cli", 1)), Link(4, ("atk", "eth0", 66), ("r1", "atk", 1)),
         Link(2, ("r1", "tap", 1), ("r2", "r1", 2)), Link(3, ("r2", "r3", 1), ("r3", "r2", 2)),
         Link(5, ("srv", "eth0", 20), ("r3", "srv", 1)), Link(6, ("dns", "eth0", 53), ("r2", "dns", 1)),
         Link(7, ("svc", "eth0", 25), ("r2", "svc", 1)))
ROUTES = {"r1": (("default", 2, 2),), "r2": (("1", 2, 1), ("4", 2, 1), ("5", 3, 2)), "r3": (("default", 3, 1),)}


def address(net: int, host: int, version: int = 4) -> str:
    """As RFC 5952 writes it; the host's digits are the same in both versions."""
    return f"10.10.{net}.{host}" if version == 4 else f"fd10:a:{net}::{host}"


CLIENT, SERVER = address(1, 10), address(5, 20)
CLIENT6, SERVER6 = address(1, 10, 6), address(5, 20, 6)
ATTACKER, NAMES, SERVICES = address(4, 66), address(6, 53), address(7, 25)
NAMES6 = address(6, 53, 6)


def ip(*arguments: object) -> None:
    done = subprocess.run(["ip", *map(str, arguments)], env=ENVIRONMENT, capture_output=True, check=False, timeout=30)
    if done.returncode != 0:
        raise OSError(f"ip {' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace').strip()}")


class Topology:
    def __init__(self, prefix: str):
        self.prefix = prefix

    def namespace(self, node: str) -> str:
        return f"{self.prefix}-{node}"

    def etc(self, node: str) -> Path:
        """What `ip netns exec` mounts over /etc"""
        return Path("/etc/netns") / self.namespace(node)

    def up(self) -> None:
        self.down()  # what an interrupted run left
        for node in NODES:
            ip("netns", "add", self.namespace(node))
            self.etc(node).mkdir(parents=True)
            (self.etc(node) / "resolv.conf").write_text(f"nameserver {NAMES}\n")
            (self.etc(node) / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
        for number, link in enumerate(LINKS):
            self.connect(number, link)
        for node in NODES:
            self.configure(node)
        for node, routes in ROUTES.items():
            for net, through, host in routes:
                for version in (4, 6):
                    target = "default" if net == "default" else f"{address(int(net), 0)}/24" if version == 4 \
                        else f"fd10:a:{net}::/64"
                    ip(f"-{version}", "-n", self.namespace(node), "route", "add", target, "via",
                       address(through, host, version))

    def connect(self, number: int, link: Link) -> None:
        (near, near_name, near_host), (far, far_name, far_host) = link.near, link.far
        ip("link", "add", near_name, "netns", self.namespace(near), "address", f"02:00:5e:20:{number:02x}:01", "type",
           "veth", "peer", "name", far_name, "netns", self.namespace(far), "address", f"02:00:5e:20:{number:02x}:02")
        for node, name, host in ((near, near_name, near_host), (far, far_name, far_host)):
            for version, length in ((4, 24), (6, 64)):
                more = ["nodad"] if version == 6 else []
                ip("-n", self.namespace(node), "address", "add", f"{address(link.net, host, version)}/{length}", "dev",
                   name, *more)
            ip("-n", self.namespace(node), "link", "set", name, "up")
            # Else the capture holds segments of 64 KB and unfinished checksums.
            off = [word for feature in ("tso", "gso", "gro", "tx", "rx") for word in (feature, "off")]
            self.inside(node, "ethtool", "-K", name, *off)
        if near not in ROUTES:
            for version in (4, 6):
                ip(f"-{version}", "-n", self.namespace(near), "route", "add", "default", "via",
                   address(link.net, far_host, version))

    def configure(self, node: str) -> None:
        ip("-n", self.namespace(node), "link", "set", "lo", "up")
        settings = ["net.ipv4.ping_group_range=0 2147483647"]
        if node in ROUTES:
            settings += ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]
        if node == "srv":
            settings.append("net.ipv4.ip_default_ttl=128")  # as Windows does
        self.inside(node, "sysctl", "-q", "-w", *settings)

    def inside(self, node: str, *arguments: object) -> str:
        done = subprocess.run(["ip", "netns", "exec", self.namespace(node), *map(str, arguments)], env=ENVIRONMENT,
                              capture_output=True, check=False, timeout=30)
        if done.returncode != 0:
            raise OSError(f"{' '.join(map(str, arguments))} in {node}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode(errors="replace")

    def pids(self) -> list[int]:
        """All that runs inside"""
        out = []
        for namespace in self.present():
            done = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, check=False, timeout=30)
            out += [int(pid) for pid in done.stdout.split()]
        return out

    def present(self) -> list[str]:
        return [self.namespace(node) for node in NODES if Path("/run/netns", self.namespace(node)).exists()]

    def down(self) -> None:
        kill_all(self.pids())
        for namespace in self.present():
            ip("netns", "delete", namespace)
        for node in NODES:
            shutil.rmtree(self.etc(node), ignore_errors=True)
