// What keys show of the authentication before RDP: CredSSP and RDSTLS.

#include <algorithm>
#include <string>

#include "dissect/encoding/host_name.h"
#include "dissect/session/session_state.h"

namespace remora::session {
namespace {

using observation::Authentication;

[[nodiscard]] UserSource source_of(Authentication::Method method) {
  switch (method) {
    case Authentication::Method::kKerberos:
      return UserSource::kKerberos;
    case Authentication::Method::kRdstls:
      return UserSource::kRdstls;
    case Authentication::Method::kRdsAad:
      return UserSource::kRdsAad;
    case Authentication::Method::kNtlm:
    case Authentication::Method::kOther:  // tells of nobody
      break;
  }
  return UserSource::kNtlm;
}

[[nodiscard]] Logon::Method logon_method(Authentication::Method method) {
  switch (method) {
    case Authentication::Method::kNtlm:
      return Logon::Method::kCredSspNtlm;
    case Authentication::Method::kKerberos:
      return Logon::Method::kCredSspKerberos;
    case Authentication::Method::kRdstls:
      return Logon::Method::kRdstls;
    case Authentication::Method::kRdsAad:
      return Logon::Method::kRdsAad;
    case Authentication::Method::kOther:
      break;
  }
  return Logon::Method::kCredSsp;
}

/// "TERMSRV/srv.corp.example:3390" names srv.corp.example; by an address it names nobody.
[[nodiscard]] std::string host_of(const std::string& target) {
  auto host = terminal_server_of(target);
  host.resize(std::min(host.find_first_of(":/@"), host.size()));
  return encoding::may_be_host_name(host) ? host : std::string{};
}

[[nodiscard]] bool has_name(const std::vector<EndpointName>& names, const std::string& name) {
  return std::ranges::any_of(
      names, [&](const EndpointName& n) { return encoding::same_name(n.name, name); });
}

}  // namespace

void SessionState::on(const Authentication& step, const Finding& finding, Events& out) {
  authenticate(step, finding, finding.at, out);
}

void SessionState::authenticate(const Authentication& step, const Finding& shown_by,
                                Instant told_at, Events& out) {
  switch (step.step) {
    case Authentication::Step::kServer:
    case Authentication::Step::kIdentity:
      if (identify(step, shown_by) && ++repeatable_told_ <= kMaxRepeatable) {
        report(told_at, Updated{}, {evidence_of(shown_by)}, out, shown_by.certainty);
      }
      break;
    case Authentication::Step::kSucceeded:
      authenticated_ = true;
      tell_login(step, shown_by, told_at, out);
      break;
    case Authentication::Step::kFailed:
      authentication_refused_ = evidence_of(shown_by);
      if (!session_.error.has_value()) { session_.error = step.error; }
      tell_login(step, shown_by, told_at, out);
      break;
  }
}

/// True where something was new.
bool SessionState::identify(const Authentication& step, const Finding& shown_by) {
  auto& of_server = names_of_server();
  auto& of_client = names_of_client();
  const auto known = of_server.size() + of_client.size();
  for (const auto& name : step.names) { add_name(of_server, name, NameSource::kNtlm, shown_by.at); }
  bool news = false;
  if (step.step == Authentication::Step::kIdentity) {
    authenticating_ = SessionUser{.name = step.user,
                                  .domain = step.domain,
                                  .source = source_of(step.method),
                                  .certainty = shown_by.certainty};
    news = add_user(*authenticating_);
    // Only that machine can read the ticket; what an NTLM client believes to have dialled is no
    // more than another name of it.
    const bool kerberos = step.method == Authentication::Method::kKerberos;
    const auto host = host_of(step.target);
    if (kerberos || !has_name(of_server, host)) {
      add_name(of_server, host, kerberos ? NameSource::kKerberos : NameSource::kNtlm, shown_by.at);
    }
    // Some clients repeat the server's name.
    if (!has_name(of_server, step.workstation)) {
      add_name(of_client, step.workstation, NameSource::kNtlm, shown_by.at);
    }
  }
  return news || of_server.size() + of_client.size() > known;
}

void SessionState::tell_login(const Authentication& step, const Finding& shown_by, Instant told_at,
                              Events& out) {
  if (++repeatable_told_ > kMaxRepeatable) { return; }
  report(told_at,
         Logon{.user = authenticating_.value_or(SessionUser{}),
               .method = logon_method(step.method),
               .succeeded = step.step == Authentication::Step::kSucceeded,
               .windows_session_id = std::nullopt,
               .error = step.error},
         {evidence_of(shown_by)}, out, shown_by.certainty);
}

/// Of a session that ends before RDP began. True where the authentication tells its outcome.
bool SessionState::decide_authentication() {
  if (authentication_refused_.has_value()) {
    session_.outcome = Outcome::kAuthenticationFailed;
    outcome_evidence_ = {*authentication_refused_};
    return true;
  }
  // Many servers refuse without a word.
  const bool unanswered = authenticating_.has_value() && !authenticated_ && !connection_read_ &&
                          !sealed_login_.authenticated() &&
                          closure_->how != FlowClosure::How::kCaptureEnd;
  if (!unanswered) { return false; }
  session_.outcome = Outcome::kAuthenticationFailed;
  outcome_evidence_ = {{.frame = closure_->at.frame,
                        .rule = "infer.authentication_failed.no_answer",
                        .note = "the client said who it is, and the connection ended"}};
  return true;
}

void SessionState::forget_authentication() {
  authenticating_.reset();
  authenticated_ = false;
  authentication_refused_.reset();
  connection_read_ = false;
}

}  // namespace remora::session
