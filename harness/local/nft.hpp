// Loads rulesets into the kernel. The only home of libnftables.
#pragma once

#include <memory>

#include "base/error.hpp"
#include "harness/local/netlink.hpp"
#include "harness/local/nft_program.hpp"

struct nft_ctx;

namespace nettest {

/// What becomes of the connections that are tracked when rules change.
enum class Connections { forget, keep };

/// The ruleset of one network namespace. Used from one thread at a time, any thread.
class Nft {
 public:
  /// Opens the ruleset of the calling thread's network namespace.
  static Result<Nft> open();

  /// Puts `next` in the place of the program before, in one transaction: no packet ever sees half
  /// a ruleset. A program that is too big for one netlink message is loaded without hooks first.
  /// With `forget`, all connection tracking is forgotten then, so that no packet rides on an entry
  /// that the old rules let in: a connection that is open across a change is judged anew.
  Result<void> replace(const NftProgram& next, Connections open = Connections::forget);

 private:
  struct Free {
    void operator()(nft_ctx* context) const;
  };
  Nft(nft_ctx* context, Netlink netlink);
  Result<void> run(const std::string& commands);
  Result<void> stage(const NftProgram& next, std::string& last);
  Result<void> forget_connections();

  std::unique_ptr<nft_ctx, Free> context_;
  Netlink netlink_;
  std::string table_;
};

}  // namespace nettest
