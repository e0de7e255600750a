#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "dissect/keys/secret.h"

namespace remora::secrets {

/// A file of the operator's that holds something secret, open for reading. Errors begin with its
/// name and never tell what is in it.
class SecretFile {
 public:
  [[nodiscard]] static tl::expected<SecretFile, std::string> open(std::string name);
  /// Takes over a descriptor that another process opened; `name` is for messages.
  [[nodiscard]] static SecretFile adopt(int descriptor, std::string name) {
    return SecretFile{descriptor, std::move(name)};
  }

  SecretFile(SecretFile&& other) noexcept;
  SecretFile& operator=(SecretFile&& other) noexcept;
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;
  ~SecretFile();

  /// What is in it, from where it was read to; at most `max_bytes`, more is an error.
  [[nodiscard]] tl::expected<keys::Secret, std::string> read(std::size_t max_bytes) const;
  /// Its size now.
  [[nodiscard]] tl::expected<std::uint64_t, std::string> size() const;
  /// What is there from `offset` on, as much as `to` has room for; gives how much there was.
  [[nodiscard]] tl::expected<std::size_t, std::string> read_at(std::uint64_t offset,
                                                               std::span<std::byte> to) const;
  /// It is a regular file, and others than its owner may read it.
  [[nodiscard]] bool is_open_to_others() const;
  /// Not a pipe or the like, which would have to be waited for.
  [[nodiscard]] bool is_regular() const;

  /// Which file it is, whatever its name.
  struct Identity {
    std::uint64_t device{0};
    std::uint64_t number{0};
    auto operator<=>(const Identity&) const = default;
  };
  [[nodiscard]] std::optional<Identity> identity() const;
  /// Of the file that has this name now.
  [[nodiscard]] static std::optional<Identity> identity_of(const std::string& name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  SecretFile(int descriptor, std::string name) : descriptor_{descriptor}, name_{std::move(name)} {}
  int descriptor_;
  std::string name_;
};

}  // namespace remora::secrets
