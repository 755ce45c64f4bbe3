#include "harness/local/faults/faulty_compiler.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "harness/local/policy_compiler.hpp"
#include "harness/local/service_compiler.hpp"

namespace nettest {

namespace {

using Mistakes = std::vector<Mistake>;

void falsify(Gates& gates, const GateContext& context, const Mistakes& mistakes) {
  for (const Mistake& mistake : mistakes) {
    if (mistake.gates) {
      mistake.gates(gates, context);
    }
  }
}

/// A pod that is believed in and has no address has no interface to police.
void drop_unreachable(Gates& gates, const AddressBook& addresses) {
  std::erase_if(gates, [&](const auto& entry) {
    const auto found = addresses.pods.find(entry.first);
    return found == addresses.pods.end() || found->second.empty();
  });
}

template <typename Stage>
bool any_at(const Mistakes& mistakes, Stage Mistake::*stage) {
  return std::any_of(mistakes.begin(), mistakes.end(), [&](const Mistake& mistake) {
    return static_cast<bool>(mistake.*stage);
  });
}

NodeGates falsified_gates(const NodeInput& input,
                          const Believed& believed,
                          const Mistakes& mistakes) {
  NodeGates gates = input.right != nullptr && !any_at(mistakes, &Mistake::beliefs)
                        ? input.right->gates
                        : node_gates(believed.state, believed.addresses, input.node);
  falsify(gates.egress, {believed, input.node, Direction::egress}, mistakes);
  falsify(gates.ingress, {believed, input.node, Direction::ingress}, mistakes);
  drop_unreachable(gates.egress, believed.addresses);
  drop_unreachable(gates.ingress, believed.addresses);
  return gates;
}

NftBuilder with_services(const NodeInput& input) {
  if (input.right != nullptr) {
    return input.right->services;
  }
  NftBuilder nft("nettest" + std::to_string(input.generation));
  write_services(nft, input.state.world, input.addresses, input.node);
  return nft;
}

NftProgram compile_wrongly(const NodeInput& input, const Mistakes& mistakes) {
  Believed believed{input.state, input.addresses};
  for (const Mistake& mistake : mistakes) {
    if (mistake.beliefs) {
      mistake.beliefs(believed, input);
    }
  }
  const NodeGates gates = falsified_gates(input, believed, mistakes);
  const bool same_filter = input.right != nullptr && gates == input.right->gates &&
                           believed.addresses.pods == input.addresses.pods;
  NftProgram program;
  if (same_filter) {
    program = input.right->program;
  } else {
    NftBuilder nft = with_services(input);
    write_filter(nft, gates, believed.addresses);
    program = nft.take();
  }
  for (const Mistake& mistake : mistakes) {
    if (mistake.program) {
      mistake.program(program);
    }
  }
  return program;
}

}  // namespace

Enforcement enforcement_with(const std::vector<const Fault*>& faults) {
  if (faults.empty()) {
    return {};
  }
  const auto mistakes = std::make_shared<Mistakes>();
  for (const Fault* fault : faults) {
    mistakes->push_back(fault->make());
  }
  Enforcement enforcement;
  enforcement.compile = [mistakes](const NodeInput& input) {
    return compile_wrongly(input, *mistakes);
  };
  enforcement.overdue = [mistakes] {
    return std::any_of(mistakes->begin(), mistakes->end(), [](const Mistake& mistake) {
      return mistake.overdue && mistake.overdue();
    });
  };
  return enforcement;
}

Checked<std::vector<const Fault*>> find_faults(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const Fault& fault : all_faults()) {
    known.push_back(fault.name);
  }
  std::vector<const Fault*> found;
  Errors errors;
  for (const std::string& name : names) {
    const auto place = std::find(known.begin(), known.end(), name);
    if (place == known.end()) {
      const std::string hint = spelling_hint(name, known);
      errors.push_back({ErrorKind::usage,
                        "there is no fault \"" + printable(name) + "\"" +
                            (hint.empty() ? ";" : hint) + " `nettest faults` lists them",
                        std::nullopt});
      continue;
    }
    const Fault* const fault = &all_faults()[static_cast<std::size_t>(place - known.begin())];
    if (std::find(found.begin(), found.end(), fault) == found.end()) {
      found.push_back(fault);
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return found;
}

}  // namespace nettest
