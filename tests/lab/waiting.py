"""Waits for conditions, never for a time to pass; every wait has an end."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")
PATIENCE = 60.0  # seconds; start-ups take a tenth of it on an idle machine


STOPPED = threading.Event()  # somebody wants the whole run to end: no wait goes on


class ProgramFailed(Exception):
    """A program of the lab did not do its part. The scenario is tried once more; it says nothing about Remora."""


def wait_for(what: str, condition: Callable[[], Value], patience: float = PATIENCE, pause: float = 0.1) -> Value:
    """The first true value that `condition` gives"""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if STOPPED.is_set():
            raise ProgramFailed("stopped")
        if time.monotonic() > end:
            raise ProgramFailed(f"waited {patience:.0f} s in vain for {what}")
        STOPPED.wait(pause)


def do_nothing(seconds: float) -> None:
    """For the few stories in which time has to pass"""
    if STOPPED.wait(seconds):
        raise ProgramFailed("stopped")
