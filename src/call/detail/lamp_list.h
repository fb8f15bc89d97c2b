#pragma once
// Several lamps in one subscription (RFC 4662): which resources a list has, and its documents.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "call/detail/dialog_info.h"

namespace call {

inline constexpr std::size_t kListItemsMax = 60;  // a NOTIFY is one datagram at most

// A resource of a list, and what was told of it.
struct ListItem {
  std::string resource;  // "user/101"
  std::string entity;    // "sip:101@office.example"
  std::string name;      // for people
  std::uint32_t version = 0;
  DialogLines told;
};

// The state of one resource within a document of the list.
struct ListPart {
  std::size_t item = 0;  // its place in the list
  std::string entity, name;
  std::string document;  // dialog-info
};

struct ListDocument {
  std::string uri;       // of the list
  std::string domain;    // for Content-IDs
  std::string boundary;  // stands nowhere in the parts
  std::uint32_t version = 0;
  bool full = true;
  std::vector<ListPart> parts;
};
// The multipart body, and the Content-Type that goes with it.
[[nodiscard]] std::string list_body(const ListDocument& document);
[[nodiscard]] std::string list_type(const ListDocument& document);

}  // namespace call
