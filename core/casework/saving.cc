#include <algorithm>

#include "core/casework/casebook.h"
#include "core/casework/save_rules.h"
#include "core/casework/writing.h"
#include "core/schema/validate.h"

namespace wayside::casework {
namespace {

constexpr std::string_view kCaseType = "case";

Result<ledger::RecordWrites> new_record(Vault& vault, const NewRecordRequest& request) {
  ledger::RecordWrites out{request.id ? *request.id : new_record_id(vault.env().random, vault.env().clock), request.type->id, {}};
  for (const FieldChange& change : request.fields) {
    WAYSIDE_TRY(std::vector<ledger::Write> writes, writes_for(change, nullptr));
    std::move(writes.begin(), writes.end(), std::back_inserter(out.writes));
  }
  WAYSIDE_OK(check_needs(content_of(*request.type, out.writes), nullptr));
  if (out.writes.empty()) return fail(Errc::bad_input, request.type->name + ": there is nothing to save. Fill in a field");
  return out;
}

/// A case's records in that case, the organisation's outside of any: a note that stood in the organisation's ledger
/// could be read by every team.
Result<void> check_places(Vault& vault, const std::optional<RecordId>& case_id, const std::vector<NewRecordRequest>& records) {
  std::size_t cases = 0;
  for (const NewRecordRequest& request : records) cases += request.type->name == kCaseType ? 1 : 0;
  if (cases > 1) return fail(Errc::bad_input, "case: each case is saved by itself");
  for (const NewRecordRequest& request : records) {
    const std::string& name = request.type->name;
    const bool in_case = case_id || cases > 0;
    if (request.type->in_team) return fail(Errc::bad_input, name + ": has a verb of its own. See `wayside-cli --help`");
    if (request.type->in_case && !in_case) return fail(Errc::bad_input, name + ": stands in a case. Name the case");
    if (!request.type->in_case && in_case) return fail(Errc::bad_input, name + ": belongs to the organisation, not to a case");
    if (name == kCaseType && case_id && request.id && *request.id != *case_id) return fail(Errc::bad_input, "case: its id is the case's id");
    if (request.id && std::count_if(records.begin(), records.end(), [&](const auto& each) { return each.id == request.id; }) > 1) {
      return fail(Errc::bad_input, name + ": its id stands twice");
    }
  }
  if (!case_id || cases > 0) return {};
  WAYSIDE_TRY(const auto known, vault.store().ledger_of(ledger::LedgerKind::case_ledger, case_id->view()));
  return known ? Result<void>{} : fail(Errc::not_found, "case");
}

Result<void> commit(Vault& vault, const vault::Save& save) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::save(vault, writing, save));
  return std::move(writing).commit();
}

bool only_asks(Vault& vault, const schema::Field& field) {
  return field.policy == schema::Policy::desk && !membership::writes_desk_fields(vault.role());
}

/// A request says which value is asked for: an empty one would say nothing, and take nothing away.
Result<void> check_request(Vault& vault, const FieldChange& change) {
  const bool says = std::any_of(change.set.begin(), change.set.end(), [](const Value& value) { return value != Value(Text{}); });
  if (says || !only_asks(vault, *change.field)) return {};
  return fail(Errc::not_permitted, change.field->name + ": only a desk clears it. Ask for another value instead");
}

/// Records of one save may point to each other, whatever their order.
Result<void> check_all_references(Vault& vault, const vault::Save& save) {
  const Neighbour beside = [&save](const RecordId& id) -> std::optional<Place> {
    const auto found = std::ranges::find(save.records, id, &ledger::RecordWrites::record);
    return found == save.records.end() ? std::nullopt : std::optional(Place{found->type, save.case_id});
  };
  for (const auto& record : save.records) WAYSIDE_OK(check_references(vault, record, save.case_id, beside, Missing::refused));
  return {};
}

/// What an edit leaves behind is held to the same rules as a new record, but for what was open before.
Result<void> check_edit(Vault& vault, const ledger::RecordRow& row, const vault::Save& save) {
  WAYSIDE_OK(check_all_references(vault, save));
  const schema::RecordType* type = schema::current().type(row.state.type);
  if (type == nullptr) return {};
  const auto after = folded(vault, row.state, save.records.front().writes);
  const auto before = content_of(*type, row.state);
  if (type->name == kCaseType) WAYSIDE_OK(check_case_step(vault, row.id, row.state, after));
  return check_needs(content_of(*type, after), &before);
}

/// The ledger that a record stands in, as a save names it.
Result<vault::Save> save_beside(Vault& vault, const ledger::RecordRow& row) {
  vault::Save save;
  const schema::RecordType* type = schema::current().type(row.state.type);
  if (type != nullptr && type->in_team) return fail(Errc::bad_input, type->name + ": has a verb of its own. See `wayside-cli --help`");
  WAYSIDE_TRY(save.case_id, case_of(vault, row));
  return save;
}

}  // namespace

