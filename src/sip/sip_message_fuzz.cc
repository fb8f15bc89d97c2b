// Bytes as a datagram: no crash; what is accepted prints and parses again to the same; what is kept
// reads like what came; every answer can be written.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "sip/message.h"
#include "sip/testing/read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const sip::Message::Outcome outcome = sip::Message::parse(bytes);
  (void)sip::testing::read_all(outcome);
  if (outcome.reject.has_value()) {
    ASSERT(!sip::word(*outcome.reject).empty());
    return 0;
  }
  ASSERT(sip::testing::survives_printing(outcome));
  const sip::OwnedMessage kept{std::string_view{bytes}};
  ASSERT(sip::testing::same_message(outcome.message, kept.view()));
  return 0;
}
