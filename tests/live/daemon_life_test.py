#!/usr/bin/env python3
"""How a daemon begins, what it tells the service manager, how it ends, and what is left when it is killed:
daemon_life_test.py BINARY PROJECT"""

import json
import os
import random
import signal
import subprocess
import time
import unittest

from daemon_support import COLLECTOR_PORT, STORY, THREE, DaemonTest, closed, distinct, ids, main, runs
from tap import Daemon, wait_for

TO_COLLECTOR = f"""\
  - name: collector
    type: stream
    address: 127.0.0.1:{COLLECTOR_PORT}
    batch: {{age: 100ms}}
    retry: {{first: 100ms, most: 500ms}}
"""


class Beginning(DaemonTest):
    def test_it_tells_what_it_does(self):
        daemon = self.daemon().start()
        self.assertEqual(daemon.get("/healthz"), (200, "alive\n"))
        self.assertEqual(daemon.get("/readyz"), (200, "1 of 1 interfaces are captured\n"))
        self.assertEqual(json.loads(daemon.get("/sessions")[1]), [])
        daemon.wait_for_notice("STATUS=1 of 1 interfaces captured, 0 sessions open")
        session = self.open_session(daemon)
        told, = json.loads(daemon.get("/sessions")[1])
        self.assertEqual(told["server"]["port"], 3389)
        self.assertEqual(daemon.metric("remora_sessions", state="accepted"), 1)
        daemon.wait_for_notice("STATUS=1 of 1 interfaces captured, 1 sessions open")
        self.cable.send(STORY)
        wait_for(lambda: session in closed(daemon.events()))
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(daemon.notice("STOPPING=1"))

    def watched(self) -> Daemon:
        os.environ["WATCHDOG_USEC"] = "1000000"
        self.addCleanup(os.environ.pop, "WATCHDOG_USEC")
        daemon = self.daemon().start()
        for _ in range(3):
            daemon.forget_notices()
            daemon.wait_for_notice("WATCHDOG=1", 5)
        return daemon

    def is_silent(self, daemon: Daemon, seconds: float = 3) -> bool:
        daemon.forget_notices()
        time.sleep(seconds)
        return not daemon.notice("WATCHDOG=1")

    def test_the_watchdog_sees_a_sensor_that_stands_still(self):
        daemon = self.watched()
        sensor = daemon.processes()["sensor"]
        self.kill(sensor, signal.SIGSTOP)
        wait_for(lambda: daemon.get("/healthz")[0] == 503, 20, "the sensor's silence does not show")
        self.assertEqual(daemon.get("/readyz")[0], 503)
        wait_for(lambda: self.is_silent(daemon), 40, "the watchdog is told that all is well")
        self.kill(sensor, signal.SIGCONT)
        daemon.wait_for_notice("WATCHDOG=1", 10)
        wait_for(lambda: daemon.get("/healthz")[0] == 200, 10)
        self.whole_session(daemon)

    def test_the_watchdog_sees_a_shipper_that_stands_still(self):
        daemon = self.watched()
        shipper = daemon.processes()["shipper"]
        self.kill(shipper, signal.SIGSTOP)
        wait_for(lambda: self.is_silent(daemon), 40, "the watchdog is told that all is well")
        self.cable.send(STORY)
        self.kill(shipper, signal.SIGCONT)
        daemon.wait_for_notice("WATCHDOG=1", 10)
        wait_for(lambda: len(closed(daemon.events())) == 1, text="what came meanwhile is lost")