Result<std::vector<RecordId>> put(Vault& vault, std::optional<RecordId> case_id, std::optional<TeamId> team,
                                  const std::vector<NewRecordRequest>& records, std::string form, std::vector<UserId> named) {
  vault::Save save;
  save.named = std::move(named);
  save.case_id = case_id;
  save.team = team;
  save.form = std::move(form);
  std::vector<RecordId> ids;
  WAYSIDE_OK(check_places(vault, case_id, records));
  for (const NewRecordRequest& request : records) {
    WAYSIDE_TRY(ledger::RecordWrites writes, new_record(vault, request));
    if (request.type->name == kCaseType) {
      if (!case_id) save.case_id = writes.record;
      else writes.record = *case_id;   // a case's record carries the case's id
    }
    WAYSIDE_TRY(const auto known, vault.store().record(writes.record));
    if (known) return fail(Errc::already_exists, "a record with this id");
    ids.push_back(writes.record);
    save.records.push_back(std::move(writes));
  }
  WAYSIDE_OK(check_all_references(vault, save));
  WAYSIDE_OK(commit(vault, save));
  return ids;
}

Result<void> edit(Vault& vault, const RecordId& id, const std::vector<FieldChange>& changes, std::string reason, std::string form) {
  WAYSIDE_TRY(const auto row, vault.store().record(id));
  if (!row) return fail(Errc::not_found, "record");
  if (ledger::archived(row->state).archived) return fail(Errc::not_permitted, "archived: bring it back first, with archive --undo");
  WAYSIDE_TRY(vault::Save save, save_beside(vault, *row));
  ledger::RecordWrites writes{id, row->state.type, {}};
  for (const FieldChange& change : changes) {
    const ledger::FieldState* state = row->state.field(change.field->id);
    WAYSIDE_OK(check_request(vault, change));
    if (reason.empty() && needs_reason(change, state)) {
      return fail(Errc::bad_input, change.field->name + ": this lowers protection, so it needs a reason");
    }
    WAYSIDE_TRY(std::vector<ledger::Write> made, writes_for(change, state));
    std::move(made.begin(), made.end(), std::back_inserter(writes.writes));
  }
  if (writes.writes.empty()) return {};   // it holds already what was asked for
  save.records.push_back(std::move(writes));
  save.form = std::move(form);
  save.reason = std::move(reason);
  WAYSIDE_OK(check_edit(vault, *row, save));
  return commit(vault, save);
}

Result<void> archive(Vault& vault, const RecordId& id, bool undo, std::string reason) {
  if (reason.empty()) return fail(Errc::bad_input, "reason: say why, so that the next person knows");
  WAYSIDE_TRY(const auto row, vault.store().record(id));
  if (!row) return fail(Errc::not_found, "record");
  if (ledger::archived(row->state).archived != undo) return {};   // so it is already
  WAYSIDE_TRY(vault::Save save, save_beside(vault, *row));
  ledger::Write write;
  write.field = ledger::kArchivedFieldId;
  if (const ledger::FieldState* state = row->state.field(ledger::kArchivedFieldId)) {
    for (const ledger::Held& held : state->held) write.supersedes.push_back(held.dot);
  }
  if (!undo) {
    write.value = encode(Value(true));
    write.covers = row->state.live_dots();
  }
  save.records.push_back({id, row->state.type, {std::move(write)}});
  save.form = undo ? "archive --undo" : "archive";
  save.reason = std::move(reason);
  return commit(vault, save);
}

// ---- Reviews ----

Result<std::vector<ReviewItem>> reviews(Vault& vault) {
  std::vector<ReviewItem> out;
  WAYSIDE_OK(vault.store().unfold_all());
  store::Database& database = vault.store().database();
  store::Query open = database.query(
      "SELECT reviews.id, records.id, reviews.field, reviews.since_ms FROM reviews JOIN records ON records.n = reviews.record "
      "ORDER BY reviews.since_ms, reviews.id");
  for (;;) {
    WAYSIDE_TRY(const bool row, open.next());
    if (!row) break;
    const auto field = static_cast<std::uint32_t>(open.integer(2));
    out.push_back({Bytes(open.blob(0)), field == ledger::kArchivedFieldId ? ReviewKind::archived_edit : ReviewKind::values,
                   open.id<RecordId>(1), field, open.integer(3), {}, std::nullopt});
  }
  store::Query apart = database.query("SELECT id, why, since_ms, device FROM quarantine WHERE why != ? ORDER BY since_ms, id",
                                       static_cast<std::int64_t>(Errc::erased));   // nobody can decide on those
  for (;;) {
    WAYSIDE_TRY(const bool row, apart.next());
    if (!row) return out;
    const membership::Decision* decided = vault.membership().decision(apart.id<EnvelopeId>(0));
    if (decided != nullptr && !decided->accept) continue;   // it stays out
    out.push_back({Bytes(apart.blob(0)), ReviewKind::quarantined, {}, 0, apart.integer(2), static_cast<Errc>(apart.integer(1)),
                   DeviceId::from(apart.blob(3))});
  }
}

