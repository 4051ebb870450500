#include <catch2/catch_test_macros.hpp>

#include "sync/reconcile/parts.h"
#include "sync/reconcile/reconcile.h"
#include "sync/spool/inbox.h"
#include "sync/spool/cursors.h"
#include "tests/core/vault/forged.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Device;
using support::Fleet;
using support::need;

namespace {

/// Amina has written three cases; a courier brought them to Ben, one page each.
struct Night {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  std::vector<RecordId> cases;

  Night() {
    for (const char* reference : {"W-1", "W-2", "W-3"}) cases.push_back(support::put_case(amina, reference));
    platform::Files& files = ben.vault->env().files;
    const spool::Layout layout(reconcile::spool_folder(ben.home));
    need(files.make_folders(layout.root));
    auto cursors = need(spool::Cursors::open(files, layout));
    auto inbox = need(spool::InboxWriter::open(files, layout, cursors));
    std::uint64_t position = 0;
    for (const vault::Parcel& parcel : Fleet::news(amina)) {
      wire::pb::PullAnswer page;
      page.set_generation(Bytes(16, 'g'));
      page.set_position(++position);
      wire::pb::Delivery& delivery = *page.add_deliveries();
      delivery.set_lsn(1);
      delivery.set_ledger(need(ledger::parse_envelope(parcel.envelope)).header.ledger.str());
      wire::pb::Parcel& out = *delivery.mutable_parcel();
      out.set_envelope(parcel.envelope);
      for (const Bytes& grant : parcel.grants) out.add_grants(grant);
      need(inbox.append(page));
    }
  }
  bool ben_has(const RecordId& id) { return need(ben->store().has_record(id)); }
};

}  // namespace

TEST_CASE("folding stops between two pages when it is asked to, and goes on there the next time") {
  Night night;
  reconcile::Options options;
  int pages = 0;
  options.progress = [&pages](const reconcile::Progress&) { ++pages; };
  options.stop_asked = [&pages] { return pages == 1; };
  CHECK(need(reconcile::fold_inbox(*night.ben, options)) == 1);
  CHECK(night.ben_has(night.cases[0]));
  CHECK_FALSE(night.ben_has(night.cases[1]));

  options.stop_asked = [] { return false; };
  CHECK(need(reconcile::fold_inbox(*night.ben, options)) == 2);
  CHECK(night.ben_has(night.cases[2]));
  CHECK(need(reconcile::fold_inbox(*night.ben, options)) == 0);
  CHECK(support::faults(night.ben).empty());
}

TEST_CASE("folding that is asked to stop at once folds nothing and loses nothing") {
  Night night;
  reconcile::Options options;
  options.stop_asked = [] { return true; };
  CHECK(need(reconcile::fold_inbox(*night.ben, options)) == 0);
  options.stop_asked = [] { return false; };
  CHECK(need(reconcile::fold_inbox(*night.ben, options)) == 3);
}

TEST_CASE("a save made between two pages is kept, and the pages after it are folded around it") {
  Night night;
  reconcile::Options options;
  std::optional<RecordId> own;
  options.progress = [&](const reconcile::Progress&) {
    if (!own) own = support::put_case(night.ben, "B-1");
  };
  CHECK(need(reconcile::fold_inbox(*night.ben, options)) == 3);
  REQUIRE(own.has_value());
  CHECK(night.ben_has(*own));
  for (const RecordId& each : night.cases) CHECK(night.ben_has(each));
  CHECK(support::faults(night.ben).empty());
}

namespace {

using wire::pb::PullAnswer;

/// Ben's inbox as a courier fills it; the cursor claims every page.
struct Inbox {
  explicit Inbox(Device& ben) : files(ben.vault->env().files), layout(reconcile::spool_folder(ben.home)) {}

  std::uint64_t put(const PullAnswer& page) {
    need(files.make_folders(layout.root));
    auto cursors = need(spool::Cursors::open(files, layout));
    auto inbox = need(spool::InboxWriter::open(files, layout, cursors));
    const std::uint64_t number = need(inbox.append(page));
    wire::pb::CursorFrame change;
    change.set_inbox_number(number);
    need(cursors.save(change));
    return number;
  }
  /// Whether the next courier fetches everything again.
  bool begins_anew() {
    auto cursors = need(spool::Cursors::open(files, layout));
    return need(spool::InboxWriter::open(files, layout, cursors)).started_over();
  }

  platform::Files& files;
  spool::Layout layout;
};

PullAnswer page_of(const vault::Parcel& parcel) {
  PullAnswer page;
  page.set_generation(Bytes(16, 'g'));
  wire::pb::Delivery& delivery = *page.add_deliveries();
  delivery.set_lsn(1);
  const auto parsed = ledger::parse_envelope(parcel.envelope);
  delivery.set_ledger(parsed ? parsed->header.ledger.str() : Bytes(16, 'l'));
  delivery.mutable_parcel()->set_envelope(parcel.envelope);
  for (const Bytes& grant : parcel.grants) delivery.mutable_parcel()->add_grants(grant);
  return page;
}

}  // namespace

