#!/usr/bin/env python3
"""What the shells offer is what the program takes: each shell is asked, and its answer held against the program's help."""

import os
import re
import shlex
import shutil
import tempfile
import unittest
from pathlib import Path

import program

COMPLETION = program.PACKAGING / "completion"
# Asks what a command line could go on with, its last word being incomplete; one word a line.
BASH = r"""
source @SCRIPT@
complete -p remora | grep -q -- '-F _remora' || exit 3
COMP_WORDS=(@WORDS@) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_remora remora
printf '%s\n' "${COMPREPLY[@]}"
"""
# _describe, _files and _arguments are zsh's own: here they tell what they were given. A specification is
# *--name=[what it does]:value:(words), or :_files.
ZSH = r"""
_describe() { print -l -- ${${(P)2}%%:*} }
_files() { print -l -- *(N) }
_arguments() {
  local given name
  for given in "$@"; do
    [[ $given == '*--'* ]] || continue
    name=${${given#\*}%%[=\[]*}
    if [[ $words[-1] == -* ]]; then
      print -r -- $name
    elif [[ $name == $words[-2] ]]; then
      case ${given##*:} in
        _files) _files; return ;;
        \(*) print -l -- ${=${${given##*:\(}%\)}}; return ;;
      esac
    fi
  done
  [[ $words[-1] == -* ]] || _files
}
words=(@WORDS@) CURRENT=${#words}
source @SCRIPT@
"""
FISH = "source @SCRIPT@; complete -C @WORDS@"


class Shell:
    """What all of them have to do; a class below says how one of them is asked."""
    shell = script = ""

    def setUp(self):
        if not shutil.which(self.shell):
            self.skipTest(f"{self.shell} is not installed")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "office.pcap").touch()

    def source(self, *words: str) -> str:
        raise NotImplementedError

    def asked(self, question: str, words: str) -> str:
        return question.replace("@SCRIPT@", shlex.quote(str(COMPLETION / self.script))).replace("@WORDS@", words)

    def offered(self, *words: str) -> set[str]:
        path = f"{program.BINARY.parent}:{os.environ['PATH']}"
        arguments = {"bash": ["--norc", "-c"], "zsh": ["-f", "-c"], "fish": ["--no-config", "-c"]}[self.shell]
        done = program.run(self.shell, *arguments, self.source("remora", *words), cwd=self.folder,
                           env={"PATH": path, "HOME": str(self.folder), "LC_ALL": "C"})
        self.assertEqual(done.stderr, "")
        return {line.split("\t")[0] for line in done.stdout.splitlines() if line.strip()}

    def test_script_has_no_fault(self):
        done = program.run(self.shell, "-n", COMPLETION / self.script)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_commands(self):
        self.assertEqual(self.offered("") - {"--help"}, set(program.commands()))

    def test_options_of_every_command(self):
        for command in program.commands():
            with self.subTest(command=command):
                self.assertEqual(self.offered(command, "--"), set(program.options(command)))

    def test_words_are_those_that_the_program_takes(self):
        for command in program.commands():
            for option, kind in program.options(command).items():
                if kind not in ("FORMAT", "MODE", "WHEN", "WORD"):
                    continue
                with self.subTest(command=command, option=option):
                    done = program.run(program.BINARY, command, option, "no-such-word", "x")
                    told = re.search(r"no-such-word'? (?:is not one of|not in) \{?([\w, ]+)", done.stderr)
                    self.assertTrue(told, done.stderr)
                    self.assertEqual(self.offered(command, option, ""), set(re.split(r"[, ]+", told.group(1).strip())))

    def test_files_where_files_belong(self):
        for words in (["replay", ""], ["replay", "--store", ""], ["check-config", ""], ["decode", ""]):
            with self.subTest(words=words):
                self.assertIn("office.pcap", self.offered(*words))

    def test_no_files_where_none_belong(self):
        for words in (["replay", "--bpf", ""], ["sessions", "--user", ""]):
            with self.subTest(words=words):
                self.assertNotIn("office.pcap", self.offered(*words))


class Bash(Shell, unittest.TestCase):
    shell, script = "bash", "remora.bash"

    def source(self, *words: str) -> str:
        return self.asked(BASH, shlex.join(words))

    def test_word_behind_an_equals_sign(self):
        # Readline breaks words at it.
        self.assertEqual(self.offered("replay", "--format", "=", "js"), {"jsonl"})
        self.assertEqual(self.offered("replay", "--format", "="), {"table", "jsonl", "protobuf"})


class Zsh(Shell, unittest.TestCase):
    shell, script = "zsh", "_remora"

    def source(self, *words: str) -> str:
        return self.asked(ZSH, shlex.join(words))


class Fish(Shell, unittest.TestCase):
    shell, script = "fish", "remora.fish"

    def source(self, *words: str) -> str:
        return self.asked(FISH, shlex.quote(" ".join(words)))


if __name__ == "__main__":
    program.main()
