"""The scenarios. Each is data; README.md says how to add one."""

from lab.client import Rdesktop, Xfreerdp
from lab.scenario import ADMISSION, ATTACKS, HIDDEN_BY_RC4, HIDDEN_BY_TLS, HIDDEN_BY_TLS13, KEYS, Scenario
from lab.shadow import Shadow
from lab.xrdp import Xrdp

# xrdp says in MCS that it ends the session; with TLS around it only the client's FIN is seen.
DISCONNECT_HIDDEN = {"sessions[0].end_reason": KEYS}
TLS12 = "TLSv1.2"

STANDARD = (
    Scenario("standard-low", "rdesktop logs on to xrdp at crypt level low, and logs off",
             client=Rdesktop(), server=Xrdp("rdp", "low"), not_yet=HIDDEN_BY_RC4, short=True),
    Scenario("standard-high", "rdesktop logs on to xrdp at level high: 128 bits both ways",
             client=Rdesktop(), server=Xrdp("rdp", "high"), not_yet=HIDDEN_BY_RC4),
    Scenario("standard-medium-ipv6", "rdesktop logs on to xrdp at level medium, over IPv6", network="IPv6",
             client=Rdesktop(), server=Xrdp("rdp", "medium"), not_yet=HIDDEN_BY_RC4, short=True),
    Scenario("standard-fips", "xfreerdp logs on to xrdp at level fips",
             client=Xfreerdp("rdp"), server=Xrdp("rdp", "fips"), not_yet=HIDDEN_BY_RC4),
    Scenario("standard-shadow", "xfreerdp looks at the desktop of freerdp-shadow, with salted MACs",
             client=Xfreerdp("rdp"), server=Shadow("rdp"), ending="close", not_yet=HIDDEN_BY_RC4),
    Scenario("standard-port-4489", "RDP where nobody expects it",
             client=Rdesktop(), server=Xrdp("rdp", "low", port=4489), not_yet=HIDDEN_BY_RC4),
)

TLS = (
    Scenario("tls12", "xfreerdp logs on to xrdp over TLS 1.2 with ECDHE",
             client=Xfreerdp(), server=Xrdp(tls=TLS12), not_yet=HIDDEN_BY_TLS | DISCONNECT_HIDDEN),
    Scenario("tls12-rsa", "xfreerdp logs on to xrdp over TLS 1.2 with RSA key exchange, which the server's key opens",
             client=Xfreerdp(), server=Xrdp(tls=TLS12, ciphers="AES128-GCM-SHA256"),
             not_yet=HIDDEN_BY_TLS | DISCONNECT_HIDDEN),
    Scenario("tls13", "xfreerdp logs on to xrdp over TLS 1.3, which hides the certificate",
             client=Xfreerdp(), server=Xrdp(), not_yet=HIDDEN_BY_TLS13 | DISCONNECT_HIDDEN, short=True),
    Scenario("tls-rdesktop", "rdesktop, which uses GnuTLS, logs on to xrdp",
             client=Rdesktop(), server=Xrdp(), not_yet=HIDDEN_BY_TLS13 | DISCONNECT_HIDDEN),
    Scenario("tls-shadow", "xfreerdp looks at the desktop of freerdp-shadow over TLS",
             client=Xfreerdp(), server=Shadow("tls"), ending="close", not_yet=HIDDEN_BY_TLS13),
    Scenario("tls-negotiated", "xfreerdp offers all it knows, and xrdp takes TLS",
             client=Xfreerdp(""), server=Xrdp("negotiate"), not_yet=HIDDEN_BY_TLS13 | DISCONNECT_HIDDEN),
    Scenario("nla", "xfreerdp logs on to freerdp-shadow with network level authentication",
             client=Xfreerdp("nla"), server=Shadow("nla"), user=(("type", "dir"),), ending="close",
             not_yet=HIDDEN_BY_TLS13 | {"logons": KEYS}, short=True),
)

