"""names/: something on the wire says what an address is called, then comes the plain story between the same two
machines. Names that must not be believed are stories too."""

from builder import names, tunnels
from builder.capture import Capture, ethernet_capture
from builder.conversations import RdpConnection, low_session
from builder.frame import MILLISECOND, SECOND, Frame
from builder.link import MAC, Link, ethernet
from builder.names import Record, message, udp
from builder.places import START, pair
from builder.stories_tls import tls12_handshake
from builder.tcp import CLIENT, SERVER, Conversation, Endpoint
from builder.tunnels import Ends, over_udp

HOST = "rds01.corp.example"
RESOLVER = Endpoint("203.0.113.53", names.DNS_PORT)
THIRD = "192.0.2.66"
OTHER_MACHINE = bytes.fromhex("02005e100009")


def ends(number: int) -> tuple[Endpoint, Endpoint]:
    return pair(130 + number)


def ends6(number: int) -> tuple[Endpoint, Endpoint]:
    return Endpoint(f"2001:db8:1::{number:x}", 50100 + number), Endpoint(f"2001:db8:2::{number:x}", 3389)


def named(*known: tuple[str, str], fqdn: str = "") -> dict:
    return {"names": [{"name": name, "source": source} for name, source in known], "fqdn": fqdn}


def tell(name: str, story: str, at: tuple[Endpoint, Endpoint], frames: list[Frame], *, after: int = 10 * SECOND,
         **truth: dict) -> Capture:
    """`frames`, then the session; `truth` is what is known of its ends"""
    rdp = low_session(Conversation(*at, START + after), updates=1)
    return ethernet_capture("names", name, story, frames + rdp.tcp.frames(), [rdp.truth(**truth)])


def ask(asker: Endpoint, question: tuple[str, int], answers: list[Record], *, resolver: Endpoint = RESOLVER,
        asked: bool = True, other_id: bool = False, instead: tuple[str, int] | None = None, start: int = START,
        link: Link = ethernet) -> list[Frame]:
    """`other_id`, `instead`: the reply is to another question than the one asked"""
    there = Endpoint(asker.address, 53124)
    query = udp(start, CLIENT, there, resolver, message(0x1A2B, names.QUERY, [instead or question]), link=link)
    reply = udp(start + 9 * MILLISECOND, SERVER, resolver, there,
                message(0x1A2C if other_id else 0x1A2B, names.RESPONSE, [question], answers), link=link)
    return [query, reply] if asked else [reply]


# -- DNS --------------------------------------------------------------------------------------------
def dns_a() -> Capture:
    at = ends(1)
    frames = ask(at[0], (HOST, names.A), [Record(HOST, names.A, at[1].address)])
    return tell("dns-a", "the client looks the server up", at, frames, server=named((HOST, "DNS"), fqdn=HOST))


def dns_cname_chain() -> Capture:
    at = ends(2)
    alias, middle = "desktop.corp.example", "farm.corp.example"
    answers = [Record(alias, names.CNAME, middle, 3600), Record(middle, names.CNAME, HOST, 600),
               Record(HOST, names.A, at[1].address, 300),
               Record("evil.example.net", names.A, at[1].address, 3600)]
    return tell("dns-cname-chain", "the name is an alias of an alias; a record of another name is slipped in", at,
                ask(at[0], (alias, names.A), answers),
                server=named((alias, "DNS"), (HOST, "DNS"), fqdn=alias))


def dns_aaaa() -> Capture:
    at = ends6(3)
    frames = ask(at[0], (HOST, names.AAAA), [Record(HOST, names.AAAA, at[1].address)],
                 resolver=Endpoint("2001:db8:53::1", names.DNS_PORT))
    return tell("dns-aaaa", "looked up and reached over IPv6", at, frames, server=named((HOST, "DNS"), fqdn=HOST))


