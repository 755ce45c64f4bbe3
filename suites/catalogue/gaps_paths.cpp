// Other ways to the same pod: through services, and over IPv6.
#include <utility>

#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kA = labelled({{"pod", "a"}});
const LabelSelector kY = labelled({{"ns", "y"}});
const LabelSelector kZ = labelled({{"ns", "z"}});

/// Asks every pair of pods in these ways, TCP and UDP.
Step asking(Step step, std::vector<By> by, std::vector<IpFamily> families = {IpFamily::ipv4}) {
  MatrixSpec matrix;
  matrix.protocols = {Protocol::tcp, Protocol::udp};
  matrix.by = std::move(by);
  matrix.families = std::move(families);
  step.probes = {ProbeSpec{std::move(matrix), {}}};
  return step;
}

/// By pod IP and through services.
Step every_way(Step step) {
  return asking(std::move(step), {By::pod_ip, By::service_ip, By::service_name});
}

Case service_case(const std::string& name, std::string reason, Words detects, Step step) {
  return gap("services/" + name,
             std::move(reason),
             {{"services"}, std::move(detects), {Need::services}},
             {std::move(step)});
}

std::vector<Case> services() {
  const Policy to_z = Policy("x", "to-z", kA).egress({namespaces(kZ)}, {tcp(80)});
  return {
      service_case(
          "ingress",
          "Who may come in may come in through the service too, and nobody else.",
          {"N1", "N2"},
          every_way(
              step("apply",
                   {apply(about_xa(Direction::ingress, {namespaces(kY)}, {tcp(80)}))},
                   into_xa_only("allow y/* -> x/a:80/TCP") +
                       expecting({"deny */* -> svc:x/s-x-a", "allow y/* -> svc:x/s-x-a:80/TCP"})))),
      service_case("deny-all",
                   "A pod that is shut is shut through its service too.",
                   {"N1", "P6"},
                   every_way(step("apply",
                                  {apply(Policy("x", "shut", kA).shut(Direction::ingress))},
                                  into_xa_only("") + expecting({"deny */* -> svc:x/s-x-a"})))),
      service_case(
          "egress",
          "Rules about pods hold for what goes to them through services.",
          {"N1"},
          every_way(step(
              "apply",
              {apply(Policy("x", "to-z", kA).egress({namespaces(kZ)}, {tcp(80)}).egress_to_dns())},
              out_of_xa_only("allow x/a -> z/*:80/TCP svc:z/*:80/TCP")))),
      service_case(
          "egress-without-dns",
          "Who may not ask the DNS reaches no service by its name.",
          {"N1"},
          asking(step("apply", {apply(to_z)}, expecting({"allow */* -> *", "deny x/a -> *"})),
                 {By::service_name})),
      service_case(
          "egress-by-address-without-dns",
          "The address of a service needs no DNS.",
          {"N1"},
          asking(
              step("apply",
                   {apply(to_z)},
                   expecting({"allow */* -> *", "deny x/a -> *", "allow x/a -> svc:z/*:80/TCP"})),
              {By::service_ip}))};
}

/// Services of x/a whose ports are not those of the pod.
Changes renumbered() {
  Service web;
  web.id = {"x", "web"};
  web.selector = kA;
  web.ports = {{"one", 8080, Protocol::tcp, Port{80}},
               {"two", 8081, Protocol::tcp, std::string("serve-81-tcp")}};
  return {create(std::move(web))};
}

Case renumbered_case(const std::string& name,
                     std::string reason,
                     const Policy& policy,
                     std::vector<Expectation> expect) {
  Changes changes = renumbered();
  changes.push_back(apply(policy));
  Step made = step("apply", std::move(changes), std::move(expect));
  PairSpec pair;
  pair.from = "*/*";
  pair.to = "svc:x/web";
  pair.by = By::service_ip;
  made.probes = {ProbeSpec{pair, {}}};
  return service_case(name, std::move(reason), {"N1", "O4", "O2"}, std::move(made));
}

std::vector<Case> other_ports() {
  return {renumbered_case("ingress-to-target-port",
                          "A rule is about the port of the pod, not about that of the service.",
                          about_xa(Direction::ingress, {}, {tcp(80)}),
                          expecting({"deny */* -> svc:x/web", "allow */* -> svc:x/web:8080/TCP"})),
          renumbered_case("ingress-to-service-port",
                          "A rule with the port of the service opens nothing.",
                          about_xa(Direction::ingress, {}, {tcp(8080), tcp(8081)}),
                          expecting({"deny */* -> svc:x/web"})),
          renumbered_case("ingress-to-named-target-port",
                          "A named port is looked up in the pod.",
                          about_xa(Direction::ingress, {}, {named(Protocol::tcp, "serve-81-tcp")}),
                          expecting({"deny */* -> svc:x/web", "allow */* -> svc:x/web:8081/TCP"})),
          renumbered_case("egress-to-target-port",
                          "The same for what goes out.",
                          Policy("y", "out").egress({}, {tcp(80)}),
                          expecting({"allow */* -> svc:x/web", "deny y/* -> svc:x/web:8081/TCP"})),
          renumbered_case("egress-to-service-port",
                          "Nor does the port of the service open anything on the way out.",
                          Policy("y", "out").egress({}, {tcp(8080), tcp(8081)}),
                          expecting({"allow */* -> svc:x/web", "deny y/* -> svc:x/web"}))};
}

