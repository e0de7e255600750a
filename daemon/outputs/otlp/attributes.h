#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/timestamp.pb.h>

#include "opentelemetry/proto/common/v1/common.pb.h"

namespace remora::outputs::otlp {

/// Adds attributes to a record or a resource. What is not known, an empty text or list, is left
/// out.
class Attributes {
 public:
  using Fields = google::protobuf::RepeatedPtrField<opentelemetry::proto::common::v1::KeyValue>;
  using Texts = google::protobuf::RepeatedPtrField<std::string>;

  /// `fields` must outlive this.
  explicit Attributes(Fields& fields) : fields_{&fields} {}

  void text(std::string_view name, std::string_view value);
  void texts(std::string_view name, const Texts& values);
  void number(std::string_view name, std::uint64_t value);
  void real(std::string_view name, double value);
  void flag(std::string_view name, bool value);
  /// RFC 3339, UTC.
  void time(std::string_view name, const google::protobuf::Timestamp& value);
  /// Seconds.
  void seconds(std::string_view name, const google::protobuf::Duration& value);

 private:
  opentelemetry::proto::common::v1::AnyValue& add(std::string_view name);
  Fields* fields_;
};

}  // namespace remora::outputs::otlp
