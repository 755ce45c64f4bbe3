#!/usr/bin/env bash
# up.sh NODES ENGINE: brings a cluster up, or completes one that is up: whatever runs already is left alone.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
. "$sources/node.sh"
. "$sources/engines.sh"
readonly nodes=$1 engine=$2
[[ -s $built/images/wget.tar ]] || die "nothing is built yet: cluster build"
mkdir -p "$state"/{pids,log,pki,etcd,cni-bin,conf}
chmod 700 "$state"
exec 9>"$state/.lock"
flock 9
was=$(cat "$state/conf/cni" 2>/dev/null || true)
[[ -z $was || $was == "$(cni_of "$engine")" ]] ||
  die "cluster $name is up with another network plugin; take it down first"
cni_of "$engine" >"$state/conf/cni"

# The second number of the machine's own network, 10.X.0.0/24: the first that is free.
choose_network() {
  local number=230
  [[ -s $state/conf/network ]] && return
  while ip -4 -o addr show | grep -q " 10\.$number\.0\.1/"; do
    ((++number))
  done
  echo "$number" >"$state/conf/network"
}

networks() {
  local node number
  number=$(cat "$state/conf/network")
  if [[ ! -e $(network_of sw) ]]; then
    ip netns add "$tag-sw"
    in_network sw sh -c 'ip link set lo up; ip link add br0 type bridge; ip link set br0 up'
    in_network sw sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0 2>/dev/null || true
    ip link add "ntb$number" type veth peer name host netns "$tag-sw"
    ip addr add "10.$number.0.1/24" dev "ntb$number"
    ip link set "ntb$number" up
    in_network sw ip link set host master br0 up
  fi
  for node in $(seq "$nodes"); do
    [[ -e $(network_of "n$node") ]] || node_network "$node"
  done
  for node in $(seq "$nodes"); do
    routes_of "$node" "$nodes"
  done
}

# certificate NAME SUBJECT [EXTENSIONS]: signed by the cluster's own authority.
certificate() {
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out "$1.crt" \
    -extfile <(echo "${3:-}") 2>/dev/null
}

credentials() (
  umask 077
  cd "$state/pki"
  if [[ ! -e complete ]]; then
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 3650 -subj /CN=testbed 2>/dev/null
    certificate apiserver /CN=kube-apiserver \
      "subjectAltName=IP:127.0.0.1,IP:$api,IP:$api_address,DNS:localhost,DNS:kubernetes.default.svc"
    certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    openssl genrsa -out sa.key 2048 2>/dev/null
    echo "$(openssl rand -hex 16),admin,admin,\"system:masters\"" >tokens.csv
    touch complete
  fi
  put "$KUBECONFIG" <<Y
apiVersion: v1
kind: Config
clusters: [{name: testbed, cluster: {server: "https://$api:6443", certificate-authority: $state/pki/ca.crt}}]
users: [{name: admin, user: {token: $(cut -d, -f1 tokens.csv)}}]
contexts: [{name: testbed, context: {cluster: testbed, user: admin}}]
current-context: testbed
Y
)

# The control plane runs in the network of the first node.
control_plane() {
  local here="nsenter --net=$(network_of n1) -- $built/bin" pki=$state/pki
  start etcd $here/etcd --name=testbed --data-dir="$state/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
    --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
    --initial-cluster=testbed=http://127.0.0.1:2380
  start kube-apiserver $here/kube-apiserver --etcd-servers=http://127.0.0.1:2379 --secure-port=6443 --bind-address=0.0.0.0 \
    --advertise-address="$api" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --client-ca-file="$pki/ca.crt" --token-auth-file="$pki/tokens.csv" --authorization-mode=Node,RBAC \
    --kubelet-client-certificate="$pki/kubelet-client.crt" --kubelet-client-key="$pki/kubelet-client.key" \
    --service-cluster-ip-range="$services4,$services6" --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki/sa.key" --service-account-signing-key-file="$pki/sa.key" --allow-privileged=true \
    --kubelet-preferred-address-types=InternalIP --profiling=false
  await 60 "$kubectl" get --raw /readyz || {
    last_words kube-apiserver
    die "the API server does not become ready; its log: $state/log/kube-apiserver.log"
  }
  # Nodes get their pod networks from us; there is no cloud and nobody to sign for.
  start kube-controller-manager $here/kube-controller-manager --kubeconfig="$KUBECONFIG" --leader-elect=false \
    --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" --allocate-node-cidrs=false --bind-address=127.0.0.1 \
    --controllers='*,-nodeipam,-route,-service-lb-controller,-ttl-controller,-bootstrap-signer-controller,-token-cleaner-controller,-certificatesigningrequest-signing-controller'
  start kube-scheduler $here/kube-scheduler --kubeconfig="$KUBECONFIG" --leader-elect=false --bind-address=127.0.0.1
}

dns() {
  "$kubectl" -n kube-system get deployment coredns >/dev/null 2>&1 ||
    "$kubectl" create -f "$sources/dns.yaml" >/dev/null || die "cannot create the DNS pods"
}

node_is_ready() { [[ $("$kubectl" get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]; }

ready() {
  local node process
  for node in $(node_names); do
    await 120 node_is_ready "$node" || {
      last_words "kubelet-$node"
      die "node $node does not become ready; its log: $state/log/kubelet-$node.log"
    }
  done
  await 30 "$kubectl" -n default get serviceaccount default || die "the controller manager makes no service accounts"
  "$kubectl" -n kube-system rollout status deployment/coredns --timeout=60s >/dev/null || die "the DNS pod does not become ready"
  for process in $(processes ''); do
    alive "$process" || {
      last_words "$process"
      die "$process ended; its log: $state/log/$process.log"
    }
  done
}

choose_network
api=10.$(cat "$state/conf/network").0.11
readonly api
for ((number = 1; number <= nodes; ++number)); do echo "n$number"; done | put "$state/nodes"
networks
credentials
control_plane
for ((number = 1; number <= nodes; ++number)); do
  node "$number"
done
dns
engine "$engine"
ready
