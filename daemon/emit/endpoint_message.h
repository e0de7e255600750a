#pragma once

#include "dissect/session/session.h"
#include "remora/v1/endpoint.pb.h"
#include "remora/v1/session.pb.h"

namespace remora::emit {

/// One end with its names; `fqdn` is the best of them: certificate, then redirection, server name
/// indication, client settings, licence (docs/events.md).
void fill(const session::SessionEnd& from, v1::Endpoint& to);

/// The addresses that the session is known to traverse, from client to server.
void fill_path(const session::Session& from, v1::Session& to);

}  // namespace remora::emit
