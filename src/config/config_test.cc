// YAML and JSON texts, harrier.yaml and office files.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/address.h"
#include "base/limits.h"
#include "base/node.h"
#include "base/time.h"
#include "config/file.h"
#include "config/json.h"
#include "config/office_file.h"
#include "config/server.h"
#include "config/yaml.h"
#include "model/decode.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/testing/document.h"
#include "model/testing/offices.h"

namespace config {
namespace {

using Lines = std::vector<std::string>;

base::Node yaml(std::string_view text) {
  auto read = read_yaml(text);
  EXPECT_TRUE(read.has_value()) << text;
  return read ? std::move(*read) : base::Node::null();
}

std::string yaml_error(std::string_view text) {
  const auto read = read_yaml(text);
  if (read) return "none";
  return std::to_string(read.error().at.line) + ":" + std::to_string(read.error().at.column) + " " +
         read.error().message;
}

Lines told(const model::Findings& findings, model::Severity severity) {
  return model::testing::told(findings, severity);
}

TEST(Files, AFolderIsNotAFile) {
  EXPECT_EQ(read_file("."), std::nullopt);
  EXPECT_EQ(read_file("no/such/file"), std::nullopt);
  EXPECT_EQ(read_file("LICENSE").has_value(), true);
  EXPECT_EQ(unreadable("src"), "src is a folder; name a file in it");
  EXPECT_EQ(unreadable("no/file").substr(0, 58),
            "no/file does not exist; name a file that is there (the cur");
}

TEST(Yaml, KeepsTheLettersOfScalarsAndWhatWasQuoted) {
  EXPECT_EQ(yaml("a: 0600\nb: no\nc: \"no\"\nd: +48587622447\ne: ~\nf:\ng: !encrypted abc\n"),
            model::testing::document(
                "{a: 0600, b: no, c: \"no\", d: +48587622447, e: , f: , g: !encrypted abc}"));
}

TEST(Yaml, KnowsWhereThingsStand) {
  const base::Node node = yaml("users:\n  - extension: \"101\"\n    name: Alice\n");
  const base::Node& user = node.find("users")->list()->front();

  EXPECT_EQ(user.map()->at(1).at, (base::Position{3, 5}));
  EXPECT_EQ(user.find("name")->at, (base::Position{3, 11}));
}

TEST(Yaml, RefusesWhatIsNotADocumentOfOurs) {
  EXPECT_EQ(yaml_error("a: 1\na: 2\n"), "2:1 the key \"a\" stands twice in one map");
  EXPECT_EQ(yaml_error("a: !!binary abc\n"),
            "1:4 unknown tag tag:yaml.org,2002:binary; the only one is !encrypted");
  EXPECT_EQ(yaml_error("? [a]\n: b\n"), "1:3 a key is one word, not a list or a map");
  EXPECT_EQ(yaml_error("a: 1\n---\nb: 2\n"), "3:1 a second document begins here");
  EXPECT_EQ(yaml_error("a: ü\nbb: \"ü\xff\"\n"), "2:7 this is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(yaml_error("a: [1\nb: 2"), "2:2 end of sequence flow not found");
  EXPECT_EQ(yaml_error("a: &x [*x]\n"), "1:8 this alias stands inside of what it names");
  EXPECT_EQ(yaml_error(std::string(40, '[') + std::string(40, ']')), "1:33 more than 32 levels");
  EXPECT_EQ(yaml_error(""), "none");
}

TEST(Yaml, BoundsWhatAliasesBlowUp) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int n = 0; n < 9; ++n) bomb += ", " + below;
    bomb += "]\n";
  }

