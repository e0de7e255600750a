#include "dissect/session/shared_files.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "dissect/session/tracker.h"
#include "tests/support/session_events.h"

namespace remora::session {
namespace {

using observation::SharedFileStep;
using std::chrono::seconds;
using Kind = SharedFileStep::Kind;
using Mechanism = SharedFileStep::Mechanism;

constexpr Moment kStart{seconds{1'700'000'000}};
constexpr auto kClient = Side::kInitiator;
constexpr auto kServer = Side::kAcceptor;

SharedFileStep step(Kind kind, std::uint64_t id, std::uint64_t bytes = 0,
                    std::optional<std::uint64_t> size = {}) {
  SharedFileStep told;
  told.kind = kind;
  told.id = id;
  told.name = "C:\\a";
  told.bytes = bytes;
  told.size = size;
  return told;
}

class Shared : public ::testing::Test {
 protected:
  void see(const SharedFileStep& step, bool by_client = true) {
    files_.on_step(step, by_client, now_, told_);
    now_ += seconds{1};
  }
  FileTransfer ended() {
    for (const auto& happening : told_) {
      if (const auto* end = std::get_if<FileTransferEnded>(&happening)) { return end->file; }
    }
    ADD_FAILURE() << "no transfer ended";
    return {};
  }
  FileResult result_of(SharedFileStep end) {
    told_.clear();
    see(step(Kind::kStarted, 1));
    see(end);
    return ended().result.value_or(FileResult::kNoResponse);
  }

  SharedFiles files_;
  std::vector<Happening> told_;
  Moment now_{kStart};
};

TEST_F(Shared, FileMoves) {
  see(step(Kind::kStarted, 1, 0, 5));
  see(step(Kind::kProgress, 1, 3, 5));
  ASSERT_EQ(told_.size(), 1U);
  const auto& begun = std::get<FileTransferStarted>(told_[0]).file;
  EXPECT_EQ(begun.start, kStart);
  EXPECT_EQ(begun.size, 5U);
  EXPECT_TRUE(begun.to_server);
  EXPECT_FALSE(begun.transferred.has_value());
  auto end = step(Kind::kEnded, 1, 5, 5);
  end.sha256 = observation::Sha256{};
  see(end);
  const auto file = ended();
  EXPECT_EQ(file.result, FileResult::kCompleted);
  EXPECT_EQ(file.end, kStart + seconds{2});
  EXPECT_EQ(file.transferred, 5U);
  EXPECT_EQ(file.mechanism, FileMechanism::kDrive);
  EXPECT_TRUE(file.sha256.has_value());
}

TEST_F(Shared, FileEndsInManyWays) {
  EXPECT_EQ(result_of(step(Kind::kEnded, 1, 5, 5)), FileResult::kCompleted);
  EXPECT_EQ(result_of(step(Kind::kEnded, 1, 3, 5)), FileResult::kIncomplete);
  EXPECT_EQ(result_of(step(Kind::kEnded, 1, 3)), FileResult::kCompleted);
  auto end = step(Kind::kEnded, 1, 5, 5);
  end.status = observation::NamedCode{.code = 0xc000007f, .name = "STATUS_DISK_FULL"};
  EXPECT_EQ(result_of(end), FileResult::kFailed);
  EXPECT_EQ(ended().status->name, "STATUS_DISK_FULL");
  end = step(Kind::kEnded, 1, 3, 5);
  end.cut_off = true;
  EXPECT_EQ(result_of(end), FileResult::kAborted);
}

TEST_F(Shared, FileOfWhichSomethingIsLost) {
  auto end = step(Kind::kEnded, 1, 3, 5);
  end.lost = true;
  EXPECT_EQ(result_of(end), FileResult::kCompleted);
  EXPECT_FALSE(ended().transferred.has_value());
  EXPECT_EQ(ended().size, 5U);
}

TEST_F(Shared, FileOfTheClipboard) {
  auto begin = step(Kind::kStarted, 1);
  begin.mechanism = Mechanism::kClipboard;
  auto end = step(Kind::kEnded, 1, 3, 5);
  end.mechanism = Mechanism::kClipboard;
  end.cut_off = true;
  see(step(Kind::kStarted, 1));  // of a drive: another
  see(begin, false);
  see(end, false);
  EXPECT_EQ(ended().result, FileResult::kCancelled);
  EXPECT_EQ(ended().mechanism, FileMechanism::kClipboard);
  EXPECT_FALSE(ended().to_server);
}

TEST_F(Shared, FilesEndWithTheSession) {
  see(step(Kind::kStarted, 1));
  see(step(Kind::kStarted, 2));
  see(step(Kind::kProgress, 1, 5, 5));
  see(step(Kind::kProgress, 2, 3, 5));
  told_.clear();
  files_.on_end(now_, told_);
  ASSERT_EQ(told_.size(), 2U);
  EXPECT_EQ(std::get<FileTransferEnded>(told_[0]).file.result, FileResult::kCompleted);
  EXPECT_EQ(std::get<FileTransferEnded>(told_[1]).file.result, FileResult::kAborted);
  EXPECT_EQ(std::get<FileTransferEnded>(told_[1]).file.transferred, 3U);
}

TEST_F(Shared, FileIsChanged) {
  see(step(Kind::kDeleted, 0), false);
  auto renamed = step(Kind::kRenamed, 0);
  renamed.new_name = "C:\\b";
  see(renamed, false);
  see(step(Kind::kRefused, 0), false);
  ASSERT_EQ(told_.size(), 3U);
  EXPECT_EQ(std::get<FileOperation>(told_[0]).what, FileOperation::What::kDeleted);
  EXPECT_FALSE(std::get<FileOperation>(told_[0]).to_server.has_value());
  EXPECT_EQ(std::get<FileOperation>(told_[1]).new_name, "C:\\b");
  EXPECT_EQ(std::get<FileOperation>(told_[2]).to_server, false);
}

TEST_F(Shared, FilesAreTooMany) {
  see(step(Kind::kStarted, 1));
  for (std::size_t i = 0; i < SharedFiles::kMaxTold + 10; ++i) { see(step(Kind::kDeleted, 0)); }
  see(step(Kind::kStarted, 2));
  see(step(Kind::kEnded, 2));
  see(step(Kind::kEnded, 1));
  EXPECT_EQ(told_.size(), SharedFiles::kMaxTold + 1);
  EXPECT_TRUE(std::holds_alternative<FileTransferEnded>(told_.back()));
}

/// The same in a tracked session.
class Sharing : public ::testing::Test {
 protected:
  Sharing() {
    flow_ = {.id = FrameNumber{1}, .initiator_known = true, .sides = {}};
    flow_.sides[0].address = {*IpAddress::parse("192.0.2.1"), Port{50000}};
    flow_.sides[1].address = {*IpAddress::parse("198.51.100.2"), Port{3389}};
    see(kClient, observation::ConnectionRequested{.requested_protocols = 0});
  }
  void see(Side from, Observation what) {
    now_ += seconds{1};
    tracker_.observe(flow_,
                     {.at = {.time = now_, .frame = FrameNumber{++frame_}},
                      .from = from,
                      .rule = "test",
                      .what = std::move(what),
                      .certainty = Certainty::kDecrypted},
                     news_);
    testing::take_sessions(news_, events_);
  }
  void close() {
    tracker_.flow_closed(flow_,
                         {.how = FlowClosure::How::kFin,
                          .by = kClient,
                          .at = {.time = now_, .frame = FrameNumber{++frame_}}},
                         news_);
    testing::take_sessions(news_, events_);
  }

  Tracker tracker_;
  FlowFacts flow_;
  Moment now_{kStart};
  std::uint64_t frame_{0};
  Events news_;
  std::vector<SessionEvent> events_;
};

TEST_F(Sharing, TellsMoreFilesThanAnythingElse) {
  constexpr std::size_t kFiles = 2000;
  for (std::uint64_t id = 1; id <= kFiles; ++id) {
    see(kServer, step(Kind::kStarted, id));
    see(kServer, step(Kind::kEnded, id, 5, 5));
  }
  see(kClient, step(Kind::kStarted, 9999));
  close();
  EXPECT_EQ(events_.size(), 1 + 2 * kFiles + 3);
  const auto& last = events_[events_.size() - 2];
  EXPECT_EQ(std::get<FileTransferEnded>(last.what).file.result, FileResult::kAborted);
  EXPECT_TRUE(std::get<FileTransferEnded>(last.what).file.to_server);
  EXPECT_EQ(last.evidence.at(0).rule, "session.end");
  EXPECT_EQ(last.certainty, Certainty::kDecrypted);
}

TEST_F(Sharing, NamesTheClient) {
  see(kClient, observation::ClientNamed{.name = "WS-ANNA"});
  see(kClient, observation::ClientNamed{.name = "WS-ANNA"});
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Updated>(events_[1].what));
  EXPECT_EQ(events_[1].session.client.names.at(0).source, NameSource::kRdpdr);
  EXPECT_EQ(events_[1].session.client.names.at(0).name, "WS-ANNA");
}

}  // namespace
}  // namespace remora::session
