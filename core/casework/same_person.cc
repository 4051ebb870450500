#include "core/casework/same_person.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/crypto/crypto.h"
#include "core/vault/restricting.h"

namespace wayside::casework {
namespace {

constexpr std::array<std::string_view, 4> kNames{"undecided", "same", "not_same", "in_review"};
constexpr std::string_view kUndone = "undone";

const schema::RecordType& link_type() { return *schema::current().type("person_link"); }

std::pair<RecordId, RecordId> pair_of(const RecordId& a, const RecordId& b) { return b < a ? std::pair(b, a) : std::pair(a, b); }

RecordId link_id(const std::pair<RecordId, RecordId>& pair) {
  return *RecordId::from(crypto::hash("wayside/person-link/1", {pair.first.view(), pair.second.view()}).view().substr(0, RecordId::size_bytes));
}

std::optional<RecordId> reference_in(const ShownRecord& record, std::string_view field) {
  const ShownField* const shown = record.find(field);
  if (shown == nullptr || shown->view.values.empty()) return std::nullopt;
  const auto* id = std::get_if<RecordId>(&shown->view.values.front().value);
  return id == nullptr ? std::nullopt : std::optional(*id);
}

/// Several values that differ wait for a person, whatever they are.
SamePerson verdict_of(const ShownRecord& record) {
  const ShownField* const shown = record.find("verdict");
  if (record.archived.archived || shown == nullptr || shown->view.values.empty()) return SamePerson::undecided;
  if (shown->view.values.size() > 1) return SamePerson::in_review;
  const auto* code = std::get_if<Code>(&shown->view.values.front().value);
  if (code == nullptr) return SamePerson::in_review;
  if (code->code == kUndone) return SamePerson::undecided;
  const auto found = std::ranges::find(kNames, std::string_view(code->code));
  return found == kNames.end() ? SamePerson::in_review : static_cast<SamePerson>(found - kNames.begin());
}

/// Two records of one pair, which only a person who writes them by hand makes: what differs waits.
SamePerson both(SamePerson a, SamePerson b) {
  if (a == b || b == SamePerson::undecided) return a;
  return a == SamePerson::undecided ? b : SamePerson::in_review;
}

FieldChange set(std::string_view field, Value value) {
  FieldChange out;
  out.field = link_type().field(field);
  out.set = {std::move(value)};
  out.sets = true;
  return out;
}

Result<RecordId> case_of_person(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(const auto shown, get(vault, id));
  const bool person = shown.type != nullptr && (shown.type->name == "person" || shown.type->name == "child");
  if (!person || !shown.case_id) return fail(Errc::bad_input, to_text(id) + ": is no person or child");
  return *shown.case_id;
}

Result<PersonLink> write(Vault& vault, const std::pair<RecordId, RecordId>& pair, const RecordId& case_id, std::string_view verdict,
                         const std::string& reason, std::string form) {
  const RecordId id = link_id(pair);
  WAYSIDE_TRY(const bool known, vault.store().has_record(id));
  if (known) {
    FieldChange why = set("why", Text{reason});
    WAYSIDE_OK(edit(vault, id, {set("verdict", Code{std::string(verdict)}), std::move(why)}, reason, std::move(form)));
  } else {
    const NewRecordRequest request{id, &link_type(), {set("person", pair.first), set("other", pair.second),
                                                      set("verdict", Code{std::string(verdict)}), set("why", Text{reason})}};
    WAYSIDE_OK(put(vault, case_id, std::nullopt, {request}, std::move(form)));
  }
  WAYSIDE_TRY(const auto links, PersonLinks::read(vault));
  return *links.find(pair.first, pair.second);
}

/// The link stands in one of the two cases: who reads that one and not the other would learn that there is another.
Result<void> check_readers(Vault& vault, const RecordId& one, const RecordId& other) {
  std::vector<std::vector<UserId>> circles;
  for (const RecordId& case_id : {one, other}) {
    WAYSIDE_TRY(const auto row, vault.store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()));
    if (!row) return fail(Errc::not_found, "case");
    WAYSIDE_TRY(auto circle, vault::circle_of(vault, *row));
    std::ranges::sort(circle);
    circles.push_back(std::move(circle));
  }
  if (circles.front() == circles.back()) return {};
  return fail(Errc::not_permitted, "one of the two is in a case that is left to named workers, and a link would tell the others of it");
}

Result<RecordId> check_words(Vault& vault, const std::pair<RecordId, RecordId>& pair, const std::string& reason) {
  if (pair.first == pair.second) return fail(Errc::bad_input, "that is one record, named twice");
  if (reason.empty()) return fail(Errc::bad_input, "reason: say how you know");
  WAYSIDE_TRY(const RecordId other, case_of_person(vault, pair.second));
  WAYSIDE_TRY(const RecordId case_id, case_of_person(vault, pair.first));
  WAYSIDE_OK(check_readers(vault, case_id, other));
  return case_id;
}

/// The code that stood before the one that stands now, when that one superseded it.
Result<std::string> code_before(Vault& vault, const RecordId& link) {
  WAYSIDE_TRY(const auto shown, get(vault, link));
  WAYSIDE_TRY(const auto all, history(vault, link, link_type().field("verdict")->id));
  const auto at = [&](const Dot& dot) { return std::ranges::find(all, dot, &HistoryEntry::dot); };
  const auto now = at(shown.find("verdict")->view.values.front().dots.front());
  if (now == all.end() || now->supersedes.size() != 1) return std::string(kUndone);
  const auto before = at(now->supersedes.front());
  const auto* code = before == all.end() || !before->value ? nullptr : std::get_if<Code>(&*before->value);
  return code == nullptr || code->code == name_of(SamePerson::same) ? std::string(kUndone) : code->code;
}

}  // namespace

