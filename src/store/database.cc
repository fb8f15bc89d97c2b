#include "store/database.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "base/result.h"

namespace store {
namespace {

SqlError error_of(sqlite3* connection, int code) {
  return {code, connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code)};
}

// Each entry takes the schema one version further; entries are never changed, only added.
constexpr std::array kMigrations{
    R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('revision', '0');
CREATE TABLE things(
  kind TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, revision INTEGER NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE INDEX things_in_order ON things(kind, position);
CREATE TABLE audit(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  who TEXT NOT NULL, what TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  before TEXT, after TEXT);
CREATE TABLE bindings(
  key TEXT PRIMARY KEY, user_id TEXT NOT NULL, contact TEXT NOT NULL, expires_ms INTEGER NOT NULL,
  body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE memories(group_id TEXT PRIMARY KEY, memory TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE open_calls(id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE records(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL,
  started INTEGER NOT NULL, answered INTEGER, ended INTEGER, "from" TEXT NOT NULL,
  from_name TEXT NOT NULL, dialled TEXT NOT NULL, "group" TEXT NOT NULL,
  crm_account TEXT NOT NULL, outcome TEXT NOT NULL, answered_by TEXT NOT NULL,
  wait_ms INTEGER NOT NULL, talk_ms INTEGER NOT NULL, final_destination TEXT NOT NULL,
  ended_by TEXT NOT NULL, sip_code INTEGER NOT NULL, q850 INTEGER NOT NULL,
  sip_call_id TEXT NOT NULL, recording TEXT NOT NULL, attempts TEXT NOT NULL,
  plan TEXT NOT NULL);
CREATE INDEX records_by_start ON records(started, seq);
CREATE INDEX records_by_sip_call_id ON records(sip_call_id);
CREATE TABLE tokens(
  id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
  created_ms INTEGER NOT NULL) WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE messages(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, box TEXT NOT NULL,
  call TEXT NOT NULL, file TEXT NOT NULL, "from" TEXT NOT NULL, from_name TEXT NOT NULL,
  at_ms INTEGER NOT NULL, length_ms INTEGER NOT NULL, heard INTEGER NOT NULL,
  saved INTEGER NOT NULL, handled_by TEXT NOT NULL);
CREATE INDEX messages_by_box ON messages(box, seq);
CREATE TABLE greetings(box TEXT PRIMARY KEY, file TEXT NOT NULL) WITHOUT ROWID;
)sql",
    // Filters and searches read the index alone; the long rows only for what a page shows.
    R"sql(
ALTER TABLE audit ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_by_revision ON audit(revision, seq);
CREATE INDEX audit_by_thing ON audit(kind, id, revision);
DROP INDEX records_by_start;
CREATE INDEX records_lookup ON records(
  started, seq, "group", outcome, answered_by, "from", dialled, from_name, tenant, wait_ms, talk_ms,
  ended);
)sql",
    R"sql(
CREATE TABLE notices(
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, ref TEXT NOT NULL,
  recipient TEXT NOT NULL, at_ms INTEGER NOT NULL, tries INTEGER NOT NULL,
  due_ms INTEGER NOT NULL);
CREATE INDEX notices_by_due ON notices(due_ms, id);
CREATE INDEX messages_by_call ON messages(call);
CREATE TABLE call_backs(
  call TEXT PRIMARY KEY, number TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE deliveries(
  id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, webhook TEXT NOT NULL,
  event_id TEXT NOT NULL, type TEXT NOT NULL, call TEXT NOT NULL, group_id TEXT NOT NULL,
  url TEXT NOT NULL, body TEXT NOT NULL, at_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL, status INTEGER NOT NULL, trouble TEXT NOT NULL, done_ms INTEGER);
CREATE INDEX deliveries_by_due ON deliveries(state, due_ms, id);
CREATE INDEX deliveries_by_webhook ON deliveries(webhook, id);
CREATE INDEX deliveries_by_call ON deliveries(call, id);
CREATE TABLE texts(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
)sql"};

}  // namespace

bool SqlError::busy() const {
  return (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
}
bool SqlError::full() const {
  return (code & 0xFF) == SQLITE_FULL;
}

bool SqlError::passes() const {
  return busy() || full() || (code & 0xFF) == SQLITE_IOERR;
}

bool SqlError::late() const {
  return (code & 0xFF) == SQLITE_INTERRUPT;
}

Statement::~Statement() {
  (void)sqlite3_finalize(statement_);
}
Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(statement_, other.statement_);
  std::swap(bound_, other.bound_);
  return *this;
}

int Statement::next_place() {
  if (bound_ == 0) (void)sqlite3_reset(statement_);
  return ++bound_;
}

Statement& Statement::bind(std::string_view text) {
  // A null pointer would bind NULL: an empty view has to be an empty text.
  (void)sqlite3_bind_text64(statement_, next_place(), text.empty() ? "" : text.data(), text.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind(std::int64_t number) {
  (void)sqlite3_bind_int64(statement_, next_place(), number);
  return *this;
}
Statement& Statement::bind_null() {
  (void)sqlite3_bind_null(statement_, next_place());
  return *this;
}

base::Result<bool, SqlError> Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return base::Unexpected{error_of(connection_, code)};
}

base::Status<SqlError> Statement::run() {
  while (true) {
    auto row = step();
    if (!row) {
      SqlError why = std::move(row.error());
      again();
      return base::Unexpected{std::move(why)};
    }
    if (!*row) break;
  }
  again();
  return base::Ok{};
}

void Statement::again() {
  (void)sqlite3_reset(statement_);
  (void)sqlite3_clear_bindings(statement_);
  bound_ = 0;
}

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}
std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

base::Result<Database, SqlError> Database::open(const std::string& file, Mode mode,
                                                std::chrono::milliseconds busy) {
  Database made;
  const int flags =
      (mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &made.connection_, flags, nullptr);
  if (code != SQLITE_OK) return base::Unexpected{error_of(made.connection_, code)};
  (void)sqlite3_busy_timeout(made.connection_, static_cast<int>(busy.count()));
  if (mode == Mode::ReadWrite) {
    const auto set =
        made.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
    if (!set) return base::Unexpected{set.error()};
  }
  return made;
}

Database::~Database() {
  (void)sqlite3_close_v2(connection_);
}
Database::Database(Database&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(connection_, other.connection_);
  return *this;
}

base::Result<Statement, SqlError> Database::prepare(std::string_view sql) const {
  Statement made;
  made.connection_ = connection_;
  const int code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made.statement_, nullptr);
  if (code != SQLITE_OK) return base::Unexpected{error_of(connection_, code)};
  return made;
}

base::Status<SqlError> Database::execute(const char* sql) const {
  const int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return base::Unexpected{error_of(connection_, code)};
  return base::Ok{};
}

int Database::changes() const {
  return sqlite3_changes(connection_);
}
void Database::stop_after(const std::chrono::steady_clock::time_point* until) const {
  constexpr int kStepsBetween = 10'000;  // of SQLite's machine: well under a millisecond
  sqlite3_progress_handler(
      connection_, kStepsBetween,
      [](void* limit) {
        const auto* when = static_cast<const std::chrono::steady_clock::time_point*>(limit);
        return std::chrono::steady_clock::now() > *when ? 1 : 0;
      },
      const_cast<std::chrono::steady_clock::time_point*>(until));
}

base::Result<std::unique_ptr<Transaction>, SqlError> Transaction::begin(const Database& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) {
    return base::Unexpected{begun.error()};
  }
  return std::unique_ptr<Transaction>(new Transaction(database));
}
Transaction::~Transaction() {
  if (open_) (void)database_.execute("ROLLBACK");
}
base::Status<SqlError> Transaction::commit() {
  auto done = database_.execute("COMMIT");
  if (done) open_ = false;
  return done;
}

base::Status<SqlError> migrate(const Database& database) {
  TRY(auto statement, database.prepare("PRAGMA user_version"));
  TRY(const bool row, statement.step());
  const std::int64_t version = row ? statement.number(0) : 0;
  statement.again();
  if (version > static_cast<std::int64_t>(kMigrations.size())) {
    return base::Unexpected{
        SqlError{SQLITE_ERROR, "the database was written by a newer Harrier (schema " +
                                   std::to_string(version) + ", this one knows " +
                                   std::to_string(kMigrations.size()) + ")"}};
  }
  for (auto next = static_cast<std::size_t>(version); next < kMigrations.size(); ++next) {
    TRY(const auto transaction, Transaction::begin(database));
    if (auto done = database.execute(kMigrations.at(next)); !done) {
      return base::Unexpected{done.error()};
    }
    const std::string pragma = "PRAGMA user_version=" + std::to_string(next + 1);
    if (auto done = database.execute(pragma.c_str()); !done) return base::Unexpected{done.error()};
    if (auto done = transaction->commit(); !done) return base::Unexpected{done.error()};
  }
  return base::Ok{};
}

}  // namespace store