FAILURES = (
    Scenario("nla-wrong-password", "the password is wrong, and CredSSP says so before RDP begins", play="failure",
             client=Xfreerdp("nla"), server=Shadow("nla"),
             options={"failure": "wrong password", "login": {"password": "guess"}, "arguments": ("+auth-only",)},
             not_yet={"sessions[0].security.certificate": KEYS}, short=True),
    Scenario("nla-required", "the client speaks TLS only, the server insists on network level authentication",
             play="failure", client=Xfreerdp("tls"), server=Shadow("nla"),
             options={"failure": "no common protocol", "says": "HYBRID_REQUIRED_BY_SERVER"}),
    Scenario("standard-salted-mac", "xrdp cannot verify FreeRDP's salted MACs and hangs up after Client Info",
             play="failure", client=Xfreerdp("rdp"), server=Xrdp("rdp", "high"),
             options={"failure": "wrong signature", "says": "MAC checksum error"}),
    Scenario("tls-wrong-password", "over TLS xrdp shows its own dialog: a session for all that RDP can tell",
             client=Xfreerdp(), server=Xrdp(), ending="close", play="dialog",
             options={"login": {"password": "guess"}}, not_yet=HIDDEN_BY_TLS13),
    Scenario("refused", "nobody listens: the SYN is answered by a reset", play="failure", client=Xfreerdp(),
             options={"failure": ""}),
    Scenario("no-answer", "a router swallows the SYNs", play="failure", network="swallow", client=Xfreerdp(),
             options={"failure": "", "patience": 4}),
)

BEHAVIOUR = (
    Scenario("idle", "twelve seconds in which nothing happens", client=Xfreerdp(), server=Xrdp(),
             user=(("idle", 12),), ending="close", not_yet=HIDDEN_BY_TLS13),
    Scenario("typing", "the user types forty characters", client=Xfreerdp(), server=Shadow("tls"),
             user=(("type", "the quick brown fox jumps over lazy dogs"),), ending="close", not_yet=HIDDEN_BY_TLS13),
    Scenario("video", "the desktop changes all the time", client=Xfreerdp(), server=Shadow("tls", busy=True),
             user=(("idle", 4),), ending="close", not_yet=HIDDEN_BY_TLS13),
    Scenario("return", "the client dies, and the user comes back to the old desktop", play="return",
             client=Rdesktop(), server=Xrdp("rdp", "low", keep_session=True),
             not_yet=HIDDEN_BY_RC4 | {"sessions[1].users": KEYS}),
    Scenario("takeover", "a second client is given the desktop, and the first is sent away", play="takeover",
             client=Rdesktop(), server=Xrdp("rdp", "low", keep_session=True), options={"end": "SERVER_DISCONNECT"},
             not_yet=HIDDEN_BY_RC4 | {"sessions[1].users": KEYS}),
)

ENDINGS = (
    Scenario("end-client-killed", "the client dies in mid-session", client=Xfreerdp(), server=Xrdp(tls=TLS12),
             ending="kill client", not_yet=HIDDEN_BY_TLS),
    Scenario("end-server-killed", "the server dies in mid-session", client=Xfreerdp(), server=Shadow("tls"),
             ending="kill server", not_yet=HIDDEN_BY_TLS13),
    Scenario("end-server-stopped", "the server is told to stop", client=Rdesktop(), server=Xrdp("rdp", "low"),
             ending="stop server", not_yet=HIDDEN_BY_RC4),
    Scenario("end-link-cut", "the link behind the tap goes down: repeats, then nothing", client=Xfreerdp(),
             server=Xrdp(tls=TLS12), ending="cut", not_yet=HIDDEN_BY_TLS),
    Scenario("end-reset-by-router", "a router begins to answer with resets in the server's name", client=Xfreerdp(),
             server=Xrdp(tls=TLS12), ending="reset", not_yet=HIDDEN_BY_TLS, short=True),
)

FILE_TRANSFERS = (
    Scenario("drive-standard", "files of several sizes go both ways over a redirected drive, Standard RDP Security",
             client=Rdesktop(), server=Xrdp("rdp", "high"), options={"arguments": ("-r", "disk:usb=usb")},
             user=(("read from the drive", "report.docx", 23456), ("read from the drive", "empty.txt", 0),
                   ("write to the drive", "notes.txt", 9001), ("write to the drive", "one.bin", 1)),
             needs=("fusermount3",), not_yet=HIDDEN_BY_RC4 | {"files": KEYS}, short=True),
    Scenario("drive-tls", "files go both ways over a redirected drive, TLS", client=Rdesktop(), server=Xrdp(),
             options={"arguments": ("-r", "disk:usb=usb")},
             user=(("read from the drive", "plan.pdf", 40000), ("write to the drive", "minutes.txt", 5000)),
             needs=("fusermount3",), not_yet=HIDDEN_BY_TLS13 | DISCONNECT_HIDDEN | {"files": KEYS}),
    Scenario("clipboard-tls", "a file is copied on the client and pasted in the session", client=Xfreerdp(),
             server=Xrdp(), options={"arguments": ("+clipboard",)}, user=(("paste a file", "budget plan.xlsx", 7777),),
             needs=("fusermount3", "xclip"), not_yet=HIDDEN_BY_TLS13 | DISCONNECT_HIDDEN | {"files": KEYS}),
)

