#include "notify/pattern.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/markup.h"

namespace notify {
namespace {

constexpr std::size_t kDepthMax = 5;  // of blocks in blocks

class Filler {
 public:
  Filler(std::string_view pattern, Markup markup) : rest_(pattern), markup_(markup) {}

  // Up to the `{end}` of this block, or the end of the text.
  void run(const std::vector<const Values*>& scopes, std::string& out) {
    while (const auto gap = next_gap()) {
      out += gap->before;
      if (gap->name == kEnd) return;
      take(*gap, scopes, out);
    }
    out += std::exchange(rest_, {});
  }

 private:
  static constexpr std::string_view kIf = "if ", kEach = "each ", kEnd = "end";

  // The next thing in braces, with the text before it.
  struct Gap {
    std::string_view before, name, written;
  };
  std::optional<Gap> next_gap() {
    const std::size_t open = rest_.find('{');
    const std::size_t close = open == std::string_view::npos ? open : rest_.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    const Gap gap{rest_.substr(0, open), rest_.substr(open + 1, close - open - 1),
                  rest_.substr(open, close - open + 1)};
    rest_.remove_prefix(close + 1);
    return gap;
  }

  void take(const Gap& gap, const std::vector<const Values*>& scopes, std::string& out) {
    if (gap.name.starts_with(kIf)) {
      block(scopes, is_there(gap.name.substr(kIf.size()), scopes), out);
    } else if (gap.name.starts_with(kEach)) {
      each(list_of(gap.name.substr(kEach.size()), scopes), scopes, out);
    } else if (const std::string* word = word_of(gap.name, scopes); word == nullptr) {
      out += gap.written;
    } else {
      out += markup_ == Markup::Html ? base::escaped_markup(*word) : *word;
    }
  }

  void block(const std::vector<const Values*>& scopes, bool shown, std::string& out) {
    if (!shown || depth_ >= kDepthMax) return skip();
    ++depth_;
    run(scopes, out);
    --depth_;
  }

  // Behind the `{end}` of this block. Not by recursion: a text may nest as deeply as it is long.
  void skip() {
    for (std::size_t open = 1; open > 0;) {
      const auto gap = next_gap();
      if (!gap.has_value()) {
        rest_ = {};
        return;
      }
      if (gap->name == kEnd) --open;
      if (gap->name.starts_with(kIf) || gap->name.starts_with(kEach)) ++open;
    }
  }

  // Once for each entry, from the same place of the text.
  void each(const std::vector<Values>* entries, const std::vector<const Values*>& scopes,
            std::string& out) {
    if (entries == nullptr || entries->empty() || depth_ >= kDepthMax) return skip();
    const std::string_view begin = rest_;
    for (const Values& entry : *entries) {
      rest_ = begin;
      std::vector<const Values*> inner{&entry};
      inner.insert(inner.end(), scopes.begin(), scopes.end());
      block(inner, true, out);
    }
  }

  static const std::string* word_of(std::string_view name,
                                    const std::vector<const Values*>& scopes) {
    for (const Values* scope : scopes) {
      const auto found = scope->words.find(name);
      if (found != scope->words.end()) return &found->second;
    }
    return nullptr;
  }
  static const std::vector<Values>* list_of(std::string_view name,
                                            const std::vector<const Values*>& scopes) {
    for (const Values* scope : scopes) {
      const auto found = scope->lists.find(name);
      if (found != scope->lists.end()) return &found->second;
    }
    return nullptr;
  }
  static bool is_there(std::string_view name, const std::vector<const Values*>& scopes) {
    const std::string* word = word_of(name, scopes);
    if (word != nullptr) return !word->empty();
    const std::vector<Values>* list = list_of(name, scopes);
    return list != nullptr && !list->empty();
  }

  std::string_view rest_;
  Markup markup_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string fill(std::string_view pattern, const Values& values, Markup markup) {
  std::string out;
  Filler filler(pattern, markup);
  filler.run({&values}, out);
  return out;
}

}  // namespace notify
