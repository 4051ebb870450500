#include "core/vault/snapshot.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "core/attachments/blobs.h"
#include "core/attachments/sealed_file.h"
#include "core/casework/casebook.h"
#include "core/casework/writing.h"
#include "core/crypto/crypto.h"
#include "core/vault/carrying.h"
#include "core/vault/snapshot_volume.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using vault::Trust;

namespace {

struct Delivered { std::uint64_t lsn = 0; vault::Parcel parcel; };

LedgerId ledger_of(const vault::Parcel& parcel) { return need(ledger::parse_envelope(parcel.envelope)).header.ledger; }

/// What an office would hold of a device's ledgers, in order, each with its place.
std::vector<Delivered> office_of(Device& device) {
  std::vector<Delivered> out;
  std::map<LedgerId, std::uint64_t> lsn;
  for (vault::Parcel& parcel : Fleet::all_of(device)) {
    const std::uint64_t place = ++lsn[ledger_of(parcel)];
    out.push_back({place, std::move(parcel)});
  }
  return out;
}

vault::Frontier frontier_of(const std::vector<Delivered>& office) {
  std::map<LedgerId, vault::LedgerPoint> points;
  for (const Delivered& each : office) {
    const auto envelope = need(ledger::parse_envelope(each.parcel.envelope));
    vault::LedgerPoint& point = points[envelope.header.ledger];
    point.ledger = envelope.header.ledger;
    point.lsn = each.lsn;
    point.head = crypto::hash("wayside/ledger-head/1", {point.head.view(), envelope.id.view()});
  }
  vault::Frontier out{Bytes(16, 'g'), office.size(), {}};
  for (const auto& [id, point] : points) out.ledgers.push_back(point);
  return out;
}

/// The office has answered: nothing waits any more.
void answer(Device& device) {
  std::vector<EnvelopeId> ids;
  need(device->store().each_outgoing([&](const ledger::EnvelopeRow& row) -> Result<void> {
    ids.push_back(row.id);
    return {};
  }));
  auto writing = need(device->begin());
  for (const EnvelopeId& id : ids) need(device->store().clear_outgoing(writing.transaction(), id));
  need(std::move(writing).commit());
}

/// A volume, and what its bundles hold, ledger by ledger.
struct Unfolded { vault::pb::SnapshotVolume& volume; std::vector<ledger::BundledLedger>& content; };
using Alter = std::function<void(Unfolded)>;

/// Ana has cases and publishes; Cleo is new.
struct Stage {
  Fleet fleet;
  Device& ana = fleet.add("Ana");
  Device& ben = fleet.add("Ben");
  RecordId first = put_case(ana, "W-1"), second = put_case(ana, "W-2");
  RecordId person = put(ana, first, "person", {{"forename", Text{"Zoe"}}});
  std::vector<Delivered> office;
  vault::Frontier frontier;
  Device* cleo = nullptr;

  /// `before_cleo`: what happens before there is anybody new.
  explicit Stage(const std::function<void(Stage&)>& before_cleo = {}) {
    edit(ana, person, "forename", Text{"Zoë"});
    fleet.reconcile();
    edit(ben, person, "forename", Text{"Chloe"});   // what Ana did is superseded by one who saw it
    fleet.reconcile();
    if (before_cleo) before_cleo(*this);
    answer(ana);
    office = office_of(ana);
    frontier = frontier_of(office);
    cleo = &fleet.add("Cleo");
  }

  vault::Offer publish() {
    const auto made = need(vault::make_snapshot(*ana, fleet.main_team(), frontier));
    return {ana->identity().device, fleet.main_team(), made.manifest, made.parts};
  }

