#!/usr/bin/env bash
# The web pages: `build` makes web/dist (if anything changed), `check`, `unit` and `e2e` test them.
set -euo pipefail
cd "$(dirname "$0")/.."
export npm_config_update_notifier=false npm_config_audit=false npm_config_fund=false
bin=$(tools/node.sh)
node=$bin/node

# What package-lock.json says, exactly; nothing to do if that is what lies there.
install() {
  local wanted
  wanted=$(sha256sum <web/package-lock.json)
  [ "$(cat web/node_modules/.harrier-lock 2>/dev/null)" = "$wanted" ] && return 0
  # The system's npm, so that its registry, proxy and certificates hold, but under our Node: it
  # leaves out what does not fit the Node that it runs on.
  (cd web && PATH="$bin:$PATH" npm ci --loglevel=error)
  echo "$wanted" >web/node_modules/.harrier-lock
}

# run MODULE-FILE ARGUMENT…: a tool of web/node_modules, under our Node.
run() { (cd web && "$node" "node_modules/$1" "${@:2}"); }

# The types of the API, from its description.
api() { run openapi-typescript/bin/cli.js ../src/api/openapi.json -o src/api/schema.d.ts >/dev/null 2>&1; }

# All that goes into web/dist.
sources() {
  find web -name node_modules -prune -o -name dist -prune -o -name e2e -prune \
    -o -name schema.d.ts -o -type f -print0 | sort -z | xargs -0 sha256sum
  sha256sum src/api/openapi.json tools/web.sh tools/node.sh
}

build() {
  local wanted
  wanted=$(sources | sha256sum)
  [ -e web/dist/index.html ] && [ "$(cat build/web.built 2>/dev/null)" = "$wanted" ] && return 0
  mkdir -p build
  install
  api
  run typescript/bin/tsc --noEmit
  run vite/bin/vite.js build --logLevel warn
  (cd web && "$node" compress.mjs)
  echo "$wanted" >build/web.built
}

case ${1:-} in
  build) build ;;
  check)
    install
    api
    run typescript/bin/tsc --noEmit
    run eslint/bin/eslint.js .
    ;;
  unit)
    install
    api
    run vitest/vitest.mjs run
    ;;
  e2e)
    build
    cd web
    exec "$node" e2e/run.mjs "${@:2}"
    ;;
  *)
    echo "usage: tools/web.sh build | check | unit | e2e TEST…" >&2
    exit 2
    ;;
esac
