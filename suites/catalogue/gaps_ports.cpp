// Ports: names that mean other numbers elsewhere, ranges at their edges, many of them.
#include <utility>

#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

struct Shape {
  std::string name;
  std::string reason;
  Ports ports;
  /// The served ports that it opens.
  Words opens;
  Words detects;
};

Ports many(Port first, int count, Port last) {
  Ports ports;
  for (int i = 0; i < count; ++i) {
    ports.push_back(tcp(static_cast<Port>(first + 2 * i)));
  }
  ports.push_back(tcp(last));
  return ports;
}

Ports many_ranges(int count) {
  Ports ports;
  for (int i = 0; i < count; ++i) {
    const auto first = static_cast<Port>(1000 + 20 * i);
    ports.push_back(range(Protocol::tcp, first, static_cast<Port>(first + 9)));
  }
  ports.push_back(range(Protocol::tcp, 80, 81));
  return ports;
}

std::vector<Shape> shapes() {
  const Protocol t = Protocol::tcp;
  const Protocol u = Protocol::udp;
  return {
      {"empty-port",
       "A port that says nothing is every port of TCP.",
       {all_of(t)},
       {":80/TCP", ":81/TCP"},
       {"O3", "P6"}},
      {"range-of-one", "A range may hold one port.", {range(t, 81, 81)}, {":81/TCP"}, {"O1"}},
      {"range-ends-below", "A range ends where it ends.", {range(t, 1, 79)}, {}, {"O1"}},
      {"range-begins-above", "A range begins where it begins.", {range(t, 82, 65535)}, {}, {"O1"}},
      {"range-to-the-last-port",
       "The last port is 65535.",
       {range(t, 81, 65535)},
       {":81/TCP"},
       {"O1"}},
      {"range-of-all-ports",
       "All ports of one protocol.",
       {range(t, 1, 65535)},
       {":80/TCP", ":81/TCP"},
       {"O1", "O3"}},
      {"ranges-side-by-side",
       "Two ranges that touch.",
       {range(u, 1, 80), range(u, 81, 90)},
       {":80/UDP", ":81/UDP"},
       {"O1", "I2"}},
      {"ranges-that-overlap",
       "Two ranges that overlap, and a port within.",
       {range(t, 70, 80), range(t, 75, 80), tcp(80)},
       {":80/TCP"},
       {"O1", "I2"}},
      {"same-number-two-protocols",
       "One number, two protocols; not the third.",
       {tcp(80), udp(80)},
       {":80/TCP", ":80/UDP"},
       {"O3", "D9"}},
      {"name-and-number",
       "A port by name and another by number.",
       {named(t, "serve-80-tcp"), tcp(81)},
       {":80/TCP", ":81/TCP"},
       {"O2"}},
      {"name-that-nobody-serves",
       "A name that no pod has beside one that all have.",
       {named(t, "nobody"), named(t, "serve-81-tcp")},
       {":81/TCP"},
       {"O2", "I4"}},
      {"name-of-another-protocol",
       "A name that belongs to another protocol beside a right one.",
       {named(u, "serve-80-tcp"), named(u, "serve-81-udp")},
       {":81/UDP"},
       {"O2"}},
      {"twenty-six-ports",
       "More ports than some tables hold; the last is served.",
       many(1000, 25, 80),
       {":80/TCP"},
       {"O5", "I4"}},
      {"forty-two-ports",
       "Still more ports; the last is served.",
       many(1000, 41, 81),
       {":81/TCP"},
       {"O5", "I4"}},
      {"thirty-one-ranges",
       "Many ranges; the last is served.",
       many_ranges(30),
       {":80/TCP", ":81/TCP"},
       {"O5", "O1"}}};
}

Case of_shape(Direction direction, const Shape& shape) {
  const std::string word(to_string(direction));
  auto expect = shut_xa(direction);
  if (!shape.opens.empty()) {
    expect = std::move(expect) + allow_peers(direction, {"y/*", "x/b"}, shape.opens);
  }
  return gap("ports/" + word + "/" + shape.name,
             shape.reason,
             {{word, "ports"}, shape.detects, {}},
             {about_xa(direction,
                       {namespaces(labelled({{"ns", "y"}})), pods(labelled({{"pod", "b"}}))},
                       shape.ports)},
             std::move(expect));
}