def dns_tcp() -> Capture:
    at = ends(4)
    talk = Conversation(Endpoint(at[0].address, 53130), RESOLVER, START)
    talk.open()
    for side, flags, answers in ((CLIENT, names.QUERY, []),
                                 (SERVER, names.RESPONSE, [Record(HOST, names.A, at[1].address)])):
        body = message(0x2B3C, flags, [(HOST, names.A)], answers)
        talk.send(side, len(body).to_bytes(2, "big") + body)  # RFC 1035 4.2.2
    talk.close(CLIENT)
    return tell("dns-tcp", "the look-up goes over TCP", at, talk.frames(), server=named((HOST, "DNS"), fqdn=HOST))


def dns_expired() -> Capture:
    at = ends(5)
    frames = ask(at[0], (HOST, names.A), [Record(HOST, names.A, at[1].address, 30)])
    return tell("dns-expired", "the answer holds for 30 s, and the session comes after 60", at, frames,
                after=60 * SECOND, server=named())


def dns_other_client() -> Capture:
    at = ends(6)
    frames = ask(Endpoint("192.0.2.250", 1), (HOST, names.A), [Record(HOST, names.A, at[1].address)])
    return tell("dns-other-client", "another client looked the server up; this one may know it by another name", at,
                frames, server=named())


def dns_unsolicited() -> Capture:
    at = ends(7)
    frames = ask(at[0], (HOST, names.A), [Record(HOST, names.A, at[1].address)], asked=False)
    return tell("dns-unsolicited", "an answer that nobody asked for", at, frames, server=named())


def dns_other_id() -> Capture:
    at = ends(19)
    frames = ask(at[0], (HOST, names.A), [Record(HOST, names.A, at[1].address)], other_id=True)
    return tell("dns-other-id", "the answer has another id than the question", at, frames, server=named())


def dns_other_question() -> Capture:
    at = ends(20)
    frames = ask(at[0], (HOST, names.A), [Record(HOST, names.A, at[1].address)],
                 instead=("www.corp.example", names.A))
    return tell("dns-other-question", "the answer has the id, and is to another question", at, frames, server=named())


def dns_popular_server() -> Capture:
    at = ends(21)
    asked = (HOST, names.A), [Record(HOST, names.A, at[1].address, 3600)]
    frames = ask(at[0], *asked)
    for other in range(20):
        frames += ask(Endpoint(f"192.0.2.{200 + other}", 1), *asked, start=START + (1 + other) * 20 * MILLISECOND)
    return tell("dns-popular-server", "twenty others look the server up after the client", at, frames,
                server=named((HOST, "DNS"), fqdn=HOST))


def overlay(network: int) -> Link:
    return over_udp(Ends("203.0.113.1", "203.0.113.2"), 4789, tunnels.vxlan(network))


def in_overlay(name: str, story: str, number: int, told_in: int, network: int, server: dict) -> Capture:
    at = ends(number)
    frames = ask(at[0], (HOST, names.A), [Record(HOST, names.A, at[1].address)], link=overlay(told_in))
    rdp = low_session(Conversation(*at, START + 10 * SECOND), updates=1)
    tunnelled = rdp.tcp.frames(link=overlay(network))
    return ethernet_capture("names", name, story, frames + tunnelled, [rdp.truth(frames=tunnelled, server=server)])


def dns_other_network() -> Capture:
    return in_overlay("dns-other-network", "the answer is told in another VXLAN than the session's: the same addresses "
                      "are others' there", 22, 101, 202, named())


def dns_same_network() -> Capture:
    return in_overlay("dns-same-network", "the answer is told in the VXLAN of the session", 23, 202, 202,
                      named((HOST, "DNS"), fqdn=HOST))


def dns_ptr() -> Capture:
    at = ends(8)
    reverse = names.reverse_name(at[1].address)
    frames = ask(at[0], (reverse, names.PTR), [Record(reverse, names.PTR, HOST)])
    return tell("dns-ptr", "the client asks for the name of the address", at, frames,
                server=named((HOST, "DNS"), fqdn=HOST))


