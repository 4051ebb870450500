#pragma once

#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "platform/atomic_file.h"
#include "sync/enrol/invite.h"
#include "sync/enrol/join.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

/// A real office in memory, and devices that enrol there without a socket.
namespace wayside::support {

inline SecretString passphrase() {
  SecretString text;
  text.append("six words that nobody here can guess");
  return text;
}

/// What happens to a line before the office hears, and after it has answered.
struct Faults {
  int cut_before = -1;  ///< this question (from 0) never arrives
  int cut_after = -1;   ///< the answer to this one is lost
  int asked = 0;
  std::function<void()> between = [] {};  ///< before every append: somebody else is quicker
};

/// What a courier's membership job does, with the office's own code at the other end.
class OfficeLine : public enrol::MembershipLine {
 public:
  OfficeLine(office::Service& service, const PublicKey& key, Faults& faults)
      : service_(service), key_(key), faults_(faults) {}

  Result<Answer> ask(std::uint64_t have, BytesView entry) override {
    const int number = faults_.asked++;
    if (number == faults_.cut_before) return fail(Errc::unreachable);
    if (!entry.empty()) std::exchange(faults_.between, [] {})();
    auto answer = exchange(have, entry);
    if (number == faults_.cut_after) return fail(Errc::unreachable);
    return answer;
  }

 private:
  Result<Answer> exchange(std::uint64_t have, BytesView entry) {
    wire::pb::PullRequest request;
    request.set_membership(have);
    const office::Reply reply = service_.answer(key_, "/v1/pull", wire::encode(request));
    if (reply.status != 200) return refusal(reply);
    auto page = need(wire::decode<wire::pb::PullAnswer>(reply.body));
    Answer answer;
    answer.entries.assign(page.membership().begin(), page.membership().end());
    if (entry.empty()) return answer;
    if (!answer.entries.empty()) return answer.append = Append::stale, answer;
    wire::pb::AppendRequest append;
    append.set_entry(Bytes(entry));
    const office::Reply appended = service_.answer(key_, "/v1/membership", wire::encode(append));
    if (appended.status != 200) return refusal(appended);
    const auto taken = need(wire::decode<wire::pb::AppendAnswer>(appended.body));
    answer.append = static_cast<Append>(taken.status());
    answer.reason = taken.reason();
    if (answer.append == Append::taken) answer.entries.emplace_back(entry);
    return answer;
  }

  static Result<Answer> refusal(const office::Reply& reply) {
    const auto why = need(wire::decode<wire::pb::Refusal>(reply.body)).reason();
    for (const Errc code : {Errc::ticket_used, Errc::ticket_expired}) {
      if (why == name_of(code)) return fail(code);
    }
    return fail(Errc::refused, why);
  }

  office::Service& service_;
  PublicKey key_;
  Faults& faults_;
};

struct EnrolOffice : Organisation {
  explicit EnrolOffice(std::uint64_t seed = 1) : Organisation(seed) { serve(); }
  office::Service& service() { return *service_; }
  Faults faults;

  /// Lines are for one office: after `put_back` new ones are needed.
  std::unique_ptr<OfficeLine> line(const SecretBytes& seed) {
    return std::make_unique<OfficeLine>(service(), crypto::sign_public(seed), faults);
  }
  enrol::OpenLine lines() {
    return [this](const enrol::CourierLine::Office&, const SecretBytes& seed) { return line(seed); };
  }

  using Disk = std::map<std::string, Bytes>;
  [[nodiscard]] Disk disk() const {
    Disk out = world.files.contents();
    std::erase_if(out, [](const auto& file) { return !file.first.starts_with("/office/"); });
    return out;
  }
  /// Somebody puts an older disk into its machine, and says nothing: it has lost what came since.
  void put_back(const Disk& older) {
    service_.reset();
    store.reset();
    for (const auto& [path, content] : disk()) need(world.files.remove(path));
    for (const auto& [path, content] : older) need(platform::write_atomically(world.files, path, content));
    reopen();
    serve();
  }

 private:
  void serve() { service_.emplace(world.clock, *store, office::OfficeKeys{founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}); }
  std::optional<office::Service> service_;
};

/// A computer with a ticket on its disk.
struct Computer : FakeEnv {
  explicit Computer(std::uint64_t seed, const membership::Ticket& ticket) : FakeEnv(seed) { take(ticket); }

  void take(const membership::Ticket& ticket) {
    need(files.make_folders("/stick"));
    need(platform::write_atomically(files, kTicket, membership::ticket_text(ticket).view()));
  }
  Result<std::unique_ptr<vault::Vault>> join(EnrolOffice& office, std::string name = "Amina's laptop") {
    platform::Env world = env();
    return enrol::join(world, {kHome, kTicket, std::move(name), ""}, passphrase(), office.lines());
  }
  static constexpr const char* kHome = "/home/vault";
  static constexpr const char* kTicket = "/stick/ticket";
};

}  // namespace wayside::support
