#pragma once

#include <string>

namespace remora::cli {

/// One line on standard error. Texts name what is concerned first: "my.pcap: is a directory".
void tell_error(const std::string& text);
void tell_warning(const std::string& text);

}  // namespace remora::cli
