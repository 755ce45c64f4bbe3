// The Asio side of Reactor, for the files of this folder only.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "harness/process/reactor.hpp"

namespace nettest {

struct Reactor::Loop {
  // One thread: no locks needed inside.
  boost::asio::io_context io{1};
  /// Where Boost.Process forks. It is empty: the child rebuilds the context that it was forked
  /// from, which would cost time for every descriptor of `io`.
  boost::asio::io_context launching{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  boost::asio::posix::stream_descriptor interrupts{io};
  bool watching_interrupts = false;

  void watch_interrupts();
};

}  // namespace nettest