  /// As a device would that has the keys and a grudge: everything fits but what it says.
  vault::Offer publish_altered(const Alter& alter) {
    const vault::Offer honest = publish();
    vault::pb::SnapshotManifest manifest;
    manifest.ParseFromString(honest.manifest);
    attachments::Blobs blobs(ana->env().files, ana->home());
    vault::Offer out{honest.publisher, honest.team, {}, {}};
    for (std::string& text : *manifest.mutable_volumes()) {
      const auto content = need(attachments::parse_content(text));
      auto volume = need(vault::read_volume(need(attachments::open_file(content, [&](const Digest& part) { return blobs.get(part); }))));
      alter_content(volume, alter);
      attachments::Content sealed{crypto::Key::random(ana->env().random), {}};
      need(attachments::seal_file(sealed.key, volume.SerializeAsString(), [&](BytesView chunk) -> Result<void> {
        sealed.chunks.push_back(need(blobs.put(chunk)));
        return {};
      }));
      out.parts.insert(out.parts.end(), sealed.chunks.begin(), sealed.chunks.end());
      text = attachments::content_text(sealed);
    }
    out.manifest = manifest.SerializeAsString();
    return out;
  }

  static void alter_content(vault::pb::SnapshotVolume& volume, const Alter& alter) {
    std::vector<ledger::BundledLedger> content;
    for (const auto& bundle : volume.bundles()) {
      for (auto& each : need(ledger::unfold_bundle(bundle.ids(), bundle.content()))) content.push_back(std::move(each));
    }
    alter({volume, content});
    for (auto& each : content) {
      for (ledger::BundledRecord& record : each) record.encoded = ledger::encode(record.state);
    }
    ledger::BundleWriter writer;
    for (const auto& each : content) writer.add(each, 0);
    const ledger::Bundle made = writer.take();
    volume.clear_bundles();
    auto& out = *volume.add_bundles();
    for (const std::uint32_t each : made.counts) out.add_counts(each);
    out.set_ids(made.ids);
    out.set_content(made.content);
  }

  Result<void> load(const vault::Offer& offer) {
    attachments::Blobs blobs(ana->env().files, ana->home());
    return vault::load_snapshot(**cleo, offer, [&](const Digest& part) { return blobs.get(part); });
  }

  void page(const std::vector<Delivered>& deliveries) {
    auto writing = need((*cleo)->begin());
    vault::Ingest ingest(**cleo, writing);
    auto check = need(vault::SnapshotCheck::open(**cleo));
    for (Delivered each : deliveries) {
      const auto envelope = need(ledger::parse_envelope(each.parcel.envelope));
      each.parcel.covered = need(check.covers(envelope.header.ledger, each.lsn, envelope.id));
      need(ingest.parcel(each.parcel));
    }
    need(check.end_page(writing));
    need(std::move(writing).commit());
    while (need(vault::drop_useless_snapshot(**cleo, 1))) {}
  }

  void settle() {
    std::set<LedgerId> carried;
    for (const Delivered& each : office) carried.insert(ledger_of(each.parcel));
    need(vault::settle_snapshot(**cleo, carried));
    while (need(vault::drop_useless_snapshot(**cleo, 1))) {}
  }

  [[nodiscard]] vault::SnapshotUse use() const { return *need(vault::snapshot_use(**cleo)); }
};

/// Where the case with a person stands.
std::size_t with_person(const Unfolded& in) {
  for (std::size_t i = 0; i < in.content.size(); ++i) {
    if (in.volume.ledgers(static_cast<int>(i)).kind() == 1 && in.content[i].size() > 1) return i;
  }
  throw std::logic_error("no case has a person");
}
vault::pb::SnapshotLedger& header(const Unfolded& in) { return *in.volume.mutable_ledgers(static_cast<int>(with_person(in))); }
ledger::BundledLedger& records(const Unfolded& in) { return in.content[with_person(in)]; }

/// The one value of that field says something else, wherever it stands.
void put_words(const Unfolded& in, std::uint32_t field, const Value& value) {
  for (ledger::BundledRecord& record : records(in)) {
    const auto at = record.state.fields.find(field);
    if (record.state.type == type_named("person").id && at != record.state.fields.end()) at->second.held.front().value = encode(value);
  }
}

}  // namespace

