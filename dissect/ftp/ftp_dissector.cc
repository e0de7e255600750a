#include "dissect/ftp/ftp_dissector.h"

#include <utility>

#include "dissect/encoding/host_name.h"
#include "dissect/encoding/text.h"
#include "dissect/ticket/document_start.h"

namespace remora::ftp {
namespace {

using observation::Carriage;

// Replies, RFC 959 4.2.2 and RFC 4217 4.
constexpr std::uint16_t kPassiveMode = 227;
constexpr std::uint16_t kExtendedPassiveMode = 229;
constexpr std::uint16_t kSecured = 234;
constexpr std::uint16_t kPathName = 257;

[[nodiscard]] bool is_preliminary(const Reply& reply) {
  return reply.code < 200;
}
[[nodiscard]] bool is_success(const Reply& reply) {
  return reply.code / 100 == 2;
}
[[nodiscard]] bool is_begun(const Reply& reply) {
  return reply.code / 100 == 3;
}

[[nodiscard]] Carriage carriage_of(const std::string& path) {
  return {.protocol = "FTP",
          .file_name = file_name_of(path),
          .place = encoding::to_utf8(as_bytes(path)),
          .server = {}};
}

/// "150 FILE: name", RFC 1123 4.1.2.9.
[[nodiscard]] std::string_view unique_name(std::string_view text) {
  constexpr std::string_view kMark{"FILE: "};
  const auto at = text.find(kMark);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + kMark.size());
}

}  // namespace

std::size_t FtpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_line(bytes);
  if (extent.needs_more()) { return 0; }
  auto& lost = lost_.at(index_of(from));
  if (extent.is_lost()) {  // the rest of the line comes with the next piece
    lost = true;
    on_strange_line(out);
    return kMaxLineBytes;
  }
  const auto line = as_text(bytes.first(extent.size()));
  if (std::exchange(lost, false)) { return extent.size(); }
  if (!server_.has_value()) { server_ = read_reply(line).has_value() ? from : other(from); }
  if (from == *server_) {
    on_reply(from, line, at, out);
  } else {
    on_command(from, line, at, out);
  }
  return extent.size();
}

/// Commands or replies are missing: which belongs to which is not known.
void FtpDissector::on_gap(Side from, std::uint64_t /*size*/, Instant /*at*/, Findings& /*out*/) {
  lost_.at(index_of(from)) = true;
  waiting_.clear();
  data_port_.reset();
  renamed_.clear();
  long_reply_ = 0;
}

void FtpDissector::on_strange_line(Findings& out) {
  if (++strange_lines_ > kMaxStrangeLines) { out.leave(); }
}

void FtpDissector::on_command(Side from, std::string_view line, Instant at, Findings& out) {
  const auto command = read_command(line);
  if (!command.has_value()) {
    on_strange_line(out);
    return;
  }
  if (waiting_.size() >= kMaxWaiting) {
    out.leave();
    return;
  }
  if (command->verb == "PORT") { set_data_port(from, read_host_port(command->argument)); }
  if (command->verb == "EPRT") { set_data_port(from, read_extended_address(command->argument)); }
  if (command->verb == "RETR") {
    announce(from, resolve(folder_, command->argument), "ftp.retr", at, out);
  }
  if (command->verb == "STOR" || command->verb == "APPE") {
    announce(from, resolve(folder_, command->argument), "ftp.stor", at, out);
  }
  waiting_.push_back(waiting_for(*command));
}

FtpDissector::Waiting FtpDissector::waiting_for(const Command& command) const {
  constexpr std::array<std::pair<std::string_view, Verb>, 13> kVerbs{{
      {"CWD", Verb::kChangeFolder},
      {"XCWD", Verb::kChangeFolder},
      {"CDUP", Verb::kFolderUp},
      {"XCUP", Verb::kFolderUp},
      {"PWD", Verb::kPrintFolder},
      {"XPWD", Verb::kPrintFolder},
      {"PASV", Verb::kPassive},
      {"EPSV", Verb::kExtendedPassive},
      {"STOU", Verb::kStoreUnique},
      {"DELE", Verb::kDelete},
      {"RNFR", Verb::kRenameFrom},
      {"RNTO", Verb::kRenameTo},
      {"AUTH", Verb::kAuthenticate},
  }};
  Waiting waiting;
  for (const auto& [name, verb] : kVerbs) {
    if (command.verb == name) { waiting.verb = verb; }
  }
  switch (waiting.verb) {
    case Verb::kChangeFolder:
    case Verb::kDelete:
    case Verb::kRenameFrom:
    case Verb::kRenameTo:
      waiting.path = resolve(folder_, command.argument);
      break;
    case Verb::kFolderUp:
      waiting.path = resolve(folder_, "..");
      break;
    default:
      break;
  }
  return waiting;
}

