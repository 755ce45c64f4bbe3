# A node: a machine's worth of namespaces (network, mount, pid) with a containerd, a kubelet and a kube-proxy of its own.
# Sourced by up.sh.
# shellcheck shell=bash

node_network() { # of node number $1
  local number=$1 network
  network=$(cat "$state/conf/network")
  ip netns add "$tag-n$number"
  ip link add "n$number" netns "$tag-sw" type veth peer name eth0 netns "$tag-n$number"
  in_network sw ip link set "n$number" master br0 up
  in_network "n$number" sh -ec "
    ip link set lo up
    ip addr add 10.$network.0.1$number/24 dev eth0
    ip addr add fd00:10:$network::1$number/64 dev eth0 nodad
    ip link set eth0 up
    ip route add default via 10.$network.0.1
    sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv6.conf.all.forwarding=1"
}

routes_of() { # from node number $1 to the pods of the other ones of $2
  local other network
  network=$(cat "$state/conf/network")
  for other in $(seq "$2"); do
    [[ $other == "$1" ]] && continue
    in_network "n$1" ip route replace "$pods4.$other.0/24" via "10.$network.0.1$other"
    in_network "n$1" ip route replace "$pods6:$other::/64" via "fd00:10:$network::1$other"
  done
}

control_groups() { # of node $1
  local controller folder parent
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then # version 2
    mkdir -p "/sys/fs/cgroup/$tag/$1"
    for parent in /sys/fs/cgroup "/sys/fs/cgroup/$tag"; do
      for controller in cpu cpuset memory pids io; do
        echo "+$controller" >"$parent/cgroup.subtree_control" 2>/dev/null || true
      done
    done
    return
  fi
  for controller in cpu cpuacct cpuset memory devices freezer blkio pids systemd unified; do
    folder=/sys/fs/cgroup/$controller
    [[ -d $folder ]] || continue
    for parent in "$tag" "$tag/$1"; do
      mkdir -p "$folder/$parent"
      [[ $controller == cpuset ]] || continue
      cat "$folder/cpuset.cpus" >"$folder/$parent/cpuset.cpus"
      cat "$folder/cpuset.mems" >"$folder/$parent/cpuset.mems"
    done
  done
}

# The machine itself: its first process only reaps.
node_namespaces() {
  local node=$1 init
  alive "$node" && return
  start "$node" nsenter --net="$(network_of "$node")" -- \
    unshare --mount --pid --fork --mount-proc --kill-child --propagation private bash -c '
      mount --make-rshared /
      for folder in /run/containerd /run/cilium; do
        mkdir -p $folder
        mount -t tmpfs tmpfs $folder
      done
      mount -t bpf bpf /sys/fs/bpf 2>/dev/null
      touch /run/containerd/ready
      trap "exit 0" TERM
      while :; do
        sleep 86400 &
        wait $!
      done'
  await 10 pgrep -P "$(pid_of "$node")" || die "cannot make the namespaces of $node: $(cat "$state/log/$node.log")"
  init=$(pgrep -P "$(pid_of "$node")")
  await 10 test -e "/proc/$init/root/run/containerd/ready" || die "node $node does not start"
  record "$node-init" "$init"
}

containerd_config() { # of the node whose folder is $1
  put "$1/containerd.toml" <<T
version = 2
root = "$1/containerd"
state = "$1/run"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.opt"]
[grpc]
  address = "$1/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$state/cni-bin"
    conf_dir = "$1/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
T
}

# Routed veth pairs. Cilium brings a configuration of its own.
pod_network_config() { # of node number $1
  local folder=$state/n$1 plugin
  for plugin in /usr/lib/cni/*; do
    [[ -e $state/cni-bin/${plugin##*/} ]] || ln -sf "$plugin" "$state/cni-bin/"
  done
  mkdir -p "$folder/cni"
  [[ $(cat "$state/conf/cni") == ptp ]] || return 0
  put "$folder/cni/10-testbed.conflist" <<J
{"cniVersion": "1.0.0", "name": "testbed", "plugins": [{"type": "ptp", "mtu": 1400, "ipMasq": false, "ipam": {
  "type": "host-local", "dataDir": "$folder/ipam", "ranges": [[{"subnet": "$pods4.$1.0/24"}], [{"subnet": "$pods6:$1::/64"}]],
  "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]}}]}
J
}

kubelet_config() { # of node $1
  local folder=$state/$1
  put "$state/conf/resolv.conf" <<<''
  put "$folder/kubelet.yaml" <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $state/pki/ca.crt}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$tag/$1
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
cpuCFSQuota: false
clusterDNS: [$dns_address]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://$folder/containerd.sock
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: "100Mi", nodefs.available: "1%", imagefs.available: "1%"}
resolvConf: $state/conf/resolv.conf
podLogsDir: $folder/logs
volumePluginDir: $folder/volume-plugins
registryPullQPS: 0
eventRecordQPS: 0
oomScoreAdj: 0
Y
}

kube_proxy_config() { # of node number $1
  put "$state/n$1/kube-proxy.yaml" <<Y
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clusterCIDR: "$pods4.0.0/16,$pods6::/48"
hostnameOverride: n$1
bindAddress: 10.$(cat "$state/conf/network").0.1$1
clientConnection: {kubeconfig: $KUBECONFIG}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
oomScoreAdj: 0
iptables: {minSyncPeriod: 100ms, syncPeriod: 30s}
Y
}

import_images() { # into node $1, what is newer than the last time
  local folder=$state/$1 image
  for image in "$built"/images/*.tar; do
    [[ $folder/images.done -nt $image ]] && continue
    $(enter_node "$1") ctr -a "$folder/containerd.sock" -n k8s.io images import "$image" >/dev/null
  done
  touch "$folder/images.done"
}

register() { # node number $1
  "$kubectl" get node "n$1" >/dev/null 2>&1 || "$kubectl" create -f - >/dev/null <<Y
apiVersion: v1
kind: Node
metadata: {name: n$1, labels: {kubernetes.io/hostname: n$1, kubernetes.io/os: linux}}
spec: {podCIDR: $pods4.$1.0/24, podCIDRs: [$pods4.$1.0/24, "$pods6:$1::/64"]}
Y
}

node() { # number $1
  local node=n$1 network enter
  local folder=$state/$node
  mkdir -p "$folder"
  network=$(cat "$state/conf/network")
  control_groups "$node"
  containerd_config "$folder"
  pod_network_config "$1"
  kubelet_config "$node"
  kube_proxy_config "$1"
  node_namespaces "$node"
  enter=$(enter_node "$node")
  start "containerd-$node" $enter containerd -c "$folder/containerd.toml"
  await 20 ctr -a "$folder/containerd.sock" version || die "containerd does not start; its log: $state/log/containerd-$node.log"
  import_images "$node"
  register "$1"
  start "kubelet-$node" $enter "$built/bin/kubelet" --config="$folder/kubelet.yaml" --kubeconfig="$KUBECONFIG" \
    --hostname-override="$node" --node-ip="10.$network.0.1$1,fd00:10:$network::1$1" --root-dir="$folder/kubelet" --cert-dir="$folder/pki"
  start "kube-proxy-$node" $enter "$built/bin/kube-proxy" --config="$folder/kube-proxy.yaml"
}
