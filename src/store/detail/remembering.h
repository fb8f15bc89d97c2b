#pragma once
// What the tables remember, brought up to date by what the journals could not write yet.

#include <map>
#include <string>

#include "facts/fact.h"
#include "store/store.h"

namespace store::detail {

class Remembering {
 public:
  explicit Remembering(Remembered tables);
  // An entry of a journal, in order; also one that is in the tables already.
  void add(facts::Fact& fact);
  [[nodiscard]] Remembered done() &&;

 private:
  Remembered found_;
  std::map<std::string, facts::Binding> bindings_;  // by binding_key()
};

}  // namespace store::detail
