# Settings and helpers of the test bed's scripts. Sourced, never run.
# shellcheck shell=bash disable=SC2034  # read by the scripts that source this one

# Pipelines here feed settings, so that a failed part must not pass unseen.
set -euo pipefail

sources=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
built=${NETTEST_TESTBED_DIR:?the folder for binaries, images and clusters}
name=${NETTEST_TESTBED_NAME:-main}
state=$built/clusters/$name
tag=nettest-$name # of network namespaces and cgroups
kubectl=$built/bin/kubectl
export KUBECONFIG=$state/kubeconfig
readonly sources built name state tag kubectl

readonly kubernetes_version=v1.34.4
readonly kubernetes_programs='kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl etcd'
# The networks of pods and services are the ones that the local engine uses.
readonly pods4=10.244 pods6=fd00:10:244
readonly services4=10.96.0.0/16 services6=fd00:10:96::/112
readonly dns_address=10.96.0.10 api_address=10.96.0.1

say() { printf 'testbed: %s\n' "$*" >&2; }

die() {
  say "$@"
  exit 3 # as nettest and ./dev: nothing could be judged
}

# Calls a command until it succeeds, at most $1 seconds long.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# --- processes, each known by a file with its pid and the moment it was born --------------------------

pid_of() {
  local pid born
  read -r pid born 2>/dev/null <"$state/pids/$1" && [[ $born == "$(born "$pid")" ]] && echo "$pid"
}

# A pid alone could be a stranger's by now.
born() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null; }

alive() { pid_of "$1" >/dev/null; }

record() { echo "$2 $(born "$2")" >"$state/pids/$1"; }

# start NAME COMMAND…: in the background, with a log, unless it runs already. It must not hold the lock (9) of its starter.
start() {
  local process=$1
  shift
  alive "$process" && return
  setsid "$@" >>"$state/log/$process.log" 2>&1 </dev/null 9>&- &
  record "$process" $!
  disown
}

# stop NAME [SIGNAL]: and waits until it is gone. nsenter and unshare are parents of what they run in another pid namespace.
stop() {
  local pid pids
  if pid=$(pid_of "$1"); then
    mapfile -t pids < <(pgrep -P "$pid" || true)
    kill "${2:--TERM}" "${pids[@]}" "$pid" 2>/dev/null || true
    await 5 gone "${pids[@]}" "$pid" || kill -KILL "${pids[@]}" "$pid" 2>/dev/null || true
  fi
  rm -f "$state/pids/$1"
}

gone() { # none of them is alive; one that nobody waits for yet is as good as gone
  local pid status
  for pid in "$@"; do
    read -r status 2>/dev/null < <(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null) || continue
    [[ $status == Z ]] || return 1
  done
}

processes() { # those whose names begin with $1
  local file
  for file in "$state/pids/$1"*; do
    [[ -e $file ]] && basename "$file"
  done
  return 0
}

last_words() { tail -n 5 "$state/log/$1.log" >&2 || true; }

# --- nodes ----------------------------------------------------------------------------------------

network_of() { echo "/run/netns/$tag-$1"; }

# Runs a command in the network namespace of a node, or of the switch between them ("sw").
in_network() {
  local place=$1
  shift
  nsenter --net="$(network_of "$place")" -- "$@"
}

# The words before a command that is to run in the mount, pid and network namespaces of node $1.
enter_node() { echo "nsenter -t $(pid_of "$1-init") -m -p -n --"; }

node_names() { cat "$state/nodes"; }

# --- files ----------------------------------------------------------------------------------------

# Writes stdin to a file only if it differs: kube-proxy ends when its configuration is touched.
put() {
  local new=$1.new
  mkdir -p "$(dirname "$1")"
  cat >"$new"
  if cmp -s "$new" "$1"; then rm -f "$new"; else mv "$new" "$1"; fi
}
