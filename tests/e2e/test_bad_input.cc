#include <catch2/catch_test_macros.hpp>

#include "core/membership/ticket.h"
#include "core/vault/header.h"
#include "tests/e2e/opened.h"
#include "tests/e2e/recording_proxy.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::e2e;

// Each kind of bad input: the exit code that scripts rely on, a sentence that names the remedy, and a vault that is as
// sound as before with all that was saved.

namespace {

/// A vault with one saved case, which must be there after whatever a test does.
struct Solo {
  Stage stage{Cli::cheap};
  Home& home = stage.home("solo");
  std::string saved;

  Solo() {
    (void)home.ask({"solo", "--device-name", "Hall computer"});
    saved = home.ask({"put", "case", "--set", "status=open", "--set", "reference=R-1"}).at("ids").at(0);
  }
  void check_whole() const {
    CHECK(home.ask({"verify"}).at("ok") == true);
    CHECK(home.ask({"get", saved}).at("fields").at("reference").at("shown") == "R-1");
  }
};

/// The sentence is one for people: it says what to do, and nothing comes out on stdout.
void check_refused(const Outcome& outcome, int code, const std::string& remedy) {
  INFO("exit " << outcome.code << ": " << outcome.err << outcome.out);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find(remedy) != std::string::npos);
  CHECK(outcome.err.ends_with(".\n"));
}

/// Replaces a file for as long as this lives.
class Swapped {
 public:
  Swapped(fs::path file, const std::string& bytes) : file_(std::move(file)), before_(read_file(file_)) {
    write_file(file_, bytes);
  }
  ~Swapped() { write_file(file_, before_); }
  Swapped(const Swapped&) = delete;
  Swapped& operator=(const Swapped&) = delete;

 private:
  fs::path file_;
  std::string before_;
};

}  // namespace

TEST_CASE("a wrong passphrase is exit code 3, and may be tried again") {
  Solo solo;
  const fs::path right = solo.stage.passphrase_file();
  write_file(solo.stage.root() / "wrong", "seven grey herons cross the water meadows\n");
  solo.stage.type_passphrase_of(solo.stage.root() / "wrong");
  check_refused(solo.home.run({"get", solo.saved}), 3, "did not match. Nothing has changed. Try again");
  check_refused(solo.home.run({"batch", "-"}, "verify\n"), 3, "Try again");
  solo.stage.type_passphrase_of(solo.stage.root() / "none");
  check_refused(solo.home.run({"get", solo.saved}), 2, "Name another with --passphrase-file");
  solo.stage.type_passphrase_of(right);
  solo.check_whole();
}

TEST_CASE("a header that is missing, cut short, changed or of a newer version is left as it is") {
  Solo solo;
  const fs::path header = solo.home.path() / "header";
  const std::string whole = read_file(header);
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{12}, whole.size() / 2, whole.size() - 1}) {
    INFO("cut to " << size);
    const Swapped cut(header, whole.substr(0, size));
    check_refused(solo.home.run({"get", solo.saved}), 1, "restore it from a backup");
  }
  for (std::size_t at = 13; at < whole.size(); at += 29) {
    INFO("changed at " << at);
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    const Swapped swapped(header, changed);
    check_refused(solo.home.run({"get", solo.saved}), 1, "restore it from a backup");
  }
  {
    std::string newer = whole;
    newer[8] = 2;  // the version byte behind the magic
    const Swapped swapped(header, newer);
    check_refused(solo.home.run({"get", solo.saved}), 1, "Install the newer version");
  }
  fs::rename(header, solo.stage.root() / "header");
  check_refused(solo.home.run({"get", solo.saved}), 1, "restore it from a backup");
  fs::rename(solo.stage.root() / "header", header);
  check_refused(solo.stage.home("nothing").run({"get", solo.saved}), 1, "`join` or `solo` makes a vault there");
  CHECK_FALSE(fs::exists(solo.stage.home("nothing").path()));
  solo.check_whole();
}

