#pragma once

#include <string>

#include "daemon/outputs/otlp/attributes.h"
#include "remora/v1/session.pb.h"

namespace remora::outputs::otlp {

/// Both ends by their RDP role, and who opened the connection: OpenTelemetry's client is the side
/// that did, which in a reverse connection is the RDP server.
struct Ends {
  const v1::Endpoint& client;
  const v1::Endpoint& server;
  bool client_opened;
};
void fill_ends(const Ends& ends, Attributes& attributes);

void fill_user(const v1::User& user, Attributes& attributes);

/// "CORP\alice"; the name alone without a domain.
[[nodiscard]] std::string account(const v1::User& user);

void fill_session(const v1::Session& session, Attributes& attributes);

}  // namespace remora::outputs::otlp
