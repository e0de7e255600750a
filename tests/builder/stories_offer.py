"""offer/: an expert offers Remote Assistance over DCOM unasked ([MS-RAI] 3.2.4, 3.4.4), and how a novice makes itself
reachable: a port mapping by UPnP, a name of Easy Connect."""

from builder import auth, dcom, files, pnrp, upnp
from builder.capture import Capture, ethernet_capture
from builder.conversations import low_session
from builder.dcom import CONNECT, INTEGRITY, PRIVACY, Machine
from builder.frame import MILLISECOND, SECOND, Frame
from builder.places import START, pair
from builder.randomness import pseudo_random
from builder.stories_auth import SESSION, smb_words, tokens
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint
from builder.tickets import aes_128_cbc
from builder.truth import rfc3339
from builder.udp import UdpFlow

EXPERT, DOMAIN, WORKSTATION = "helper", "CORP", "WS-HELPER"
NOVICE_HOST, NOVICE_NAME = "novice7.corp.example", "NOVICE7"
E_ACCESSDENIED, CLASS_NOT_REGISTERED, OP_RANGE = 0x80070005, 0x80040154, 0x1C010002
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
STRING_1 = "65538,1,{novice}:3389;novice7.corp.example:3389,*," + KEY + ",*,*,AAECAwQFBgcICQoLDA0ODxAREhM="
STRING_2 = '<E><A KH="+KZQJJglqMs517HInCm4RODpxJ4=" ID="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygp' \
    'KissLS4v"/><C><T ID="1" SID="305419896"><L P="{port}" N="{novice}"/></T></C></E>'


SEEN = [{"kind": "ticket_created", "certainty": "OBSERVED", "protocol": "DCERPC"}]


class Talk:
    """A DCE/RPC connection of the expert, with NTLM at a level"""

    def __init__(self, at: tuple[Endpoint, Endpoint], port: int, start: int, *, local: int = 50300, level: int = CONNECT):
        self.tcp = Conversation(Endpoint(at[0].address, local), Endpoint(at[1].address, port), start)
        self.level = level
        self.port = port
        self.call = 2
        self.first = 0

    def bind(self, interface: str, *, login: bool = True, mark: str = "", results: tuple[int, ...] = (0,),
             order: str = "<") -> None:
        self.tcp.open()
        server = NOVICE_NAME, DOMAIN, NOVICE_HOST
        tokens = [auth.negotiate(), auth.challenge(*server),
                  auth.authenticate(DOMAIN, EXPERT, WORKSTATION, server, "RPCSS/" + NOVICE_HOST)] if login else [b""] * 3
        self.send(CLIENT, dcom.bind(2, {0: interface}, token=tokens[0], level=self.level, order=order), mark)
        self.send(SERVER, dcom.bind_ack(2, list(results), str(self.port), token=tokens[1], level=self.level, order=order))
        if login:
            self.send(CLIENT, dcom.pdu(dcom.AUTH3, 2, bytes(4), token=tokens[2], level=self.level, order=order))

    def send(self, side: str, data: bytes, mark: str = "") -> None:
        self.tcp.send(side, data, mark)

    def ask(self, opnum: int, stub: bytes, answer: bytes, *, context: int = 0, mark: str = "", sealed: bool = False,
            status: int = 0, think: int = 0, **more) -> None:
        """`status`: the answer is a fault"""
        self.call += 1
        hidden = {"token": auth.signature(), "level": self.level} if self.level > CONNECT else {}
        if sealed:
            stub, answer = dcom.sealed("request", stub), dcom.sealed("answer", answer)
        self.send(CLIENT, dcom.request(self.call, context, opnum, stub, **hidden, **more), mark)
        self.tcp.wait(20 * MILLISECOND + think)
        more.pop("object_id", None)
        self.send(SERVER, dcom.fault(self.call, context, status) if status else
                  dcom.response(self.call, context, answer, **hidden, **more))

    def frames(self) -> list[Frame]:
        self.tcp.close(CLIENT)
        return self.tcp.frames()

    def time_of(self, mark: str) -> str:
        """When the marked PDU had arrived"""
        wanted = next(one for one in self.tcp.marks if one.name == mark)
        return next(rfc3339(s.time_ns) for s in self.tcp.segments
                    if s.sender == wanted.sender and s.offset + len(s.payload) >= wanted.end and s.payload)


