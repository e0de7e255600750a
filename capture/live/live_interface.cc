#include "capture/live/live_interface.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <pcap/pcap.h>

#include "capture/live/fast_filter.h"

namespace remora::capture {
namespace {

/// DLT_ numbers equal LINKTYPE_ numbers but for a few (tcpdump.org/linktypes.html); of those only
/// this one is met on interfaces.
LinkType to_link_type(int dlt) {
  return dlt == DLT_RAW ? LinkType::kRaw : LinkType{static_cast<std::uint32_t>(dlt)};
}

OpenFailure to_failure(int status) {
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return OpenFailure::kNoSuchInterface;
    case PCAP_ERROR_IFACE_NOT_UP:
      return OpenFailure::kDown;
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return OpenFailure::kNoRight;
    default:
      return OpenFailure::kOther;
  }
}

LiveError to_error(const LiveSettings& settings, int status, pcap* handle) {
  const auto failure = to_failure(status);
  const auto because = [&]() -> std::string {
    switch (failure) {
      case OpenFailure::kNoSuchInterface:
        return "there is no such interface";
      case OpenFailure::kDown:
        return "is down";
      case OpenFailure::kNoRight:
        return "no right to capture; " + platform::advice_on_rights();
      default:
        break;
    }
    const std::string detail{pcap_geterr(handle)};
    return "cannot be opened: " + (detail.empty() ? pcap_statustostr(status) : detail);
  }();
  return {.failure = failure, .reason = settings.interface + ": " + because};
}

void set_options(pcap* handle, const LiveSettings& settings) {
  constexpr std::size_t kMostBytes = std::numeric_limits<int>::max();
  // These fail only for handles that are active already, or for a precision that is not known: then
  // it stays with microseconds, which is asked for later.
  pcap_set_snaplen(handle, settings.snap_bytes);
  pcap_set_buffer_size(handle, static_cast<int>(std::min(settings.ring_bytes, kMostBytes)));
  // 0 would mean to wait for full blocks for ever.
  pcap_set_timeout(handle, std::max(1, static_cast<int>(settings.timeout.count())));
  pcap_set_immediate_mode(handle, 0);
  pcap_set_promisc(handle, settings.promiscuous ? 1 : 0);
  pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
}

/// The better cooked header, where there is a choice: it names the interface.
void prefer_cooked_v2(pcap* handle) {
  if (pcap_datalink(handle) == DLT_LINUX_SLL) { pcap_set_datalink(handle, DLT_LINUX_SLL2); }
}

/// LIMIT: of a filter (BPF_MAXINSNS). libpcap would filter by itself what the kernel refuses, when
/// the ring has lost frames that nobody wanted.
constexpr unsigned kMostSteps = 4096;

/// Why it cannot be set. Frames that came before are filtered by libpcap.
tl::expected<void, std::string> set_filter(pcap* handle, const std::string& expression) {
  bpf_program program{};
  constexpr int kOptimise = 1;
  if (pcap_compile(handle, &program, expression.c_str(), kOptimise, PCAP_NETMASK_UNKNOWN) != 0) {
    return tl::unexpected<std::string>{pcap_geterr(handle)};
  }
  const auto steps = program.bf_len;
  if (steps > kMostSteps) {
    pcap_freecode(&program);
    return tl::unexpected{"it has " + std::to_string(steps) + " steps, and the kernel takes " +
                          std::to_string(kMostSteps) + "; make it shorter"};
  }
  const int status = pcap_setfilter(handle, &program);
  pcap_freecode(&program);
  if (status != 0) { return tl::unexpected<std::string>{pcap_geterr(handle)}; }
  return {};
}

/// How much a counter of 32 bits went on. Half of its range backwards is a counter that began anew:
/// the interface was deleted, or its driver loaded again.
std::uint64_t step(std::uint64_t from, std::uint32_t to) {
  const auto difference = to - static_cast<std::uint32_t>(from);
  return difference <= std::numeric_limits<std::int32_t>::max() ? difference : 0;
}

}  // namespace

LiveCounts& LiveCounts::operator+=(const LiveCounts& more) {
  received += more.received;
  dropped_by_kernel += more.dropped_by_kernel;
  dropped_by_interface += more.dropped_by_interface;
  return *this;
}

void LiveInterface::Close::operator()(pcap* handle) const {
  pcap_close(handle);
}

