"""proxy/: the story of rdp/standard-low through a proxy, or a balancer that names its client."""

from builder import proxies
from builder.capture import Capture, finish
from builder.conversations import RdpConnection, low_session
from builder.places import START, client, server
from builder.tcp import CLIENT, SERVER, Conversation

PROXY = server("198.51.100.130", 1080)
TARGET = "203.0.113.20"
NAME = "rds01.corp.example"
PASSWORD = "Proxy-Pass-7"


class Preceded(Conversation):
    """A conversation in which something is said between its opening and RDP."""

    def __init__(self, words: list[tuple[str, bytes]], number: int, *, port: int = 1080, caller: str = ""):
        super().__init__(client(caller or f"192.0.2.{130 + number}", 50100 + number), server(PROXY.address, port), START)
        self.words = words

    def open(self) -> None:
        super().open()
        for side, data in self.words:
            self.send(side, data)


def told(name: str, story: str, talk: Preceded, path: list[dict], account: str = "") -> Capture:
    rdp: RdpConnection = low_session(talk, updates=1)
    made = finish(name, story, rdp, family="proxy", path=path)
    if account:  # given to the proxy before anything else
        said, = made.sessions
        said["users"] = [{"name": account, "source": "PROXY", "certainty": "OBSERVED"}, *said["users"]]
    return made


def through(talk: Preceded, target: dict) -> list[dict]:
    return [{"address": talk.ends[CLIENT].address, "role": "CLIENT"},
            {"address": talk.ends[SERVER].address, "role": "PROXY"}, {**target, "role": "SERVER"}]


def balanced(talk: Preceded, real: str) -> list[dict]:
    return [{"address": real, "role": "CLIENT"}, {"address": talk.ends[CLIENT].address, "role": "PROXY"},
            {"address": talk.ends[SERVER].address, "role": "SERVER"}]


def socks4() -> Capture:
    talk = Preceded([(CLIENT, proxies.socks4(TARGET, 3389, "eva")), (SERVER, proxies.SOCKS4_GRANTED)], 1)
    return told("socks4", "through a SOCKS 4 proxy, by address", talk, through(talk, {"address": TARGET}), "eva")


def socks4a() -> Capture:
    talk = Preceded([(CLIENT, proxies.socks4a(NAME, 3389)), (SERVER, proxies.SOCKS4_GRANTED)], 2)
    return told("socks4a", "through a SOCKS 4a proxy, by name", talk, through(talk, {"name": NAME}))


def socks5_name() -> Capture:
    talk = Preceded([(CLIENT, proxies.socks5_greeting(0, 2)), (SERVER, proxies.socks5_method(0)),
                     (CLIENT, proxies.socks5_message(1, NAME, 3389)),
                     (SERVER, proxies.socks5_message(0, "0.0.0.0", 0))], 3)
    return told("socks5-name", "through a SOCKS 5 proxy, by name", talk, through(talk, {"name": NAME}))


def socks5_password() -> Capture:
    talk = Preceded([(CLIENT, proxies.socks5_greeting(0, 2)), (SERVER, proxies.socks5_method(2)),
                     (CLIENT, proxies.socks5_login("eva", PASSWORD)), (SERVER, proxies.SOCKS5_LOGGED_IN),
                     (CLIENT, proxies.socks5_message(1, TARGET, 3389)),
                     (SERVER, proxies.socks5_message(0, PROXY.address, 41234))], 4)
    return told("socks5-password", "through a SOCKS 5 proxy that wants a password, by address", talk,
                through(talk, {"address": TARGET}), "eva")


def http_connect() -> Capture:
    talk = Preceded([(CLIENT, proxies.connect(NAME, 3389)), (SERVER, proxies.CONNECT_LOGIN),
                     (CLIENT, proxies.connect(NAME, 3389, "eva", PASSWORD)), (SERVER, proxies.CONNECT_GRANTED)], 5,
                    port=3128)
    return told("http-connect", "through an HTTP proxy that wants a password first", talk, through(talk, {"name": NAME}),
                "eva")


def header(version: int) -> Capture:
    real = f"192.0.2.{140 + version}"
    ends = (real, 51515, "203.0.113.99", 3389)
    words = proxies.proxy_v1(*ends) if version == 1 else proxies.proxy_v2(*ends, authority=NAME)
    talk = Preceded([(CLIENT, words)], 5 + version, port=3389, caller=f"198.51.100.{140 + version}")
    made = told(f"proxy-v{version}", f"behind a balancer that writes a PROXY header, version {version}", talk,
                balanced(talk, real))
    if version == 2:  # it has the name that the client asked for
        said, = made.sessions
        said["server"] |= {"names": [{"name": NAME, "source": "PROXY"}], "fqdn": NAME}
    return made


STORIES = [socks4, socks4a, socks5_name, socks5_password, http_connect, lambda: header(1), lambda: header(2)]
