# What enforces NetworkPolicy on the nodes: nothing, the node-agent, or Cilium. Sourced by up.sh.
# shellcheck shell=bash

cni_of() { if [[ $1 == cilium ]]; then echo cilium; else echo ptp; fi; }

engine() {
  case $1 in
    none) no_engine ;;
    node-agent) node_agents ;;
    cilium) . "$sources/cilium/start.sh" ;;
    *) die "no such engine: $1 (none, node-agent, cilium)" ;;
  esac
}

no_engine() {
  local process node
  for process in $(processes node-agent-); do
    stop "$process"
  done
  # A policy engine that ends leaves its rules behind, so that they are taken away here.
  for node in $(node_names); do
    in_network "$node" sh -c 'nft list tables inet | while read -r _ family table; do
      case $table in nettest*) nft delete table "$family" "$table" ;; esac
    done'
  done
}

node_agents() {
  local node log lines
  [[ -x ${NETTEST_NODE_AGENT:-} ]] || die "set NETTEST_NODE_AGENT to the node-agent that was built"
  for node in $(node_names); do
    alive "node-agent-$node" && continue
    log=$state/log/node-agent-$node.log
    touch "$log"
    lines=$(wc -l <"$log")
    # It is killed, and then its socket's folder goes with the node.
    start "node-agent-$node" $(enter_node "$node") env XDG_RUNTIME_DIR=/run/containerd "$NETTEST_NODE_AGENT" --kubectl "$kubectl" --kubeconfig "$KUBECONFIG" \
      --node "$node" --delay "${NETTEST_NODE_AGENT_DELAY:-0}"
    # It says so each time that it has programmed the node.
    await 30 more_lines "$log" "$lines" || die "the node-agent of $node does nothing; its log: $log"
  done
}

more_lines() { (($(wc -l <"$1") > $2)); }
