#include "daemon/pipeline/worker_pool.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace remora::pipeline {

WorkerPool::WorkerPool(Families families, const WorkerSettings& each, std::size_t threads)
    : thread_count_{std::max<std::size_t>(threads, 1)} {
  for (auto& shard : shards_) { shard = std::make_unique<FlowWorker>(families, each); }
  for (std::size_t thread = 1; thread < thread_count_; ++thread) {
    helpers_.emplace_back([this, thread] { run(thread); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  work_came_.notify_all();
  for (auto& helper : helpers_) { helper.join(); }
}

void WorkerPool::submit(std::unique_ptr<Batch> batch) {
  {
    const std::lock_guard lock{mutex_};
    submitted_.push_back(std::make_unique<Job>(Job{.batch = std::move(batch)}));
  }
  work_came_.notify_all();
}

std::unique_ptr<Batch> WorkerPool::take() {
  constexpr std::size_t kCaller = 0;
  std::unique_lock lock{mutex_};
  auto& oldest = *submitted_.front();
  while (oldest.to_finish != 0) {
    if (const auto task = next_task(kCaller)) {
      work(*task, lock);
    } else {
      work_done_.wait(lock);
    }
  }
  auto batch = std::move(oldest.batch);
  submitted_.pop_front();
  return batch;
}

/// A shard of the oldest batch for which its turn has come. Each thread begins to look elsewhere,
/// so that it mostly meets the flows again that it has in its cache. Needs the lock.
std::optional<WorkerPool::Task> WorkerPool::next_task(std::size_t thread) {
  const auto first = static_cast<int>(thread * kShards / thread_count_ % kShards);
  auto blocked = busy_;
  for (const auto& job : submitted_) {
    const auto free = static_cast<ShardSet>(job->to_begin & ~blocked);
    if (free != 0) {
      const auto shard =
          static_cast<std::size_t>(first + std::countr_zero(std::rotr(free, first))) % kShards;
      return Task{.job = job.get(), .shard = shard};
    }
    blocked |= job->to_begin;
  }
  return std::nullopt;
}

/// Gives the lock back while it works.
void WorkerPool::work(const Task& task, std::unique_lock<std::mutex>& lock) {
  auto& [job, shard] = task;
  const auto bit = static_cast<ShardSet>(1U << shard);
  job->to_begin ^= bit;
  busy_ |= bit;
  lock.unlock();
  auto& batch = *job->batch;
  shards_.at(shard)->on_batch(batch, shard, batch.reports.at(shard));
  lock.lock();
  busy_ ^= bit;
  job->to_finish ^= bit;
  if (job->to_finish == 0) { work_done_.notify_one(); }
}

void WorkerPool::run(std::size_t thread) {
  std::unique_lock lock{mutex_};
  while (true) {
    if (const auto task = next_task(thread)) {
      work(*task, lock);
    } else if (stopping_) {
      return;
    } else {
      work_came_.wait(lock);
    }
  }
}

}  // namespace remora::pipeline
