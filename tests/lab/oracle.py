"""TShark as a second opinion on a recording: what it reads in the clear, and with the keys that were kept.

It is run three times: as it is; with TLS inside X.224 (`-d tcp.port==P,tls`, for it does not look there by itself); and
with the key log, so that RDP inside TLS is read."""

import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ("tcp.stream", "frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst",
           "tcp.dstport", "tcp.flags", "rdp.rt_cookie", "rdp.negReq.requestedProtocols", "rdp.negReq.selectedProtocol",
           "rdp.negFailure.failureCode", "rdp.client.name", "rdp.client.build", "rdp.desktop.width",
           "rdp.desktop.height", "rdp.encryptionMethod", "rdp.encryptionLevel", "tls.handshake.type",
           "tls.handshake.version", "tls.handshake.ciphersuite", "tls.handshake.extensions.supported_version",
           "tls.handshake.extensions_server_name", "ntlmssp.auth.username", "ntlmssp.auth.domain", "rdp.domain",
           "rdp.userName", "_ws.col.Info", "_ws.col.info")


@dataclass
class Reading:
    """One pass: rows of fields by TCP stream"""
    rows: list[dict[str, str]] = field(default_factory=list)

    def streams(self) -> dict[int, list[dict[str, str]]]:
        out: dict[int, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows:
            if row["tcp.stream"]:
                out[int(row["tcp.stream"])].append(row)
        return out


def known_columns() -> list[str]:
    done = subprocess.run(["tshark", "-G", "fields"], capture_output=True, check=True, text=True, timeout=120)
    known = {line.split("\t")[2] for line in done.stdout.splitlines() if line.startswith("F\t")}
    # Columns are not in that list; their names changed with version 4.2.
    info = "_ws.col.info" if "_ws.col.info" in known else "_ws.col.Info"
    return [column for column in COLUMNS if column in known or column == info]


LAST = ("tcp.stream", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst")  # of several, inside tunnels, the innermost


def read(capture: Path, columns: list[str], options: list[str]) -> Reading:
    chosen = [word for column in columns for word in ("-e", column)]
    done = subprocess.run(["tshark", "-n", "-r", capture, *options, "-T", "fields", "-E", "separator=|", "-E",
                           "aggregator=/s", "-E", "occurrence=a", *chosen],
                          capture_output=True, check=False, text=True, timeout=120)
    if done.returncode != 0:
        raise OSError(f"tshark: {done.stderr[-500:]}")
    empty = {column: "" for column in COLUMNS}
    return Reading([empty | dict(zip(columns, line.split("|"))) for line in done.stdout.splitlines()])


def info(row: dict[str, str]) -> str:
    return row["_ws.col.Info"] or row["_ws.col.info"]


def first(text: str) -> str:
    return text.split(" ")[0]


def last(text: str) -> str:
    return text.split(" ")[-1]
