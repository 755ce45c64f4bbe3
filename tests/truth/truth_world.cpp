#include "tests/truth/truth_world.hpp"

#include "base/text.hpp"
#include "suites/suite_reader.hpp"

namespace nettest::truth {

namespace {

Pod pod(const char* ns, const char* name, const Labels& labels) {
  Pod made;
  made.id = {ns, name};
  made.labels = labels;
  const bool odd = made.id == PodId{"y", "b"};
  made.ports.push_back({odd ? "old" : "web", 80, Protocol::tcp, Serve::plain});
  if (odd) {
    made.ports.push_back({"web", 8080, Protocol::tcp, Serve::plain});
  }
  if (made.id.name == "a") {
    made.ports.push_back({"dns", 53, Protocol::udp, Serve::plain});
  }
  return made;
}

char symbol(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed:
      return '.';
    case Verdict::blocked:
      return 'X';
    case Verdict::either:
      break;
  }
  return '?';
}

}  // namespace

void PrintTo(const Truth& truth, std::ostream* out) {
  *out << truth.name;
}

World small_world() {
  World world;
  const char* const kName = "kubernetes.io/metadata.name";
  world.namespaces = {{"x", {{kName, "x"}, {"ns", "x"}}, false, {}},
                      {"y", {{kName, "y"}, {"ns", "y"}}, false, {}},
                      {"z", {{kName, "z"}}, false, {}}};
  world.pods = {pod("x", "a", {{"pod", "a"}}),
                pod("x", "b", {{"pod", "b"}}),
                pod("y", "a", {{"pod", "a"}}),
                pod("y", "b", {{"pod", "b"}}),
                pod("z", "n", {})};
  return world;
}

AddressBook small_addresses() {
  AddressBook book;
  const std::vector<std::pair<PodId, std::string>> hosts = {{{"x", "a"}, "1.1"},
                                                            {{"x", "b"}, "1.2"},
                                                            {{"y", "a"}, "2.1"},
                                                            {{"y", "b"}, "2.2"},
                                                            {{"z", "n"}, "3.1"}};
  for (const auto& [id, host] : hosts) {
    const auto parts = split(host, '.');
    book.pods[id] = {*IpAddress::parse("10.0." + host),
                     *IpAddress::parse("fd00::" + parts[0] + ":" + parts[1])};
  }
  return book;
}

ClusterState state_with(const std::string& manifests) {
  ClusterState state;
  state.world = small_world();
  if (manifests.empty()) {
    return state;
  }
  auto policies = read_policies_text(manifests, "truth.yaml", "x");
  if (!policies) {
    for (const auto& error : policies.error()) {
      ADD_FAILURE() << to_string(error) << "\n" << manifests;
    }
    return state;
  }
  for (const auto& policy : *policies) {
    auto resolved = resolve_placeholders(policy, small_addresses());
    if (!resolved) {
      ADD_FAILURE() << to_string(resolved.error());
      continue;
    }
    state.policies.push_back(*std::move(resolved));
  }
  return state;
}

Protocol protocol_of(const std::string& port_and_protocol) {
  const auto name = split(port_and_protocol, '/').at(1);
  for (const auto protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (name == to_string(protocol)) {
      return protocol;
    }
  }
  ADD_FAILURE() << port_and_protocol;
  return Protocol::tcp;
}

Port port_of(const std::string& port_and_protocol) {
  return static_cast<Port>(std::stoi(port_and_protocol));
}

std::vector<std::string> predicted(const ClusterState& state, const Matrix& asked) {
  const Simulator simulator(state, small_addresses());
  std::vector<std::string> rows;
  for (const auto& from : state.world.pods) {
    std::string row;
    for (const auto& to : state.world.pods) {
      Probe probe;
      probe.from = from.id;
      probe.to = to.id;
      probe.port = port_of(asked.port);
      probe.protocol = protocol_of(asked.port);
      probe.family = asked.family;
      row += symbol(simulator.verdict(probe));
      EXPECT_EQ(simulator.predict(probe).verdict, simulator.verdict(probe)) << to_string(probe);
    }
    rows.push_back(row);
  }
  return rows;
}

void check(const Truth& truth) {
  const ClusterState state = state_with(truth.manifests);
  ASSERT_FALSE(truth.matrices.empty());
  for (const auto& matrix : truth.matrices) {
    EXPECT_EQ(join(predicted(state, matrix), "\n"), join(matrix.rows, "\n"))
        << truth.sentence << "\nasked: " << matrix.port << " " << to_string(matrix.family) << "\n"
        << truth.manifests;
  }
}

TEST_P(TruthTest, IsWhatTheSimulatorSays) {
  check(GetParam());
}

}  // namespace nettest::truth
