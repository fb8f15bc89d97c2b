#!/usr/bin/env bash
# `./dev up`: runs Harrier with the example office and says how to make the first call.
set -euo pipefail
cd "$(dirname "$0")/.."
address=127.0.0.1
demo=""
for arg in "$@"; do
  case $arg in
    --lan) address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p'); lan=yes ;;
    --demo) demo=yes ;;
  esac
done
address=${address:-127.0.0.1}
listen=${lan:+0.0.0.0}
listen=${listen:-127.0.0.1}
data=build/office-data
mkdir -p "$data"
cat >"$data/harrier.yaml" <<YAML
sip:
  listen: ["udp://$listen:5060", "tcp://$listen:5060"]
  trusted: [${demo:+"\"127.0.0.9/32\""}] # the caller of --demo
http: {listen: "127.0.0.1:8080"}
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
Stop with Ctrl-C.

TXT
if [ -n "$demo" ]; then
  echo "The log of the server is in $data/server.log"
  build/release/harrier serve --config "$data/harrier.yaml" --data "$data" --office examples/office.yaml \
    2>"$data/server.log" &
  server=$!
  trap 'kill "$server" 2>/dev/null; wait "$server"' EXIT
  python3 tools/demo/demo.py "$data"
else
  exec build/release/harrier serve --config "$data/harrier.yaml" --data "$data" --office examples/office.yaml
fi
