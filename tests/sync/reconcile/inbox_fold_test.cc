#include <catch2/catch_test_macros.hpp>

#include "sync/reconcile/reconcile.h"
#include "sync/spool/inbox.h"
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
