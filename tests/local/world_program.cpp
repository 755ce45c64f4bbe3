// A small program for world_test.cpp: keeps a local world until it is told to end, or ends in the
// way that it is told. Also `shell RUN|- POD COMMAND...`, as `nettest shell` does it.
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include "harness/interrupt.hpp"
#include "harness/local/local_engine.hpp"
#include "harness/local/private_world.hpp"
#include "harness/local/shell.hpp"

namespace nettest {
namespace {

constexpr int kEngineError = 3;

int keep() {
  install_interrupt_handlers();
  World world;
  world.namespaces.push_back({"x", {{"kubernetes.io/metadata.name", "x"}}, false, {}});
  for (const char* name : {"a", "b"}) {
    Pod pod;
    pod.id = {"x", name};
    pod.ports = {{"", 80, Protocol::tcp, Serve::http}};
    world.pods.push_back(pod);
  }
  Service service;
  service.id = {"x", "web"};
  world.pods[1].labels = {{"app", "web"}};
  service.selector.match_labels = {{"app", "web"}};
  service.ports = {{"", 80, Protocol::tcp, {}}};
  world.services.push_back(service);
  LocalEngine engine;
  const auto deployed =
      engine.deploy(world, std::chrono::steady_clock::now() + std::chrono::seconds(30));
  if (!deployed) {
    std::cerr << to_string(deployed.error()) << "\n";
    return kEngineError;
  }
  std::cout << "ready " << private_world()->run << " " << getpid() << std::endl;
  while (!interrupted()) {
    pause();
  }
  std::cout << "removed" << std::endl;
  return 130;
}

int body(const std::string& what, const std::string& argument) {
  if (what == "keep") {
    return keep();
  }
  if (what == "exit") {
    return std::stoi(argument);
  }
  if (what == "die") {
    std::raise(SIGKILL);
  }
  if (what == "write") {
    std::ofstream file(argument);
    file << "hello\n";
    return file.good() ? 0 : 1;
  }
  return 2;
}

int report(const Result<int>& result) {
  if (!result) {
    std::cerr << to_string(result.error()) << "\n";
    return kEngineError;
  }
  return *result;
}

}  // namespace
}  // namespace nettest

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string what = words.empty() ? "" : words[0];
  if (what == "shell") {
    return nettest::report(
        nettest::run_in_pod({words.at(2),
                             words.at(1) == "-" ? "" : words.at(1),
                             std::vector<std::string>(words.begin() + 3, words.end())}));
  }
  return nettest::report(nettest::run_in_private_world(
      [&] { return nettest::body(what, words.size() > 1 ? words[1] : ""); }));
}
