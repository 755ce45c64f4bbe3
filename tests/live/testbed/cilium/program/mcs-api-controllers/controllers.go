// Package controllers stands in for sigs.k8s.io/mcs-api/controllers, which no module proxy serves: it has the one name that Cilium
// refers to. Multi-cluster services are not used here.
package controllers

const DerivedServiceAnnotation = "multicluster.kubernetes.io/derived-service"
