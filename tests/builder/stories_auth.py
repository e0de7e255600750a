"""names/: a login in clear tells names and accounts, then comes the plain story between the same two machines."""

import struct

from builder import auth, names
from builder.capture import Capture, ethernet_capture
from builder.conversations import low_session
from builder.frame import MILLISECOND, SECOND, Frame
from builder.ip import PROTOCOL_UDP, Network, transport_checksum
from builder.link import ethernet
from builder.places import START, pair
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint

COMPUTER, DOMAIN, HOST = "SRV", "CORP", "srv.corp.example"
REALM = "CORP.EXAMPLE"
WORKSTATION, USER = "WS-ALICE", "alice"
SESSION = 0x0000040000000041


class HesitantConversation(Conversation):
    """Between the connection and the first request passes the time that a ticket takes."""

    def open(self) -> None:
        super().open()
        self.wait(300 * MILLISECOND)


def ends(number: int) -> tuple[Endpoint, Endpoint]:
    return pair(170 + number)


def named(*known: tuple[str, str], fqdn: str) -> dict:
    return {"names": [{"name": name, "source": source} for name, source in known], "fqdn": fqdn}


NTLM_TRUTH = {"client": named((WORKSTATION, "NTLM"), fqdn=WORKSTATION),
              "server": named((HOST, "NTLM"), (COMPUTER, "NTLM"), fqdn=HOST)}


def tokens(service: str) -> tuple[bytes, bytes, bytes]:
    server = COMPUTER, DOMAIN, HOST
    return (auth.negotiate(), auth.challenge(*server),
            auth.authenticate(DOMAIN, USER, WORKSTATION, server, f"{service}/{HOST}"))


def login(at: tuple[Endpoint, Endpoint], port: int, words: list[tuple[str, bytes]]) -> list[Frame]:
    """A connection of its own, before the session's"""
    talk = Conversation(Endpoint(at[0].address, 50200), Endpoint(at[1].address, port), START)
    talk.open()
    for side, data in words:
        talk.send(side, data)
    talk.close(CLIENT)
    return talk.frames()


def tell(name: str, story: str, at: tuple[Endpoint, Endpoint], frames: list[Frame], *, after: int = 10 * SECOND,
         **truth) -> Capture:
    """`frames`, then the session; `truth` is what is known of its ends. What was known before the session comes
    before what the session tells."""
    rdp = low_session(HesitantConversation(*at, START + after), updates=1)
    users = truth.pop("users", [])
    session = rdp.truth(**truth)
    session["users"] = users + session["users"]
    return ethernet_capture("names", f"auth-{name}", story, frames + rdp.tcp.frames(), [session])


def smb_words(path: str, initial: bytes, answer: bytes, final: bytes) -> list[tuple[str, bytes]]:
    more = auth.MORE_PROCESSING_REQUIRED
    return [
        (CLIENT, auth.smb2_negotiate(pseudo_random("client guid", 16))),
        (SERVER, auth.smb2_negotiated(pseudo_random("server guid", 16))),
        (CLIENT, auth.smb2_session_setup(1, auth.neg_token_init(initial))),
        (SERVER, auth.smb2_session_answer(1, auth.neg_token_resp(1, answer, auth.NTLM_OID), SESSION, more)),
        (CLIENT, auth.smb2_session_setup(2, auth.neg_token_resp(1, final, mic=auth.signature()), SESSION)),
        (SERVER, auth.smb2_session_answer(2, auth.neg_token_resp(0), SESSION)),
        (CLIENT, auth.smb2_tree_connect(3, path, SESSION)),
        (SERVER, auth.smb2_tree_connected(3, SESSION))]


def ntlm_smb2() -> Capture:
    at = ends(1)
    words = smb_words(f"\\\\{at[1].address}\\IPC$", *tokens("cifs"))
    return tell("ntlm-smb2", "the client logs on to a share by address, with NTLM inside SPNEGO; the tree is of no name",
                at, login(at, 445, words), **NTLM_TRUTH)


def ntlm_http() -> Capture:
    at = ends(2)
    initial, answer, final = tokens("HTTP")
    denied = "401 Unauthorized"
    words = [(CLIENT, auth.http_get(HOST)), (SERVER, auth.http_answer(denied, b"", b"who are you?")),
             (CLIENT, auth.http_get(HOST, initial)), (SERVER, auth.http_answer(denied, answer)),
             (CLIENT, auth.http_get(HOST, final)), (SERVER, auth.http_answer("200 OK", None, b"reports\n"))]
    return tell("ntlm-http", "the client logs on to a web page with NTLM", at, login(at, 80, words), **NTLM_TRUTH)