def ends(number: int) -> tuple[Endpoint, Endpoint]:
    return pair(100 + number)


def user(name: str, source: str, certainty: str = "OBSERVED") -> dict:
    return {"name": name, "domain": DOMAIN, "source": source, "certainty": certainty}


def machine(at: tuple[Endpoint, Endpoint], port: int) -> Machine:
    return Machine([NOVICE_NAME, at[1].address, "10.11.0.5"], port)


def names(*sources: tuple[str, str]) -> list[list[str]]:
    return [[name, source] for name, source in sources]


def offer_truth(at: tuple[Endpoint, Endpoint], time: str, *, known: bool = True, **more) -> dict:
    """`known`: the bindings of the novice's machine were seen"""
    novice = {"address": at[1].address, "names": names((NOVICE_HOST, "NTLM"), (NOVICE_NAME, "NTLM"),
                                                       *([(NOVICE_NAME, "DCOM_BINDING")] if known else []))}
    path = [[at[0].address, "CLIENT"], [at[1].address, "SERVER"]]
    return {"time": time, "expert": {"address": at[0].address, "names": names((WORKSTATION, "NTLM"))},
            "novice": novice | {"fqdn": NOVICE_HOST}, "path": path + ([["10.11.0.5", "SERVER_ALTERNATE"]] if known else []),
            **more}


def story(name: str, text: str, frames: list[Frame], offers: list[dict], sessions: list[dict] | None = None,
          **more) -> Capture:
    return ethernet_capture("offer", name, text, frames, sessions or [], more={"offers": offers, **more})


def helped(at: tuple[Endpoint, Endpoint], port: int, start: int, users: list[dict], **more) -> tuple[list[Frame], dict]:
    """The session that follows; the users of the offer come first."""
    rdp = low_session(Conversation(at[0], Endpoint(at[1].address, port), start), b"", updates=1)
    truth = rdp.truth(kind="REMOTE_ASSISTANCE", **more)
    truth["users"] = users + truth["users"]
    truth["path"] = [{"address": at[0].address, "role": "CLIENT"}, {"address": at[1].address, "role": "SERVER"},
                     {"address": "10.11.0.5", "role": "SERVER_ALTERNATE"}]
    return rdp.tcp.frames(), truth


# -- Windows XP -----------------------------------------------------------------------------------------
def xp() -> Capture:
    """All in clear: activation of PCHService, then RemoteConnectionParms at a port of its own."""
    at = ends(1)
    where = machine(at, 1045)
    scm = Talk(at, 135, START)
    scm.bind(dcom.SCM_ACTIVATOR)
    scm.ask(4, dcom.create_instance(dcom.PCH_SERVICE_CLASS, [dcom.REM_UNKNOWN2, dcom.PCH_SERVICE]),
            dcom.created(where, dcom.PCH_SERVICE), context=0, mark="offer")
    service = Talk(at, 1045, START + SECOND, local=50301)
    service.bind(dcom.PCH_SERVICE)
    text = STRING_1.format(novice=at[1].address)
    service.ask(19, dcom.connection_parms("carol", DOMAIN, 0, f"{DOMAIN}\\{EXPERT}"), dcom.connection_string(text),
                object_id=pseudo_random("ipid", 16), mark="asked")
    frames, session = helped(at, 3389, START + 10 * SECOND, [user(EXPERT, "DCOM"), user("carol", "DCOM")])
    return story("xp", "an expert offers help to a novice on Windows XP, who takes it: everything is in clear",
                 scm.frames() + service.frames() + frames,
                 [offer_truth(at, scm.time_of("offer"), user=user(EXPERT, "DCOM"), novice_user=user("carol", "DCOM"),
                              windows_session_id=0)], [session], tickets=SEEN)


