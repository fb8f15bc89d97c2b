#include "sip/dialog.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace sip {
namespace {

// A From or To value without its tag.
std::string without_tag(std::string_view value) {
  const auto address = NameAddr::parse(value);
  if (!address.has_value()) return std::string{value};
  std::string out;
  if (!address->display.empty()) out.append(address->display).append(" ");
  out.append("<").append(address->uri).append(">");
  std::string_view rest = address->params;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';', 1), rest.size());
    const std::string_view item = rest.substr(0, end);
    const std::string_view name = trimmed(item.substr(1, item.find('=') - 1));
    if (!same_word(name, "tag")) out.append(item);
    rest.remove_prefix(end);
  }
  return out;
}

// A Record-Route value that names a proxy. Others could not be followed, and would make every
// request of the dialog unreadable: they are left out.
bool is_route(std::string_view value) {
  const auto address = NameAddr::parse(value);
  if (!address.has_value()) return false;
  const auto uri = Uri::parse(address->uri);
  return uri.has_value() && (uri->scheme == Scheme::Sip || uri->scheme == Scheme::Sips);
}

std::vector<std::string> routes_of(const Message& message, bool reversed) {
  std::vector<std::string> routes;
  message.for_each_value(Header::RecordRoute, [&](std::string_view value) {
    if (is_route(value)) routes.emplace_back(value);
  });
  if (reversed) std::reverse(routes.begin(), routes.end());
  return routes;
}

std::string_view uri_of(std::string_view route) {
  const auto address = NameAddr::parse(route);
  return address.has_value() ? address->uri : route;
}

bool is_loose(std::string_view uri) {
  const auto parsed = Uri::parse(uri);
  return parsed.has_value() && parsed->param("lr").has_value();
}

}  // namespace

std::string as_request_uri(std::string_view contact_uri) {
  const auto uri = Uri::parse(contact_uri);
  if (!uri.has_value() || uri->scheme == Scheme::Tel || uri->scheme == Scheme::Other)
    return std::string{contact_uri};
  const std::size_t headers = uri->headers.empty() ? 0 : uri->headers.size() + 1;
  std::string_view rest = uri->params;
  std::string out{contact_uri.substr(0, contact_uri.size() - headers - rest.size())};
  if (out.ends_with('?')) out.pop_back();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';', 1), rest.size());
    const std::string_view item = rest.substr(0, end);
    if (!same_word(item.substr(1, item.find('=') - 1), "method")) out.append(item);
    rest.remove_prefix(end);
  }
  return out;
}

Dialog Dialog::from_request(const Message& request, std::string_view local_tag) {
  Dialog dialog;
  dialog.call_id = request.value(Header::CallId);
  dialog.local_tag = local_tag;
  dialog.local_uri = without_tag(request.value(Header::To));
  dialog.remote_uri = without_tag(request.value(Header::From));
  if (const auto from = from_of(request)) dialog.remote_tag = from->tag();
  dialog.routes = routes_of(request, false);
  dialog.remote_cseq = request.cseq();
  dialog.refresh_target(request);
  return dialog;
}

Dialog Dialog::from_response(const Message& request, const Message& response) {
  Dialog dialog;
  dialog.call_id = request.value(Header::CallId);
  dialog.local_uri = without_tag(request.value(Header::From));
  dialog.remote_uri = without_tag(response.value(Header::To));
  if (const auto from = from_of(request)) dialog.local_tag = from->tag();
  if (const auto to = to_of(response)) dialog.remote_tag = to->tag();
  dialog.routes = routes_of(response, true);
  dialog.local_cseq = request.cseq();
  dialog.confirmed = response.code() >= 200;
  dialog.remote_target = request.request_uri();  // until a Contact says better
  dialog.refresh_target(response);
  return dialog;
}

bool Dialog::owns_request(const Message& request) const {
  const auto from = from_of(request);
  const auto to = to_of(request);
  return from.has_value() && to.has_value() && request.value(Header::CallId) == call_id &&
         from->tag() == remote_tag && to->tag() == local_tag;
}

Order Dialog::take_cseq(const Message& request) {
  if (request.method() == Method::Ack || request.method() == Method::Cancel) return Order::Next;
  const std::uint32_t number = request.cseq();
  if (remote_cseq != 0 && number < remote_cseq) return Order::Old;
  if (remote_cseq != 0 && number == remote_cseq) return Order::Repeat;
  remote_cseq = number;
  return Order::Next;
}

void Dialog::refresh_target(const Message& message) {
  const auto contact = first_contact(message);
  if (!contact.has_value() || contact->star) return;
  const auto uri = Uri::parse(contact->uri);
  if (!uri.has_value() || uri->scheme == Scheme::Tel || uri->scheme == Scheme::Other) return;
  remote_target = as_request_uri(contact->uri);
}

void Dialog::confirm(const Message& response) {
  routes = routes_of(response, true);
  confirmed = true;
  refresh_target(response);
}

Dialog::NextHop Dialog::next_hop() const {
  if (routes.empty()) return {remote_target, remote_target};
  const std::string_view first = uri_of(routes.front());
  if (is_loose(first)) return {remote_target, first};
  return {first, first};
}

Writer Dialog::request(Method method, std::uint32_t cseq, std::string_view via) const {
  const NextHop hop = next_hop();
  Writer writer;
  writer.request(name_of(method), hop.request_uri);
  writer.header(Header::Via, via).header(Header::MaxForwards, std::uint64_t{70});
  const bool strict = !routes.empty() && !is_loose(uri_of(routes.front()));
  for (std::size_t i = strict ? 1 : 0; i < routes.size(); ++i)
    writer.header(Header::Route, routes[i]);
  if (strict) writer.header(Header::Route, "<" + remote_target + ">");
  writer.header(Header::From, local_uri + ";tag=" + local_tag);
  writer.header(Header::To, remote_tag.empty() ? remote_uri : remote_uri + ";tag=" + remote_tag);
  writer.header(Header::CallId, call_id);
  std::string number = std::to_string(cseq);
  number.append(" ").append(name_of(method));
  writer.header(Header::Cseq, number);
  return writer;
}

}  // namespace sip