  EXPECT_NE(yaml_error(bomb).find("more than 2000000 values"), std::string::npos);
}

TEST(Yaml, TakesAnchorsAndMergesMaps) {
  EXPECT_EQ(yaml("a: &x {for: 10, after: 1}\nb: {<<: *x, for: 20}\n"),
            model::testing::document("{a: {for: 10, after: 1}, b: {for: 20, after: 1}}"));
}

TEST(Json, ReadsStrictlyAndKeepsNumbers) {
  const auto error = [](std::string_view text) {
    const auto read = read_json(text);
    return read ? std::string("none") : read.error().message.substr(0, 17);
  };

  EXPECT_EQ(*read_json(R"({"a": "1", "b": 1, "c": 1.50, "d": null, "e": [true]})"),
            model::testing::document("{a: \"1\", b: 1, c: 1.50, d: null, e: [true]}"));
  EXPECT_EQ(error(R"({"a": 1, "a": 2})"), "the key \"a\" stand");
  EXPECT_EQ(error(std::string(40, '[') + std::string(40, ']')), "more than 32 leve");
  EXPECT_EQ(error("{\"a\": }").substr(0, 9), "not JSON:");
  EXPECT_EQ(error("[1] x").substr(0, 9), "not JSON:");
  EXPECT_NE(error("\"\xff\""), "none");
}

TEST(Json, WritesStringsNumbersAndBrokenLettersSafely) {
  base::Node node = base::Node::empty_map();
  node.set("a\"", base::Node::text("x\n\x01\xff"));
  node.set("b", base::Node::plain("0600"));
  node.set("c", base::Node::plain("-1.5e3"));
  node.set("d", base::Node::empty_list());

  EXPECT_EQ(write_json(node),
            "{\"a\\\"\":\"x\\n\\u0001\xEF\xBF\xBD\",\"b\":\"0600\",\"c\":-1.5e3,\"d\":[]}");
}

TEST(TextProperty, AnOfficeSurvivesYamlAndJson) {
  const bool holds = rc::check("texts", [](std::uint64_t seed) {
    const model::Office office = model::testing::RandomOffice(seed).office();
    const base::Node node =
        model::encode_office(office, {model::Secrets::Visible, {}, false, false});

    const auto from_yaml = read_yaml(write_yaml(node));
    const auto from_json = read_json(write_json(node, true));

    RC_ASSERT(from_yaml.has_value());
    RC_ASSERT(from_json.has_value());
    RC_ASSERT(*from_json == node);
    RC_ASSERT(model::decode_office(*from_yaml).value == office);
  });
  EXPECT_TRUE(holds);
}

TEST(Yaml, WritesPrettily) {
  const model::Office office = model::testing::office_of(
      "{tenant: x.example, users: [{extension: \"101\", name: Alice, sip: {password: \"a b\"}}], "
      "groups: [{name: \"no\", members: [\"101\", {ring: \"102\", after: 6}], strategy: stages, "
      "stages: [{ring: [\"101\"], for: 20}], description: \"a rather long text that does not "
      "stand on one line\"}]}");

  EXPECT_EQ(write_yaml(model::encode_office(office, {model::Secrets::Visible, {}, false, false})),
            "tenant: x.example\n"
            "users:\n"
            "  - {extension: \"101\", name: Alice, sip: {password: a b}}\n"
            "groups:\n"
            "  - name: \"no\"\n"
            "    description: a rather long text that does not stand on one line\n"
            "    strategy: stages\n"
            "    members: [\"101\", {ring: \"102\", after: 6}]\n"
            "    stages:\n"
            "      - {ring: [\"101\"], for: 20}\n");
}

TEST(OfficeFile, SaysFileLineAndColumnOfEveryFinding) {
  const OfficeFile file = read_office(
      "tenant: x.example\nusers:\n  - extension: \"101\"\n    nmae: Alice\n    sip: {password: a}\n"
      "groups:\n  - name: Sales\n    members: [\"101\", \"109\"]\n");

  EXPECT_EQ(
      lines_of(file.findings, "office.yaml"),
      "office.yaml:4:5: error: unknown key \"nmae\" in a user; the nearest known key is "
      "\"name\" [/users/0/nmae]\n"
      "office.yaml:8:22: error: there is no user \"109\"; the nearest one is \"101\" (an "
      "external number is written with + or 0 in front, or as sip:…) [/groups/0/members/1]\n");
  EXPECT_EQ(file.ok(), false);
}

TEST(OfficeFile, AValueThatCannotBeReadHidesNoOtherFinding) {
  const OfficeFile file = read_office(
      "tenant: x.example\nusers:\n  - {extension: \"101\", sip: {password: a}, email: nope}\n"
      "groups:\n  - {name: Sales, timeout: soon, members: [\"101\"], finally: {ivr: \"1\"}}\n");

  EXPECT_EQ(told(file.findings, model::Severity::Error),
            (Lines{"bad_text /users/0/email", "wrong_type /groups/0/timeout",
                   "no_such_thing /groups/0/finally/ivr"}));
  EXPECT_EQ(file.findings.at(2).at, (base::Position{5, 67}));
}

TEST(OfficeFile, ReadsJsonToo) {
  EXPECT_EQ(read_office(R"({"tenant": "x.example", "users": []})").findings, model::Findings{});
  EXPECT_EQ(lines_of(read_office("{\"tenant\" \"x\"}").findings, "f").substr(0, 7), "f:1:13:");
}

TEST(ServerFile, HasItsDefaultsWithoutAFile) {
  const ServerConfig server = default_server();

  EXPECT_EQ(decode_server(yaml("")).value, server);
  EXPECT_EQ(server.listen.size(), 2U);
  EXPECT_EQ(server.listen.at(0).text, "udp://0.0.0.0:5060");
  EXPECT_EQ(server.http.to_string(), "127.0.0.1:8080");
}

TEST(ServerFile, ReadsEveryKey) {
  const auto decoded = decode_server(yaml(
      "sip: {listen: [\"udp://127.0.0.1:0\", \"tcp://[::1]:5060\"], advertise: 203.0.113.7, "
      "shards: "
      "auto, trusted: [10.0.0.0/8]}\nhttp: {listen: \"127.0.0.1:0\"}\nstore: \"sqlite:a/b.db\"\n"
      "cluster: \"\"\nmedia: {engine: embedded, anchor: never, ports: 40000-40999, address: \"\"}\n"
      "log: {level: debug, format: json, pii: hidden}\ntimers: {t1: 0.1, t2: 2, t4: 3, c: 60, "
      "dead: "
      "1, dead_trunk: 2}\ndrain: 5\nemergency: [\"112\", \"999\"]\ntls: {verify: trunks}\nlimits: "
      "{}\nhep: {to: \"\", id: 0, password: \"\"}\nsmtp: \"smtp://127.0.0.1:25\"\n"));

  EXPECT_EQ(decoded.findings, model::Findings{});
  EXPECT_EQ(decoded.value.listen.at(1).transport, base::Transport::Tcp);
  EXPECT_EQ(decoded.value.timers.t1, base::Duration{100});
  EXPECT_EQ(decoded.value.store_path, "a/b.db");
  EXPECT_EQ(decoded.value.drain, base::Duration{5'000});
  EXPECT_EQ(decoded.value.media.first_port, 40'000);
  EXPECT_EQ(decoded.value.emergency, (Lines{"112", "999"}));
}

TEST(ServerFile, SaysWhatIsNotBuiltYet) {
  const auto decoded = decode_server(
      yaml("store: "
           "\"postgresql://db/harrier\"\ncluster: \"redis://127.0.0.1\"\nmedia: {engine: "
           "\"rtpengine://127.0.0.1:2223\", anchor: always}\nsmtp: \"smtp://mail:25\"\n"));

  EXPECT_EQ(told(decoded.findings, model::Severity::Error),
            (Lines{"not_built /store", "not_built /cluster", "not_built /media/engine"}));
  EXPECT_EQ(told(decoded.findings, model::Severity::Warning), Lines{})
      << "`anchor: always` is carried out";
}

TEST(ServerFile, LimitsAreReadWithinTheirBounds) {
  const auto good = decode_server(
      yaml("limits: {calls: 7, ban_after: 3, expires_max: 9000, message_bytes: 4096}\n"));
  const auto bad = decode_server(
      yaml("limits: {calls: 0, message_bytes: 70000, expires_min: 100, expires_default: 50}\n"));

  EXPECT_EQ(good.findings, model::Findings{});
  EXPECT_EQ(good.value.limits.calls, 7U);
  EXPECT_EQ(good.value.limits.ban_after, 3U);
  EXPECT_EQ(good.value.limits.expires_max, 9'000U);
  EXPECT_EQ(good.value.limits.branches, base::kBranchesMax);
  EXPECT_EQ(told(bad.findings, model::Severity::Error),
            (Lines{"out_of_range /limits/message_bytes", "out_of_range /limits/calls",
                   "out_of_range /limits/expires_default"}));
}

TEST(ServerFile, ACaptureServerIsAnAddress) {
  const auto good = decode_server(yaml("hep: {to: \"192.0.2.9\", id: 5}\n"));
  const auto bad = decode_server(yaml("hep: {to: \"homer.example:9060\"}\n"));

  EXPECT_EQ(good.value.hep.to.to_string(), "192.0.2.9:9060");
  EXPECT_EQ(told(bad.findings, model::Severity::Error), Lines{"bad_text /hep/to"});
}

TEST(ServerFile, WantsACertificateWhereItListensOverTls) {
  const auto errors = [](std::string_view text) {
    return told(decode_server(yaml(text)).findings, model::Severity::Error);
  };

  EXPECT_EQ(errors("sip: {listen: [\"tls://0.0.0.0:5061\"]}\n"), Lines{"missing /tls/certificate"});
  EXPECT_EQ(errors("sip: {listen: [\"wss://[::]:5067\"]}\n"), Lines{"missing /tls/certificate"});
  EXPECT_EQ(errors("sip: {listen: [\"ws://127.0.0.1:5066\"]}\n"), Lines{});
  EXPECT_EQ(errors("sip: {listen: [\"tls://0.0.0.0:5061\"]}\ntls: {certificate: a.pem}\n"),
            Lines{});
  EXPECT_EQ(errors("tls: {verify: all}\n"), Lines{"missing /tls/ca"});
  EXPECT_EQ(errors("tls: {verify: some}\n"), Lines{"unknown_word /tls/verify"});
}

TEST(ServerFile, APortOfTcpServesOneTransport) {
  const auto decoded =
      decode_server(yaml("sip: {listen: [\"udp://127.0.0.1:5060\", \"tcp://127.0.0.1:5060\", "
                         "\"ws://127.0.0.1:5060\"]}\n"));

  EXPECT_EQ(told(decoded.findings, model::Severity::Error), Lines{"number_used_twice /sip/listen"});
}

TEST(ServerFile, RefusesWhatItDoesNotKnow) {
  const auto decoded = decode_server(
      yaml("sip: {listne: [], trusted: [a]}\nhttp: {listen: x}\nstore: mysql\nlog: {level: loud}\n"
           "timers: {t1: soon, c: 0}\ndrain: -1\nlimits: {call: 5}\nemergency: [help]\n"));

  EXPECT_EQ(told(decoded.findings, model::Severity::Error),
            (Lines{"bad_text /sip/trusted", "unknown_key /sip/listne", "bad_text /http/listen",
                   "bad_text /store", "unknown_word /log/level", "wrong_type /timers/t1",
                   "out_of_range /timers/c", "wrong_type /drain", "unknown_key /limits/call",
                   "bad_text /emergency"}));
}

}  // namespace
}  // namespace config
