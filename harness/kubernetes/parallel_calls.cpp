#include "harness/kubernetes/parallel_calls.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "harness/process/signalless_thread.hpp"

namespace nettest {

namespace {

constexpr std::size_t kAtOnce = 8;

}  // namespace

Result<void> call_all(const Cluster& cluster,
                      const std::vector<std::function<Result<void>(ApiClient&)>>& calls,
                      OnInterrupt on_interrupt) {
  std::vector<Result<void>> results(calls.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    auto client = cluster.client(on_interrupt);
    for (auto i = next++; i < calls.size(); i = next++) {
      results[i] = calls[i](client);
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(kAtOnce, calls.size()); ++i) {
    threads.push_back(signalless_thread(work));
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (auto& result : results) {
    if (!result) {
      return result;
    }
  }
  return {};
}

}  // namespace nettest
