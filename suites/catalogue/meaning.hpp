// What policies mean, said by hand in the words of `expect`: the truth that the simulator is held
// against. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "suites/catalogue/grammar.hpp"

namespace nettest::catalogue {

std::vector<Expectation> all_open();

/// All is open but what comes to x/a; `allowed` is one more line, or "".
std::vector<Expectation> into_xa_only(std::string_view allowed);
/// All is open but what goes out of x/a.
std::vector<Expectation> out_of_xa_only(std::string_view allowed);
/// One of the two.
std::vector<Expectation> shut_xa(Direction direction);
/// All is open but what goes to and from x/a, which always reaches itself.
std::vector<Expectation> shut_around_xa();
/// All is open but what comes into namespace x; every pod reaches itself.
std::vector<Expectation> into_x_only(std::string_view allowed);
/// All is open but what goes out of namespace x.
std::vector<Expectation> out_of_x_only(std::string_view allowed);
/// The pods of x reach themselves.
std::vector<Expectation> pods_of_x_themselves();

/// Allows each of `peers` to x/a (ingress) or x/a to each of them (egress), on each of `ports`
/// (":80/TCP"), or on all when there are none.
std::vector<Expectation> allow_peers(Direction direction, const Words& peers, const Words& ports);

Direction opposite(Direction direction);

}  // namespace nettest::catalogue
