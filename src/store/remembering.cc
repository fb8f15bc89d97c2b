#include "store/detail/remembering.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "facts/fact.h"
#include "facts/text.h"
#include "store/store.h"
#include "store/tables.h"

namespace store::detail {

Remembering::Remembering(Remembered tables) : found_(std::move(tables)) {
  for (facts::Binding& binding : found_.bindings) {
    std::string key = binding_key(binding);
    bindings_.insert_or_assign(std::move(key), std::move(binding));
  }
  found_.bindings.clear();
}

void Remembering::add(facts::Fact& fact) {
  if (auto* added = std::get_if<facts::RegistrationAdded>(&fact)) {
    bindings_.insert_or_assign(binding_key(added->binding), added->binding);
  } else if (auto* removed = std::get_if<facts::RegistrationRemoved>(&fact)) {
    const auto old = bindings_.find(binding_key(removed->binding));
    if (old != bindings_.end() && old->second.contact == removed->binding.contact)
      bindings_.erase(old);
  } else if (auto* changed = std::get_if<facts::MemoryChanged>(&fact)) {
    found_.memories.insert_or_assign(changed->group_id, changed->memory);
  } else if (auto* set = std::get_if<facts::GreetingSet>(&fact)) {
    found_.greetings.insert_or_assign(set->box, set->file);
  } else if (auto* kept = std::get_if<facts::TextKept>(&fact)) {
    std::erase(found_.texts, kept->text);
    found_.texts.push_back(std::move(kept->text));
  } else if (auto* gone = std::get_if<facts::TextGone>(&fact)) {
    std::erase_if(found_.texts, [gone](const facts::Text& text) { return text.id == gone->id; });
  }
}

Remembered Remembering::done() && {
  for (auto& [key, binding] : bindings_) found_.bindings.push_back(std::move(binding));
  return std::move(found_);
}

}  // namespace store::detail
