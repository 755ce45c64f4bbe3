#include "harness/static/explain_command.hpp"

#include "base/text.hpp"
#include "probes/targets.hpp"
#include "results/static_explain.hpp"

namespace nettest {

int explain_command(const ExplainOptions& options, StaticIo& io) {
  if (options.format != "txt" && options.format != "json" && options.format != "md") {
    complain(io, "-o: want txt, json or md, found \"" + printable(options.format) + "\"");
    return static_cast<int>(StaticExit::usage);
  }
  const auto inventory = load(options.input, io, false);
  if (!inventory) {
    return inventory.error();
  }
  auto targets = targets_of(inventory->state.policies);
  if (options.simplify) {
    targets = simplified(std::move(targets));
  }
  if (targets.empty() && !options.input.quiet) {
    complain(io, "no NetworkPolicy in the input: everything is allowed");
  }
  io.out(options.format == "json" ? render_targets_json(targets)
         : options.format == "md" ? render_targets_md(targets)
                                  : render_targets_txt(targets));
  return with_foreign_policies(static_cast<int>(StaticExit::ok), *inventory, options.input, io);
}

}  // namespace nettest