# -- Windows Vista and later ----------------------------------------------------------------------------
def vista() -> Capture:
    """Activation signed, the calls of IRASrv sealed: that a string was given shows by the answer's size."""
    at = ends(2)
    where = machine(at, 49180)
    scm = Talk(at, 135, START, level=INTEGRITY)
    scm.bind(dcom.SCM_ACTIVATOR)
    scm.ask(4, dcom.create_instance(dcom.RA_SRV_CLASS, [dcom.RA_SRV], session=2), dcom.created(where, dcom.RA_SRV),
            mark="offer")
    service = Talk(at, 49180, START + SECOND, local=50301, level=PRIVACY)
    service.bind(dcom.RA_SRV)
    service.ask(8, dcom.orpcthis().u32(0, 0).data, dcom.session_info([f"{DOMAIN}\\dave:2"]), sealed=True)
    service.ask(7, dcom.orpcthis().u32(0).data, dcom.novice_info(STRING_2.format(port=49672, novice=at[1].address)),
                sealed=True, mark="asked")
    frames, session = helped(at, 49672, START + 10 * SECOND, [user(EXPERT, "NTLM")])
    return story("vista", "an expert offers help to a novice on Windows 7; the calls are sealed",
                 scm.frames() + service.frames() + frames,
                 [offer_truth(at, scm.time_of("offer"), user=user(EXPERT, "NTLM"), windows_session_id=2)], [session],
                 tickets=[{"kind": "ticket_created", "certainty": "INFERRED", "protocol": "DCERPC"}])


def vista_clear() -> Capture:
    """The same in clear, so that the list of sessions tells whom the chosen one belongs to."""
    at = ends(3)
    where = machine(at, 49180)
    scm = Talk(at, 135, START, level=INTEGRITY)
    scm.bind(dcom.SCM_ACTIVATOR)
    scm.ask(4, dcom.create_instance(dcom.RA_SRV_CLASS, [dcom.RA_SRV]), dcom.created(where, dcom.RA_SRV), mark="offer")
    service = Talk(at, 49180, START + SECOND, local=50301, level=INTEGRITY)
    service.bind(dcom.RA_SRV)
    service.ask(8, dcom.orpcthis().u32(0, 0).data, dcom.session_info([f"{DOMAIN}\\erin:1", f"{DOMAIN}\\dave:2"]))
    scm.tcp.now = service.tcp.now + 3 * SECOND
    scm.ask(4, dcom.create_instance(dcom.RA_SRV_CLASS, [dcom.RA_SRV], session=2, swapped=True),
            dcom.created(where, dcom.RA_SRV, swapped=True))
    service.tcp.now = scm.tcp.now + SECOND
    service.ask(7, dcom.orpcthis().u32(0).data, dcom.novice_info(STRING_2.format(port=49672, novice=at[1].address)))
    return story("vista-clear", "the expert chooses one of two Windows sessions; signed, so that all can be read",
                 scm.frames() + service.frames(),
                 [offer_truth(at, scm.time_of("offer"), user=user(EXPERT, "NTLM"), novice_user=user("dave", "DCOM"),
                              windows_session_id=2)], tickets=SEEN)


def mapped() -> Capture:
    """The endpoint mapper tells where IRASrv is served; the connection to it is captured from its first call on."""
    at = ends(11)
    mapper = Talk(at, 135, START)
    mapper.bind(dcom.ENDPOINT_MAPPER, login=False)
    mapper.ask(3, dcom.ept_map(dcom.RA_SRV), dcom.ept_mapped(dcom.RA_SRV, [(at[1].address, 49180)]))
    answered = max(one.time_ns for one in mapper.tcp.segments if one.sender == SERVER and one.payload)
    service = Talk(at, 49180, START + SECOND, local=50301, level=PRIVACY)
    service.bind(dcom.RA_SRV)
    before = len(service.tcp.segments)
    service.ask(7, dcom.orpcthis().u32(0).data, dcom.novice_info(STRING_2.format(port=49672, novice=at[1].address)),
                sealed=True)
    service.tcp.close(CLIENT)
    del service.tcp.segments[:before]
    rdp = low_session(Conversation(at[0], Endpoint(at[1].address, 49672), START + 10 * SECOND), b"", updates=1)
    session = rdp.truth(kind="REMOTE_ASSISTANCE")
    path = [[at[0].address, "CLIENT"], [at[1].address, "SERVER"]]
    return story("mapped", "the endpoint mapper tells where the novice's service listens; the connection to it is joined "
                 "late, and its calls are sealed", mapper.frames() + service.tcp.frames() + rdp.tcp.frames(),
                 [{"expert": {"address": at[0].address, "names": []}, "novice": {"address": at[1].address, "names": []},
                   "time": rfc3339(answered), "path": path}], [session],
                 tickets=[{"kind": "ticket_created", "certainty": "INFERRED", "protocol": "DCERPC"}])


