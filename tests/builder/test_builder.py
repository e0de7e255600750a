"""Tests the builder itself: `python3 -m unittest discover -s tests/builder`."""

import hashlib
import ipaddress
import json
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder import (assistance, client_info, des, gcc, golden, licensing, mcs, multitransport,  # noqa: E402
                     sealing, security, share, tickets, tls, truth, x224)
from builder.gcc import METHOD_40, METHOD_56, METHOD_128, METHOD_FIPS  # noqa: E402
from builder.ip import internet_checksum, transport_checksum  # noqa: E402
from builder.make_captures import all_captures  # noqa: E402
from builder.stories_redirection import msts_token  # noqa: E402

HERE = Path(__file__).resolve().parent
PCAPS = HERE.parents[1] / "pcaps"
CLIENT_RANDOM, SERVER_RANDOM = bytes(range(32)), bytes(range(32, 64))


def golden_keys(method: int) -> security.SessionKeys:
    return security.SessionKeys(method, CLIENT_RANDOM, SERVER_RANDOM)


class Tickets(unittest.TestCase):
    """Section 8.1 of the dossier, and FIPS 197 appendix B"""
    ticket = tickets.Ticket(session_id=bytes(range(48)))

    def test_cipher(self):
        key, plain = "2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734"
        self.assertEqual(tickets.aes_128_cbc(bytes.fromhex(key), bytes.fromhex(plain))[:16].hex(),
                         "3925841d02dc09fbdc118597196a0b32")

    def test_encrypted_string(self):
        self.assertEqual(tickets.lhticket_key("K7P3ZQ2M9XTB").hex(), "e88e1bea47d2e6860acbbff4ed6337c0")
        sealed = tickets.lhticket(self.ticket.connection_string2(), self.ticket.password)
        self.assertEqual(len(sealed), 864)
        self.assertTrue(sealed.startswith("ADB4C5A4ED1A0501CE60730652C2298B"))
        self.assertTrue(sealed.endswith("F9709F17DCAF3EE1D6775A8D"))

    def test_connection_strings(self):
        self.assertEqual(self.ticket.connection_string1(),
                         "65538,1,192.0.2.10:49672,*,AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v,"
                         "*,*,+KZQJJglqMs517HInCm4RODpxJ4=")
        self.assertIn('<L P="49671" N="2001:db8::10"/>', self.ticket.connection_string2())

    def test_every_format_but_the_bare_first_is_xml(self):
        for name, document in self.ticket.formats().items():
            text = document.decode("utf-16" if name == "xp_utf16" else "cp1252").replace(' encoding="Unicode"', "")
            if name != "bare1":
                ElementTree.fromstring(text)
            self.assertEqual(self.ticket.truth(name)["format"], tickets.FORMATS[name])

    def test_broken_ones_differ(self):
        broken = tickets.malformed(self.ticket)
        self.assertEqual(len({each.name for each in broken}), len(broken))
        self.assertEqual(len({each.document for each in broken}), len(broken))


