#include <catch2/generators/catch_generators.hpp>

#include "platform/atomic_file.h"
#include "tests/core/packs/pack_helpers.h"

using namespace wayside;
using namespace wayside::support;
using packs::Listed;

namespace {

const SecretBytes& member_key() {
  static FakeEnv world(5);
  static const SecretBytes key = crypto::random_secret(world.random, 32);
  return key;
}

/// Why `files` make no pack that can be installed over `listed`; empty when they do.
std::string fault_of(const Files& files, const std::vector<Listed>& listed = {}) {
  need(schema::load_builtin());
  const auto pack = pack_of(files);
  if (!pack) return pack.error().detail;
  const auto schema = packs::schema_with(listed, *pack);
  return schema ? "" : schema.error().detail;
}

std::vector<Listed> installed(const Files& files) {
  return {Listed{Listed::State::in_force, need(pack_of(files)), 5, std::nullopt, {}}};
}

bool contains(std::string_view text, std::string_view part) {
  INFO(text);
  return text.find(part) != std::string_view::npos;
}

constexpr const char* kPerson = "fields/person.toml";
constexpr const char* kType = "records/lad_bus_pass.toml";
constexpr const char* kList = "codelists/lad_pass_state.csv";

}  // namespace

TEST_CASE("a pack adds fields to a section, a record type and a code list") {
  REQUIRE(fault_of(lad_files()).empty());
  const auto schema = need(packs::schema_with({}, need(pack_of(lad_files()))));
  const auto& person = *schema.type("person");
  const auto* card = person.field("lad_library_card");
  REQUIRE(card != nullptr);
  CHECK(card->pack == "lad");
  CHECK(card->section == "Contact");
  // It stands among the fields of its section, not behind those of the last one.
  CHECK((card - 1)->section == "Contact");
  CHECK(card + 1 == person.field("lad_door_code_known"));
  CHECK((card + 2)->section != "Contact");
  REQUIRE(schema.type("lad_bus_pass") != nullptr);
  CHECK(schema.type(10000)->field("state")->list->find("USED")->rank == 2);
  CHECK(schema.types().size() == schema::embedded().types().size() + 1);
}

TEST_CASE("a pack is sealed for members, and comes back as it was") {
  const auto pack = need(pack_of(lad_files()));
  FakeEnv world(1);
  const Bytes sealed = need(packs::seal(member_key().view(), pack, world.random));
  CHECK(sealed.find("library") == Bytes::npos);
  CHECK(packs::entry_of(sealed).name.empty());
  const auto opened = need(packs::open(member_key().view(), sealed));
  CHECK(opened.files == pack.files);
  CHECK(opened.name == "lad");
  const SecretBytes other = crypto::random_secret(world.random, 32);
  CHECK(code_of(packs::open(other.view(), sealed)) == Errc::corrupt);
  CHECK(code_of(packs::open(member_key().view(), Bytes(sealed).replace(40, 1, 1, static_cast<char>(sealed[40] ^ 1)))) == Errc::corrupt);
  CHECK(code_of(packs::open(member_key().view(), "\2" + sealed.substr(1))) == Errc::newer_format);
  CHECK(code_of(packs::open(member_key().view(), "")) == Errc::corrupt);
  CHECK(code_of(packs::open(member_key().view(), sealed.substr(0, 30))) == Errc::corrupt);
}

TEST_CASE("a pack that does not fit in a membership entry is refused with the remedy") {
  Files files = lad_files();
  FakeEnv world(2);
  std::string noise;
  for (int i = 0; i < 3000; ++i) noise += "# " + to_hex(crypto::random_bytes(world.random, 32)) + "\n";
  files["fields/person.toml"] += noise;
  const auto sealed = packs::seal(member_key().view(), need(pack_of(files)), world.random);
  CHECK(code_of(sealed) == Errc::too_large);
  CHECK(contains(sealed.error().detail, "Make two packs"));
}

TEST_CASE("a folder becomes a pack; its README stays behind") {
  FakeEnv world(3);
  for (const auto& [path, text] : lad_files()) {
    need(world.files.make_folders(platform::Path("/packs/lad") / platform::Path(path).parent_path()));
    need(platform::write_atomically(world.files, platform::Path("/packs/lad") / path, text));
  }
  need(platform::write_atomically(world.files, "/packs/lad/README.md", "notes"));
  const auto pack = need(packs::read_folder(world.files, "/packs/lad"));
  CHECK(pack.files.size() == lad_files().size());
  CHECK(pack.title == "Leicester additions");

  need(platform::write_atomically(world.files, "/packs/lad/codelists/huge.csv", Bytes(10 << 20, 'x')));
  const auto huge = packs::read_folder(world.files, "/packs/lad");
  CHECK(code_of(huge) == Errc::too_large);
  CHECK(contains(huge.error().detail, "codelists/huge.csv line 1"));
  need(world.files.remove("/packs/lad/codelists/huge.csv"));
  need(platform::write_atomically(world.files, "/packs/lad/notes.doc", "x"));
  CHECK(contains(packs::read_folder(world.files, "/packs/lad").error().detail, "notes.doc line 1"));
  CHECK(code_of(packs::read_folder(world.files, "/nowhere")) == Errc::not_found);
}