/// The same policy, asked over IPv4 and then over IPv6.
Case family_case(const std::string& name,
                 std::string reason,
                 Words detects,
                 const Policy& policy,
                 std::pair<std::vector<Expectation>, std::vector<Expectation>> expect) {
  return gap(
      "families/" + name,
      std::move(reason),
      {{"families"}, std::move(detects), {Need::ipv6}},
      {asking(step("apply, over IPv4", {apply(policy)}, std::move(expect.first)),
              {By::pod_ip},
              {IpFamily::ipv4}),
       asking(step("over IPv6", {}, std::move(expect.second)), {By::pod_ip}, {IpFamily::ipv6})});
}

std::vector<Case> selectors_in_both_families() {
  const Direction in = Direction::ingress;
  const auto from_y = into_xa_only("allow y/* -> x/a:80/TCP");
  const auto named_81 = into_xa_only("allow */* -> x/a:81/TCP");
  const auto to_z = out_of_xa_only("allow x/a -> z/*:80/UDP");
  return {family_case("deny-ingress",
                      "What is shut is shut in both families.",
                      {"F1", "P6"},
                      Policy("x", "shut").shut(in),
                      {into_x_only(""), into_x_only("")}),
          family_case("deny-egress",
                      "The same for what goes out.",
                      {"F1", "P6"},
                      Policy("x", "shut").shut(Direction::egress),
                      {out_of_x_only(""), out_of_x_only("")}),
          family_case("ingress-by-selector",
                      "Selectors choose pods, whatever their addresses.",
                      {"F1"},
                      about_xa(in, {namespaces(kY)}, {tcp(80)}),
                      {from_y, from_y}),
          family_case("egress-by-selector",
                      "The same for what goes out.",
                      {"F1"},
                      about_xa(Direction::egress, {namespaces(kZ)}, {udp(80)}),
                      {to_z, to_z}),
          family_case("named-port",
                      "A named port is open in both families.",
                      {"F1", "O2"},
                      about_xa(in, {}, {named(Protocol::tcp, "serve-81-tcp")}),
                      {named_81, named_81})};
}

std::vector<Case> blocks_of_one_family(Direction direction) {
  const std::string word = std::string(to_string(direction)) + "-";
  const auto shut = shut_xa(direction);
  const auto only = [&](const Words& peers) { return shut + allow_peers(direction, peers, {}); };
  const auto but_yb = all_open() + expecting({direction == Direction::ingress ? "deny y/b -> x/a"
                                                                              : "deny x/a -> y/b"});
  const auto zc = allow_peers(direction, {"z/c"}, {});
  const auto no_zc =
      expecting({direction == Direction::ingress ? "deny z/c -> x/a" : "deny x/a -> z/c",
                 "allow x/a -> x/a"});
  return {family_case(word + "ipv4-block",
                      "0.0.0.0/0 has no IPv6 address in it.",
                      {"F1", "B4"},
                      about_xa(direction, {block("0.0.0.0/0")}),
                      {all_open(), shut}),
          family_case(word + "ipv6-block",
                      "::/0 has no IPv4 address in it.",
                      {"F1", "B4"},
                      about_xa(direction, {block("::/0")}),
                      {shut, all_open()}),
          family_case(word + "both-blocks",
                      "One address of each family, of two pods.",
                      {"F1", "B3"},
                      about_xa(direction, {block("$(ip y/a)/32"), block("$(ip6 y/b)/128")}),
                      {only({"y/a"}), only({"y/b"})}),
          family_case(word + "ipv6-except",
                      "An exception from ::/0.",
                      {"F1", "B1"},
                      about_xa(direction, {block("::/0", {"$(ip6 y/b)/128"})}),
                      {shut, but_yb}),
          family_case(word + "ipv6-subnet",
                      "The /120 of a pod's address, as cyclonus has it on IPv6.",
                      {"F1", "B5"},
                      about_xa(direction, {block("$(ip6 z/c)/120")}),
                      {shut, zc}),
          family_case(word + "ipv6-subnet-except",
                      "The same without the /124 of that address.",
                      {"F1", "B1"},
                      about_xa(direction, {block("$(ip6 z/c)/120", {"$(ip6 z/c)/124"})}),
                      {shut, no_zc})};
}

}  // namespace

std::vector<Case> path_gaps() {
  std::vector<Case> cases = services();
  for (const auto& part : {other_ports(),
                           selectors_in_both_families(),
                           blocks_of_one_family(Direction::ingress),
                           blocks_of_one_family(Direction::egress)}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
