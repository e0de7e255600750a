#!/usr/bin/env python3
"""Every RDP flow that nDPI finds by content in real captures, Remora finds too. The differences, both ways, stand
below with who is right. Made with ndpiReader 4.2."""

import re
import shutil
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import remora
from remora import LAB, REAL, need, replay, sessions_of

WORKERS = 2
CAPTURES = (".pcap", ".pcapng", ".cap")
FLOW = re.compile(r"\b(TCP|UDP) (\S+):(\d+) (?:<->|->) (\S+):(\d+) .*\[proto: [^]]*\bRDP\]")

Flow = tuple[str, frozenset[tuple[str, int]]]

# Found by nDPI alone: capture and client's port, and who is right.
NDPI_ONLY = {
    ("lab/nego-failure-nla-required", 54430):
        "both: the server refused the protocol, and the client's second connection is the same session's (attempts 2)",
    ("real/rdp-standard-security/wireshark-rdp__rdp-no-tls-accepted1", 50394):
        "both: refused, then tried again, one session (attempts 2)",
    ("real/rdp-standard-security/zeek__rdp_rdp-proprietary-encryption", 3389):
        "both: refused, then tried again 2.5 s later, one session (attempts 2)",
    ("real/rdp-udp/ndpi__rdp2", 51652):
        "nDPI by luck: the SYN datagrams were not captured, and it takes such datagrams at port 3389 for RDP",
}

UNREAD_TUNNEL = "Remora: nDPI 4.2 does not look into this tunnel"
UNREAD_LINK = "Remora: nDPI 4.2 does not read Linux cooked captures of version 2"
UNREAD_TLS = ("Remora: the file holds the secrets of the gateway's TLS connection, and inside it the tunnel of "
              "[MS-TSGU] carries an X.224 request; nDPI opens no TLS")
UNREAD_UDP = "Remora: SYN and SYN-ACK of [MS-RDPEUDP] 3.1.5.1 are there, and TShark finds them too"

# Found by Remora alone: capture and client's port, and who is right.
REMORA_ONLY = {
    ("lab/proxy-haproxy-v2", 39552): UNREAD_LINK,
    ("lab/proxy-haproxy-v2", 58892): UNREAD_LINK,
    ("lab/proxy-socks5", 33572): UNREAD_LINK,
    ("lab/proxy-socks5", 33218): UNREAD_LINK,
    ("lab/tunnel-erspan2", 42398): UNREAD_TUNNEL,
    ("lab/tunnel-geneve", 53066): UNREAD_TUNNEL,
    ("lab/tunnel-gre-teb", 55852): UNREAD_TUNNEL,
    ("lab/tunnel-qinq", 44180): UNREAD_TUNNEL,
    ("lab/tunnel-vxlan", 55858): UNREAD_TUNNEL,
    ("real/rdp-gateway/wireshark-rdp__rdp-rdg-diff-creds-kerberos-password", 49895): UNREAD_TLS,
    ("real/rdp-gateway/wireshark-rdp__rdp-rdg-no-kdc-proxy-ntlm-downgrade-success", 49872): UNREAD_TLS,
    ("real/rdp-gateway/wireshark-rdp__rdp-rdg-same-creds-kerberos-password-success1", 49790): UNREAD_TLS,
    ("real/rdp-gateway/wireshark-rdp__rdp-rdg-same-creds-kerberos-smartcard-success1", 49812): UNREAD_TLS,
    ("real/rdp-gateway/wireshark-rdp__rdp-rdg-same-creds-kerberos-smartcard-success2", 49971): UNREAD_TLS,
    ("real/rdp-proxied/arkime__socks5-rdp", 42356): "Remora: frames 4 to 7 are SOCKS 5, frame 8 is an X.224 request",
    ("real/rdp-udp/ndpi__rdp2", 60355): UNREAD_UDP,
    ("real/rdp-udp/ndpi__rdp2", 54759): UNREAD_UDP,
    ("real/rdp-udp/zeek__rdp_rdpeudp-handshake-success", 61291): UNREAD_UDP,
    ("real/rdp-udp/zeek__rdp_rdpeudp2-handshake-success", 65368): UNREAD_UDP,
}


def captures() -> list[Path]:
    return sorted(path for folder in (REAL, LAB) for path in folder.rglob("*") if path.suffix in CAPTURES)


def name_of(path: Path) -> str:
    name = str(path.relative_to(REAL.parent).with_suffix(""))
    return name.removesuffix("/capture")


def ndpi_flows(path: Path) -> set[Flow]:
    """-d: by content alone, never by port."""
    text = subprocess.run(["ndpiReader", "-d", "-v", "2", "-i", str(path)], capture_output=True, timeout=120,
                          check=False).stdout.decode(errors="replace")
    return {(found[1], frozenset({(found[2].strip("[]"), int(found[3])), (found[4].strip("[]"), int(found[5]))}))
            for found in FLOW.finditer(text)}


def remora_flows(path: Path) -> set[Flow]:
    return {("UDP" if final["transports"] == ["UDP"] else "TCP",
             frozenset((final[end]["address"], final[end]["port"]) for end in ("client", "server")))
            for final in (session.final for session in sessions_of(replay(path).events))}


def client_port(flow: Flow) -> int:
    return max(port for _, port in flow[1])


class NdpiFlows(unittest.TestCase):
    found: int
    ndpi_only: set[tuple[str, int]]
    remora_only: set[tuple[str, int]]

    @classmethod
    def setUpClass(cls):
        need(REAL)
        if shutil.which("ndpiReader") is None:
            raise unittest.SkipTest("ndpiReader is not installed (package libndpi-bin)")
        paths = captures()
        with ThreadPoolExecutor(WORKERS) as pool:
            by_ndpi = dict(zip(paths, pool.map(ndpi_flows, paths)))
            of_interest = [path for path in paths if by_ndpi[path] or name_of(path).startswith(("real/rdp-", "lab/"))]
            by_remora = dict(zip(of_interest, pool.map(remora_flows, of_interest)))
        cls.found = sum(map(len, by_ndpi.values()))
        cls.ndpi_only = {(name_of(path), client_port(flow)) for path in of_interest
                         for flow in by_ndpi[path] - by_remora[path]}
        cls.remora_only = {(name_of(path), client_port(flow)) for path in of_interest
                           for flow in by_remora[path] - by_ndpi[path]}

    def test_what_ndpi_finds_remora_finds(self):
        print(f"{self.found} RDP flows by nDPI, {len(self.ndpi_only)} of them by nDPI alone")
        self.assertGreater(self.found, 800)
        self.assertEqual(self.ndpi_only, set(NDPI_ONLY))

    def test_what_remora_finds_beyond(self):
        """Elsewhere than in rdp-* and lab, real_clean_test.py lists every session."""
        self.assertEqual(self.remora_only, set(REMORA_ONLY))


if __name__ == "__main__":
    remora.main()
