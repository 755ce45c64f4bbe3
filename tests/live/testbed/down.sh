#!/usr/bin/env bash
# down.sh: stops what up.sh started and removes all that it made. What was built stays.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
[[ -d $state ]] || exit 0
exec 9>"$state/.lock"
flock 9
for group in node-agent- cilium- kube-scheduler kube-controller-manager kube-proxy- kubelet- kube-apiserver etcd containerd-; do
  for process in $(processes "$group"); do
    stop "$process" -KILL
  done
done
# The death of a node's first process ends all that is in its pid namespace and lets go of its mounts.
for process in $(processes n); do
  stop "$process" -KILL
done
for network in "$(network_of '')"*; do
  [[ -e $network ]] && ip netns del "$(basename "$network")"
done
ip link del "ntb$(cat "$state/conf/network" 2>/dev/null)" 2>/dev/null || true
for group in /sys/fs/cgroup/"$tag" /sys/fs/cgroup/*/"$tag"; do
  [[ -d $group ]] && find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
done
rm -rf "$state"
