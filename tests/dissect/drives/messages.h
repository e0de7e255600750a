#pragma once

#include <cstdint>
#include <string_view>

#include "tests/support/channel_talk.h"

/// Messages of "rdpdr", laid out by hand after [MS-RDPEFS] 2.2. The client is the initiator.
namespace remora::testing {

inline constexpr auto kClient = Side::kInitiator;
inline constexpr auto kServer = Side::kAcceptor;

inline Bytes core(std::uint16_t packet) {
  return u16(0x4472) + u16(packet);
}
/// One drive.
inline Said announce(std::uint32_t id, std::string_view dos_name, std::uint32_t type = 8) {
  auto name = text(dos_name);
  name.resize(8);
  return {kClient, core(0x4441) + u32(1) + u32(type) + u32(id) + name + u32(0)};
}
inline Said remove(std::uint32_t id) {
  return {kClient, core(0x444d) + u32(1) + u32(id)};
}
inline Bytes request(std::uint32_t device, std::uint32_t file, std::uint32_t completion,
                     std::uint32_t major) {
  return core(0x4952) + u32(device) + u32(file) + u32(completion) + u32(major) + u32(0);
}
inline Bytes answer(std::uint32_t device, std::uint32_t completion, std::uint32_t status = 0) {
  return core(0x4943) + u32(device) + u32(completion) + u32(status);
}

inline constexpr std::uint32_t kReading = 0x120089;
inline constexpr std::uint32_t kWriting = 0x120196;
inline constexpr std::uint32_t kOpen = 1;
inline constexpr std::uint32_t kCreate = 2;
inline constexpr std::uint32_t kOverwriteIf = 5;
inline constexpr std::uint32_t kNoDirectory = 0x40;
inline constexpr std::uint32_t kAccessDenied = 0xc0000022;

/// The device is 1 and the completion id 7 where these are not said.
inline Said create(std::string_view path, std::uint32_t access = kReading,
                   std::uint32_t disposition = kOpen, std::uint32_t options = kNoDirectory,
                   std::uint32_t completion = 7) {
  const auto name = utf16z(path);
  return {kServer, request(1, 0, completion, 0) + u32(access) + u64(0) + u32(0x80) + u32(7) +
                       u32(disposition) + u32(options) + u32(name.size()) + name};
}
inline Said created(std::uint32_t file, std::uint32_t status = 0, std::uint32_t completion = 7) {
  return {kClient, answer(1, completion, status) + u32(file) + Bytes(1)};
}
inline Said close(std::uint32_t file) {
  return {kServer, request(1, file, 7, 2) + Bytes(32)};
}
inline Said read(std::uint32_t file, std::uint32_t length, std::uint64_t offset,
                 std::uint32_t completion = 7) {
  return {kServer, request(1, file, completion, 3) + u32(length) + u64(offset) + Bytes(20)};
}
inline Said bytes_read(std::string_view bytes, std::uint32_t completion = 7) {
  return {kClient, answer(1, completion) + u32(bytes.size()) + text(bytes)};
}
inline Said read_failed(std::uint32_t status) {
  return {kClient, answer(1, 7, status) + u32(0)};
}
inline Said write(std::uint32_t file, std::string_view bytes, std::uint64_t offset) {
  return {kServer,
          request(1, file, 7, 4) + u32(bytes.size()) + u64(offset) + Bytes(20) + text(bytes)};
}
inline Said written(std::uint32_t length, std::uint32_t status = 0) {
  return {kClient, answer(1, 7, status) + u32(length) + Bytes(1)};
}
inline Said query(std::uint32_t file, std::uint32_t what) {
  return {kServer, request(1, file, 7, 5) + u32(what) + u32(0) + Bytes(24)};
}
/// FileStandardInformation.
inline Said standard(std::uint64_t size, bool directory = false) {
  return {kClient, answer(1, 7) + u32(22) + u64(size) + u64(size) + u32(1) + Bytes(1) +
                       little(directory ? 1 : 0, 1)};
}
inline Said set(std::uint32_t file, std::uint32_t what, const Bytes& buffer) {
  return {kServer, request(1, file, 7, 6) + u32(what) + u32(buffer.size()) + Bytes(24) + buffer};
}
inline Said rename(std::uint32_t file, std::string_view new_path) {
  const auto name = utf16z(new_path);
  return set(file, 10, Bytes(2) + u32(name.size()) + name);
}
inline Said done(std::uint32_t status = 0) {
  return {kClient, answer(1, 7, status) + u32(0)};
}

}  // namespace remora::testing
