"""Tunnels on the tapped link by Open vSwitch in user space, which needs no kernel module but TUN. In each of the two
routers a bridge owns the wire and the outer address; the inner interface, with an address of its own, leads into it."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.laboratory import Laboratory
from lab.process import Host
from lab.topology import CLIENT, SERVER, ip
from lab.waiting import wait_for

SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
INNER_MTU = 1400


@dataclass(frozen=True)
class End:
    """A router: its wire, its outer and inner addresses, and what lies behind the other one"""
    node: str
    wire: str
    number: int
    beyond: tuple[str, ...]

    @property
    def outer(self) -> str:
        return f"10.10.2.{self.number}"

    @property
    def other(self) -> "End":
        return ENDS[2 - self.number]

    def inner(self) -> str:
        return f"10.99.0.{self.number}"

    @property
    def mac(self) -> str:
        return f"02:00:5e:99:00:{self.number:02x}"


ENDS = (End("r1", "tap", 1, ("default",)), End("r2", "r1", 2, ("10.10.1.0/24", "10.10.4.0/24")))


class Switch:
    """The two daemons of Open vSwitch in one router, with files of their own"""

    def __init__(self, lab: Laboratory, end: End):
        self.lab, self.end = lab, end
        self.host: Host = lab.host(end.node)
        self.folder = lab.folder / f"ovs-{end.node}"
        self.folder.mkdir()
        self.environment = {f"OVS_{name}": str(self.folder) for name in ("RUNDIR", "LOGDIR", "DBDIR", "SYSCONFDIR")}

    def start(self) -> None:
        database, socket = self.folder / "conf.db", self.folder / "db.sock"
        self.run("ovsdb-tool", "create", database, SCHEMA)
        server = self.host.start("ovsdb-server", database, f"--remote=punix:{socket}", environment=self.environment)
        wait_for("ovsdb-server", lambda: socket.exists() and server.running())
        self.run("ovs-vsctl", "--no-wait", "init", "--", "set", "Open_vSwitch", ".", "other_config:vlan-limit=2")
        self.host.start("ovs-vswitchd", f"unix:{socket}", environment=self.environment)

    def run(self, *arguments: object) -> None:
        self.host.run(*arguments, environment=self.environment)

    def set_up(self, *arguments: object) -> None:
        self.run("ovs-vsctl", "--timeout=30", *arguments)

    def flows(self, bridge: str, *flows: str) -> None:
        """These and no others"""
        self.run("ovs-ofctl", "-O", "OpenFlow13", "del-flows", bridge)
        for flow in flows:
            self.run("ovs-ofctl", "-O", "OpenFlow13", "add-flow", bridge, flow)

    def add_bridge(self, name: str) -> None:
        self.set_up("add-br", name, "--", "set", "bridge", name, "datapath_type=netdev")

    def address(self, interface: str, address: str) -> None:
        namespace = self.lab.network.namespace(self.end.node)
        ip("-n", namespace, "link", "set", interface, "mtu", INNER_MTU if interface == "inner" else 1500, "up")
        ip("-n", namespace, "address", "add", f"{address}/24", "dev", interface)

    def route_inside(self) -> None:
        namespace = self.lab.network.namespace(self.end.node)
        for target in self.end.beyond:
            ip("-n", namespace, "route", "replace", target, "via", self.end.other.inner(), "dev", "inner")


# -- tunnels with outer addresses ------------------------------------------------------------------
def over_ip(kind: str, *options: str) -> Callable[[Switch], None]:
    def set_up(switch: Switch) -> None:
        wire_bridge(switch)
        switch.address("wire", switch.end.outer)
        switch.add_bridge("inner")
        switch.set_up("set", "bridge", "inner", f'other-config:hwaddr="{switch.end.mac}"')
        switch.set_up("add-port", "inner", "tunnel", "--", "set", "interface", "tunnel", f"type={kind}",
                      f"options:remote_ip={switch.end.other.outer}", *[f"options:{option}" for option in options])
        switch.address("inner", switch.end.inner())
    return set_up


def layer_3(switch: Switch) -> None:
    """GRE that carries IP: the switch takes the Ethernet header off and puts one on, whose target it must be told."""
    over_ip("gre", "packet_type=legacy_l3")(switch)
    namespace = switch.lab.network.namespace(switch.end.node)
    ip("-n", namespace, "neigh", "replace", switch.end.other.inner(), "lladdr", switch.end.other.mac, "dev", "inner")
    switch.flows("inner", f"in_port=tunnel,actions=set_field:{switch.end.mac}->eth_dst,LOCAL",
                 "in_port=LOCAL,ip,actions=output:tunnel")


def wire_bridge(switch: Switch) -> None:
    namespace = switch.lab.network.namespace(switch.end.node)
    ip("-n", namespace, "address", "flush", "dev", switch.end.wire)
    # The kernel hears the wire too, and would answer for the addresses behind the switch.
    switch.lab.network.inside(switch.end.node, "sysctl", "-q", "-w", f"net.ipv4.conf.{switch.end.wire}.arp_ignore=8")
    switch.add_bridge("wire")
    switch.set_up("add-port", "wire", switch.end.wire)


# -- tags and labels -------------------------------------------------------------------------------
def inner_port(switch: Switch, *settings: str) -> None:
    wire_bridge(switch)
    switch.set_up("add-port", "wire", "inner", *settings, "--", "set", "interface", "inner", "type=internal",
                  f'mac="{switch.end.mac}"')
    switch.address("inner", switch.end.inner())


def vlan(switch: Switch) -> None:
    inner_port(switch, "tag=100")


def qinq(switch: Switch) -> None:
    """Outer 802.1ad 200, inner 802.1Q 100"""
    inner_port(switch)
    switch.flows("wire", "in_port=inner,actions=push_vlan:0x8100,set_field:4196->vlan_vid,push_vlan:0x88a8,"
                 f"set_field:4296->vlan_vid,output:{switch.end.wire}",
                 f"table=0,in_port={switch.end.wire},dl_vlan=200,actions=pop_vlan,goto_table:1",
                 "table=1,dl_vlan=100,actions=pop_vlan,output:inner")


def mpls(switch: Switch) -> None:
    """Labels 16 and 1001 around IP; ARP goes as it is"""
    inner_port(switch)
    wire = switch.end.wire
    switch.flows("wire", "in_port=inner,ip,actions=push_mpls:0x8847,set_field:1001->mpls_label,push_mpls:0x8847,"
                 f"set_field:16->mpls_label,output:{wire}", f"in_port=inner,arp,actions=output:{wire}",
                 f"in_port={wire},arp,actions=output:inner",
                 f"table=0,in_port={wire},mpls,actions=pop_mpls:0x8847,goto_table:1",
                 "table=1,mpls,actions=pop_mpls:0x0800,output:inner")


TUNNELS: dict[str, Callable[[Switch], None]] = {
    "VLAN": vlan, "QinQ": qinq, "MPLS": mpls,
    "GRE Ethernet": over_ip("gre", "key=77"), "GRE checksum": over_ip("gre", "csum=true"), "GRE IP": layer_3,
    "VXLAN": over_ip("vxlan", "key=5001"), "Geneve": over_ip("geneve", "key=9"),
    "ERSPAN 1": over_ip("erspan", "key=5", "erspan_ver=1", "erspan_idx=3"),
    "ERSPAN 2": over_ip("erspan", "key=6", "erspan_ver=2", "erspan_dir=1", "erspan_hwid=4"),
}


def start(lab: Laboratory, name: str) -> None:
    for end in ENDS:
        switch = Switch(lab, end)
        switch.start()
        TUNNELS[name](switch)
        switch.route_inside()
    # The first packets wait for ARP on both sides of the tunnel.
    wait_for(f"the way through {name}", lambda: lab.host("cli").run(
        "ping", "-n", "-c", 1, "-W", 1, "-I", CLIENT, SERVER, check=False).returncode == 0)