TEST_CASE("a membership entry that nobody entitled signed is told once, passed over and fetched again") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId record = support::put_case(amina, "W-1");
  Inbox inbox(ben);
  PullAnswer forged;
  forged.set_generation(Bytes(16, 'g'));
  forged.add_membership(fleet.sign(membership::RoleEntry{ben->identity().user, membership::Role::admin, std::nullopt, false, {}},
                                   membership::SignerKind::root, {}, SecretBytes(32)).bytes);
  inbox.put(forged);
  inbox.put(page_of(Fleet::news(amina).at(0)));

  const std::uint64_t before = ben->membership().size();
  CHECK(support::code_of(reconcile::fold_inbox(*ben, {})) == Errc::bad_signature);
  CHECK(need(ben->store().has_record(record)));      // what came behind it is not held up
  CHECK(ben->membership().size() == before);
  CHECK(inbox.begins_anew());
  CHECK(need(reconcile::fold_inbox(*ben, {})) == 0);   // told once, not for ever
  CHECK_FALSE(inbox.begins_anew());
  CHECK(support::faults(ben).empty());
}

TEST_CASE("an entry of a later version stays in the inbox until a version that reads it comes") {
  Fleet fleet;
  Device& ben = fleet.add("Ben");
  Inbox inbox(ben);
  PullAnswer later;
  later.set_generation(Bytes(16, 'g'));
  later.add_membership("\2" + Bytes(100, 'x'));
  inbox.put(later);
  CHECK(support::code_of(reconcile::fold_inbox(*ben, {})) == Errc::newer_format);
  CHECK(support::code_of(reconcile::fold_inbox(*ben, {})) == Errc::newer_format);
  CHECK_FALSE(inbox.begins_anew());
}

TEST_CASE("an envelope that is said to be this device's own, and is not held here, is asked for whole; then it is told") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId record = support::put_case(amina, "W-1");
  const vault::Parcel parcel = Fleet::news(amina).at(0);
  Inbox inbox(ben);
  PullAnswer lie = page_of(parcel);
  lie.mutable_deliveries(0)->set_id(need(ledger::parse_envelope(parcel.envelope)).id.str());
  lie.mutable_deliveries(0)->clear_parcel();
  inbox.put(lie);
  CHECK(need(reconcile::fold_inbox(*ben, {})) == 0);
  CHECK_FALSE(need(ben->store().has_record(record)));
  CHECK(inbox.begins_anew());
  CHECK(need(reconcile::doubt_of(*ben)) == reconcile::Doubt::noted);

  // His own, named by its id, is what it always was.
  (void)support::put_case(ben, "B-1");
  PullAnswer own = page_of(Fleet::news(ben).at(0));
  own.mutable_deliveries(0)->set_id(need(ledger::parse_envelope(own.deliveries(0).parcel().envelope())).id.str());
  own.mutable_deliveries(0)->clear_parcel();
  inbox.put(own);
  inbox.put(page_of(parcel));
  CHECK(need(reconcile::fold_inbox(*ben, {})) == 1);
  CHECK(need(ben->store().has_record(record)));
  CHECK_FALSE(inbox.begins_anew());
}

TEST_CASE("a copy that its author did not sign, or that lost its grants, is told and fetched again") {
  for (const bool grants : {false, true}) {
    Fleet fleet;
    Device& amina = fleet.add("Amina");
    Device& ben = fleet.add("Ben");
    const RecordId record = support::put_case(amina, "W-1");
    const vault::Parcel good = Fleet::news(amina).at(0);
    vault::Parcel spoilt = good;
    if (grants) spoilt.grants.pop_back();
    else spoilt.envelope.back() = static_cast<char>(spoilt.envelope.back() ^ 1);
    Inbox inbox(ben);
    inbox.put(page_of(spoilt));
    CHECK(support::code_of(reconcile::fold_inbox(*ben, {})) == Errc::bad_signature);
    CHECK(inbox.begins_anew());
    inbox.put(page_of(good));
    CHECK(need(reconcile::fold_inbox(*ben, {})) == 1);
    CHECK(need(ben->store().has_record(record)));
    CHECK_FALSE(inbox.begins_anew());
  }
}

TEST_CASE("what a colleague signed and nobody can read is kept apart, and is nothing that the office did") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId record = support::put_case(amina, "W-1");
  Inbox inbox(ben);
  inbox.put(page_of(Fleet::news(amina).at(0)));
  inbox.put(page_of(test::Forger(amina, record).with_key(SecretBytes(32))));
  CHECK(need(reconcile::fold_inbox(*ben, {})) == 1);
  CHECK_FALSE(inbox.begins_anew());
}
