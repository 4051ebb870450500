#include "core/vault/branches.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "core/vault/ingest.h"
#include "core/vault/verify.h"
#include "tests/support/fleet.h"

using namespace wayside;
using membership::Role;
using support::Device;
using support::Fleet;
using support::need;
using vault::Heeded;
using vault::Outcome;

namespace {

/// Amina's vault holds the log as the office does; Ben's has another entry in one place, signed as well.
struct TwoLogs {
  Fleet fleet{23};
  Device& amina = fleet.add("Amina", Role::admin);
  Device& ben = fleet.add("Ben");
  Device& cara = fleet.add("Cara");
  RecordId case_id = support::put_case(amina, "B-1");
  std::uint64_t number = fleet.log().size();
  membership::SignedEntry bens = fleet.sign(membership::RoleEntry{cara->identity().user, Role::desk, std::nullopt, false, {}},
                                            membership::SignerKind::device, amina->identity().device.str(), amina->keys().sign_seed);
  membership::SignedEntry offices{};

  TwoLogs() {
    fleet.reconcile();
    need(take(ben, {bens.bytes}));
    offices = fleet.append(membership::RoleEntry{cara->identity().user, Role::manager, std::nullopt, false, {}});
    fleet.share_membership(amina);
  }
  static Result<void> take(Device& device, const std::vector<Bytes>& entries) {
    WAYSIDE_TRY(auto writing, device->begin());
    vault::Ingest ingest(*device, writing);
    WAYSIDE_OK(ingest.membership(entries));
    return std::move(writing).commit();
  }
  /// As a page of the office is folded.
  std::pair<Heeded, std::optional<Errc>> show(Device& device) {
    const Heeded heeded = need(vault::heed_branches(*device, fleet.entries()));
    return {heeded, support::code_of(take(device, fleet.entries()))};
  }
  void decide() { fleet.append(membership::Branch{offices.hash, bens.hash}); }
};

}  // namespace

TEST_CASE("two signed successors are noticed, kept as evidence, told once, and the first that was seen stays") {
  TwoLogs it;
  const auto head = it.ben->membership().head();
  CHECK(it.show(it.ben) == std::pair(Heeded::evidence, std::optional(Errc::fork)));
  CHECK(it.ben->membership().head() == head);
  CHECK(it.show(it.ben) == std::pair(Heeded::nothing, std::optional(Errc::fork)));   // known by now
  it.fleet.reopen(it.ben);
  const auto branches = need(vault::untold_branches(*it.ben));
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].number == it.number);
  CHECK(branches[0].ours.front().hash == it.bens.hash);
  CHECK(branches[0].theirs.front().hash == it.offices.hash);
  CHECK_THAT(vault::sentence_of(*it.ben, branches[0]), Catch::Matchers::ContainsSubstring(to_text(it.bens.hash)));
  auto writing = need(it.ben->begin());
  need(vault::note_branches_told(*it.ben, writing));
  need(std::move(writing).commit());
  CHECK(need(vault::untold_branches(*it.ben)).empty());
  CHECK_FALSE(need(vault::verify(*it.ben, {})).notes.empty());
}

TEST_CASE("what nobody may have signed is no branch") {
  TwoLogs it;
  auto forged = it.offices.bytes;
  forged.back() = static_cast<char>(forged.back() ^ 1);
  CHECK(need(vault::heed_branches(*it.ben, {forged})) == Heeded::nothing);
  Fleet other{99};
  other.add("Far", Role::admin);
  CHECK(need(vault::heed_branches(*it.ben, other.entries())) == Heeded::nothing);
  CHECK(need(vault::undecided_branches(*it.ben)).empty());
}

TEST_CASE("until a branch is decided no further epoch is taken and nobody's right, and all else goes on") {
  TwoLogs it;
  it.show(it.ben);
  membership::Log log = it.ben->membership();
  const auto next = [&](membership::EntryKind kind) {
    return membership::sign_entry({log.organisation(), log.size(), log.head(), 0, membership::SignerKind::root, {}, std::move(kind)}, it.fleet.root_seed());
  };
  const auto harmless = next(membership::Countersign{});
  const auto epoch = next(membership::Epoch{it.fleet.main_team(), 2, it.fleet.log().found()->recovery_public, {}, {}, {}});
  const auto removal = next(membership::Removal{it.cara->identity().device, std::nullopt, {}, {}});
  CHECK(support::code_of(TwoLogs::take(it.ben, {epoch.bytes})) == Errc::fork);
  CHECK(support::code_of(TwoLogs::take(it.ben, {removal.bytes})) == Errc::fork);
  CHECK_FALSE(support::code_of(TwoLogs::take(it.ben, {harmless.bytes})));
}

