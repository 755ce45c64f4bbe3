// Threads that leave signals to the main thread. Touches the signal mask.
#pragma once

#include <csignal>
#include <thread>
#include <utility>

namespace nettest {

/// Starts a thread in which every signal is blocked (pthreads(7): a new thread inherits the mask).
/// A signal for the process then interrupts no system call of a helper thread, and the main thread,
/// which waits for it, gets it. std::system_error when there can be no more threads.
template <typename Work>
std::thread signalless_thread(Work&& work) {
  sigset_t all;
  sigfillset(&all);
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread thread(std::forward<Work>(work));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

}  // namespace nettest
