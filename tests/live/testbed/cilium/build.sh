#!/usr/bin/env bash
# build.sh: builds Cilium (agent, operator and network plugin in one binary) from its Go module. Its data plane is compiled when it
# runs, by Debian's clang-19, from the module's folder bpf/.
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
export CGO_ENABLED=0
readonly version=v1.20.2
readonly here=$sources/cilium work=$built/cilium
[[ ! -x $built/bin/cilium ]] || exit 0

module=$(cd / && go mod download -json "github.com/cilium/cilium@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
[[ -n $module ]] || die "cannot download Cilium's Go module"
mkdir -p "$work"
cp -rT "$here/program" "$work"
chmod -R u+w "$work"
# Cilium's own pins, without its tools, and without two replacements that are not served as modules.
{
  sed -e 's#^module .*#module testbed/cilium#' -e '/^tool (/,/^)/d' -e '/^replace /d' "$module/go.mod"
  echo "require github.com/cilium/cilium $version"
  echo 'replace sigs.k8s.io/mcs-api/controllers => ./mcs-api-controllers'
  echo 'replace github.com/osrg/gobgp/v4 => github.com/osrg/gobgp/v4 v4.5.0'
} >"$work/go.mod"
install -m 644 "$module/go.sum" "$work/go.sum"
say "building Cilium $version (Go, a quarter of an hour of a processor) …"
(cd "$work" && GOFLAGS=-mod=mod go build -trimpath -o "$built/bin/cilium.new" \
  -ldflags "-s -w -X github.com/cilium/cilium/pkg/version.ciliumVersion=${version#v}" .) || die "cannot build Cilium"
for program in agent operator cni; do
  ln -sf cilium "$built/bin/cilium-$program"
done
ln -sfn "$module/bpf" "$built/bpf"
mv "$built/bin/cilium.new" "$built/bin/cilium"
