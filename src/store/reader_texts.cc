// Texts that wait for a phone.
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "facts/fact.h"
#include "facts/text.h"
#include "store/codec.h"
#include "store/database.h"
#include "store/detail/reader_impl.h"
#include "store/reader.h"

namespace store {

Read<std::vector<facts::Text>> Reader::texts() {
  std::vector<facts::Text> found;
  auto done = impl_->each("SELECT body FROM texts ORDER BY seq", detail::nothing,
                          [&](const Statement& row) {
                            auto fact = decode(row.text(0));
                            if (!fact) return;  // of another version
                            if (auto* kept = std::get_if<facts::TextKept>(&*fact))
                              found.push_back(std::move(kept->text));
                          });
  if (!done) return base::Unexpected{std::move(done.error())};
  return found;
}

}  // namespace store
