#include <algorithm>

#include "core/casework/casebook.h"
#include "core/schema/display.h"

namespace wayside::casework {

const ShownField* ShownRecord::find(std::string_view field_name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const ShownField& each) {
    return each.field != nullptr && each.field->name == field_name;
  });
  return found == fields.end() ? nullptr : &*found;
}

std::string ShownRecord::text(std::string_view field_name) const {
  const ShownField* shown = find(field_name);
  if (shown == nullptr || shown->view.values.empty()) return {};
  // An entry that corrects comes last in causal order, and is the one to read.
  const bool append = shown->field->policy == schema::Policy::append;
  const ledger::Shown& value = append ? shown->view.values.back() : shown->view.values.front();
  return schema::display(*shown->field, value.value);
}

Result<std::optional<RecordId>> case_of(Vault& vault, const ledger::RecordRow& row) {
  WAYSIDE_TRY(const auto ledger, vault.store().ledger(row.ledger));
  const bool of_case = ledger && (ledger->kind == ledger::LedgerKind::case_ledger || ledger->kind == ledger::LedgerKind::compartment);
  if (!of_case) return std::nullopt;
  return RecordId::from(ledger->subject);
}

Result<ShownRecord> show(Vault& vault, ledger::RecordRow row) {
  ShownRecord out;
  out.row = std::move(row);
  out.type = schema::current().type(out.row.state.type);
  out.archived = ledger::archived(out.row.state);
  WAYSIDE_TRY(out.case_id, case_of(vault, out.row));
  const auto add = [&out](const schema::Field* field, std::uint32_t id, const ledger::FieldState& state) {
    if (!state.held.empty()) out.fields.push_back({field, id, ledger::view(field, state)});
  };
  if (out.type != nullptr) {
    for (const schema::Field& field : out.type->fields) {
      if (field.rows == 0) continue;   // the program's own: neither shown nor exported
      if (const ledger::FieldState* state = out.row.state.field(field.id)) add(&field, field.id, *state);
    }
  }
  for (const auto& [id, state] : out.row.state.fields) {
    if (out.type == nullptr || out.type->field(id) == nullptr) add(schema::current().field(out.row.state.type, id), id, state);
  }
  return out;
}

Result<ShownRecord> get(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(auto row, vault.store().record(id));
  if (!row) return fail(Errc::not_found, "record");
  return show(vault, *std::move(row));
}

namespace {
Result<std::vector<ShownRecord>> show_all(Vault& vault, std::vector<ledger::RecordRow> rows) {
  std::vector<ShownRecord> out;
  out.reserve(rows.size());
  for (ledger::RecordRow& row : rows) {
    WAYSIDE_TRY(ShownRecord shown, show(vault, std::move(row)));
    out.push_back(std::move(shown));
  }
  return out;
}
}  // namespace

Result<std::vector<ShownRecord>> records_of_case(Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const auto ledgers, vault.store().ledgers_of_case(case_id));
  if (ledgers.empty() || ledgers.front().kind != ledger::LedgerKind::case_ledger) return fail(Errc::not_found, "case");
  std::vector<ShownRecord> out;
  for (const ledger::LedgerRow& ledger : ledgers) {
    WAYSIDE_TRY(auto rows, vault.store().records_in(ledger.n));
    WAYSIDE_TRY(auto shown, show_all(vault, std::move(rows)));
    std::move(shown.begin(), shown.end(), std::back_inserter(out));
  }
  return out;
}

Result<std::vector<ShownRecord>> list(Vault& vault, const schema::RecordType& type) {
  WAYSIDE_TRY(auto rows, vault.store().records_of_type(type.id));
  return show_all(vault, std::move(rows));
}

}  // namespace wayside::casework