class GoldenVectors(unittest.TestCase):
    def test_sealing_is_that_of_the_rfc(self):
        """RFC 8439 2.8.2"""
        sealed = sealing.chacha20_poly1305(bytes(range(0x80, 0xA0)), bytes.fromhex("070000004041424344454647"),
                                           golden.SUNSCREEN, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"))
        self.assertEqual(sealed[:16].hex(), "d31a8d34648e60db7b86afbc53ef7ec2")
        self.assertEqual(sealed[-16:].hex(), "1ae10b594f09e26a7e902ecbd0600691")

    def test_tunnel_pdus_are_those_of_the_specification(self):
        """[MS-RDPEMT] 4.1, 4.2"""
        self.assertEqual(multitransport.create_request(7, bytes.fromhex("e2f0d108567fb43adcf4b3dc16921e3a")).hex(),
                         "0018000407000000" "00000000e2f0d108567fb43adcf4b3dc16921e3a")
        self.assertEqual(multitransport.create_response().hex(), "0104000400000000")

    def same(self, built: bytes, expected: bytes) -> None:
        self.assertEqual(built.hex(), expected.hex())

    def test_connection_request(self):
        self.same(x224.connection_request(b"Cookie: mstshash=alice", x224.negotiation_request(0)),
                  golden.CONNECTION_REQUEST)

    def test_connection_confirm(self):
        self.same(x224.connection_confirm(x224.negotiation_response(0)), golden.CONNECTION_CONFIRM)

    def test_connect_initial(self):
        blocks = gcc.Settings().client_blocks()
        self.same(mcs.connect_initial(gcc.conference_create_request(blocks)), golden.CONNECT_INITIAL)
        self.assertEqual(len(golden.CONNECT_INITIAL), 421)

    def test_connect_response(self):
        certificate = security.proprietary_certificate(security.PUBLISHED_KEY)
        blocks = gcc.Settings().server_blocks(gcc.server_security(
            METHOD_128, gcc.LEVEL_CLIENT_COMPATIBLE, SERVER_RANDOM, certificate))
        self.same(mcs.connect_response(gcc.conference_create_response(blocks)), golden.CONNECT_RESPONSE)
        self.assertEqual(len(golden.CONNECT_RESPONSE), 337)

    def test_domain_pdus(self):
        self.same(mcs.erect_domain(), golden.ERECT_DOMAIN)
        self.same(mcs.attach_user_request(), golden.ATTACH_USER_REQUEST)
        self.same(mcs.attach_user_confirm(), golden.ATTACH_USER_CONFIRM)
        self.same(mcs.join_request(1007), golden.JOIN_REQUEST_1007)
        self.same(mcs.join_confirm(1007), golden.JOIN_CONFIRM_1007)
        self.same(mcs.disconnect_provider_ultimatum(x224.USER_REQUESTED), golden.DISCONNECT)
        self.assertTrue(mcs.disconnect_provider_ultimatum(x224.PROVIDER_INITIATED).endswith(b"\x20\x80"))

    def test_security_exchange(self):
        encrypted = security.encrypted_client_random(CLIENT_RANDOM, security.PUBLISHED_KEY)
        self.same(encrypted, golden.ENCRYPTED_CLIENT_RANDOM)
        self.same(mcs.send_data_request(security.security_exchange(encrypted), long_length=True), golden.SECURITY_EXCHANGE)

    def test_licence(self):
        self.same(mcs.send_data_indication(licensing.valid_client(), long_length=True), golden.LICENCE)

    def test_assistance(self):
        say = assistance.addressed
        built = {
            "announce": say("RC_CTL", assistance.control(assistance.SERVER_ANNOUNCE)),
            "version": say("RC_CTL", assistance.version_info()),
            "result 41": say("RC_CTL", assistance.result(41)),
            "chat": say("70", assistance.utf16z("hi")),
            "accept": say("71", assistance.command("ACCEPTRC")),
            "file": say("71", assistance.command("FILEXFER", FILENAME="a.txt", FILESIZE="5", CHANNELID="RA_FX")),
            "acknowledged": say("RA_FX", assistance.utf16z("FILEXFERACK")),
            "block": say("RA_FX", b"hello"),
            "level": assistance.control_change(1, 3),
            "created": assistance.participant_created(1, 5, "Alice"),
            "removed": assistance.participant_removed(1, assistance.BY_PARTICIPANT)}
        self.assertEqual({name: message.hex() for name, message in built.items()}, golden.ASSISTANCE)
        self.assertEqual(assistance.expert_blob("Alice", "3C9C"), "10;NAME=Alice9;PASS=3C9C")

    def test_session_keys(self):
        keys = golden_keys(METHOD_128)
        self.same(keys.master, golden.MASTER)
        self.same(keys.blob, golden.SESSION_KEY_BLOB)
        for bits, method in ((128, METHOD_128), (56, METHOD_56), (40, METHOD_40)):
            keys = golden_keys(method)
            self.assertEqual((keys.mac.hex(), keys.server_to_client.hex(), keys.client_to_server.hex()),
                             golden.KEYS[bits])

    def test_macs_and_rc4(self):
        keys = golden_keys(METHOD_128)
        for expected, count in zip(golden.MAC_128, (None, 0, 1)):
            self.assertEqual(security.mac_signature(keys.mac, golden.MESSAGE, count).hex(), expected)
        self.assertEqual(security.mac_signature(golden_keys(METHOD_40).mac, golden.MESSAGE).hex(),
                         golden.MAC_40)
        stream = security.Rc4(keys.client_to_server)
        for expected in golden.RC4_C2S_128:
            self.assertEqual(stream.apply(golden.MESSAGE).hex(), expected)

    def test_key_updates(self):
        for bits, method in ((128, METHOD_128), (56, METHOD_56), (40, METHOD_40)):
            keys = golden_keys(method)
            cipher = security.Cipher(keys, keys.client_to_server)
            for expected in golden.UPDATED_KEYS[bits]:
                cipher.update()
                self.assertEqual(cipher.key.hex(), expected)

    def test_fips(self):
        keys = golden_keys(METHOD_FIPS)
        self.assertEqual((keys.mac.hex(), keys.server_to_client.hex(), keys.client_to_server.hex()),
                         golden.FIPS_KEYS)
        sealed = security.Cipher(keys, keys.client_to_server).signed(golden.MESSAGE)
        self.assertEqual(sealed[:12].hex(), "10000101" + golden.FIPS_SIGNATURE)
        # FIPS 46-3, the example that every textbook has
        self.assertEqual(des.crypt(0x0123456789ABCDEF, des.round_keys(bytes.fromhex("133457799bbcdff1"))),
                         0x85E813540F0AB405)

    def test_client_info(self):
        plain = client_info.client_info()
        self.same(plain, golden.CLIENT_INFO_PLAINTEXT)
        keys = golden_keys(METHOD_128)
        cipher = security.Cipher(keys, keys.client_to_server)
        self.same(mcs.send_data_request(cipher.seal(plain, security.SEC_INFO_PKT)), golden.CLIENT_INFO)

    def test_save_session_info_and_set_error_info(self):
        keys = golden_keys(METHOD_128)
        cipher = security.Cipher(keys, keys.server_to_client)
        pdu = mcs.send_data_indication(cipher.seal(share.logon_v2("CORP", "alice", 2)))
        self.assertEqual(len(pdu), 647)
        self.same(hashlib.sha256(pdu).digest(), golden.SAVE_SESSION_INFO_SHA256)
        self.same(mcs.send_data_indication(cipher.seal(share.set_error_info(0x0C)), long_length=True), golden.SET_ERROR_INFO)

    def test_tokens_and_identifiers(self):
        self.assertEqual(msts_token("172.31.249.216", 3389), b"Cookie: msts=3640205228.15629.0000")
        self.assertEqual(truth.community_id(("192.168.1.10", 49152), ("192.168.1.20", 3389)),
                         "1:gCujwpkV07wh5ab06yD4UCtOU9o=")
        self.assertEqual(truth.community_id(("2001:470:e5bf:dead:4957:2174:e82c:4887", 63943),
                                            ("2607:f8b0:400c:c03::1a", 25)),
                         "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=")

    def test_ja4(self):
        """The example of FoxIO's own page but for ALPN, which this builder has not (h2 becomes 00)"""
        def listed(text: str) -> list[int]:
            return [int(word, 16) for word in text.split(",")]
        hello = tls.ClientHello(
            "ja4", [0x2A2A] + listed("002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9"),
            [0x1A1A, 0x0000, 0x0010] + listed("0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,"
                                              "ff01"),
            server_name="x", groups=[29], versions=[0x0304],
            signature_algorithms=listed("0403,0804,0401,0503,0805,0501,0806,0601"))
        self.assertEqual(hello.ja4(), "t13d151600_8daaf6152771_e5627efa2ab1")


class Captures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.captures = all_captures()

    def packets(self, capture):
        """IP packets of a little-endian Ethernet capture, read with nothing of the builder's"""
        if capture.file_name.endswith(".pcap") and capture.data[:4] == b"\xd4\xc3\xb2\xa1" \
                and capture.data[20:24] == struct.pack("<I", 1) and "truncated" not in capture.more:
            at = 24
            while at < len(capture.data):
                size, original = struct.unpack_from("<II", capture.data, at + 8)
                frame = capture.data[at + 16:at + 16 + size]
                at += 16 + size
                if size == original and frame[12:14] in (b"\x08\x00", b"\x86\xdd"):
                    yield frame[14:]

    def test_checksums_are_valid(self):
        checked = 0
        for capture in self.captures:
            if capture.file_name in ("checksum-offload.pcap", "bad-checksum.pcap", "bad-checksum-first.pcap",
                                     "bad-ip-checksum-first.pcap"):
                continue
            for packet in self.packets(capture):
                if packet[0] >> 4 == 4:
                    size = (packet[0] & 15) * 4
                    self.assertEqual(internet_checksum(packet[:size]), 0, capture.file_name)
                    total, = struct.unpack_from(">H", packet, 2)
                    source, target = packet[12:16], packet[16:20]
                    kind, segment = packet[9], packet[size:total]
                    in_pieces = packet[6] & 0x3F or packet[7]
                    if in_pieces or kind not in (6, 17) or (kind == 17 and segment[6:8] == bytes(2)):
                        continue  # fragments and tunnels; UDP without a checksum
                else:
                    if packet[6] != 6:
                        continue  # extension headers: tcp/ipv6-extensions, evasion/ipv6-overlapping-fragments
                    source, target, kind, segment = packet[8:24], packet[24:40], 6, packet[40:]
                self.assertEqual(transport_checksum(str(ipaddress.ip_address(source)),
                                                    str(ipaddress.ip_address(target)), kind, segment), 0,
                                 capture.file_name)
                checked += 1
        self.assertGreater(checked, 3000)

    def test_names_are_unique_and_sizes_small(self):
        names = [(capture.family, capture.truth_name) for capture in self.captures]
        self.assertEqual(len(names), len(set(names)))
        self.assertLess(sum(len(capture.data) for capture in self.captures), 5_000_000)

    def test_truth_uses_the_words_of_the_contract(self):
        outcomes = {"NO_RESPONSE", "REFUSED", "NEGOTIATION_FAILED", "AUTHENTICATION_FAILED", "ESTABLISHED", "UNKNOWN"}
        ends = {"CLIENT_CLOSED", "SERVER_CLOSED", "CLIENT_RESET", "SERVER_RESET", "CLIENT_DISCONNECT",
                "SERVER_DISCONNECT", "TIMEOUT", "CAPTURE_END"}
        for capture in self.captures:
            for session in capture.sessions:
                with self.subTest(capture.file_name):
                    self.assertIn(session["outcome"], outcomes)
                    self.assertIn(session["end_reason"], ends)
                    self.assertLessEqual(session.get("opened", "2"), session.get("closed", "3"))
                    self.assertNotIn("S3cret!", json.dumps(session))
            self.assertFalse(capture.family == "background" and capture.sessions)

    def test_addresses_are_for_documentation(self):
        allowed = [ipaddress.ip_network(net) for net in (
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "10.0.0.0/8", "172.16.0.0/12",
            "192.168.0.0/16",
            "2001::/32")]  # Teredo: the IPv4 addresses inside are of these
        for capture in self.captures:
            for address in re.findall(r'"address": "([^"]+)"', json.dumps(capture.truth())):
                self.assertTrue(any(ipaddress.ip_address(address) in net for net in allowed), address)

    def test_twice_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            for folder in (one, two):
                subprocess.run([sys.executable, str(HERE / "make_captures.py"), folder], check=True,
                               stdout=subprocess.DEVNULL)
            first, second = ({path.relative_to(folder): path.read_bytes()
                              for path in Path(folder).rglob("*") if path.is_file()} for folder in (one, two))
        self.assertEqual(first.keys(), second.keys())
        self.assertEqual([name for name in first if first[name] != second[name]], [])

    def test_the_checked_in_captures_are_these(self):
        """Compressed ones may differ with the version of zlib or zstd."""
        for capture in self.captures:
            if not capture.file_name.endswith((".gz", ".zst")):
                with self.subTest(capture.file_name):
                    self.assertEqual((PCAPS / capture.family / capture.file_name).read_bytes(), capture.data)


if __name__ == "__main__":
    unittest.main()