TEST_CASE("a newcomer sees at once what her colleague's snapshot holds, and it is unverified") {
  Stage stage;
  need(stage.load(stage.publish()));
  CHECK(values(*stage.cleo, stage.person, "forename") == std::vector<Value>{Text{"Chloe"}});
  CHECK(digest(*stage.cleo) == digest(stage.ana));
  CHECK(stage.use().trust == Trust::unverified);
  CHECK(stage.use().unchecked == 2);
  CHECK(faults(*stage.cleo).empty());
  CHECK(need(vault::covered_frontier(**stage.cleo)).ledgers.size() == 2);
}

TEST_CASE("a case that is dropped before it is verified leaves the snapshot too, and does not come back with it") {
  Stage stage([](Stage& it) {
    it.fleet.append(membership::OfficeKey{Digest{}, crypto::sign_public(it.fleet.root_seed()), "127.0.0.1:1"});
    it.fleet.share_membership();
  });
  const auto offer = stage.publish();
  need(stage.load(offer));
  {
    auto drafts = need(vault::Drafts::open(**stage.cleo));
    auto writing = need((*stage.cleo)->begin());
    need(vault::put_down(**stage.cleo, writing, stage.first, drafts));
    need(std::move(writing).commit());
  }
  CHECK(stage.use().unchecked == 1);
  CHECK(need(vault::covered_frontier(**stage.cleo)).ledgers.size() == 1);
  CHECK(count(*stage.cleo, "SELECT count(*) FROM bundles") == 0);   // it held both, and was unfolded
  CHECK(count(*stage.cleo, "SELECT count(*) FROM records") == 1);
  CHECK(faults(*stage.cleo).empty());
  stage.page(stage.office);
  stage.settle();
  CHECK(stage.use().trust == Trust::verified);
  CHECK(count(*stage.cleo, "SELECT count(*) FROM records") == 1);
  CHECK(need((*stage.cleo)->store().has_record(stage.second)));
  CHECK(code_of(stage.load(offer)) == Errc::already_exists);
  CHECK(faults(*stage.cleo).empty());

  auto writing = need((*stage.cleo)->begin());
  need(vault::take_up(**stage.cleo, writing, stage.first.view()));
  need(std::move(writing).commit());
  for (const Delivered& each : stage.office) Fleet::give(*stage.cleo, each.parcel);
  need(vault::settle_carried(**stage.cleo));
  CHECK(digest(*stage.cleo) == digest(stage.ana));
  CHECK(faults(*stage.cleo).empty());
}

TEST_CASE("once the envelopes have come the snapshot is verified, whatever the pages are cut into, with a restart after each") {
  Stage stage;
  need(stage.load(stage.publish()));
  const std::size_t at_once = GENERATE(1, 2, 3, 100);
  for (std::size_t at = 0; at < stage.office.size(); at += at_once) {
    const auto begin = stage.office.begin() + static_cast<std::ptrdiff_t>(at);
    stage.page({begin, begin + static_cast<std::ptrdiff_t>(std::min(at_once, stage.office.size() - at))});
    CHECK(digest(*stage.cleo) == digest(stage.ana));
    CHECK(faults(*stage.cleo).empty());
    stage.fleet.reopen(*stage.cleo);
  }
  stage.settle();
  CHECK(stage.use().trust == Trust::verified);
  CHECK(stage.use().unchecked == 0);
  CHECK(digest(*stage.cleo) == digest(stage.ana));
  CHECK(faults(*stage.cleo).empty());
}

TEST_CASE("what is written on top of a snapshot, here and by colleagues, is kept and read by all") {
  Stage stage;
  need(stage.load(stage.publish()));
  edit(stage.ben, stage.person, "surname", Text{"Hill"});
  const auto tail = Fleet::news(stage.ben);
  std::vector<Delivered> late;
  for (const vault::Parcel& parcel : tail) late.push_back({1000, parcel});
  late.erase(late.begin(), late.end() - 1);   // what Ben wrote before is in the snapshot
  stage.page(late);
  CHECK(values(*stage.cleo, stage.person, "surname") == std::vector<Value>{Text{"Hill"}});

  edit(*stage.cleo, stage.person, "forename", Text{"Clara"});
  const RecordId written = put(*stage.cleo, stage.second, "person", {{"forename", Text{"Noor"}}});
  CHECK(values(*stage.cleo, stage.person, "forename") == std::vector<Value>{Text{"Clara"}});
  stage.page(stage.office);
  stage.settle();
  CHECK(stage.use().trust == Trust::verified);
  CHECK(values(*stage.cleo, stage.person, "forename") == std::vector<Value>{Text{"Clara"}});
  CHECK(faults(*stage.cleo).empty());

  stage.fleet.reconcile();
  CHECK(values(stage.ana, stage.person, "forename") == std::vector<Value>{Text{"Clara"}});
  CHECK(values(stage.ben, written, "forename") == std::vector<Value>{Text{"Noor"}});
  CHECK(stage.fleet.converged());
}

