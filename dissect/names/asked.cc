#include "dissect/names/asked.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>

#include "dissect/names/dns_message.h"
#include "dissect/names/host_name.h"

namespace remora::names {
namespace {

constexpr std::size_t kTypeAndClass = 4;

/// What stands behind the header, up to the class: a name without pointers, since nothing comes
/// before it that they could point to. Empty where there is none.
ByteView first_name_type_and_class(ByteView message) {
  auto at = kDnsHeaderBytes;
  while (at < message.size() && to_u8(message[at]) != 0) {
    const std::size_t label = to_u8(message[at]);
    if (label > kMaxLabelBytes) { return {}; }
    at += 1 + label;
  }
  const auto end = at + 1 + kTypeAndClass;
  if (end > message.size() || end > kDnsHeaderBytes + kMaxNameBytes + 2 + kTypeAndClass) {
    return {};
  }
  return message.subspan(kDnsHeaderBytes, end - kDnsHeaderBytes);
}

void add(const SocketAddress& end, std::string& key) {
  key += as_text(end.address.bytes());
  key += static_cast<char>(to_number(end.port) >> 8U);
  key += static_cast<char>(to_number(end.port) & 0xffU);
}

char to_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

/// False where the message has no name in front.
bool Asked::write_key(const SocketAddress& asker, const SocketAddress& asked, ByteView message) {
  const auto what = first_name_type_and_class(message);
  if (what.empty()) { return false; }
  key_.clear();
  add(asker, key_);
  add(asked, key_);
  key_ += as_text(message.first(2));  // ID
  // RFC 4343: names are the same in upper and lower case, and some resolvers play with that. The
  // sizes of labels are no letters; type and class of another case do not exist.
  std::ranges::transform(as_text(what), std::back_inserter(key_), to_lower);
  return true;
}

Asked::Set& Asked::set_of_key() {
  return sets_[std::hash<std::string_view>{}(key_) % kSets];
}

void Asked::remember(const SocketAddress& asker, const SocketAddress& asked, ByteView question,
                     Moment now) {
  if (!write_key(asker, asked, question)) { return; }
  if (sets_.empty()) { sets_.resize(kSets); }
  auto& set = set_of_key();
  auto place = std::ranges::find(set, key_, &Question::key);
  if (place == set.end()) {
    place = std::ranges::find_if(set, &std::string::empty, &Question::key);
  }
  if (place == set.end()) { place = std::ranges::min_element(set, {}, &Question::at); }
  place->at = now;
  place->key = key_;
}

bool Asked::take(const SocketAddress& asker, const SocketAddress& asked, ByteView answer,
                 Moment now) {
  if (sets_.empty() || !write_key(asker, asked, answer)) { return false; }
  auto& set = set_of_key();
  const auto place = std::ranges::find(set, key_, &Question::key);
  if (place == set.end()) { return false; }
  place->key.clear();
  return now <= place->at + kWaits;
}

}  // namespace remora::names
