#include "cli/main.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/node.h"
#include "base/result.h"
#include "cli/answers.h"
#include "cli/check.h"
#include "cli/client.h"
#include "cli/import.h"
#include "cli/simulate.h"
#include "cli/watch.h"
#include "config/file.h"
#include "config/json.h"
#include "facts/call_record.h"
#include "model/findings.h"

namespace cli {
namespace {

std::string environment(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : fallback;
}

// Asks and prints the body as it came.
int print(const Server& server, const Ask& what, const std::string& file = {}) {
  const auto reply = ask(server, what);
  if (!reply) return failed(reply.error());
  if (reply->status >= 300) return refused(*reply, file);
  (void)std::fputs(reply->body.c_str(), stdout);
  if (!reply->body.ends_with('\n')) (void)std::fputc('\n', stdout);
  return 0;
}

int send_file(const Server& server, const std::string& target, const std::string& file, bool json) {
  const auto text = config::read_file(file);
  if (!text.has_value()) return failed(config::unreadable(file));
  const auto reply = ask(server, {"POST", target, *text, "application/json"});
  if (!reply) return failed(reply.error());
  if (reply->status >= 300) return refused(*reply, file);
  return print_changes(*reply, json);
}

// Options and arguments of all commands; CLI11 fills it in.
// CLI::Range lets "nan" pass.
CLI::Validator finite(double least, double most) {
  return CLI::Range(least, most) &
         CLI::Validator(
             [](const std::string& text) {
               double number = 0;
               const bool good = CLI::detail::lexical_cast(text, number) && std::isfinite(number);
               return good ? std::string() : text + " is no number";
             },
             "");
}

struct Arguments {
  Server server{environment("HARRIER_URL", ""), environment("HARRIER_TOKEN", ""),
                environment("HARRIER_DATA", ".")};
  ServeArguments serve{"", environment("HARRIER_DATA", "."), ""};
  std::vector<std::string> files;
  std::string file, number, from, at, call, kind, name = "token", scopes = "admin", group, outcome;
  int limit = 20;
  bool json = false, dry_run = false, prune = false, secrets = false, follow = false, sip = false;
  bool partial = false;
};

int run_explain(const Arguments& given) {
  base::Node body = base::Node::empty_map();
  body.set("number", base::Node::text(given.number));
  if (!given.from.empty()) body.set("from", base::Node::text(given.from));
  if (!given.at.empty()) body.set("at", base::Node::text(given.at));
  return print(given.server, {"POST", "/api/v1/explain", config::write_json(body),
                              given.json ? "application/json" : "text/plain"});
}

// Writes what the server answers into a file.
int keep_capture(const Server& server, const std::string& target, const std::string& file) {
  const auto reply = ask(server, {"GET", target, "", "*/*"});
  if (!reply) return failed(reply.error());
  if (reply->status >= 300) return refused(*reply, {});
  std::FILE* out = std::fopen(file.c_str(), "wb");
  if (out == nullptr) return failed("cannot write " + file);
  const bool written =
      std::fwrite(reply->body.data(), 1, reply->body.size(), out) == reply->body.size();
  if (std::fclose(out) != 0 || !written) return failed("cannot write " + file);
  return 0;
}

int run_trace(const Arguments& given) {
  std::string id = given.call;
  if (id == "last") {
    const auto reply =
        ask(given.server, {"GET", "/api/v1/records?limit=1", "", "application/json"});
    if (!reply) return failed(reply.error());
    if (reply->status >= 300) return refused(*reply, {});
    const auto body = config::read_json(reply->body);
    const base::Node* items = body ? body->find("items") : nullptr;
    if (items == nullptr || items->list()->empty())
      return failed("there is no call in the records");
    id = text_at(items->list()->front(), "id");
  }
  const std::string call = "/api/v1/calls/" + escaped(id);
  if (!given.file.empty()) return keep_capture(given.server, call + "/pcap", given.file);
  return print(given.server, {"GET", given.sip ? call + "/sip" : call, "",
                              given.json ? "application/json" : "text/plain"});
}

// The list of records with the live calls beside them: {"items": […], "next": "", "live": […]}.
int print_calls_as_json(const Server& server, const std::string& records) {
  const auto ended = ask(server, {"GET", records, "", "application/json"});
  if (!ended) return failed(ended.error());
  if (ended->status >= 300) return refused(*ended, {});
  const auto live = ask(server, {"GET", "/api/v1/calls", "", "application/json"});
  if (!live) return failed(live.error());
  if (live->status >= 300) return refused(*live, {});
  auto body = config::read_json(ended->body);
  const auto calls = config::read_json(live->body);
  const base::Node* items = calls ? calls->find("items") : nullptr;
  if (!body || items == nullptr) return failed("the server answered what is no list");
  body->set("live", *items);
  (void)std::puts(config::write_json(*body).c_str());
  return 0;
}

int run_calls(const Arguments& given) {
  if (given.follow) return watch(given.server, given.json);
  std::string records = "/api/v1/records?limit=" + std::to_string(given.limit);
  if (!given.group.empty()) records += "&group=" + escaped(given.group);
  if (!given.outcome.empty()) records += "&outcome=" + escaped(given.outcome);
  if (given.json) return print_calls_as_json(given.server, records);
  const int live = print(given.server, {"GET", "/api/v1/calls", "", "text/plain"});
  return live != 0 ? live : print(given.server, {"GET", records, "", "text/plain"});
}

int run_bans(const Arguments& given) {
  if (!given.file.empty()) {
    const auto reply =
        ask(given.server, {"DELETE", "/api/v1/bans/" + escaped(given.file), "", "*/*"});
    if (!reply) return failed(reply.error());
    return reply->status >= 300 ? refused(*reply, {}) : 0;
  }
  const Ask question{"GET", "/api/v1/bans", "", "application/json"};
  if (given.json) return print(given.server, question);
  const auto reply = ask(given.server, question);
  if (!reply) return failed(reply.error());
  if (reply->status >= 300) return refused(*reply, {});
  const auto body = config::read_json(reply->body);
  const base::Node* items = body ? body->find("items") : nullptr;
  if (items == nullptr || items->list() == nullptr)
    return failed("the server answered what is no list");
  if (items->list()->empty()) (void)std::puts("nobody is banned");
  for (const base::Node& ban : *items->list())
    (void)std::puts(model::printable(text_at(ban, "source") + "  until " + text_at(ban, "until") +
                                     "  " + text_at(ban, "reason") + "  " +
                                     text_at(ban, "dropped") + " messages dropped")
                        .c_str());
  return 0;
}

int run_token(const Arguments& given) {
  base::Node body = base::Node::empty_map();
  body.set("name", base::Node::text(given.name));
  body.set("scopes", base::Node::text(given.scopes));
  const auto reply =
      ask(given.server, {"POST", "/api/v1/tokens", config::write_json(body), "application/json"});
  if (!reply) return failed(reply.error());
  if (reply->status >= 300) return refused(*reply, {});
  const auto made = config::read_json(reply->body);
  (void)std::puts(made ? text_at(*made, "token").c_str() : "");
  return 0;
}

int run_export(const Arguments& given) {
  if (given.kind == "chain")
    return print(given.server, {"GET", "/api/v1/chain/export", "", "text/csv"});
  return print(given.server,
               {"GET",
                std::string{"/api/v1/config/export?format="} + (given.json ? "json" : "yaml") +
                    (given.secrets ? "&secrets=1" : ""),
                "", "*/*"});
}

int run_import(const Arguments& given) {
  if (given.kind != "chain")
    return import_table(given.server, {given.kind, given.file, given.dry_run, given.partial},
                        given.json);
  return send_file(given.server,
                   std::string{"/api/v1/chain/import"} + (given.dry_run ? "?dry_run=1" : ""),
                   given.file, given.json);
}

int run_apply(const Arguments& given) {
  std::string target = "/api/v1/config/apply?";
  if (given.dry_run) target += "dry_run=1&";
  if (given.prune) target += "prune=1";
  return send_file(given.server, target, given.file, given.json);
}

// Declares the commands; `status` gets what the chosen one returns.
class Commands {
 public:
  Commands(CLI::App& app, const Program& program, int& status)
      : app_(app), program_(program), status_(status) {
    app_.require_subcommand(1);
    add_offline();
    add_questions();
    add_changes();
    add_foresight();
  }

