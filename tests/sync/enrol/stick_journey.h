#pragma once

#include "core/attachments/attachments.h"
#include "core/casework/casebook.h"
#include "sync/courier/courier.h"
#include "sync/office/stick_visit.h"
#include "sync/reconcile/reconcile.h"
#include "tests/sync/enrol/enrol_helpers.h"
#include "tests/sync/enrol/small_stick.h"

/// Devices without a line, an office, and the stick that is carried between them.
namespace wayside::support {

inline constexpr const char* kFolder = "/usb";

/// What lies on a stick, between two machines.
using Content = std::map<std::string, Bytes>;

inline void plug_in(FakeFiles& files, const Content& content) {
  need(files.make_folders(kFolder));
  for (const std::string& name : need(files.list(kFolder))) need(files.remove(platform::Path(kFolder) / name));
  for (const auto& [name, bytes] : content) need(platform::write_atomically(files, platform::Path(kFolder) / name, bytes));
}

inline Content pull_out(FakeFiles& files) {
  Content out;
  for (const std::string& name : need(files.list(kFolder)))
    out[name] = need(platform::read_all(files, platform::Path(kFolder) / name, std::uint64_t{64} << 20));
  return out;
}

/// A computer that has a line while it joins and never again.
struct Apart : Computer {
  Apart(EnrolOffice& org, std::uint64_t seed, const membership::Ticket& ticket) : Computer(seed, ticket), vault(need(join(org))) {
    options.folder = kFolder;
    options.carry = [this](const wire::pb::CourierJob& job) -> Result<wire::pb::CourierDone> {
      platform::Env own = env();
      SmallStick with_stick(files, kFolder, stick_bytes);
      return courier::run_job(job, {own.clock, own.random, with_stick, own.keys, own.network}, nullptr, {});
    };
  }
  Result<reconcile::Outcome> sync(Content& stick) {
    plug_in(files, stick);
    auto out = reconcile::reconcile(*vault, options);
    stick = pull_out(files);
    return out;
  }

  std::unique_ptr<vault::Vault> vault;
  reconcile::Options options;
  std::uint64_t stick_bytes = UINT64_MAX;   ///< what it holds at most
};

struct Journey {
  explicit Journey(std::uint64_t seed = 1) : office(seed) { need(schema::load_builtin()); }
  membership::Ticket invited_by_amina(const std::string& user) {
    const platform::Path out = "/stick/" + user;
    const auto line = office.line(amina.vault->keys().courier_seed);
    need(enrol::invite(*amina.vault, {.role = membership::Role::advocate, .user = user, .out = out}, *line));
    return need(enrol::read_ticket(amina.files, out));
  }
  office::StickFacts visit(Content& carried) {
    plug_in(office.world.files, carried);
    SmallStick with_stick(office.world.files, kFolder, stick_bytes);
    auto folder = need(stick::Folder::open(with_stick, kFolder));
    const auto ask = [this](const PublicKey& key, std::string_view path, BytesView body) -> Result<office::Reply> {
      return office.service().answer(key, path, body);
    };
    platform::Env env = office.world.env();
    const auto facts = need(office::visit_stick(env, folder, need(office::roster_of(office.store->log())), office.founding.keys.sign_seed, ask));
    carried = pull_out(office.world.files);
    return facts;
  }
  using Fields = std::vector<std::pair<std::string_view, Value>>;
  /// A new case, or a record of that one. `named`: who alone reads a new case, besides its author.
  static RecordId put(Apart& on, std::string_view type, Fields fields, std::optional<RecordId> of_case = {}, std::vector<UserId> named = {}) {
    casework::NewRecordRequest request{std::nullopt, schema::current().type(type), {}};
    for (auto& [name, value] : fields) {
      casework::FieldChange change;
      change.field = request.type->field(name);
      change.set = {std::move(value)};
      change.sets = true;
      request.fields.push_back(std::move(change));
    }
    return need(casework::put(*on.vault, of_case, std::nullopt, {request}, "put", std::move(named))).front();
  }
  static RecordId new_case(Apart& on, std::string reference, std::vector<UserId> named = {}) {
    return put(on, "case", {{"reference", Text{std::move(reference)}}, {"status", Code{"open"}}}, {}, std::move(named));
  }
  static RecordId attach(Apart& on, const RecordId& to, const Bytes& file) {
    attachments::NewAttachment what{to, "letter.bin", "letter", {}, {}, false, {}};
    return need(attachments::add(*on.vault, what, file)).id;
  }

  EnrolOffice office;
  Apart amina{office, 7, office.founding.first_ticket};
  Apart ben{office, 8, invited_by_amina("Ben")};
  Content stick;
  std::uint64_t stick_bytes = UINT64_MAX;   ///< what it holds at most, at the office
};

}  // namespace wayside::support