TEST_CASE("a store that is not ours, or newer than this program, is left as it is") {
  Solo solo;
  Home& other = solo.stage.home("other");
  (void)other.ask({"solo", "--device-name", "Other"});
  const fs::path store = solo.home.path() / "store.db";
  for (const std::string& foreign : {read_file(other.path() / "store.db"),
                                     std::string("SQLite format 3\0 and no more", 28), std::string(8192, 'x')}) {
    const Swapped swapped(store, foreign);
    check_refused(solo.home.run({"get", solo.saved}), 1, "backup");
    CHECK(read_file(store) == foreign);
  }
  fs::rename(store, solo.stage.root() / "store.db");
  check_refused(solo.home.run({"get", solo.saved}), 1, "restore it from a backup");
  fs::rename(solo.stage.root() / "store.db", store);
  const std::string ours = read_file(store);
  {
    Opened vault(solo.stage, solo.home);
    REQUIRE(vault->store().database().run("PRAGMA user_version = 99"));
  }
  check_refused(solo.home.run({"get", solo.saved}), 1, "Install the newer version");
  write_file(store, ours);
  solo.check_whole();
}

TEST_CASE("a vault that is open in another process says so, and is the other's alone") {
  Solo solo;
  auto other = solo.home.start({"batch", "-", "--json"});
  REQUIRE(other.write("digest\n", kPatience_ms));
  REQUIRE(other.read_line(kPatience_ms));  // it is open now
  for (const Words& verb :
       {Words{"get", solo.saved}, Words{"put", "case", "--set", "reference=R-2", "--set", "status=open"}}) {
    check_refused(solo.home.run(verb), 1, "Close it there, then try again");
  }
  other.close_input();
  const auto end = other.wait(kPatience_ms);
  REQUIRE(end);
  CHECK(end->code == 0);
  solo.check_whole();
}

