#include "api/problem.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "api/http.h"
#include "base/node.h"
#include "config/json.h"
#include "model/findings.h"

namespace api {
namespace {

std::string_view title_of(std::uint16_t status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

}  // namespace

base::Node findings_node(const model::Findings& findings) {
  base::Node list = base::Node::empty_list();
  for (const model::Finding& finding : findings) {
    base::Node one = base::Node::empty_map();
    one.set("severity", base::Node::text(model::word(finding.severity)));
    one.set("code", base::Node::text(finding.code));
    one.set("pointer", base::Node::text(finding.path));
    one.set("detail", base::Node::text(finding.message));
    if (finding.at.line != 0) {
      one.set("line", base::Node::number(finding.at.line));
      one.set("column", base::Node::number(finding.at.column));
    }
    list.push(std::move(one));
  }
  return list;
}

Response problem(std::uint16_t status, std::string_view detail, const model::Findings& findings,
                 const base::Node* current) {
  base::Node body = base::Node::empty_map();
  body.set("type", base::Node::text("about:blank"));
  body.set("title", base::Node::text(std::string{title_of(status)}));
  body.set("status", base::Node::number(status));
  body.set("detail", base::Node::text(std::string{detail}));
  if (!findings.empty()) body.set("errors", findings_node(findings));
  if (current != nullptr) body.set("current", *current);
  Response response = json(body, status);
  response.type = "application/problem+json";
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response problem(const Refused& refused) {
  return problem(refused.status, refused.detail, refused.findings);
}

Response json(const base::Node& node, std::uint16_t status) {
  return json_text(config::write_json(node), status);
}

Response json_text(std::string text, std::uint16_t status) {
  Response response;
  response.status = status;
  response.body = std::move(text);
  return response;
}

}  // namespace api
