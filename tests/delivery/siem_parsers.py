"""Readers of CEF and LEEF that know nothing of what wrote it."""

import re


def parse_cef(line: str) -> tuple[list[str], dict[str, str]]:
    """By hand, one character after the other: header fields, and the extension's keys."""
    fields, at = [""], 0
    while len(fields) < 8:
        if line[at] == "\\":
            fields[-1] += line[at + 1]
            at += 2
        elif line[at] == "|":
            fields.append("")
            at += 1
        else:
            fields[-1] += line[at]
            at += 1
    # A key stands at the start or behind a space, and before an "=" that is not escaped.
    extension, keys = line[at:], []
    for found in re.finditer(r"(?:^| )([A-Za-z0-9]+)=", extension):
        keys.append((found.start(1), found.end(), found.group(1)))
    pairs = {}
    for number, (_, begin, key) in enumerate(keys):
        end = keys[number + 1][0] - 1 if number + 1 < len(keys) else len(extension)
        if key in pairs:
            raise AssertionError(f"{key} twice in {line!r}")
        pairs[key] = re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], extension[begin:end])
    return fields, pairs


def parse_leef(line: str) -> tuple[list[str], dict[str, str]]:
    header, attributes = line.split("|")[:6], line.split("|", 6)[6]
    pairs = {}
    for attribute in attributes.split(header[5]):
        key, _, value = attribute.partition("=")
        if key in pairs:
            raise AssertionError(f"{key} twice in {line!r}")
        pairs[key] = value
    return header, pairs
