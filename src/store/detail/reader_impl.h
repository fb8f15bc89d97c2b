#pragma once
// What the questions of the reader share: running SQL, and SQL in the making.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/database.h"
#include "store/reader.h"
#include "store/things.h"

namespace store {
namespace detail {

inline constexpr std::size_t kMaxPage = 1'000;

// A query in the making: SQL and its parameters in the same order.
class Query {
 public:
  using Value = std::variant<std::int64_t, std::string>;
  void where(std::string_view condition, std::vector<Value> values) {
    sql += values_.empty() ? " WHERE " : " AND ";
    sql += condition;
    std::move(values.begin(), values.end(), std::back_inserter(values_));
  }
  void equals(std::string_view column, const std::string& value) {
    if (!value.empty()) where(std::string{column} + "=?", {value});
  }
  void bind_to(Statement& statement) const {
    for (const Value& value : values_) {
      std::visit([&](const auto& v) { statement.bind(v); }, value);
    }
  }
  std::string sql;

 private:
  std::vector<Value> values_;
};

inline Thing thing_of(const Statement& row) {
  return {row.text(0), row.text(1), row.number(2), row.number(3), row.text(4)};
}

// Binds no parameters.
inline void nothing(Statement& /*statement*/) {}

}  // namespace detail

class Reader::Impl {
 public:
  Impl(Database opened, std::string file, std::chrono::milliseconds limit)
      : database(std::move(opened)), file_(std::move(file)), limit_(limit) {
    if (limit_ > std::chrono::milliseconds{0}) database.stop_after(&until_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  // Runs `sql` and hands each row to `row`.
  template <class Bind, class Row>
  base::Status<ReadError> each(std::string_view sql, Bind bind, Row row) {
    until_ = std::chrono::steady_clock::now() + limit_;
    auto statement = database.prepare(sql);
    if (!statement) return base::Unexpected{error_of(statement.error())};
    bind(*statement);
    while (true) {
      const auto there = statement->step();
      if (!there) return base::Unexpected{error_of(there.error())};
      if (!*there) return base::Ok{};
      row(*statement);
    }
  }
  // What `make` makes of every row, in their order.
  template <class Bind, class Make>
  auto all(std::string_view sql, Bind bind, Make make)
      -> Read<std::vector<std::invoke_result_t<Make, const Statement&>>> {
    std::vector<std::invoke_result_t<Make, const Statement&>> rows;
    auto done = each(sql, bind, [&](const Statement& row) { rows.push_back(make(row)); });
    if (!done) return base::Unexpected{std::move(done.error())};
    return rows;
  }
  // What `make` makes of the last row; nothing when there is none.
  template <class Bind, class Make>
  auto one(std::string_view sql, Bind bind, Make make)
      -> Read<std::optional<std::invoke_result_t<Make, const Statement&>>> {
    std::optional<std::invoke_result_t<Make, const Statement&>> found;
    auto done = each(sql, bind, [&](const Statement& row) { found = make(row); });
    if (!done) return base::Unexpected{std::move(done.error())};
    return found;
  }
  // The two columns of every row, as a map.
  Read<std::map<std::string, std::string>> pairs(std::string_view sql) {
    std::map<std::string, std::string> found;
    auto done =
        each(sql, detail::nothing, [&](const Statement& row) { found[row.text(0)] = row.text(1); });
    if (!done) return base::Unexpected{std::move(done.error())};
    return found;
  }

  Database database;

 private:
  [[nodiscard]] ReadError error_of(const SqlError& error) const {
    if (error.late()) {
      return {true, "the question was cut off after " + std::to_string(limit_.count()) +
                        " ms; ask for less: a shorter time, a filter, another order"};
    }
    return {true, "the database " + file_ + " cannot be read: " + error.text};
  }
  std::string file_;
  std::chrono::milliseconds limit_;
  std::chrono::steady_clock::time_point until_;  // for the question that runs
};

}  // namespace store
