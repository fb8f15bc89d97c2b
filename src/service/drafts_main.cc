// Prints the recordings that have to be made, one a line: language, name, text, between tabs. Read
// by tools/draft_prompts.py.
#include <cstdio>
#include <string_view>

#include "service/prompts.h"

int main() {
  for (const service::Draft& draft : service::drafts()) {
    const std::string_view language = service::prefix(draft.language).substr(0, 2);
    (void)std::printf("%.*s\t%s\t%s\n", static_cast<int>(language.size()), language.data(),
                      draft.name.c_str(), draft.text.c_str());
  }
  return 0;
}
