#include "dissect/x509/extension.h"

#include <memory>

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "dissect/encoding/openssl.h"
#include "dissect/x509/certificate.h"

namespace remora::x509 {
namespace {

using encoding::Freed;
using Certificate = std::unique_ptr<X509, Freed<&X509_free>>;
using Object = std::unique_ptr<ASN1_OBJECT, Freed<&ASN1_OBJECT_free>>;

}  // namespace

std::vector<std::byte> extension(ByteView der, const char* object_identifier) {
  if (der.empty() || der.size() > kMaxCertificateBytes) { return {}; }
  const auto* data = encoding::raw(der);
  const Certificate certificate{d2i_X509(nullptr, &data, static_cast<long>(der.size()))};
  const Object object{OBJ_txt2obj(object_identifier, 1)};
  if (certificate == nullptr || object == nullptr) { return {}; }
  const int place = X509_get_ext_by_OBJ(certificate.get(), object.get(), -1);
  if (place < 0) { return {}; }
  const auto* content = X509_EXTENSION_get_data(X509_get_ext(certificate.get(), place));
  const auto* begin = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(content));
  return {begin, begin + ASN1_STRING_length(content)};
}

}  // namespace remora::x509
