#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "capture/base/frame.h"
#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/flow_worker.h"

namespace remora::pipeline {

/// The shards of all flows, and the threads that work on them: the caller's, and others beside it.
/// Whoever is free takes some shards of the oldest batch that has any to do; the caller does so
/// while it would have to wait. Each shard goes through the batches in the order in which they were
/// submitted.
class WorkerPool {
 public:
  /// `threads` is how many work in all, at least the caller's. The others call `before` before they
  /// look for a batch; it says whether it did anything. It may be null; what it works on outlives
  /// this.
  WorkerPool(Families families, const WorkerSettings& each, std::size_t threads,
             std::function<bool()> before);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  WorkerPool(WorkerPool&&) = delete;
  WorkerPool& operator=(WorkerPool&&) = delete;
  ~WorkerPool();

  /// Takes a batch to be worked on.
  void submit(std::unique_ptr<Batch> batch);
  [[nodiscard]] std::size_t in_flight() const { return submitted_.size(); }
  /// The oldest batch submitted, worked on; works with the others until it is. Only while
  /// in_flight() > 0.
  [[nodiscard]] std::unique_ptr<Batch> take();
  /// The same, but null where nothing is left to do but to wait for the others.
  [[nodiscard]] std::unique_ptr<Batch> try_take();

  /// Nothing may be in flight: from here on the shards belong to the caller.
  [[nodiscard]] std::array<std::unique_ptr<FlowWorker>, kShards>& shards() { return shards_; }
  [[nodiscard]] const std::array<std::unique_ptr<FlowWorker>, kShards>& shards() const {
    return shards_;
  }

 private:
  using ShardSet = std::uint16_t;  ///< a bit each
  static_assert(kShards == 16);

  struct Job {
    std::unique_ptr<Batch> batch;
    ShardSet to_begin{0xffff};
    ShardSet to_finish{0xffff};
  };
  struct Task {
    Job* job{nullptr};
    ShardSet shards{0};
  };

  [[nodiscard]] std::optional<Task> next_task(std::size_t thread);
  void work(const Task& task, std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool work_off_oldest(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] std::unique_ptr<Batch> pop_oldest();
  [[nodiscard]] bool help(std::unique_lock<std::mutex>& lock);
  void run(std::size_t thread);

  std::size_t thread_count_;
  std::function<bool()> before_;
  std::array<std::unique_ptr<FlowWorker>, kShards> shards_;
  std::mutex mutex_;  ///< of all below
  std::condition_variable work_came_;
  std::condition_variable work_done_;
  std::deque<std::unique_ptr<Job>> submitted_;  ///< oldest first; changed by the caller alone
  ShardSet busy_{0};                            ///< somebody works on them
  bool stopping_{false};
  std::vector<std::thread> helpers_;
};

}  // namespace remora::pipeline
