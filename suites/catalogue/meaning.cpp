#include "suites/catalogue/meaning.hpp"

#include <utility>

namespace nettest::catalogue {

namespace {

std::vector<Expectation> with(std::vector<Expectation> expect, std::string_view allowed) {
  return allowed.empty() ? expect : std::move(expect) + expecting({allowed});
}

}  // namespace

std::vector<Expectation> all_open() {
  return expecting({"allow */* -> *"});
}

std::vector<Expectation> into_xa_only(std::string_view allowed) {
  return with(expecting({"allow */* -> *", "deny */* -> x/a", "allow x/a -> x/a"}), allowed);
}

std::vector<Expectation> out_of_xa_only(std::string_view allowed) {
  return with(expecting({"allow */* -> *", "deny x/a -> *", "allow x/a -> x/a"}), allowed);
}

std::vector<Expectation> shut_xa(Direction direction) {
  return direction == Direction::ingress ? into_xa_only("") : out_of_xa_only("");
}

std::vector<Expectation> shut_around_xa() {
  return expecting({"allow */* -> *", "deny x/a -> *", "deny */* -> x/a", "allow x/a -> x/a"});
}

std::vector<Expectation> pods_of_x_themselves() {
  return expecting({"allow x/a -> x/a", "allow x/b -> x/b", "allow x/c -> x/c"});
}

std::vector<Expectation> into_x_only(std::string_view allowed) {
  return with(expecting({"allow */* -> *", "deny */* -> x/*"}) + pods_of_x_themselves(), allowed);
}

std::vector<Expectation> out_of_x_only(std::string_view allowed) {
  return with(expecting({"allow */* -> *", "deny x/* -> *"}) + pods_of_x_themselves(), allowed);
}

std::vector<Expectation> allow_peers(Direction direction, const Words& peers, const Words& ports) {
  std::vector<Expectation> all;
  const Words suffixes = ports.empty() ? Words{""} : ports;
  for (const auto& peer : peers) {
    for (const auto& suffix : suffixes) {
      const std::string ends =
          direction == Direction::ingress ? peer + " -> x/a" + suffix : "x/a -> " + peer + suffix;
      all = std::move(all) + expecting({"allow " + ends});
    }
  }
  return all;
}

Direction opposite(Direction direction) {
  return direction == Direction::ingress ? Direction::egress : Direction::ingress;
}

}  // namespace nettest::catalogue