TEST_CASE("a snapshot that lies is found out, discarded and told of by name, and what was written on it survives") {
  Stage stage;
  const std::uint32_t forename = field_named("person", "forename").id;
  struct Lie { const char* what; Alter alter; };
  const std::vector<Lie> lies{
      {"a value is altered", [&](Unfolded in) { put_words(in, forename, Text{"Nobody"}); }},
      {"a record is missing", [&](Unfolded in) { records(in).pop_back(); }},
      {"a record is made up", [&](Unfolded in) { records(in).push_back({RecordId::from(Bytes(16, '\xff')).value(), records(in).front().state, {}}); }},
      {"a record twice", [&](Unfolded in) { records(in).push_back(records(in).back()); records(in).erase(records(in).begin()); }},
      {"a case is another's", [&](Unfolded in) { header(in).set_subject(Bytes(16, 's')); }},
      {"its frontier names another head", [&](Unfolded in) { header(in).set_head(Bytes(32, 'h')); }},
  };
  for (const Lie& lie : lies) {
    DYNAMIC_SECTION(lie.what) {
      need(stage.load(stage.publish_altered(lie.alter)));
      const RecordId written = put(*stage.cleo, stage.second, "person", {{"forename", Text{"Noor"}}});
      const bool two_pages = GENERATE(false, true);
      if (two_pages) {
        const auto half = stage.office.begin() + static_cast<std::ptrdiff_t>(stage.office.size() / 2);
        stage.page({stage.office.begin(), half});
        stage.page({half, stage.office.end()});
      } else {
        stage.page(stage.office);
      }
      stage.settle();
      CHECK(stage.use().trust == Trust::false_);
      CHECK(stage.use().publisher == stage.ana->identity().device);
      CHECK(stage.use().unchecked == 0);
      CHECK(values(*stage.cleo, stage.person, "forename") == std::vector<Value>{Text{"Chloe"}});
      CHECK(values(*stage.cleo, written, "forename") == std::vector<Value>{Text{"Noor"}});
      const auto told = faults(*stage.cleo);
      REQUIRE(told.size() == 1);
      CHECK(told.front().find((*stage.cleo)->device_name(stage.ana->identity().device)) != std::string::npos);
      stage.fleet.reconcile();
      CHECK(stage.fleet.converged());
    }
  }
}

TEST_CASE("a case that nobody has is discarded once the office has nothing more, and one left out comes with its envelopes") {
  Stage stage;
  const bool made_up = GENERATE(true, false);
  need(stage.load(stage.publish_altered([&](Unfolded in) {
    if (!made_up) {
      in.volume.mutable_ledgers()->RemoveLast();
      in.content.pop_back();
      return;
    }
    auto& copy = *in.volume.add_ledgers();
    copy = in.volume.ledgers(0);
    copy.set_ledger(Bytes(16, '\xee'));
    copy.set_subject(Bytes(16, 's'));
    in.content.push_back({{RecordId::from(Bytes(16, '\x01')).value(), in.content[0].front().state, {}}});
  })));
  stage.page(stage.office);
  stage.settle();
  CHECK(stage.use().trust == (made_up ? Trust::false_ : Trust::verified));
  CHECK(stage.use().unchecked == 0);
  CHECK(digest(*stage.cleo) == digest(stage.ana));
}

