#include "tests/dissect/tls/openssl_datagrams.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include <openssl/bio.h>

namespace remora::tls::testing {
namespace {

using Context = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

constexpr std::array<unsigned char, 20> kCookie{7, 1, 2, 3};

int make_cookie(SSL* /*peer*/, unsigned char* cookie, unsigned int* size) {
  std::ranges::copy(kCookie, cookie);
  *size = kCookie.size();
  return 1;
}

int verify_cookie(SSL* /*peer*/, const unsigned char* cookie, unsigned int size) {
  return size == kCookie.size() && std::memcmp(cookie, kCookie.data(), size) == 0 ? 1 : 0;
}

/// One end; what it writes lies in memory until it is taken.
class End {
 public:
  End(SSL_CTX* context, Side side, std::size_t mtu)
      : peer_{SSL_new(context), &SSL_free},
        side_{side},
        in_{BIO_new(BIO_s_mem())},
        out_{BIO_new(BIO_s_mem())} {
    BIO_set_mem_eof_return(in_, -1);
    SSL_set_bio(peer_.get(), in_, out_);
    SSL_set_options(peer_.get(), SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(peer_.get(), static_cast<long>(mtu));
    if (side == kClient) {
      SSL_set_connect_state(peer_.get());
    } else {
      SSL_set_accept_state(peer_.get());
    }
  }

  [[nodiscard]] SSL* peer() const { return peer_.get(); }
  [[nodiscard]] bool ready() const { return SSL_is_init_finished(peer_.get()) == 1; }

  /// What it has to say, a record a datagram; RFC 6347 4.1 has the length at byte 11.
  [[nodiscard]] std::vector<Flight> take() {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out_, &data);
    const auto* at = reinterpret_cast<const std::byte*>(data);
    const auto* end = at + std::max(size, 0L);
    std::vector<Flight> datagrams;
    while (end - at >= 13) {
      const auto length = 13 + (std::to_integer<int>(at[11]) << 8 | std::to_integer<int>(at[12]));
      datagrams.push_back({side_, {at, at + length}});
      at += length;
    }
    (void)BIO_reset(out_);
    return datagrams;
  }

  void hear(const Flight& datagram) {
    BIO_write(in_, datagram.bytes.data(), static_cast<int>(datagram.bytes.size()));
    std::array<char, 20'000> read{};
    if (!ready()) { SSL_do_handshake(peer_.get()); }
    while (SSL_read(peer_.get(), read.data(), static_cast<int>(read.size())) > 0) {}
  }

 private:
  std::unique_ptr<SSL, void (*)(SSL*)> peer_;
  Side side_;
  BIO* in_;   ///< owned by the peer
  BIO* out_;  ///< likewise
};

/// Until neither has anything to say.
void exchange(End& client, End& server, std::vector<Flight>& said) {
  for (bool any = true; any;) {
    any = false;
    for (auto* from : {&client, &server}) {
      auto& to = from == &client ? server : client;
      for (auto& datagram : from->take()) {
        any = true;
        to.hear(datagram);
        said.push_back(std::move(datagram));
      }
    }
  }
}

}  // namespace

Talk talk_in_datagrams(const DatagramSettings& settings) {
  const auto& about = settings.talk;
  const Context client_context{SSL_CTX_new(DTLS_client_method()), &SSL_CTX_free};
  const Context server_context{SSL_CTX_new(DTLS_server_method()), &SSL_CTX_free};
  for (auto* context : {client_context.get(), server_context.get()}) { set_up(context, about); }
  show_certificate(server_context.get());
  SSL_CTX_set_keylog_callback(client_context.get(), keep_log);
  if (settings.ask_cookie) {
    SSL_CTX_set_options(server_context.get(), SSL_OP_COOKIE_EXCHANGE);
    SSL_CTX_set_cookie_generate_cb(server_context.get(), make_cookie);
    SSL_CTX_set_cookie_verify_cb(server_context.get(), verify_cookie);
  }
  End client{client_context.get(), kClient, settings.mtu};
  End server{server_context.get(), kServer, settings.mtu};
  std::string name = "srv.corp.example";
  SSL_ctrl(client.peer(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());

  Talk told;
  told.server_key = server_key_pem();
  SSL_set_app_data(client.peer(), &told.key_log);
  SSL_do_handshake(client.peer());
  exchange(client, server, told.flights);
  told.good = client.ready() && server.ready();

  std::vector<Text> all;
  for (const auto& text : about.texts) {
    all.push_back({all.size() % 2 == 0 ? kClient : kServer, text});
  }
  all.insert(all.end(), about.further.begin(), about.further.end());
  int said = 0;
  for (const auto& [from, text] : all) {
    if (++said == 3 && about.renegotiate) {
      SSL_renegotiate(client.peer());
      SSL_do_handshake(client.peer());
      exchange(client, server, told.flights);
    }
    SSL_write(from == kClient ? client.peer() : server.peer(), text.data(),
              static_cast<int>(text.size()));
    exchange(client, server, told.flights);
  }
  return told;
}

}  // namespace remora::tls::testing
