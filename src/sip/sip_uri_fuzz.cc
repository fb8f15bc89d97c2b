// Two texts with a line feed between, as URIs and as header values: no crash; equality goes both
// ways; what is escaped unescapes to itself.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "sip/message.h"
#include "sip/testing/read_all.h"
#include "sip/text.h"
#include "sip/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const std::size_t middle = std::min(text.find('\n'), text.size());
  const std::string_view first = std::string_view{text}.substr(0, middle);
  const std::string_view second = std::string_view{text}.substr(std::min(middle + 1, text.size()));
  for (const std::string_view one : {first, second}) {
    (void)sip::testing::read_uri(one);
    (void)sip::testing::read_value(one);
    ASSERT(sip::unescaped(sip::escaped_user(one)) == one);
    ASSERT(sip::same_uri(one, one));
    ASSERT(sip::breaks_a_line(one) || sip::quoted(one).size() >= 2);
    sip::Message::split_list(one, [](std::string_view item) {
      ASSERT(!item.empty());
      (void)sip::testing::read_value(item);
    });
  }
  ASSERT(sip::same_uri(first, second) == sip::same_uri(second, first));
  return 0;
}
