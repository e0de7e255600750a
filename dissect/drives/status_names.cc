#include "dissect/drives/status_names.h"

#include <algorithm>
#include <array>

namespace remora::drives {
namespace {

struct Status {
  std::uint32_t code;
  const char* name;
  bool refusal;
};

constexpr std::array kStatuses{
    Status{0xc0000001, "STATUS_UNSUCCESSFUL", false},
    Status{0xc000000e, "STATUS_NO_SUCH_DEVICE", false},
    Status{0xc000000f, "STATUS_NO_SUCH_FILE", false},
    Status{0xc0000010, "STATUS_INVALID_DEVICE_REQUEST", false},
    Status{kEndOfFile, "STATUS_END_OF_FILE", false},
    Status{0xc0000022, "STATUS_ACCESS_DENIED", true},
    Status{0xc0000033, "STATUS_OBJECT_NAME_INVALID", false},
    Status{0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND", false},
    Status{0xc0000035, "STATUS_OBJECT_NAME_COLLISION", false},
    Status{0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND", false},
    Status{0xc0000043, "STATUS_SHARING_VIOLATION", false},
    Status{0xc0000044, "STATUS_QUOTA_EXCEEDED", true},
    Status{0xc0000054, "STATUS_FILE_LOCK_CONFLICT", false},
    Status{0xc0000056, "STATUS_DELETE_PENDING", false},
    Status{0xc0000061, "STATUS_PRIVILEGE_NOT_HELD", true},
    Status{0xc000007f, "STATUS_DISK_FULL", true},
    Status{0xc000009a, "STATUS_INSUFFICIENT_RESOURCES", false},
    Status{0xc00000a2, "STATUS_MEDIA_WRITE_PROTECTED", true},
    Status{0xc00000a3, "STATUS_DEVICE_NOT_READY", false},
    Status{0xc00000ba, "STATUS_FILE_IS_A_DIRECTORY", false},
    Status{0xc00000bb, "STATUS_NOT_SUPPORTED", false},
    Status{0xc00000ca, "STATUS_NETWORK_ACCESS_DENIED", true},
    Status{0xc0000101, "STATUS_DIRECTORY_NOT_EMPTY", false},
    Status{0xc0000103, "STATUS_NOT_A_DIRECTORY", false},
    Status{0xc0000120, "STATUS_CANCELLED", false},
    Status{0xc0000121, "STATUS_CANNOT_DELETE", true},
    Status{0xc0000128, "STATUS_FILE_CLOSED", false},
    Status{0xc0000185, "STATUS_IO_DEVICE_ERROR", false},
    Status{0xc0000904, "STATUS_FILE_TOO_LARGE", true},
    Status{0xc0000906, "STATUS_VIRUS_INFECTED", true},
    Status{0xc0000907, "STATUS_VIRUS_DELETED", true},
};

const Status* find(std::uint32_t code) {
  const auto known = std::ranges::find(kStatuses, code, &Status::code);
  return known == kStatuses.end() ? nullptr : known;
}

}  // namespace

observation::NamedCode named_status(std::uint32_t ntstatus) {
  const auto* status = find(ntstatus);
  return {.code = ntstatus, .name = status == nullptr ? "" : status->name};
}

bool is_refusal(std::uint32_t ntstatus) {
  const auto* status = find(ntstatus);
  return status != nullptr && status->refusal;
}

}  // namespace remora::drives
