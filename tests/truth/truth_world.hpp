// Policies with matrices derived by hand from the documentation, and the small
// world that they speak of. Nothing in here may come from the simulator.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "probes/simulator/simulator.hpp"
#include "suites/world.hpp"

namespace nettest::truth {

/// Sources are rows, destinations columns, both in the order x/a x/b y/a y/b
/// z/n; `.` allowed, `X` blocked, `?` either.
struct Matrix {
  std::string port;
  std::vector<std::string> rows;
  IpFamily family = IpFamily::ipv4;
};

/// One case: what the documentation says, a policy, and what follows.
struct Truth {
  std::string name;
  std::string sentence;
  std::string manifests;
  std::vector<Matrix> matrices;
};

void PrintTo(const Truth& truth, std::ostream* out);

/// Namespaces x {ns: x}, y {ns: y}, z {}; pods x/a, x/b, y/a, y/b labelled
/// {pod: a} or {pod: b}, and z/n without labels. Addresses 10.0.1.1, 10.0.1.2,
/// 10.0.2.1, 10.0.2.2, 10.0.3.1 and fd00::1:1, … likewise. All serve 80/TCP; it
/// is called "web" in all but y/b, where "web" is 8080/TCP. x/a and y/a call
/// 53/UDP "dns".
World small_world();
AddressBook small_addresses();

/// The state with the policies of the manifests in force.
ClusterState state_with(const std::string& manifests);

Protocol protocol_of(const std::string& port_and_protocol);
Port port_of(const std::string& port_and_protocol);

/// Draws the matrix that the simulator predicts.
std::vector<std::string> predicted(const ClusterState& state, const Matrix& asked);

/// Fails where the simulator says otherwise.
void check(const Truth& truth);

class TruthTest : public testing::TestWithParam<Truth> {};

template <typename Row>
std::string name_of(const testing::TestParamInfo<Row>& info) {
  return info.param.name;
}

}  // namespace nettest::truth