TEST_CASE("unknown types, fields and codes, and saves that are too large, name the remedy and change nothing") {
  Solo solo;
  const json before = solo.home.ask({"digest"});
  const auto refuses = [&](const Words& verb, int code, const std::string& remedy) {
    check_refused(solo.home.run(verb), code, remedy);
  };
  refuses({"put", "castle", "--set", "a=b"}, 6, "`types` lists them all");
  refuses({"put", "case", "--set", "colour=red"}, 6, "`types` lists the fields");
  refuses({"edit", solo.saved, "--set", "colour=red"}, 6, "`types` lists the fields");
  refuses({"edit", solo.saved, "--set", "status=blue"}, 6, "Take one from the list");
  refuses({"edit", solo.saved, "--set", "opened=yesterday"}, 6, "then try again");
  refuses({"put", "case", "--set", "status=open"}, 6, "then try again");  // the reference is needed
  refuses({"get", "0192f0c0-0000-7000-8000-000000000000"}, 1, "Check the name or the id");
  refuses({"sync"}, 1, "`solo`");
  CHECK(solo.home.run({"dance"}).code == 2);
  CHECK(solo.home.run({"edit", solo.saved}).code == 2);

  const fs::path large = solo.stage.root() / "large.json";
  std::string text;
  for (int i = 0; text.size() < 1'200'000; ++i)
    text += "Sentence " + std::to_string(i * 7919 % 100'003) + " of a long note. ";
  write_file(large, json{{"at", "2026-05-04T09:30:00Z"}, {"kind", "office"}, {"text", text}}.dump());
  refuses({"put", "note", "--case", solo.saved, "--from-json", large}, 6, "Shorten it, or split it into several");
  CHECK(solo.home.ask({"digest"}) == before);
  solo.check_whole();
}

TEST_CASE("an import names every bad line with its field, and takes in nothing") {
  Solo solo;
  const json before = solo.home.ask({"digest"});
  auto cases = json_lines(support::make_caseload({4, 2}).cases);
  const auto file_of = [&](const std::vector<json>& all) {
    const fs::path file = solo.stage.root() / "cases.ndjson";
    std::string lines;
    for (const json& each : all) lines += each.dump() + "\n";
    write_file(file, lines);
    return file;
  };
  auto bad = cases;
  bad[1]["notes"][3]["at"] = "last Tuesday";
  bad[2]["person"]["gender"] = "unheard of";
  bad[3]["risk"]["colour"] = "red";
  const Outcome refused = solo.home.run({"import", file_of(bad), "--map", "standard", "--json"});
  check_refused(refused, 6, "Nothing was imported. Correct these, then import the file again");
  CHECK(refused.err.find("line 2, field notes[3].at: ") != std::string::npos);
  CHECK(refused.err.find("line 3, field person.gender: ") != std::string::npos);
  CHECK(refused.err.find("line 4, field risk.colour: ") != std::string::npos);
  write_file(solo.stage.root() / "torn.ndjson", cases[0].dump() + "\n{\"id\": ");
  check_refused(solo.home.run({"import", solo.stage.root() / "torn.ndjson", "--map", "standard"}), 6, "line 2");
  check_refused(solo.home.run({"import", solo.stage.root() / "none.ndjson", "--map", "standard"}), 1, "Check the name");
  check_refused(solo.home.run({"import", file_of(cases), "--map", "nonsense"}), 2, "Maps are standard, leicester");
  const fs::path table = solo.stage.root() / "service.csv";
  write_file(table, "name,colour\nA,red\n");
  CHECK(solo.home.run({"import", table, "--type", "service"}).code == 6);
  CHECK(solo.home.ask({"digest"}) == before);

  (void)solo.home.ask({"import", file_of(cases), "--map", "standard"});
  const json with_cases = solo.home.ask({"digest"});
  auto differing = cases;
  differing[1]["person"]["surname"] = "Somebodyelse";
  differing.push_back(json_lines(support::make_caseload({1, 2, 99}).cases).front());
  const Outcome differs = solo.home.run({"import", file_of(differing), "--map", "standard"});
  check_refused(differs, 6, "a record with this id exists and differs");
  CHECK(differs.err.find("line 2") != std::string::npos);
  CHECK(solo.home.ask({"digest"}) == with_cases);
  solo.check_whole();
}

TEST_CASE("a full disk refuses the save and keeps what was saved") {
  Solo solo;
  const json before = solo.home.ask({"digest"});
  const fs::path log = solo.home.path() / "store.db-wal";
  fs::create_symlink("/dev/full", log);  // every write to it finds no space left
  const Words put{"put", "case", "--set", "status=open", "--set", "reference=R-2"};
  check_refused(solo.home.run(put), 1, "this was not saved. Free some space, then try again");
  fs::remove(log);
  CHECK(solo.home.ask({"digest"}) == before);
  CHECK(solo.home.ask(put).at("ids").size() == 1);
  solo.check_whole();
}

TEST_CASE("a file that may not grow refuses the save and keeps what was saved") {
  Solo solo;
  const json before = solo.home.ask({"digest"});
  // No file may grow beyond so many blocks of 512 bytes; the signal that would end the program is ignored.
  const auto squeezed = [&](const Words& verb, std::uint64_t blocks) {
    platform::ChildOptions options = solo.home.options(verb);
    options.arguments.insert(
        options.arguments.begin(),
        {"-c", "trap '' XFSZ; ulimit -f " + std::to_string(blocks) + "; exec \"$0\" \"$@\"", options.program.string()});
    options.program = "/bin/sh";
    return run_program(options);
  };
  std::string text;
  for (int i = 0; text.size() < 500'000; ++i) text += std::to_string(i * 7919 % 100'003) + " ";
  const fs::path note = solo.stage.root() / "note.json";
  write_file(note, json{{"at", "2026-05-04T09:30:00Z"}, {"kind", "office"}, {"text", text}}.dump());
  const Outcome refused = squeezed({"put", "note", "--case", solo.saved, "--from-json", note}, 200);
  check_refused(refused, 1, "What was saved before is safe");
  CHECK(refused.err.find("Check the disk, then try again") != std::string::npos);
  CHECK(solo.home.ask({"digest"}) == before);
  solo.check_whole();
  CHECK(solo.home.ask({"put", "note", "--case", solo.saved, "--from-json", note}).at("ids").size() == 1);
  solo.check_whole();
}

// ---- The office and its tickets ----

TEST_CASE("an office that cannot be reached is exit code 5, and the work waits for it") {
  Stage stage(Cli::cheap);
  stage.found();
  Home& amina = stage.join("amina", stage.ticket("first"));
  const std::string id = amina.ask({"put", "case", "--set", "status=open", "--set", "reference=R-1"}).at("ids").at(0);
  stage.kill_office();
  check_refused(amina.run({"sync"}), 5, "Your changes are kept here. Try again, or carry on");
  check_refused(amina.run({"sync", "--locked"}), 5, "kept here");
  check_refused(amina.run({"invite", "--role", "advocate", "--user", "ben", "--out", stage.ticket("ben")}), 5,
                "cannot be reached");
  CHECK_FALSE(fs::exists(stage.ticket("ben")));
  CHECK(amina.ask({"verify"}).at("ok") == true);
  stage.serve();
  CHECK(amina.sync().at("pushed").at("envelopes").get<int>() >= 1);
  CHECK(amina.ask({"get", id}).at("fields").at("reference").at("shown") == "R-1");
}

TEST_CASE("another office at the address is recognised before anything is sent") {
  Stage stage(Cli::cheap);
  stage.found();
  Home& amina = stage.join("amina", stage.ticket("first"));
  (void)amina.ask({"put", "case", "--set", "status=open", "--set", "reference=R-1"});
  Stage stranger(Cli::cheap);
  stranger.found();
  const Words status{"status", "--data", stranger.office_data().string(), "--json"};
  {
    const RecordingProxy proxy(stranger.office_address());
    stage.send_devices_to(proxy.address());
    const std::string remedy =
        "Nothing was sent, your changes are kept here. Check the address, and tell your administrator";
    check_refused(amina.run({"sync"}), 1, remedy);
    check_refused(amina.run({"sync", "--locked"}), 1, remedy);
    // A greeting and a refusal each; not even a certificate of ours has gone over.
    CHECK(proxy.sent().size() < 2 * 1200);
  }
  stranger.stop_office();
  const json figures = stranger.office(status).answer();
  CHECK(figures.at("envelopes") == 0);
  CHECK(figures.at("quarantined") == 0);
  stage.send_devices_to({});
  CHECK(amina.sync().at("pushed").at("envelopes").get<int>() >= 1);
  CHECK(amina.ask({"verify"}).at("ok") == true);
}

TEST_CASE("a ticket that was used, has expired, is unknown or is none makes no vault") {
  Stage stage(Cli::cheap);
  stage.found();
  const fs::path copy = stage.root() / "copy";
  const std::string first = read_file(stage.ticket("first"));
  write_file(copy, first);
  Home& amina = stage.join("amina", stage.ticket("first"));
  const auto refuses = [&](const fs::path& ticket, int code, const std::string& remedy) {
    Home& late = stage.home("late");
    check_refused(late.run({"join", ticket.string(), "--device-name", "Late"}), code, remedy);
    CHECK_FALSE(fs::exists(late.path() / "header"));
    CHECK(late.run({"verify"}).code == 1);
  };
  refuses(copy, 1, "Somebody has used this ticket already");
  CHECK(fs::exists(copy));
  write_file(stage.root() / "rubbish", "Dear Ben, here is your ticket.\n");
  refuses(stage.root() / "rubbish", 6, "then try again");
  refuses(stage.root() / "nowhere", 1, "Check the name");

  SecretBytes text(first.size());
  std::copy(first.begin(), first.end(), reinterpret_cast<char*>(text.data()));
  auto ticket = membership::parse_ticket(text);
  REQUIRE(ticket);
  const auto write_ticket = [&](const char* name) {
    const SecretBytes changed = membership::ticket_text(*ticket);
    write_file(stage.root() / name, changed.view());
    return stage.root() / name;
  };
  ticket->expires_ms -= std::int64_t{30} * 24 * 3'600'000;
  refuses(write_ticket("expired"), 1, "Ask an administrator for a new one");

  // A ticket of another organisation may be right and the address wrong: its vault waits for the right one.
  Stage stranger(Cli::cheap);
  stranger.found();
  const Words astray{"join", stranger.ticket("first").string(), "--device-name", "Astray"};
  check_refused(stage.home("astray").run(astray), 1, "What answers there is not your office");
  stage.send_devices_to(stranger.office_address());
  (void)stage.home("astray").ask(astray);
  stage.send_devices_to({});

  // Whoever was refused joins with the next ticket, in the same folder.
  Home& late = stage.invite_and_join(amina, "late", "advocate");
  CHECK(late.ask({"verify"}).at("ok") == true);
}
