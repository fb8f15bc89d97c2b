#pragma once
// The configuration of the running server: documents in the store, the office they make, the
// snapshot that calls read. Edits go this way and no other (docs/architecture.md, walk 2).

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/backend.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/fact.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "model/zone.h"
#include "store/reader.h"
#include "store/secrets.h"
#include "store/store.h"

namespace app {

// For who starts a server whose database cannot be read: why, and what to do.
[[nodiscard]] std::string unreadable(const store::ReadError& error);

class Configuration final {
 public:
  using Installed = std::function<void(std::shared_ptr<const model::Snapshot>,
                                       const std::string& who, const facts::ConfigChange& what)>;

  // All are given to us and outlive this. `installed` is called after each committed change.
  // Calendar files are in `data_folder`.
  Configuration(store::Store& store, const store::Secrets& secrets, Installed installed,
                std::string data_folder);

  // Why calendar files cannot be read now.
  [[nodiscard]] model::Findings calendar_troubles() const;
  // Reads what the store has, all of it. The error names the document that cannot be read, or says
  // what the database said and what to do.
  [[nodiscard]] base::Status<std::string> load(store::Reader& reader);
  // Applies an office file before the server listens, if it differs from the one applied last.
  // Findings go to `report` as lines "file:line:column: …"; false when the file is refused.
  [[nodiscard]] bool apply_file(const std::string& name, const std::string& text,
                                store::Reader& reader, base::WallTime now, std::string& report);

  [[nodiscard]] std::shared_ptr<const model::Snapshot> snapshot() const;
  // Validates, stores, installs. Thread-safe; one edit at a time, and one that was made from
  // another state than the one it meets (EditOrder::expected) is refused with 412, 409 or 404.
  [[nodiscard]] base::Result<api::Edited, api::Refused> edit(const api::EditOrder& order,
                                                             base::WallTime now);
  // What people change by codes from their phones, made to the configuration as it is now: all of
  // it or none. 404 when one is about something that is gone.
  [[nodiscard]] base::Result<api::Edited, api::Refused> change(
      const std::vector<model::StateChange>& changes, const std::string& who, base::WallTime now);
  [[nodiscard]] std::optional<std::string> open_secret(std::string_view sealed) const;
  [[nodiscard]] std::string seal_secret(std::string_view plain) const;

 private:
  [[nodiscard]] base::Result<std::shared_ptr<const model::Snapshot>, std::string> build(
      model::Office office, std::int64_t revision) const;
  [[nodiscard]] base::Result<api::Edited, api::Refused> commit(const api::EditOrder& order,
                                                               base::WallTime now,
                                                               std::optional<std::string> hash);
  [[nodiscard]] model::Findings fresh_calendar_troubles(const model::Office& before,
                                                        model::Office& after,
                                                        const model::Zone& zone) const;
  [[nodiscard]] store::Edit store_edit(const model::Office& before, model::Office& after,
                                       const api::EditOrder& order) const;

  // Given to us.
  store::Store& store_;
  const store::Secrets& secrets_;
  Installed installed_;
  std::string data_folder_;
  // Owned.
  std::mutex edits_;            // one edit at a time
  mutable std::mutex reading_;  // guards snapshot_
  std::shared_ptr<const model::Snapshot> snapshot_;
};

}  // namespace app