TEST_CASE("a snapshot whose parts are not what its manifest says leaves nothing") {
  Stage stage;
  const Digest before = digest(*stage.cleo);
  const bool odd_ledger = GENERATE(true, false);
  const vault::Offer offer = stage.publish_altered([&](Unfolded in) {
    if (odd_ledger) in.volume.mutable_ledgers(0)->set_head("short");
    else in.volume.mutable_ledgers()->RemoveLast();   // and its records stay
  });
  CHECK(code_of(stage.load(offer)) == Errc::corrupt);
  CHECK(digest(*stage.cleo) == before);
  CHECK_FALSE(need(vault::snapshot_use(**stage.cleo)));
  need(stage.load(stage.publish()));
  CHECK(code_of(stage.load(stage.publish())) == Errc::already_exists);
}

TEST_CASE("bundles that cannot be read hold nobody up: they show nothing, and the envelopes put it right") {
  Stage stage;
  vault::Offer offer = stage.publish_altered([](Unfolded) {});
  attachments::Blobs blobs(stage.ana->env().files, stage.ana->home());
  vault::pb::SnapshotManifest manifest;
  manifest.ParseFromString(offer.manifest);
  const auto content = need(attachments::parse_content(manifest.volumes(0)));
  auto volume = need(vault::read_volume(need(attachments::open_file(content, [&](const Digest& part) { return blobs.get(part); }))));
  auto& frame = *volume.mutable_bundles(0)->mutable_content();
  frame = frame.substr(0, frame.size() / 2);
  attachments::Content sealed{crypto::Key::random(stage.ana->env().random), {}};
  need(attachments::seal_file(sealed.key, volume.SerializeAsString(), [&](BytesView chunk) -> Result<void> {
    sealed.chunks.push_back(need(blobs.put(chunk)));
    return {};
  }));
  manifest.set_volumes(0, attachments::content_text(sealed));
  offer.manifest = manifest.SerializeAsString();
  need(stage.load(offer));
  CHECK_FALSE(need((*stage.cleo)->store().has_record(stage.person)));
  stage.page(stage.office);
  stage.settle();
  CHECK(stage.use().trust == Trust::false_);
  CHECK(digest(*stage.cleo) == digest(stage.ana));
}

