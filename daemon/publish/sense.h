#pragma once

#include <cstdint>
#include <optional>

#include <google/protobuf/descriptor.h>

namespace remora::publish {

/// What a text of an event may tell of people and machines.
enum class Sense : std::uint8_t {
  kPlain,  ///< words of a list, codes, digests, addresses, what the operator or the program says
  kUser,   ///< a user's name
  kHost,   ///< a machine's name, or its address
  kFile,   ///< a file's name, perhaps with its folders
  kAny,    ///< text of a stranger that may hold any of these
};

/// Of a text field of remora.v1.Event or of what it holds; absent for one that nobody has judged
/// yet, which a test forbids.
[[nodiscard]] std::optional<Sense> sense_of(const google::protobuf::FieldDescriptor& field);

}  // namespace remora::publish
