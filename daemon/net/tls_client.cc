#include "daemon/net/tls_client.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace remora::net {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ContextPointer = std::unique_ptr<SSL_CTX, FreeContext>;

/// OpenSSL's own would ask at the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return 0;
}

[[nodiscard]] std::string last_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "unknown reason" : reason;
}

/// The socket's BIO with the one difference that a peer that went away raises no SIGPIPE.
int send_quietly(BIO* bio, const char* bytes, int size) {
  int socket = -1;
  (void)BIO_get_fd(bio, &socket);
  errno = 0;
  BIO_clear_retry_flags(bio);
  const auto sent =
      static_cast<int>(::send(socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL));
  if (sent <= 0 && BIO_sock_should_retry(sent) != 0) { BIO_set_retry_write(bio); }
  return sent;
}

struct FreeMethod {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

[[nodiscard]] const BIO_METHOD* quiet_socket() {
  static const std::unique_ptr<BIO_METHOD, FreeMethod> method{[] {
    const auto* plain = BIO_s_socket();
    auto* made = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
    if (made == nullptr) { return made; }
    (void)BIO_meth_set_write(made, send_quietly);
    (void)BIO_meth_set_read(made, BIO_meth_get_read(plain));
    (void)BIO_meth_set_puts(made, BIO_meth_get_puts(plain));
    (void)BIO_meth_set_ctrl(made, BIO_meth_get_ctrl(plain));
    (void)BIO_meth_set_create(made, BIO_meth_get_create(plain));
    (void)BIO_meth_set_destroy(made, BIO_meth_get_destroy(plain));
    return made;
  }()};
  return method.get();
}

[[nodiscard]] std::string add_own_certificate(SSL_CTX& context,
                                              const delivery::TlsSettings& settings) {
  if (settings.certificate_file.empty()) { return {}; }
  if (SSL_CTX_use_certificate_chain_file(&context, settings.certificate_file.c_str()) != 1) {
    return settings.certificate_file + ": no certificate can be read from it (" + last_reason() +
           "); name a readable PEM file";
  }
  const auto& key_file = settings.key_file.empty() ? settings.certificate_file : settings.key_file;
  if (SSL_CTX_use_PrivateKey_file(&context, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return key_file + ": no key of the certificate in " + settings.certificate_file +
           " can be read from it (" + last_reason() +
           "); name a readable PEM file without passphrase";
  }
  return {};
}

[[nodiscard]] std::string add_trust(SSL_CTX& context, const delivery::TlsSettings& settings) {
  if (!settings.verify) {
    SSL_CTX_set_verify(&context, SSL_VERIFY_NONE, nullptr);
    return {};
  }
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  if (settings.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(&context) == 1) { return {}; }
    return "what the system trusts cannot be read (" + last_reason() + "); set ca_file";
  }
  if (SSL_CTX_load_verify_file(&context, settings.ca_file.c_str()) == 1) { return {}; }
  return settings.ca_file + ": no certificate can be read from it (" + last_reason() +
         "); name a readable PEM file";
}

/// Whom the certificate must name, and whom we ask for.
[[nodiscard]] bool set_name(SSL& ssl, const std::string& name) {
  auto* wanted = SSL_get0_param(&ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) == 1) { return true; }
  ERR_clear_error();
  SSL_set_hostflags(&ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (SSL_set1_host(&ssl, name.c_str()) != 1) { return false; }
  // SSL_set_tlsext_host_name without its cast.
  std::string copy = name;
  return SSL_ctrl(&ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, copy.data()) == 1;
}

[[nodiscard]] std::string distrust(long result) {
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate, or its authority's, has expired; renew it there";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet; look at the clocks of both machines";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate bears another name; connect by a name that it bears, or set "
             "server_name to one";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "its certificate is signed by nobody who is trusted here; set ca_file to its "
             "authority's certificate";
    default:
      return std::string{"its certificate is refused: "} + X509_verify_cert_error_string(result);
  }
}

struct Reason {
  int code;
  const char* words;
};
constexpr std::array kReasons{
    Reason{SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
           "it wants a certificate of ours; set certificate_file and key_file"},
    Reason{SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
           "it refuses the handshake; does it want a certificate of ours (certificate_file), or "
           "speak no TLS 1.2?"},
    Reason{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "it refuses our certificate as bad"},
    Reason{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
           "it refuses our certificate as expired; renew it"},
    Reason{SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, "it refuses our certificate as revoked"},
    Reason{SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, "it refuses our certificate"},
    Reason{SSL_R_TLSV1_ALERT_UNKNOWN_CA,
           "it does not trust who signed our certificate; use one that its authority signed"},
    Reason{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "it speaks no TLS 1.2 or later; update it"},
    Reason{SSL_R_UNSUPPORTED_PROTOCOL, "it speaks no TLS 1.2 or later; update it"},
    Reason{SSL_R_WRONG_VERSION_NUMBER, "it does not speak TLS; disable tls, or enable it there"},
    Reason{SSL_R_UNEXPECTED_EOF_WHILE_READING, "it closed the connection without closing TLS"},
};

}  // namespace

tl::expected<SslPointer, std::string> make_tls_client(int socket, const std::string& host,
                                                      const delivery::TlsSettings& settings) {
  ERR_clear_error();
  const ContextPointer context{SSL_CTX_new(TLS_client_method())};
  if (context == nullptr) { return tl::unexpected{"TLS cannot be used: " + last_reason()}; }
  // SSL_CTX_set_min_proto_version, SSL_CTX_set_mode and SSL_CTX_clear_mode without their casts.
  (void)SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
  (void)SSL_CTX_ctrl(context.get(), SSL_CTRL_MODE,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, nullptr);
  // Else SSL_read goes on for as long as a peer sends records that carry no data.
  (void)SSL_CTX_ctrl(context.get(), SSL_CTRL_CLEAR_MODE, SSL_MODE_AUTO_RETRY, nullptr);
  (void)SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  for (const auto& problem :
       {add_trust(*context, settings), add_own_certificate(*context, settings)}) {
    if (!problem.empty()) { return tl::unexpected{problem}; }
  }
  SslPointer ssl{SSL_new(context.get())};
  BIO* bio = BIO_new(quiet_socket());
  if (ssl == nullptr || bio == nullptr) {
    (void)BIO_free(bio);
    return tl::unexpected{"TLS cannot be used: " + last_reason()};
  }
  (void)BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(ssl.get(), bio, bio);
  const auto& name = settings.server_name.empty() ? host : settings.server_name;
  if (!set_name(*ssl, name)) {
    return tl::unexpected{'\'' + name + "' is no name that a certificate can bear"};
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::string tls_problem(const SSL& ssl, int cause) {
  const int error_number = errno;
  const auto error = ERR_peek_error();
  if (cause == SSL_ERROR_SYSCALL && error == 0) {
    return error_number == 0 ? "it closed the connection without closing TLS"
                             : std::string{"the connection broke: "} + std::strerror(error_number);
  }
  const int reason = ERR_GET_REASON(error);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) { return distrust(SSL_get_verify_result(&ssl)); }
  for (const auto& known : kReasons) {
    if (known.code == reason) { return known.words; }
  }
  const char* words = ERR_reason_error_string(error);
  return std::string{"TLS failed: "} + (words == nullptr ? "unknown reason" : words);
}

}  // namespace remora::net
