#!/usr/bin/env python3
"""Interfaces that are not there yet, go down, are deleted, renamed, and come again; and what is lost where nobody
reads: daemon_interfaces_test.py BINARY PROJECT"""

import os
import signal
import unittest

from daemon_support import STORY, FRAMES, DaemonTest, main
from tap import Cable, Daemon, run, wait_for


class Interfaces(DaemonTest):
    def wait_up(self, daemon: Daemon, up: bool, name: str) -> None:
        wait_for(lambda: daemon.metric("remora_interface_up", interface=name) == up
                 and f'interface="{name}"' in daemon.get("/metrics")[1], 15,
                 f"{name} does not {'come' if up else 'go'}:\n{daemon.text()}")

    def test_one_that_is_made_later(self):
        daemon = self.daemon(interfaces=["late-out"]).start(wait=False)
        daemon.wait_for_notice("READY=1")
        daemon.wait_for_notice("STATUS=0 of 1 interfaces captured, 0 sessions open")
        self.assertEqual(daemon.get("/healthz")[0], 200)
        self.assertEqual(daemon.get("/readyz"), (503, "0 of 1 interfaces are captured\n"))
        wait_for(lambda: "late-out: there is no such interface" in daemon.text(), text=daemon.text())
        late = Cable("late")
        self.addCleanup(late.remove)
        self.wait_up(daemon, True, "late-out")
        self.assertEqual(daemon.get("/readyz")[0], 200)
        self.assertIn("late-out: captures", daemon.text())
        self.whole_session(daemon, late)

    def test_a_service_manager_that_does_not_listen_holds_nothing_up(self):
        os.environ["WATCHDOG_USEC"] = "100000"
        self.addCleanup(os.environ.pop, "WATCHDOG_USEC")
        daemon = self.daemon(interfaces=[self.cable.there, "late-out",
                                         *(f"missing-{number}" for number in range(10))]).start()
        wait_for(lambda: "the service manager does not listen" in daemon.text())
        late = Cable("late")
        self.addCleanup(late.remove)
        self.wait_up(daemon, True, "late-out")
        self.whole_session(daemon, late)
        self.whole_session(daemon)

    def test_one_that_goes_down_and_up(self):
        daemon = self.daemon().start()
        for _ in range(2):
            self.whole_session(daemon)
            self.cable.set("down")
            self.wait_up(daemon, False, self.cable.there)
            self.assertEqual(daemon.get("/readyz")[0], 503)
            self.assertIn("wire-out: is down", daemon.text())
            self.cable.set("up")
            self.wait_up(daemon, True, self.cable.there)
        self.whole_session(daemon)
        self.end(daemon, 3)

    def test_a_session_goes_on_over_a_pause(self):
        daemon = self.daemon().start()
        session = self.open_session(daemon)
        self.cable.set("down")
        self.wait_up(daemon, False, self.cable.there)
        self.cable.set("up")
        self.wait_up(daemon, True, self.cable.there)
        self.assertEqual(daemon.metric("remora_sessions"), 1)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual([event["session_id"] for event in daemon.events_of("session_closed")], [session])

    def test_one_that_is_deleted_and_made_again(self):
        daemon = self.daemon().start()
        for _ in range(2):
            self.whole_session(daemon)
            self.cable.remove()
            self.wait_up(daemon, False, self.cable.there)
            self.cable.make()
            self.wait_up(daemon, True, self.cable.there)
        self.whole_session(daemon)
        self.end(daemon, 3)

    def test_one_that_is_deleted_and_made_again_at_once(self):
        daemon = self.daemon().start()
        for round_ in range(1, 4):
            self.whole_session(daemon)
            self.cable.remove()
            self.cable.make()
            wait_for(lambda round_=round_: daemon.text().count("wire-out: captures") > round_, text=daemon.text())
        self.whole_session(daemon)
        self.end(daemon, 4)

    def test_one_that_is_renamed_away_and_back(self):
        daemon = self.daemon().start()
        self.whole_session(daemon)
        self.rename(self.cable.there, "elsewhere")
        self.wait_up(daemon, False, self.cable.there)
        self.rename("elsewhere", self.cable.there)
        self.wait_up(daemon, True, self.cable.there)
        self.whole_session(daemon)
        self.end(daemon, 2)

    def rename(self, old: str, new: str) -> None:
        run("ip", "link", "set", old, "down")
        run("ip", "link", "set", old, "name", new)
        run("ip", "link", "set", new, "up")

    def test_two_of_which_one_is_missing(self):
        daemon = self.daemon(interfaces=[self.cable.there, "other-out"]).start()
        self.assertEqual(daemon.get("/readyz"), (200, "1 of 2 interfaces are captured\n"))
        daemon.wait_for_notice("STATUS=1 of 2 interfaces captured, 0 sessions open")
        self.assertIn("other-out: there is no such interface", daemon.text())
        self.wait_up(daemon, True, self.cable.there)
        self.wait_up(daemon, False, "other-out")
        self.whole_session(daemon)
        other = Cable("other")
        self.addCleanup(other.remove)
        self.wait_up(daemon, True, "other-out")
        self.whole_session(daemon, other)
        self.whole_session(daemon)
        for name, frames in ((self.cable.there, 2 * FRAMES), ("other-out", FRAMES)):
            self.assertEqual(daemon.metric("remora_packets_total", interface=name), frames)
        self.end(daemon, 3)

    def end(self, daemon: Daemon, sessions: int) -> None:
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())
        self.assertEqual(len(daemon.events_of("session_closed")), sessions)
        self.assertFalse([line for line in daemon.text().splitlines() if " error " in line])


class Losses(DaemonTest):
    def test_what_the_kernel_has_no_room_for_is_counted_apart(self):
        daemon = self.daemon()
        daemon.config.write_text(daemon.config.read_text().replace("  timeout: 20ms", "  timeout: 20ms\n  ring: 1MiB"))
        daemon.start()
        sensor = daemon.processes()["sensor"]
        self.kill(sensor, signal.SIGSTOP)
        loops = 300
        self.cable.send(STORY, "--topspeed", "--loop", loops)
        self.kill(sensor, signal.SIGCONT)

        def counted() -> tuple[float, float]:
            return (daemon.metric("remora_packets_total", interface=self.cable.there),
                    daemon.metric("remora_drops_total", interface=self.cable.there, where="kernel"))
        wait_for(lambda: sum(counted()) == loops * FRAMES, 30, f"{counted()} of {loops * FRAMES}")
        read, lost = counted()
        self.assertGreater(read, 0)
        self.assertGreater(lost, 0)
        print(f"of {loops * FRAMES} frames {read:.0f} read, {lost:.0f} lost by the kernel")
        for where in ("interface", "ring"):
            self.assertEqual(daemon.metric("remora_drops_total", where=where), 0)
        self.assertEqual(daemon.metric("remora_drops_total", where="parser", reason="frame_lost"), 0)
        self.whole_session(daemon)
        self.assertEqual(daemon.stop(), 0)
        health = daemon.events_of("sensor_health")[-1]["sensor_health"]
        self.assertEqual([int(drop["count"]) for drop in health["drops"] if drop["where"] == "kernel"], [lost])


if __name__ == "__main__":
    main()
