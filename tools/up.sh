#!/usr/bin/env bash
# `./dev up`: runs Harrier with the example office and says how to make the first call.
set -euo pipefail
cd "$(dirname "$0")/.."
address=127.0.0.1
demo=""
for arg in "$@"; do
  case $arg in
    --lan) lan=yes ;;
    --demo) demo=yes ;;
  esac
done
listen=127.0.0.1
if [ -n "${lan:-}" ]; then
  listen=0.0.0.0
  # The address that other machines see: the one towards them, else the first of this machine.
  address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p') || true
  [ -n "$address" ] || address=$(hostname -I 2>/dev/null | cut -d' ' -f1) || true
  address=${address:-"(this machine's address)"}
fi
data=build/office-data
mkdir -p "$data"
if [ -e "$data/harrier.lock" ] && ! flock -n "$data/harrier.lock" true; then
  echo "Harrier runs here already; to end it: kill $(cat "$data/harrier.lock")" >&2
  exit 1
fi
cat >"$data/harrier.yaml" <<YAML
sip:
  listen: ["udp://$listen:5060", "tcp://$listen:5060"]
  trusted: [${demo:+"\"127.0.0.9/32\""}] # the caller of --demo
http: {listen: "127.0.0.1:8080"}
drain: 3 # seconds that calls go on after Ctrl-C
YAML
cat <<TXT

Point a softphone at this machine (server and domain as here, UDP or TCP, port 5060):

  user  password           domain          server (outbound proxy)
  101   alice-101-example  office.example  $address
  102   bob-102-example    office.example  $address
  103   carol-103-example  office.example  $address

Numbers worth dialling: 600 rings everybody, 601 one after another, 602 to 609 the other ways of
hunting (examples/office.yaml), 101 to 103 the people themselves.
In another terminal: build/release/harrier calls --follow --data $data
Web pages: http://127.0.0.1:8080 (until there is an administrator, the line with /setup?once= makes one).
Stop with Ctrl-C.

TXT
if [ -n "${lan:-}" ]; then
  echo "Everybody on this network can use these passwords: for trying out only."
  echo
fi
serve=(build/release/harrier serve --config "$data/harrier.yaml" --data "$data" --office examples/office.yaml)
[ -n "$demo" ] || exec "${serve[@]}"

# Whatever ends this script ends both, the server politely.
end() {
  trap '' INT TERM HUP
  kill $phones 2>/dev/null || true
  wait $phones || true  # they unregister
  kill $server 2>/dev/null || true
  wait
}
server="" phones=""
trap end EXIT
trap 'exit 130' INT TERM HUP
echo "The log of the server is in $data/server.log"
# In a session of its own: Ctrl-C reaches it through end(), once.
setsid "${serve[@]}" >"$data/server.log" 2>&1 &
server=$!
until grep -q '^harrier: ready' "$data/server.log"; do
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$data/server.log" >&2
    exit 1
  fi
  sleep 0.1
done
grep -o '[^ ]*/setup?once=[^ ]*' "$data/server.log" | tail -1 || true
python3 tools/demo/demo.py "$data" &
phones=$!
wait "$phones"
