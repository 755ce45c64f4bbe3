#!/usr/bin/env bash
# build.sh [cilium]: builds what a cluster is made of, where it is missing: the Kubernetes programs and CoreDNS from Go modules,
# and images from BusyBox and GNU wget.
. "$(dirname "$(readlink -f "$0")")/lib.sh"
export CGO_ENABLED=0
readonly images=$built/images
readonly version=k8s.io/component-base/version
mkdir -p "$built/bin" "$images"
exec {lock}>"$built/.lock"
flock "$lock"

# go_program NAME FOLDER PACKAGE [LDFLAGS]
go_program() {
  [[ -x $built/bin/$1 ]] && return
  say "building $1 (Go) …"
  (cd "$sources/$2" && go build -trimpath -ldflags "-s -w ${4:-}" -o "$built/bin/$1.new" "$3") || die "cannot build $1"
  mv "$built/bin/$1.new" "$built/bin/$1"
}

# image NAME ARGUMENTS…: made anew when image.py or what is in it is newer.
image() {
  local out=$images/$1.tar
  shift
  [[ $out -nt $sources/image.py && $out -nt $sources/build.sh && $out -nt $built/bin/agnhost && $out -nt $built/bin/coredns ]] && return
  python3 "$sources/image.py" "$out" "$@"
}

go_program kube kube . "-X $version.gitVersion=$kubernetes_version -X $version.gitMajor=1 -X $version.gitMinor=34 -X $version.gitTreeState=clean"
go_program agnhost kube ./agnhost
go_program coredns coredns .
for program in $kubernetes_programs; do
  ln -sf kube "$built/bin/$program"
done

# A program of this machine with the libraries that it needs, as image.py takes them.
with_libraries() {
  local program library
  program=$(command -v "$1")
  echo "$program:$2"
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ )]*'); do
    echo "$(readlink -f "$library"):$library"
  done
}

mapfile -t shell < <(with_libraries busybox /bin/busybox)
for program in $(busybox --list); do
  [[ $program == busybox ]] || shell+=(--link "/bin/$program=busybox")
done
shell+=(--dir /tmp --dir /etc --dir /var)
mapfile -t wget < <(with_libraries wget /usr/bin/wget)

image busybox --tag docker.io/library/busybox:1.36 --cmd '["sh"]' "${shell[@]}"
image pause --tag localhost/pause:1 --entrypoint '["/bin/sleep","2147483647"]' "${shell[@]}"
image agnhost --tag registry.k8s.io/e2e-test-images/agnhost:2.56 --entrypoint '["/agnhost"]' --cmd '["pause"]' \
  "${shell[@]}" "$built/bin/agnhost:/agnhost"
image coredns --tag localhost/coredns:1 --entrypoint '["/coredns"]' --dir /etc "$built/bin/coredns:/coredns"
# The wget of Debian's BusyBox dies on -T, so that a person's tester has GNU's.
image wget --tag localhost/wget:1 --cmd '["sleep","2147483647"]' "${shell[@]}" "${wget[@]}"

[[ ${1:-} != cilium ]] || exec "$sources/cilium/build.sh"
