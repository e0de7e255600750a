#!/usr/bin/env python3
"""Disks that are full, each a small file system of its own: full_disk_test.py REMORA PROJECT

The spool's disk fills while the collector is down; the disk of a file output is full until somebody makes room."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from trouble import Mood, OtlpReceiver, spooled_ids, write_round

REMORA = Path(sys.argv[1]).resolve()
PROJECT = Path(sys.argv[2]).resolve()
COPIES = 250


class FullDisk(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="remora-tight-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.capture = self.folder / "capture.pcap"
        write_round(PROJECT, self.capture, 1, COPIES)
        self.config = self.folder / "remora.yaml"

    def small_disk(self, size: str) -> Path:
        disk = self.folder / "disk"
        disk.mkdir()
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], capture_output=True,
                              text=True, check=False)
        if made.returncode != 0:
            self.skipTest(f"no small disk can be made here: {made.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        return disk

    def replay(self, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run([REMORA, "replay", "--config", self.config, *options, self.capture],
                              capture_output=True, text=True, timeout=300, check=False)

    def expected(self) -> set[str]:
        done = subprocess.run([REMORA, "replay", "--format", "jsonl", self.capture], capture_output=True, text=True,
                              timeout=300, check=True)
        return {json.loads(line)["event_id"] for line in done.stdout.splitlines()}

    def test_the_spools_disk_is_full_while_the_collector_is_down(self) -> None:
        disk = self.small_disk("1M")
        mood = Mood(1)
        receiver = OtlpReceiver(mood)
        self.addCleanup(receiver.stop)
        mood.answer = lambda: "refuse"
        self.config.write_text(
            f"spool: {{path: {disk}/spool.db, max_bytes: 64MiB}}\ndrain: 300ms\n"
            "outputs:\n"
            f"  - name: otlp\n    type: otlp\n    endpoint: http://127.0.0.1:{receiver.port}/v1/logs\n"
            "    compression: none\n    batch: {events: 50}\n    retry: {first: 5ms, most: 50ms}\n")
        done = self.replay()
        self.assertEqual(done.returncode, 1)
        self.assertIn("is full", done.stderr)
        self.assertIn("events wait in", done.stderr)
        acknowledged = spooled_ids(disk / "spool.db", self.folder)
        expected = self.expected()
        self.assertGreater(len(acknowledged), 0)
        self.assertLess(len(acknowledged), len(expected))
        self.assertEqual(receiver.received, [])

        mood.answer = lambda: "well"
        done = self.replay()
        self.assertEqual(done.returncode, 0, done.stderr)
        lost = (acknowledged | expected) - set(receiver.received)
        print(f"spool: {len(acknowledged)} events before the disk was full, {len(set(receiver.received))} received, "
              f"duplicates {len(receiver.received) - len(set(receiver.received))}, losses {len(lost)}")
        self.assertEqual(lost, set())

    def test_a_files_disk_is_full_until_there_is_room(self) -> None:
        disk = self.small_disk("32M")
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - 200 * 1024))
        events = disk / "events.jsonl"
        self.config.write_text(
            f"spool: {{path: {self.folder}/spool.db}}\ndrain: 300ms\n"
            f"outputs:\n  - name: file\n    type: file\n    path: {events}\n    batch: {{events: 20}}\n"
            "    retry: {first: 5ms, most: 50ms}\n")
        done = self.replay()
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)
        written = [json.loads(line)["event_id"] for line in events.read_text().splitlines()]
        self.assertGreater(len(written), 0)
        self.assertTrue(events.read_text().endswith("\n"))

        ballast.unlink()
        done = self.replay()
        self.assertEqual(done.returncode, 0, done.stderr)
        received = [json.loads(line)["event_id"] for line in events.read_text().splitlines()]
        lost = self.expected() - set(received)
        print(f"file: {len(written)} events before the disk was full, {len(set(received))} received, losses {len(lost)}")
        self.assertEqual(lost, set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
