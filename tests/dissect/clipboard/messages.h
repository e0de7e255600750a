#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tests/support/channel_talk.h"

/// Messages of "cliprdr", laid out by hand after [MS-RDPECLIP] 2.2. The client is the initiator.
namespace remora::testing {

inline constexpr auto kClient = Side::kInitiator;
inline constexpr auto kServer = Side::kAcceptor;
inline constexpr std::uint32_t kFiles = 49273;
inline constexpr std::uint16_t kOk = 1;
inline constexpr std::uint16_t kFail = 2;

inline Bytes pdu(std::uint16_t type, std::uint16_t flags, const Bytes& data) {
  return u16(type) + u16(flags) + u32(data.size()) + data;
}
inline Said capabilities(Side from, std::uint32_t flags) {
  return {from, pdu(7, 0, u16(1) + u16(0) + u16(1) + u16(12) + u32(2) + u32(flags))};
}
/// Long names: files, and text.
inline Said offers_files(Side from) {
  return {from, pdu(2, 0, u32(13) + utf16z("") + u32(kFiles) + utf16z("FileGroupDescriptorW"))};
}
inline Said offers_text(Side from) {
  return {from, pdu(2, 0, u32(13) + utf16z(""))};
}
inline Said asks(Side from, std::uint32_t format) {
  return {from, pdu(4, 0, u32(format))};
}
inline Bytes descriptor(std::string_view name, std::optional<std::uint64_t> size,
                        std::uint32_t attributes = 0x20) {
  auto file = utf16z(name);
  file.resize(520);
  return u32(size.has_value() ? 0x44 : 0x4) + Bytes(32) + u32(attributes) + Bytes(24) +
         u32(size.value_or(0) >> 32U) + u32(size.value_or(0) & 0xffffffffU) + file;
}
inline Said gives(Side from, const Bytes& data) {
  return {from, pdu(5, kOk, data)};
}
inline Said asks_size(Side from, std::uint32_t index, std::uint32_t stream = 7) {
  return {from, pdu(8, 0, u32(stream) + u32(index) + u32(1) + u64(0) + u32(8))};
}
inline Said asks_range(Side from, std::uint32_t index, std::uint64_t offset, std::uint32_t length,
                       std::optional<std::uint32_t> lock = {}, std::uint32_t stream = 7) {
  return {from, pdu(8, 0,
                    u32(stream) + u32(index) + u32(2) + u64(offset) + u32(length) +
                        (lock.has_value() ? u32(*lock) : Bytes{}))};
}
inline Said contents(Side from, const Bytes& data, std::uint32_t stream = 7) {
  return {from, pdu(9, kOk, u32(stream) + data)};
}
inline Said no_contents(Side from, std::uint32_t stream = 7) {
  return {from, pdu(9, kFail, u32(stream))};
}
inline Said lock(Side from, std::uint32_t id) {
  return {from, pdu(10, 0, u32(id))};
}
inline Said unlock(Side from, std::uint32_t id) {
  return {from, pdu(11, 0, u32(id))};
}

}  // namespace remora::testing
