#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/crypto/crypto.h"
#include "core/store/database.h"
#include "platform/real_env.h"
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

}  // namespace

int run_baseline(const std::string& cases_file, const std::string& folder, bool with_fts) {
  platform::RealEnv real;
  platform::Env env = real.env();
  const std::vector<CaseRows> cases = read_cases(cases_file);
  std::vector<std::vector<std::string>> texts(cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    for (const Row& row : cases[i].rows) add_text(json::parse(row.text), texts[i].emplace_back());
  }
  must(env.files.make_folders(folder));
  const SecretBytes key = crypto::random_secret(env.random, crypto::kKeyBytes);
  auto database = must(store::Database::open(env, platform::Path(folder) / (with_fts ? "fts.db" : "plain.db"),
                                             store::Database::Mode::create_new, key));
  must(database->run_script("CREATE TABLE rows(id TEXT PRIMARY KEY, case_id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL);"
                            "CREATE INDEX rows_by_case ON rows(case_id);"));
  if (with_fts) must(database->run_script("CREATE VIRTUAL TABLE words USING fts5(body);"));
  const Stopwatch watch;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto transaction = must(store::Transaction::begin(*database));
    for (std::size_t j = 0; j < cases[i].rows.size(); ++j) {
      const Row& row = cases[i].rows[j];
      must(database->run("INSERT INTO rows(id, case_id, type, body) VALUES(?, ?, ?, ?)", store::SqlText{row.id},
                         store::SqlText{cases[i].id}, store::SqlText{row.type}, store::SqlText{row.text}));
      if (with_fts) {
        must(database->run("INSERT INTO words(rowid, body) VALUES(?, ?)", database->last_row(), store::SqlText{texts[i][j]}));
      }
    }
    must(std::move(transaction).commit());
  }
  std::cout << json{{"seconds", watch.seconds()}, {"cases", cases.size()}}.dump() << std::endl;
  return 0;
}

}  // namespace wayside::bench
