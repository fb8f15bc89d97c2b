#pragma once
// From a document tree to the office, strictly: every key of docs/contract.md is read and checked,
// an unknown one is refused with the nearest known one. All findings are collected.
//
// This looks at each value by itself (types, ranges, words). What depends on other things
// (references, numbers used twice, cycles) is model/validate.h.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/node.h"
#include "base/time.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {

struct DecodeOptions {
  // Opens what stands behind a `!encrypted` tag; nothing = this server cannot read it, which is an
  // error. Without a function the secret stays closed, as the text "!encrypted …", which encode()
  // writes back with its tag: `check` needs no key.
  std::function<std::optional<std::string>(std::string_view sealed)> open_secret;
};

// The whole of office.yaml. A key that is absent has its default.
[[nodiscard]] Decoded<Office> decode_office(const base::Node& node,
                                            const DecodeOptions& options = {});

// One thing, as in the lists of office.yaml and in the bodies of the API; paths begin at "".
// `id` and `revision` are taken when given.
[[nodiscard]] Decoded<Thing> decode_thing(Kind kind, const base::Node& node,
                                          const DecodeOptions& options = {});

// "20", "1m30s", "30m", "1h" -> a duration. Nothing for anything else.
[[nodiscard]] std::optional<base::Duration> duration_from(std::string_view text);
// "2026-03-01T12:00:00+01:00" or …Z, with or without fractions (RFC 3339). Nothing otherwise.
[[nodiscard]] std::optional<base::WallTime> time_from(std::string_view text);

// RFC 7396: what a PATCH with `patch` makes of `target`. Null removes a key.
[[nodiscard]] base::Node merge_patch(const base::Node& target, const base::Node& patch);

}  // namespace model
