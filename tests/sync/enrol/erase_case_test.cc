#include "sync/enrol/erase_case.h"

#include "core/casework/closing.h"
#include "core/vault/erasure.h"
#include "core/vault/verify.h"
#include "tests/sync/enrol/enrol_helpers.h"

using namespace wayside;
using namespace wayside::support;
using membership::Role;

namespace {

RecordId put(vault::Vault& vault, std::optional<RecordId> case_id, std::string_view type, std::vector<std::pair<std::string_view, Value>> fields) {
  casework::NewRecordRequest request{std::nullopt, schema::current().type(type), {}};
  for (auto& [name, value] : fields) {
    casework::FieldChange change;
    change.field = request.type->field(name);
    change.set = {std::move(value)};
    change.sets = true;
    request.fields.push_back(std::move(change));
  }
  return need(casework::put(vault, case_id, std::nullopt, {request}, "put")).front();
}

/// An administrator with a case that has a compartment; nothing was sent yet.
struct Admin {
  Admin() { need(schema::load_builtin()); }

  EnrolOffice office;
  Computer computer{7, office.founding.first_ticket};
  std::unique_ptr<vault::Vault> vault = need(computer.join(office));
  std::unique_ptr<OfficeLine> line = office.line(vault->keys().courier_seed);
  RecordId case_id = put(*vault, std::nullopt, "case", {{"reference", Text{"W-1"}}, {"status", Code{"open"}}});
  RecordId perpetrator = put(*vault, case_id, "perpetrator", {{"forename", Text{"Dan"}}});

  Result<std::vector<LedgerId>> erase(std::string reason = "Article 17", bool before = true) {
    return enrol::erase_case(*vault, {case_id, std::move(reason), before}, line.get());
  }
};

}  // namespace

TEST_CASE("erasing signs a certificate for each ledger of the case, the office takes them, and the device lets go") {
  Admin admin;
  const auto ledgers = need(admin.erase());
  CHECK(ledgers.size() == 2);
  for (const LedgerId& each : ledgers) {
    CHECK(admin.office.store->log().erased(each));
    CHECK(admin.vault->membership().erased(each));
  }
  // The office cannot read why.
  for (const auto& [ledger, info] : admin.office.store->log().erasures()) CHECK(info.sealed_reason.find("Article") == Bytes::npos);
  CHECK_FALSE(need(admin.vault->store().has_record(admin.case_id)));
  CHECK_FALSE(need(admin.vault->store().has_record(admin.perpetrator)));
  CHECK(need(vault::verify(*admin.vault, {})).faults.empty());
  const auto certificates = need(casework::certificates(*admin.vault));
  REQUIRE(certificates.size() == 2);
  CHECK(certificates.front().ground == "early");
  CHECK(certificates.front().reason == "Article 17");
  CHECK(code_of(admin.erase()) == Errc::not_found);
}

TEST_CASE("a hold beats every wish to erase, and the time has to be over unless a person says otherwise") {
  Admin admin;
  CHECK(code_of(admin.erase("x", false)) == Errc::bad_input);
  need(casework::hold_case(*admin.vault, admin.case_id, "review", "the board", casework::today(*admin.vault)));
  CHECK(code_of(admin.erase()) == Errc::bad_input);
  CHECK(admin.office.store->log().erasures().empty());
  need(casework::lift_holds(*admin.vault, admin.case_id, "over"));
  CHECK(admin.erase());
}

TEST_CASE("offline nothing is erased, here or elsewhere") {
  Admin admin;
  admin.office.faults.cut_before = admin.office.faults.asked;
  CHECK(code_of(admin.erase()) == Errc::unreachable);
  CHECK(need(admin.vault->store().has_record(admin.perpetrator)));
  CHECK(admin.office.store->log().erasures().empty());
}

TEST_CASE("cut off at any question, asking again goes on, and each ledger has one certificate") {
  for (int cut = 0; cut < 4; ++cut) {
    for (const bool before : {true, false}) {
      Admin admin;
      (before ? admin.office.faults.cut_before : admin.office.faults.cut_after) = admin.office.faults.asked + cut;
      INFO(cut << before);
      const auto first = admin.erase();
      const auto second = first ? first : admin.erase();
      // The last certificate may have been taken although its answer was lost: then a reconcile tells.
      if (!second) CHECK(second.error().code == Errc::not_found);
      CHECK(admin.office.store->log().erasures().size() == 2);
      CHECK_FALSE(need(admin.vault->store().has_record(admin.case_id)));
      CHECK(need(vault::verify(*admin.vault, {})).faults.empty());
    }
  }
}

TEST_CASE("only an administrator erases, and a reason is short, clean and there") {
  Admin admin;
  need(enrol::invite(*admin.vault, {.role = Role::manager, .user = "Mona", .out = "/stick/mona"}, *admin.line));
  Computer mona(8, need(enrol::read_ticket(admin.computer.files, "/stick/mona")));
  const auto other = need(mona.join(admin.office, "Mona's laptop"));
  const RecordId hers = put(*other, std::nullopt, "case", {{"reference", Text{"M-1"}}, {"status", Code{"open"}}});
  const auto line = admin.office.line(other->keys().courier_seed);
  CHECK(code_of(enrol::erase_case(*other, {hers, "x", true}, line.get())) == Errc::not_permitted);
  CHECK(code_of(admin.erase("")) == Errc::bad_input);
  CHECK(code_of(admin.erase(std::string(300, 'x'))) == Errc::too_large);
  CHECK(code_of(admin.erase("\xff")) == Errc::bad_input);
  CHECK(need(admin.vault->store().has_record(admin.case_id)));
}
