#include "core/casework/save_rules.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using casework::NewRecordRequest;

namespace {

struct Desk {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  RecordId case_id = put_case(amina, "W-1");
  RecordId person = put(amina, case_id, "person", {{"forename", Text{"Zoe"}}});

  static NewRecordRequest request(std::string_view type, const Fields& fields) {
    NewRecordRequest out;
    out.type = &type_named(type);
    for (const auto& [name, value] : fields) out.fields.push_back(change(type, name, {value}));
    return out;
  }
  /// "field: what" of a refusal; empty when it was saved. A refusal leaves nothing behind.
  std::string refused(std::string_view type, const Fields& fields) {
    const auto before = amina->envelopes();
    const auto saved = casework::put(*amina, case_id, std::nullopt, {request(type, fields)}, "put");
    if (saved) return {};
    CHECK(saved.error().code == Errc::bad_input);
    CHECK(amina->envelopes() == before);
    return saved.error().detail;
  }
  std::string edit_refused(const RecordId& id, std::string_view type, std::string_view field, Value value) {
    const auto before = amina->envelopes();
    const auto saved = casework::edit(*amina, id, {change(type, field, {std::move(value)})}, "because", "edit");
    if (saved) return {};
    CHECK(saved.error().code == Errc::bad_input);
    CHECK(amina->envelopes() == before);
    return saved.error().detail;
  }
  /// The same record through an import: what is wrong with it.
  std::vector<std::string> import_refused(std::string_view type, const Fields& fields) {
    casework::NewRecord record{new_record_id(amina->env().random, amina->env().clock), type_named(type).id, {}, 7};
    for (const auto& [name, value] : fields) record.fields.push_back({field_named(type, name).id, {value}});
    const auto outcome = need(casework::import_all(*amina, {{case_id, {record}}}, std::nullopt, {}));
    std::vector<std::string> out;
    for (const auto& problem : outcome.problems) out.push_back(problem.field);
    return out;
  }
};

const Fields kReferral{{"direction", Code{"out"}},
                       {"requested_offer", Code{"IDVA"}},
                       {"asked_on", Date{"2025-06-01"}},
                       {"other_service", Text{"A refuge"}},
                       {"sent_by", Text{"Amina"}},
                       {"basis", Code{"CONSENT"}}};

Fields with(Fields fields, std::string_view name, Value value) {
  fields.emplace_back(name, std::move(value));
  return fields;
}
Fields without(Fields fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& each) { return each.first == name; });
  return fields;
}

}  // namespace

TEST_CASE("a draft is saved early, and lacks nothing before it is sent, whatever the way in") {
  Desk desk;
  for (const std::string_view lacking : {"other_service", "sent_by", "basis"}) {
    const Fields draft = without(kReferral, lacking);
    CHECK(desk.refused("referral", with(draft, "outcome", Code{"DRAFT"})).empty());
    const auto sent = with(draft, "outcome", Code{"SENT"});
    const std::string field = lacking == "other_service" ? "service" : std::string(lacking);
    CHECK(desk.refused("referral", sent).starts_with(field + ": is needed before a Referral is sent"));
    CHECK(desk.import_refused("referral", sent) == std::vector<std::string>{"referral." + field});
    const RecordId id = put(desk.amina, desk.case_id, "referral", draft);
    CHECK(desk.edit_refused(id, "referral", "outcome", Code{"WAITING"}).starts_with(field + ": "));
  }
  CHECK(desk.refused("referral", with(kReferral, "outcome", Code{"SENT"})).empty());
}

TEST_CASE("dates send a MARAC referral, a move, works and money, and a signature an assessment") {
  Desk desk;
  CHECK(desk.refused("marac", {{"criteria", Code{"REPEAT"}}}).empty());
  CHECK(desk.refused("marac", {{"criteria", Code{"REPEAT"}}, {"sent_on", Date{"2025-06-01"}}}).starts_with("basis: "));
  CHECK(desk.refused("managed_move", {{"kind", Code{"RECIPROCAL"}}, {"requested", Date{"2025-06-01"}}}).find("property_request") == 0);
  CHECK(desk.refused("sanctuary_request", {{"purpose", Code{"stay_safe"}}, {"requested", Date{"2025-06-01"}}}).find("her_choice") == 0);
  const Fields money{{"words", Text{"A bed"}}, {"amount_pence", std::int64_t{5000}}};
  CHECK(desk.refused("fund_request", money).empty());
  CHECK(desk.refused("fund_request", with(money, "asked_on", Date{"2025-06-01"})).starts_with("payee: "));
  CHECK(desk.refused("risk_assessment", {{"level", Code{"HIGH"}}}).empty());
  CHECK(desk.refused("risk_assessment", {{"level", Code{"HIGH"}}, {"signed_at", Instant{5}}}).starts_with("questionnaire: "));
}

