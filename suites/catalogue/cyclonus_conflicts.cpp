// Two policies that want different things: what one allows, no other can take back.
#include <utility>

#include "suites/catalogue/cyclonus.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector& source() {
  static const LabelSelector selector = labelled({{"pod", "b"}});
  return selector;
}
const LabelSelector& destination() {
  static const LabelSelector selector = labelled({{"pod", "c"}});
  return selector;
}

/// The ways to say all or nothing.
enum class Way { none, everything, every_pod, every_address, no_address, no_pod };

std::string word_of(Way way) {
  switch (way) {
    case Way::none:
      return "deny-all";
    case Way::everything:
      return "allow-all";
    case Way::every_pod:
      return "allow-all-by-pod";
    case Way::every_address:
      return "allow-all-by-ip";
    case Way::no_address:
      return "deny-all-by-ip";
    case Way::no_pod:
      return "deny-all-by-pod";
  }
  return "";
}

Peers peers_of(Way way) {
  switch (way) {
    case Way::every_pod:
      return {namespaces({})};
    case Way::every_address:
      return {block("0.0.0.0/0")};
    case Way::no_address:
      return {block("0.0.0.0/31")};
    case Way::no_pod:
      return {namespaces(labelled({{"this-will-never-happen", "qrs123"}}))};
    case Way::none:
    case Way::everything:
      break;
  }
  return {};
}

Policy policy(const std::string& ns, const LabelSelector& target, Direction direction, Way way) {
  Policy made(ns, word_of(way) + "-" + std::string(to_string(direction)), target);
  return way == Way::none ? std::move(made).shut(direction)
                          : std::move(made).rule(direction, peers_of(way));
}

Change dns() {
  return apply(Policy("x", "allow-dns", source()).egress_to_dns());
}

Words detects(Way way) {
  switch (way) {
    case Way::every_address:
    case Way::no_address:
      return {"I2", "B4", "B5"};
    case Way::no_pod:
      return {"I2", "P5"};
    case Way::every_pod:
      return {"I2", "P2"};
    case Way::none:
    case Way::everything:
      break;
  }
  return {"I2", "P6"};
}

/// One direction of x/b; the last of `ways` decides, because the first says nothing but no.
Case one_side(Direction direction, const std::vector<Way>& ways) {
  Changes changes;
  std::string name = "conflicts/" + std::string(to_string(direction)) + "/";
  for (const Way way : ways) {
    changes.push_back(apply(policy("x", source(), direction, way)));
    name += (changes.size() > 1 ? "," : "") + word_of(way);
  }
  const bool egress = direction == Direction::egress;
  if (egress) {
    changes.push_back(dns());
  }
  const Way last = ways.back();
  const bool open = last == Way::everything || last == Way::every_pod || last == Way::every_address;
  auto expect = expecting({"allow */* -> *"});
  if (!open) {
    expect = std::move(expect) +
             expecting({egress ? "deny x/b -> *" : "deny */* -> x/b", "allow x/b -> x/b"});
  }
  return several_steps(name,
                       ways.size() > 1 ? "A denial beside an allowance takes nothing away from it."
                                       : "A rule that fits nobody allows nobody.",
                       {{"conflict"}, detects(last), {}},
                       {step("apply", std::move(changes), std::move(expect))});
}

/// Both ends have a say; `shut` is the direction in which nothing goes.
Case both_sides(Direction shut) {
  const bool egress = shut == Direction::egress;
  const auto from = policy("x", source(), Direction::egress, egress ? Way::none : Way::everything);
  const auto to =
      policy("y", destination(), Direction::ingress, egress ? Way::everything : Way::none);
  auto expect =
      expecting({"allow */* -> *"}) + (egress ? expecting({"deny x/b -> *", "allow x/b -> x/b"})
                                              : expecting({"deny */* -> y/c", "allow y/c -> y/c"}));
  return several_steps(egress ? "conflicts/ingress-allowed,egress-denied"
                              : "conflicts/egress-allowed,ingress-denied",
                       "Traffic needs the consent of both its ends.",
                       {{"conflict"}, {"I3", "I1"}, {}},
                       {step("apply", {apply(from), apply(to), dns()}, std::move(expect))});
}

}  // namespace

std::vector<Case> conflicts_cases() {
  const Direction in = Direction::ingress;
  const Direction out = Direction::egress;
  std::vector<Case> cases = {both_sides(out), both_sides(in)};
  cases.push_back(one_side(out, {Way::none, Way::everything}));
  // cyclonus has this one at the destination, all others at the source.
  cases.push_back(several_steps("conflicts/ingress/deny-all,allow-all",
                                "A denial beside an allowance takes nothing away from it.",
                                {{"conflict"}, detects(Way::everything), {}},
                                {step("apply",
                                      {apply(policy("y", destination(), in, Way::none)),
                                       apply(policy("y", destination(), in, Way::everything))},
                                      expecting({"allow */* -> *"}))}));
  for (const Direction direction : {out, in}) {
    cases.push_back(one_side(direction, {Way::none, Way::every_pod}));
    cases.push_back(one_side(direction, {Way::none, Way::every_address}));
    cases.push_back(one_side(direction, {Way::no_address, Way::every_pod}));
    cases.push_back(one_side(direction, {Way::no_pod, Way::every_address}));
  }
  for (const Direction direction : {out, in}) {
    cases.push_back(one_side(direction, {Way::no_address}));
    cases.push_back(one_side(direction, {Way::no_pod}));
  }
  return cases;
}

}  // namespace nettest::catalogue