std::string_view name_of(SamePerson verdict) { return kNames[static_cast<std::size_t>(verdict)]; }

Result<PersonLinks> PersonLinks::read(Vault& vault) {
  PersonLinks out;
  WAYSIDE_TRY(const auto all, list(vault, link_type()));
  for (const ShownRecord& record : all) {
    const auto person = reference_in(record, "person");
    const auto other = reference_in(record, "other");
    if (!person || !other || *person == *other) continue;
    const auto pair = pair_of(*person, *other);
    PersonLink link{record.row.id, pair.first, pair.second, verdict_of(record), record.text("why")};
    const auto [at, made] = out.by_pair_.try_emplace(pair, link);
    if (!made) at->second.verdict = both(at->second.verdict, link.verdict);
  }
  for (const auto& [pair, link] : out.by_pair_) {
    out.by_person_.emplace(pair.first, &link);
    out.by_person_.emplace(pair.second, &link);
  }
  return out;
}

const PersonLink* PersonLinks::find(const RecordId& a, const RecordId& b) const {
  const auto found = by_pair_.find(pair_of(a, b));
  return found == by_pair_.end() ? nullptr : &found->second;
}

SamePerson PersonLinks::verdict(const RecordId& a, const RecordId& b) const {
  const PersonLink* const link = find(a, b);
  return link == nullptr ? SamePerson::undecided : link->verdict;
}

std::vector<PersonLink> PersonLinks::of(const RecordId& id) const {
  std::vector<PersonLink> out;
  const auto [first, last] = by_person_.equal_range(id);
  for (auto each = first; each != last; ++each) {
    if (each->second->verdict != SamePerson::undecided) out.push_back(*each->second);
  }
  return out;
}

std::vector<RecordId> PersonLinks::same_as(const RecordId& id) const {
  std::set<RecordId> seen{id};
  std::vector<RecordId> open{id};
  while (!open.empty()) {
    const RecordId at = open.back();
    open.pop_back();
    for (const PersonLink& link : of(at)) {
      const RecordId& other = link.other_than(at);
      if (link.verdict == SamePerson::same && seen.insert(other).second) open.push_back(other);
    }
  }
  seen.erase(id);
  return {seen.begin(), seen.end()};
}

Result<PersonLink> decide_same_person(Vault& vault, const RecordId& a, const RecordId& b, bool same, const std::string& reason) {
  const auto pair = pair_of(a, b);
  WAYSIDE_TRY(const RecordId case_id, check_words(vault, pair, reason));
  const SamePerson wanted = same ? SamePerson::same : SamePerson::not_same;
  WAYSIDE_TRY(const auto links, PersonLinks::read(vault));
  const SamePerson now = links.verdict(a, b);
  if (now == SamePerson::in_review) return fail(Errc::bad_input, "two people have decided apart. `review list` shows it; decide there");
  if (now == wanted) return fail(Errc::bad_input, "somebody has said so already. `duplicates unlink` takes it back");
  return write(vault, pair, case_id, name_of(wanted), reason, same ? "duplicates link" : "duplicates not-same");
}

Result<PersonLink> undo_same_person(Vault& vault, const RecordId& a, const RecordId& b, const std::string& reason) {
  const auto pair = pair_of(a, b);
  WAYSIDE_TRY(const RecordId case_id, check_words(vault, pair, reason));
  WAYSIDE_TRY(const auto links, PersonLinks::read(vault));
  const PersonLink* const link = links.find(a, b);
  if (link == nullptr || link->verdict == SamePerson::undecided) return fail(Errc::bad_input, "nothing is decided about these two");
  if (link->verdict == SamePerson::in_review) return fail(Errc::bad_input, "two people have decided apart. `review list` shows it; decide there");
  std::string verdict(kUndone);
  if (link->verdict == SamePerson::same) {
    WAYSIDE_TRY(verdict, code_before(vault, link->record));
  }
  return write(vault, pair, case_id, verdict, reason, "duplicates unlink");
}

}  // namespace wayside::casework