# -- on the link ------------------------------------------------------------------------------------
def mdns() -> Capture:
    at = ends(9)
    here, group = Endpoint(at[1].address, names.MDNS_PORT), Endpoint("224.0.0.251", names.MDNS_PORT)
    own = Record("rds01.local", names.A, at[1].address, 120, names.IN | names.CACHE_FLUSH)
    other = Record("other.local", names.A, at[0].address, 120, names.IN | names.CACHE_FLUSH)
    frame = udp(START, SERVER, here, group, message(0, names.MDNS_RESPONSE, [], [own, other]), ttl=255)
    return tell("mdns", "the server announces itself, and a name for the client's address, which is not believed", at,
                [frame], server=named(("rds01.local", "MDNS"), fqdn="rds01.local"))


def mdns_goodbye() -> Capture:
    at = ends(10)
    here, group = Endpoint(at[1].address, names.MDNS_PORT), Endpoint("224.0.0.251", names.MDNS_PORT)
    frames = [udp(START + index * SECOND, SERVER, here, group, message(0, names.MDNS_RESPONSE, [], [
        Record("rds01.local", names.A, at[1].address, ttl, names.IN | names.CACHE_FLUSH)]), ttl=255)
        for index, ttl in enumerate((120, 0))]
    return tell("mdns-goodbye", "the server announces itself and takes its leave", at, frames, server=named())


def llmnr() -> Capture:
    at = ends(11)
    asker, group = Endpoint(at[0].address, 61234), Endpoint("224.0.0.252", names.LLMNR_PORT)
    question, answer = ("rds01", names.A), Record("rds01", names.A, at[1].address, 30)
    frames = [udp(START, CLIENT, asker, group, message(0x3C4D, names.LLMNR_QUERY, [question]), ttl=1),
              udp(START + 4 * MILLISECOND, SERVER, Endpoint(at[1].address, names.LLMNR_PORT), asker,
                  message(0x3C4D, names.LLMNR_RESPONSE, [question], [answer]))]
    return tell("llmnr", "the client asks its link", at, frames, server=named(("rds01", "LLMNR"), fqdn="rds01"))


def llmnr_of_another() -> Capture:
    at = ends(24)
    asker, group = Endpoint(at[0].address, 61234), Endpoint("224.0.0.252", names.LLMNR_PORT)
    question, answer = ("rds01", names.A), Record("rds01", names.A, at[1].address, 30)
    frames = [udp(START, CLIENT, asker, group, message(0x3C4D, names.LLMNR_QUERY, [question]), ttl=1),
              udp(START + 4 * MILLISECOND, SERVER, Endpoint(THIRD, names.LLMNR_PORT), asker,
                  message(0x3C4D, names.LLMNR_RESPONSE, [question], [answer]))]
    return tell("llmnr-of-another", "a third machine answers, about the server's address", at, frames, server=named())


def netbios_ends(address: str) -> tuple[Endpoint, Endpoint]:
    return Endpoint(address, names.NBNS_PORT), Endpoint("198.51.100.255", names.NBNS_PORT)


def nbns_query() -> Capture:
    at = ends(12)
    (asker, everybody), (host, _) = netbios_ends(at[0].address), netbios_ends(at[1].address)
    name = names.netbios_name("RDS01", 0x20)
    answer = Record(name, names.NB, names.netbios_address(at[1].address), 300000)
    frames = [udp(START, CLIENT, asker, everybody, message(0x4D5E, names.NBNS_QUERY, [(name, names.NB)])),
              udp(START + 3 * MILLISECOND, SERVER, host, asker, message(0x4D5E, names.NBNS_RESPONSE, [], [answer]))]
    return tell("nbns-query", "the client asks for a NetBIOS name by broadcast", at, frames,
                server=named(("RDS01", "NBNS"), fqdn="RDS01"))


