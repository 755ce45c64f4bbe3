#include <unordered_set>

#include "base/text.hpp"
#include "probes/expansion.hpp"

namespace nettest {

namespace {

struct ProbeHash {
  std::size_t operator()(const Probe& probe) const {
    constexpr std::size_t kMix = 0x9E3779B97F4A7C15ULL;
    const std::hash<std::string> hash;
    std::size_t value = hash(probe.from.namespace_name);
    const auto mix = [&](std::size_t part) { value = (value ^ part) * kMix; };
    mix(hash(probe.from.name));
    mix(std::visit([&](const auto& id) { return hash(id.namespace_name) * kMix + hash(id.name); },
                   probe.to));
    mix(probe.port);
    mix(static_cast<std::size_t>(probe.by));
    mix(hash(probe.url));
    return value;
  }
};

class Expander {
 public:
  Expander(const World& world, const ExpandContext& context)
      : expansion_{
            world, context.ever == nullptr ? world : *context.ever, context.addresses, {}, {}} {}

  void expand(const ProbeSpec& spec) {
    expansion_.where = spec.where;
    std::visit([&](const auto& what) { expand(what); }, spec.what);
  }

  Checked<std::vector<Probe>> finish() && {
    if (!expansion_.errors.empty()) {
      return tl::unexpected(std::move(expansion_.errors));
    }
    return std::move(probes_);
  }

 private:
  void expand(const MatrixSpec& spec) {
    check_matrix(expansion_, spec);
    for (const By by : spec.by) {
      if (by == By::url) {
        expansion_.complain("matrix: `by: url` needs a URL; write {from: …, to: \"http://…\"}");
        continue;
      }
      const auto targets = matrix_targets(spec, expansion_.world, by);
      for (const auto& from : expansion_.world.pods) {
        if (!from.system) {
          ask_matrix(from, targets, spec.families);
        }
      }
    }
  }

  /// A matrix passes over families that a destination does not have.
  void ask_matrix(const Pod& from,
                  const std::vector<Target>& targets,
                  const std::vector<IpFamily>& families) {
    for (const auto& target : targets) {
      for (const auto family : families) {
        if (has(target, family)) {
          ask(from, target, family, Client::agent);
        }
      }
    }
  }

  void expand(const PairSpec& spec) {
    if (fitting(expansion_.ever.pods, spec.from).empty()) {
      expansion_.complain("from: " + quoted(spec.from) + " fits no pod of the world" +
                          spelling_hint(spec.from, names_of(expansion_.ever.pods)));
      return;
    }
    const auto sources = fitting(expansion_.world.pods, spec.from);
    if (looks_like_url(spec.to)) {
      expand_url(spec, sources);
      return;
    }
    const auto targets = named_targets(expansion_, spec);
    for (const auto& from : sources) {
      ask_all(from, targets, spec);
    }
  }

  void expand_url(const PairSpec& spec, const std::vector<Pod>& sources) {
    const auto url = parse_url(spec.to);
    if (!url) {
      expansion_.complain(url.error().message);
      return;
    }
    if (spec.by && *spec.by != By::url) {
      expansion_.complain("to: " + quoted(spec.to) + " is a URL and cannot be asked for by " +
                          std::string(to_string(*spec.by)));
      return;
    }
    PairSpec narrowed = spec;
    if (url->host.address || url->host.placeholder) {
      narrowed.families = {url->host.family};
    }
    for (const auto& from : sources) {
      if (const auto target = url_target(expansion_, *url, spec.to, from.id)) {
        ask_all(from, {*target}, narrowed);
      }
    }
  }

  void ask_all(const Pod& from, const std::vector<Target>& targets, const PairSpec& spec) {
    for (const auto& target : targets) {
      for (const auto family : spec.families) {
        if (has(target, family)) {
          ask(from, target, family, spec.client);
        } else {
          complain_of_family(target, family);
        }
      }
    }
  }

  void ask(const Pod& from, const Target& target, IpFamily family, Client client) {
    if (client == Client::wget &&
        (target.protocol != Protocol::tcp || target.serve != Serve::http)) {
      return complain_of_wget(target);
    }
    Probe probe{from.id,
                target.to,
                target.by,
                target.port,
                target.protocol,
                family,
                client,
                target.serve,
                target.host,
                target.url};
    if (seen_.insert(probe).second) {
      probes_.push_back(std::move(probe));
    }
  }

  static bool has(const Target& target, IpFamily family) {
    return std::find(target.families.begin(), target.families.end(), family) !=
           target.families.end();
  }

  void complain_of_family(const Target& target, IpFamily family) {
    expansion_.complain("service " + to_string(std::get<ServiceId>(target.to)) + " has no " +
                        std::string(to_string(family)) +
                        " address; add the family to the service's `families`");
  }

  void complain_of_wget(const Target& target) {
    expansion_.complain(
        "wget speaks HTTP over TCP only, and " +
        std::visit([](const auto& id) { return to_string(id); }, target.to) + " serves " +
        port_text(target.port, target.protocol) +
        (target.protocol == Protocol::tcp ? " plain; add `serve: http` to the pod's port" : ""));
  }

  Expansion expansion_;
  std::vector<Probe> probes_;
  std::unordered_set<Probe, ProbeHash> seen_;
};

}  // namespace

Checked<std::vector<Probe>> expand_probes(const std::vector<ProbeSpec>& specs,
                                          const World& world,
                                          const ExpandContext& context) {
  Expander expander(world, context);
  for (const auto& spec : specs) {
    expander.expand(spec);
  }
  return std::move(expander).finish();
}

}  // namespace nettest
