# Starts Cilium as network plugin and policy engine of all nodes. Sourced by engines.sh.
# shellcheck shell=bash

[[ -x $built/bin/cilium ]] || die "Cilium is not built: cluster build cilium"

# One file per option, as in the agent's ConfigMap.
cilium_options() { # of node $1
  local folder=$state/$1
  cat <<C
k8s-kubeconfig-path=$KUBECONFIG
k8s-client-qps=200
k8s-client-burst=400
cluster-name=default
ipam=kubernetes
k8s-require-ipv4-pod-cidr=true
enable-ipv4=true
enable-ipv6=false
routing-mode=native
ipv4-native-routing-cidr=$pods4.0.0/16
auto-direct-node-routes=false
enable-ipv4-masquerade=false
devices=eth0
direct-routing-device=eth0
kube-proxy-replacement=false
bpf-lb-sock=false
enable-l7-proxy=false
enable-envoy-config=false
enable-hubble=false
enable-health-checking=false
enable-endpoint-health-checking=false
identity-allocation-mode=crd
identity-change-grace-period=0s
enable-policy=default
state-dir=/run/cilium
lib-dir=$folder/cilium
bpf-root=/sys/fs/bpf
cgroup-root=/run/cilium/cgroupv2
write-cni-conf-when-ready=$folder/cilium/05-cilium.conflist
cni-exclusive=false
cni-log-file=$state/log/cni-$1.log
preallocate-bpf-maps=false
bpf-ct-global-tcp-max=65536
bpf-ct-global-any-max=65536
bpf-nat-global-max=65536
bpf-neigh-global-max=65536
enable-drift-checker=false
enable-dynamic-config=false
enable-gops=false
api-rate-limit=endpoint-create=auto-adjust:false,rate-limit:100/s,rate-burst:100,parallel-requests:8
C
}

cilium_agent() { # on node $1
  local folder=$state/$1/cilium option value
  mkdir -p "$folder/config"
  ln -sfn "$(readlink -f "$built/bpf")" "$folder/bpf"
  while IFS='=' read -r option value; do
    printf %s "$value" >"$folder/config/$option"
  done < <(cilium_options "$1")
  start "cilium-$1" $(enter_node "$1") env PATH="$state/clang:$PATH" K8S_NODE_NAME="$1" CILIUM_K8S_NAMESPACE=kube-system \
    "$built/bin/cilium-agent" --config-dir="$folder/config"
}

ln -sf "$built/bin/cilium-cni" "$state/cni-bin/cilium-cni"
mkdir -p "$state/clang"
ln -sfn "$(command -v clang-19)" "$state/clang/clang" # the agent calls "clang"; it needs nothing else of LLVM
start cilium-operator $(enter_node n1) env CILIUM_K8S_NAMESPACE=kube-system "$built/bin/cilium-operator" \
  --k8s-kubeconfig-path="$KUBECONFIG" --ipam=kubernetes --identity-allocation-mode=crd --enable-ipv6=false --enable-l7-proxy=false \
  --operator-api-serve-addr=127.0.0.1:9234 --enable-metrics=false --enable-gops=false
for node in $(node_names); do
  cilium_agent "$node"
done
# The agent puts its configuration in place by renaming it, which containerd 1.6 overlooks: it writes beside, and we copy.
for node in $(node_names); do
  await 180 test -s "$state/$node/cilium/05-cilium.conflist" || {
    last_words "cilium-$node"
    die "Cilium does not become ready on $node; its log: $state/log/cilium-$node.log"
  }
  cat "$state/$node/cilium/05-cilium.conflist" >"$state/$node/cni/05-cilium.conflist"
done
