#pragma once

#include "daemon/siem/json.h"
#include "remora/v1/event.pb.h"

namespace remora::siem {

/// What an event says, as one tree that all mappings read: the event's fields, those of its kind
/// and those of the session beside each other, under their names in docs/events.md. And what
/// follows:
///
///   event_kind                 "session_closed"
///   source_end, destination_end  who opened the connection, and who was called: address, port,
///   mac,
///                              fqdn; bytes and packets that it sent. Of a reverse connection the
///                              source is the RDP server. Of what carried a ticket the source is
///                              who sent it, which is all that is known.
///   via                        addresses that the session passes between the two
///   who                        name and domain of the user that the event is about
///   result_word                "success", "failure" or "unknown", where the kind has an outcome
///   transport, ip_version      "tcp" or "udp"; 4 or 6
///   total_bytes, total_packets of both ends
///   file                       path, name, directory, extension
///   frames, rules              of the evidence
///   related                    ip, hosts, user: all that the event names
///
/// `derived` (facts.cc) lists these; they are not told again as what nothing was mapped to.
[[nodiscard]] Json to_facts(const v1::Event& event);

/// Takes out what `to_facts` added.
void erase_derived(Json& facts);

}  // namespace remora::siem