void FtpDissector::set_data_port(Side listener, const std::optional<DataAddress>& where) {
  data_port_.reset();
  if (where.has_value()) { data_port_ = DataPort{.listener = listener, .where = *where}; }
}

/// Before the first byte of the file: the command goes before the connection's data.
void FtpDissector::announce(Side from, const std::string& path, const char* rule, Instant at,
                            Findings& out) {
  const auto data_port = std::exchange(data_port_, std::nullopt);
  if (!data_port.has_value() || path.empty()) { return; }
  out.observe(at, from, rule,
              observation::DataFlowExpected{.listener = data_port->listener,
                                            .address = data_port->where.address,
                                            .port = data_port->where.port,
                                            .carriage = carriage_of(path),
                                            .is_named_ticket = ticket::is_ticket_name(path)});
}

void FtpDissector::on_reply(Side from, std::string_view line, Instant at, Findings& out) {
  const auto reply = read_reply(line);
  if (long_reply_ != 0) {
    if (!reply.has_value() || reply->code != long_reply_ || reply->has_more) { return; }
    long_reply_ = 0;
  } else if (!reply.has_value()) {
    on_strange_line(out);
    return;
  }
  if (reply->has_more) { long_reply_ = reply->code; }
  if (reply->has_more || waiting_.empty()) { return; }
  if (is_preliminary(*reply)) {
    if (waiting_.front().verb == Verb::kStoreUnique) {
      const auto name = unique_name(reply->text);
      if (!name.empty()) { announce(from, resolve(folder_, name), "ftp.stou", at, out); }
    }
    return;
  }
  const auto answered = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  on_final_reply(from, answered, *reply, at, out);
}

void FtpDissector::on_final_reply(Side from, const Waiting& answered, const Reply& reply,
                                  Instant at, Findings& out) {
  const auto client = other(from);
  switch (answered.verb) {
    case Verb::kChangeFolder:
    case Verb::kFolderUp:
      if (is_success(reply) && !answered.path.empty()) { folder_ = answered.path; }
      break;
    case Verb::kPrintFolder:
      if (const auto path = read_quoted_path(reply.text);
          reply.code == kPathName && path.starts_with('/')) {
        folder_ = resolve("/", path);
      }
      break;
    case Verb::kPassive:
      if (reply.code == kPassiveMode) { set_data_port(from, read_host_port(reply.text)); }
      break;
    case Verb::kExtendedPassive:
      if (reply.code == kExtendedPassiveMode) {
        set_data_port(from, read_extended_address(reply.text));
      }
      break;
    case Verb::kDelete:
      if (is_success(reply) && !answered.path.empty()) {
        out.observe(at, client, "ftp.dele",
                    observation::CopyDeleted{.ticket = {}, .carriage = carriage_of(answered.path)});
      }
      break;
    case Verb::kRenameFrom:
      renamed_ = is_begun(reply) ? answered.path : std::string{};
      break;
    case Verb::kRenameTo:
      if (is_success(reply) && !renamed_.empty() && !answered.path.empty()) {
        out.observe(at, client, "ftp.rename",
                    observation::CopyMoved{.carriage = carriage_of(renamed_),
                                           .new_place = encoding::to_utf8(as_bytes(answered.path)),
                                           .stays = false});
      }
      renamed_.clear();
      break;
    case Verb::kAuthenticate:
      if (reply.code == kSecured) { out.hand_over(Protocol{"tls"}); }
      break;
    case Verb::kStoreUnique:
    case Verb::kOther:
      break;
  }
}

}  // namespace remora::ftp