class Ending(DaemonTest):
    def test_everything_is_delivered_and_open_sessions_are_closed(self):
        daemon = self.daemon().start()
        session = self.open_session(daemon)
        self.assertEqual(daemon.stop(20), 0)
        self.check_events(daemon.events())
        self.assertEqual(closed(daemon.events(), "SENSOR_RESTART"), [session])
        before = daemon.events()
        daemon.start()
        self.assertEqual(daemon.stop(20), 0)
        self.check_events(daemon.events())
        self.assertEqual([event for event in daemon.events()[len(before):] if "sensor_health" not in event], [])

    def test_what_a_collector_did_not_get_waits_for_the_next_start(self):
        daemon = self.daemon(TO_COLLECTOR)
        daemon.config.write_text(daemon.config.read_text().replace("drain: 10s", "drain: 2s"))
        daemon.start()
        self.whole_session(daemon)
        session = self.open_session(daemon)
        self.assertEqual(daemon.stop(15), 0)
        self.assertIn("events wait in the spool for the next run output=collector", daemon.text())
        self.assertEqual(closed(daemon.events(), "SENSOR_RESTART"), [session])
        collector = self.collector(daemon)
        daemon.start()
        wait_for(lambda: len(collector.events()) >= len(daemon.events()))
        self.assertEqual(daemon.stop(15), 0)
        self.check_events(collector.events())
        self.assertEqual(ids(collector.events()), ids(daemon.events()))

    def test_a_second_signal_ends_at_once(self):
        daemon = self.daemon(TO_COLLECTOR)
        daemon.config.write_text(daemon.config.read_text().replace("drain: 10s", "drain: 5m"))
        daemon.start()
        session = self.open_session(daemon)
        processes = daemon.processes()
        daemon.signal(signal.SIGTERM)
        daemon.wait_for_notice("STOPPING=1")
        wait_for(lambda: session in closed(daemon.events()))
        wait_for(lambda: not runs(processes["sensor"]))
        self.assertTrue(runs(processes["shipper"]))
        self.assertEqual(daemon.stop(10), 1)
        self.assert_all_end(processes)
        self.assertIn("ends at once", daemon.text())
        collector = self.collector(daemon)
        daemon.start()
        wait_for(lambda: len(collector.events()) >= len(daemon.events()))
        self.assertEqual(daemon.stop(), 0)
        self.check_events(collector.events())
        self.assertEqual(ids(collector.events()), ids(daemon.events()))

    def test_a_terminal_interrupts_all_of_its_group(self):
        daemon = self.daemon().start()
        session = self.open_session(daemon)
        os.killpg(daemon.process.pid, signal.SIGINT)
        self.assertEqual(daemon.process.wait(20), 0, daemon.text())
        self.assertEqual(closed(daemon.events(), "SENSOR_RESTART"), [session])
        self.check_events(daemon.events())


    def test_a_sensor_that_stands_still_is_not_waited_for_for_ever(self):
        daemon = self.daemon()
        daemon.config.write_text(daemon.config.read_text().replace("drain: 10s", "drain: 1s"))
        daemon.start()
        session = self.open_session(daemon)
        processes = daemon.processes()
        self.kill(processes["sensor"], signal.SIGSTOP)
        self.assertEqual(daemon.stop(40), 1)
        self.assert_all_end(processes)
        self.assertIn("stopping takes too long", daemon.text())
        daemon.start()
        wait_for(lambda: closed(daemon.events(), "SENSOR_RESTART") == [session])
        self.assertEqual(daemon.stop(), 0)
        self.check_events(daemon.events())


class Killed(DaemonTest):
    def dies(self, *victims: str, more: str = "") -> None:
        """Whoever is killed: the others end, and the next start closes what was open, once. What the output had in the
        last moments of a shipper that is killed may come a second time."""
        daemon = self.daemon(more)
        daemon.config.write_text(daemon.config.read_text().replace("drain: 10s", "drain: 5m"))
        daemon.start()
        ended = self.whole_session(daemon)
        session = self.open_session(daemon)
        before = daemon.events()
        processes = daemon.processes()
        for victim in victims:
            self.kill(processes[victim])
        self.assert_all_end(processes)
        self.assertEqual(daemon.process.wait(5), -signal.SIGKILL if "supervisor" in victims else 1)
        daemon.start()
        wait_for(lambda: session in closed(daemon.events()), text=daemon.text())
        collector = self.collector(daemon) if more else None
        other = self.whole_session(daemon)
        self.assertEqual(daemon.stop(20), 0)
        events = daemon.events()
        if "shipper" in victims:
            events = distinct(events)
        self.check_events(events)
        self.assertLessEqual(set(ids(before)), set(ids(events)))
        self.assertEqual(closed(events, "SENSOR_RESTART"), [session])
        self.assertEqual(closed(events), [ended, session, other])
        if collector is not None:
            self.check_events(collector.events())
            self.assertEqual(ids(collector.events()), ids(events))

    def test_the_sensor(self):
        self.dies("sensor")

    def test_the_shipper(self):
        self.dies("shipper")

    def test_the_supervisor(self):
        self.dies("supervisor")

    def test_all(self):
        self.dies("supervisor", "sensor", "shipper")

    def test_at_any_moment(self):
        """While sessions come and go. What an output had in the last moments may come a second time."""
        seed = time.time_ns()
        chance = random.Random(seed)
        daemon = self.daemon(TO_COLLECTOR)
        collector = self.collector(daemon)
        rounds = 12
        for _ in range(rounds):
            daemon.start()
            with subprocess.Popen(["tcpreplay", "--intf1", self.cable.here, "--pps", "300", "--loop", "1000", THREE],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as sender:
                time.sleep(chance.uniform(1, 4))
                processes = daemon.processes()
                for victim in chance.sample(sorted(processes), chance.randint(1, 3)):
                    self.kill(processes[victim])
                self.assert_all_end(processes)
                sender.terminate()
            daemon.process.wait(5)
        daemon.start()
        self.assertEqual(daemon.stop(), 0)
        one, other = ids(daemon.events()), ids(collector.events())
        self.assertEqual(set(one), set(other), f"seed {seed}")
        events = distinct(daemon.events())
        self.check_events(events)
        restarts = len(closed(events, "SENSOR_RESTART"))
        self.assertGreater(restarts, 0)
        print(f"seed {seed}: {rounds} deaths, {len(events)} events, {restarts} sessions closed by a restart, "
              f"{len(one) - len(set(one))} and {len(other) - len(set(other))} events twice")

    def test_the_sensor_while_a_collector_is_down(self):
        self.dies("sensor", more=TO_COLLECTOR)

    def test_the_supervisor_while_a_collector_is_down(self):
        self.dies("supervisor", more=TO_COLLECTOR)


if __name__ == "__main__":
    main()
