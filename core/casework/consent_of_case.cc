#include "core/casework/consent_of_case.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework {
namespace {

FieldChange set(std::string_view field, Value value) {
  FieldChange out;
  out.field = schema::current().type("consent")->field(field);
  out.set = {std::move(value)};
  out.sets = true;
  return out;
}

RecordId person_of(const Fact& entry) {
  const auto people = entry.fields.records("person");
  return people.empty() ? RecordId{} : people.front();
}

bool is_for(const Fact& entry, const std::string& recipient) { return rules::same_words(entry.fields.text("recipient"), recipient); }

std::vector<FieldChange> changes_of(const GiveConsent& what) {
  std::vector<FieldChange> out{set("decision", Code{"GIVEN"}), set("basis", Code{what.basis}), set("asked_on", Date{rules::iso(what.asked_on)})};
  for (const auto& scope : consent_scopes()) out.push_back(set("share_" + scope, what.scope.contains(scope)));
  if (!what.purpose.empty()) out.push_back(set("purpose", Text{what.purpose}));
  if (!what.language.empty()) out.push_back(set("language", Code{what.language}));
  if (what.expires) out.push_back(set("expires", Date{rules::iso(*what.expires)}));
  return out;
}

}  // namespace

const std::vector<std::string>& consent_scopes() {
  static const std::vector<std::string> kScopes{"contact", "risk", "housing", "needs", "health", "children", "immigration", "perpetrator"};
  return kScopes;
}

std::vector<SharingWith> who_may_see(const CaseFacts& facts, const std::string& recipient, rules::Day on) {
  std::vector<SharingWith> out;
  std::map<RecordId, std::vector<rules::Consent>> by_person;
  for (const Fact& entry : facts.of("consent")) by_person[person_of(entry)].push_back(rules::consent_from(entry.key(), entry.fields));
  if (by_person.empty() && !recipient.empty()) by_person[{}];
  for (const auto& [person, entries] : by_person) {
    std::vector<std::string> recipients{recipient};
    if (recipient.empty()) recipients.clear();
    for (const rules::Consent& each : entries) {
      const bool known = std::ranges::any_of(recipients, [&](const auto& other) { return rules::same_words(other, each.recipient); });
      if (recipient.empty() && !known) recipients.push_back(each.recipient);
    }
    for (const auto& each : recipients) out.push_back({person, each, rules::may_share(entries, each, on)});
  }
  return out;
}

Result<RecordId> give_consent(Vault& vault, const CaseFacts& facts, const GiveConsent& what) {
  if (what.recipient.empty()) return fail(Errc::bad_input, "recipient: say with whom");
  if (what.scope.empty()) return fail(Errc::bad_input, "share: say what may be shared. Nothing is shared unless it is named");
  for (const Fact& entry : facts.of("consent")) {
    if (!is_for(entry, what.recipient) || person_of(entry) != what.person) continue;
    WAYSIDE_OK(edit(vault, entry.id, changes_of(what), what.reason, "consent give"));
    return entry.id;
  }
  auto fields = changes_of(what);
  fields.push_back(set("person", what.person));
  fields.push_back(set("recipient", Text{what.recipient}));
  NewRecordRequest request{std::nullopt, schema::current().type("consent"), std::move(fields)};
  WAYSIDE_TRY(const auto made, put(vault, facts.id(), std::nullopt, {std::move(request)}, "consent give"));
  return made.front();
}

Result<std::vector<RecordId>> withdraw_consent(Vault& vault, const CaseFacts& facts, const std::string& recipient,
                                               const std::optional<RecordId>& person, const std::string& reason) {
  std::vector<RecordId> out;
  for (const Fact& entry : facts.of("consent")) {
    if (!is_for(entry, recipient) || (person && person_of(entry) != *person)) continue;
    WAYSIDE_OK(edit(vault, entry.id, {set("decision", Code{"WITHDRAWN"})}, reason, "consent withdraw"));
    out.push_back(entry.id);
  }
  if (out.empty()) return fail(Errc::not_found, "a consent for that recipient");
  return out;
}

}  // namespace wayside::casework