ASSISTANCE = (
    Scenario("ra-standard-control", "an expert opens a Vista invitation, looks, takes control and gives it back",
             play="assistance", client=Xfreerdp("rdp"), server=Shadow("rdp", port=49733), user=(("control", 1),),
             ending="close", not_yet=HIDDEN_BY_RC4),
    Scenario("ra-tls", "an expert opens a Vista invitation over TLS and only looks", play="assistance",
             client=Xfreerdp(), server=Shadow("tls", port=49732), ending="close",
             not_yet=HIDDEN_BY_TLS13 | {"sessions[0].kind": KEYS}, chance=ADMISSION, short=True),
    Scenario("ra-xp", "an expert opens an invitation of Windows XP", play="assistance", client=Xfreerdp("rdp"),
             server=Shadow("rdp"), options={"format": "XP"}, ending="close", not_yet=HIDDEN_BY_RC4,
             chance=ADMISSION),
    Scenario("ra-reverse-tls", "the novice's machine dials out to the waiting expert", play="reverse",
             client=Xfreerdp(), server=Shadow("tls"), options={"listens": 50990, "assistance": True}, ending="close",
             not_yet=HIDDEN_BY_TLS13 | {"sessions[0].kind": KEYS}, chance=ADMISSION),
    Scenario("ra-reverse-clear", "the novice dials out without encryption: all of it is clear, control too",
             play="reverse", client=Xfreerdp("rdp"), server=Shadow("rdp"), user=(("control", 1),),
             options={"listens": 50991, "assistance": True}, ending="close", short=True),
    Scenario("reverse-clear", "plain RDP in reverse, without encryption", play="reverse", client=Xfreerdp("rdp"),
             server=Shadow("rdp"), options={"listens": 4911}, ending="close"),
)

# name, network, whether its ends have addresses of their own
TUNNELLED = (("tunnel-vlan", "VLAN", False), ("tunnel-qinq", "QinQ", False), ("tunnel-mpls", "MPLS", False),
             ("tunnel-gre-ethernet", "GRE Ethernet", True), ("tunnel-gre-checksum", "GRE checksum", True),
             ("tunnel-gre-ip", "GRE IP", True), ("tunnel-vxlan", "VXLAN", True), ("tunnel-geneve", "Geneve", True),
             ("tunnel-erspan1", "ERSPAN 1", True), ("tunnel-erspan2", "ERSPAN 2", True))
RECORDED = ("10.10.2.1", "10.10.3.1", "10.10.5.1")  # by the routers, into the ping
ENDS = [["10.10.2.1", "TUNNEL_ENDPOINT"], ["10.10.2.2", "TUNNEL_ENDPOINT"]]

NETWORKS = (
    *(Scenario(name, f"through {network}, by Open vSwitch", network=network, client=Rdesktop(),
               server=Xrdp("rdp", "low"),
               options={"path": ENDS} if ends else {}, needs=("ovs-vswitchd",), not_yet=HIDDEN_BY_RC4,
               short=name == "tunnel-vxlan") for name, network, ends in TUNNELLED),
    Scenario("loss", "every eleventh packet is lost behind the tap", network="loss", client=Rdesktop(),
             server=Xrdp("rdp", "low"), not_yet=HIDDEN_BY_RC4),
    Scenario("fragments", "a link of 580 bytes cuts segments into IP fragments", network="fragments", client=Rdesktop(),
             server=Xrdp("rdp", "low"), not_yet=HIDDEN_BY_RC4, short=True),
    Scenario("traceroute", "the client asks for the way, by traceroute and by a ping with Record Route",
             client=Rdesktop(), server=Xrdp("rdp", "low"), user=(("traceroute",),),
             options={"path": [["10.10.2.2", "ROUTER"], ["10.10.3.2", "ROUTER"],
                               *([address, "ROUTER"] for address in RECORDED)]},
             needs=("traceroute",), not_yet=HIDDEN_BY_RC4),
    Scenario("proxy-socks", "through a SOCKS 5 proxy; both legs are captured", play="proxy", client=Xfreerdp(),
             server=Xrdp(), options={"middleman": "socks"}, needs=("microsocks",),
             not_yet=HIDDEN_BY_TLS13 | {key.replace("[0]", "[1]"): why for key, why in HIDDEN_BY_TLS13.items()}),
    Scenario("proxy-http", "through an HTTP proxy", play="proxy", client=Xfreerdp(), server=Xrdp(),
             options={"middleman": "http"}, needs=("tinyproxy",),
             not_yet=HIDDEN_BY_TLS13 | {key.replace("[0]", "[1]"): why for key, why in HIDDEN_BY_TLS13.items()}),
    Scenario("proxy-balancer", "behind a balancer that writes a PROXY header", play="proxy", client=Rdesktop(),
             server=Xrdp("rdp", "low"), options={"middleman": "balance"}, needs=("haproxy",),
             not_yet=HIDDEN_BY_RC4 | {"sessions[1].users": KEYS}),
)

