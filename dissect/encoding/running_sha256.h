#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "capture/base/bytes.h"

struct evp_md_ctx_st;

namespace remora::encoding {

/// SHA-256 of bytes that come in pieces.
class RunningSha256 {
 public:
  RunningSha256();
  RunningSha256(const RunningSha256&) = delete;
  RunningSha256& operator=(const RunningSha256&) = delete;
  RunningSha256(RunningSha256&&) noexcept;
  RunningSha256& operator=(RunningSha256&&) noexcept;
  ~RunningSha256();

  void add(ByteView bytes);
  /// Of all bytes so far; more may follow.
  [[nodiscard]] std::array<std::byte, 32> digest() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace remora::encoding
