#include "dissect/http/content_codings.h"

#include <algorithm>

#include "dissect/encoding/host_name.h"

namespace remora::http {

ContentCodings::ContentCodings(std::string_view value) {
  while (!value.empty()) {
    const auto comma = value.rfind(',');
    auto name = comma == std::string_view::npos ? value : value.substr(comma + 1);
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(0, comma);
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    if (name.empty() || encoding::same_name(name, "identity")) { continue; }
    const bool gzip = encoding::same_name(name, "gzip") || encoding::same_name(name, "x-gzip");
    if ((!gzip && !encoding::same_name(name, "deflate")) || inflaters_.size() == kMaxCodings) {
      readable_ = false;
      return;
    }
    inflaters_.push_back(
        std::make_unique<Inflater>(gzip ? Inflater::Coding::kGzip : Inflater::Coding::kDeflate));
  }
}

bool ContentCodings::is_bomb() const {
  return std::ranges::any_of(
      inflaters_, [](const auto& inflater) { return inflater->state() == Inflater::State::kBomb; });
}

}  // namespace remora::http
