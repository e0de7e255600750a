#include "daemon/routes/make_output.h"

#include <map>
#include <string>

#include "daemon/outputs/file/config.h"
#include "daemon/outputs/file/output.h"
#include "daemon/outputs/kafka/config.h"
#include "daemon/outputs/kafka/output.h"
#include "daemon/outputs/otlp/config.h"
#include "daemon/outputs/otlp/output.h"
#include "daemon/outputs/store/config.h"
#include "daemon/outputs/store/output.h"
#include "daemon/outputs/stream/config.h"
#include "daemon/outputs/stream/output.h"
#include "daemon/outputs/syslog/config.h"
#include "daemon/outputs/syslog/output.h"

namespace remora::routes {
namespace {

using Made = std::unique_ptr<delivery::Output>;
using Make = Made (*)(config::Map&);

const std::map<std::string, Make> kOutputs{
    {"file",
     [](config::Map& map) -> Made {
       return std::make_unique<outputs::file::FileOutput>(outputs::file::read_config(map));
     }},
    {"kafka",
     [](config::Map& map) -> Made {
       return std::make_unique<outputs::kafka::KafkaOutput>(outputs::kafka::read_config(map));
     }},
    {"otlp",
     [](config::Map& map) -> Made {
       return std::make_unique<outputs::otlp::OtlpOutput>(outputs::otlp::read_config(map));
     }},
    {"store",
     [](config::Map& map) -> Made {
       return std::make_unique<outputs::store::StoreOutput>(outputs::store::read_config(map));
     }},
    {"stream",
     [](config::Map& map) -> Made {
       return std::make_unique<outputs::stream::Output>(outputs::stream::read_config(map));
     }},
    {"syslog",
     [](config::Map& map) -> Made {
       return std::make_unique<outputs::syslog::SyslogOutput>(outputs::syslog::read_config(map));
     }},
};

}  // namespace

std::unique_ptr<delivery::Output> make_output(config::Map& map) {
  if (!map.has("type")) {
    (void)map.required("type");
    return nullptr;
  }
  // A word that is not in the table is complained of by `word`.
  const Make make = map.word<Make>("type", kOutputs, nullptr);
  return make == nullptr ? nullptr : make(map);
}

}  // namespace remora::routes
