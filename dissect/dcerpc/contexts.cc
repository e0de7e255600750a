#include "dissect/dcerpc/contexts.h"

#include <algorithm>

namespace remora::dcerpc {

void Contexts::ask(std::span<const PresentationContext> asked) {
  asked_.clear();
  for (const auto& context : asked) {
    asked_.push_back(context.id);
    forget(context.id);
    if (contexts_.size() < kMaxContexts) {
      contexts_.push_back(
          {.id = context.id, .interface = to_interface(context.interface), .ndr = context.ndr});
    }
  }
}

std::vector<Contexts::Refusal> Contexts::answer(std::span<const ContextResult> results) {
  std::vector<Refusal> refused;
  for (std::size_t at = 0; at < std::min(results.size(), asked_.size()); ++at) {
    const auto& result = results[at];
    const auto context = std::ranges::find(contexts_, asked_[at], &Context::id);
    if (context == contexts_.end()) { continue; }
    if (result.result == ContextResult::kAcceptance) {
      context->ndr = result.transfer_syntax == kNdr;
    } else {
      if (result.result != ContextResult::kNegotiateAck) {
        refused.push_back({.interface = context->interface, .reason = result.reason});
      }
      contexts_.erase(context);
    }
  }
  asked_.clear();
  return refused;
}

std::vector<Contexts::Refusal> Contexts::refuse_all(std::uint16_t reason) {
  std::vector<Refusal> refused;
  for (const auto id : asked_) {
    if (const auto* context = find(id)) {
      refused.push_back({.interface = context->interface, .reason = reason});
      forget(id);
    }
  }
  asked_.clear();
  return refused;
}

const Contexts::Context* Contexts::find(std::uint16_t id) const {
  const auto place = std::ranges::find(contexts_, id, &Context::id);
  return place == contexts_.end() ? nullptr : &*place;
}

bool Contexts::of_interest() const {
  return std::ranges::any_of(
      contexts_, [](const Context& context) { return context.interface != Interface::kOther; });
}

Interface Contexts::offer() const {
  const auto place = std::ranges::find_if(
      contexts_, [](const Context& context) { return is_offer(context.interface); });
  return place == contexts_.end() ? Interface::kOther : place->interface;
}

void Contexts::forget(std::uint16_t id) {
  std::erase_if(contexts_, [&](const Context& context) { return context.id == id; });
}

}  // namespace remora::dcerpc
