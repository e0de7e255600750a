#include "daemon/pipeline/worker_pool.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace remora::pipeline {
namespace {

constexpr std::size_t kCaller = 0;
/// To put a thread to sleep and to wake it costs as much as a tenth of a batch: a helper that ran
/// out of work sleeps until several have come. The caller needs no helper to get done.
constexpr std::ptrdiff_t kBatchesToWake = 3;
/// Each thread finds so many tasks in a batch, if it gets its share and there are shards for that:
/// few enough that the lock is seldom asked for, and enough that they end together.
constexpr std::size_t kTasksOfThread = 4;

}  // namespace

WorkerPool::WorkerPool(Families families, const WorkerSettings& each, std::size_t threads,
                       std::function<bool()> before)
    : thread_count_{std::max<std::size_t>(threads, 1)}, before_{std::move(before)} {
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
  bool enough = false;
  {
    const std::lock_guard lock{mutex_};
    submitted_.push_back(std::make_unique<Job>(Job{.batch = std::move(batch)}));
    const auto to_begin =
        std::ranges::count_if(submitted_, [](const auto& job) { return job->to_begin != 0; });
    enough = to_begin >= kBatchesToWake;
  }
  if (enough) { work_came_.notify_all(); }
}

std::unique_ptr<Batch> WorkerPool::take() {
  work_came_.notify_all();  // all of it has to be done now
  std::unique_lock lock{mutex_};
  while (!work_off_oldest(lock)) { work_done_.wait(lock); }
  return pop_oldest();
}

std::unique_ptr<Batch> WorkerPool::try_take() {
  std::unique_lock lock{mutex_};
  return work_off_oldest(lock) ? pop_oldest() : nullptr;
}

/// False where only others work on what is left of it.
bool WorkerPool::work_off_oldest(std::unique_lock<std::mutex>& lock) {
  const auto& oldest = *submitted_.front();
  while (oldest.to_finish != 0) {
    const auto task = next_task(kCaller);
    if (!task.has_value()) { return false; }
    work(*task, lock);
  }
  return true;
}

/// Needs the lock.
std::unique_ptr<Batch> WorkerPool::pop_oldest() {
  auto batch = std::move(submitted_.front()->batch);
  submitted_.pop_front();
  return batch;
}

/// Shards of the oldest batch for which their turn has come. Each thread begins to look elsewhere,
/// so that it mostly meets the flows again that it has in its cache. Needs the lock.
std::optional<WorkerPool::Task> WorkerPool::next_task(std::size_t thread) {
  const auto first = static_cast<int>(thread * kShards / thread_count_ % kShards);
  auto blocked = busy_;
  for (const auto& job : submitted_) {
    const auto free = static_cast<ShardSet>(job->to_begin & ~blocked);
    if (free != 0) {
      const auto most = std::max<std::size_t>(1, kShards / (kTasksOfThread * thread_count_));
      auto left = std::rotr(free, first);
      for (std::size_t taken = 0; taken < most; ++taken) {
        left = static_cast<ShardSet>(left & (left - 1U));  // without the lowest
      }
      const auto shards = static_cast<ShardSet>(free ^ std::rotl(left, first));
      return Task{.job = job.get(), .shards = shards};
    }
    blocked |= job->to_begin;
  }
  return std::nullopt;
}

/// Gives the lock back while it works.
void WorkerPool::work(const Task& task, std::unique_lock<std::mutex>& lock) {
  const auto [job, shards] = task;
  job->to_begin ^= shards;
  busy_ |= shards;
  lock.unlock();
  auto& batch = *job->batch;
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    if ((shards >> shard & 1U) == 0) { continue; }
    shards_.at(shard)->on_batch(batch, shard, batch.reports.at(shard));
  }
  lock.lock();
  busy_ ^= shards;
  job->to_finish ^= shards;
  if (job->to_finish == 0) { work_done_.notify_one(); }
}

/// Gives the lock back meanwhile. True where there was something to do.
bool WorkerPool::help(std::unique_lock<std::mutex>& lock) {
  if (!before_) { return false; }
  lock.unlock();
  const bool helped = before_();
  lock.lock();
  return helped;
}

void WorkerPool::run(std::size_t thread) {
  std::unique_lock lock{mutex_};
  while (true) {
    const bool helped = help(lock);
    if (const auto task = next_task(thread)) {
      work(*task, lock);
    } else if (stopping_) {
      return;
    } else if (!helped) {
      work_came_.wait(lock);
    }
  }
}

}  // namespace remora::pipeline
