#include "dissect/x509/certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string>
#include <utility>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "capture/base/address.h"
#include "dissect/encoding/digest.h"
#include "dissect/encoding/openssl.h"
#include "dissect/encoding/text.h"

namespace remora::x509 {
namespace {

/// LIMIT: subject alternative names kept.
constexpr int kMaxNames = 100;
/// LIMIT: certificates remembered by each thread.
constexpr std::size_t kKept = 64;

using encoding::Freed;
using Certificate = std::unique_ptr<X509, Freed<&X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<&BIO_free_all>>;
using GeneralNames = std::unique_ptr<GENERAL_NAMES, Freed<&GENERAL_NAMES_free>>;

ByteView view(const unsigned char* data, int size) {
  return {reinterpret_cast<const std::byte*>(data), static_cast<std::size_t>(std::max(size, 0))};
}

ByteView view(const ASN1_STRING* text) {
  return view(ASN1_STRING_get0_data(text), ASN1_STRING_length(text));
}

/// RFC 2253 text: most specific part first.
std::string name_text(const X509_NAME* name) {
  const Bio bio{BIO_new(BIO_s_mem())};
  // Characters beyond ASCII stay as UTF-8 instead of being escaped.
  if (bio == nullptr ||
      X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) {
    return {};
  }
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return encoding::to_utf8(as_bytes({data, static_cast<std::size_t>(size)}));
}

std::string common_name(X509_NAME* name) {
  const int place = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (place < 0) { return {}; }
  const auto* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place));
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, text);
  if (size < 0) { return {}; }
  auto result = encoding::to_utf8(view(utf8, size));
  OPENSSL_free(utf8);
  return result;
}

std::optional<Moment> to_moment(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) { return std::nullopt; }
  const std::chrono::year_month_day date{
      std::chrono::year{parts.tm_year + 1900},
      std::chrono::month{static_cast<unsigned>(parts.tm_mon) + 1},
      std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  const auto seconds = std::chrono::sys_days{date} + std::chrono::hours{parts.tm_hour} +
                       std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec};
  // Certificates without an end say year 9999; Moment ends in 2262.
  const auto last = std::chrono::floor<std::chrono::seconds>(Moment::max());
  const auto first = std::chrono::ceil<std::chrono::seconds>(Moment::min());
  return Moment{std::clamp(seconds, first, last)};
}

void append_names(X509* certificate, std::vector<std::string>& names) {
  const GeneralNames list{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  if (list == nullptr) { return; }
  const int count = std::min(sk_GENERAL_NAME_num(list.get()), kMaxNames);
  for (int i = 0; i < count; ++i) {
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(list.get(), i), &type));
    if (type == GEN_DNS) {
      names.push_back(encoding::to_utf8(view(value)));
    } else if (type == GEN_IPADD) {
      const auto bytes = view(value);
      if (bytes.size() == 4) { names.push_back(IpAddress::v4(bytes.first<4>()).to_text()); }
      if (bytes.size() == 16) { names.push_back(IpAddress::v6(bytes.first<16>()).to_text()); }
    }
  }
}

using Fingerprint = std::array<std::byte, 32>;

std::optional<observation::CertificateSeen> read_anew(ByteView der, const Fingerprint& sha256) {
  const auto* data = encoding::raw(der);
  const Certificate certificate{d2i_X509(nullptr, &data, static_cast<long>(der.size()))};
  if (certificate == nullptr) { return std::nullopt; }

  observation::CertificateSeen seen;
  auto* subject = X509_get_subject_name(certificate.get());
  auto* issuer = X509_get_issuer_name(certificate.get());
  seen.subject = name_text(subject);
  seen.issuer = name_text(issuer);
  seen.common_name = common_name(subject);
  seen.serial = encoding::to_hex(view(X509_get0_serialNumber(certificate.get())));
  seen.not_before = to_moment(X509_get0_notBefore(certificate.get()));
  seen.not_after = to_moment(X509_get0_notAfter(certificate.get()));
  append_names(certificate.get(), seen.names);
  seen.sha1 = encoding::sha1(der);
  seen.sha256 = sha256;
  const auto* key = X509_get0_pubkey(certificate.get());
  if (key != nullptr) { seen.public_key_bits = static_cast<std::uint32_t>(EVP_PKEY_get_bits(key)); }
  seen.self_signed = key != nullptr && X509_NAME_cmp(subject, issuer) == 0 &&
                     X509_verify(certificate.get(), const_cast<EVP_PKEY*>(key)) == 1;  // NOLINT
  const char* algorithm = OBJ_nid2ln(X509_get_signature_nid(certificate.get()));
  seen.signature_algorithm = algorithm == nullptr ? "" : algorithm;
  return seen;
}

}  // namespace

std::optional<observation::CertificateSeen> read_certificate(ByteView der) {
  if (der.empty() || der.size() > kMaxCertificateBytes) { return std::nullopt; }
  // A server's certificate comes again with every connection, and verifying it takes longer than
  // all else that a session costs. The same bytes are read the same: what is kept tells nobody.
  thread_local std::array<std::optional<observation::CertificateSeen>, kKept> kept;
  const auto sha256 = encoding::sha256(der);
  auto& place = kept.at(to_u8(sha256[0]) % kKept);
  if (!place.has_value() || place->sha256 != sha256) {
    auto seen = read_anew(der, sha256);
    if (!seen.has_value()) { return std::nullopt; }
    place = std::move(seen);
  }
  return place;
}

}  // namespace remora::x509
