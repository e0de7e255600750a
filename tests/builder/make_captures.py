#!/usr/bin/env python3
"""Writes every capture, its ground truth and the list of them: make_captures.py FOLDER"""

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builder.capture import Capture  # noqa: E402

MODULES = ["stories_standard", "stories_tls", "stories_negotiation", "stories_redirection", "stories_inside", "stories_tcp",
           "stories_link", "stories_tunnel", "stories_container", "stories_damaged", "stories_background",
           "stories_proxy", "stories_udp", "stories_transports", "stories_gateway", "stories_midstream",
           "stories_names", "stories_auth", "stories_evasion", "stories_offer", "stories_assistance",
           "stories_files", "stories_mail", "stories_whole", "stories_listener"]

README_HEAD = """# Captures made by tests/builder

Made by `python3 tests/builder/make_captures.py pcaps/`, which writes the same bytes every time. Addresses are
of RFC 5737, RFC 3849 or private; names are fictional; nothing here was recorded from a network. Beside each
capture stands `<story>.truth.json`: what a reader who understood every captured byte would report, in the
words of the events page (Session). Absent means: not on the wire, or not readable without keys.

* `opened`: the frame with the last byte of the X.224 request. `accepted`: the first of valid-client licence and
  Demand Active read in the clear. `closed`: the first FIN or RST, else the flow's last frame.
* `totals`: bytes are whole frames as they were on the wire, packets all captured IP packets of that side (RDP
  role), payload bytes those of TCP, repeated ones too; over the whole flow, also after `closed`, and over both
  connections of a retry. `gap_bytes` lie between captured bytes; `retransmitted_packets` carry payload and no
  new byte, and are not keep-alives.
* A negotiation that failed and was tried again within 2 s with other protocols is one session of two attempts:
  opened by the first, all else that of the last.
* `path`: client to server, as the client's packets went: in at the end of the innermost tunnel, and so on outwards.
  Labels, tags and PPPoE have no addresses, and the ends of a mirror (ERSPAN) are not on the way.
* `inferred`: members which only behaviour shows. `with_keys`: what decryption would add. `wire`: raw values.
  `optional`: recognising the flow is good but not required.
* `tshark` 4.0.17 calls three things malformed which are not: encrypted fast-path PDUs (it ignores the flag), clear
  licensing PDUs of an encrypted session (it takes eight bytes for a signature), a routing token without
  `Cookie: `. What it says of `damaged/` and of `tcp/checksum-offload` is meant to be so.
* Bytes of `.gz` and `.zst` files depend on the version of zlib and zstd.
* `negotiation.cookie` is the text after `mstshash=`; `routing_token` the whole text without CR LF.

| capture | story |
|---|---|
"""
RECORDINGS = "\n# Recordings made by the lab\n"


def all_captures() -> list[Capture]:
    out: list[Capture] = []
    for module in MODULES:
        for story in importlib.import_module(f"builder.{module}").STORIES:
            made = story()
            out += made if isinstance(made, list) else [made]
    return out


def recordings(readme: Path) -> str:
    """What scripts/lab has written behind the table"""
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    _, heading, rest = text.partition(RECORDINGS)
    return heading + rest


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: make_captures.py FOLDER", file=sys.stderr)
        return 2
    root = Path(sys.argv[1])
    captures = sorted(all_captures(), key=lambda capture: (capture.family, capture.file_name))
    for capture in captures:
        capture.write(root)
    rows = "".join(f"| {capture.family}/{capture.file_name} | {capture.story} |\n" for capture in captures)
    readme = root / "README.md"
    readme.write_text(README_HEAD + rows + recordings(readme), encoding="utf-8")
    print(f"{len(captures)} captures, {sum(len(capture.data) for capture in captures)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
