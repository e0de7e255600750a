"""What a network does to a session, by nftables and link settings in the routers behind the tap. Tunnels: ovs.py."""

from collections.abc import Callable

from lab import ovs, topology
from lab.laboratory import Laboratory
from lab.topology import ip

TABLE = """table inet lab {
  chain forward {
    type filter hook forward priority 0;
    %s
  }
}
"""


def filter_in_r2(lab: Laboratory, *rules: str) -> None:
    lab.host("r2").run("nft", "-f", "-", stdin=(TABLE % "\n    ".join(rules)).encode())


def plain(_: Laboratory) -> None:
    pass


def version_6(lab: Laboratory) -> None:
    """The client asks for names over IPv6 too, so that one address has all the conversations."""
    (lab.network.etc("cli") / "resolv.conf").write_text(f"nameserver {topology.NAMES6}\n")


def loss(lab: Laboratory) -> None:
    """Every eleventh packet of the session is lost behind the tap: what the client sent comes again, what the server
    sent is missing first and comes later."""
    filter_in_r2(lab, "tcp dport 3389 numgen inc mod 11 == 7 drop", "tcp sport 3389 numgen inc mod 11 == 9 drop")


def fragments(lab: Laboratory) -> None:
    """The tapped link takes 580 bytes at a time, and the ends do not look for that."""
    for node, name in (("r1", "tap"), ("r2", "r1")):
        ip("-n", lab.network.namespace(node), "link", "set", name, "mtu", 580)
    for node, net in (("cli", 1), ("srv", 5)):
        ip("-n", lab.network.namespace(node), "route", "replace", "default", "via", topology.address(net, 1), "mtu",
           "lock", 1500)


def swallow(lab: Laboratory) -> None:
    filter_in_r2(lab, "tcp dport 3389 drop")


def reset(lab: Laboratory) -> None:
    filter_in_r2(lab, "tcp dport 3389 reject with tcp reset", "tcp sport 3389 drop")


def cut(lab: Laboratory) -> None:
    ip("-n", lab.network.namespace("r2"), "link", "set", "r3", "down")


NETWORKS: dict[str, Callable[[Laboratory], None]] = {
    "plain": plain, "IPv6": version_6, "loss": loss, "fragments": fragments, "swallow": swallow,
} | {name: (lambda lab, name=name: ovs.start(lab, name)) for name in ovs.TUNNELS}