Result<std::uint64_t> open_reviews(Vault& vault) { return vault.store().open_reviews(); }

namespace {

struct OpenReview { ledger::RecordRow row; std::uint32_t field = 0; };

Result<OpenReview> find_review(Vault& vault, BytesView id) {
  WAYSIDE_OK(vault.store().unfold_all());
  store::Query found = vault.store().database().query("SELECT record, field FROM reviews WHERE id = ?", id);
  WAYSIDE_TRY(const bool row, found.next());
  if (!row) return fail(Errc::not_found, "review");
  WAYSIDE_TRY(auto record, vault.store().record(found.integer(0)));
  if (!record) return fail(Errc::corrupt, "review of a record that is not there");
  return OpenReview{*std::move(record), static_cast<std::uint32_t>(found.integer(1))};
}

/// The values that a decision takes away: all on show, since one is to count. But in a list, and among entries that
/// never change, those alone that do not fit: the others are in no conflict.
std::vector<Dot> decided_dots(const schema::Field* field, const ledger::FieldState& state) {
  const bool several = field != nullptr && (field->policy == schema::Policy::union_set || field->policy == schema::Policy::append);
  std::vector<Dot> out;
  for (const ledger::Held& held : state.held) {
    if (held.value == ledger::kSealedValue) continue;   // nobody decides on what she cannot see
    if (!several || !schema::check(*field, decode_value(held.value))) out.push_back(held.dot);
  }
  return out;
}

/// One new value that supersedes what was to be decided. Written anew even when an old one is kept: two people who
/// decide apart and differently then disagree visibly, instead of taking away each other's choice.
Result<void> decide(Vault& vault, const OpenReview& review, const Bytes& value, std::string reason) {
  if (reason.empty()) return fail(Errc::bad_input, "reason: write a reason before you decide");
  const schema::Field* field = schema::current().field(review.row.state.type, review.field);
  if (field != nullptr && only_asks(vault, *field)) return fail(Errc::not_permitted, field->name + ": only a desk decides this");
  WAYSIDE_TRY(vault::Save save, save_beside(vault, review.row));
  ledger::Write write;
  write.field = review.field;
  if (const ledger::FieldState* state = review.row.state.field(review.field)) {
    write.supersedes = decided_dots(field, *state);
    const bool stays = std::any_of(state->held.begin(), state->held.end(), [&](const ledger::Held& held) {
      return held.value == value && std::find(write.supersedes.begin(), write.supersedes.end(), held.dot) == write.supersedes.end();
    });
    if (!stays) write.value = value;
  }
  if (review.field == ledger::kArchivedFieldId) write.covers = review.row.state.live_dots();
  save.records.push_back({review.row.id, review.row.state.type, {std::move(write)}});
  save.form = "review";
  save.reason = std::move(reason);
  return commit(vault, save);
}

}  // namespace

Result<void> resolve_keep(Vault& vault, BytesView id, const Dot& keep, std::string reason) {
  WAYSIDE_TRY(const OpenReview review, find_review(vault, id));
  const ledger::FieldState* state = review.row.state.field(review.field);
  if (state != nullptr) {
    for (const ledger::Held& held : state->held) {
      if (held.dot == keep && held.value != ledger::kSealedValue) return decide(vault, review, held.value, std::move(reason));
    }
  }
  return fail(Errc::not_found, "that value is not on show any more: look at the review again");
}

Result<void> resolve_set(Vault& vault, BytesView id, const Value& value, std::string reason) {
  WAYSIDE_TRY(const OpenReview review, find_review(vault, id));
  if (review.field == ledger::kArchivedFieldId) {
    if (value == Value(true)) return decide(vault, review, encode(value), std::move(reason));
    return archive(vault, review.row.id, true, std::move(reason));
  }
  const schema::Field* field = schema::current().field(review.row.state.type, review.field);
  if (field == nullptr) return fail(Errc::unknown_field, "this version does not know the field");
  if (const auto checked = schema::check(*field, value); !checked) return std::unexpected(Error(checked.error()));
  return decide(vault, review, encode(value), std::move(reason));
}

}  // namespace wayside::casework
