#include "model/recording.h"

#include <optional>

#include "model/office.h"

namespace model {

bool is_recorded(RecordPolicy office, std::optional<RecordPolicy> group) {
  const auto said = [&](RecordPolicy policy) { return office == policy || group == policy; };
  if (said(RecordPolicy::Never)) return false;
  if (said(RecordPolicy::Always)) return true;
  return group.value_or(office) == RecordPolicy::On;
}

}  // namespace model