 private:
  CLI::App* command(const char* name, const char* help, int (*run)(const Arguments&)) {
    CLI::App* made = app_.add_subcommand(name, help);
    add_server(*made);
    made->add_flag("--json", given_.json, "print data as JSON");
    made->callback([this, run] { status_ = run(given_); });
    return made;
  }

  void add_offline() {
    CLI::App* serve = app_.add_subcommand("serve", "run the server in the foreground");
    serve->add_option("--config", given_.serve.config_file, "harrier.yaml; absent: the defaults");
    serve->add_option("--data", given_.serve.data_folder, "folder for database, journal and keys");
    serve->add_option("--office", given_.serve.office_file,
                      "office file to apply before listening");
    serve->callback([this] { status_ = program_.serve(given_.serve); });

    CLI::App* verify = app_.add_subcommand("check", "find what is wrong in office files");
    verify->add_option("--config", given_.serve.config_file, "also check this harrier.yaml");
    verify->add_option("--data", given_.serve.data_folder,
                       "where sound files are looked for (also HARRIER_DATA)");
    verify->add_option("files", given_.files, "office.yaml, or a chain as .csv");
    verify->add_flag("--json", given_.json, "print the findings as JSON");
    verify->callback([this] {
      if (given_.files.empty() && given_.serve.config_file.empty())
        throw CLI::ValidationError("check", "name a file, or --config harrier.yaml");
      const auto zone_trouble = [this](const std::string& name) {
        const auto zone = program_.load_zone(name);
        return zone ? std::string{} : zone.error();
      };
      const auto sound_exists = [this](const std::string& name) {
        return program_.sound_exists(given_.serve.data_folder, name);
      };
      const auto calendar_troubles = [this](const model::Office& office) {
        return program_.calendar_troubles(given_.serve.data_folder, office);
      };
      const auto zone = [this](const std::string& name) {
        auto loaded = program_.load_zone(name);
        return loaded ? *std::move(loaded) : model::Zone{};
      };
      status_ = check(given_.serve.config_file, given_.files, given_.json,
                      {zone_trouble, sound_exists, calendar_troubles, zone});
    });

    CLI::App* version = app_.add_subcommand("version", "print the version");
    version->add_flag("--json", given_.json, "as JSON");
    version->callback([this] {
      const std::string text{program_.version};
      (void)std::puts(given_.json ? ("{\"version\":\"" + text + "\"}").c_str()
                                  : ("harrier " + text).c_str());
    });
  }

