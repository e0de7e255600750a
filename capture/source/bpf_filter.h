#pragma once

#include <map>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "capture/source/frame_source.h"

struct bpf_program;

namespace remora::capture {

/// A source that passes on only the frames that a pcap-filter(7) expression matches. Frames keep
/// the numbers that they have in the capture.
class BpfFilter final : public FrameSource {
 public:
  /// Fails, with libpcap's words, when the expression is not valid for Ethernet.
  [[nodiscard]] static tl::expected<std::unique_ptr<FrameSource>, std::string> wrap(
      std::unique_ptr<FrameSource> source, const std::string& expression);

  BpfFilter(std::unique_ptr<FrameSource> source, std::string expression);
  BpfFilter(const BpfFilter&) = delete;
  BpfFilter& operator=(const BpfFilter&) = delete;
  BpfFilter(BpfFilter&&) = delete;
  BpfFilter& operator=(BpfFilter&&) = delete;
  ~BpfFilter() override;

  [[nodiscard]] ReadStatus next(Frame& frame) override;
  [[nodiscard]] std::function<bool()> share_reading() override { return source_->share_reading(); }

 private:
  struct FreeProgram {
    void operator()(bpf_program* program) const;
  };
  using Program = std::unique_ptr<bpf_program, FreeProgram>;

  [[nodiscard]] static tl::expected<Program, std::string> compile(LinkType link,
                                                                  const std::string& expression);
  [[nodiscard]] bool matches(const Frame& frame);

  std::unique_ptr<FrameSource> source_;
  std::string expression_;
  std::map<LinkType, Program> programs_;  ///< null: the expression means nothing on that link
};

}  // namespace remora::capture
