#include "core/vault/kept_copies.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "core/ledger/sealed_copy.h"
#include "core/vault/carrying.h"
#include "core/vault/erasure.h"
#include "core/vault/lease.h"
#include "core/vault/receipts.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;

namespace {

constexpr std::int64_t kDay_ms = std::int64_t{24} * 60 * 60 * 1000;
const GenerationId kGeneration = *GenerationId::from(Bytes(GenerationId::size_bytes, 'g'));

SecretBytes office_seed() { return SecretBytes(crypto::kKeyBytes); }

struct Own { Bytes sealed; std::vector<Bytes> grants; };

/// Amina's device, with two cases of which the office has said that it holds all, and everybody who reads them too: nobody else does yet.
struct Alone {
  Fleet fleet{61};
  support::Device& amina = fleet.add("Amina");
  RecordId case_id = support::put_case(amina, "K-1");
  RecordId person = support::put(amina, case_id, "person", {{"forename", Text{"Wilhelmina"}}});
  RecordId other = support::put_case(amina, "K-2");
  std::int64_t office_ms = 1'700'000'000'000;

  Alone() {
    fleet.append(membership::OfficeKey{Digest{}, crypto::sign_public(office_seed()), "127.0.0.1:1"});
    fleet.share_membership();
    office_signs(0);
    all_is_at_the_office();
  }

  ledger::LedgerRow of_case() { return *need(amina->store().ledger_anywhere(ledger::LedgerKind::case_ledger, case_id.view())); }

  /// So much later by the office's clock than the last time.
  void office_signs(std::int64_t later_ms) {
    office_ms += later_ms;
    need(vault::renew_lease(*amina, office_ms, vault::Heard::now));
  }

  void all_is_at_the_office() {
    std::vector<EnvelopeId> all;
    need(amina->store().each_outgoing([&](const ledger::EnvelopeRow& row) -> Result<void> {
      all.push_back(row.id);
      return {};
    }));
    auto writing = need(amina->begin());
    for (const EnvelopeId& id : all) need(amina->store().clear_outgoing(writing.transaction(), id));
    note_places(writing);
    need(std::move(writing).commit());
  }

  void note_places(vault::Vault::Writing& writing) {
    auto receipts = need(vault::Receipts::begin(*amina, writing, kGeneration));
    std::map<LedgerId, vault::SeenPlace> newest;
    store::Query rows = amina->store().database().query("SELECT l.n, l.id, e.n, e.own FROM ledgers l JOIN envelopes e ON e.ledger = l.n "
                                                        "WHERE l.kind > 0 ORDER BY l.n, e.n");
    while (need(rows.next())) {
      vault::SeenPlace& at = newest[rows.id<LedgerId>(1)];
      at = {at.lsn + 1, crypto::hash("test/head", {rows.blob(1), std::to_string(at.lsn + 1)})};
      need(receipts.note_place(rows.integer(0), at, {rows.integer(2), rows.integer(3) != 0}));
    }
    need(receipts.note_signed(newest, crypto::hash("test/frontier", {std::to_string(newest.size())})));
    need(receipts.finish());
  }

  std::map<EnvelopeId, Own> written() {
    std::map<EnvelopeId, Own> out;
    need(amina->store().each_envelope(of_case().n, [&](const ledger::EnvelopeRow& row) -> Result<void> {
      out[row.id] = {row.sealed, need(amina->store().grants_of_envelope(row.n))};
      return {};
    }));
    return out;
  }

  void put_down() {
    auto drafts = need(vault::Drafts::open(*amina));
    auto writing = need(amina->begin());
    need(vault::put_down(*amina, writing, case_id, drafts));
    need(std::move(writing).commit());
    need(vault::finish_erasures(*amina, &drafts));
  }
  void take_up() {
    auto writing = need(amina->begin());
    need(vault::take_up(*amina, writing, case_id.view()));
    need(std::move(writing).commit());
  }
  void comes_again(const std::map<EnvelopeId, Own>& all, const std::vector<EnvelopeId>& order) {
    std::vector<vault::Parcel> parcels;
    for (const EnvelopeId& id : order) parcels.push_back({all.at(id).sealed, all.at(id).grants});
    Fleet::give(amina, parcels);
    need(vault::settle_carried(*amina));
  }
  std::vector<EnvelopeId> order() {
    std::vector<EnvelopeId> out;
    need(amina->store().each_envelope(of_case().n, [&](const ledger::EnvelopeRow& row) -> Result<void> {
      out.push_back(row.id);
      return {};
    }));
    return out;
  }

  template <class Do>
  void in_writing(Do act) {
    auto writing = need(amina->begin());
    act(writing);
    need(std::move(writing).commit());
  }
  void send() {
    in_writing([&](vault::Vault::Writing& writing) { need(vault::send_copies(*amina, writing)); });
  }
  std::vector<std::pair<EnvelopeId, Bytes>> to_send() {
    std::vector<std::pair<EnvelopeId, Bytes>> out;
    need(vault::each_copy_to_send(*amina, [&](const EnvelopeId& id, BytesView sealed) -> Result<void> {
      out.emplace_back(id, Bytes(sealed));
      return {};
    }));
    return out;
  }
  std::uint64_t kept() { return need(vault::kept_copies(*amina)); }
  void time_passes(std::int64_t later_ms) {
    office_signs(later_ms);
    need(vault::let_go_of_copies(*amina));
  }
};

}  // namespace

