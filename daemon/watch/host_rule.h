#pragma once

#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace remora::watch {

/// Whether an address is this machine's own, for itself alone: 127.0.0.0/8, ::1, also as
/// ::ffff:127.0.0.1.
[[nodiscard]] bool is_loopback(const boost::asio::ip::address& address);

/// Against DNS rebinding: a page in a browser on this machine may have its name resolved to the
/// loopback, and then reads what answers there. Its requests bear that name. So those alone are
/// answered whose Host header names the loopback ("localhost", 127.0.0.1, [::1]), the address that
/// the request came to, or `configured`, the host of the configuration. The port does not matter.
[[nodiscard]] bool is_own_host(std::string_view host_header, std::string_view configured,
                               const boost::asio::ip::address& local);

}  // namespace remora::watch
