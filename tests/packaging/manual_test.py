#!/usr/bin/env python3
"""The manual pages say what the program can do, and are pages that man(1) can show."""

import re
import shutil
import unittest

import program

PAGES = [program.PACKAGING / "man" / name for name in ("remora.1", "remora-daemon.8", "remora.yaml.5")]


def section(page: str, command: str) -> str:
    """What the page of all commands says of one"""
    return page.split(f".Ss remora {command}\n")[1].split("\n.S")[0]


def documented(text: str) -> set[str]:
    return {"--" + name for name in re.findall(r"^\.It (?:Fl [a-z] , )?Fl Fl ([a-z-]+)", text, re.M)}


class Manual(unittest.TestCase):
    def test_every_command_and_option_is_documented_and_no_other(self):
        page, service = PAGES[0].read_text(), PAGES[1].read_text()
        for command in program.commands():
            with self.subTest(command=command):
                told = documented(service if command == "daemon" else section(page, command))
                self.assertEqual(told, set(program.options(command)) - {"--help"})

    def test_no_command_is_documented_that_is_not_there(self):
        told = set(re.findall(r"^\.Ss remora ([a-z-]+)", PAGES[0].read_text(), re.M))
        self.assertEqual(told - {"daemon"}, set(program.commands()) - {"daemon"})

    def test_every_key_of_the_configuration_is_documented_with_its_default(self):
        page = {}
        for keys, text in re.findall(r"(?m)^\.It Li (.+)\n((?:(?!\.It|\.El).*\n)*)", PAGES[2].read_text()):
            page |= dict.fromkeys(keys.split(" , "), text)
        rows = re.findall(r"(?m)^\| `([a-z_.]+)` \|.*\| (.+) \| (?:yes|no) \|$",
                          (program.PROJECT / "docs/configuration.md").read_text())
        self.assertGreater(len(rows), 30)
        for key, default in rows:
            if key != "outputs":
                with self.subTest(key=key):
                    self.assertIn(key, page)
                    for value in re.findall(r"`(\S+)`", default):
                        self.assertRegex(page[key], rf"(?m)\b{re.escape(value.lstrip('/'))}\b")

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_mandoc_finds_no_fault(self):
        for page in PAGES:
            with self.subTest(page=page.name):
                done = program.run("mandoc", "-T", "lint", "-W", "warning", page)
                self.assertEqual((done.returncode, done.stdout), (0, ""))

    @unittest.skipUnless(shutil.which("man"), "man is not installed")
    def test_man_shows_them_without_warnings(self):
        for page in PAGES:
            with self.subTest(page=page.name):
                done = program.run("man", "--warnings", "-l", "-Tutf8", page)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("DESCRIPTION", re.sub(".\b", "", done.stdout))


if __name__ == "__main__":
    program.main()
