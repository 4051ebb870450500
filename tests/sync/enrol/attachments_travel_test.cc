#include "core/attachments/attachments.h"
#include "core/attachments/blobs.h"
#include "core/vault/unsent_parts.h"
#include "sync/courier/courier.h"
#include "sync/enrol/erase_case.h"
#include "sync/reconcile/attachments.h"
#include "tests/sync/enrol/enrol_helpers.h"

using namespace wayside;
using namespace wayside::support;

namespace {

constexpr std::string_view kCanary = "canary: she moved to Orchard Way";

/// A computer with a vault whose courier reaches the real office, without a socket and without a process.
struct Desk : Computer {
  Desk(EnrolOffice& org, std::uint64_t seed, const membership::Ticket& ticket)
      : Computer(seed, ticket), vault(need(join(org))) {
    network.answer_with([this, &org](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
      if (requests++ >= line_ends_after) return fail(Errc::unreachable, "no line");
      office::Reply reply = org.service().answer(crypto::sign_public(vault->keys().courier_seed), call.path, call.body);
      platform::HttpAnswer answer{reply.status, std::move(reply.body), call.body.size(), 0, false};
      answer.bytes_down = answer.body.size();
      return answer;
    });
    options.carry = [this](const wire::pb::CourierJob& job) -> Result<wire::pb::CourierDone> {
      return courier::run_job(job, env(), nullptr, {});
    };
  }
  Result<reconcile::Outcome> sync() {
    requests = 0;
    return reconcile::reconcile(*vault, options);
  }
  Result<reconcile::Fetched> fetch(const std::vector<Digest>& parts) {
    requests = 0;
    return reconcile::fetch_parts(*vault, parts, options);
  }
  std::size_t unsent() { return need(vault::unsent_parts(*vault)).size(); }
  bool holds(BytesView bytes) { return holds_in(files, bytes); }
  static bool holds_in(FakeFiles& files, BytesView bytes) {
    for (const auto& [path, content] : files.contents()) {
      if (content.find(bytes) != Bytes::npos) return true;
    }
    return false;
  }

  std::unique_ptr<vault::Vault> vault;
  reconcile::Options options;
  int requests = 0, line_ends_after = 1 << 30;
};

struct TwoDesks {
  TwoDesks() {
    need(schema::load_builtin());
    casework::NewRecordRequest request{std::nullopt, schema::current().type("case"), {}};
    for (auto& [name, value] : std::vector<std::pair<std::string_view, Value>>{{"reference", Text{"W-1"}}, {"status", Code{"open"}}}) {
      casework::FieldChange change;
      change.field = request.type->field(name);
      change.set = {std::move(value)};
      change.sets = true;
      request.fields.push_back(std::move(change));
    }
    case_id = need(casework::put(*amina.vault, std::nullopt, std::nullopt, {request}, "put")).front();
  }
  membership::Ticket invited_by_amina() {
    const auto line = office.line(amina.vault->keys().courier_seed);
    need(enrol::invite(*amina.vault, {.role = membership::Role::advocate, .user = "Ben", .out = "/stick/ben"}, *line));
    return need(enrol::read_ticket(amina.files, "/stick/ben"));
  }
  RecordId add(const Bytes& file) {
    attachments::NewAttachment what{case_id, "letter.bin", "letter", {}, {}, false, {}};
    return need(attachments::add(*amina.vault, what, file)).id;
  }

  EnrolOffice office;
  Desk amina{office, 7, office.founding.first_ticket};
  Desk ben{office, 8, invited_by_amina()};
  RecordId case_id;
};

Bytes large() {
  Bytes file;
  while (file.size() < (std::size_t{3} << 20)) file += kCanary;
  return file;
}

}  // namespace

TEST_CASE("a file added on one device is fetched on another, the same bytes, and readable nowhere between") {
  TwoDesks desks;
  const RecordId id = desks.add(large());
  CHECK(desks.amina.unsent() == 1);
  const auto sent = need(desks.amina.sync());
  CHECK(sent.parts_sent.envelopes == 4);
  CHECK(sent.parts_waiting == 0);
  CHECK(desks.amina.unsent() == 0);
  CHECK(need(desks.amina.sync()).round_trips == 1);   // nothing is asked about files any more

  CHECK(need(desks.ben.sync()).round_trips <= 2);
  CHECK(need(desks.ben.sync()).round_trips == 1);
  const auto missing = need(attachments::missing_parts(*desks.ben.vault, id));
  CHECK(missing.size() == 4);
  CHECK(need(attachments::all_missing_parts(*desks.ben.vault)) == missing);
  CHECK_FALSE(attachments::open(*desks.ben.vault, id));
  const auto fetched = need(desks.ben.fetch(missing));
  CHECK(fetched.parts.envelopes == 4);
  CHECK((need(attachments::open(*desks.ben.vault, id)) == large()));
  CHECK(need(desks.ben.fetch({})).round_trips == 0);
  for (FakeFiles* files : {&desks.office.world.files, &desks.amina.files, &desks.ben.files}) CHECK_FALSE(Desk::holds_in(*files, kCanary));
}

