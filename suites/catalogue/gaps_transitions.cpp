// What changes while policies are in force: labels and namespaces.
#include <utility>

#include "suites/catalogue/gaps.hpp"
#include "suites/catalogue/world.hpp"

namespace nettest::catalogue {

namespace {

const LabelSelector kGuest = labelled({{"guest", "yes"}});
const Direction kIn = Direction::ingress;

Labels guest(const std::string& pod) {
  return {{"pod", pod}, {"guest", "yes"}};
}

std::vector<Case> pod_labels() {
  const Policy shut = Policy("x", "shut", labelled({{"shut", "yes"}})).shut(kIn);
  return {gap("transitions/target-label-comes-and-goes",
              "A pod is isolated while it has the label, and no longer.",
              {{"transition", "set-pod-labels"}, {"D1", "I5"}, {}},
              {step("apply", {apply(shut)}, all_open()),
               step("label x/b",
                    {relabel("x/b", {{"pod", "b"}, {"shut", "yes"}})},
                    expecting({"allow */* -> *", "deny */* -> x/b", "allow x/b -> x/b"})),
               step("take the label off", {relabel("x/b", {{"pod", "b"}})}, all_open())}),
          gap("transitions/target-label-changes-value",
              "A pod moves from one policy to another by the value of a label.",
              {{"transition", "set-pod-labels"}, {"D1"}, {}},
              {step("apply",
                    {relabel("x/a", {{"pod", "a"}, {"zone", "one"}}),
                     apply(Policy("x", "one", labelled({{"zone", "one"}}))
                               .ingress({pods(labelled({{"pod", "b"}}))})),
                     apply(Policy("x", "two", labelled({{"zone", "two"}}))
                               .ingress({pods(labelled({{"pod", "c"}}))}))},
                    into_xa_only("allow x/b -> x/a")),
               step("label x/a otherwise",
                    {relabel("x/a", {{"pod", "a"}, {"zone", "two"}})},
                    into_xa_only("allow x/c -> x/a"))}),
          gap("transitions/peer-labels-change-places",
              "Two pods exchange their labels in one step.",
              {{"transition", "set-pod-labels"}, {"D1"}, {}},
              {step("apply",
                    {relabel("y/b", guest("b")), apply(about_xa(kIn, {pods_in({}, kGuest)}))},
                    into_xa_only("allow y/b -> x/a")),
               step("exchange",
                    {relabel("y/b", {{"pod", "b"}}), relabel("y/c", guest("c"))},
                    into_xa_only("allow y/c -> x/a"))}),
          gap("transitions/last-guest-leaves",
              "When the last pod that a rule fits has gone, the rule fits nobody.",
              {{"transition", "set-pod-labels"}, {"P5", "D1"}, {}},
              {step("apply",
                    {relabel("x/b", guest("b")), apply(about_xa(kIn, {pods(kGuest)}, {tcp(80)}))},
                    into_xa_only("allow x/b -> x/a:80/TCP")),
               step("take the label off", {relabel("x/b", {{"pod", "b"}})}, into_xa_only(""))}),
          gap("transitions/egress-peer-label-comes-and-goes",
              "The same for what goes out.",
              {{"transition", "set-pod-labels", "egress"}, {"P5", "D1"}, {}},
              {step("apply",
                    {apply(about_xa(Direction::egress, {pods_in({}, kGuest)}))},
                    out_of_xa_only("")),
               step("label z/c", {relabel("z/c", guest("c"))}, out_of_xa_only("allow x/a -> z/c")),
               step("take the label off", {relabel("z/c", {{"pod", "c"}})}, out_of_xa_only(""))})};
}

std::vector<Case> namespace_labels() {
  const LabelSelector red = labelled({{"team", "red"}});
  const Labels red_y = {{"ns", "y"}, {"team", "red"}};
  const Labels red_z = {{"ns", "z"}, {"team", "red"}};
  const Change from_red = apply(about_xa(kIn, {namespaces(red)}));
  return {
      gap("transitions/namespace-labels-change-places",
          "Two namespaces exchange a label in one step.",
          {{"transition", "set-namespace-labels"}, {"D2"}, {}},
          {step("apply",
                {relabel_namespace("y", red_y), from_red},
                into_xa_only("allow y/* -> x/a")),
           step("exchange",
                {relabel_namespace("y", {{"ns", "y"}}), relabel_namespace("z", red_z)},
                into_xa_only("allow z/* -> x/a"))}),
      gap("transitions/namespace-label-changes-value",
          "A namespace has the key still, with another value.",
          {{"transition", "set-namespace-labels"}, {"D2", "P3"}, {}},
          {step("apply",
                {relabel_namespace("y", red_y), from_red},
                into_xa_only("allow y/* -> x/a")),
           step("another value",
                {relabel_namespace("y", {{"ns", "y"}, {"team", "blue"}})},
                into_xa_only(""))}),
      gap("transitions/namespace-leaves-not-in",
          "A namespace gets the value that NotIn leaves out.",
          {{"transition", "set-namespace-labels"}, {"D2", "P3"}, {}},
          {step("apply",
                {apply(about_xa(kIn, {namespaces(not_in("team", {"red"}))}))},
                into_xa_only("allow */* -> x/a")),
           step("label y", {relabel_namespace("y", red_y)}, into_xa_only("allow x/* z/* -> x/a"))}),
      gap("transitions/egress-namespace-label-comes-and-goes",
          "The same for what goes out.",
          {{"transition", "set-namespace-labels", "egress"}, {"D2", "P5"}, {}},
          {step("apply",
                {apply(about_xa(Direction::egress, {namespaces(red)}))},
                out_of_xa_only("")),
           step("label z", {relabel_namespace("z", red_z)}, out_of_xa_only("allow x/a -> z/*")),
           step("take the label off",
                {relabel_namespace("z", {{"ns", "z"}})},
                out_of_xa_only(""))})};
}

std::vector<Case> new_objects() {
  const Changes new_namespace = {create(namespace_of("w", {{"team", "red"}})),
                                 create(pod_of("w/a", {{"pod", "a"}})),
                                 create(pod_of("w/b", guest("b")))};
  const auto w_b = into_xa_only("allow w/b -> x/a");
  return {gap("transitions/namespace-after-policy",
              "A namespace that comes after the policy is chosen by it.",
              {{"transition", "create-namespace"}, {"D2", "D7"}, {}},
              {step("apply",
                    {apply(about_xa(kIn, {pods_in(labelled({{"team", "red"}}), kGuest)}))},
                    into_xa_only("")),
               step("create w", new_namespace, w_b)}),
          gap("transitions/pod-after-deny",
              "A pod that comes into a namespace that is shut is shut from its first moment.",
              {{"transition", "create-pod"}, {"D7", "I5"}, {}},
              {step("apply", {apply(Policy("x", "shut").shut(kIn))}, into_x_only("")),
               step("create x/d",
                    {create(pod_of("x/d", {{"pod", "d"}}))},
                    into_x_only("") + expecting({"allow x/d -> x/d"}))}),
          gap("transitions/pod-after-allow",
              "A pod that comes with the label that a rule wants gets in.",
              {{"transition", "create-pod"}, {"D7", "P5"}, {}},
              {step("apply", {apply(about_xa(kIn, {pods(kGuest)}))}, into_xa_only("")),
               step("create x/d",
                    {create(pod_of("x/d", guest("d")))},
                    into_xa_only("allow x/d -> x/a"))}),
          gap("transitions/pod-replaced-under-its-name",
              "A pod of the same name with other labels is another pod.",
              {{"transition", "create-pod", "delete-pod"}, {"D10", "D5"}, {}},
              {step("apply",
                    {relabel("x/b", guest("b")), apply(about_xa(kIn, {pods(kGuest)}))},
                    into_xa_only("allow x/b -> x/a")),
               step("delete x/b", {remove_pod("x/b")}, into_xa_only("")),
               step("create x/b without the label",
                    {create(pod_of("x/b", {{"pod", "b"}}))},
                    into_xa_only(""))}),
          gap("transitions/target-replaced-under-its-name",
              "A pod of the same name that no policy chooses is open.",
              {{"transition", "create-pod", "delete-pod"}, {"D10", "D5"}, {}},
              {step("apply", {apply(about_xa(kIn, {pods(kGuest)}))}, into_xa_only("")),
               step("delete x/a", {remove_pod("x/a")}, all_open()),
               step("create x/a with another label",
                    {create(pod_of("x/a", {{"pod", "other"}}))},
                    all_open())}),
          gap("transitions/guest-goes-stranger-comes",
              "What was allowed to a pod that has gone is not inherited by the next that gets its "
              "address.",
              {{"transition", "create-pod", "delete-pod"}, {"D5", "D10"}, {}},
              {step("apply",
                    {create(pod_of("x/d", guest("d"))), apply(about_xa(kIn, {pods(kGuest)}))},
                    into_xa_only("allow x/d -> x/a")),
               step("delete x/d", {remove_pod("x/d")}, into_xa_only("")),
               step("create x/e", {create(pod_of("x/e", {{"pod", "e"}}))}, into_xa_only(""))}),
          gap("transitions/namespace-replaced-under-its-name",
              "The policies of a namespace go with it.",
              {{"transition", "create-namespace", "delete-namespace"}, {"D4", "D10"}, {}},
              {step("create w and shut it",
                    {create(namespace_of("w", {})),
                     create(pod_of("w/a", {{"pod", "a"}})),
                     apply(Policy("w", "shut").shut(kIn))},
                    expecting({"allow */* -> *", "deny */* -> w/a", "allow w/a -> w/a"})),
               step("delete w", {remove_namespace("w")}, all_open()),
               step("create w again",
                    {create(namespace_of("w", {})), create(pod_of("w/a", {{"pod", "a"}}))},
                    all_open())})};
}

}  // namespace

std::vector<Case> world_transition_gaps() {
  std::vector<Case> cases = pod_labels();
  for (const auto& part : {namespace_labels(), new_objects()}) {
    cases.insert(cases.end(), part.begin(), part.end());
  }
  return cases;
}

}  // namespace nettest::catalogue
