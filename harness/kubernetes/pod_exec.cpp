#include "harness/kubernetes/pod_exec.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "harness/agents/embedded_agent.hpp"
#include "harness/kubernetes/objects.hpp"
#include "harness/kubernetes/sha256.hpp"
#include "harness/process/run.hpp"

namespace nettest {

namespace {

constexpr int kTries = 3;
/// Each is a kubectl: memory is the limit.
constexpr std::size_t kAtOnce = 16;
constexpr Duration kLongestPush = std::chrono::seconds(60);

// Written beside and renamed, so that a half copy is never taken for the agent.
std::string script() {
  const std::string path = agent_path();
  return "cat > " + path + ".new && chmod 755 " + path + ".new && mv -f " + path + ".new " + path +
         " && sha256sum < " + path;
}

struct AgentText {
  std::string text;
  std::string sum;
};

/// The agents for the architectures of the places.
std::map<std::string, AgentText> agents_for(const std::vector<PodPlace>& places) {
  std::map<std::string, AgentText> agents;
  for (const auto& place : places) {
    auto& agent = agents[place.architecture];
    if (agent.text.empty()) {
      const auto bytes =
          place.architecture.empty() ? agent_binary() : agent_binary(place.architecture);
      agent.text = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
      agent.sum = sha256(agent.text);
    }
  }
  return agents;
}

/// Empty when the agent came whole.
std::string trouble_of(const Result<ChildResult>& result, const std::string& sum) {
  if (!result) {
    return result.error().message;
  }
  if (result->timed_out) {
    return "kubectl exec did not end in time";
  }
  if (!result->end.success()) {
    // Two lines: what the shell in the pod said, and what kubectl made of it.
    return "kubectl exec: exit code " + std::to_string(result->end.number) + ": " +
           printable(result->errors, 400);
  }
  const auto words = split(result->output, '\n');
  return words.front().rfind(sum, 0) == 0
             ? ""
             : "the copy is not the original (sha256 \"" + printable(words.front()) +
                   "\" instead of \"" + sum + "\")";
}

}  // namespace

std::vector<std::string> exec_words(const PodPlace& place,
                                    const std::vector<std::string>& command) {
  std::vector<std::string> words = {
      "exec", "-i", "-n", place.space, "-c", kContainer, place.pod.name, "--"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

std::string agent_path() {
  return std::string(kPodFolder) + "/nettest-agent";
}

Result<void> push_agent(Reactor& reactor,
                        const Kubectl& kubectl,
                        const std::vector<PodPlace>& places,
                        TimePoint deadline) {
  const auto agents = agents_for(places);
  std::vector<PodPlace> left = places;
  std::string trouble;
  for (int tried = 0; tried < kTries && !left.empty(); ++tried) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline) {
      break;
    }
    std::vector<ChildRun> runs;
    runs.reserve(left.size());
    for (const auto& place : left) {
      runs.push_back({kubectl.command(exec_words(place, {"sh", "-c", script()})),
                      agents.at(place.architecture).text,
                      std::min<Duration>(deadline - now, kLongestPush)});
    }
    const auto results = run_children(reactor, std::move(runs), kAtOnce);
    std::vector<PodPlace> failed;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i] && results[i].error().kind == ErrorKind::interrupted) {
        return fail(ErrorKind::interrupted, "interrupted");
      }
      if (const auto why = trouble_of(results[i], agents.at(left[i].architecture).sum);
          !why.empty()) {
        trouble = to_string(left[i].pod) + ": " + why;
        failed.push_back(left[i]);
      }
    }
    left = std::move(failed);
  }
  if (left.empty()) {
    return {};
  }
  return fail(ErrorKind::engine,
              "put the agent into " + (trouble.empty() ? "the pods: no time is left" : trouble) +
                  ". Its image needs sh, cat, chmod, mv and sha256sum; where it has no shell, "
                  "--client wget does without the agent");
}

}  // namespace nettest
