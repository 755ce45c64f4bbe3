// What the user said about engines beside their name. Pure.
#pragma once

#include <string>

namespace nettest {

/// The flags of the kubernetes engine.
struct ClusterOptions {
  std::string kubectl = "kubectl";
  std::string kubeconfig = {};
  std::string context = {};
  bool current_context = false;
  std::string image = {};
  std::string registry = {};
  std::string pull_secret = {};
  bool exact_names = false;
  /// "agent" or "wget": who asks.
  std::string client = "agent";

  /// A cluster was chosen.
  [[nodiscard]] bool chosen() const {
    return current_context || !kubeconfig.empty() || !context.empty();
  }
};

/// What engines are made with.
struct EngineSettings {
  ClusterOptions cluster;
  /// Names and labels of what is deployed carry it; of `cleanup`: only that run, empty: all.
  std::string run_id = {};
};

}  // namespace nettest
