"""rdp/: Standard RDP Security."""

from builder import gcc, licensing, mcs, security, share, x224
from builder.capture import Capture, finish
from builder.conversations import Protection, RdpConnection, low_session
from builder.frame import MILLISECOND, SECOND
from builder.gcc import (LEVEL_CLIENT_COMPATIBLE, LEVEL_FIPS, LEVEL_HIGH, LEVEL_LOW, METHOD_40, METHOD_56,
                         METHOD_128, METHOD_FIPS)
from builder.places import START, client, pair, server
from builder.randomness import pseudo_random
from builder.tcp import CLIENT, SERVER, Conversation
from builder.tls import certificate_der, certificate_facts


def known_with_keys(user: str, address: str) -> dict:
    """What the server's RSA key adds to a session that is sealed both ways."""
    return {"users": [{"name": user, "domain": "CORP", "source": source, "certainty": "DECRYPTED"}
                      for source in ("CLIENT_INFO", "SAVE_SESSION_INFO")],
            "client_software": {"directory": "C:\\WINDOWS\\System32\\mstscax.dll",
                                "reported_address": address, "time_zone": "W. Europe Standard Time"}}


def golden_rc4_128() -> Capture:
    """The known bytes of golden.py, and what is needed around them."""
    protection = Protection(METHOD_128, LEVEL_CLIENT_COMPATIBLE, bytes(range(32)), bytes(range(32, 64)),
                            security.proprietary_certificate(security.PUBLISHED_KEY))
    tcp = Conversation(client("10.1.2.3"), server(), START)
    rdp = RdpConnection(tcp, protection=protection, long_length=True)
    tcp.open()
    rdp.request(b"Cookie: mstshash=alice")
    rdp.confirm()
    rdp.exchange_settings()
    rdp.join_channels()
    rdp.commence_security()
    rdp.send_info(dynamic_zone=None)
    rdp.license()
    rdp.log_on()
    rdp.error(0x0C)
    rdp.disconnect(SERVER, x224.USER_REQUESTED)
    tcp.close(SERVER)
    keys = known_with_keys("alice", "10.1.2.3") | {"error": {"code": 12, "name": "LOGOFF_BY_USER"}}
    return finish("standard-rc4-128", "128-bit RC4 at level CLIENT_COMPATIBLE: a session of known "
                  "bytes, licence and MCS disconnect in the clear", rdp, with_keys=keys)


def low() -> Capture:
    rdp = low_session(Conversation(*pair(1), START))
    return finish("standard-low", "level LOW, 40 bits: the server's side is clear, alice logs on, works and "
                  "logs off", rdp)


def level_none() -> Capture:
    tcp = Conversation(*pair(2), START)
    rdp = RdpConnection(tcp)
    tcp.open()
    rdp.request(b"Cookie: mstshash=CORP\\bob")
    rdp.confirm()
    rdp.set_up(user="bob", address="192.168.77.5")
    rdp.activate()
    rdp.log_on(user="bob", session=1, version=1)
    rdp.work()
    rdp.close_window()
    tcp.close(CLIENT)
    return finish("standard-none", "encryption NONE: Client Info, activation and a version 1 logon are all "
                  "clear; the user closes the window (shutdown request denied)", rdp)


def ciphered(name: str, story: str, method: int, level: int, number: int, certificate: bytes | None = None,
             salted: bool = False, bursts: int = 0) -> Capture:
    tcp = Conversation(*pair(number), START)
    protection = Protection.proprietary(method, level, name)
    protection.salted = salted
    if certificate is not None:  # of 2048 bits, and nobody kept its key
        protection.certificate = certificate
        protection.encrypted_random = pseudo_random(f"encrypted:{name}", 256) + bytes(8)
    rdp = RdpConnection(tcp, protection=protection)
    tcp.open()
    rdp.request(b"Cookie: mstshash=carol")
    rdp.confirm()
    rdp.set_up(user="carol", address="192.168.77.6")
    rdp.activate()
    if bursts == 0:
        rdp.log_on(user="carol", session=3)
    rdp.work()
    for _ in range(bursts):
        tcp.wait(10 * MILLISECOND)
        rdp.burst(CLIENT, 1 << 2, [share.mouse_event(0x0800, 5 * at, 300) for at in range(50)])
        rdp.burst(SERVER, 0, [share.fast_path_update(5, b"")] * 50)  # no pointer
    if bursts != 0:  # behind the last update of the key
        rdp.log_on(user="carol", session=3)
    rdp.close_window()
    tcp.close(CLIENT)
    known = {} if certificate is not None else {"with_keys": known_with_keys("carol", "192.168.77.6")}
    return finish(name, story, rdp, **known)


