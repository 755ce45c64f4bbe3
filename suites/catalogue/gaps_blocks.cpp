// Address blocks: nested, contiguous, with exceptions that somebody else allows.
#include <utility>

#include "suites/catalogue/gaps.hpp"

namespace nettest::catalogue {

namespace {

/// Peers made of blocks for x/a, and what they mean for the pods of y (":80/TCP" and so on can
/// stand behind them) and, where all others are known, for them.
struct Shape {
  std::string name;
  std::string reason;
  Peers peers;
  Words allowed;
  Words denied;
  Words detects;
};

const std::string kYa = "$(ip y/a)/32";
const std::string kYb = "$(ip y/b)/32";
const std::string kYc = "$(ip y/c)/32";
const std::string kAll = "0.0.0.0/0";

std::vector<Shape> one_block() {
  return {{"one-address", "The address of one pod.", {block(kYb)}, {"y/b"}, {}, {"B5"}},
          {"host-bits-set",
           "A block with host bits is the block that they are in.",
           {block("$(ip y/b)/24")},
           {"y/b"},
           {},
           {"B4"}},
          {"everybody", "0.0.0.0/0 is everybody.", {block(kAll)}, {"*/*"}, {}, {"B4", "B5"}},
          {"two-halves",
           "0.0.0.0/1 and 128.0.0.0/1 are everybody.",
           {block("0.0.0.0/1"), block("128.0.0.0/1")},
           {"*/*"},
           {},
           {"B3", "B4"}},
          {"nobody", "A block in which no pod is.", {block("192.0.2.0/24")}, {}, {}, {"P5", "B5"}},
          {"three-addresses",
           "Three blocks of one address each.",
           {block(kYa), block(kYb), block(kYc)},
           {"y/a", "y/b", "y/c"},
           {},
           {"B3", "P1"}},
          {"a-block-or-pods",
           "A block and a selector: either will do.",
           {block(kYb), pods(labelled({{"pod", "c"}}))},
           {"y/b", "x/c"},
           {},
           {"P1", "B5"}}};
}

std::vector<Shape> exceptions() {
  return {
      {"all-but-one", "Everybody but one address.", {block(kAll, {kYb})}, {"*/*"}, {"y/b"}, {"B1"}},
      {"all-but-three",
       "Everybody but three addresses, which may be neighbours.",
       {block(kAll, {kYa, kYb, kYc})},
       {"*/*"},
       {"y/a", "y/b", "y/c"},
       {"B1", "B3"}},
      {"nested-exceptions",
       "An exception within an exception.",
       {block(kAll, {"$(ip y/b)/30", kYb})},
       {},
       {"y/b"},
       {"B1", "B3"}},
      {"both-halves-excepted",
       "A block whose exceptions leave nothing of it.",
       {block(kAll, {"0.0.0.0/1", "128.0.0.0/1"})},
       {},
       {"*/*"},
       {"B1", "P5"}},
      {"excepted-and-allowed",
       "Of what one peer excepts, another peer of the rule may be a part.",
       {block(kAll, {kYa, kYb}), block(kYb)},
       {"*/*"},
       {"y/a"},
       {"B2", "B3"}},
      {"excepted-and-chosen",
       "The address that a peer excepts is that of a pod that another peer chooses.",
       {block(kAll, {kYb}), pods_in(labelled({{"ns", "y"}}), labelled({{"pod", "b"}}))},
       {"*/*"},
       {},
       {"B2", "P1"}},
      {"two-blocks-other-exceptions",
       "Each exception belongs to its own block.",
       {block(kAll, {kYa}), block("0.0.0.0/1", {kYb})},
       {"*/*"},
       {},
       {"B2", "B3"}}};
}

std::vector<Expectation> meaning(Direction direction, const Shape& shape) {
  auto expect = shut_xa(direction) + allow_peers(direction, shape.allowed, {});
  for (const auto& pod : shape.denied) {
    expect =
        std::move(expect) + expecting({direction == Direction::ingress ? "deny " + pod + " -> x/a"
                                                                       : "deny x/a -> " + pod});
  }
  return std::move(expect) + expecting({"allow x/a -> x/a"});
}

/// Who else is in a block of less than one address is not known before deployment.
bool is_certain(const Shape& shape) {
  return shape.name != "host-bits-set" && shape.name != "nested-exceptions";
}

Case of_shape(Direction direction, const Shape& shape) {
  const std::string word(to_string(direction));
  auto expect = is_certain(shape)
                    ? meaning(direction, shape)
                    : allow_peers(direction, shape.allowed, {}) + expecting({"allow x/a -> x/a"});
  return gap("blocks/" + word + "/" + shape.name,
             shape.reason,
             {{word, "ip-block"}, shape.detects, {}},
             {about_xa(direction, shape.peers)},
             std::move(expect));
}

/// Blocks with ports of their own: the most specific block does not win, all of them count.
Case nested_with_ports(Direction direction) {
  const std::string word(to_string(direction));
  const bool in = direction == Direction::ingress;
  const Policy policy = Policy("x", "nested", labelled({{"pod", "a"}}))
                            .rule(direction, {block(kAll)}, {tcp(80)})
                            .rule(direction, {block(kYb)}, {tcp(81)});
  return gap(
      "blocks/" + word + "/nested-with-other-ports",
      "An address in two blocks has the ports of both.",
      {{word, "ip-block"}, {"B3", "I2"}, {}},
      {policy},
      shut_xa(direction) + expecting({in ? "allow */* -> x/a:80/TCP" : "allow x/a -> *:80/TCP",
                                      in ? "allow y/b -> x/a:81/TCP" : "allow x/a -> y/b:81/TCP"}));
}

/// The exception of one rule says nothing about the next.
Case except_of_one_rule(Direction direction) {
  const std::string word(to_string(direction));
  const bool in = direction == Direction::ingress;
  const Policy policy = Policy("x", "rules", labelled({{"pod", "a"}}))
                            .rule(direction, {block(kAll, {kYb})}, {tcp(80)})
                            .rule(direction, {block(kAll)}, {tcp(81)});
  return gap(
      "blocks/" + word + "/except-of-one-rule",
      "An exception belongs to its own rule.",
      {{word, "ip-block", "except"}, {"B2", "I2"}, {}},
      {policy},
      shut_xa(direction) +
          expecting({in ? "allow */* -> x/a:80/TCP x/a:81/TCP" : "allow x/a -> *:80/TCP *:81/TCP",
                     in ? "deny y/b -> x/a:80/TCP" : "deny x/a -> y/b:80/TCP",
                     "allow x/a -> x/a"}));
}

}  // namespace

std::vector<Case> block_gaps() {
  std::vector<Case> cases;
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    for (const auto& part : {one_block(), exceptions()}) {
      for (const auto& shape : part) {
        cases.push_back(of_shape(direction, shape));
      }
    }
    cases.push_back(nested_with_ports(direction));
    cases.push_back(except_of_one_rule(direction));
  }
  return cases;
}

}  // namespace nettest::catalogue
