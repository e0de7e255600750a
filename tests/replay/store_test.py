#!/usr/bin/env python3
"""Replays bundled captures into a store and holds its tables against the events; lists them by `remora sessions`."""

import contextlib
import csv
import io
import json
import os
import random
import re
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import remora
from remora import BINARY, PCAPS, PROJECT, kind_of, nanoseconds, replay, run

FAMILIES = ("assistance", "file", "link", "mail", "names", "offer", "rdp", "reverse", "gateway", "tunnel")
SESSION_KINDS = ("session_opened", "session_accepted", "session_updated", "session_closed")
KILLS = 20
CAPTURES = sorted(path for family in FAMILIES for path in (PCAPS / family).glob("*.pcap*"))


def rows(store: Path, sql: str, *values: object) -> list[tuple]:
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return database.execute(sql, values).fetchall()
    finally:
        database.close()


def whole(store: Path) -> dict[str, list[tuple]]:
    """All tables but the order of arrival"""
    tables = ("sessions", "users", "hosts", "tickets", "files", "control_periods")
    found = {table: sorted(rows(store, f"SELECT * FROM {table}"), key=repr) for table in tables}
    found["sessions"] = [row[:-1] for row in found["sessions"]]  # the last column is a place in `events`
    found["events"] = sorted(rows(store, "SELECT event_id, time_ns, kind, session_id, ticket_id, certainty, event "
                                         "FROM events"))
    return found


def final_sessions(events: list[dict]) -> dict[str, dict]:
    """What the last event that tells of it says of each session; events are in their order"""
    return {event["session_id"]: event[kind]["session"]
            for event in events for kind in SESSION_KINDS if kind in event}


class StoreTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.store = Path(cls.folder.name) / "store.db"
        done = replay(*CAPTURES, "--store", cls.store)
        assert done.exit_code == 0, done.stderr
        # The same session seen on two kinds of link has the same ids: the first is kept.
        first: dict[str, dict] = {}
        for event in done.events:
            first.setdefault(event["event_id"], event)
        cls.events = list(first.values())
        cls.final = final_sessions(cls.events)

    def listed(self, *arguments: object) -> list[dict]:
        done = run("sessions", "--store", self.store, *arguments).load()
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        return done.events

    def ids(self, *arguments: object) -> set[str]:
        return {session["session_id"] for session in self.listed(*arguments)}

    # -- tables -----------------------------------------------------------------------------------
    def test_every_event(self):
        stored = {row[0]: row[1:] for row in rows(self.store, "SELECT event_id, kind, time_ns, session_id, ticket_id "
                                                              "FROM events")}
        expected = {event["event_id"]: (kind_of(event), nanoseconds(event["time"]), event.get("session_id"),
                                        event.get("ticket_id")) for event in self.events}
        self.assertEqual(stored, expected)
        self.assertGreater(len(stored), 500)

    def test_every_session(self):
        stored = {row[0]: row[1:] for row in rows(
            self.store, "SELECT session_id, kind, client_address, server_address, client_port, opened_ns, closed_ns, "
                        "outcome, end_reason, ticket_id FROM sessions")}
        expected = {}
        for key, session in self.final.items():
            times = [nanoseconds(session[name]) if name in session else None for name in ("opened", "closed")]
            expected[key] = (session["kind"], session["client"].get("address"), session["server"].get("address"),
                             session["client"].get("port"), *times, session.get("outcome"),
                             session.get("end_reason"), session.get("ticket_id"))
        self.assertEqual(stored, expected)
        self.assertGreater(len(stored), 100)

    def test_every_ticket(self):
        expected: dict[str, dict] = {}
        for event in self.events:
            for kind, column in (("ticket_created", "created_ns"), ("ticket_expired", "expired_ns"),
                                 ("ticket_deleted", "deleted_ns")):
                if kind in event:
                    expected.setdefault(event["ticket_id"], {}).setdefault(column, nanoseconds(event["time"]))
        stored = {row[0]: dict(zip(("created_ns", "expired_ns", "deleted_ns"), row[1:]))
                  for row in rows(self.store, "SELECT ticket_id, created_ns, expired_ns, deleted_ns FROM tickets")}
        self.assertEqual({key: {name: time for name, time in life.items() if time is not None}
                          for key, life in stored.items()}, expected)
        self.assertGreater(len(stored), 10)

    def test_every_file(self):
        ended = {(event["session_id"], file.get("file_name", "UNKNOWN"), nanoseconds(file["start"]), file["mechanism"],
                  file["result"], int(file["size"]) if "size" in file else None, file.get("sha256"))
                 for event in self.events if (file := event.get("file_transfer_ended"))}
        stored = rows(self.store, "SELECT session_id, file_name, start_ns, mechanism, result, size, sha256 FROM files "
                                  "WHERE operation = 'TRANSFERRED'")
        self.assertEqual(set(stored), ended)
        self.assertEqual(len(stored), len(ended))
        self.assertGreater(len(stored), 5)
        operations = sum("file_operation" in event for event in self.events)
        self.assertEqual(rows(self.store, "SELECT count(*) FROM files WHERE operation != 'TRANSFERRED'"), [(operations,)])

    def test_every_control_period(self):
        started = {(event["session_id"], nanoseconds(event["control_started"]["start"]))
                   for event in self.events if "control_started" in event}
        ended = {(event["session_id"], nanoseconds(event["control_ended"]["start"])):
                 nanoseconds(event["control_ended"]["end"]) for event in self.events if "control_ended" in event}
        stored = {(session, start): end for session, start, end in
                  rows(self.store, "SELECT session_id, start_ns, end_ns FROM control_periods")}
        self.assertEqual(stored, {key: ended.get(key) for key in started | ended.keys()})
        self.assertGreater(len(stored), 3)

    def test_the_same_twice_is_the_same_once(self):
        before = whole(self.store)
        self.assertEqual(replay(*CAPTURES, "--store", self.store).exit_code, 0)
        self.assertEqual(whole(self.store), before)

    def test_documented_sql(self):
        text = (PROJECT / "docs/store.md").read_text()
        examples = re.findall(r"```sql\n(.*?)```", text, re.S)
        self.assertGreater(len(examples), 3)
        for sql in examples:
            with self.subTest(sql=sql):
                self.assertTrue(rows(self.store, sql))

    def test_documented_columns(self):
        text = (PROJECT / "docs/store.md").read_text()
        for table, in rows(self.store, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
            section = re.search(rf"^### {table}$(.*?)(?=^##|\Z)", text, re.S | re.M)
            self.assertIsNotNone(section, table)
            for column, in rows(self.store, "SELECT name FROM pragma_table_info(?)", table):
                self.assertIn(f"`{column}`", section[1], f"{table}.{column}")

    # -- remora sessions --------------------------------------------------------------------------
    def test_lists_sessions_as_events_tell_them(self):
        listed = self.listed()
        self.assertEqual({session["session_id"]: session for session in listed}, self.final)
        opened = [nanoseconds(session["opened"]) for session in listed]
        self.assertEqual(opened, sorted(opened, reverse=True))
        self.assertEqual([session["session_id"] for session in self.listed("--oldest-first")][::-1],
                         [session["session_id"] for session in listed])

    def test_filters_users(self):
        users = [(key, user) for key, session in self.final.items() for user in session.get("users", [])
                 if user.get("domain") and "\\" not in user["name"]]
        self.assertTrue(users)
        key, user = users[0]
        for name in (user["name"], user["name"].upper(), f"{user['domain'].lower()}\\{user['name']}"):
            found = self.ids("--user", name)
            self.assertIn(key, found)
            self.assertLess(len(found), len(self.final))
        self.assertEqual(self.ids("--user", f"nowhere\\{user['name']}"), set())

    def test_filters_hosts(self):
        address = next(iter(self.final.values()))["server"]["address"]
        expected = {key for key, session in self.final.items()
                    if address in [session[end].get("address") for end in ("client", "server")]
                    + [hop.get("address") for hop in session.get("path", [])]}
        self.assertEqual(self.ids("--host", address), expected)
        named = next(session for session in self.final.values() if session["server"].get("fqdn"))
        self.assertIn(named["session_id"], self.ids("--host", named["server"]["fqdn"].upper()))

    def test_filters_times_kinds_and_number(self):
        times = sorted(nanoseconds(session["opened"]) for session in self.final.values())
        self.assertEqual(self.ids("--until", "1990-01-01"), set())
        self.assertEqual(self.ids("--since", "2100-01-01T00:00:00Z"), set())
        self.assertEqual(self.ids("--since", "5200w"), set(self.final))
        self.assertEqual(self.ids("--until", "5200w"), set())
        middle = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(times[len(times) // 2] // 10**9))
        self.assertEqual(self.ids("--until", middle),
                         {key for key, session in self.final.items() if nanoseconds(session["opened"]) < nanoseconds(middle)})
        self.assertEqual(self.ids("--kind", "REMOTE_ASSISTANCE"),
                         {key for key, session in self.final.items() if session["kind"] == "REMOTE_ASSISTANCE"})
        self.assertEqual(len(self.listed("--limit", 3)), 3)

    def test_formats(self):
        done = run("sessions", "--store", self.store, "--format", "csv")
        lines = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
        self.assertEqual({line["session_id"] for line in lines}, set(self.final))
        for line in lines:
            session = self.final[line["session_id"]]
            self.assertEqual(line["server_address"], session["server"].get("address", ""))
            self.assertEqual(nanoseconds(line["opened"]), nanoseconds(session["opened"]))
        table = run("sessions", "--store", self.store, "--format", "table").stdout.decode().splitlines()
        self.assertRegex(table[0], "^OPENED +DURATION +KIND +CLIENT +SERVER +USER +SECURITY +OUTCOME +END$")
        self.assertEqual(len(table), len(self.final) + 1)

    def test_what_cannot_be_read_is_passed_over(self):
        copy = self.store.with_name("copy.db")
        with contextlib.closing(sqlite3.connect(self.store)) as store, contextlib.closing(sqlite3.connect(copy)) as other:
            store.backup(other)
            (broken,), = other.execute("SELECT session_id FROM sessions ORDER BY session_id LIMIT 1").fetchall()
            other.execute("UPDATE events SET event = x'ff' WHERE id = (SELECT event FROM sessions WHERE session_id = ?)",
                          (broken,))
            other.commit()
        done = run("sessions", "--store", copy).load()
        self.assertEqual({session["session_id"] for session in done.events}, set(self.final) - {broken})
        self.assertEqual(done.exit_code, 0)
        self.assertRegex(done.stderr, f"^[^\n]*warning[^\n]*{copy}: 1 session is not listed[^\n]*\n$")

    def test_pipes_are_not_waited_for(self):
        pipe = self.store.with_name("pipe")
        os.mkfifo(pipe)
        for command in (("sessions", "--store", pipe), ("replay", CAPTURES[0], "--store", pipe), ("check-config", pipe)):
            done = run(*command, timeout=30)
            self.assertNotEqual(done.exit_code, 0)
            self.assertIn(f"{pipe}: is a folder, a pipe or the like", done.stderr)

    def test_wrong_values_are_told(self):
        for arguments, words in ((("--since", "yesterday"), "'yesterday' is no time; write 2026-11-29T10:15:00Z"),
                                 (("--until", "7y"), "'7y' is no time"), (("--kind", "VNC"), "'VNC' is not one of RDP"),
                                 (("--format", "xml"), "'xml' is not one of csv, jsonl, table"),
                                 (("--limit", "-1"), "--limit"), (("--colour", "red"), "--colour")):
            done = run("sessions", "--store", self.store, *arguments)
            self.assertEqual(done.exit_code, 2, arguments)
            self.assertIn(words, done.stderr)
        for path, words in ((self.store.with_name("none.db"), "there is no store"), (PROJECT / "README.md", "is not a store")):
            done = run("sessions", "--store", path)
            self.assertEqual((done.exit_code, done.stdout), (1, b""))
            self.assertIn(f"{path}: {words}", done.stderr)
        before = (PROJECT / "README.md").read_bytes()
        done = run("replay", CAPTURES[0], "--store", PROJECT / "README.md")
        self.assertEqual((done.exit_code, done.stdout), (1, b""))
        self.assertEqual((PROJECT / "README.md").read_bytes(), before)


class Trouble(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = Path(folder.name) / "store.db"

    def start(self) -> subprocess.Popen:
        return subprocess.Popen([BINARY, "replay", "--format", "jsonl", "--output", "/dev/null", "--store", self.store,
                                 *CAPTURES], stderr=subprocess.PIPE)

    def test_killed_at_any_moment(self):
        reference = self.store.with_name("whole.db")
        begun = time.monotonic()
        self.assertEqual(replay("--output", "/dev/null", "--store", reference, *CAPTURES).exit_code, 0)
        takes = time.monotonic() - begun
        dice, unfinished = random.Random(7), 0
        for number in range(KILLS):
            process = self.start()
            try:
                process.wait(timeout=dice.uniform(0, takes))
            except subprocess.TimeoutExpired:
                process.kill()
                unfinished += 1
            process.communicate()
            if self.store.exists() and self.store.stat().st_size:
                database = sqlite3.connect(self.store)
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], number)
                if database.execute("PRAGMA user_version").fetchone() != (0,):
                    orphans = database.execute("SELECT count(*) FROM sessions LEFT JOIN events ON id = sessions.event "
                                               "WHERE id IS NULL").fetchone()
                    self.assertEqual(orphans, (0,), number)
                database.close()
        done = replay("--output", "/dev/null", "--store", self.store, *CAPTURES)
        self.assertEqual((done.exit_code, done.stderr), (0, ""))
        self.assertEqual(whole(self.store), whole(reference))
        print(f"killed {unfinished} of {KILLS} replays; the store is whole", flush=True)
        self.assertGreater(unfinished, 0)

    def test_read_while_written(self):
        self.assertEqual(replay("--output", "/dev/null", "--store", self.store, PCAPS / "rdp/standard-low.pcap").exit_code, 0)
        process = self.start()
        seen = []
        while process.poll() is None:
            done = run("sessions", "--store", self.store, "--format", "jsonl").load()
            self.assertEqual((done.exit_code, done.stderr), (0, ""))
            seen.append(len(done.events))
        self.assertEqual((process.returncode, process.stderr.read()), (0, b""))
        process.stderr.close()
        self.assertEqual(seen, sorted(seen))
        self.assertGreater(len(run("sessions", "--store", self.store).load().events), seen[0])


if __name__ == "__main__":
    remora.main()