  void add_questions() {
    CLI::App* explain = command("explain", "draw what a call would do now", run_explain);
    explain->add_option("number", given_.number, "the number that is dialled")->required();
    explain->add_option("--from", given_.from, "who calls: an extension or a number");
    explain->add_option("--at", given_.at, "the moment, as 2026-12-24T18:00:00+01:00");
    CLI::App* trace = command("trace", "draw what a call planned and what it did", run_trace);
    trace->add_option("call", given_.call, "id of the call, its SIP Call-ID, or \"last\"")
        ->required();
    trace->add_flag("--sip", given_.sip, "its SIP messages as a ladder");
    trace->add_option("--pcap", given_.file, "write its SIP messages into this capture file");
    CLI::App* bans = command("bans", "list banned addresses, or lift a ban", run_bans);
    bans->add_option("--lift", given_.file, "lift the ban of this address");
    CLI::App* calls = command("calls", "list live calls and the last records", run_calls);
    calls->add_flag("--follow", given_.follow, "draw calls live while they ring");
    calls->add_option("--limit", given_.limit, "how many records")->check(CLI::Range(1, 1000));
    calls->add_option("--group", given_.group, "only records of this group");
    const auto outcomes = facts::outcome_words();
    calls->add_option("--result", given_.outcome, "only records with this outcome")
        ->check(CLI::IsMember(std::vector<std::string>{outcomes.begin(), outcomes.end()}));
  }

  void add_changes() {
    CLI::App* apply = command("apply", "make the office equal to a file", run_apply);
    apply->add_option("file", given_.file, "office.yaml")->required();
    apply->add_flag("--dry-run", given_.dry_run, "only print what would change");
    apply->add_flag("--prune", given_.prune, "remove what the file does not name");
    CLI::App* out = command("export", "print the office as a file", run_export);
    out->add_option("what", given_.kind, "\"chain\": the number table as CSV")
        ->check(CLI::IsMember({"chain"}));
    out->add_flag("--secrets", given_.secrets, "passwords in plain text");
    CLI::App* in = command("import", "take over a table of another system", run_import);
    in->add_option("kind", given_.kind, "chain, freepbx, fusionpbx or csv")
        ->required()
        ->check(CLI::IsMember({"chain", "freepbx", "fusionpbx", "csv"}));
    in->add_option("file", given_.file, "the file")->required();
    in->add_flag("--dry-run", given_.dry_run, "only print what would change");
    in->add_flag("--partial", given_.partial, "take the rows that can be taken, leave the others");
    CLI::App* token = app_.add_subcommand("token", "tokens for the API");
    token->require_subcommand(1);
    CLI::App* create = token->add_subcommand("create", "make a token and print it, once");
    create->add_option("--name", given_.name, "what it is for");
    create->add_option("--scopes", given_.scopes, "admin or read")
        ->check(CLI::IsMember({"admin", "read"}));
    create->add_option("--data", given_.server.data_folder, "data folder of the server");
    create->add_option("--server", given_.server.url, "the server's API");
    create->add_option("--token", given_.server.token, "an admin token, for --server");
    create->callback([this] { status_ = run_token(given_); });
  }

