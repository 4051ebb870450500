#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/crypto/crypto.h"
#include "core/store/database.h"
#include "platform/real_env.h"
#include "tests/bench/child.h"
#include "tests/bench/device.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"

namespace wayside::bench {
namespace {

using nlohmann::json;

struct Row { std::string id, type, text; };
struct CaseRows { std::string id; std::vector<Row> rows; };

/// Every string of a record that a search should find, as one text.
void add_text(const json& value, std::string& out) {
  if (value.is_string()) out.append(value.get<std::string>()).push_back('\n');
  if (value.is_object()) {
    for (const auto& [key, each] : value.items()) {
      if (key != "id") add_text(each, out);
    }
  }
}

/// The 13 rows of a case: person, ten notes, risk, plan. Parsed before the clock starts, as the vault's input is.
std::vector<CaseRows> read_cases(const std::string& path) {
  std::vector<CaseRows> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const json nested = json::parse(line);
    CaseRows rows{nested.at("id"), {}};
    const auto add = [&rows](const char* type, const json& record) { rows.rows.push_back({record.at("id"), type, record.dump()}); };
    add("person", nested.at("person"));
    for (const json& note : nested.at("notes")) add("note", note);
    add("risk", nested.at("risk"));
    add("plan", nested.at("plan"));
    out.push_back(std::move(rows));
  }
  return out;
}

class Baseline {
 public:
  json answer(const json& command) {
    const std::string what = command.at("do");
    if (what == "open") return open(command);
    if (what == "create") return create(command.at("count"));
    if (what == "update") return update(command.at("count"));
    throw std::runtime_error("unknown command");
  }

 private:
  json open(const json& command) {
    fts_ = command.at("fts");
    cases_ = read_cases(command.at("cases"));
    for (const CaseRows& each : cases_) {
      auto& texts = texts_.emplace_back();
      for (const Row& row : each.rows) add_text(json::parse(row.text), texts.emplace_back());
    }
    const platform::Path folder = command.at("folder").get<std::string>();
    must(env_.files.make_folders(folder));
    const SecretBytes key = crypto::random_secret(env_.random, crypto::kKeyBytes);
    database_ = must(store::Database::open(env_, folder / (fts_ ? "fts.db" : "plain.db"), store::Database::Mode::create_new, key));
    must(database_->run_script("CREATE TABLE rows(id TEXT PRIMARY KEY, case_id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL);"
                               "CREATE INDEX rows_by_case ON rows(case_id);"));
    if (fts_) must(database_->run_script("CREATE VIRTUAL TABLE words USING fts5(body);"));
    return {{"cases", cases_.size()}};
  }

  json create(std::size_t count) {
    const Stopwatch watch;
    for (; count > 0 && next_ < cases_.size(); --count, ++next_) save(cases_[next_], texts_[next_]);
    return {{"seconds", watch.seconds()}};
  }

  json update(std::size_t count) {
    const Stopwatch watch;
    for (std::size_t i = 0; i < std::min(count, cases_.size()); ++i) {
      const Row& row = cases_[i].rows.front();
      auto transaction = must(store::Transaction::begin(*database_));
      must(database_->run("UPDATE rows SET body = ? WHERE id = ?", store::SqlText{row.text}, store::SqlText{row.id}));
      if (fts_) {
        must(database_->run("DELETE FROM words WHERE rowid = (SELECT rowid FROM rows WHERE id = ?)", store::SqlText{row.id}));
        must(database_->run("INSERT INTO words(rowid, body) SELECT rowid, ? FROM rows WHERE id = ?", store::SqlText{texts_[i].front()},
                            store::SqlText{row.id}));
      }
      must(std::move(transaction).commit());
    }
    return {{"seconds", watch.seconds()}};
  }

  void save(const CaseRows& each, const std::vector<std::string>& texts) {
    auto transaction = must(store::Transaction::begin(*database_));
    for (std::size_t i = 0; i < each.rows.size(); ++i) {
      const Row& row = each.rows[i];
      must(database_->run("INSERT INTO rows(id, case_id, type, body) VALUES(?, ?, ?, ?)", store::SqlText{row.id},
                          store::SqlText{each.id}, store::SqlText{row.type}, store::SqlText{row.text}));
      if (fts_) must(database_->run("INSERT INTO words(rowid, body) VALUES(?, ?)", database_->last_row(), store::SqlText{texts[i]}));
    }
    must(std::move(transaction).commit());
  }

  platform::RealEnv real_;
  platform::Env env_ = real_.env();
  bool fts_ = false;
  std::unique_ptr<store::Database> database_;
  std::vector<CaseRows> cases_;
  std::vector<std::vector<std::string>> texts_;
  std::size_t next_ = 0;
};

}  // namespace

int run_baseline() {
  Baseline baseline;
  return answer_lines([&baseline](const json& command) { return baseline.answer(command); });
}

}  // namespace wayside::bench