def fips() -> Capture:
    return ciphered("standard-fips", "FIPS: four more bytes before each signature, slow and fast path", METHOD_FIPS, LEVEL_FIPS, 3)


def rc4_56() -> Capture:
    return ciphered("standard-rc4-56-high", "56-bit RC4 at level HIGH; the keys follow from the published "
                    "RSA key", METHOD_56, LEVEL_HIGH, 4)


def salted() -> Capture:
    return ciphered("standard-rc4-128-salted", "128-bit RC4; every signature counts the PDUs before", METHOD_128,
                    LEVEL_CLIENT_COMPATIBLE, 11, salted=True)


def key_update() -> Capture:
    return ciphered("standard-rc4-40-updates", "40-bit RC4 with salted signatures; each side encrypts more than 4,096 "
                    "PDUs and takes another key, and only then tells who logged on", METHOD_40,
                    LEVEL_CLIENT_COMPATIBLE, 12, salted=True, bursts=85)


def x509_chain() -> Capture:
    chain = security.certificate_chain([certificate_der("chain_root"), certificate_der("chain_leaf")])
    capture = ciphered("standard-x509-chain", "the server certificate is an X.509 chain of two, the server's "
                       "own last", METHOD_128, LEVEL_CLIENT_COMPATIBLE, 5, chain)
    capture.sessions[0]["security"]["certificate"] = certificate_facts("chain_leaf")
    return capture


def disconnected_by_other() -> Capture:
    tcp = Conversation(*pair(6), START)
    rdp = RdpConnection(tcp, protection=Protection.proprietary(METHOD_56, LEVEL_LOW, "other"))
    tcp.open()
    rdp.request(b"Cookie: mstshash=alice")
    rdp.confirm()
    rdp.set_up()
    rdp.activate()
    rdp.log_on(session=4)
    rdp.work(updates=1)
    tcp.wait(30 * SECOND)
    rdp.error(0x05)
    rdp.from_server(share.deactivate_all())
    rdp.disconnect(SERVER, x224.PROVIDER_INITIATED)
    tcp.close(SERVER)
    return finish("disconnected-by-other", "level LOW, 56 bits: another connection takes the session over "
                  "(Set Error Info 5, MCS reason 1)", rdp)


def no_license() -> Capture:
    tcp = Conversation(*pair(7), START)
    rdp = RdpConnection(tcp, protection=Protection.proprietary(METHOD_40, LEVEL_LOW, "licence"))
    tcp.open()
    rdp.request(b"Cookie: mstshash=dave")
    rdp.confirm()
    rdp.exchange_settings()
    rdp.join_channels()
    rdp.commence_security()
    rdp.send_info(user="dave", address="192.168.77.8")
    rdp.put(SERVER, mcs.send_data_indication(licensing.license_request(bytes(range(32)))))
    rdp.license(licensing.ERR_NO_LICENSE, licensing.ST_TOTAL_ABORT)
    rdp.error(0x102)
    rdp.disconnect(SERVER, x224.PROVIDER_INITIATED)
    tcp.close(SERVER)
    return finish("license-refused", "level LOW: licence request, then ERR_NO_LICENSE with total abort; never "
                  "accepted", rdp)


