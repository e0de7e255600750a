"""The two clients, started as a user would start them."""

from dataclasses import dataclass

from lab.display import Display
from lab.laboratory import Laboratory
from lab.process import Program

NAME = "WS-ANNA"
WIDTH, HEIGHT = 640, 480


@dataclass(frozen=True)
class Rdesktop:
    """Asks for what the server likes best, unless told to speak Standard RDP Security only"""
    software = "rdesktop"
    window = "rdesktop"


@dataclass(frozen=True)
class Xfreerdp:
    security: str = "tls"       # rdp, tls or nla; "" for what FreeRDP does by itself
    level: int | None = None    # OpenSSL's security level

    software = "xfreerdp"
    window = "FreeRDP"


Client = Rdesktop | Xfreerdp


@dataclass
class Login:
    user: str = "anna"
    password: str = "Lab-pass%1"
    domain: str = "CORP"


def start_client(lab: Laboratory, display: Display, client: Client, target: str, login: Login, *more: object,
                 node: str = "cli") -> Program:
    if isinstance(client, Rdesktop):
        return start_rdesktop(lab, display, target, login, *more, node=node)
    options = [f"/v:{target}"] if target else []
    return start_xfreerdp(lab, display, client, login, *options, *more, node=node)


def start_rdesktop(lab: Laboratory, display: Display, target: str, login: Login, *more: object,
                   node: str = "cli") -> Program:
    """`yes` answers the question for the certificate; keys of TLS are written by GnuTLS itself."""
    answer = lab.folder / "yes"
    answer.write_text("yes\n")
    arguments = ["-u", login.user, "-p", login.password, "-d", login.domain, "-n", NAME, "-g", f"{WIDTH}x{HEIGHT}",
                 "-a", 16, *more, target]
    with answer.open() as stdin:
        return lab.host(node).start("rdesktop", *arguments, stdin=stdin.fileno(),
                                    environment=display.environment | {"SSLKEYLOGFILE": str(lab.key_log_file)})


def start_xfreerdp(lab: Laboratory, display: Display, client: Xfreerdp, login: Login | None, *more: object,
                   node: str = "cli") -> Program:
    arguments = [*more, "/cert:ignore", f"/size:{WIDTH}x{HEIGHT}", "/log-level:INFO", "-wallpaper"]
    if login:
        arguments += [f"/u:{login.user}", f"/p:{login.password}", f"/d:{login.domain}"]
    if client.security:
        arguments.append(f"/sec:{client.security}")
    if client.level is not None:
        arguments.append(f"/tls-seclevel:{client.level}")
    return lab.host(node).start("xfreerdp", *arguments, name="xfreerdp",
                                environment=display.environment | lab.key_log())
