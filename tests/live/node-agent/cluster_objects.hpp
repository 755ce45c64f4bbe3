// What a cluster's API has told so far, and the state that it makes. Pure.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "suites/world.hpp"

namespace nettest {

/// A state with its addresses, as the policy compiler takes it.
struct KnownState {
  ClusterState state;
  AddressBook addresses;
};

/// Pods, namespaces and policies, as the API writes them.
class ClusterObjects {
 public:
  /// Takes an object in, or out. Only what matters to policies is kept.
  void put(const nlohmann::json& object);
  void remove(const nlohmann::json& object);

  /// An Error names the object that cannot be read.
  [[nodiscard]] Result<KnownState> read() const;

 private:
  struct Kept {
    std::string manifest;
    PodId pod;
    std::string node;
  };
  std::map<std::string, Kept> kept_;
};

}  // namespace nettest