ContainerPort serving(std::string name, Port number, Protocol protocol = Protocol::tcp) {
  return {std::move(name), number, protocol, Serve::plain};
}

/// Pods on which the name web means port 80, port 81, and nothing; the other port is served too.
Changes differently_named() {
  const Labels labels = {{"role", "named"}};
  return {create(pod_with("x/web-80", labels, {serving("web", 80), serving("other", 81)})),
          create(pod_with("x/web-81", labels, {serving("other", 80), serving("web", 81)})),
          create(pod_with("x/no-web", labels, {serving("alpha", 80), serving("beta", 81)})),
          create(pod_with(
              "x/web-udp", labels, {serving("web", 80, Protocol::udp), serving("other", 81)}))};
}

Case names_into_pods() {
  Changes changes = differently_named();
  changes.push_back(apply(Policy("x", "web", labelled({{"role", "named"}}))
                              .ingress({}, {named(Protocol::tcp, "web")})));
  return gap("ports/ingress/same-name-other-numbers",
             "A port name means what each destination pod calls so, not what the client does.",
             {{"ingress", "named-port"}, {"O2", "I5"}, {}},
             {step("apply",
                   std::move(changes),
                   expecting({"allow */* -> *",
                              "deny */* -> x/web-80 x/web-81 x/no-web x/web-udp",
                              "allow */* -> x/web-80:80/TCP x/web-81:81/TCP",
                              "allow x/web-80 -> x/web-80",
                              "allow x/web-81 -> x/web-81",
                              "allow x/no-web -> x/no-web",
                              "allow x/web-udp -> x/web-udp"}))});
}

Case names_out_of_pods() {
  Changes changes = differently_named();
  changes.push_back(
      apply(Policy("x", "web", in("pod", {"a"})).egress({}, {named(Protocol::tcp, "web")})));
  changes.push_back(
      apply(Policy("x", "named", labelled({{"role", "named"}}))
                .egress({pods(labelled({{"role", "named"}}))}, {named(Protocol::tcp, "web")})));
  return gap("ports/egress/same-name-other-numbers",
             "Going out by a port name, each destination pod says which number that is.",
             {{"egress", "named-port"}, {"O2", "O4"}, {}},
             {step("apply",
                   std::move(changes),
                   expecting({"allow */* -> *",
                              "deny x/a -> *",
                              "deny x/web-80 x/web-81 x/no-web x/web-udp -> *",
                              "allow x/a x/web-80 x/web-81 x/no-web x/web-udp -> x/web-80:80/TCP "
                              "x/web-81:81/TCP",
                              "allow x/a -> x/a",
                              "allow x/web-80 -> x/web-80",
                              "allow x/web-81 -> x/web-81",
                              "allow x/no-web -> x/no-web",
                              "allow x/web-udp -> x/web-udp"}))});
}

/// A label key that is spelled like a port name.
Case label_like_port() {
  const Labels labels = {{"pod", "b"}, {"serve-80-tcp", "serve-81-tcp"}};
  return gap("ports/ingress/label-key-like-port-name",
             "Labels and port names are different things, also where they are spelled alike.",
             {{"ingress", "named-port"}, {"D9", "O2"}, {}},
             {step("apply",
                   {relabel("x/b", labels),
                    apply(about_xa(Direction::ingress,
                                   {pods(exists("serve-80-tcp"))},
                                   {named(Protocol::tcp, "serve-80-tcp")}))},
                   into_xa_only("allow x/b -> x/a:80/TCP"))});
}

}  // namespace

std::vector<Case> port_gaps() {
  std::vector<Case> cases;
  for (const auto direction : {Direction::ingress, Direction::egress}) {
    for (const auto& shape : shapes()) {
      cases.push_back(of_shape(direction, shape));
    }
  }
  cases.push_back(names_into_pods());
  cases.push_back(names_out_of_pods());
  cases.push_back(label_like_port());
  return cases;
}

}  // namespace nettest::catalogue