def remote_assistance() -> Capture:
    tcp = Conversation(*pair(8), START)
    settings = gcc.Settings(core=gcc.ClientCore(computer_name="HELPDESK-7", build=6001),
                            channels=(("remdesk", 0x80800000), ("encomsp", 0x80800000)))
    rdp = RdpConnection(tcp, settings, Protection.proprietary(METHOD_128, LEVEL_CLIENT_COMPATIBLE, "ra"))
    tcp.open()
    rdp.request(b"")
    rdp.confirm()
    rdp.set_up(domain="", user="*", address="192.168.77.9")
    rdp.activate()
    rdp.work()
    rdp.disconnect(CLIENT, x224.USER_REQUESTED)
    tcp.close(CLIENT)
    return finish("remote-assistance-channels", "channels remdesk and encomsp and no cookie: what Remote "
                  "Assistance asks for, over standard security", rdp, kind="REMOTE_ASSISTANCE")


def every_setting() -> Capture:
    """All optional CS_CORE fields, two monitors, message channel, multitransport."""
    core = gcc.ClientCore(
        version=0x00080010, desktop_width=3840, desktop_height=1080, keyboard_layout=0x0407, build=22631,
        computer_name="DESK-GRACE", high_color_depth=24, supported_color_depths=15,
        early_capability_flags=0x03E7 | 0x0040, product_id="00330-80000-00000-AA123", connection_type=6,
        physical_width=1040, physical_height=290, orientation=0, desktop_scale=100, device_scale=100, size=234)
    extra = gcc.client_monitors([(0, 0, 1919, 1079, 1), (1920, 0, 3839, 1079, 0)]) \
        + gcc.client_message_channel() \
        + gcc.client_monitors_extended([(520, 290, 0, 100, 100), (520, 290, 90, 125, 140)]) \
        + gcc.client_multitransport(0x0305)
    settings = gcc.Settings(
        core=core, channels=(("rdpdr", 0x80800000), ("rdpsnd", 0xC0000000), ("cliprdr", 0xC0A00000),
                             ("drdynvc", 0xC0800000)),
        client_extra=extra, cluster=gcc.client_cluster(0x15), message_channel=1008, server_early=7,
        server_extra=gcc.server_message_channel(1008) + gcc.server_multitransport(0x0305))
    tcp = Conversation(*pair(9), START)
    rdp = RdpConnection(tcp, settings, Protection.proprietary(METHOD_128, LEVEL_LOW, "multi"))
    tcp.open()
    rdp.request(b"Cookie: mstshash=grace")
    rdp.confirm(0, x224.EXTENDED_CLIENT_DATA_SUPPORTED)
    rdp.set_up(user="grace", address="192.168.77.10")
    rdp.activate()
    rdp.log_on(user="grace", session=5)
    rdp.work()
    rdp.close_window()
    tcp.close(CLIENT)
    return finish("every-setting", "a new client on two monitors: every optional core field, message channel, "
                  "multitransport, an even number of channels", rdp)


def skip_channel_join() -> Capture:
    settings = gcc.Settings(
        core=gcc.ClientCore(version=0x00080011, build=26100, computer_name="LAP-HEIDI",
                            early_capability_flags=gcc.SUPPORT_ERRINFO_PDU | gcc.SKIP_CHANNELJOIN),
        server_early=gcc.SKIP_CHANNELJOIN_SUPPORTED)
    tcp = Conversation(*pair(10), START)
    rdp = RdpConnection(tcp, settings, Protection.proprietary(METHOD_128, LEVEL_LOW, "skip"))
    tcp.open()
    rdp.request(b"Cookie: mstshash=heidi")
    rdp.confirm(0, x224.EXTENDED_CLIENT_DATA_SUPPORTED)
    rdp.set_up(skip_joins=True, user="heidi", address="192.168.77.11")
    rdp.activate()
    rdp.log_on(user="heidi", session=6)
    rdp.log_off()
    tcp.close(SERVER)
    return finish("skip-channel-join", "both sides skip the channel joins", rdp)


STORIES = [golden_rc4_128, low, level_none, fips, rc4_56, salted, key_update, x509_chain, disconnected_by_other, no_license,
           remote_assistance, every_setting, skip_channel_join]
