#pragma once
// The thread that sends mail. Its spool is the store's table of notices (store/notices.h): what is
// due is written and sent, one mail an address; what the server takes, or refuses for good, is
// struck off; everything else stays and is tried again.
//
// A mail goes out at least once: when the process dies between the server's "250" and the strike,
// it goes again with the same Message-ID.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/snapshot.h"
#include "notify/smtp.h"
#include "store/store.h"

namespace notify {

struct Note {
  bool warning = false;
  const char* event = "";  // "mail.sent"
  std::string kind;        // of the notice
  std::string to;          // an address, may be empty
  std::string cause;       // what went wrong
};

struct Figures {
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;   // for good
  std::uint64_t given_up = 0;  // too old, or too many
  std::int64_t waiting = 0;
  bool server_up = true;  // the last attempt found one that takes mail
};

class Postman final {
 public:
  using Send = std::function<base::Status<SmtpError>(const Envelope&, const std::string& bytes,
                                                     const std::atomic<bool>& stop)>;
  struct Parts {
    store::Store& store;  // started; outlives this
    std::string database_file;
    std::function<std::shared_ptr<const model::Snapshot>()> office;
    std::string media_folder;      // where recordings lie
    std::string templates_folder;  // what an administrator wrote in place of our texts
    Send send;
    std::function<void(const Note&)> notes;  // on the thread
  };

  // The failure is one clear line.
  [[nodiscard]] static base::Result<std::unique_ptr<Postman>, std::string> open(Parts parts);
  ~Postman();  // stops
  Postman(const Postman&) = delete;
  Postman& operator=(const Postman&) = delete;

  void start();
  // Ends the thread, and a sending that runs.
  void stop();
  // Any thread.
  [[nodiscard]] Figures figures() const;

  // What the thread does every second; for tests. Not while it runs.
  void round(base::Now now);

 private:
  class Impl;
  explicit Postman(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace notify
