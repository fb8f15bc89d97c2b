#!/usr/bin/env bash
# Installs a Debian package of Harrier on a bare Debian 12 (a chroot that debootstrap makes), starts
# it as its unit would, makes a call between two phones, removes it again. Needs root.
#   packaging/try.sh PACKAGE.deb  HARRIER_BARE: where the bare system is kept
set -euo pipefail
[ -n "${TRY_INNER:-}" ] || exec env TRY_INNER=1 unshare --mount --propagation private "$0" "$@"
package=$(realpath "$1")
project=$(cd "$(dirname "$0")/.." && pwd)
base=${HARRIER_BARE:-/var/tmp/harrier-bare}
mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
  head -1 | tr -d " " || true)
say() { printf '== %s\n' "$*"; }

if [ ! -e "$base.done" ]; then
  say "making a bare Debian 12 in $base"
  rm -rf --one-file-system "$base"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$base" "$mirror" >/dev/null
  printf 'deb %s bookworm main\n' "$mirror" >"$base/etc/apt/sources.list"
  touch "$base.done"
fi
root=$(mktemp -d /var/tmp/harrier-try.XXXXXX)
cp -a "$base/." "$root/"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
trap 'umount -R -l "$root"; rm -rf --one-file-system "$root"' EXIT
# How this machine reaches its mirror.
for file in /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d/99*; do
  [ ! -e "$file" ] || cp -L "$file" "$root$file"
done
inside() {
  chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

say "installing"
cp "$package" "$root/tmp/harrier.deb"
inside apt-get update -q >/dev/null
inside apt-get install -y -q --no-install-recommends /tmp/harrier.deb >"$root/tmp/install.log" 2>&1 ||
  { cat "$root/tmp/install.log"; exit 1; }
inside dpkg --verify harrier
inside harrier version
[ "$(stat -c '%a %U' "$root/etc/harrier")" = "750 root" ]
[ "$(inside stat -c '%a %G' /etc/harrier/office.yaml)" = "640 harrier" ]
[ -L "$root/etc/systemd/system/multi-user.target.wants/harrier.service" ]
inside install -d -o harrier -g harrier -m 0750 /var/lib/harrier # StateDirectory= of the unit

say "starting as the unit does, calling"
# A network of its own: the ports of the shipped harrier.yaml are free there, and nothing leaves it.
unshare --net bash -c 'ip link set lo up && exec python3 "$@"' try \
  "$project/packaging/try_call.py" "$root"

say "removing"
inside apt-get purge -y -q harrier >"$root/tmp/purge.log" 2>&1
[ ! -e "$root/usr/bin/harrier" ] && [ ! -e "$root/etc/harrier/harrier.yaml" ]
[ -e "$root/var/lib/harrier/harrier.db" ]
say "package: installed, started, called, removed"
