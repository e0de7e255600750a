#include "tests/dissect/tls/openssl_talk.h"

#include <array>
#include <memory>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/pem.h>

#include "tests/support/made_certificate.h"

namespace remora::tls::testing {
namespace {

using Context = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;
using Peer = std::unique_ptr<SSL, void (*)(SSL*)>;

std::string to_pem(EVP_PKEY* key) {
  const std::unique_ptr<BIO, int (*)(BIO*)> text{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_PrivateKey(text.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

const remora::testing::MadeCertificate& certificate() {
  static const auto kCertificate =
      remora::testing::make_certificate("srv", "DNS:srv.corp.example,IP:192.0.2.7");
  return kCertificate;
}

}  // namespace

void keep_log(const SSL* peer, const char* line) {
  auto* log = static_cast<std::string*>(SSL_get_app_data(peer));
  *log += line;
  *log += '\n';
}

void show_certificate(SSL_CTX* server) {
  SSL_CTX_use_certificate(server, certificate().certificate.get());
  SSL_CTX_use_PrivateKey(server, certificate().key.get());
}

std::string server_key_pem() {
  return to_pem(certificate().key.get());
}

void set_up(SSL_CTX* context, const TalkSettings& settings) {
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, settings.version);
  SSL_CTX_set_max_proto_version(context, settings.version);
  if (settings.ciphers != nullptr) { SSL_CTX_set_cipher_list(context, settings.ciphers); }
  if (settings.suites != nullptr) { SSL_CTX_set_ciphersuites(context, settings.suites); }
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_dh_auto(context, 1);
  if (!settings.extended_master_secret) {
    SSL_CTX_set_options(context, SSL_OP_NO_EXTENDED_MASTER_SECRET);
  }
  if (!settings.encrypt_then_mac) { SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC); }
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
}

Talk talk(const TalkSettings& settings) {
  const Context client_context{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free};
  const Context server_context{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
  for (auto* context : {client_context.get(), server_context.get()}) { set_up(context, settings); }
  show_certificate(server_context.get());
  SSL_CTX_set_keylog_callback(client_context.get(), keep_log);

  const Peer client{SSL_new(client_context.get()), &SSL_free};
  const Peer server{SSL_new(server_context.get()), &SSL_free};
  auto* to_server = BIO_new(BIO_s_mem());
  auto* to_client = BIO_new(BIO_s_mem());
  BIO_up_ref(to_server);
  BIO_up_ref(to_client);
  SSL_set_bio(client.get(), to_client, to_server);
  SSL_set_bio(server.get(), to_server, to_client);
  std::string name = "srv.corp.example";  // the macro of this call casts in the old style
  SSL_ctrl(client.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());

  Talk told;
  told.server_key = server_key_pem();
  SSL_set_app_data(client.get(), &told.key_log);
  const auto record = [&](Side from, BIO* wire) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(wire, &data);
    if (size <= 0) { return; }
    const auto* first = reinterpret_cast<const std::byte*>(data);
    told.flights.push_back({from, {first, first + size}});
  };
  const auto shake_hands = [&] {
    for (int round = 0; round < 8; ++round) {
      SSL_do_handshake(client.get());
      record(kClient, to_server);
      SSL_do_handshake(server.get());
      record(kServer, to_client);
    }
  };
  shake_hands();
  told.good = SSL_is_init_finished(client.get()) == 1 && SSL_is_init_finished(server.get()) == 1;
  std::vector<Text> all;
  for (const auto& text : settings.texts) {
    all.push_back({all.size() % 2 == 0 ? kClient : kServer, text});
  }
  all.insert(all.end(), settings.further.begin(), settings.further.end());
  int said = 0;
  for (const auto& [from, text] : all) {
    const bool from_client = from == kClient;
    ++said;
    if (said == 3 && settings.update_keys) {
      SSL_key_update(client.get(), SSL_KEY_UPDATE_REQUESTED);
    }
    if (said == 3 && settings.renegotiate) {
      // A server that is not asked to read does not learn that a handshake begins again.
      SSL_renegotiate(client.get());
      std::array<char, 16> none{};
      for (int round = 0; round < 8; ++round) {
        SSL_do_handshake(client.get());
        record(kClient, to_server);
        SSL_read(server.get(), none.data(), none.size());
        record(kServer, to_client);
      }
    }
    std::string read(40000, '\0');
    auto* sender = from_client ? client.get() : server.get();
    auto* receiver = from_client ? server.get() : client.get();
    SSL_write(sender, text.data(), static_cast<int>(text.size()));
    record(from_client ? kClient : kServer, from_client ? to_server : to_client);
    // To the end: what stays in the pipe would be taken for said again.
    while (SSL_read(receiver, read.data(), static_cast<int>(read.size())) > 0) {}
  }
  return told;
}

}  // namespace remora::tls::testing
