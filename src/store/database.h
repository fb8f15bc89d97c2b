#pragma once
// A thin hand on SQLite: connections and statements that close themselves, errors as values. One
// thread a connection.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace store {

// What SQLite said. `busy`: locked by somebody else; `full`: no space. `passes`: one of those, or a
// file that cannot be written now; later it may work. `late`: cut off by stop_after.
struct SqlError {
  int code = 0;
  std::string text;
  [[nodiscard]] bool busy() const;
  [[nodiscard]] bool full() const;
  [[nodiscard]] bool passes() const;
  [[nodiscard]] bool late() const;
};

class Database;

// One prepared statement. Bind, step until false, then it resets itself with again().
class Statement final {
 public:
  Statement() = default;
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters in order, from 1. Text is copied.
  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind_null();
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }
  // True: a row is there; false: done.
  [[nodiscard]] base::Result<bool, SqlError> step();
  // Steps to the end, then resets: for INSERT, UPDATE, DELETE.
  [[nodiscard]] base::Status<SqlError> run();
  void again();

  // Columns from 0.
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  sqlite3* connection_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  // The place of the next parameter; the first one of a round ends what an error left halfway.
  [[nodiscard]] int next_place();
  int bound_ = 0;
};

class Database final {
 public:
  enum class Mode : std::uint8_t { ReadWrite, ReadOnly };
  // WAL, foreign keys, synchronous=FULL (a commit is on the disk when it returns).
  [[nodiscard]] static base::Result<Database, SqlError> open(const std::string& file, Mode mode,
                                                             std::chrono::milliseconds busy);
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] base::Result<Statement, SqlError> prepare(std::string_view sql) const;
  // One or several statements without parameters.
  [[nodiscard]] base::Status<SqlError> execute(const char* sql) const;
  [[nodiscard]] int changes() const;
  // Cuts off statements that still run at `until`, which is read now and then while one does; it
  // outlives this and belongs to the thread of the connection.
  void stop_after(const std::chrono::steady_clock::time_point* until) const;

 private:
  Database() = default;
  sqlite3* connection_ = nullptr;
};

// BEGIN IMMEDIATE … COMMIT; rolls back if commit() was not reached.
class Transaction final {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Transaction>, SqlError> begin(
      const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  [[nodiscard]] base::Status<SqlError> commit();

 private:
  explicit Transaction(const Database& database) : database_(database) {}
  const Database& database_;
  bool open_ = true;
};

// Brings the schema to this version. A newer database is refused.
[[nodiscard]] base::Status<SqlError> migrate(const Database& database);

}  // namespace store