CARRIED = (
    Scenario("ticket-smtp", "an invitation is mailed", play="ticket", carrier="smtp", needs=("swaks",),
             short=True),
    Scenario("ticket-pop3", "an invitation is fetched from a mailbox by POP3", play="ticket", carrier="pop3",
             options={"format": "XP"}, needs=("dovecot", "curl")),
    Scenario("ticket-imap", "an invitation is fetched from a mailbox by IMAP, whole and its part alone", play="ticket",
             carrier="imap", needs=("dovecot", "curl")),
    Scenario("ticket-http", "invitations on a web server: a good one, a broken one, one that is gone", play="ticket",
             carrier="http", needs=("curl",), short=True),
    Scenario("ticket-ftp", "an invitation is uploaded, downloaded and deleted by FTP", play="ticket", carrier="ftp",
             options={"format": "XP"}, needs=("curl",)),
    Scenario("ticket-smb", "an invitation is put on a share, fetched and deleted", play="ticket", carrier="smb",
             needs=("smbd", "smbclient")),
    Scenario("ticket-used", "an invitation is mailed, and the expert uses it", play="ticket", carrier="smtp",
             client=Xfreerdp("rdp"), server=Shadow("rdp", port=49734), ending="close", needs=("swaks",),
             chance=ADMISSION),
)

ATTACKED = (
    Scenario("scan-ports", "nmap tries 201 ports", play="attack", options={"attack": "port scan"}, server=Xrdp(),
             needs=("nmap",), not_yet={"attacks": ATTACKS}),
    Scenario("scan-rdp", "nmap's scripts ask for every security protocol", play="attack",
             options={"attack": "rdp scan"}, server=Xrdp("negotiate"), needs=("nmap",), not_yet={"attacks": ATTACKS}),
    Scenario("guess-ncrack", "ncrack guesses passwords over Standard RDP Security", play="attack",
             options={"attack": "ncrack"}, server=Xrdp("rdp", "low"), needs=("ncrack",), not_yet={"attacks": ATTACKS}),
    Scenario("guess-hydra", "hydra believes its first guess", play="attack", options={"attack": "hydra"},
             server=Xrdp("negotiate"), needs=("hydra",)),
    Scenario("guess-nla", "six guesses, refused by network level authentication", play="attack",
             options={"attack": "nla"}, server=Shadow("nla"), not_yet={"attacks": ATTACKS}),
    Scenario("offer", "an expert offers help over DCOM, and the novice's machine refuses", play="attack",
             options={"attack": "offer"}),
)

PLAYED = (*STANDARD, *TLS, *FAILURES, *BEHAVIOUR, *ENDINGS, *FILE_TRANSFERS, *ASSISTANCE, *NETWORKS, *CARRIED,
          *ATTACKED)

# Made from the recording of standard-low by tests/builder: nothing here can do it on the wire.
MADE = tuple(Scenario(name, story, made=True, options={"origin": "standard-low", "making": making},
                      not_yet=HIDDEN_BY_RC4) for name, making, story in (
    ("duplicates", "duplicates", "every fifth packet comes twice"),
    ("reorder", "reorder", "segments that follow each other come in the wrong order"),
    ("tunnel-ipip", "IP in IP", "through IPv4 in IPv4, wrapped around a recording"),
    ("tunnel-4in6", "IP in IPv6", "through IPv4 in IPv6, wrapped around a recording"),
    ("tunnel-gtp", "GTP-U", "through GTP-U, wrapped around a recording"),
    ("tunnel-pppoe", "PPPoE", "through PPPoE, wrapped around a recording"),
    ("tunnel-l2tp", "L2TP", "through L2TPv2, wrapped around a recording"),
    ("tunnel-nvgre", "NVGRE", "through NVGRE, wrapped around a recording"),
    ("tunnel-802-1ah", "802.1ah", "through a provider backbone bridge, wrapped around a recording"),
))

SCENARIOS = PLAYED + MADE
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
