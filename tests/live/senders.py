"""A steady stream of sessions into a cable, with a record of who was sent when."""

import socket
import threading
import time
from dataclasses import dataclass

from conversations import Conversation
from tap import Cable

TURN = 0.01  # seconds; every open session sends a frame in each
CLIENTS = 250  # addresses; each session has a port of its own


@dataclass
class Sent:
    """One session; times are of time.monotonic()"""
    client: str
    cable: int
    started: float
    ended: float = 0.0


class Sender(threading.Thread):
    def __init__(self, cables: int, number: int, cable: Cable, conversations: list[Conversation], rate: float):
        super().__init__(daemon=True)
        self.cables, self.number, self.cable, self.conversations, self.rate = cables, number, cable, conversations, rate
        self.sent: list[Sent] = []
        self.frames = 0
        self.ending = threading.Event()
        self.socket: socket.socket | None = None

    def client(self) -> tuple[str, int]:
        """That no other session has"""
        count = len(self.sent) * self.cables + self.number
        return f"10.0.0.{1 + count % CLIENTS}", 1024 + count // CLIENTS

    def send(self, frame: bytes) -> None:
        """What an interface that is away does not take is gone, as on a tap."""
        try:
            if self.socket is None:
                self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
                self.socket.bind((self.cable.here, 0))
            self.socket.send(frame)
            self.frames += 1
        except OSError:
            if self.socket is not None:
                self.socket.close()
                self.socket = None

    def run(self) -> None:
        open_sessions: list[tuple[Sent, tuple[str, int], Conversation, int]] = []
        begin = turn = time.monotonic()
        while open_sessions or not self.ending.is_set():
            if not self.ending.is_set() and len(self.sent) < (turn - begin) * self.rate:
                client = self.client()
                sent = Sent(f"{client[0]}:{client[1]}", self.number, time.monotonic())
                open_sessions.append((sent, client, self.conversations[len(self.sent) % len(self.conversations)], 0))
                self.sent.append(sent)
            still = []
            for sent, client, conversation, at in open_sessions:
                self.send(conversation.frame(at, client))
                if at + 1 < len(conversation):
                    still.append((sent, client, conversation, at + 1))
                else:
                    sent.ended = time.monotonic()
            open_sessions = still
            turn += TURN
            # A machine that is busy: no burst afterwards.
            if (late := time.monotonic() - turn) > 0:
                turn += late
                begin += late
            else:
                time.sleep(-late)

    def finish(self) -> None:
        """Every session that was begun is sent to its end."""
        self.ending.set()
        self.join(60)
