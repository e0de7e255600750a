// Random traffic: the table ends the same flows at the same time for the same reason as a model
// that looks at every flow every second.

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "capture/flow/flow_table.h"
#include "tests/capture/flow/made_packet.h"

namespace remora::capture {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

using End = std::tuple<FrameNumber, FlowEnd, Moment, FrameNumber>;

class Model {
 public:
  explicit Model(const FlowLimits& limits) : limits_{limits} {}

  void expire(Moment now, std::vector<End>& ended) {
    const auto tick = std::chrono::floor<seconds>(now);
    if (tick <= tick_) { return; }
    tick_ = tick;
    drop_if(
        [&](const Known& flow) { return deadline(flow) <= tick_; },
        [&](const Known& flow) {
          return closing(flow) ? closed(flow) : End{flow.id, FlowEnd::kTimeout, deadline(flow), {}};
        },
        ended);
  }

  /// True where the flow is new.
  bool place(std::uint32_t client, bool from_client, const Packet& packet,
             std::vector<End>& ended) {
    auto known = flows_.find(client);
    if (known != flows_.end() && packet.flags == TcpFlags{TcpFlag::kSyn} &&
        is_another(known->second, from_client ? 0 : 1, packet)) {
      if (awaits_answer(known->second, from_client)) {
        known->second.heard.at(from_client ? 0 : 1) = true;
        return false;
      }
      const auto& old = known->second;
      if (old.wanted) {
        ended.push_back(closing(old) ? closed(old) : End{old.id, FlowEnd::kTimeout, old.last, {}});
      }
      flows_.erase(known);
      known = flows_.end();
    }
    const bool is_new = known == flows_.end();
    if (is_new) {
      known = flows_.emplace(client, Known{.id = packet.at.frame, .last = packet.at.time}).first;
      // Who speaks first began it, unless it is the answer.
      const bool answer = packet.flags == TcpFlags{TcpFlag::kSyn, TcpFlag::kAck};
      known->second.begun_by_client = from_client != answer;
    }
    auto& flow = known->second;
    flow.last = std::max(flow.last, packet.at.time);
    flow.last_frame = packet.at.frame;
    flow.heard.at(from_client ? 0 : 1) = true;
    auto& syn = flow.syn.at(from_client ? 0 : 1);
    if (packet.flags.has(TcpFlag::kSyn) && !syn.has_value()) { syn = packet.sequence; }
    return is_new;
  }

  void follow(std::uint32_t client, bool from_client, const Packet& packet) {
    auto& flow = flows_.at(client);
    const bool reset = packet.flags.has(TcpFlag::kRst);
    const bool fin = packet.flags.has(TcpFlag::kFin);
    auto& end = flow.ends.at(from_client ? 0 : 1);
    if (flow.wanted && end.has_value() && goes_on_after(*end, packet)) { end.reset(); }
    if (!reset && !fin) { return; }
    // Of two FINs the last counts where the peer is not heard; the first where nobody looks.
    if (fin && end.has_value() && end->fin && end->place != packet.sequence && flow.wanted) {
      end.reset();
    }
    if (!end.has_value()) {
      end = Known::Ending{.at = packet.at, .place = packet.sequence, .fin = fin, .reset = reset};
    } else if (end->fin || !flow.wanted) {
      end->fin = end->fin || fin;
      end->reset = end->reset || reset;
    }
  }

  void want(std::uint32_t client) { flows_.at(client).wanted = true; }

  void finish(std::vector<End>& ended) {
    drop_if([](const Known&) { return true; },
            [](const Known& flow) {
              return closing(flow) ? closed(flow)
                                   : End{flow.id, FlowEnd::kCaptureEnd, flow.last, flow.last_frame};
            },
            ended);
  }

  [[nodiscard]] std::size_t size() const { return flows_.size(); }

 private:
  struct Known {
    FrameNumber id{};
    Moment last;
    FrameNumber last_frame{};
    std::array<bool, 2> heard{};
    struct Ending {
      Instant at;
      std::uint32_t place;
      bool fin;
      bool reset;
    };
    std::array<std::optional<Ending>, 2> ends{};
    std::array<std::optional<std::uint32_t>, 2> syn{};
    bool wanted{false};
    bool begun_by_client{true};
  };

