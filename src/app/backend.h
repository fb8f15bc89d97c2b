#pragma once
// What the API may ask and do, carried out on the running parts.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "app/configuration.h"
#include "app/shard.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "obs/observer.h"
#include "store/reader.h"
#include "store/reader_pool.h"
#include "store/store.h"

namespace app {

// The version that CMake gives the project.
[[nodiscard]] std::string_view version();

class Backend final : public api::Backend {
 public:
  struct Parts {
    Shard& shard;
    Configuration& configuration;
    store::Store& store;
    store::ReaderPool& readers;
    obs::Observer& observer;
    std::string media_folder;
  };
  explicit Backend(Parts parts) : parts_(std::move(parts)) {}

  enum class Phase : int { Starting, Serving, Draining };
  void set_phase(Phase phase) { phase_ = phase; }

  [[nodiscard]] std::optional<std::vector<api::LiveCall>> calls() override;
  [[nodiscard]] std::optional<api::LiveCall> call(std::string_view id) override;
  [[nodiscard]] std::optional<std::vector<facts::Binding>> registrations() override;
  [[nodiscard]] base::Result<bool, api::Refused> hang_up(std::string_view call) override;
  [[nodiscard]] base::Result<facts::PlanStory, api::Refused> explain(
      const api::ExplainQuestion& question) override;
  [[nodiscard]] std::shared_ptr<const model::Snapshot> snapshot() override;
  [[nodiscard]] base::Result<api::Edited, api::Refused> edit(const api::EditOrder& order) override;
  [[nodiscard]] std::optional<std::string> open_secret(std::string_view sealed) override;
  [[nodiscard]] std::string seal_secret(std::string_view plain) override;
  [[nodiscard]] base::Result<store::RecordPage, api::Refused> records(
      const store::RecordFilter& filter) override;
  [[nodiscard]] base::Result<std::optional<facts::CallRecord>, api::Refused> record(
      const std::string& id) override;
  [[nodiscard]] base::Result<std::optional<store::ApiToken>, api::Refused> token(
      std::string_view secret) override;
  [[nodiscard]] base::Result<std::vector<store::ApiToken>, api::Refused> tokens() override;
  [[nodiscard]] base::Result<store::MessagePage, api::Refused> messages(
      const store::MessageFilter& filter) override;
  [[nodiscard]] base::Result<std::optional<facts::Message>, api::Refused> message(
      const std::string& box, const std::string& id) override;
  [[nodiscard]] base::Result<std::optional<std::string>, api::Refused> audio(
      const facts::Message& message) override;
  [[nodiscard]] base::Result<bool, api::Refused> change_message(
      const facts::MessageChanged& change) override;
  [[nodiscard]] std::string create_token(const std::string& name,
                                         const std::string& scopes) override;
  [[nodiscard]] base::Result<bool, api::Refused> remove_token(const std::string& id) override;
  [[nodiscard]] api::Ready ready() override;
  [[nodiscard]] std::string metrics() override;
  [[nodiscard]] base::WallTime now() override;
  [[nodiscard]] std::string version() override;

 private:
  Parts parts_;
  // Searches of the records at once: a server's other threads stay free for everything else.
  static constexpr int kSearchesMax = 3;
  std::atomic<int> searches_ = 0;
  std::atomic<Phase> phase_ = Phase::Starting;
};

}  // namespace app
