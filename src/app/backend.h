#pragma once
// What the API may ask and do, carried out on the running parts.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "app/certificate.h"
#include "app/configuration.h"
#include "app/hep_mirror.h"
#include "app/shard.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "foresight/health.h"
#include "media/engine.h"
#include "model/office.h"
#include "notify/courier.h"
#include "notify/postman.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "obs/sip_ring.h"
#include "store/deliveries.h"
#include "store/reader.h"
#include "store/reader_pool.h"
#include "store/store.h"
#include "store/things.h"

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
    const media::Engine& sound;
    const notify::Postman* mail;  // null: no mail is sent
    notify::Courier& courier;
    std::string media_folder;
    std::string data_folder;
    Certificate certificate;
    const HepMirror* mirror;  // null: nobody captures
    obs::PiiMode pii;         // of messages that are shown
  };
  explicit Backend(Parts parts);

  enum class Phase : int { Starting, Serving, Draining };
  void set_phase(Phase phase) { phase_ = phase; }
  // Before the first question: where a browser finds us.
  void set_web_address(std::string address) { web_address_ = std::move(address); }
  // What HTTPS shows now. Any thread.
  void set_certificate(Certificate certificate) {
    const std::scoped_lock lock{certificate_mutex_};
    parts_.certificate = std::move(certificate);
  }

  [[nodiscard]] std::optional<std::vector<api::LiveCall>> calls() override;
  [[nodiscard]] std::optional<api::LiveCall> call(std::string_view id) override;
  [[nodiscard]] std::optional<std::vector<facts::Binding>> registrations() override;
  [[nodiscard]] base::Result<bool, api::Refused> hang_up(std::string_view call) override;
  [[nodiscard]] std::vector<obs::SipCopy> messages_of(const std::string& sip_call_id) override;
  [[nodiscard]] std::vector<obs::KeptLine> log_lines(const obs::LogQuestion& question) override;
  [[nodiscard]] std::optional<std::vector<api::BannedSource>> bans() override;
  [[nodiscard]] base::Result<bool, api::Refused> lift_ban(const base::IpAddress& address,
                                                          const std::string& who) override;
  [[nodiscard]] base::Result<std::string, api::Refused> order(const api::CallOrder& order) override;
  [[nodiscard]] base::Result<bool, api::Refused> ask_to_answer(std::string_view call,
                                                               const std::string& user_id) override;
  [[nodiscard]] base::Result<facts::PlanStory, api::Refused> explain(
      const api::ExplainQuestion& question) override;
  [[nodiscard]] std::optional<foresight::People> people() override;
  [[nodiscard]] std::optional<api::TrunkState> trunk_state(const std::string& trunk_id) override;
  [[nodiscard]] api::TrunkProbe test_trunk(const model::Trunk& trunk) override;
  [[nodiscard]] base::Result<std::vector<store::GroupFigures>, api::Refused> figures(
      base::WallTime from, base::WallTime until) override;
  [[nodiscard]] std::optional<std::string> recording(const std::string& name) override;
  [[nodiscard]] std::optional<std::string> sound(const std::string& file) override;
  [[nodiscard]] base::Result<std::string, api::Refused> keep_sound(const std::string& id,
                                                                   std::string_view bytes) override;
  [[nodiscard]] base::Result<std::string, api::Refused> speak(std::string_view text,
                                                              std::string_view language) override;
  [[nodiscard]] std::optional<std::string> phone_pattern(const std::string& phone) override;
  [[nodiscard]] std::optional<std::string> calendar(const std::string& file) override;
  [[nodiscard]] base::Result<std::string, api::Refused> keep_calendar(
      const std::string& id, std::string_view bytes) override;
  [[nodiscard]] base::Result<std::vector<store::Revision>, api::Refused> revisions(
      const store::RevisionFilter& filter) override;
  [[nodiscard]] base::Result<std::vector<store::AuditEntry>, api::Refused> revision(
      std::int64_t revision) override;
  [[nodiscard]] base::Result<std::vector<store::Thing>, api::Refused> things_at(
      std::int64_t revision) override;
  [[nodiscard]] base::Result<std::vector<store::Delivery>, api::Refused> deliveries(
      const store::DeliveryFilter& filter) override;
  [[nodiscard]] base::Result<std::optional<store::Delivery>, api::Refused> resend(
      std::int64_t id) override;
  void test_webhook(const model::Webhook& webhook) override;
  [[nodiscard]] api::SystemState system() override;
  [[nodiscard]] std::string web_address() override { return web_address_; }
  void note(std::string_view event, const std::string& login, const std::string& source) override;
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
  mutable std::mutex certificate_mutex_;  // guards parts_.certificate
  Parts parts_;
  // Searches of the records at once: a server's other threads stay free for everything else.
  static constexpr int kSearchesMax = 3;
  std::atomic<int> searches_ = 0;
  std::atomic<int> probes_ = 0;  // of trunks, which wait
  std::atomic<int> speakers_ = 0;
  std::atomic<Phase> phase_ = Phase::Starting;
  base::WallTime started_{};
  std::string web_address_;
};

}  // namespace app