  static bool is_another(const Known& flow, std::size_t side, const Packet& packet) {
    if (closing(flow)) { return true; }
    if (flow.syn.at(side).has_value()) { return flow.syn.at(side) != packet.sequence; }
    const bool initiator_known = flow.syn[0].has_value() || flow.syn[1].has_value();
    return !initiator_known && flow.heard.at(side);
  }
  static bool awaits_answer(const Known& flow, bool from_client) {
    const bool from_initiator = from_client == flow.begun_by_client;
    return !flow.wanted && !closing(flow) && from_initiator &&
           flow.syn.at(flow.begun_by_client ? 1 : 0).has_value();
  }
  static bool goes_on_after(const Known::Ending& end, const Packet& packet) {
    if (end.fin || packet.flags.has(TcpFlag::kRst) || !packet.flags.has(TcpFlag::kAck)) {
      return false;
    }
    if (packet.flags.has(TcpFlag::kFin)) { return packet.sequence + 1 > end.place; }
    return packet.at.time - end.at.time > seconds{1};
  }
  static bool closing(const Known& flow) { return flow.ends[0] || flow.ends[1]; }
  static const Known::Ending& first(const Known& flow) {
    if (!flow.ends[0]) { return *flow.ends[1]; }
    if (!flow.ends[1]) { return *flow.ends[0]; }
    return flow.ends[0]->at.frame < flow.ends[1]->at.frame ? *flow.ends[0] : *flow.ends[1];
  }
  static bool by_reset(const Known& flow) { return closing(flow) && !first(flow).fin; }
  static bool over(const Known& flow) {
    const auto& [one, two] = flow.ends;
    return (one && one->reset) || (two && two->reset) || (one && two && one->fin && two->fin);
  }
  static End closed(const Known& flow) {
    const auto& end = first(flow);
    return {flow.id, end.fin ? FlowEnd::kFin : FlowEnd::kReset, end.at.time, end.at.frame};
  }
  [[nodiscard]] Moment deadline(const Known& flow) const {
    if (over(flow)) {
      return flow.last + (flow.wanted && by_reset(flow) ? limits_.reset_linger : limits_.linger);
    }
    if (closing(flow)) { return flow.last + limits_.half_close_timeout; }
    if (flow.wanted) { return flow.last + limits_.interest_timeout; }
    return flow.last +
           (flow.heard[0] && flow.heard[1] ? limits_.idle_timeout : limits_.half_open_timeout);
  }
  template <typename Is, typename Tell>
  void drop_if(Is is, Tell tell, std::vector<End>& ended) {
    std::map<FrameNumber, End> told;
    std::erase_if(flows_, [&](const auto& known) {
      if (!is(known.second)) { return false; }
      if (known.second.wanted) { told.emplace(known.second.id, tell(known.second)); }
      return true;
    });
    for (const auto& [id, end] : told) { ended.push_back(end); }
  }

  FlowLimits limits_;
  std::map<std::uint32_t, Known> flows_;
  Moment tick_{Moment::min()};
};

class RandomTraffic : public ::testing::TestWithParam<unsigned> {
 protected:
  std::uint32_t below(std::uint32_t limit) {
    return std::uniform_int_distribution<std::uint32_t>{0, limit - 1}(random_);
  }

  /// Mostly little by little, at times by minutes, seldom by years, and back.
  void pass_time() {
    const auto what = below(1000);
    if (what < 950) {
      now_ += milliseconds{below(300)};
    } else if (what < 990) {
      now_ += seconds{below(120)};
    } else if (what < 995) {
      now_ -= seconds{below(400)};
    } else if (what < 999) {
      now_ += std::chrono::hours{below(3)};
    } else {
      now_ += std::chrono::hours{24 * 200};
    }
  }

  TcpFlags flags(bool from_client) {
    switch (below(12)) {
      case 0:
      case 1:
        return from_client ? TcpFlags{TcpFlag::kSyn} : TcpFlags{TcpFlag::kSyn, TcpFlag::kAck};
      case 3:
        return {TcpFlag::kFin, TcpFlag::kAck};
      case 4:
        return below(3) == 0 ? TcpFlags{TcpFlag::kRst} : TcpFlags{TcpFlag::kAck};
      default:
        return {TcpFlag::kAck};
    }
  }

  void step() {
    pass_time();
    const auto client = below(400);
    const bool from_client = below(3) > 0;
    MadePacket packet{client, now_, flags(from_client)};
    if (!from_client) { packet.answering(); }
    packet.with(1000 + (from_client ? below(2) : 0));
    table_.expire(packet.at.time, got_);
    const auto placed = table_.place(packet, got_);
    model_.expire(packet.at.time, expected_);
    const bool is_new = model_.place(client, from_client, packet, expected_);
    ASSERT_EQ(placed.flow->id == packet.at.frame, is_new);
    // Of those whose peer is heard ends_test tells.
    const bool heard = placed.flow->syn_seen[0] && placed.flow->syn_seen[1];
    if (below(4) == 0 && !placed.flow->closing && placed.flow->detail == nullptr && !heard) {
      table_.attach_detail(*placed.flow);
      placed.flow->interest = Interest::kWanted;
      model_.want(client);
    }
    table_.follow_state(placed, packet);
    model_.follow(client, from_client, packet);
    compare();
  }

  void compare() {
    std::vector<End> got;
    for (const auto& end : got_) { got.emplace_back(end.flow.id, end.how, end.at, end.frame); }
    ASSERT_EQ(got, expected_);
    ASSERT_EQ(table_.size(), model_.size());
    told_ += got.size();
    got_.clear();
    expected_.clear();
  }

  std::mt19937 random_{GetParam()};
  Nanoseconds now_{seconds{1'800'000'000}};
  FlowLimits limits_;
  FlowTable table_{limits_};
  Model model_{limits_};
  std::vector<EndedFlow> got_;
  std::vector<End> expected_;
  std::size_t told_{0};
};

TEST_P(RandomTraffic, EndsAsTheModelSays) {
  for (int packet = 0; packet < 30'000; ++packet) {
    step();
    if (HasFatalFailure()) { return; }
  }
  table_.finish(got_);
  model_.finish(expected_);
  compare();
  EXPECT_EQ(table_.size(), 0U);
  EXPECT_GT(told_, 1000U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTraffic, ::testing::Range(1U, 9U));

}  // namespace
}  // namespace remora::capture