def nbns_answer(name: str, story: str, number: int, *, asked: bool) -> Capture:
    """RFC 1002 4.2.12, 4.2.13, with the name server at THIRD"""
    at = ends(number)
    asker, server = Endpoint(at[0].address, names.NBNS_PORT), Endpoint(THIRD, names.NBNS_PORT)
    host = names.netbios_name("RDS01", 0x20)
    answer = Record(host, names.NB, names.netbios_address(at[1].address), 300000)
    frames = [udp(START, CLIENT, asker, server, message(0x4D5F, 0x0100, [(host, names.NB)])),
              udp(START + 3 * MILLISECOND, SERVER, server, asker, message(0x4D5F, names.NBNS_RESPONSE, [], [answer]))]
    known = named(("RDS01", "NBNS"), fqdn="RDS01") if asked else named()
    return tell(name, story, at, frames if asked else frames[1:], server=known)


def nbns_name_server() -> Capture:
    return nbns_answer("nbns-name-server", "the client asks a name server (WINS), which answers for the server", 25,
                       asked=True)


def nbns_of_another() -> Capture:
    return nbns_answer("nbns-of-another", "a third machine tells, unasked, of the server's address", 26, asked=False)


def nbns_registration() -> Capture:
    at = ends(13)
    host, everybody = netbios_ends(at[1].address)
    frames = []
    for index, (text, suffix, flags) in enumerate((("RDS01", 0x00, 0x6000), ("RDS01", 0x20, 0x6000),
                                                   ("CORP", 0x00, 0xE000), ("CORP", 0x1C, 0xE000))):
        name = names.netbios_name(text, suffix)
        record = Record(name, names.NB, names.netbios_address(at[1].address, flags), 300000)
        frames.append(udp(START + index * MILLISECOND, SERVER, host, everybody, message(
            0x5E6F + index, names.NBNS_REGISTRATION, [(name, names.NB)], [], [record])))
    return tell("nbns-registration", "the server registers its name and its domain's", at, frames,
                server=named(("RDS01", "NBNS"), fqdn="RDS01"))


# -- leases -----------------------------------------------------------------------------------------
DHCP_SERVER = Endpoint("192.0.2.1", names.DHCP_SERVER)
NOBODY, EVERYBODY = Endpoint("0.0.0.0", names.DHCP_CLIENT), Endpoint("255.255.255.255", names.DHCP_SERVER)
EVERY_CLIENT = Endpoint("255.255.255.255", names.DHCP_CLIENT)


def lease(start_ns: int, address: str, hardware: bytes, about_host: list[tuple[int, bytes]],
          from_server: list[tuple[int, bytes]] = ()) -> list[Frame]:
    """RFC 2131 3.1, the four messages; older servers do not repeat the client identifier (RFC 6842)"""
    wanted = (names.REQUESTED_ADDRESS, names.packed(address))
    identity = [(names.CLIENT_ID, b"\x01" + hardware), *about_host]
    terms = [(names.SERVER_ID, names.packed(DHCP_SERVER.address)), (names.LEASE_TIME, (3600).to_bytes(4, "big")),
             *from_server]
    steps = [(CLIENT, names.DISCOVER, identity, "0.0.0.0"), (SERVER, names.OFFER, terms, address),
             (CLIENT, names.REQUEST, [*identity, wanted], "0.0.0.0"), (SERVER, names.ACK, terms, address)]
    return [udp(start_ns + index * 2 * MILLISECOND, side, *((NOBODY, EVERYBODY) if side == CLIENT else
                                                           (DHCP_SERVER, EVERY_CLIENT)),
                names.dhcp(kind, 0x3903F326, hardware, options, yours=yours))
            for index, (side, kind, options, yours) in enumerate(steps)]


def dhcp_host_name() -> Capture:
    at = ends(14)
    frames = lease(START, at[0].address, MAC["client"], [(names.HOST_NAME, b"pc17")])
    return tell("dhcp-host-name", "the client says its name when it asks for its address", at, frames,
                client=named(("pc17", "DHCP"), fqdn="pc17"))


def dhcp_fqdn() -> Capture:
    at = ends(15)
    fqdn = (names.CLIENT_FQDN, names.client_fqdn("pc17.corp.example"))
    frames = lease(START, at[0].address, MAC["client"], [(names.HOST_NAME, b"pc17"), fqdn], [fqdn])
    return tell("dhcp-fqdn", "the client says its full name too, and the server repeats it", at, frames,
                client=named(("pc17", "DHCP"), ("pc17.corp.example", "DHCP"), fqdn="pc17.corp.example"))