def shadow_pipe() -> Capture:
    """RpcShadow2 over a named pipe of SMB, in clear: written, read, transceived, and the rest of a long answer read."""
    at = ends(12)
    talk = Conversation(Endpoint(at[0].address, 50300), Endpoint(at[1].address, 445), START)
    talk.open()
    for side, words in smb_words(f"\\\\{NOVICE_HOST}\\IPC$", *tokens("cifs")):
        talk.send(side, words)
    smb = files.Smb2Talk(talk, SESSION)
    smb.connect(f"\\\\{NOVICE_HOST}\\IPC$")
    smb.do(files.CREATE, files.create("SessEnvPublicRpc", disposition=1), files.created())
    bind = dcom.bind(1, {0: dcom.SESS_ENV_PUBLIC_RPC})
    smb.do(files.WRITE, files.write(0, bind), files.written(len(bind)))
    smb.do(files.READ, files.read(0, 1024), files.data(dcom.bind_ack(1, [0], "\\PIPE\\SessEnvPublicRpc")))
    answer = dcom.response(2, 0, dcom.shadowed(STRING_2.format(port=49672, novice=at[1].address)))
    number = smb.ask(files.IOCTL, files.transceive(dcom.request(2, 0, 0, dcom.shadow(2))))
    smb.answer(files.IOCTL, number, files.transceived(answer[:400]), status=0x80000005)
    smb.do(files.READ, files.read(0, 4096), files.data(answer[400:]))
    smb.do(files.CLOSE, files.close(), files.closed())
    talk.close(CLIENT)
    return story("shadow-pipe", "an invitation to look at another's session, asked for over a named pipe", talk.frames(), [],
                 tickets=SEEN)


# -- what goes wrong ------------------------------------------------------------------------------------
def fallback() -> Capture:
    """No RASrv there: PCHService is asked for next, and the whole is one offer."""
    at = ends(4)
    where = machine(at, 1045)
    scm = Talk(at, 135, START)
    scm.bind(dcom.SCM_ACTIVATOR)
    scm.ask(4, dcom.create_instance(dcom.RA_SRV_CLASS, [dcom.RA_SRV]),
            dcom.created(where, dcom.RA_SRV, CLASS_NOT_REGISTERED), mark="offer")
    scm.ask(4, dcom.create_instance(dcom.PCH_SERVICE_CLASS, [dcom.PCH_SERVICE]), dcom.created(where, dcom.PCH_SERVICE))
    service = Talk(at, 1045, START + SECOND, local=50301)
    service.bind(dcom.PCH_SERVICE)
    service.ask(19, dcom.connection_parms("carol", DOMAIN, 0, f"{DOMAIN}\\\\{EXPERT}"),
                dcom.connection_string(STRING_1.format(novice=at[1].address)))
    return story("fallback", "the novice's machine has no RASrv, so the expert asks for PCHService",
                 scm.frames() + service.frames(),
                 [offer_truth(at, scm.time_of("offer"), user=user(EXPERT, "DCOM"), novice_user=user("carol", "DCOM"),
                              windows_session_id=0)], tickets=SEEN)


def denied() -> Capture:
    """The expert is not in the helpers' group; two offers, twenty minutes apart."""
    at = ends(5)
    where = machine(at, 0)
    offers, frames = [], []
    for start, local in ((START, 50300), (START + 1200 * SECOND, 50310)):
        scm = Talk(at, 135, start, local=local)
        scm.bind(dcom.SCM_ACTIVATOR)
        scm.ask(4, dcom.create_instance(dcom.RA_SRV_CLASS, [dcom.RA_SRV]),
                dcom.created(where, dcom.RA_SRV, E_ACCESSDENIED), mark="offer")
        scm.ask(4, dcom.create_instance(dcom.PCH_SERVICE_CLASS, [dcom.PCH_SERVICE]),
                dcom.created(where, dcom.PCH_SERVICE, E_ACCESSDENIED))
        frames += scm.frames()
        offers.append(offer_truth(at, scm.time_of("offer"), known=False, user=user(EXPERT, "NTLM"),
                                  error={"code": E_ACCESSDENIED, "name": "E_ACCESSDENIED"}))
    return story("denied", "an expert without permission tries twice", frames, offers, tickets=[])


