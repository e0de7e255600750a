#include "daemon/pipeline/worker_pool.h"

#include <utility>

namespace remora::pipeline {

WorkerPool::WorkerPool(Families families, const WorkerSettings& each, std::size_t threads) {
  for (auto& shard : shards_) { shard = std::make_unique<FlowWorker>(families, each); }
  queues_.resize(threads);
  for (std::size_t thread = 0; thread < threads; ++thread) {
    threads_.emplace_back([this, thread] { run(thread); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  work_came_.notify_all();
  for (auto& thread : threads_) { thread.join(); }
}

void WorkerPool::work(FlowWorker& worker, std::size_t shard, Batch& batch) {
  worker.on_batch(batch, shard, batch.reports.at(shard));
}

void WorkerPool::submit(std::unique_ptr<Batch> batch) {
  auto job = std::make_unique<Job>(Job{.batch = std::move(batch), .to_do = threads_.size()});
  if (threads_.empty()) {
    for (std::size_t shard = 0; shard < kShards; ++shard) {
      work(*shards_.at(shard), shard, *job->batch);
    }
  } else {
    const std::lock_guard lock{mutex_};
    for (auto& queue : queues_) { queue.push_back(job.get()); }
  }
  submitted_.push_back(std::move(job));
  if (!threads_.empty()) { work_came_.notify_all(); }
}

std::unique_ptr<Batch> WorkerPool::take() {
  auto job = std::move(submitted_.front());
  submitted_.pop_front();
  if (!threads_.empty()) {
    std::unique_lock lock{mutex_};
    work_done_.wait(lock, [&] { return job->to_do == 0; });
  }
  return std::move(job->batch);
}

void WorkerPool::run(std::size_t thread) {
  std::unique_lock lock{mutex_};
  auto& queue = queues_[thread];
  while (true) {
    work_came_.wait(lock, [&] { return stopping_ || !queue.empty(); });
    if (queue.empty()) { return; }
    auto* const job = queue.front();
    queue.pop_front();
    lock.unlock();
    for (auto shard = thread; shard < kShards; shard += queues_.size()) {
      work(*shards_.at(shard), shard, *job->batch);
    }
    lock.lock();
    if (--job->to_do == 0) { work_done_.notify_one(); }
  }
}

}  // namespace remora::pipeline