def dhcp_address_reused() -> Capture:
    at = ends(16)
    frames = lease(START, at[0].address, OTHER_MACHINE, [(names.HOST_NAME, b"printer")]) \
        + lease(START + 5 * SECOND, at[0].address, MAC["client"], [(names.HOST_NAME, b"pc17")])
    return tell("dhcp-address-reused", "the address was another machine's before it was the client's", at, frames,
                client=named(("pc17", "DHCP"), fqdn="pc17"))


def dhcp_new_holder() -> Capture:
    at = ends(27)
    frames = lease(START, at[0].address, MAC["client"], [(names.HOST_NAME, b"pc17")]) \
        + lease(START + 11 * SECOND, at[0].address, OTHER_MACHINE, [(names.HOST_NAME, b"printer")])
    return tell("dhcp-new-holder", "while the session is open its client's address is given to another machine", at,
                frames, client=named(("pc17", "DHCP"), fqdn="pc17"))


def dhcp_late_holder() -> Capture:
    at = ends(28)
    frames = lease(START + 11 * SECOND, at[0].address, OTHER_MACHINE, [(names.HOST_NAME, b"printer")])
    return tell("dhcp-late-holder", "the same, and whose it was before is not known", at, frames, client=named(fqdn="WS-ALICE"))


def dhcpv6_fqdn() -> Capture:
    at = ends6(17)
    client, server = Endpoint("fe80::17", names.DHCP6_CLIENT), Endpoint("fe80::1", names.DHCP6_SERVER)
    everyone = Endpoint("ff02::1:2", names.DHCP6_SERVER)
    identity = (names.CLIENT_ID6, names.duid(MAC["client"]))
    host = (names.SERVER_ID6, names.duid(MAC["server"]))
    fqdn = (names.CLIENT_FQDN6, b"\x01" + names.wire_name("pc17.corp.example"))
    given, wanted = (names.IA_NA6, names.association6(at[0].address)), (names.IA_NA6, names.association6())
    steps = [(CLIENT, names.SOLICIT6, [identity, wanted, fqdn]), (SERVER, names.ADVERTISE6, [identity, host, given]),
             (CLIENT, names.REQUEST6, [identity, host, given, fqdn]), (SERVER, names.REPLY6, [identity, host, given])]
    frames = [udp(START + index * 2 * MILLISECOND, side, *((client, everyone) if side == CLIENT else (server, client)),
                  names.dhcp6(kind, 0xA1B2C3, options)) for index, (side, kind, options) in enumerate(steps)]
    return tell("dhcpv6-fqdn", "the client says its full name when it asks for its IPv6 address", at, frames,
                client=named(("pc17.corp.example", "DHCP"), fqdn="pc17.corp.example"))


# -- TLS --------------------------------------------------------------------------------------------
def tls_sni_elsewhere() -> Capture:
    at = ends(18)
    web = Conversation(Endpoint(at[0].address, 50010), Endpoint(at[1].address, 443), START)
    web.open()
    tls12_handshake(RdpConnection(web), "names-sni", HOST, "www")
    web.close(CLIENT)
    return tell("tls-sni-elsewhere", "before, the client spoke TLS to a web page of the same server", at, web.frames(),
                server=named((HOST, "TLS_SNI"), fqdn=HOST))


STORIES = [dns_a, dns_cname_chain, dns_aaaa, dns_tcp, dns_expired, dns_other_client, dns_unsolicited, dns_other_id,
           dns_other_question, dns_popular_server, dns_other_network, dns_same_network, dns_ptr, mdns, mdns_goodbye,
           llmnr, llmnr_of_another, nbns_query, nbns_name_server, nbns_of_another, nbns_registration, dhcp_host_name,
           dhcp_fqdn, dhcp_address_reused, dhcp_new_holder, dhcp_late_holder, dhcpv6_fqdn, tls_sni_elsewhere]
