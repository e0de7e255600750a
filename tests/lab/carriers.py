"""How tickets travel: mail, web, file shares. Each carrier brings one invitation file from the novice's side to the
expert's, and some take it back; returns what was true of it."""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from lab.invitation import Invitation
from lab.laboratory import Laboratory
from lab.topology import CLIENT, SERVICES
from lab.truth import Truth, file_facts, window
from lab.waiting import wait_for
from lab.xrdp import UID

PYTHON = "/usr/bin/python3"  # Debian's own, which has the packages
NAME = "Invitation.msrcIncident"
USER, PASSWORD = "anna", "Lab-pass1"


def carried(truth: Truth, invitation: Invitation, span: tuple[int, int], protocol: str, source: str, target: str,
            port: dict, **more: object) -> dict:
    """A ticket of the truth; `port` is that of the server's side."""
    ticket = invitation.facts() | {"time": {"within": window(*span)}} | more
    ticket["carrier"] = {"protocol": protocol, "source_address": source, "destination_address": target,
                         "file_name": NAME, **port}
    truth.tickets.append(ticket)
    return ticket


def smtp(lab: Laboratory, truth: Truth, invitation: Invitation, path: Path) -> None:
    boxes = lab.folder / "mail"
    server = lab.host("svc").start(PYTHON, "-m", "aiosmtpd", "-n", "-l", "0.0.0.0:25", "-c",
                                   "aiosmtpd.handlers.Mailbox", boxes, name="smtp")
    lab.wait_for_port("svc", 25, server)
    start = lab.mark("the novice sends the ticket by mail")
    lab.host("cli").run("swaks", "--server", "files.corp.example:25", "--from", "novice@corp.example",
                        "--to", "anna@corp.example", "--header", "Subject: please help",
                        "--body", "The invitation is attached.", "--attach-type", "application/octet-stream",
                        "--attach-name", NAME, "--attach", f"@{path}")
    end = lab.mark("the mail is accepted")
    carried(truth, invitation, (start, end), "SMTP", CLIENT, SERVICES, {"destination_port": 25})


def mail_box(lab: Laboratory, path: Path) -> None:
    """dovecot with one mail in anna's box"""
    home = lab.host("svc").home
    box = home / "box"
    for folder in ("cur", "new", "tmp"):
        (box / folder).mkdir(parents=True)
    (box / "new/1.mail").write_text(mail_text(path), newline="\r\n")
    home.chmod(0o755)
    for item in (box, *box.rglob("*")):
        shutil.chown(item, UID, UID)
    run = home / "run"
    run.mkdir()
    settings = home / "dovecot.conf"
    settings.write_text(
        f"base_dir = {run}\nstate_dir = {run}\nlog_path = {lab.logs}/FILES-dovecot.log\n"
        "protocols = pop3 imap\nssl = no\n"
        "disable_plaintext_auth = no\nlisten = *\ndefault_internal_user = root\ndefault_internal_group = root\n"
        f"default_login_user = dovenull\nmail_location = maildir:{box}\nfirst_valid_uid = 0\n"
        f"passdb {{\n driver = static\n args = password={PASSWORD}\n}}\n"
        f"userdb {{\n driver = static\n args = uid={UID} gid={UID} home={box}\n}}\n"
        "service anvil {\n chroot =\n}\nservice stats {\n chroot =\n}\n")
    server = lab.host("svc").start("dovecot", "-F", "-c", settings)
    lab.wait_for_port("svc", 110, server)
    lab.wait_for_port("svc", 143, server)


def mail_text(path: Path) -> str:
    """RFC 5322 and RFC 2045, as a mail program writes it"""
    from email.message import EmailMessage
    mail = EmailMessage()
    mail["From"], mail["To"] = "Nils Novak <novice@corp.example>", "anna@corp.example"
    mail["Subject"], mail["Message-ID"] = "Remote Assistance", "<invitation@corp.example>"
    mail["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    mail.set_content("You are invited to help.")
    mail.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=NAME)
    return mail.as_string()


def pop3(lab: Laboratory, truth: Truth, invitation: Invitation, path: Path) -> None:
    mail_box(lab, path)
    start = lab.mark("the expert fetches the mail")
    lab.host("cli").run("curl", "-sS", "-u", f"{USER}:{PASSWORD}", "pop3://files.corp.example/1")
    end = lab.mark("fetched")
    carried(truth, invitation, (start, end), "POP3", SERVICES, CLIENT, {"source_port": 110})


def imap(lab: Laboratory, truth: Truth, invitation: Invitation, path: Path) -> None:
    """First the whole mail, then its attachment alone: the same ticket"""
    mail_box(lab, path)
    fetch, mail = ("curl", "-sS", "-u", f"{USER}:{PASSWORD}"), "imap://files.corp.example/INBOX;MAILINDEX=1"
    start = lab.mark("the expert fetches the mail")
    lab.host("cli").run(*fetch, mail)
    end = lab.mark("fetched")
    lab.host("cli").run(*fetch, f"{mail};SECTION=2")
    carried(truth, invitation, (start, end), "IMAP", SERVICES, CLIENT, {"source_port": 143})