TEST_CASE("rubbish in a pack is refused with its file and line") {
  const auto at = [](const Files& files, std::string_view place, std::string_view what) {
    const auto fault = fault_of(files);
    return contains(fault, place) && contains(fault, what);
  };
  const Files good = lad_files();
  CHECK(at(with(good, "pack.toml", "version = 1", "version = 0"), "pack.toml line 2", "version is 1"));
  CHECK(at(with(good, "pack.toml", "version = 1", "version = "), "pack.toml line 2", ""));
  CHECK(at(with(good, "pack.toml", "\"lad\"", "\"L ad\""), "pack.toml line 1", "lower case"));
  CHECK(at(with(good, "pack.toml", "title", "colour"), "pack.toml", "title"));
  CHECK(at(with(good, kPerson, "heading", "heading = heading"), "fields/person.toml line 2", ""));
  CHECK(at(with(good, kPerson, "10002", "10001"), "fields/person.toml line 5", "its id is used twice"));
  CHECK(at(with(good, kPerson, "10002", "900"), "fields/person.toml line 5", "10,000"));
  CHECK(at(with(good, kPerson, "10002", "70000"), "fields/person.toml line 5", "65535"));
  CHECK(at(with(good, kPerson, "lad_door", "door"), "fields/person.toml line 5", "names of a pack begin with its name"));
  CHECK(at(with(good, kPerson, "Library card\"", "Library\\u202Ecard\""), "fields/person.toml line 4", "nobody sees"));
  CHECK(at(with(good, kPerson, "Library card\"", "Library\\u0000\""), "fields/person.toml line 4", "nobody sees"));
  CHECK(at(with(good, kPerson, "Library", std::string_view("Lib\0rary", 8)), "fields/person.toml line 4", ""));
  CHECK(at(with(good, kPerson, "Library", "Libr\xC3ry"), "fields/person.toml line 4", ""));
  CHECK(at(with(good, kPerson, "search", "colour"), "fields/person.toml line 4", "the key colour"));
  CHECK(at(with(good, kPerson, "policy = \"protective\", order = \"true>false\"", "policy = \"latest\""), "fields/person.toml line 5",
           "safety-critical"));
  CHECK(at(with(good, kType, "id = 10000", "id = 2"), "records/lad_bus_pass.toml line 1", "10,000"));
  CHECK(at(with(good, kType, "lad_pass_state", "lad_colours"), "records/lad_bus_pass.toml line 12", "no code list lad_colours"));
  CHECK(at(with(good, kType, "list = \"lad_pass_state\"", "to = [\"unicorn\"]"), "records/lad_bus_pass.toml line 12", ""));
  CHECK(at(with(good, kList, "Used up", std::string_view("Used\0", 5)), "codelists/lad_pass_state.csv line 3", "nobody sees"));
  CHECK(at(with(good, kList, "USED,Used up,2", "USED,Used up,two"), "codelists/lad_pass_state.csv line 3", "whole number"));
  CHECK(at(with(good, kList, "USED,Used up,2", "USED,Used up,"), "records/lad_bus_pass.toml line 12", "lacks ranks"));
  CHECK(at(with(good, kList, "USED", "\"USED"), "codelists/lad_pass_state.csv line 3", "never ends"));

  Files files = good;
  files["codelists/sex.csv"] = "name,code,label,source\nsex,X,X,ours\n";
  CHECK(at(files, "codelists/sex.csv line 1", "another code list"));
  files = good;
  files["fields/lad_bus_pass.toml"] = good.at(kPerson);
  CHECK(at(files, "fields/lad_bus_pass.toml line 1", "every Wayside has"));
  files = good;
  files["fields/../../etc/passwd.toml"] = "";
  CHECK(at(files, "line 1", "a pack holds"));
  files = good;
  files["system_fields.toml"] = "";
  CHECK(at(files, "system_fields.toml line 1", "a pack holds"));
  files = good;
  files.erase("pack.toml");
  CHECK(at(files, "pack.toml", "name, version and title"));
  files = good;
  files["records/deep.toml"] = "a = " + std::string(100'000, '[');
  CHECK(at(files, "records/deep.toml line 1", ""));
  files = good;
  files["codelists/big.csv"] = std::string(10 << 20, 'x');
  CHECK(at(files, "codelists/big.csv line 1", "over 1 MiB"));
}

TEST_CASE("a pack takes no id and no name of another pack") {
  const auto others = installed(lad_files());
  Files second = with(lad_files(), "pack.toml", "\"lad\"", "\"two\"");
  second.erase(kType);
  second.erase(kList);
  CHECK(contains(fault_of(second, others), "its id is used twice, also by the pack lad"));
  second = with(with(second, kPerson, "10001", "10003"), kPerson, "10002", "10004");
  CHECK(contains(fault_of(second, others), "its name is used twice, also by the pack lad"));
  second = with(with(second, kPerson, "lad_library", "two_library"), kPerson, "lad_door", "two_door");
  CHECK(fault_of(second, others).empty());
  second[kType] = lad_files()[kType];
  CHECK(contains(fault_of(second, others), "names of a pack begin with its name: two_lad_bus_pass"));
}

TEST_CASE("a newer version replaces words and adds; nothing is taken away, retyped or made less secret") {
  const auto older = installed(lad_files());
  CHECK(contains(fault_of(lad_files(), older), "raise the version"));
  const Files next = lad_files(2);
  CHECK(fault_of(next, older).empty());
  CHECK(fault_of(with(next, kPerson, "Library card", "Card of the library"), older).empty());
  CHECK(fault_of(with(next, kPerson, "\"S1\"", "\"S2\""), older).empty());
  CHECK(fault_of(with(next, kList, "USED,", "LOST,Lost,3,Leicester\nlad_pass_state,USED,"), older).empty());

  const auto refused = [&](const Files& files, std::string_view place, std::string_view what) {
    const auto fault = fault_of(files, older);
    return contains(fault, place) && contains(fault, what);
  };
  CHECK(refused(with(next, kPerson, "\"S3\"", "\"S2\""), "fields/person.toml line 5", "never gets lower"));
  CHECK(refused(with(next, kPerson, "kind = \"text\"", "kind = \"long_text\""), "fields/person.toml line 4", "another kind"));
  CHECK(refused(with(next, kPerson, "policy = \"review\"", "policy = \"latest\""), "fields/person.toml line 4", "another policy"));
  CHECK(refused(with(next, kPerson, "lad_library_card", "lad_card"), "fields/person.toml line 4", "another name"));
  CHECK(refused(with(next, kPerson, "10001", "10007"), "fields/person.toml", "is gone"));
  CHECK(refused(with(next, kType, "id = 10000", "id = 10008"), "records/lad_bus_pass.toml", "is gone"));
  CHECK(refused(with(next, kType, "id = 17", "id = 19"), "records/lad_bus_pass.toml", "is gone"));
  CHECK(refused(with(next, kList, "lad_pass_state,USED,Used up,2,Leicester\n", ""), "codelists/lad_pass_state.csv", "USED is gone"));
  CHECK(refused(with(next, kList, "Used up,2", "Used up,0"), "codelists/lad_pass_state.csv", "keeps its rank"));
  Files fewer = next;
  fewer.erase("questionnaires/weekly.toml");
  CHECK(refused(fewer, "questionnaires/weekly.toml", "is gone"));
}

TEST_CASE("a signed pack names who made it, and a change is noticed") {
  Fleet fleet;
  const SchemaAsBefore after;
  Device& admin = fleet.add("Ada", membership::Role::admin);
  Device& ben = fleet.add("Ben");
  const auto sealed = sealed_entry(admin, lad_files()).sealed;
  const auto sign_as = [&](Device& device) {
    return packs::sign(device->identity().organisation, device->identity().device, device->keys().sign_seed, sealed);
  };
  const Bytes file = encode(sign_as(admin));
  const auto read = need(packs::parse_signed(file));
  CHECK(read.sealed == sealed);
  CHECK(packs::check_signer(read, admin->membership()).has_value());
  CHECK(code_of(packs::check_signer(sign_as(ben), admin->membership())) == Errc::not_permitted);
  Bytes changed = file;
  changed[200] = static_cast<char>(changed[200] ^ 1);
  CHECK(code_of(packs::check_signer(need(packs::parse_signed(changed)), admin->membership())) == Errc::bad_signature);
  Fleet other(9);
  Device& stranger = other.add("Zoe", membership::Role::admin);
  CHECK(code_of(packs::check_signer(sign_as(stranger), admin->membership())) == Errc::bad_input);
  for (const std::size_t size : {0u, 6u, 30u, 100u}) CHECK(code_of(packs::parse_signed(file.substr(0, size))) == Errc::bad_input);
  CHECK(code_of(packs::parse_signed(file + "x")) == Errc::bad_input);
  changed = file;
  changed[7] = 2;
  CHECK(code_of(packs::parse_signed(changed)) == Errc::newer_format);
}
