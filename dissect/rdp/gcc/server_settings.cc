#include "dissect/rdp/gcc/server_settings.h"

#include "dissect/encoding/digest.h"

namespace remora::rdp {
namespace {

void add_security(const ServerSecurity& security, observation::ServerSettings& settings) {
  settings.encryption_method = static_cast<std::uint32_t>(security.encryption_method);
  settings.encryption_level = static_cast<std::uint32_t>(security.encryption_level);
  if (!security.certificate) { return; }
  settings.certificate = security.certificate->kind;
  if (security.certificate->public_key) {
    settings.public_key_bits = security.certificate->public_key->bits;
  }
  if (!security.certificate->public_key_blob.empty()) {
    settings.public_key_digest = encoding::sha1(security.certificate->public_key_blob);
    settings.public_key_sha256 = encoding::sha256(security.certificate->public_key_blob);
  }
}

}  // namespace

observation::ServerSettings to_server_settings(const ServerBlocks& blocks,
                                               std::uint8_t mcs_result) {
  observation::ServerSettings settings;
  settings.mcs_result = mcs_result;
  if (blocks.core) {
    settings.version = blocks.core->version;
    settings.client_requested_protocols = blocks.core->client_requested_protocols;
    settings.early_capability_flags = blocks.core->early_capability_flags;
  }
  if (blocks.security) { add_security(*blocks.security, settings); }
  if (blocks.network) {
    settings.io_channel_id = blocks.network->mcs_channel_id;
    settings.channel_ids = blocks.network->channel_ids;
  }
  if (blocks.message_channel) {
    settings.message_channel_id = blocks.message_channel->mcs_channel_id;
  }
  if (blocks.multitransport) { settings.multitransport_flags = blocks.multitransport->flags; }
  return settings;
}

}  // namespace remora::rdp
