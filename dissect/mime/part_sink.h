#pragma once

#include "capture/base/bytes.h"
#include "dissect/mime/part_headers.h"

namespace remora::mime {

/// Who is told of the parts of a message: one after the other, none inside another.
class PartSink {
 public:
  PartSink() = default;
  PartSink(const PartSink&) = delete;
  PartSink& operator=(const PartSink&) = delete;
  PartSink(PartSink&&) = delete;
  PartSink& operator=(PartSink&&) = delete;
  virtual ~PartSink() = default;

  /// A body begins that is no multipart and no message. False: it is not wanted, and only its end
  /// is looked for.
  [[nodiscard]] virtual bool on_part(const PartHeaders& headers) = 0;
  /// The next of its bytes, decoded; borrowed for the call. False: no more of it is wanted.
  [[nodiscard]] virtual bool on_part_bytes(ByteView bytes) = 0;
  /// Bytes of it are missing here.
  virtual void on_part_gap() = 0;
  /// It has ended; told of every part that was begun.
  virtual void on_part_end() = 0;
  /// Something that honest mail does not have; each code once a message. Literals.
  virtual void on_oddity(const char* code, const char* detail) = 0;
};

}  // namespace remora::mime
