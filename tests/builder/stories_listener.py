"""assistance/listener-closed: a port that answered, and refuses once the invitation is closed; beside it one that never
answered."""

from builder.capture import Capture, ethernet_capture
from builder.frame import MILLISECOND, SECOND
from builder.names import A, Record
from builder.places import START
from builder.stories_assistance import EXPERT, VISTA_CHANNELS, Assistance, vista_opening
from builder.stories_names import ask
from builder.stories_whole import mailed_over, ticket_event
from builder.tcp import ACK, CLIENT, RST, SERVER, SYN, Conversation, Endpoint
from builder.tickets import Ticket

ADA, NORA, OTTO, MAIL = "192.0.2.131", "198.51.100.131", "198.51.100.132", "203.0.113.25"
PORT, OTHER_PORT = 49672, 49700
FILE_NAME = "Invitation.msrcIncident"


def refused(client: Endpoint, listener: Endpoint, after: int) -> Conversation:
    talk = Conversation(client, listener, START + after)
    talk.emit(CLIENT, SYN)
    talk.emit(SERVER, RST | ACK)
    return talk


def listener_closed() -> Capture:
    ticket, other = (Ticket(user=user, addresses=((host, port),), start=START // SECOND, minutes=minutes,
                            label=f"listener closed {user}")
                     for user, host, port, minutes in (("Nora Nest", NORA, PORT, 360), ("Otto Ohm", OTTO, OTHER_PORT, 2)))
    here = Assistance((Endpoint(ADA, 49800), Endpoint(NORA, PORT)), VISTA_CHANNELS, start=START + 60 * SECOND, build=6001)
    here.session_id, here.connection = ticket.identifier, ticket.connection_string1()
    vista_opening(here)
    here.named.insert(0, {"name": ticket.user, "domain": "", "source": "TICKET", "certainty": "INFERRED"})
    here.tcp.wait(5 * SECOND)
    here.leave(EXPERT)
    lines = [mailed_over((host, 1041), one.vista(), FILE_NAME, after)
             for host, one, after in ((NORA, ticket, 1), (OTTO, other, 5))]
    # The expert tries again, as programs do; then half the world.
    lines += [refused(Endpoint(ADA, 49801 + count), Endpoint(NORA, PORT), 120 * SECOND + count * 500 * MILLISECOND)
              for count in range(3)]
    lines += [refused(Endpoint(f"203.0.113.{host}", 40000 + host), Endpoint(NORA, PORT), 125 * SECOND + host * MILLISECOND)
              for host in range(100, 200)]
    lines.append(refused(Endpoint(ADA, 49810), Endpoint(OTTO, OTHER_PORT), 90 * SECOND))
    frames = [frame for line in (*lines, here.tcp) for frame in line.frames()]
    frames += ask(Endpoint(NORA, 1061), ("www.example", A), [Record("www.example", A, "203.0.113.80")],
                  start=START + 200 * SECOND)  # the day goes on, so that capture time does
    truth = here.truth()
    truth["users"].sort(key=lambda one: one["source"] != "TICKET")
    truth["path"] = [{"address": ADA, "role": "CLIENT"}, {"address": NORA, "role": "SERVER"}]
    created = ticket_event("ticket_created", protocol="SMTP", file_name=FILE_NAME)
    return ethernet_capture(
        "assistance", "listener-closed", "Windows Vista, no encryption: an invitation is mailed and used, then closed: its "
        "port refuses the expert and many strangers; the port of another invitation refuses without having answered "
        "ever, and tells nothing", frames, [truth],
        more={"tickets": [created, created, ticket_event("ticket_expired"),
                          ticket_event("ticket_deleted", how="LISTENER_CLOSED") | {"certainty": "INFERRED"}]})


STORIES = [listener_closed]
