#include "results/facts_json.hpp"

#include <stdexcept>

#include "results/case_json.hpp"
#include "results/format.hpp"

namespace nettest {

Json facts_json(const RunFacts& facts) {
  Json versions = Json::object();
  for (const auto& [name, version] : facts.versions) {
    versions[name] = version;
  }
  return {{"run_id", facts.run_id},
          {"nettest_version", facts.nettest_version},
          {"engine", facts.engine},
          {"versions", std::move(versions)},
          {"started", utc_text(facts.started)},
          {"took_ms", ms(facts.took)},
          {"hostname", facts.hostname},
          {"faults", facts.faults},
          {"interrupted", facts.interrupted},
          {"shard", facts.shard},
          {"configuration", facts.configuration},
          {"warnings", facts.warnings}};
}

RunFacts facts_from_json(const Json& value) {
  RunFacts facts;
  facts.run_id = value.at("run_id").get<std::string>();
  facts.nettest_version = value.at("nettest_version").get<std::string>();
  facts.engine = value.at("engine").get<std::string>();
  for (const auto& [name, version] : value.at("versions").items()) {
    facts.versions[name] = version.get<std::string>();
  }
  const auto started = parse_utc(value.at("started").get_ref<const std::string&>());
  if (!started) {
    throw std::invalid_argument("started " + line_of(value.at("started")) +
                                " is not a time of the form 2026-01-31T12:00:00.000000000Z");
  }
  facts.started = *started;
  facts.took = duration_from_json(value.at("took_ms"));
  facts.hostname = value.at("hostname").get<std::string>();
  facts.faults = texts_from_json(value.at("faults"));
  facts.interrupted = value.at("interrupted").get<bool>();
  facts.shard = value.value("shard", "");
  facts.configuration = value.value("configuration", "");
  facts.warnings = texts_from_json(value.at("warnings"));
  return facts;
}

}  // namespace nettest
