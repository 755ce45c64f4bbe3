#include "results/format.hpp"
#include "results/matrix.hpp"
#include "results/paint.hpp"
#include "results/simulation.hpp"
#include "results/table.hpp"

namespace nettest {

namespace {

std::string counts_text(const SimulatedStep& step) {
  std::size_t allowed = 0;
  std::size_t blocked = 0;
  for (const auto& [probe, prediction, expectation] : step.probes) {
    allowed += prediction.verdict == Verdict::allowed ? 1U : 0U;
    blocked += prediction.verdict == Verdict::blocked ? 1U : 0U;
  }
  const std::size_t either = step.probes.size() - allowed - blocked;
  return counted(step.probes.size(), "probe") + ": " + std::to_string(allowed) + " allowed, " +
         std::to_string(blocked) + " blocked" +
         (either > 0 ? ", " + std::to_string(either) + " undefined" : "");
}

}  // namespace

std::string render_simulated_step(const SimulatedStep& step, const TextStyle& style) {
  std::string text =
      painted(one_line(step.name), Paint::heading, style.colour) + " — " + counts_text(step) + "\n";
  for (const auto& change : step.changes) {
    text += "  " + one_line(change) + "\n";
  }
  std::vector<MarkedProbe> marks;
  marks.reserve(step.probes.size());
  for (const auto& simulated : step.probes) {
    marks.push_back({&simulated.probe, mark_of(simulated.prediction)});
  }
  return text + table_text(make_matrices(marks), style);
}

std::string render_simulation(const Simulation& simulation, const TextStyle& style) {
  std::string text = render_prediction_legend(style) + "\n";
  for (const auto& part : simulation.cases) {
    text +=
        painted(
            "== " + one_line(simulation.suite + ": " + part.name), Paint::heading, style.colour) +
        "\n\n";
    for (const auto& step : part.steps) {
      text += render_simulated_step(step, style) + "\n";
    }
  }
  return text;
}

}  // namespace nettest
