#include "notify/pattern.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/markup.h"

namespace notify {
namespace {

constexpr std::size_t kDepthMax = 5;  // of blocks in blocks

class Filler {
 public:
  Filler(std::string_view pattern, Markup markup) : rest_(pattern), markup_(markup) {}

  // Up to the `{end}` of this block, or the end of the text. `shown`: what is read is wanted.
  void run(const std::vector<const Values*>& scopes, bool shown, std::string& out) {
    while (!rest_.empty()) {
      const std::size_t open = rest_.find('{');
      const std::size_t close = open == std::string_view::npos ? open : rest_.find('}', open);
      if (close == std::string_view::npos) {
        if (shown) out += rest_;
        rest_ = {};
        return;
      }
      if (shown) out += rest_.substr(0, open);
      const std::string_view name = rest_.substr(open + 1, close - open - 1);
      const std::string_view written = rest_.substr(open, close - open + 1);
      rest_.remove_prefix(close + 1);
      if (name == "end") return;
      take(name, written, scopes, shown, out);
    }
  }

 private:
  void take(std::string_view name, std::string_view written,
            const std::vector<const Values*>& scopes, bool shown, std::string& out) {
    constexpr std::string_view kIf = "if ";
    constexpr std::string_view kEach = "each ";
    if (name.starts_with(kIf)) {
      block(scopes, shown && is_there(name.substr(kIf.size()), scopes), out);
    } else if (name.starts_with(kEach)) {
      each(list_of(name.substr(kEach.size()), scopes), scopes, shown, out);
    } else if (shown) {
      const std::string* word = word_of(name, scopes);
      if (word == nullptr) {
        out += written;
      } else {
        out += markup_ == Markup::Html ? base::escaped_markup(*word) : *word;
      }
    }
  }

  void block(const std::vector<const Values*>& scopes, bool shown, std::string& out) {
    if (++depth_ > kDepthMax) shown = false;
    run(scopes, shown, out);
    --depth_;
  }

  // Once for each entry, from the same place of the text.
  void each(const std::vector<Values>* entries, const std::vector<const Values*>& scopes,
            bool shown, std::string& out) {
    const std::string_view begin = rest_;
    if (entries == nullptr || entries->empty() || !shown || depth_ >= kDepthMax) {
      block(scopes, false, out);
      return;
    }
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
  filler.run({&values}, true, out);
  return out;
}

}  // namespace notify
