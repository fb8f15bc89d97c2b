#pragma once
// What the database said, as the API answers it.

#include <cstdint>
#include <utility>

#include "api/backend.h"
#include "base/result.h"
#include "store/reader.h"

namespace app {

// 400 for a wrong question, 503 when the database does not answer.
template <class T>
base::Result<T, api::Refused> answer_of(store::Read<T> read) {
  if (read) return *std::move(read);
  const std::uint16_t status = read.error().of_database ? 503 : 400;
  return base::Unexpected{api::Refused{status, std::move(read.error().text), {}}};
}

}  // namespace app