  void add_foresight() {
    CLI::App* made = app_.add_subcommand(
        "simulate",
        "run many calls on a virtual clock: what this office, or a changed one, would do");
    made->add_option("--to", simulated_.to, "the number that is dialled")->required();
    made->add_option("--changed", simulated_.changed, "office.yaml as it could be, to compare");
    made->add_flag("--csv", simulated_.csv, "print data as CSV");
    made->add_option("--svg", simulated_.svg, "write a picture to this file");
    add_world(*made);
    made->callback([this] { with_office(simulate); });

    CLI::App* advice = app_.add_subcommand(
        "advise", "try changes of a group by simulation and name those that would help");
    advice->add_option("group", simulated_.to, "its name, extension or number")->required();
    add_world(*advice);
    advice->callback([this] { with_office(advise); });
  }

  // With the named file, or with what the running server has.
  void with_office(int (*run)(const SimulateArguments&, const LoadZone&)) {
    if (simulated_.office.empty()) {
      const auto reply =
          ask(given_.server, {"GET", "/api/v1/config/export?format=json", "", "*/*"});
      if (!reply || reply->status >= 300) {
        status_ = reply ? refused(*reply, {}) : failed(reply.error() + ", or a file with --office");
        return;
      }
      simulated_.office = "the running office";
      simulated_.office_text = reply->body;
    }
    status_ = run(simulated_, program_.load_zone);
  }

  void add_server(CLI::App& made) {
    made.add_option("--server", given_.server.url, "the server's API, as http://127.0.0.1:8080");
    made.add_option("--token", given_.server.token, "for --server (also HARRIER_TOKEN)");
    made.add_option("--data", given_.server.data_folder,
                    "data folder of the server on this machine (also HARRIER_DATA)");
  }

  // Who calls and how people behave.
  void add_world(CLI::App& made) {
    made.add_option("--office", simulated_.office, "office.yaml; absent: what the server has");
    add_server(made);
    made.add_option("--from", simulated_.from, "who calls: an extension or a number");
    made.add_option("--at", simulated_.at, "the first moment, as 2026-12-24T08:00:00+01:00");
    made.add_option("--records", simulated_.records,
                    "call records as CSV: these calls again, and people as they were");
    made.add_flag("--modelled", simulated_.modelled,
                  "of the records only the rates and the habits: --calls new calls");
    made.add_option("--calls", simulated_.calls, "how many calls")
        ->check(CLI::Range(1, 10'000'000));
    made.add_option("--rate", simulated_.an_hour, "calls an hour")->check(finite(0.01, 1e6));
    made.add_option("--patience", simulated_.patience_s, "mean seconds a caller waits; 0: for ever")
        ->check(finite(0, 86'400));
    made.add_option("--talk", simulated_.talk_s, "mean seconds of a talk")
        ->check(finite(0, 86'400));
    made.add_option("--answers", simulated_.answers, "share of rings that people take")
        ->check(finite(0, 1));
    made.add_option("--pickup", simulated_.pickup_s, "mean seconds until they do")
        ->check(finite(0, 86'400));
    made.add_option("--person", simulated_.people,
                    "habits of one: 101:answers=0.5,pickup=12,declines=0.1,voicemail=25");
    made.add_option("--seed", simulated_.seed, "the same seed tells the same story");
    made.add_flag("--json", simulated_.json, "print data as JSON");
  }

  CLI::App& app_;
  const Program& program_;
  int& status_;
  Arguments given_;
  SimulateArguments simulated_;
};

}  // namespace

int run(int argc, const char* const* argv, const Program& program) {
  CLI::App app{"Harrier, a hunt-group server for SIP telephony", "harrier"};
  int status = 0;
  const Commands commands(app, program, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return status;
}

}  // namespace cli
