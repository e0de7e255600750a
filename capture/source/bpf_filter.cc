#include "capture/source/bpf_filter.h"

#include <utility>

#include <pcap/pcap.h>

namespace remora::capture {
namespace {

constexpr int kSnapLength = 262144;

/// DLT_ numbers equal LINKTYPE_ numbers but for a few (tcpdump.org/linktypes.html).
int to_dlt(LinkType link) {
  switch (link) {
    case LinkType::kRaw:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
      return DLT_RAW;
    default:
      return static_cast<int>(link);
  }
}

}  // namespace

void BpfFilter::FreeProgram::operator()(bpf_program* program) const {
  pcap_freecode(program);
  delete program;  // NOLINT(cppcoreguidelines-owning-memory): the deleter of a unique_ptr
}

BpfFilter::BpfFilter(std::unique_ptr<FrameSource> source, std::string expression)
    : source_{std::move(source)}, expression_{std::move(expression)} {}

BpfFilter::~BpfFilter() = default;

tl::expected<BpfFilter::Program, std::string> BpfFilter::compile(LinkType link,
                                                                 const std::string& expression) {
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> handle{pcap_open_dead(to_dlt(link), kSnapLength),
                                                          &pcap_close};
  Program program{new bpf_program{}};
  if (pcap_compile(handle.get(), program.get(), expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return tl::unexpected{std::string{pcap_geterr(handle.get())}};
  }
  return program;
}

tl::expected<std::unique_ptr<FrameSource>, std::string> BpfFilter::wrap(
    std::unique_ptr<FrameSource> source, const std::string& expression) {
  auto program = compile(LinkType::kEthernet, expression);
  if (!program.has_value()) { return tl::unexpected{program.error()}; }
  auto filter = std::make_unique<BpfFilter>(std::move(source), expression);
  filter->programs_.emplace(LinkType::kEthernet, std::move(*program));
  return filter;
}

bool BpfFilter::matches(const Frame& frame) {
  auto place = programs_.find(frame.link);
  if (place == programs_.end()) {
    auto program = compile(frame.link, expression_);
    place =
        programs_.emplace(frame.link, program.has_value() ? std::move(*program) : nullptr).first;
  }
  if (place->second == nullptr) { return false; }
  const pcap_pkthdr header{
      .ts = {}, .caplen = static_cast<bpf_u_int32>(frame.bytes.size()), .len = frame.wire_bytes};
  return pcap_offline_filter(place->second.get(), &header,
                             reinterpret_cast<const u_char*>(frame.bytes.data())) != 0;
}

ReadStatus BpfFilter::next(Frame& frame) {
  while (true) {
    const auto status = source_->next(frame);
    if (status == ReadStatus::kTruncated || status == ReadStatus::kFailed) {
      return stop(status, source_->error().byte_offset, source_->error().reason);
    }
    if (status != ReadStatus::kFrame || matches(frame)) { return status; }
  }
}

}  // namespace remora::capture
