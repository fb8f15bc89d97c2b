#pragma once
// What a feature code asks for, and what of it is on its way.

#include <cstdint>
#include <vector>

#include "model/state_change.h"
#include "service/code_reply.h"
#include "service/key_entry.h"
#include "service/service.h"

namespace call {

struct CodeWork {
  std::vector<model::StateChange> changes;  // none: only words
  service::Sounds said;                     // when they are made
};

// Of the code that the caller dialled. One of the machines is the caller's service.
struct CodeTalk {
  bool hot_desk = false;  // `entry` asks for extension and PIN, else for a group and a number
  service::CodeReply* reply = nullptr;
  service::KeyEntry* entry = nullptr;
  std::uint64_t token = 0;  // of the change that is on its way
  service::Sounds done;     // what is said when it is there
};

}  // namespace call
