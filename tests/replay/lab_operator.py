"""What the operator of the older lab recordings (truth.json in $REMORA_SHARED/pcaps/lab) says happened, as a truth of
tests/lab: settings, files, tickets and the clock of the recipe. TShark's lists in there have no part in it."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab.scenario import KEYS

LEVELS = {"low": ("RC4_40", "LOW"), "medium": ("RC4_40", "CLIENT_COMPATIBLE"), "high": ("RC4_128", "HIGH"),
          "fips": ("FIPS", "FIPS")}
SESSIONLESS = {"ticket-transfer", "dcom-offer", "dcerpc", "failed-connect", "scan", "brute-force"}
ESTABLISHED = {"rdp", "tls", "nla", "network", "tunnel", "abnormal-end", "file-transfer", "remote-assistance",
               "reverse-connect", "proxy"}
# What the operator did to end the session, and the ends that this may look like on the wire
ENDINGS = {"kill9": ["CLIENT_CLOSED", "CLIENT_RESET"], "kill9_server": ["SERVER_CLOSED", "SERVER_RESET"],
           "link_down": ["CAPTURE_END"], "rst_rule_on": ["SERVER_RESET"],
           "polite_close": ["CLIENT_CLOSED", "SERVER_CLOSED"]}
BALANCED = "proxy-haproxy-v2"

# (folder or *, field or all below it): why Remora cannot say it yet. A line whose fields are right fails the test.
NOT_YET: dict[tuple[str, str], str] = {
    ("*", "files"): KEYS, ("ra-vista-tls", "control"): KEYS,
}


class Operator:
    def __init__(self, folder: Path):
        self.folder, self.name = folder, folder.name
        self.record = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        self.facts: dict[str, str] = self.record["operator_facts"]
        self.times = [(entry["event"], entry["time"]) for entry in self.record["timeline"]]
        self.last = self.record["capture"]["Last packet time"].replace(" ", "T") + "Z"

    # -- clock ----------------------------------------------------------------------------------
    def time_of(self, event: str) -> str | None:
        return next((time for name, time in self.times if name == event), None)

    def within(self, event: str, until: str | None = None) -> dict:
        return {"within": [self.time_of(event), self.time_of(until) if until else self.last]}

    # -- sessions -------------------------------------------------------------------------------
    def sessions(self) -> list[dict]:
        if self.record["kind"] in SESSIONLESS:
            return []
        session = self.ends() | {"opened": {"within": [self.times[0][1], self.last]},
                                 "negotiation": {"cookie": self.facts.get("novice") or self.facts["user"]}}
        session |= self.security() | self.software()
        if self.record["kind"] in ESTABLISHED:
            session["outcome"] = "ESTABLISHED"
            session["accepted"] = {"within": [self.times[0][1], self.last]}
            session["users"] = [{"name": self.facts["novice"]} if "novice" in self.facts else
                                {"name": self.facts["user"], "domain": self.facts["domain"]}]
        if self.facts.get("logon_result") == "failed" and self.facts["security"] == "nla":
            session |= {"outcome": "AUTHENTICATION_FAILED", "accepted": None}
        if self.record["kind"] == "negotiation-failure":
            session |= {"outcome": "NEGOTIATION_FAILED", "accepted": None}
            session["negotiation"]["failure"] = "HYBRID_REQUIRED_BY_SERVER"
        for event, reasons in ENDINGS.items():
            if self.time_of(event):
                session |= {"end_reason": {"one_of": reasons}, "closed": self.within(event)}
        if "tunnel" in self.facts and self.facts["tunnel"] not in ("vlan", "qinq", "mpls"):
            session["path"] = [[end, "TUNNEL_ENDPOINT"] for end in self.facts["tunnel_endpoints"].split()]
        return self.legs(session) if self.record["kind"] == "proxy" else [session] * self.attempts()

    def attempts(self) -> int:
        """A refused client of NLA has made two connections, each with a request of its own."""
        return 2 if self.name == "logon-failed-nla" else 1

    def ends(self) -> dict:
        six = "6" if "server_ip6" in self.facts else ""
        reverse = self.facts.get("direction") == "REVERSE"
        client = {"address": self.facts.get(f"client_ip{six}", "10.10.1.10")}
        server = {"address": self.facts.get(f"server_ip{six}", "10.10.5.20")}
        if reverse:
            client["port"] = int(self.facts["listener"].rpartition(":")[2])
        else:
            server["port"] = int(self.facts.get("server_port", "3389"))
        assistance = "novice" in self.facts
        return {"kind": "REMOTE_ASSISTANCE" if assistance else "RDP", "client": client, "server": server,
                "direction": "REVERSE" if reverse else "FORWARD", "initiator": "SERVER" if reverse else "CLIENT"}

    def security(self) -> dict:
        if self.facts.get("encryption", "").startswith("NONE"):
            return {"security": {"encryption_method": "NONE", "encryption_level": "NONE"}}
        if "crypt_level" in self.facts:
            method, level = LEVELS[self.facts["crypt_level"]]
            return {"security": {"encryption_method": method, "encryption_level": level}}
        if "tls" in self.facts:
            return {"security": {"tls": {"version": self.facts["tls"].replace("TLSv", "TLS")}}}
        return {}

    def software(self) -> dict:
        if "client_name" not in self.facts or self.record["kind"] in ("negotiation-failure", "logon-failure"):
            return {}
        out: dict[str, object] = {"computer_name": self.facts["client_name"]}
        if "desktop" in self.facts:
            width, height = self.facts["desktop"].split("x")[:2]
            out |= {"desktop_width": int(width), "desktop_height": int(height)}
        return {"client_software": out}

    def legs(self, session: dict) -> list[dict]:
        """Both sides of the middleman"""
        middle = self.facts.get("proxy_ip") or self.facts["balancer_ip"]
        port = int(self.facts.get("proxy_port", "3389"))
        first = session | {"server": {"address": middle, "port": port}}
        backend = self.facts.get("backend", f"{self.facts['server_ip']}:3389").rpartition(":")
        second = session | {"client": {"address": middle}, "server": {"address": backend[0], "port": int(backend[2])}}
        hops = [[self.facts["client_ip"], "CLIENT"], [middle, "PROXY"]]
        (second if self.name == BALANCED else first)["path"] = hops
        return [first, second]

    # -- tickets, files, control, offers --------------------------------------------------------
    def tickets(self) -> list[dict]:
        if self.record["kind"] != "ticket-transfer":
            return []
        events = {"ticket-smtp": ("mail_sent", "mail_done"), "ticket-http": ("get_ticket", "get_broken"),
                  "ticket-pop3-imap": ("pop3", "imap"), "ticket-ftp": ("put", "get"),
                  "ticket-smb": ("smb_put", "smb_get")}
        ended = {"ticket-ftp": ("del", None), "ticket-smb": ("smb_del", "smb_done")}
        ticket = self.ticket() | {"time": self.within(*events[self.name]), "carrier": self.carrier()}
        if self.name in ended:
            ticket["ended"] = {"how": "CARRIER_COPY_DELETED", "time": self.within(*ended[self.name])}
        return [ticket]

    def ticket(self) -> dict:
        path = next(path for path in self.folder.glob("*.*ncident") if path.name.startswith(
            self.facts["ticket_file"].split()[0]))
        text = path.read_text(encoding="utf-8")
        places = [place.rpartition(":") for place in re.search(r'RCTICKET="\d+,1,([^,]*),', text)[1].split(";")]
        return {"format": self.facts["ra_ticket_type"].upper(), "user_name": self.facts["novice"],
                "duration": f"{60 * int(self.facts['ticket_minutes'])}s",
                "password_protected": 'RCTICKETENCRYPTED="1"' in text,
                "addresses": [{"address" if host[0].isdigit() else "name": host, "port": int(port)}
                              for host, _, port in places]}

    def carrier(self) -> dict:
        client, server = self.facts["client_ip"], self.facts["server_ip"]
        if self.name == "ticket-smb":  # smbclient went over IPv6
            client, server = "fd10:a:1::10", "fd10:a:7::25"
        name = self.facts["ticket_file"].split()[0]
        upwards = {"source_address": client, "destination_address": server}
        downwards = {"source_address": server, "destination_address": client}
        return {"ticket-smtp": {"protocol": "SMTP", "file_name": name, **upwards, "destination_port": 25},
                "ticket-http": {"protocol": "HTTP", "file_name": name, **downwards, "source_port": 80},
                "ticket-pop3-imap": {"protocol": "POP3", **downwards, "source_port": 110},
                "ticket-ftp": {"protocol": "FTP", "file_name": name, **upwards},
                "ticket-smb": {"protocol": "SMB", "file_name": name, **upwards, "destination_port": 445}}[self.name]

    def rejected(self) -> list[dict]:
        if "broken_ticket" not in self.facts:
            return []
        name = self.facts["broken_ticket"].partition(":")[0]
        known = self.record["files"][name]
        return [{"size": known["size"], "sha256": known["sha256"], "carrier": {"protocol": "HTTP", "file_name": name}}]

    def files(self) -> list[dict]:
        out = []
        for key in sorted(key for key in self.facts if re.fullmatch(r"file\d", key)):
            name, size, direction, mechanism, digest = re.fullmatch(
                r"(.*) size=(\d+) direction=(\w+) mechanism=(\w+) sha256=(\w+)", self.facts[key]).groups()
            out.append({"file_name": name, "size": int(size), "direction": direction.upper(), "mechanism": mechanism,
                        "sha256": digest, "result": "COMPLETED"})
        return out

    def control(self) -> list[dict]:
        if not self.time_of("control_request_ctrl_alt_c"):
            return []
        return [{"start": self.within("control_request_ctrl_alt_c", "control_release_ctrl_alt_c"),
                 "end": self.within("control_release_ctrl_alt_c", "polite_close"), "role": "EXPERT"}]

    def offers(self) -> list[dict]:
        if self.record["kind"] != "dcom-offer":
            return []
        return [{"expert": {"address": self.facts["client_ip"]}, "novice": {"address": self.facts["server_ip"]}}]

    # -- all ------------------------------------------------------------------------------------
    def truth(self) -> dict:
        out: dict[str, object] = {"sessions": self.sessions()}
        if self.record["kind"] in ("scan", "brute-force"):
            out["sessions_between"] = [1, self.record["tcp_stream_count"]]
        for part in ("tickets", "rejected", "files", "control", "offers"):
            found = getattr(self, part)()
            if found:
                out[part] = found
        return out

    def not_yet(self, truth: dict) -> dict[str, str]:
        """The table's lines for this folder, and what encryption hides of its sessions"""
        out = {field: why for (folder, field), why in NOT_YET.items()
               if folder in ("*", self.name) and field.partition("[")[0] in truth}
        clear = self.facts.get("encryption", "").startswith("NONE")
        tls = self.facts.get("security") in ("tls", "nla")
        for index, session in enumerate(truth["sessions"]):
            name = f"sessions[{index}]"
            if "users" in session and not clear:
                out[f"{name}.users"] = KEYS
            if tls and "client_software" in session:
                out[f"{name}.client_software"] = KEYS
            if tls and session["kind"] == "REMOTE_ASSISTANCE":
                out[f"{name}.kind"] = KEYS
        return out
