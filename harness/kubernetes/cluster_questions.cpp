#include "harness/kubernetes/cluster_questions.hpp"

#include <algorithm>
#include <utility>

#include "harness/destinations.hpp"
#include "harness/kubernetes/pod_exec.hpp"
#include "probes/agent/protocol.hpp"
#include "probes/destination.hpp"
#include "probes/endpoints.hpp"

namespace nettest {

namespace {

Result<std::string> host_of(const Probe& probe, const QuestionContext& context) {
  const bool by_name = probe.by == By::service_name || probe.by == By::url;
  return by_name ? context.placement.real_host(probe.host, context.world)
                 : destination_host(probe, context.addresses);
}

std::vector<ServiceEndpoint> endpoints_of(const Probe& probe, const QuestionContext& context) {
  if (const auto* id = std::get_if<PodId>(&probe.to)) {
    return {{find_pod(context.world, *id), probe.port}};
  }
  const auto* const service = find_service(context.world, std::get<ServiceId>(probe.to));
  return service == nullptr ? std::vector<ServiceEndpoint>()
                            : endpoints(context.world, *service, probe.port, probe.protocol);
}

bool tells_who_it_is(const Pod& pod) {
  return !is_cluster_own(pod.id.namespace_name) && pod.image.empty() && pod.command.empty();
}

Result<std::string> url_of(const Probe& probe, const QuestionContext& context) {
  auto host = host_of(probe, context);
  if (!host) {
    return host;
  }
  if (probe.by == By::url) {
    const auto url = parse_url(probe.url);
    return url ? Result<std::string>(url->with_host(*host)) : tl::unexpected(url.error());
  }
  return http_url(*host, probe.port);
}

// Speaks the agent's own protocol.
std::string ask_agent_by_hand(const AgentQuestion& question, const std::string& exec) {
  std::string line;
  agent::append(line,
                agent::Command(agent::Ask{1,
                                          question.protocol,
                                          question.family,
                                          question.host,
                                          question.port,
                                          question.serve,
                                          std::chrono::seconds(1),
                                          question.http_host}));
  line.pop_back();
  return "(echo '" + line + "'; echo go 1; sleep 2) | " + exec;
}

}  // namespace

std::vector<PodId> expected_answers(const Probe& probe, const QuestionContext& context) {
  std::vector<PodId> expected;
  for (const auto& endpoint : endpoints_of(probe, context)) {
    if (endpoint.pod == nullptr || !tells_who_it_is(*endpoint.pod)) {
      return {};
    }
    expected.push_back(endpoint.pod->id);
  }
  return expected;
}

std::vector<AgentQuestion> server_checks(const Probe& probe, const QuestionContext& context) {
  std::vector<AgentQuestion> checks;
  for (const auto& endpoint : endpoints_of(probe, context)) {
    if (endpoint.pod == nullptr || !tells_who_it_is(*endpoint.pod)) {
      continue;
    }
    AgentQuestion check;
    check.from = endpoint.pod->id;
    check.protocol = probe.protocol;
    check.host = "127.0.0.1";
    check.port = endpoint.port;
    if (const auto* const port = find_port(*endpoint.pod, endpoint.port, probe.protocol)) {
      check.serve = port->serve;
    }
    check.timeout = std::chrono::seconds(1);
    checks.push_back(std::move(check));
  }
  return checks;
}

Result<AgentQuestion> agent_question(const Question& question, const QuestionContext& context) {
  const Probe& probe = question.probe;
  auto host = host_of(probe, context);
  if (!host) {
    return tl::unexpected(host.error());
  }
  AgentQuestion asked;
  asked.from = probe.from;
  asked.protocol = probe.protocol;
  asked.family = probe.family;
  asked.port = probe.port;
  asked.serve = probe.serve;
  asked.http_host = probe.host.empty() ? "" : *host;
  asked.host = std::move(*host);
  asked.timeout = question.timeout;
  asked.expected = expected_answers(probe, context);
  return asked;
}

Result<ShellWgetQuestion> wget_question(const Question& question, const QuestionContext& context) {
  auto url = url_of(question.probe, context);
  if (!url) {
    return tl::unexpected(url.error());
  }
  return ShellWgetQuestion{question.probe.from,
                           std::move(*url),
                           question.probe.family,
                           question.timeout,
                           expected_answers(question.probe, context)};
}

std::string command_by_hand(const Probe& probe,
                            const QuestionContext& context,
                            const Kubectl& kubectl) {
  const PodPlace place{probe.from, context.placement.real(probe.from.namespace_name)};
  if (probe.client == Client::wget) {
    const auto url = url_of(probe, context);
    return url ? kubectl.by_hand(
                     exec_words(place, {"wget", "-T", "1", "-t", "1", "-q", "-O", "-", *url}))
               : "# " + url.error().message;
  }
  const auto asked = agent_question({probe, std::chrono::seconds(1)}, context);
  return asked ? ask_agent_by_hand(*asked, kubectl.by_hand(exec_words(place, {agent_path()})))
               : "# " + asked.error().message;
}

}  // namespace nettest
