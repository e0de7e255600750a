// Recordings of real programs with Standard RDP Security, replayed with their server's key.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/pipeline/engine.h"
#include "dissect/families.h"
#include "tests/support/replay.h"
#include "tests/support/session_events.h"

namespace remora::pipeline {
namespace {

/// "CORP\anna of Client Info; CORP\anna of Save Session Info; " and so on, of the session that
/// closed last.
struct Story {
  std::string users;
  std::string accepted_by;
  std::string error;
  std::string anomalies;
  bool decrypted{false};
  bool active{false};
};

Context with_key(const std::string& path) {
  Context context;
  auto read = keys::read_rsa_key(testing::file_bytes(path), {});
  EXPECT_TRUE(read.key.has_value()) << path;
  if (read.key.has_value()) { EXPECT_TRUE(context.keys.add_rsa_key(std::move(*read.key))); }
  return context;
}

std::string users_of(const session::Session& session) {
  std::string text;
  for (const auto& user : session.users) {
    text += user.domain + '\\' + user.name +
            (user.source == session::UserSource::kClientInfo        ? " of Client Info"
             : user.source == session::UserSource::kSaveSessionInfo ? " of Save Session Info"
                                                                    : " of another") +
            (user.certainty == Certainty::kDecrypted ? ", decrypted; " : "; ");
  }
  return text;
}

Story replay(const std::string& capture, const Context& context, std::size_t without = SIZE_MAX) {
  Engine engine{all_families(), {.context = &context}};
  session::Events events;
  std::vector<session::SessionEvent> told;
  std::size_t number = 0;
  for (const auto& frame : testing::load_capture(capture).frames) {
    if (number++ != without) { engine.on_frame(frame.view(), events); }
  }
  engine.finish(events);
  testing::take_sessions(events, told);
  Story story;
  for (const auto& event : told) {
    if (const auto* anomaly = std::get_if<session::Anomaly>(&event.what)) {
      story.anomalies += anomaly->code + ' ';
    }
    if (const auto* accepted = std::get_if<session::Accepted>(&event.what)) {
      story.accepted_by = std::to_string(static_cast<int>(accepted->by));
    }
    if (!std::holds_alternative<session::Closed>(event.what)) { continue; }
    story.users = users_of(event.session);
    story.error = event.session.error.has_value() ? event.session.error->name : "";
    story.decrypted = event.session.decrypted;
    story.active = event.session.active_duration.has_value();
  }
  return story;
}

std::string lab(const std::string& name) {
  return testing::bundled("lab/" + name + "/capture.pcap");
}
std::string lab_key(const std::string& name) {
  return testing::bundled("../tests/lab/keys/" + name);
}

TEST(StandardSecurity, OpensWhatXrdpAndItsClientsSay) {
  for (const auto* key : {"rsakeys.pem", "rsakeys.ini"}) {
    const auto context = with_key(lab_key(key));
    for (const auto* name : {"standard-low", "standard-medium-ipv6", "standard-high",
                             "standard-fips", "standard-port-4489", "drive-standard"}) {
      const auto story = replay(lab(name), context);
      EXPECT_EQ(story.users, "CORP\\anna of Client Info, decrypted; ") << name;
      EXPECT_TRUE(story.decrypted) << name;
      EXPECT_EQ(story.anomalies, "") << name;
    }
  }
}

}  // namespace
}  // namespace remora::pipeline
