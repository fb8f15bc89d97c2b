#pragma once
// Kinds of phones, where what they understand differs: as an administrator writes them (`phone` of
// a device), and as a phone names itself when it registers.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace model {

enum class PhoneKind : std::uint8_t { Other, Yealink, Snom, Grandstream, Polycom, Cisco, Fanvil };

// The kind with this name, any case: "yealink"; nothing for a name that we do not know.
[[nodiscard]] std::optional<PhoneKind> phone_kind_from(std::string_view name);
// The names, for people: "yealink", "snom", …
[[nodiscard]] std::span<const std::string_view> phone_kind_names();
// What its User-Agent says; Other when it says nothing of a kind that we know.
[[nodiscard]] PhoneKind phone_kind_of_agent(std::string_view user_agent);

}  // namespace model
