#pragma once

#include <list>

#include "tests/e2e/needle_search.h"
#include "tests/e2e/opened.h"

namespace wayside::e2e {

/// Every value of every table, as somebody would read them who has the passphrase too; and every file as it lies.
inline std::vector<std::string> traces(const Stage& stage, const Home& home, const NeedleSearch& needles) {
  std::vector<std::string> out = needles.in_folder(home.path());
  Opened vault(stage, home);
  store::Database& database = vault->store().database();
  static std::list<std::string> statements;   // the store keeps statements by their text
  std::vector<std::pair<std::string, std::string>> columns;
  {
    store::Query names = database.query("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.sql IS NOT NULL");
    while (names.next().value()) columns.emplace_back(names.text(0), names.text(1));
  }
  for (const auto& [table, column] : columns) {
    store::Query rows = database.query(statements.emplace_back("SELECT CAST(\"" + column + "\" AS BLOB) FROM \"" + table + "\""));
    while (rows.next().value()) {
      for (const auto& hit : needles.in(rows.blob(0))) out.push_back(table + "." + column + ": " + hit.needle);
    }
  }
  return out;
}

}  // namespace wayside::e2e