LiveInterface::LiveInterface(std::string name, Handle handle)
    : name_{std::move(name)},
      handle_{std::move(handle)},
      link_{to_link_type(pcap_datalink(handle_.get()))},
      fraction_nanoseconds_{
          pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000} {}

tl::expected<std::unique_ptr<LiveInterface>, LiveError> LiveInterface::open(
    const LiveSettings& settings) {
  const auto fail = [&](OpenFailure failure, const std::string& why) {
    return tl::unexpected{LiveError{failure, settings.interface + ": " + why}};
  };
  if (const auto ready = platform::prepare(); !ready.has_value()) {
    return fail(OpenFailure::kOther, ready.error());
  }
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  Handle handle{pcap_create(settings.interface.c_str(), error.data())};
  if (handle == nullptr) {
    return fail(OpenFailure::kOther, std::string{"cannot be opened: "} + error.data());
  }
  set_options(handle.get(), settings);
  // Above 0 are warnings: no promiscuous mode on "any", a kind of link that libpcap shows cooked.
  if (const int status = pcap_activate(handle.get()); status < 0) {
    return tl::unexpected{to_error(settings, status, handle.get())};
  }
  prefer_cooked_v2(handle.get());
  if (pcap_setnonblock(handle.get(), 1, error.data()) != 0) {
    return fail(OpenFailure::kOther,
                std::string{"cannot be read without waiting: "} + error.data());
  }
  auto interface =
      std::unique_ptr<LiveInterface>{new LiveInterface{settings.interface, std::move(handle)}};
  const auto expression = settings.filter.empty() && !settings.only_ports.empty()
                              ? fast_filter(settings.only_ports, interface->link_)
                              : settings.filter;
  if (!expression.empty()) {
    const auto set = set_filter(interface->handle_.get(), expression);
    if (!set.has_value()) {
      return fail(OpenFailure::kBadFilter, "the filter cannot be used: " + set.error());
    }
  }
  return interface;
}

platform::Waitable LiveInterface::descriptor() const {
  return platform::waitable(handle_.get());
}

/// What libpcap carries to `hand` and does not look at.
struct LiveInterface::Handing {
  const LiveInterface& from;
  const Take& take;

  // NOLINTNEXTLINE(readability-non-const-parameter): a pcap_handler
  static void hand(u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
    const auto& handing = *static_cast<const Handing*>(static_cast<const void*>(user));
    // With nanoseconds asked for, tv_usec holds nanoseconds (pcap_set_tstamp_precision(3PCAP)).
    const auto time = std::chrono::seconds{header->ts.tv_sec} +
                      Nanoseconds{header->ts.tv_usec * handing.from.fraction_nanoseconds_};
    handing.take({.at = {.time = std::clamp(Moment{time}, kEarliest, kLatest)},
                  .link = handing.from.link_,
                  .bytes = {reinterpret_cast<const std::byte*>(bytes), header->caplen},
                  .wire_bytes = header->len});
  }
};

ReadState LiveInterface::read(const Take& take, std::size_t most) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  const int count = static_cast<int>(std::clamp<std::size_t>(most, 1, kMost));
  Handing handing{*this, take};
  const int given =
      pcap_dispatch(handle_.get(), count, &Handing::hand, reinterpret_cast<u_char*>(&handing));
  if (given > 0) { return ReadState::kSome; }
  const auto now = state();
  if (given == 0 || now == ReadState::kGone) { return now; }
  problem_ = name_ + ": cannot be read: " + pcap_geterr(handle_.get());
  return ReadState::kFailed;
}

ReadState LiveInterface::state() const {
  switch (platform::presence(handle_.get(), name_)) {
    case platform::Presence::kUp:
      return ReadState::kNone;
    case platform::Presence::kDown:
      return ReadState::kDown;
    case platform::Presence::kGone:
      break;
  }
  return ReadState::kGone;
}

const LiveCounts& LiveInterface::counts() {
  pcap_stat now{};
  if (pcap_stats(handle_.get(), &now) != 0) { return counts_; }
  counts_ += {.received = step(last_.received, now.ps_recv),
              .dropped_by_kernel = step(last_.dropped_by_kernel, now.ps_drop),
              .dropped_by_interface = step(last_.dropped_by_interface, now.ps_ifdrop)};
  last_ = {.received = now.ps_recv,
           .dropped_by_kernel = now.ps_drop,
           .dropped_by_interface = now.ps_ifdrop};
  return counts_;
}

}  // namespace remora::capture
