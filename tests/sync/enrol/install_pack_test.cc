#include "core/packs/sealed.h"
#include "sync/enrol/install_pack.h"
#include "tests/sync/enrol/enrol_helpers.h"

using namespace wayside;
using namespace wayside::support;
using membership::Role;

namespace {

Result<void> any_questionnaire(std::string_view) { return {}; }

void write_folder(Computer& computer, int version, std::string_view field = "id = 10001, name = \"lad_card\"") {
  need(computer.files.make_folders("/lad/fields"));
  need(platform::write_atomically(computer.files, "/lad/pack.toml",
                                  "name = \"lad\"\nversion = " + std::to_string(version) + "\ntitle = \"Additions\"\n"));
  need(platform::write_atomically(computer.files, "/lad/fields/person.toml",
                                  "[[section]]\nheading = \"Contact\"\nfields = [\n  { " + std::string(field) +
                                      ", label = \"Card\", kind = \"text\", policy = \"review\", sensitivity = \"S1\" },\n]\n"));
}

struct Admin {
  Admin() { need(schema::load_builtin()); }
  ~Admin() { schema::make_current(std::nullopt); }

  EnrolOffice office;
  Computer computer{7, office.founding.first_ticket};
  std::unique_ptr<vault::Vault> vault = need(computer.join(office));
  std::unique_ptr<OfficeLine> line = office.line(vault->keys().courier_seed);

  Bytes sign() { return need(enrol::sign_pack(*vault, "/lad", any_questionnaire)).bytes; }
  Result<packs::Pack> install(const Bytes& file) { return enrol::install_pack(*vault, file, any_questionnaire, line.get()); }
};

bool knows_card() { return schema::current().type("person")->field("lad_card") != nullptr; }

}  // namespace

TEST_CASE("an administrator signs a pack and installs it; a colleague who joins later has it") {
  Admin admin;
  write_folder(admin.computer, 1);
  const Bytes file = admin.sign();
  CHECK_FALSE(knows_card());
  CHECK(need(admin.install(file)).title == "Additions");
  CHECK(knows_card());
  CHECK(admin.office.store->log().packs().size() == 1);
  // Nothing of it is to be read at the office.
  CHECK(admin.office.store->log().packs().at(0).entry.name.empty());
  CHECK(admin.office.store->log().packs().at(0).entry.sealed.find("Card") == Bytes::npos);

  need(enrol::invite(*admin.vault, {.role = Role::advocate, .user = "Ben", .out = "/stick/ben"}, *admin.line));
  Computer ben(8, need(enrol::read_ticket(admin.computer.files, "/stick/ben")));
  schema::make_current(std::nullopt);
  const auto vault = need(ben.join(admin.office));
  CHECK(knows_card());
  REQUIRE(vault->packs().size() == 1);
  CHECK(vault->packs().at(0).signer == admin.vault->identity().device);
}

TEST_CASE("an installation whose answer was lost is done when it is asked for again") {
  Admin admin;
  write_folder(admin.computer, 1);
  const Bytes file = admin.sign();
  admin.office.faults.asked = 0;
  admin.office.faults.cut_after = 1;
  CHECK(code_of(admin.install(file)) == Errc::unreachable);
  admin.office.faults = {};
  CHECK(need(admin.install(file)).version == 1);
  CHECK(admin.vault->packs().size() == 1);
  CHECK(admin.office.store->log().packs().size() == 1);
}

TEST_CASE("two administrators who install at the same moment: the second is told what does not fit") {
  Admin admin;
  write_folder(admin.computer, 1);
  const Bytes first = admin.sign();
  write_folder(admin.computer, 1, "id = 10009, name = \"lad_other\"");
  const Bytes second = admin.sign();
  need(enrol::invite(*admin.vault, {.role = Role::admin, .user = "Bea", .out = "/stick/bea"}, *admin.line));
  Computer bea(8, need(enrol::read_ticket(admin.computer.files, "/stick/bea")));
  const auto other = need(bea.join(admin.office));
  Faults quiet;
  OfficeLine other_line(admin.office.service(), crypto::sign_public(other->keys().courier_seed), quiet);
  admin.office.faults.between = [&] { need(enrol::install_pack(*other, first, any_questionnaire, &other_line)); };
  const auto refused = admin.install(second);
  CHECK(code_of(refused) == Errc::bad_input);
  CHECK(refused.error().detail.find("raise the version") != std::string::npos);
  CHECK(admin.vault->packs().size() == 1);
  CHECK(knows_card());
}

TEST_CASE("a pack that does not fit, was changed, or comes from no administrator changes nothing") {
  Admin admin;
  write_folder(admin.computer, 1);
  const Bytes file = admin.sign();
  const auto entries = admin.office.store->log().size();
  Bytes changed = file;
  changed[100] = static_cast<char>(changed[100] ^ 1);
  CHECK(code_of(admin.install(changed)) == Errc::bad_signature);
  CHECK(code_of(admin.install("rubbish")) == Errc::bad_input);
  CHECK(code_of(enrol::install_pack(*admin.vault, file, [](auto) { return fail(Errc::bad_input, "line 3: no question"); },
                                    admin.line.get())) == std::nullopt);   // it holds no questionnaire
  write_folder(admin.computer, 2, "id = 900, name = \"lad_card\"");
  const auto faulty = enrol::sign_pack(*admin.vault, "/lad", any_questionnaire);
  CHECK(code_of(faulty) == Errc::bad_input);
  CHECK(faulty.error().detail.starts_with("fields/person.toml line 4: "));
  need(admin.computer.files.make_folders("/lad/questionnaires"));
  need(platform::write_atomically(admin.computer.files, "/lad/questionnaires/q.toml", "id = 1"));
  write_folder(admin.computer, 2);
  const auto no_question = enrol::sign_pack(*admin.vault, "/lad", [](auto) { return fail(Errc::bad_input, "line 3: no question"); });
  CHECK(no_question.error().detail == "questionnaires/q.toml line 3: no question");
  CHECK(admin.office.store->log().size() == entries + 1);

  need(enrol::invite(*admin.vault, {.role = Role::advocate, .user = "Ben", .out = "/stick/ben"}, *admin.line));
  Computer ben(8, need(enrol::read_ticket(admin.computer.files, "/stick/ben")));
  const auto vault = need(ben.join(admin.office));
  write_folder(ben, 2);
  CHECK(code_of(enrol::sign_pack(*vault, "/lad", any_questionnaire)) == Errc::not_permitted);
  const auto line = admin.office.line(vault->keys().courier_seed);
  write_folder(admin.computer, 3);
  CHECK(code_of(enrol::install_pack(*vault, admin.sign(), any_questionnaire, line.get())) == Errc::not_permitted);
}

TEST_CASE("offline nothing is installed") {
  Admin admin;
  write_folder(admin.computer, 1);
  const Bytes file = admin.sign();
  admin.office.faults.asked = 0;
  admin.office.faults.cut_before = 0;
  CHECK(code_of(admin.install(file)) == Errc::unreachable);
  CHECK_FALSE(knows_card());
}
