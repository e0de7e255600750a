#include "daemon/configuration/configuration.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string_view>
#include <yaml-cpp/yaml.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/settings/default_configuration.h"

namespace remora::configuration {
namespace {

using ::testing::IsEmpty;

struct Reading {
  Configuration configuration;
  config::Problems problems;
  std::set<std::string> asked;
};

Reading read_text(const std::string& text) {
  Reading reading;
  auto map = config::Map::read_text(text, "r.yaml", reading.problems);
  map.record(reading.asked);
  reading.configuration = read(map, spool::Overflow::kGiveUpLeast);
  return reading;
}

/// With the options that are commented out: those behind a # without a space.
std::string with_everything() {
  return std::regex_replace("\n" + settings::default_configuration(),
                            std::regex{R"((\n *)#(?=[^ \n]))"}, "$1");
}

void add_keys(const YAML::Node& node, const std::string& path, std::set<std::string>& keys) {
  if (node.IsSequence()) {
    for (const auto& element : node) { add_keys(element, path, keys); }
  }
  if (!node.IsMap()) { return; }
  for (const auto& entry : node) {
    const auto key = (path.empty() ? "" : path + '.') + entry.first.Scalar();
    keys.insert(key);
    add_keys(entry.second, key, keys);
  }
}

std::set<std::string> keys_of(const std::string& text) {
  std::set<std::string> keys;
  add_keys(YAML::Load(text), "", keys);
  return keys;
}

std::string page(const char* name) {
  std::ifstream in{std::filesystem::path{REMORA_DOCS} / name};
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(DefaultConfiguration, SaysWhatIsSoAnyhow) {
  const auto [configuration, problems, asked] = read_text(settings::default_configuration());
  EXPECT_THAT(problems, IsEmpty());
  const Configuration defaults;
  EXPECT_EQ(configuration.sensor_name, defaults.sensor_name);
  EXPECT_EQ(configuration.user, defaults.user);
  EXPECT_EQ(configuration.capture, defaults.capture);
  EXPECT_EQ(configuration.analysis, defaults.analysis);
  EXPECT_EQ(configuration.keys, defaults.keys);
  EXPECT_EQ(configuration.networks, defaults.networks);
  EXPECT_EQ(configuration.hosts, defaults.hosts);
  EXPECT_EQ(configuration.privacy, defaults.privacy);
  EXPECT_EQ(configuration.health_interval, defaults.health_interval);
  const auto& routes = configuration.routes;
  const auto [bare, told, ignored] = read_text("outputs: [{name: a, type: store}]\n");
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(routes.spool.path, bare.routes.spool.path);
  EXPECT_EQ(routes.spool.max_bytes, bare.routes.spool.max_bytes);
  EXPECT_EQ(routes.spool.overflow, bare.routes.spool.overflow);
  EXPECT_EQ(routes.drain, bare.routes.drain);
  ASSERT_FALSE(routes.destinations.empty());
  for (const auto& destination : routes.destinations) {
    const auto& like = bare.routes.destinations.front().route;
    EXPECT_EQ(destination.route.batch.events, like.batch.events);
    EXPECT_EQ(destination.route.batch.bytes, like.batch.bytes);
    EXPECT_EQ(destination.route.batch.age, like.batch.age);
    EXPECT_EQ(destination.route.retry.first, like.retry.first);
    EXPECT_EQ(destination.route.retry.most, like.retry.most);
  }
}

TEST(DefaultConfiguration, HasEveryKeyThatIsRead) {
  const auto [configuration, problems, asked] = read_text(with_everything());
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(asked, keys_of(with_everything()));
  // What is commented out and yet a default.
  ASSERT_EQ(configuration.capture.interfaces.size(), 1U);
  auto interface = settings::Interface{};
  interface.name = configuration.capture.interfaces[0].name;
  EXPECT_EQ(configuration.capture.interfaces[0], interface);
  EXPECT_EQ(configuration.routes.spool.overflow, spool::Overflow::kGiveUpLeast);
}

TEST(DefaultConfiguration, IsDocumented) {
  const auto of_configuration = page("configuration.md") + page("watching.md");
  const auto of_outputs = page("outputs.md") + page("file.md") + page("store.md");
  constexpr std::string_view kOutputs = "outputs.";
  for (const auto& key : read_text(settings::default_configuration()).asked) {
    if (key.starts_with(kOutputs)) {
      // In tables as `batch.events`, in examples as they are nested.
      const auto rest = key.substr(kOutputs.size());
      const auto last = rest.substr(rest.rfind('.') + 1);
      EXPECT_TRUE(of_outputs.find('`' + rest + '`') != std::string::npos ||
                  of_outputs.find(' ' + last + ':') != std::string::npos ||
                  of_outputs.find('`' + rest + '.') != std::string::npos)
          << key;
      continue;
    }
    const bool is_section = of_configuration.find("\n## " + key + '\n') != std::string::npos ||
                            of_configuration.find('`' + key + '.') != std::string::npos;
    EXPECT_TRUE(is_section || of_configuration.find('`' + key + '`') != std::string::npos) << key;
  }
}

TEST(DefaultConfiguration, IsFitForATerminal) {
  std::istringstream lines{settings::default_configuration()};
  for (std::string line; std::getline(lines, line);) { EXPECT_LE(line.size(), 100U) << line; }
}

TEST(ConfigurationFile, TellsEverythingThatIsWrongAtOnce) {
  EXPECT_THAT(
      read_text("sensor: {name: \"\"}\nuser: \"\"\nhealth_interval: 2h\nnetworks: {excude: []}\n"
                "capture: {interfaces: [{}]}\nprivcy: {}\n")
          .problems,
      ::testing::UnorderedElementsAre(
          "r.yaml:1: sensor.name: is empty", "r.yaml:2: user: is empty; name an account",
          "r.yaml:3: health_interval: a time from 1s to 1h is wanted",
          "r.yaml:4: networks.excude: is not known; did you mean exclude?",
          "r.yaml:5: capture.interfaces[0].name: is missing",
          "r.yaml:6: privcy: is not known; did you mean privacy?",
          "r.yaml:1: outputs: no output is configured; docs/outputs.md has examples"));
}

}  // namespace
}  // namespace remora::configuration
