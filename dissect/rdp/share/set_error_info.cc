#include "dissect/rdp/share/set_error_info.h"

namespace remora::rdp {

SetErrorInfo read_set_error_info(Cursor& in) {
  return {.error_info = in.u32le("errorInfo")};
}

StatusInfo read_status_info(Cursor& in) {
  return {.status_code = in.u32le("statusCode")};
}

}  // namespace remora::rdp
