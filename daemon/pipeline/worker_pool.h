#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "capture/base/frame.h"
#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/flow_worker.h"

namespace remora::pipeline {

/// The shards of all flows, and the threads that work on them: none (the caller does the work), or
/// several, each owning every n-th shard. Batches are worked on in the order in which they were
/// submitted.
class WorkerPool {
 public:
  WorkerPool(Families families, const WorkerSettings& each, std::size_t threads);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  WorkerPool(WorkerPool&&) = delete;
  WorkerPool& operator=(WorkerPool&&) = delete;
  ~WorkerPool();

  /// Takes a batch to be worked on.
  void submit(std::unique_ptr<Batch> batch);
  [[nodiscard]] std::size_t in_flight() const { return submitted_.size(); }
  /// The oldest batch submitted, worked on; waits for it. Only while in_flight() > 0.
  [[nodiscard]] std::unique_ptr<Batch> take();

  /// Nothing may be in flight: from here on the shards belong to the caller.
  [[nodiscard]] std::array<std::unique_ptr<FlowWorker>, kShards>& shards() { return shards_; }
  [[nodiscard]] const std::array<std::unique_ptr<FlowWorker>, kShards>& shards() const {
    return shards_;
  }

 private:
  struct Job {
    std::unique_ptr<Batch> batch;
    std::size_t to_do{0};  ///< threads that have not worked on it yet
  };

  static void work(FlowWorker& worker, std::size_t shard, Batch& batch);
  void run(std::size_t thread);

  std::array<std::unique_ptr<FlowWorker>, kShards> shards_;
  std::deque<std::unique_ptr<Job>> submitted_;  ///< oldest first; only the caller's thread
  std::mutex mutex_;                            ///< of all below, and of Job::to_do
  std::condition_variable work_came_;
  std::condition_variable work_done_;
  std::vector<std::deque<Job*>> queues_;  ///< by thread
  bool stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace remora::pipeline
