#include "tests/results/golden_reports.hpp"

#include <utility>

#include "tests/results/builders.hpp"

namespace nettest::test {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const std::vector<std::string> kAllOutputs = {
    "text-80.txt", "text-120-colour.txt", "text-0.txt", "junit.xml", "report.json", "report.md"};

StepResult step(std::string name, std::vector<Comparison> comparisons) {
  StepResult result;
  result.name = std::move(name);
  result.comparisons = std::move(comparisons);
  result.took = milliseconds(340);
  result.rounds = 2;
  return result;
}

Report report(std::string suite_name, std::vector<StepResult> steps) {
  CaseResult part;
  part.name = "deny, then open step by step";
  part.took = milliseconds(340) * static_cast<int>(steps.size());
  part.steps = std::move(steps);
  SuiteResult suite;
  suite.name = std::move(suite_name);
  suite.file = "suites/" + suite.name + ".yaml";
  suite.took = part.took + milliseconds(120);
  suite.cases.push_back(std::move(part));
  Report result;
  result.facts.run_id = "r1";
  result.facts.nettest_version = "0.1.0";
  result.facts.engine = "local";
  result.facts.versions = {{"kernel", "6.1.0"}, {"nftables", "1.0.6"}};
  result.facts.started = WallTime{seconds(1'769'860'800)};
  result.facts.took = suite.took + milliseconds(30);
  result.facts.hostname = "build-1";
  result.suites.push_back(std::move(suite));
  return result;
}

Probe by_url(Probe probe, const std::string& url, const std::string& host) {
  probe.by = By::url;
  probe.to = ServiceId{"default", "web"};
  probe.client = Client::wget;
  probe.serve = Serve::http;
  probe.host = host;
  probe.url = url;
  return probe;
}

EndDecision end(Direction direction,
                const PodId& pod,
                bool allowed,
                std::vector<PolicyId> isolating) {
  EndDecision decision;
  decision.direction = direction;
  decision.pod = pod;
  decision.tier = isolating.empty() ? "default" : "NetworkPolicy";
  decision.allowed = allowed;
  decision.isolating = std::move(isolating);
  if (!allowed) {
    decision.nearest_miss = to_string(decision.isolating.front()) + " has no ingress rule";
  }
  return decision;
}

/// Gives each comparison the because that its verdict suggests: ingress isolated by deny-all.
void explain_ends(std::vector<Comparison>& comparisons) {
  for (auto& comparison : comparisons) {
    const auto* to = std::get_if<PodId>(&comparison.probe.to);
    if (to == nullptr) {
      continue;
    }
    const bool allowed = comparison.prediction.verdict == Verdict::allowed;
    auto& because = comparison.prediction.because;
    because.backend = *to;
    because.egress = end(Direction::egress, comparison.probe.from, true, {});
    because.ingress = end(Direction::ingress,
                          *to,
                          allowed,
                          allowed ? std::vector<PolicyId>{}
                                  : std::vector<PolicyId>{{to->namespace_name, "deny-all"}});
    comparison.reproduce = "nettest shell " + to_string(comparison.probe.from) + " -- nc -vz " +
                           to->name + "." + to->namespace_name + " " +
                           std::to_string(comparison.probe.port);
  }
}

const std::vector<std::string> kFourPods = {
    "default/web", "default/tester", "notes/tester", "notes/notes"};

std::vector<Comparison> wget_round(const std::string& marks) {
  std::vector<Comparison> result;
  for (std::size_t i = 0; i < kFourPods.size(); ++i) {
    const auto one =
        by_url(probe(kFourPods[i], "default/web"), "http://web.default", "web.default");
    const Verdict verdict = marks[i] == '.' ? Verdict::allowed : Verdict::blocked;
    auto attempts = test::attempts({marks[i] == '.' ? Signal::connected : Signal::timed_out});
    attempts[0].detail = marks[i] == '.' ? "" : "Connection timed out";
    result.push_back(judged(one, predicted(verdict), std::move(attempts)));
  }
  return result;
}

/// Pod IP probes of web:80 from each pod, by a mark per pod.
std::vector<Comparison> to_web(const std::vector<std::string>& marks) {
  std::vector<std::string> rows;
  for (const auto& mark : marks) {
    rows.push_back(mark + "---");
  }
  auto result = matrix(kFourPods, rows);
  explain_ends(result);
  return result;
}

std::vector<Comparison> both(std::vector<Comparison> first, const std::vector<Comparison>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Report passing() {
  auto open = step("no policy", both(wget_round("...."), to_web({".", ".", ".", "."})));
  auto deny =
      step("deny all ingress to web", both(wget_round(".XXX"), to_web({".", "X", "X", "X"})));
  deny.description = "web is selected and no rule admits anyone.";
  deny.changes = {"apply NetworkPolicy default/deny-web"};
  for (auto& comparison : deny.comparisons) {
    comparison.expectation = R"(deny: "*/* -> *")";
  }
  auto some =
      step("testers of the same namespace", both(wget_round("..XX"), to_web({".", ".", "X", "X"})));
  some.changes = {"apply NetworkPolicy default/allow-testers"};
  some.comparisons[1].late = true;
  some.comparisons[1].enforcement_latency = milliseconds(45);
  return report("frontend-backend", {std::move(open), std::move(deny), std::move(some)});
}

Report few_mismatches() {
  auto leaks = step("deny all ingress to web", to_web({".", "X", ".!", ".!"}));
  leaks.description = "web is selected and no rule admits anyone.";
  leaks.changes = {"apply NetworkPolicy default/deny-web"};
  leaks.comparisons[2].attempts[0].answered_by = "default/web";
  leaks.comparisons[2].expectation = R"(deny: "*/* -> *" (suites/frontend-backend.yaml:31:12))";
  auto cut = step("testers of the same namespace", to_web({".", "X!", "X", "X"}));
  auto refused = attempt(Signal::refused, 100);
  refused.detail = "Connection refused";
  cut.comparisons[1].attempts.push_back(refused);
  auto& flapping = cut.comparisons[3];
  flapping.attempts = attempts({Signal::timed_out, Signal::connected, Signal::timed_out});
  flapping = judge(flapping, at_ms(0));
  return report("frontend-backend", {std::move(leaks), std::move(cut)});
}

Report inconclusive() {
  auto lost = step("agent dies", to_web({".", "?", "X", "X"}));
  lost.comparisons[1].attempts[0].detail =
      "the agent of default/tester went away (killed by SIGKILL)";
  lost.comparisons[1] = judge(lost.comparisons[1], at_ms(0));
  lost.comparisons[2].controls.before = Control::not_open;
  lost.comparisons[2] = judge(lost.comparisons[2], at_ms(0));
  lost.comparisons[3].attempts = attempts({Signal::wrong_backend});
  lost.comparisons[3].attempts[0].answered_by = "notes/notes";
  lost.comparisons[3] = judge(lost.comparisons[3], at_ms(0));
  auto broken = step("apply is refused", {});
  broken.error = Error{ErrorKind::engine,
                       "apply NetworkPolicy default/deny-web: nft: Operation not permitted",
                       std::nullopt};
  broken.rounds = 0;
  StepResult skipped = step("never reached", {});
  skipped.skipped = "the step before it failed";
  skipped.rounds = 0;
  skipped.took = Duration::zero();
  return report("frontend-backend", {std::move(lost), std::move(broken), std::move(skipped)});
}

const std::vector<std::string> kNinePods = {
    "x/a", "x/b", "x/c", "y/a", "y/b", "y/c", "z/a", "z/b", "z/c"};

Report nine_by_nine() {
  const std::vector<std::string> rows = {".XXXXXXXX",
                                         "X.XXXXXXX",
                                         "XX.XXXXXX",
                                         "...XXXXXX",
                                         "XXXX.XXXX",
                                         "XXXXX.XXX",
                                         "......XXX",
                                         "XXXXXXX.X",
                                         "XXXXXXXX."};
  auto wrong = rows;
  wrong[3] = "...!XXXXXX";
  std::vector<Comparison> all;
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    for (const Port port : {Port{80}, Port{81}}) {
      Probe like;
      like.protocol = protocol;
      like.port = port;
      const bool leaks = protocol == Protocol::udp && port == 81;
      all = both(std::move(all), matrix(kNinePods, leaks ? wrong : rows, like));
    }
  }
  Probe six;
  six.family = IpFamily::ipv6;
  six.port = 80;
  all = both(std::move(all), matrix(kNinePods, rows, six));
  auto service = matrix({"x/a", "x/b"}, {"~.", "X~"});
  for (auto& comparison : service) {
    const auto to = std::get<PodId>(comparison.probe.to);
    comparison.probe.to = ServiceId{to.namespace_name, "s-" + to.name};
    comparison.probe.by = By::service_ip;
  }
  explain_ends(all);
  return report("conformance", {step("deny all but y/a and z/a", both(std::move(all), service))});
}

std::vector<std::string> many_pods(int spaces, int each) {
  std::vector<std::string> pods;
  for (int i = 0; i < spaces; ++i) {
    for (int j = 0; j < each; ++j) {
      pods.push_back("team-" + std::to_string(i) + "/pod-" + std::to_string(j));
    }
  }
  return pods;
}

/// Pods of a namespace reach each other and nothing else; `mark_of` may overrule a cell.
template <typename Overrule>
std::vector<Comparison> namespaced(const std::vector<std::string>& pods, Overrule overrule) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < pods.size(); ++i) {
    std::string row;
    for (std::size_t j = 0; j < pods.size(); ++j) {
      const bool inside = pod(pods[i]).namespace_name == pod(pods[j]).namespace_name;
      row += overrule(i, j, inside ? "." : "X");
    }
    rows.push_back(std::move(row));
  }
  auto result = matrix(pods, rows);
  explain_ends(result);
  return result;
}

Report many_mismatches() {
  const auto pods = many_pods(3, 12);
  return report("isolation",
                {step("namespaces are apart",
                      namespaced(pods, [](std::size_t i, std::size_t j, std::string mark) {
                        const bool leak = i < 12 && j >= 12;
                        return leak ? std::string(".!") : mark;
                      }))});
}

Report hundred_by_hundred() {
  const auto pods = many_pods(5, 20);
  auto calm = namespaced(pods, [](std::size_t i, std::size_t j, std::string mark) {
    return i == 7 && j == 44 ? std::string(".!") : mark;
  });
  auto wild = namespaced(pods, [](std::size_t i, std::size_t j, std::string mark) {
    return (i * 7 + j * 3) % 11 == 0 && i / 20 != j / 20 ? std::string(".") : mark;
  });
  return report("isolation",
                {step("one leak", std::move(calm)), step("no order", std::move(wild))});
}

Report odd_names() {
  const std::vector<std::string> pods = {"größe/straße-der-langen-namen",
                                         "größe/b",
                                         "日本/東京-backend-with-a-very-long-name",
                                         "日本/web",
                                         "kube-system/kube-dns-5d78c9869d-abcde"};
  auto round = matrix(pods, {"..XX.", "..XX.", "XX...", "XX..X!", "....."});
  Probe dns;
  dns.port = 53;
  dns.protocol = Protocol::udp;
  round = both(std::move(round),
               matrix({"größe/b", "日本/web", "kube-system/kube-dns-5d78c9869d-abcde"},
                      {"--.", "--X", "--."},
                      dns));
  return report("ünïcödé", {step("names — of all kinds", std::move(round))});
}

Report hostile() {
  const std::string evil = "a]]>b<script>&\"'\x1b[31m\x01\xff\xef\xbf\xbf```|\n**x**";
  auto bad = step("step " + evil, to_web({".", ".!", "X", "X"}));
  bad.description = evil;
  bad.changes = {evil};
  bad.comparisons[1].attempts[0].detail = evil;
  bad.comparisons[1].expectation = evil;
  bad.comparisons[1].reproduce = evil;
  bad.comparisons[1].prediction.because.note = evil;
  Report result = report("suite " + evil, {std::move(bad)});
  result.suites[0].warnings = {evil};
  result.suites[0].cases[0].name = evil;
  result.facts.faults = {evil};
  result.facts.hostname = evil;
  result.facts.versions = {{evil, evil}};
  return result;
}

Report two_suites() {
  Report result = report("frontend-backend", {step("no policy", to_web({".", ".", ".", "."}))});
  SuiteResult second;
  second.name = "frontend-backend";
  second.file = "other/frontend-backend.yaml";
  second.error = Error{ErrorKind::engine,
                       "deploy: unshare(CLONE_NEWUSER): Operation not permitted; set "
                       "kernel.unprivileged_userns_clone=1 or run as root",
                       std::nullopt};
  second.warnings = {"pod x/a gives ips: this engine assigns its own"};
  result.suites.push_back(std::move(second));
  auto part = result.suites[0].cases[0];
  auto stopped = step("interrupted here", {});
  stopped.error = Error{ErrorKind::interrupted, "interrupted", std::nullopt};
  part.steps = {step("no policy", to_web({".", ".", ".", "."})), std::move(stopped)};
  result.suites[0].cases.push_back(std::move(part));
  result.facts.interrupted = true;
  result.facts.faults = {"stale-after-update", "ignore-except"};
  result.facts.warnings = {"no IPv6 in this kernel: only IPv4 is probed"};
  return result;
}

Report known_and_skipped() {
  auto deny = step("deny all ingress to web", to_web({".", "X", ".!", ".!"}));
  for (auto& comparison : deny.comparisons) {
    if (comparison.agreement == Agreement::mismatch) {
      comparison.known = "this plugin ignores `except` (example/issues/1)";
    }
  }
  auto sctp = to_web({".", ".", ".", "."});
  for (auto& comparison : sctp) {
    comparison.probe.protocol = Protocol::sctp;
    comparison.attempts.clear();
    comparison.why_skipped = "SCTP is not supported by this engine";
    comparison = judge(std::move(comparison), {});
  }
  auto both_protocols = to_web({".", ".", ".", "."});
  both_protocols.insert(both_protocols.end(), sctp.begin(), sctp.end());
  Report result = report("deviations",
                         {std::move(deny),
                          step("no policy", std::move(both_protocols)),
                          step("only SCTP", std::move(sctp))});
  result.stale_known = {
      "\"ports/*\" (known.yaml:7:5, \"endPort is ignored\"): everything that it lists is as "
      "predicted now; remove it from the list"};
  result.facts.shard = "2/3";
  return result;
}

Report nothing_probed() {
  return report("empty", {step("changes only", {})});
}

}  // namespace

std::vector<GoldenCase> golden_cases() {
  auto with_simulation = kAllOutputs;
  with_simulation.insert(with_simulation.end(), {"simulation.json", "simulation-80.txt"});
  return {{"passes", passing, with_simulation},
          {"few-mismatches", few_mismatches, kAllOutputs},
          {"inconclusive", inconclusive, kAllOutputs},
          {"nine-by-nine", nine_by_nine, {"text-80.txt", "text-120-colour.txt", "junit.xml"}},
          {"many-mismatches", many_mismatches, {"text-80.txt", "text-120-colour.txt", "junit.xml"}},
          {"hundred-by-hundred", hundred_by_hundred, {"text-80.txt", "text-0.txt"}},
          {"odd-names", odd_names, {"text-80.txt", "text-120-colour.txt", "text-0.txt"}},
          {"hostile", hostile, kAllOutputs},
          {"two-suites", two_suites, kAllOutputs},
          {"known-and-skipped", known_and_skipped, kAllOutputs},
          {"nothing-probed", nothing_probed, kAllOutputs}};
}

Simulation simulation_of(const Report& report) {
  Simulation simulation;
  simulation.suite = report.suites.front().name;
  for (const auto& part : report.suites.front().cases) {
    SimulatedCase simulated{part.name, {}};
    for (const auto& step : part.steps) {
      SimulatedStep own{step.name, step.description, step.changes, {}};
      for (const auto& comparison : step.comparisons) {
        own.probes.push_back({comparison.probe, comparison.prediction, comparison.expectation});
      }
      simulated.steps.push_back(std::move(own));
    }
    simulation.cases.push_back(std::move(simulated));
  }
  return simulation;
}

}  // namespace nettest::test
