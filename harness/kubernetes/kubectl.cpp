#include "harness/kubernetes/kubectl.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include <nlohmann/json.hpp>

#include "harness/process/run.hpp"

namespace nettest {

namespace {

/// Exec over websockets and the flags that are used here are older than this.
constexpr int kOldestMinor = 24;

// "1.24" of "v1.24.3"; nothing where a distribution has a version of its own making.
std::optional<int> minor_of(const std::string& version) {
  if (version.rfind("v1.", 0) != 0) {
    return std::nullopt;
  }
  int minor = 0;
  const auto* const begin = version.data() + 3;
  const auto read = std::from_chars(begin, version.data() + version.size(), minor);
  return read.ec == std::errc() ? std::optional(minor) : std::nullopt;
}

}  // namespace

Result<void> check_choice(const ClusterChoice& choice) {
  if (!choice.context.empty() || !choice.kubeconfig.empty() || choice.current_context) {
    return {};
  }
  return fail(ErrorKind::usage,
              "which cluster? Say --context NAME (`kubectl config get-contexts` lists them), "
              "--kubeconfig FILE, or --current-context for the one that kubectl uses now");
}

std::string shell_word(const std::string& word) {
  const auto plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("-_./:=,@%+").find(letter) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) {
    return word;
  }
  std::string quoted = "'";
  for (const char letter : word) {
    quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
  }
  return quoted + "'";
}

std::vector<std::string> Kubectl::words_of_choice() const {
  std::vector<std::string> words = {choice_.kubectl};
  if (!choice_.kubeconfig.empty()) {
    words.push_back("--kubeconfig=" + choice_.kubeconfig);
  }
  if (!choice_.context.empty()) {
    words.push_back("--context=" + choice_.context);
  }
  return words;
}

Result<Kubectl> Kubectl::find(Reactor& reactor, const ClusterChoice& choice, TimePoint deadline) {
  if (auto checked = check_choice(choice); !checked) {
    return tl::unexpected(checked.error());
  }
  Kubectl kubectl(choice);
  ChildSpec spec;
  spec.argv = {choice.kubectl, "version", "--client", "-o", "json"};
  spec.inherit_environment = true;
  const auto result = run_child(reactor, spec, "", deadline);
  if (!result) {
    return tl::unexpected(Error{
        result.error().kind,
        result.error().message +
            "; the kubernetes engine needs kubectl: install it, or name it with --kubectl PATH",
        std::nullopt});
  }
  const auto answer = nlohmann::json::parse(result->output, nullptr, false);
  if (!result->end.success() || !answer.is_object() || !answer.contains("clientVersion")) {
    return fail(ErrorKind::engine,
                choice.kubectl + " is no kubectl: `" + choice.kubectl +
                    " version --client -o json` gave " +
                    (result->timed_out ? "no answer" : to_string(result->end)));
  }
  kubectl.version_ = answer["clientVersion"].value("gitVersion", "?");
  const auto minor = minor_of(kubectl.version_);
  if (minor && *minor != 0 && *minor < kOldestMinor) {
    return fail(ErrorKind::engine,
                choice.kubectl + " is " + kubectl.version_ +
                    "; nettest needs v1.24 or later: install a newer one, or name it with "
                    "--kubectl PATH");
  }
  return kubectl;
}

ChildSpec Kubectl::command(const std::vector<std::string>& words) const {
  ChildSpec spec;
  spec.argv = words_of_choice();
  spec.argv.insert(spec.argv.end(), words.begin(), words.end());
  spec.inherit_environment = true;
  return spec;
}

std::string Kubectl::by_hand(const std::vector<std::string>& words) const {
  std::string line;
  auto all = words_of_choice();
  all.insert(all.end(), words.begin(), words.end());
  for (const auto& word : all) {
    line += (line.empty() ? "" : " ") + shell_word(word);
  }
  return line;
}

std::string Kubectl::cluster() const {
  if (!choice_.context.empty()) {
    return "context " + choice_.context;
  }
  return choice_.kubeconfig.empty() ? "the current context" : "kubeconfig " + choice_.kubeconfig;
}

}  // namespace nettest
