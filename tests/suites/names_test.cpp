#include "suites/names.hpp"

#include <gtest/gtest.h>

namespace nettest {
namespace {

struct Row {
  NameFault (*rule)(std::string_view);
  std::string name;
  bool good;
};

TEST(Names, AreTakenAndRefusedAsInApimachinery) {
  const std::string a63(63, 'a');
  const std::string a64(64, 'a');
  const std::string a253 = a63 + "." + a63 + "." + a63 + "." + std::string(61, 'a');
  for (const auto& row : {Row{fault_of_dns_label, "a", true},
                          Row{fault_of_dns_label, "1-a", true},
                          Row{fault_of_dns_label, a63, true},
                          Row{fault_of_dns_label, a64, false},
                          Row{fault_of_dns_label, "", false},
                          Row{fault_of_dns_label, "a.b", false},
                          Row{fault_of_dns_label, "-a", false},
                          Row{fault_of_dns_label, "a-", false},
                          Row{fault_of_dns_label, "A", false},
                          Row{fault_of_dns_subdomain, "a.b-c.d", true},
                          Row{fault_of_dns_subdomain, a64, true},
                          Row{fault_of_dns_subdomain, a253, true},
                          Row{fault_of_dns_subdomain, a253 + "a", false},
                          Row{fault_of_dns_subdomain, "a..b", false},
                          Row{fault_of_dns_subdomain, "a.", false},
                          Row{fault_of_dns_subdomain, "a_b", false},
                          Row{fault_of_service_name, "web", true},
                          Row{fault_of_service_name, "1web", false},
                          Row{fault_of_service_name, "a.b", false},
                          Row{fault_of_port_name, "http", true},
                          Row{fault_of_port_name, "a-1", true},
                          Row{fault_of_port_name, "abcdefghijklmno", true},
                          Row{fault_of_port_name, "abcdefghijklmnop", false},
                          Row{fault_of_port_name, "80", false},
                          Row{fault_of_port_name, "a--b", false},
                          Row{fault_of_port_name, "-a", false},
                          Row{fault_of_label_key, "app", true},
                          Row{fault_of_label_key, "App_1.x", true},
                          Row{fault_of_label_key, "kubernetes.io/metadata.name", true},
                          Row{fault_of_label_key, a63, true},
                          Row{fault_of_label_key, a64, false},
                          Row{fault_of_label_key, "/a", false},
                          Row{fault_of_label_key, "a/", false},
                          Row{fault_of_label_key, "a/b/c", false},
                          Row{fault_of_label_key, "A/b", false},
                          Row{fault_of_label_value, "", true},
                          Row{fault_of_label_value, "A_b.c-1", true},
                          Row{fault_of_label_value, "_a", false},
                          Row{fault_of_label_value, a64, false},
                          Row{fault_of_label_value, "a b", false}}) {
    EXPECT_EQ(!row.rule(row.name), row.good) << row.name << ": " << row.rule(row.name).value_or("");
  }
}

}  // namespace
}  // namespace nettest
