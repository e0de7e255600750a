// What a session learns from the channels on which client and server share devices and clipboard.

#include <utility>
#include <vector>

#include "dissect/session/session_state.h"

namespace remora::session {

void SessionState::on(const observation::SharedFileStep& step, const Finding& finding,
                      Events& out) {
  std::vector<Happening> told;
  shared_files_.on_step(step, from_client(finding), finding.at.time, told);
  tell_files(std::move(told), finding, out);
}

void SessionState::on(const observation::ClientNamed& named, const Finding& finding, Events& out) {
  auto& names = names_of_client();
  const auto known = names.size();
  add_name(names, named.name, NameSource::kRdpdr, finding.at);
  if (names.size() != known) { tell(finding, Updated{}, out); }
}

void SessionState::end_shared_files(const FlowClosure& closure, Events& out) {
  const auto over = end_of(closure);
  std::vector<Happening> told;
  shared_files_.on_end(closure.at.time, told);
  tell_files(std::move(told), over, out);
}

/// They have a limit of their own: thousands of files are nothing unusual.
void SessionState::tell_files(std::vector<Happening> happenings, const Finding& finding,
                              Events& out) {
  for (auto& happening : happenings) {
    report(finding.at, std::move(happening), {evidence_of(finding)}, out, finding.certainty);
  }
}

}  // namespace remora::session
