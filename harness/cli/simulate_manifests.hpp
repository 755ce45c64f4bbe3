// What `nettest simulate` makes of ordinary manifests: the matrix of their pods. Touches files for
// reading.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/static/static_io.hpp"
#include "results/simulation.hpp"

namespace nettest {

/// Says whether `path` names manifests and no suite: a directory, standard input (-), or a file
/// with Kubernetes objects of which none is a Suite.
bool names_manifests(const std::string& path);

/// A cluster of manifests, predicted.
struct SimulatedManifests {
  Simulation simulation;
  /// 0, or what the input asks for (policies of a kind that nettest does not evaluate).
  int code = 0;
};

/// Predicts every pair of pods on every port that is served, by pod IP. Nothing when the manifests
/// are wrong, or too many for a matrix; says so.
std::optional<SimulatedManifests> simulate_manifests(const StaticInput& input, StaticIo& io);

}  // namespace nettest
