#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/publish/sense.h"
#include "daemon/settings/privacy.h"
#include "dissect/keys/secret.h"
#include "remora/v1/event.pb.h"

namespace remora::publish {

/// Hides names in events as the operator wants it. Addresses are no names and stay.
class NameHider {
 public:
  /// `key` makes the handles that stand for names; there wherever a treatment is kHash.
  NameHider(settings::Privacy privacy, keys::Secret key)
      : privacy_{std::move(privacy)}, key_{std::move(key)} {}

  /// What holds a name only to tell it goes with its name.
  void hide(v1::Event& event) const;
  /// The same where names may be hidden already: what looks like a handle stays.
  void hide_again(v1::Event& event) const;

 private:
  enum class Handles : std::uint8_t { kAreNames, kStay };

  /// Whether something of this message, not of those in it, was left out.
  bool hide_in(google::protobuf::Message& message, Handles handles) const;
  bool hide_text(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                 Handles handles) const;
  void hide_inner(google::protobuf::Message& message,
                  const google::protobuf::FieldDescriptor& field, Handles handles) const;
  /// What stands for the text; empty: it is left out.
  [[nodiscard]] std::string shown(const std::string& text, Sense sense, Handles handles) const;
  [[nodiscard]] settings::Treatment treatment_of(std::string_view text, Sense sense) const;
  [[nodiscard]] settings::Treatment strictest() const;

  settings::Privacy privacy_;
  keys::Secret key_;
};

}  // namespace remora::publish
