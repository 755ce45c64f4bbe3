// What Kubernetes takes as names, label keys and label values
// (k8s.io/apimachinery/pkg/util/validation). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nettest {

/// Says what is wrong with a name of that kind, or nothing when it is right.
using NameFault = std::optional<std::string>;

/// RFC 1123 label, at most 63 characters: namespaces.
NameFault fault_of_dns_label(std::string_view name);
/// RFC 1123 subdomain, at most 253 characters: pods, policies.
NameFault fault_of_dns_subdomain(std::string_view name);
/// RFC 1035 label, at most 63 characters, begins with a letter: services.
NameFault fault_of_service_name(std::string_view name);
/// IANA service name, at most 15 characters, with a letter: named ports.
NameFault fault_of_port_name(std::string_view name);
/// Qualified name `[prefix/]name`: label keys.
NameFault fault_of_label_key(std::string_view key);
/// At most 63 characters, or empty: label values.
NameFault fault_of_label_value(std::string_view value);

}  // namespace nettest
