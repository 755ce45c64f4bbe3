#include "harness/lane.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "harness/fence.hpp"
#include "harness/installments.hpp"
#include "suites/suite_reader.hpp"

namespace nettest {

namespace {

void remember(AddressBook& book, const AddressBook& older) {
  book.pods.insert(older.pods.begin(), older.pods.end());
  book.services.insert(older.services.begin(), older.services.end());
  book.nodes.insert(older.nodes.begin(), older.nodes.end());
}

}  // namespace

Lane::Lane(const World& world, Engine& engine, Clock& clock, const RunOptions& options)
    : world_(world), engine_(engine), clock_(clock), options_(options) {}

Result<void> Lane::keep_in_mind(const Error& error) {
  if (error.kind == ErrorKind::engine || error.kind == ErrorKind::interrupted) {
    standing_ = Standing::in_doubt;
  }
  return tl::unexpected(error);
}

Result<void> Lane::deploy() {
  bare_ = {with_cluster_dns(world_), {}};
  const Capabilities capabilities = engine_.capabilities();
  if (!capabilities.synchronous) {
    bare_.world = with_fence(std::move(bare_.world), capabilities.nodes);
  }
  ++generation_;
  standing_ = Standing::in_doubt;
  auto addresses = engine_.deploy(bare_.world, clock_.now() + options_.deploy_timeout);
  if (!addresses) {
    hopeless_ = true;
    return keep_in_mind(addresses.error().while_doing("deploy the world"));
  }
  addresses_ = std::move(*addresses);
  known_ = addresses_;
  state_ = bare_;
  world_touched_ = false;
  standing_ = Standing::sound;
  return {};
}

Result<void> Lane::make_bare() {
  if (standing_ == Standing::sound) {
    const auto changes = difference(state_, bare_);
    if (changes.empty() && !world_touched_) {
      return {};
    }
    auto reset = send(changes);
    if (reset) {
      // The same, in the order of the suite: what is asked does not depend on what was asked
      // before.
      state_ = bare_;
      generation_ += world_touched_ ? 1 : 0;
      world_touched_ = false;
      return {};
    }
    if (reset.error().kind == ErrorKind::interrupted) {
      return tl::unexpected(reset.error().while_doing("undo the last case"));
    }
    standing_ = Standing::in_doubt;
  }
  if (standing_ == Standing::in_doubt) {
    if (auto removed = remove(); !removed) {
      hopeless_ = true;
      return tl::unexpected(removed.error().while_doing("make the world anew"));
    }
  }
  return deploy();
}

Result<void> Lane::send(const std::vector<Change>& resolved) {
  if (resolved.empty()) {
    return {};
  }
  ClusterState after = state_;
  for (const auto& change : resolved) {
    if (auto applied = apply_change(after, change); !applied) {
      return applied;
    }
  }
  auto addresses = engine_.apply(resolved, clock_.now() + options_.change_timeout);
  if (!addresses) {
    return keep_in_mind(addresses.error());
  }
  world_touched_ =
      world_touched_ || !std::all_of(resolved.begin(), resolved.end(), is_policy_change);
  state_ = std::move(after);
  addresses_ = std::move(*addresses);
  AddressBook known = addresses_;
  remember(known, known_);
  known_ = std::move(known);
  return {};
}

Result<void> Lane::apply(const std::vector<Change>& changes) {
  for (const auto& part : installments_of(changes)) {
    std::vector<Change> resolved(part.begin(), part.end());
    for (Change& change : resolved) {
      if (const auto* policy = std::get_if<ApplyPolicy>(&change.action)) {
        auto filled = resolve_placeholders(policy->policy, known_);
        if (!filled) {
          return tl::unexpected(filled.error());
        }
        change.action = ApplyPolicy{std::move(*filled)};
      }
    }
    if (auto sent = send(resolved); !sent) {
      return sent;
    }
  }
  return {};
}

Result<void> Lane::delete_policies() {
  std::vector<Change> changes;
  changes.reserve(state_.policies.size());
  for (const auto& policy : state_.policies) {
    changes.push_back({DeletePolicy{policy.id}, {}});
  }
  return send(changes);
}

Result<void> Lane::remove() {
  if (standing_ == Standing::nothing) {
    return {};
  }
  auto removed = engine_.remove(clock_.now() + options_.remove_timeout);
  if (!removed) {
    return tl::unexpected(removed.error().while_doing("remove the world"));
  }
  standing_ = Standing::nothing;
  return {};
}

}  // namespace nettest