def ntlm_dcerpc() -> Capture:
    at = ends(3)
    initial, answer, final = tokens("RPCSS")
    words = [(CLIENT, auth.rpc_bind(2, initial)), (SERVER, auth.rpc_bind_ack(2, answer)),
             (CLIENT, auth.rpc_auth3(2, final))]
    return tell("ntlm-dcerpc", "the client binds to the object exporter with NTLM", at, login(at, 135, words),
                **NTLM_TRUTH)


def smb_tree_connect() -> Capture:
    """The server keeps its names to itself: only the path names it."""
    at = ends(4)
    none = auth.challenge("", DOMAIN, "")
    words = smb_words(f"\\\\{HOST}\\IPC$", auth.negotiate(), none, auth.anonymous())
    return tell("smb-tree-connect", "an anonymous login; the server is named by the path that the client dials", at,
                login(at, 445, words), server=named((HOST, "SMB"), fqdn=HOST))


# -- Kerberos --------------------------------------------------------------------------------------------
def datagram(time_ns: int, sender: str, source: Endpoint, target: Endpoint, message: bytes, network: Network) -> Frame:
    """RFC 768"""
    head = struct.pack(">HHHH", source.port, target.port, 8 + len(message), 0)
    checksum = transport_checksum(source.address, target.address, PROTOCOL_UDP, head + message)
    packet = network.packet(sender, source.address, target.address, PROTOCOL_UDP,
                            head[:6] + struct.pack(">H", checksum) + message)
    return Frame(time_ns, ethernet(sender, packet))


def kerberos(at: tuple[Endpoint, Endpoint]) -> list[Frame]:
    """RFC 4120 3.1 over UDP, then 3.3 over TCP, between the session's SYN and its X.224 request."""
    centre = Endpoint("203.0.113.88", 88)
    here, network = Endpoint(at[0].address, 50201), Network()
    frames = [datagram(START, CLIENT, here, centre, auth.as_req(REALM, USER, WORKSTATION), network),
              datagram(START + 6 * MILLISECOND, SERVER, centre, here, auth.as_rep(REALM, USER), network)]
    talk = Conversation(Endpoint(at[0].address, 50202), centre, START + 10 * SECOND + 50 * MILLISECOND)
    talk.open()
    talk.send(CLIENT, auth.on_tcp(auth.tgs_req(REALM, "TERMSRV", HOST)))
    talk.send(SERVER, auth.on_tcp(auth.tgs_rep(REALM, USER, "TERMSRV", HOST)))
    talk.close(CLIENT)
    return frames + talk.frames()


TICKET_USER = {"name": USER, "domain": REALM, "source": "KERBEROS", "certainty": "INFERRED"}
KERBEROS_CLIENT = named((WORKSTATION, "KERBEROS"), fqdn=WORKSTATION)


def kerberos_tgs_termsrv() -> Capture:
    at = ends(5)
    return tell("kerberos-tgs-termsrv", "the client logs on by Kerberos and is given a ticket for the server", at,
                kerberos(at), users=[TICKET_USER], client=KERBEROS_CLIENT, server=named((HOST, "KERBEROS"), fqdn=HOST))


def look_up(asker: Endpoint, host: str, address: str) -> list[Frame]:
    """RFC 1035, before the session"""
    there, resolver = Endpoint(asker.address, 53124), Endpoint("203.0.113.53", names.DNS_PORT)
    question, answer = (host, names.A), names.Record(host, names.A, address, 3600)
    return [names.udp(START, CLIENT, there, resolver, names.message(0x1A2B, names.QUERY, [question])),
            names.udp(START + 9 * MILLISECOND, SERVER, resolver, there,
                      names.message(0x1A2B, names.RESPONSE, [question], [answer]))]


def kerberos_and_dns() -> Capture:
    at = ends(6)
    return tell("kerberos-and-dns", "the client has looked up the host that its ticket is for", at,
                look_up(at[0], HOST, at[1].address) + kerberos(at), users=[TICKET_USER], client=KERBEROS_CLIENT,
                server=named((HOST, "DNS"), (HOST, "KERBEROS"), fqdn=HOST))


def kerberos_other_server() -> Capture:
    at, host = ends(7), "other.corp.example"
    return tell("kerberos-other-server", "the client is given a ticket for one server and connects to another, as its "
                "DNS answer shows", at, look_up(at[0], host, at[1].address) + kerberos(at), client=KERBEROS_CLIENT,
                server=named((host, "DNS"), fqdn=host))


STORIES = [ntlm_smb2, ntlm_http, ntlm_dcerpc, smb_tree_connect, kerberos_tgs_termsrv, kerberos_and_dns,
           kerberos_other_server]
