// nettest: deploys pods, applies NetworkPolicies, probes, and compares with what
// the rules predict.
#include <string>
#include <vector>

#include "harness/cli/app.hpp"
#include "harness/cli/installed_engines.hpp"

int main(int argc, char** argv) {
  nettest::InstalledEngines engines;
  return nettest::nettest_main(std::vector<std::string>(argv + 1, argv + argc), engines);
}