def bound_only() -> Capture:
    """The activation went past unseen; the call is one that the novice does not have."""
    at = ends(6)
    service = Talk(at, 1050, START)
    service.bind(dcom.PCH_SERVICE, mark="offer")
    service.ask(19, dcom.connection_parms("carol", DOMAIN, 1, f"{DOMAIN}\\{EXPERT}"), b"", status=OP_RANGE)
    return story("bound-only", "only the connection to the novice's service is seen; it answers with a fault",
                 service.frames(),
                 [offer_truth(at, service.time_of("offer"), known=False, user=user(EXPERT, "DCOM"),
                              novice_user=user("carol", "DCOM"), windows_session_id=1,
                              error={"code": OP_RANGE, "name": "nca_op_rng_error"})], tickets=[])


def big_endian() -> Capture:
    """Big-endian, properties in another order, an ORPC extension, and stubs in fragments of 100 bytes."""
    at = ends(7)
    where = machine(at, 1045)
    where.order = ">"
    scm = Talk(at, 135, START)
    scm.bind(dcom.SCM_ACTIVATOR, login=False, order=">")
    stub = dcom.create_instance(dcom.PCH_SERVICE_CLASS, [dcom.PCH_SERVICE], session=0xFFFFFFFF, swapped=True, order=">",
                                extension=b"extended")
    scm.ask(4, stub, dcom.created(where, dcom.PCH_SERVICE, swapped=True), mark="offer", order=">", size=100)
    service = Talk(at, 1045, START + SECOND, local=50301)
    service.bind(dcom.PCH_SERVICE, login=False, order=">")
    service.ask(19, dcom.connection_parms("carol", DOMAIN, 0, f"{DOMAIN}\\{EXPERT}", ">"),
                dcom.connection_string(STRING_1.format(novice=at[1].address), order=">"), order=">", size=40)
    truth = offer_truth(at, scm.time_of("offer"), user=user(EXPERT, "DCOM"), novice_user=user("carol", "DCOM"),
                        windows_session_id=0)
    truth["expert"].pop("names")
    truth["novice"] |= {"names": names((NOVICE_NAME, "DCOM_BINDING")), "fqdn": NOVICE_NAME}
    return story("big-endian", "another machine's byte order, order of properties, and many fragments",
                 scm.frames() + service.frames(), [truth], tickets=SEEN)


def other_object() -> Capture:
    """WMI: activation of another class is no offer; the machine's names are learned all the same."""
    at = ends(8)
    where = machine(at, 49200)
    alive = Talk(at, 135, START - SECOND, local=50299)
    alive.bind(dcom.OBJECT_EXPORTER, login=False)
    alive.ask(5, b"", dcom.server_alive2(where))
    scm = Talk(at, 135, START)
    scm.bind(dcom.SCM_ACTIVATOR)
    scm.ask(4, dcom.create_instance(dcom.WBEM_CLASS, [dcom.WBEM]), dcom.created(where, dcom.WBEM))
    rdp = low_session(Conversation(at[0], at[1], START + 10 * SECOND), updates=1)
    truth = rdp.truth(path=[{"address": at[0].address, "role": "CLIENT"}, {"address": at[1].address, "role": "SERVER"},
                            {"address": "10.11.0.5", "role": "SERVER_ALTERNATE"}])
    return story("other-object", "DCOM for another purpose, then a plain session; no offer",
                 alive.frames() + scm.frames() + rdp.tcp.frames(), [], [truth])


