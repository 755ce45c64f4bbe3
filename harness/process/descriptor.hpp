// A file descriptor that closes itself. Touches the kernel only to close.
#pragma once

#include <unistd.h>
#include <utility>

namespace nettest {

/// Owns a descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Descriptor old(std::exchange(number_, other.release()));
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }
  /// Gives the descriptor away; this object is empty afterwards.
  int release() { return std::exchange(number_, -1); }
  void close() { *this = Descriptor(); }

 private:
  int number_ = -1;
};

}  // namespace nettest