SCENARIO("the root keeps one branch, and a device on the other changes over with all its work") {
  TwoLogs it;
  it.show(it.ben);
  support::edit(it.ben, it.case_id, "reference", Text{"written on the other branch"});
  const auto written = Fleet::news(it.ben);
  REQUIRE(written.size() == 1);
  CHECK(Fleet::give(it.amina, written[0]) == Outcome::pending);   // nobody else knows that head
  const std::uint64_t before = it.number - 1;

  WHEN("the branch that the office holds is kept") {
    it.decide();
    CHECK(it.show(it.ben) == std::pair(Heeded::changed_over, std::optional<Errc>{}));
    THEN("its log is the office's, its work is judged by the last entry that both share, and everybody has it") {
      CHECK(it.ben->membership().head() == it.fleet.log().head());
      CHECK(it.ben->membership().number_of(it.bens.hash) == before);
      CHECK(it.ben->membership().role_at(it.cara->identity().user, it.fleet.log().size()) == Role::manager);
      CHECK(need(vault::undecided_branches(*it.ben)).empty());
      it.fleet.share_membership(it.amina);
      CHECK(support::texts(it.amina, it.case_id, "reference") == support::Texts{"written on the other branch"});
      CHECK(support::count(it.amina, "SELECT count(*) FROM pending") == 0);
      it.fleet.share_membership();
      it.fleet.reconcile();
      CHECK(it.fleet.converged());
      for (Device* each : {&it.amina, &it.ben, &it.cara}) CHECK(support::faults(*each).empty());
      it.fleet.reopen(it.ben);
      CHECK(it.ben->membership().head() == it.fleet.log().head());
      CHECK(support::faults(it.ben).empty());
    }
  }
  WHEN("an epoch follows on the kept branch before the decision about it") {
    it.fleet.renew_epoch(it.fleet.main_team(), {});
    it.decide();
    CHECK(it.show(it.ben) == std::pair(Heeded::changed_over, std::optional<Errc>{}));
    CHECK(it.ben->membership().newest_epoch(it.fleet.main_team())->number == 2);
    CHECK(it.ben->epoch_secret(it.fleet.main_team(), 2) != nullptr);
  }
  WHEN("some of its entries are not refused by name") {
    const auto second = membership::sign_entry({it.ben->membership().organisation(), it.ben->membership().size(), it.ben->membership().head(), 0,
                                                membership::SignerKind::root, {}, membership::Countersign{}}, it.fleet.root_seed());
    need(TwoLogs::take(it.ben, {second.bytes}));
    it.decide();
    CHECK(it.show(it.ben) == std::pair(Heeded::evidence, std::optional(Errc::fork)));
    it.fleet.append(membership::Branch{it.offices.hash, second.hash});
    CHECK(it.show(it.ben) == std::pair(Heeded::changed_over, std::optional<Errc>{}));
  }
}

TEST_CASE("a device on the branch that is kept hears of the other and of the decision, and goes on") {
  TwoLogs it;
  CHECK(need(vault::heed_branches(*it.amina, {it.bens.bytes})) == Heeded::evidence);
  it.fleet.renew_epoch(it.fleet.main_team(), {});
  CHECK(it.show(it.amina).second == Errc::fork);      // an epoch, while it is not decided
  it.decide();
  CHECK_FALSE(it.show(it.amina).second);              // decided by what comes with it
  CHECK(it.amina->membership().head() == it.fleet.log().head());
  CHECK(need(vault::undecided_branches(*it.amina)).empty());
}

TEST_CASE("a rolled back change of branches leaves everything as it was") {
  TwoLogs it;
  const auto head = it.ben->membership().head();
  {
    auto writing = need(it.ben->begin());
    need(writing.cut_membership(1));
    CHECK(it.ben->membership().size() == 1);
    CHECK(it.ben->epoch_secret(it.fleet.main_team(), 1) == nullptr);
  }
  CHECK(it.ben->membership().head() == head);
  CHECK(it.ben->epoch_secret(it.fleet.main_team(), 1) != nullptr);
  support::edit(it.ben, it.case_id, "reference", Text{"B-2"});
  CHECK(support::faults(it.ben).empty());
}
