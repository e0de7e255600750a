#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "daemon/collect/client.h"
#include "daemon/event_file/event_file.h"
#include "daemon/net/address.h"

namespace remora::collect {

struct Options {
  net::Address listen;           ///< port 0: the system chooses one
  std::string certificate_file;  ///< PEM, its chain behind it; empty: plain TCP
  std::string key_file;          ///< PEM; empty: in the certificate's file
  std::string client_ca_file;    ///< PEM; empty: clients need no certificate
  std::string output;
  event_file::Format format{event_file::Format::kProtobuf};
  std::size_t max_clients{64};
  Patience patience;
};

/// Takes the events of many sensors; one thread, that of `run`.
class Collector {
 public:
  /// Told what happens, one line each: no secrets, no content of events.
  using Report = std::function<void(const std::string& text)>;

  /// Opens the file and listens. Fails with what, where, what to do.
  [[nodiscard]] static tl::expected<Collector, std::string> open(const Options& options,
                                                                 Report report);
  Collector(Collector&&) noexcept;
  Collector& operator=(Collector&&) noexcept;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector();

  [[nodiscard]] std::uint16_t port() const;
  /// Until SIGTERM or SIGINT: then takes no more, acknowledges what it has, and lets its clients go
  /// within seconds. Fails where the file cannot be relied on any more.
  [[nodiscard]] tl::expected<void, std::string> run();

 private:
  class Parts;
  explicit Collector(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace remora::collect
