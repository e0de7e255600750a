#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dissect/dcerpc/binding.h"
#include "dissect/dcerpc/interfaces.h"

namespace remora::dcerpc {

/// Which interface each presentation context of a connection means, [C706] 12.6.3.1.
///
/// State: LIMIT kMaxContexts; a client that asks for more has the rest ignored.
class Contexts {
 public:
  static constexpr std::size_t kMaxContexts = 64;

  struct Context {
    std::uint16_t id{0};
    Interface interface {};
    bool ndr{false};
  };

  /// A bind or alter_context asks for these; they count until they are refused.
  void ask(std::span<const PresentationContext> asked);

  /// The answer to what was asked last. Those that were refused, with why, in `refused`.
  struct Refusal {
    Interface interface {};
    std::uint16_t reason{0};
  };
  [[nodiscard]] std::vector<Refusal> answer(std::span<const ContextResult> results);
  /// The whole bind was refused.
  [[nodiscard]] std::vector<Refusal> refuse_all(std::uint16_t reason);

  /// Null for a context that nobody asked for.
  [[nodiscard]] const Context* find(std::uint16_t id) const;
  /// Some context is of an interface that is read, or that leads to one.
  [[nodiscard]] bool of_interest() const;
  /// The interface of an offer among them; kOther where there is none.
  [[nodiscard]] Interface offer() const;

 private:
  void forget(std::uint16_t id);

  std::vector<Context> contexts_;
  std::vector<std::uint16_t> asked_;  ///< ids, in the order of the last bind
};

}  // namespace remora::dcerpc