TEST_CASE("one record looked at unfolds its ledger alone, and what was not looked at stays together over a restart") {
  Stage stage;
  for (int i = 0; i < 200; ++i) {   // several bundles
    const RecordId made = put_case(stage.ana, "W-" + std::to_string(100 + i));
    put(stage.ana, made, "person", {{"forename", Text{std::string(4'000, 'x')}}});
  }
  answer(stage.ana);
  stage.office = office_of(stage.ana);
  stage.frontier = frontier_of(stage.office);
  need(stage.load(stage.publish()));
  const auto bundles = [&] { return count(*stage.cleo, "SELECT count(*) FROM bundles"); };
  const std::uint64_t all = bundles();
  REQUIRE(all > 2);
  CHECK(count(*stage.cleo, "SELECT count(*) FROM records") == 0);
  for (const bool again : {false, true}) {
    if (again) stage.fleet.reopen(*stage.cleo);
    CHECK(values(*stage.cleo, stage.person, "forename") == std::vector<Value>{Text{"Chloe"}});
    CHECK(bundles() == all);
    CHECK(count(*stage.cleo, "SELECT count(*) FROM records") == 2);
  }
  edit(*stage.cleo, stage.person, "forename", Text{"Cleo was here"});
  CHECK(need((*stage.cleo)->store().records_of_type(type_named("case").id)).size() == 202);
  CHECK(bundles() == 0);
  CHECK(faults(*stage.cleo).empty());
}

TEST_CASE("a case erased while it stands in a bundle leaves no word of it, and its neighbours stay") {
  Stage stage;
  need(stage.load(stage.publish()));
  REQUIRE(count(*stage.cleo, "SELECT count(*) FROM bundles") == 1);
  const auto row = *need(stage.ana->store().ledger_of(ledger::LedgerKind::case_ledger, stage.second.view()));
  stage.fleet.append(membership::Erase{row.id, {}});
  stage.fleet.share_membership();
  CHECK(count(*stage.cleo, "SELECT count(*) FROM bundles") == 0);
  CHECK_FALSE(need((*stage.cleo)->store().has_record(stage.second)));
  CHECK(values(*stage.cleo, stage.person, "forename") == std::vector<Value>{Text{"Chloe"}});
}

TEST_CASE("reviews of cases in bundles are counted before anybody looks") {
  Stage stage([](Stage& before) {
    edit(before.ana, before.person, "forename", Text{"Ana's"});
    edit(before.ben, before.person, "forename", Text{"Ben's"});
    before.fleet.reconcile();
  });
  need(stage.load(stage.publish()));
  CHECK(need(casework::open_reviews(**stage.cleo)) == 1);
  CHECK(count(*stage.cleo, "SELECT count(*) FROM reviews") == 0);
  CHECK(need(casework::reviews(**stage.cleo)).size() == 1);
  CHECK(need(casework::open_reviews(**stage.cleo)) == 1);
}

TEST_CASE("a compartment is in no snapshot, nor is a case that was erased") {
  Stage stage;
  put(stage.ana, stage.first, "perpetrator", {{"forename", Text{"Dan"}}});
  answer(stage.ana);
  stage.frontier = frontier_of(office_of(stage.ana));
  const vault::Offer offer = stage.publish();
  const auto row = *need(stage.ana->store().ledger_of(ledger::LedgerKind::case_ledger, stage.second.view()));
  stage.fleet.append(membership::Erase{row.id, {}});
  stage.fleet.share_membership();
  need(stage.load(offer));
  CHECK_FALSE(need((*stage.cleo)->store().has_record(stage.second)));
  CHECK(need((*stage.cleo)->store().has_record(stage.first)));
  CHECK(need((*stage.cleo)->store().records_of_type(type_named("perpetrator").id)).empty());
  CHECK(stage.use().ledgers == 1);
}

TEST_CASE("an address comes with the snapshot of the team whose key it is under, and a false one is found out") {
  Stage stage([](Stage& before) { edit(before.ana, before.person, "town", Text{"Quillonbury"}); });
  const bool honest = GENERATE(true, false);
  const std::uint32_t town = field_named("person", "town").id;
  need(stage.load(stage.publish_altered([&](Unfolded in) { if (!honest) put_words(in, town, Text{"Elsewhere"}); })));
  CHECK(values(*stage.cleo, stage.person, "town") == std::vector<Value>{Text{honest ? "Quillonbury" : "Elsewhere"}});
  stage.page(stage.office);
  stage.settle();
  CHECK(values(*stage.cleo, stage.person, "town") == std::vector<Value>{Text{"Quillonbury"}});
  CHECK(digest(*stage.cleo) == digest(stage.ana));
  CHECK(faults(*stage.cleo).empty() == (stage.use().trust == Trust::verified));
}

TEST_CASE("a published snapshot is offered to who can open it, and only as a member signed it") {
  Stage stage;
  const auto made = need(vault::make_snapshot(*stage.ana, stage.fleet.main_team(), stage.frontier));
  need(vault::publish_snapshot(*stage.ana, stage.fleet.main_team(), made));
  auto parcels = Fleet::all_of(stage.ana);
  const auto offer = need(vault::best_offer(**stage.cleo, parcels, stage.frontier.generation));
  REQUIRE(offer);
  CHECK(offer->publisher == stage.ana->identity().device);
  CHECK(offer->parts == made.parts);
  CHECK_FALSE(need(vault::best_offer(**stage.cleo, parcels, Bytes(16, 'o'))));
  for (vault::Parcel& parcel : parcels) parcel.envelope.back() = static_cast<char>(parcel.envelope.back() ^ 1);
  CHECK_FALSE(need(vault::best_offer(**stage.cleo, parcels, stage.frontier.generation)));
}

TEST_CASE("nothing is published while something written here is not at the office") {
  Stage stage;
  edit(stage.ana, stage.person, "forename", Text{"Anna"});
  CHECK(code_of(vault::make_snapshot(*stage.ana, stage.fleet.main_team(), stage.frontier)) == Errc::busy);
}