def http(lab: Laboratory, truth: Truth, invitation: Invitation, path: Path) -> None:
    """A good ticket, a broken one, one that is not there, and one that the server does not want"""
    web = lab.folder / "web"
    web.mkdir()
    (web / NAME).write_bytes(path.read_bytes())
    broken = web / "broken.msrcIncident"
    broken.write_bytes(path.read_bytes()[:150])
    server = lab.host("svc").start(PYTHON, "-m", "http.server", "80", "--directory", web, name="http")
    lab.wait_for_port("svc", 80, server)
    fetch = ("curl", "-sS", "-o", "/dev/null")
    start = lab.mark("the expert downloads the ticket")
    lab.host("cli").run(*fetch, f"http://files.corp.example/{NAME}")
    end = lab.mark("downloaded")
    lab.host("cli").run(*fetch, "http://files.corp.example/broken.msrcIncident")
    lab.mark("a broken ticket was downloaded")
    lab.host("cli").run(*fetch, "http://files.corp.example/gone.msrcIncident")
    lab.mark("a ticket was asked for that is not there")
    carried(truth, invitation, (start, end), "HTTP", SERVICES, CLIENT, {"source_port": 80})
    truth.rejected.append({**file_facts(broken), "carrier": {"protocol": "HTTP", "source_address": SERVICES,
                                                             "destination_address": CLIENT, "source_port": 80,
                                                             "file_name": broken.name}})


def ftp(lab: Laboratory, truth: Truth, invitation: Invitation, path: Path) -> None:
    """Put, fetched, deleted"""
    store = lab.folder / "ftp"
    store.mkdir()
    server = lab.host("svc").start(PYTHON, "-m", "pyftpdlib", "-w", "-i", SERVICES, "-p", 21, "-d", store, name="ftp")
    lab.wait_for_port("svc", 21, server)
    place = f"ftp://files.corp.example/{NAME}"
    start = lab.mark("the novice uploads the ticket")
    lab.host("cli").run("curl", "-sS", "-T", path, place)
    end = lab.mark("uploaded")
    lab.host("cli").run("curl", "-sS", "-o", "/dev/null", place)
    lab.mark("downloaded")
    deleting = lab.mark("the ticket is deleted")
    lab.host("cli").run("curl", "-sS", "-o", "/dev/null", "ftp://files.corp.example/", "-Q", f"DELE {NAME}")
    gone = lab.mark("deleted")
    carried(truth, invitation, (start, end), "FTP", CLIENT, SERVICES, {}, ended={
        "how": "CARRIER_COPY_DELETED", "time": {"within": window(deleting, gone)}})


SMB = """[global]
 workgroup = CORP
 server role = standalone
 smb ports = 445
 server smb encrypt = off
 disable spoolss = yes
 load printers = no
 private dir = {0}
 lock directory = {0}
 state directory = {0}
 cache directory = {0}
 pid directory = {0}
 ncalrpc dir = {0}/ncalrpc
 binddns dir = {0}
 passdb backend = tdbsam:{0}/passdb.tdb
 log file = {0}/smbd.log
 map to guest = Bad User
 guest account = root
[share]
 path = {1}
 read only = no
 guest ok = yes
"""


def smb(lab: Laboratory, truth: Truth, invitation: Invitation, path: Path) -> None:
    """Put, fetched, deleted on a share without encryption"""
    private, share = lab.folder / "samba", lab.folder / "share"
    private.mkdir()
    share.mkdir(mode=0o777)
    settings = private / "smb.conf"
    settings.write_text(SMB.format(private, share))
    server = lab.host("svc").start("smbd", "-F", "--no-process-group", "--debug-stdout", "-s", settings)
    lab.wait_for_port("svc", 445, server)
    client = ("smbclient", "-N", "-U", "guest%", "-m", "SMB3", "-s", settings, "//files.corp.example/share", "-c")
    start = lab.mark("the novice puts the ticket on a share")
    lab.host("cli").run(*client, f"put {path} {NAME}")
    end = lab.mark("put")
    lab.host("cli").run(*client, f"get {NAME} {lab.folder}/got")
    lab.mark("got")
    deleting = lab.mark("the ticket is deleted")
    lab.host("cli").run(*client, f"del {NAME}")
    gone = lab.mark("deleted")
    wait_for("the file to go", lambda: not (share / NAME).exists())
    server.stop(signal.SIGTERM)
    carried(truth, invitation, (start, end), "SMB", CLIENT, SERVICES, {"destination_port": 445}, ended={
        "how": "CARRIER_COPY_DELETED", "time": {"within": window(deleting, gone)}})


CARRIERS: dict[str, Callable[[Laboratory, Truth, Invitation, Path], None]] = {
    "smtp": smtp, "pop3": pop3, "imap": imap, "http": http, "ftp": ftp, "smb": smb,
}