TEST_CASE("cut anywhere, sending and fetching go on with what is left") {
  for (int after = 0; after < 8; ++after) {
    TwoDesks desks;
    const RecordId id = desks.add(large());
    desks.amina.line_ends_after = after;
    const auto first = desks.amina.sync();
    INFO("line ends after " << after);
    if (!first) CHECK(first.error().code == Errc::unreachable);
    CHECK(desks.amina.unsent() == (first ? 0U : 1U));
    desks.amina.line_ends_after = 1 << 30;
    need(desks.amina.sync());
    CHECK(desks.amina.unsent() == 0);
    need(desks.ben.sync());
    const auto missing = need(attachments::missing_parts(*desks.ben.vault, id));
    desks.ben.line_ends_after = after % 4;
    CHECK(code_of(desks.ben.fetch(missing)) == Errc::unreachable);
    desks.ben.line_ends_after = 1 << 30;
    const auto left = need(attachments::missing_parts(*desks.ben.vault, id));
    CHECK(left.size() == 4U - static_cast<std::size_t>(after % 4));
    CHECK(need(desks.ben.fetch(left)).parts.envelopes == left.size());
    CHECK((need(attachments::open(*desks.ben.vault, id)) == large()));
  }
}

TEST_CASE("a spool that was lost before the files were sent costs nothing: the vault lists them again") {
  TwoDesks desks;
  desks.add(large());
  desks.amina.line_ends_after = 5;   // whether there is a snapshot, push, pull, ask, one chunk
  CHECK(code_of(desks.amina.sync()) == Errc::unreachable);
  for (const auto& [path, content] : desks.amina.files.contents()) {
    if (path.find("/spool/") != std::string::npos) need(desks.amina.files.remove(path));
  }
  desks.amina.line_ends_after = 1 << 30;
  const auto again = need(desks.amina.sync());
  CHECK(again.parts_sent.envelopes == 3);
  CHECK(desks.amina.unsent() == 0);
}

TEST_CASE("what its author has not sent is not there yet, which is told and no error") {
  TwoDesks desks;
  desks.office.store->set_part_share(0);
  const RecordId id = desks.add("a letter");
  const auto sent = need(desks.amina.sync());
  CHECK(sent.parts_waiting == 1);
  CHECK(sent.parts_no_room == 1);
  need(desks.ben.sync());
  const auto missing = need(attachments::missing_parts(*desks.ben.vault, id));
  CHECK(need(desks.ben.fetch(missing)).not_there == 1);
  desks.office.store->set_part_share(1 << 30);
  CHECK(need(desks.amina.sync()).parts_sent.envelopes == 1);
  CHECK(need(desks.ben.fetch(missing)).not_there == 0);
  CHECK(need(attachments::open(*desks.ben.vault, id)) == "a letter");
}

TEST_CASE("an erased case takes its files from the office and from every device, and nothing is left to send") {
  TwoDesks desks;
  const RecordId id = desks.add(large());
  need(desks.amina.sync());
  need(desks.ben.sync());
  need(desks.ben.fetch(need(attachments::missing_parts(*desks.ben.vault, id))));
  desks.add("not sent yet");
  CHECK(desks.amina.unsent() == 1);
  const auto line = desks.office.line(desks.amina.vault->keys().courier_seed);
  need(enrol::erase_case(*desks.amina.vault, {desks.case_id, "Article 17", true}, line.get()));
  need(reconcile::let_go_of_erased(*desks.amina.vault, nullptr));
  CHECK(desks.amina.unsent() == 0);
  need(desks.amina.sync());
  need(desks.ben.sync());
  const auto no_parts = [](FakeFiles& files) {
    for (const auto& [path, content] : files.contents()) {
      if (path.find("/blobs/") != std::string::npos) return false;
    }
    return true;
  };
  CHECK(no_parts(desks.office.world.files));
  CHECK(no_parts(desks.amina.files));
  CHECK(no_parts(desks.ben.files));
  CHECK(need(desks.office.store->figures()).attachment_parts == 0);
}