TEST_CASE("what was written in a case that is put down is kept with its wraps, for the office") {
  Alone it;
  const auto written = it.written();
  const auto order = it.order();
  REQUIRE(written.size() >= 2);
  it.put_down();
  CHECK(it.kept() == written.size());
  CHECK(it.to_send().empty());   // it holds them already
  it.send();
  const auto copies = it.to_send();
  REQUIRE(copies.size() == written.size());
  for (std::size_t i = 0; i < copies.size(); ++i) {
    CHECK(copies[i].first == order[i]);   // an office takes nothing of a ledger before what opens it
    const auto opened = need(ledger::open_copy(office_seed(), it.amina->identity().organisation, copies[i].second));
    CHECK(opened.envelope == written.at(order[i]).sealed);
    CHECK(opened.grants == written.at(order[i]).grants);
  }
  CHECK_FALSE(written.at(order[0]).grants.empty());
}

TEST_CASE("no key of the vault opens a kept copy, and none of what is in it stands in the store") {
  Alone it;
  const auto written = it.written();
  it.put_down();
  it.send();
  const vault::DeviceKeys& keys = it.amina->keys();
  std::vector<const SecretBytes*> secrets{&keys.sign_seed, &keys.box_secret, &keys.courier_seed, &keys.member_key, &keys.draft_secret};
  for (const vault::EpochSecret& each : keys.epochs) secrets.push_back(&each.secret);
  for (const auto& [id, sealed] : it.to_send()) {
    for (const SecretBytes* each : secrets) {
      CHECK(support::code_of(ledger::open_copy(*each, it.amina->identity().organisation, sealed)) == Errc::no_key);
    }
    CHECK_FALSE(sealed.contains(BytesView(written.at(id).sealed).substr(100, 32)));
    for (const Bytes& grant : written.at(id).grants) CHECK_FALSE(sealed.contains(BytesView(grant).substr(grant.size() - 32)));
  }
  CHECK(support::count(it.amina, "SELECT count(*) FROM envelopes e JOIN ledgers l ON l.n = e.ledger WHERE l.kind <= -100 AND e.sealed != x''") == 0);
}

TEST_CASE("of what a colleague wrote in the case nothing is kept: she keeps her own") {
  Alone it;
  support::Device& ben = it.fleet.add("Ben");
  it.fleet.reconcile();
  support::edit(ben, it.case_id, "reference", Text{"K-1b"});
  const auto row = *need(ben->store().ledger_anywhere(ledger::LedgerKind::case_ledger, it.case_id.view()));
  auto writing = need(ben->begin());
  need(vault::keep_copies(*ben, writing, row));
  need(std::move(writing).commit());
  CHECK(need(vault::kept_copies(*ben)) == 1);
}

TEST_CASE("nothing is kept of a case that is still here because the program was killed on the way") {
  Alone it;
  {
    auto drafts = need(vault::Drafts::open(*it.amina));
    auto writing = need(it.amina->begin());
    need(vault::put_down(*it.amina, writing, it.case_id, drafts));
  }
  CHECK(it.kept() == 0);
  CHECK(need(it.amina->store().has_record(it.case_id)));
  it.put_down();
  it.fleet.reopen(it.amina);
  CHECK(it.kept() > 0);
}

TEST_CASE("copies go to the office once each time it is compared, and stay here") {
  Alone it;
  it.put_down();
  it.send();
  const auto copies = it.to_send();
  const std::size_t all = copies.size();
  REQUIRE(all >= 2);
  it.in_writing([&](vault::Vault::Writing& writing) { need(vault::copies_were_sent(*it.amina, writing, {copies[0].first})); });
  CHECK(it.to_send().size() == all - 1);
  it.fleet.reopen(it.amina);
  CHECK(it.to_send().size() == all - 1);
  it.in_writing([&](vault::Vault::Writing& writing) {
    for (const auto& [id, sealed] : copies) need(vault::copies_were_sent(*it.amina, writing, {id}));
  });
  CHECK(it.to_send().empty());
  CHECK(it.kept() == all);
  it.send();
  CHECK(it.to_send().size() == all);
}

TEST_CASE("copies go thirty-five days after the office first signed something later, whatever this device's clock says") {
  Alone it;
  it.put_down();
  const auto all = it.kept();
  it.amina.world->clock.advance(400 * kDay_ms);
  need(vault::let_go_of_copies(*it.amina));
  CHECK(it.kept() == all);
  it.time_passes(kDay_ms);   // they count from here
  it.time_passes(35 * kDay_ms - 1);
  CHECK(it.kept() == all);
  it.time_passes(1);
  CHECK(it.kept() == 0);
}

TEST_CASE("an erased case leaves no copy, and one case's end is not another's") {
  Alone it;
  it.put_down();
  std::swap(it.case_id, it.other);
  it.put_down();
  const auto both = it.kept();
  it.fleet.append(membership::Erase{it.of_case().id, {}});
  it.fleet.share_membership();
  const auto left = it.kept();
  CHECK(left < both);
  CHECK(left > 0);
}

TEST_CASE("a case that is whole on the device again needs no copy, and is kept anew when it is put down once more") {
  Alone it;
  const auto written = it.written();
  const auto order = it.order();
  it.put_down();
  const auto all = it.kept();
  it.take_up();
  it.comes_again(written, {order.begin(), order.end() - 1});
  CHECK(it.kept() == all);   // not whole yet
  it.comes_again(written, {order.back()});
  CHECK(it.kept() == 0);
  CHECK(need(it.amina->store().has_record(it.person)));
  it.all_is_at_the_office();
  it.put_down();
  CHECK(it.kept() == all);
}
