#!/usr/bin/env python3
"""`cmake --install` puts everything below the prefix that it is given, and nothing beside it."""

import gzip
import tempfile
import unittest
from pathlib import Path

import program

WANTED = {
    "bin/remora": 0o755,
    "etc/logrotate.d/remora": 0o644,
    "etc/remora/remora.yaml": 0o640,
    "lib/systemd/system/remora.service": 0o644,
    "lib/sysusers.d/remora.conf": 0o644,
    "lib/tmpfiles.d/remora.conf": 0o644,
    "share/bash-completion/completions/remora": 0o644,
    "share/doc/remora/changelog.gz": 0o644,
    "share/doc/remora/copyright": 0o644,
    "share/doc/remora/daemon.md": 0o644,
    "share/doc/remora/examples/remora.yaml": 0o644,
    "share/doc/remora/outputs.md": 0o644,
    "share/fish/vendor_completions.d/remora.fish": 0o644,
    "share/man/man1/remora.1.gz": 0o644,
    "share/man/man5/remora.yaml.5.gz": 0o644,
    "share/man/man8/remora-daemon.8.gz": 0o644,
    "share/zsh/site-functions/_remora": 0o644,
}


class Prefix(unittest.TestCase):
    def test_everything_is_below_the_prefix(self):
        with tempfile.TemporaryDirectory() as folder:
            prefix = Path(folder)
            done = program.run("cmake", "--install", program.BUILD, "--prefix", prefix)
            self.assertEqual(done.returncode, 0, done.stderr)
            for name, mode in WANTED.items():
                self.assertEqual((prefix / name).stat().st_mode & 0o7777, mode, name)
            for line in done.stdout.splitlines():
                if line.startswith(("-- Installing: ", "-- Up-to-date: ")):
                    self.assertTrue(line.split(": ", 1)[1].startswith(folder), line)
            page = gzip.decompress((prefix / "share/man/man1/remora.1.gz").read_bytes())
            self.assertEqual(page, (program.PACKAGING / "man/remora.1").read_bytes())
            version = program.run(prefix / "bin/remora", "version")
            self.assertEqual(version.returncode, 0, version.stderr)


class DefaultConfiguration(unittest.TestCase):
    def test_it_is_in_order(self):
        done = program.run(program.BINARY, "check-config", program.PACKAGING / "remora.yaml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    program.main()
