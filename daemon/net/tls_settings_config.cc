#include "daemon/net/tls_settings_config.h"

namespace remora::net {

delivery::TlsSettings read_tls_settings(config::Map& output) {
  const bool present = output.has("tls");
  auto block = output.map("tls");
  delivery::TlsSettings settings{
      .enabled = block.flag("enabled", present),
      .ca_file = block.text("ca_file"),
      .certificate_file = block.text("certificate_file"),
      .key_file = block.text("key_file"),
      .server_name = block.text("server_name"),
      .verify = block.flag("verify", true),
  };
  if (settings.certificate_file.empty() && !settings.key_file.empty()) {
    block.complain("key_file", "has no certificate; set certificate_file as well");
  }
  if (!settings.verify && !settings.ca_file.empty()) {
    block.complain("verify", "false makes ca_file useless; leave one of them out");
  }
  block.done();
  return settings;
}

}  // namespace remora::net