def plain_session_after() -> Capture:
    """An offer that was refused, and a plain session just after: it is not taken for help."""
    at = ends(9)
    scm = Talk(at, 135, START)
    scm.bind(dcom.SCM_ACTIVATOR)
    scm.ask(4, dcom.create_instance(dcom.RA_SRV_CLASS, [dcom.RA_SRV]),
            dcom.created(machine(at, 0), dcom.RA_SRV, E_ACCESSDENIED), mark="offer")
    rdp = low_session(Conversation(at[0], at[1], START + 10 * SECOND), updates=1)
    return story("plain-session-after", "the expert is refused and then logs on to the same machine by RDP",
                 scm.frames() + rdp.tcp.frames(),
                 [offer_truth(at, scm.time_of("offer"), known=False, user=user(EXPERT, "NTLM"),
                              error={"code": E_ACCESSDENIED, "name": "E_ACCESSDENIED"})], [rdp.truth()])


# -- reachability ---------------------------------------------------------------------------------------
def port_mapping() -> Capture:
    """The sensor stands inside: the session comes to the novice's own address, through the router."""
    at, router = ends(10), Endpoint("198.51.100.1", 5000)
    soap = Conversation(Endpoint(at[1].address, 50400), router, START)
    soap.open()
    for question, answer in (
            (upnp.action(router.address, "GetExternalIPAddress"),
             upnp.answer("GetExternalIPAddress", chunked=True, NewExternalIPAddress="203.0.113.77")),
            (upnp.add_mapping(router.address, at[1].address, 3389, 50123), upnp.answer("AddPortMapping")),
            (upnp.add_mapping(router.address, at[1].address, 3390, 50124),
             upnp.answer("AddPortMapping", status="500 Internal Server Error"))):
        soap.send(CLIENT, question)
        soap.send(SERVER, answer)
    soap.close(CLIENT)
    rdp = low_session(Conversation(at[0], at[1], START + 10 * SECOND), updates=1)
    truth = rdp.truth(path=[{"address": at[0].address, "role": "CLIENT"}, {"address": "203.0.113.77", "role": "NAT"},
                            {"address": at[1].address, "role": "SERVER"}])
    return story("port-mapping", "the server has its router lead a port to it, and a session comes through",
                 soap.frames() + rdp.tcp.frames(), [], [truth])


def easy_connect() -> Capture:
    """A name is registered, resolved with its payload in fragments, and revoked."""
    novice, expert, node = "2001:db8:1::10", "2001:db8:2::20", "2001:db8:3::30"
    classifier = "410504D41B2CD63C31D0C1539AD9331C"
    location = pnrp.address(novice)[:8] + pseudo_random("location", 8)
    identity = pnrp.pnrp_id(classifier, location)
    neighbour = pseudo_random("neighbour", 32)
    route = pnrp.route_entry(identity, 3540, [novice, "fe80::10"])
    register = UdpFlow(Endpoint(novice, 3540), Endpoint(node, 3540), START)
    register.send(CLIENT, pnrp.lookup(1, pnrp.successor(identity), neighbour, 1, route, (novice, 3540)))
    resolve = UdpFlow(Endpoint(expert, 3540), Endpoint(novice, 3540), START + 20 * SECOND)
    resolve.send(CLIENT, pnrp.inquire(7, identity))
    text = STRING_2.format(port=49672, novice=novice).encode("utf-16-le")
    payload = pnrp.extended_payload(identity, aes_128_cbc(pnrp.payload_key(classifier), text))
    buffer = pnrp.authority_buffer(classifier, payload, route, pnrp.encoded_cpa(classifier, location, nodes=[(novice, 3540)]),
                                   pseudo_random("chain", 1500))
    for piece in pnrp.authority(8, 7, buffer):
        resolve.send(SERVER, piece)
    register.now = START + 60 * SECOND
    register.send(CLIENT, pnrp.flood_revoke(2, neighbour, pnrp.encoded_cpa(classifier, location, revoke=True)))
    return story("easy-connect", "a novice publishes a name of Easy Connect, an expert asks for it, it is revoked",
                 register.frames + resolve.frames, [],
                 tickets=[{"kind": "ticket_created", "certainty": "INFERRED", "protocol": "PNRP"},
                          {"kind": "ticket_deleted", "certainty": "OBSERVED", "how": "NAME_REVOKED"}])


STORIES = [xp, vista, vista_clear, mapped, shadow_pipe, fallback, denied, bound_only, big_endian, other_object, plain_session_after,
           port_mapping, easy_connect]