TEST_CASE("one answer makes another necessary") {
  Desk desk;
  const auto declined = with(kReferral, "outcome", Code{"DECLINED"});
  CHECK(desk.refused("referral", declined).starts_with("decline_reasons: "));
  CHECK(desk.import_refused("referral", declined) == std::vector<std::string>{"referral.decline_reasons"});
  const auto why = with(declined, "decline_reasons", Code{"NO_SPACE"});
  CHECK(desk.refused("referral", why).empty());
  CHECK(desk.refused("referral", with(why, "main_decline_reason", Code{"NO_SPACE"})).empty());
  CHECK(desk.refused("referral", with(why, "main_decline_reason", Code{"PET"})).starts_with("main_decline_reason: is none of"));
  CHECK(desk.refused("risk_assessment", {{"judgement_level", Code{"HIGH"}}}).starts_with("judgement_reason: "));
  CHECK(desk.refused("stay", {{"place_type", Code{"REFUGE"}}, {"end_reason", Code{"UNPLANNED"}}}).starts_with("unplanned_reason: "));
  const Fields consent{{"person", desk.person}, {"recipient", Text{"MARAC"}}, {"purpose", Text{"Risk"}}, {"decision", Code{"OVERRIDE"}},
                       {"basis", Code{"VITAL"}}, {"asked_on", Date{"2025-06-01"}}};
  CHECK(desk.refused("consent", consent).starts_with("override_reason: "));
  CHECK(desk.refused("consent", with(consent, "override_reason", Text{"Danger"})).starts_with("override_by: "));
  const RecordId higher = put(desk.amina, desk.case_id, "risk_assessment", {{"level", Code{"HIGH"}}});
  CHECK(desk.refused("risk_assessment", {{"level", Code{"MEDIUM"}}, {"supersedes", higher}}).starts_with("lowering_reason: "));
}

TEST_CASE("what was open before does not stand in the way of another correction") {
  Desk desk;
  const RecordId id = put(desk.amina, desk.case_id, "referral", with(kReferral, "outcome", Code{"SENT"}));
  CHECK(desk.edit_refused(id, "referral", "sent_by", Text{}).starts_with("sent_by: "));
  CHECK(desk.edit_refused(desk.person, "person", "town", Text{"Oadby"}).empty());
}

TEST_CASE("a reference points to a record that its field takes, in the same case or of the organisation") {
  Desk desk;
  const RecordId other_case = put_case(desk.amina, "W-2");
  const RecordId stranger = put(desk.amina, other_case, "person", {{"forename", Text{"Ada"}}});
  const Fields need{{"category", Code{"HOUSING"}}, {"status", Code{"identified"}}};
  CHECK(desk.refused("need", with(need, "about", desk.person)).empty());
  CHECK(desk.refused("need", with(need, "about", stranger)) == "about: points into another case. Take a record of this case");
  CHECK(desk.refused("need", with(need, "about", desk.case_id)) == "about: points to a case. It takes the id of a person or child");
  CHECK(desk.import_refused("need", with(need, "about", stranger)) == std::vector<std::string>{"need.about"});
  RecordId elsewhere = desk.person;
  elsewhere.bytes[0] ^= 1;
  CHECK(desk.refused("need", with(need, "about", elsewhere)).starts_with("about: points to no record on this device"));
  CHECK(desk.import_refused("need", with(need, "about", elsewhere)).empty());   // it may stand in the next file
  const RecordId risk = put(desk.amina, desk.case_id, "risk_assessment", {{"level", Code{"HIGH"}}});
  CHECK(desk.edit_refused(risk, "risk_assessment", "supersedes", risk).starts_with("supersedes: points to its own record"));
  const RecordId newer = put(desk.amina, desk.case_id, "risk_assessment",
                             {{"level", Code{"HIGH"}}, {"supersedes", risk}, {"lowering_reason", Text{"x"}}, {"second_person", Text{"y"}}});
  CHECK(desk.edit_refused(risk, "risk_assessment", "supersedes", newer).starts_with("supersedes: leads back to this record"));
}

TEST_CASE("a case is closed once everything in it has what closing needs") {
  Desk desk;
  const auto refusal = desk.edit_refused(desk.case_id, "case", "status", Code{"closed"});
  CHECK(refusal.starts_with("status: the case cannot be closed yet. Still needed: Case: "));
  CHECK(refusal.find("Person: dob") != std::string::npos);
  for (const auto& [field, value] : Fields{{"referral_source", Code{"POLICE"}},
                                           {"area_of_origin", Text{"Leicester"}},
                                           {"abuse_types", Code{"PHYSICAL_SEXUAL"}},
                                           {"forms_asked", true},
                                           {"closed_reason", Text{"Safe and settled"}}}) {
    edit(desk.amina, desk.case_id, field, value);
  }
  CHECK(desk.edit_refused(desk.case_id, "case", "status", Code{"closed"}).find("Case: ") == std::string::npos);
  edit(desk.amina, desk.person, "dob", Date{"1990-01-01"});
  edit(desk.amina, desk.person, "safe_contact", Code{"OK"});
  edit(desk.amina, desk.person, "confidential_address", false);
  CHECK(desk.edit_refused(desk.case_id, "case", "status", Code{"closed"}).empty());
}

TEST_CASE("an enquiry has no name, and is opened once it has one and a safe way of contact") {
  Desk desk;
  const RecordId enquiry = put(desk.amina, std::nullopt, "case", {{"reference", Text{"E-1"}}, {"status", Code{"enquiry"}}});
  CHECK(desk.edit_refused(enquiry, "case", "status", Code{"open"}).starts_with("status: an enquiry is opened once"));
  const RecordId person = put(desk.amina, enquiry, "person", {{"forename", Text{"Mia"}}});
  CHECK(desk.edit_refused(enquiry, "case", "status", Code{"open"}).starts_with("status: "));
  edit(desk.amina, person, "safe_contact", Code{"TEXT_CODEWORD"});
  CHECK(desk.edit_refused(enquiry, "case", "status", Code{"open"}).empty());
}
