// The flags of the kubernetes engine.
#include <algorithm>

#include "base/text.hpp"
#include "harness/cli/command_parser.hpp"

namespace nettest {

namespace {

constexpr const char* kKubernetes = "kubernetes";

}  // namespace

void Parser::add_cluster(CLI::App* command) {
  auto& cluster = line_.cluster;
  const std::string group = "The kubernetes engine";
  command->add_option("--context", cluster.context, "The cluster, by its name in the kubeconfig")
      ->type_name("NAME")
      ->group(group);
  command->add_option("--kubeconfig", cluster.kubeconfig, "The kubeconfig, and so the cluster")
      ->type_name("FILE")
      ->group(group);
  command
      ->add_flag("--current-context",
                 cluster.current_context,
                 "The cluster that kubectl uses now; never without saying so")
      ->group(group);
  command->add_option("--kubectl", cluster.kubectl, "The kubectl to use (the one in PATH)")
      ->type_name("FILE")
      ->group(group);
}

void Parser::add_pod_style(CLI::App* command) {
  auto& cluster = line_.cluster;
  const std::string group = "The kubernetes engine";
  command->add_option("--image", cluster.image, "Of the pods; any with a shell serves (agnhost)")
      ->type_name("IMAGE")
      ->group(group);
  command->add_option("--registry", cluster.registry, "Pulls every image from there instead")
      ->type_name("HOST")
      ->group(group);
  command->add_option("--image-pull-secret", cluster.pull_secret, "The secret that pulling needs")
      ->type_name("NAME")
      ->group(group);
  command
      ->add_flag("--exact-names",
                 cluster.exact_names,
                 "Keeps the suite's names of namespaces; none of them may exist")
      ->group(group);
  command
      ->add_option("--client",
                   cluster.client,
                   "agent, or wget: only wget asks, and nothing is put into the pods (agent)")
      ->type_name("NAME")
      ->group(group);
}

Result<void> Parser::check_engine() {
  const bool has_kubernetes =
      std::find(engines_.begin(), engines_.end(), kKubernetes) != engines_.end();
  if (line_.engine.empty()) {
    line_.engine = line_.cluster.chosen() && has_kubernetes ? kKubernetes : engines_.front();
  }
  if (std::find(engines_.begin(), engines_.end(), line_.engine) == engines_.end()) {
    return usage(line_.command,
                 "there is no engine \"" + line_.engine + "\"" +
                     spelling_hint(line_.engine, engines_) + "; there is: " + join(engines_, ", "));
  }
  if (line_.cluster.chosen() && line_.engine != kKubernetes) {
    return usage(line_.command,
                 "the " + line_.engine +
                     " engine has no cluster: leave out --context, "
                     "--kubeconfig and --current-context, or say --engine kubernetes");
  }
  if (line_.cluster.client != "agent" && line_.cluster.client != "wget") {
    return usage(line_.command,
                 "--client is agent or wget, not \"" + printable(line_.cluster.client) + "\"");
  }
  return {};
}

}  // namespace nettest
