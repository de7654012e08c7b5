// SPDX-License-Identifier: Apache-2.0
#include "nullcline/study/catalog.hpp"

#include <sqlite3.h>

#include <utility>

#include "nullcline/core/errors.hpp"

namespace nullcline::study {
namespace {

constexpr int wait_milliseconds = 60'000;  // for another process that writes

constexpr const char* create =
    "CREATE TABLE IF NOT EXISTS jobs ("
    " id TEXT PRIMARY KEY, kind TEXT NOT NULL, network TEXT NOT NULL, population TEXT NOT NULL,"
    " number INTEGER NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL,"
    " parameters TEXT NOT NULL, metrics TEXT NOT NULL)";
constexpr const char* insert = "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr const char* select =
    "SELECT id, kind, network, population, number, state, error, parameters, metrics FROM jobs"
    " ORDER BY population, number, kind = 'network' DESC, kind";

}  // namespace

struct Catalog::Connection {
  std::string path;
  sqlite3* handle = nullptr;

  ~Connection() { sqlite3_close(handle); }

  void check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    throw Error::because(path, "",
                         handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  }
};

namespace {

/// A prepared statement; finalized whatever happens.
class Statement {
 public:
  Statement(sqlite3* handle, const char* sql) {
    code_ = sqlite3_prepare_v2(handle, sql, -1, &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  int code() const { return code_; }
  int step() { return sqlite3_step(statement_); }
  void bind(int at, const std::string& text) {
    code_ |= sqlite3_bind_text(statement_, at, text.c_str(), static_cast<int>(text.size()),
                               SQLITE_TRANSIENT);
  }
  void bind(int at, std::int64_t value) { code_ |= sqlite3_bind_int64(statement_, at, value); }
  std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes == nullptr ? "" : bytes;
  }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int code_ = SQLITE_OK;
};

}  // namespace

Catalog::Catalog(const std::filesystem::path& path) : connection_(std::make_unique<Connection>()) {
  connection_->path = path.string();
  connection_->check(sqlite3_open(path.c_str(), &connection_->handle));
  sqlite3_busy_timeout(connection_->handle, wait_milliseconds);
  connection_->check(sqlite3_exec(connection_->handle, create, nullptr, nullptr, nullptr));
}

Catalog::~Catalog() = default;

void Catalog::put(const CatalogRow& row) {
  const std::lock_guard lock(mutex_);
  Statement statement(connection_->handle, insert);
  connection_->check(statement.code());
  statement.bind(1, row.id);
  statement.bind(2, row.kind);
  statement.bind(3, row.network);
  statement.bind(4, row.population);
  statement.bind(5, row.number);
  statement.bind(6, row.state);
  statement.bind(7, row.error);
  statement.bind(8, row.parameters.dump());
  statement.bind(9, row.metrics.dump());
  connection_->check(statement.code());
  connection_->check(statement.step());
}

bool Catalog::has_done(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  Statement statement(connection_->handle, "SELECT 1 FROM jobs WHERE id = ? AND state = 'done'");
  connection_->check(statement.code());
  statement.bind(1, id);
  const int code = statement.step();
  connection_->check(code);
  return code == SQLITE_ROW;
}

std::vector<CatalogRow> Catalog::rows() const {
  const std::lock_guard lock(mutex_);
  Statement statement(connection_->handle, select);
  connection_->check(statement.code());
  std::vector<CatalogRow> rows;
  int code = statement.step();
  for (; code == SQLITE_ROW; code = statement.step()) {
    CatalogRow row;
    row.id = statement.text(0);
    row.kind = statement.text(1);
    row.network = statement.text(2);
    row.population = statement.text(3);
    row.number = statement.integer(4);
    row.state = statement.text(5);
    row.error = statement.text(6);
    row.parameters = io::Json::parse(statement.text(7), nullptr, false);
    row.metrics = io::Json::parse(statement.text(8), nullptr, false);
    rows.push_back(std::move(row));
  }
  connection_->check(code);
  return rows;
}

}  // namespace nullcline::study
