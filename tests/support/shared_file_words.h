#pragma once

#include <string>
#include <variant>
#include <vector>

#include "dissect/encoding/digest.h"
#include "dissect/observation/observation.h"

namespace remora::testing {

/// What was told of shared files, a line each: "<- started 1 C:\a.txt 5 of 10 digest\n". The arrow
/// is to the right where the acceptor sends the bytes; a digest is compared with that of `content`.
inline std::string words_of(const std::vector<Finding>& found, const std::string& content = {}) {
  using observation::SharedFileStep;
  static const char* const kWords[] = {"started", "progress", "ended",
                                       "deleted", "renamed",  "refused"};
  std::string text;
  for (const auto& finding : found) {
    if (const auto* damage = std::get_if<observation::Damage>(&finding.what)) {
      text += std::string{finding.rule} + "! " + damage->what + '\n';
    }
    const auto* step = std::get_if<SharedFileStep>(&finding.what);
    if (step == nullptr) { continue; }
    text += finding.from == Side::kInitiator ? "<- " : "-> ";
    text += kWords[static_cast<std::size_t>(step->kind)];
    if (step->id != 0) { text += ' ' + std::to_string(step->id); }
    text += ' ' + step->name;
    if (!step->new_name.empty()) { text += " to " + step->new_name; }
    if (step->id != 0) { text += ' ' + std::to_string(step->bytes); }
    if (step->size.has_value()) { text += " of " + std::to_string(*step->size); }
    if (step->sha256.has_value()) {
      text += *step->sha256 == encoding::sha256(as_bytes(content)) ? " digest" : " WRONG";
    }
    if (step->status.has_value()) { text += ' ' + step->status->name; }
    if (step->lost) { text += " lost"; }
    if (step->cut_off) { text += " cut_off"; }
    text += '\n';
  }
  return text;
}

}  // namespace remora::testing
