#pragma once
// How the tests of the API ask: one office, one request in a line, what is read from the answer.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/desk.h"
#include "api/http.h"
#include "api/router.h"
#include "api/testing/fake_backend.h"
#include "base/node.h"
#include "config/json.h"
#include "model/office.h"

namespace api::testing {

inline model::Office office() {
  model::Office office;
  office.tenant = "office.example";
  for (const char* extension : {"101", "102", "103"}) {
    model::User user;
    user.extension = extension;
    user.name = std::string{"User "} + extension;
    user.sip_password = "secret-of-" + user.extension;
    office.users.push_back(std::move(user));
  }
  model::Group sales;
  sales.name = "Sales";
  sales.extensions = {"8001"};
  sales.members.resize(1);
  sales.members[0].target = "101";
  office.groups.push_back(std::move(sales));
  return office;
}

struct Ask {
  std::string method = "GET", target, body{}, token{}, if_match{}, accept{};
};

inline Response ask(FakeBackend& backend, const Ask& what) {
  Request request;
  request.method = what.method;
  EXPECT_TRUE(read_target(what.target, request));
  request.body = what.body;
  request.is_local = what.token.empty();
  if (what.token != "none" && !what.token.empty())
    request.headers["authorization"] = "Bearer " + what.token;
  if (!what.if_match.empty()) request.headers["if-match"] = what.if_match;
  if (!what.accept.empty()) request.headers["accept"] = what.accept;
  Desk desk{""};
  return serve(request, backend, desk);
}

inline std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

inline std::string text_at(const std::string& body, std::string_view key) {
  const auto node = config::read_json(body);
  if (!node) return "no JSON";
  const base::Node* found = node->find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

inline std::vector<std::string> ids(const Response& response) {
  std::vector<std::string> out;
  const auto body = config::read_json(response.body);
  if (!body || body->find("items") == nullptr) return {response.body};
  for (const base::Node& item : *body->find("items")->list())
    out.push_back(item.find("id")->scalar()->text);
  return out;
}

}  // namespace api::testing
