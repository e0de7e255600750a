#include "dissect/dcerpc/calls.h"

#include <algorithm>
#include <utility>

namespace remora::dcerpc {

void Calls::begin(Call call) {
  end(call.id);
  if (calls_.size() >= kMaxCalls) { calls_.erase(calls_.begin()); }
  calls_.push_back(std::move(call));
}

Call* Calls::find(std::uint32_t id) {
  const auto place = std::ranges::find(calls_, id, &Call::id);
  return place == calls_.end() ? nullptr : &*place;
}

Call* Calls::add(std::uint32_t id, const PduHeader& header, const StubFragment& fragment) {
  auto* call = find(id);
  if (call == nullptr) { return nullptr; }
  if ((header.flags & PduHeader::kFirstFragment) != 0) {
    call->stub.clear();
    call->sealed = false;
    call->whole = true;
    call->little_endian = header.little_endian;
  }
  if (call->stub.size() + fragment.bytes.size() > kMaxStubBytes) {
    end(id);
    return nullptr;
  }
  call->sealed = call->sealed || fragment.sealed;
  call->stub.insert(call->stub.end(), fragment.bytes.begin(), fragment.bytes.end());
  return call;
}

void Calls::end(std::uint32_t id) {
  std::erase_if(calls_, [&](const Call& call) { return call.id == id; });
}

void Calls::spoil() {
  for (auto& call : calls_) { call.whole = false; }
}

}  // namespace remora::dcerpc
