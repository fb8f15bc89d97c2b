#pragma once
// Logins and pauses of members, for administrators and for the members themselves.

#include <functional>
#include <string>

#include "api/http.h"
#include "api/router.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {

// Changes each line of the group or queue (`kind`) that names this member; 404 when none does.
// `is_his` says which lines those are.
[[nodiscard]] Response change_member(
    const Call& call, model::Kind kind, const std::string& name, const std::string& verb,
    const std::function<bool(const model::Snapshot&, const model::Member&)>& is_his,
    const std::function<void(model::Member&)>& change);

}  // namespace api
