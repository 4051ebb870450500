#include "core/vault/weekly_check.h"

#include <algorithm>

#include "core/vault/audit.h"
#include "core/vault/formats.pb.h"
#include "core/vault/verify.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kName = "weekly_check";   // meta: CheckState
constexpr std::int64_t kEnvelopesAtOnce = 2'000;
constexpr int kMostFaults = 8;                       // sentences; after that it is the same story
constexpr std::int64_t kKeepEvery_ms = 2'000;

Result<pb::CheckState> read(Vault& vault) {
  WAYSIDE_TRY(const auto bytes, vault.store().meta(kName));
  pb::CheckState state;
  // What cannot be read is begun anew: nothing of it is more than a place to go on from.
  if (bytes && !state.ParseFromString(*bytes)) state.Clear();
  return state;
}

Result<void> write(Vault& vault, const pb::CheckState& state) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta(writing.transaction(), kName, state.SerializeAsString()));
  return std::move(writing).commit();
}

bool under_way(const pb::CheckState& state) { return state.began_ms() != 0; }

void add_faults(pb::CheckState& state, const std::vector<std::string>& found) {
  for (const std::string& each : found) {
    if (state.found_size() < kMostFaults) state.add_found(each);
  }
}

void end_round(pb::CheckState& state, std::int64_t now_ms) {
  state.set_ended_ms(now_ms);
  state.set_since_ms(now_ms);
  *state.mutable_faults() = state.found();
  state.clear_found();
  state.clear_began_ms();
  state.clear_ledger();
  state.clear_envelope();
  state.clear_chain();
  state.clear_done();
}

}  // namespace

struct WeeklyCheck::State { pb::CheckState at; bool kept = true; };

Result<CheckStanding> check_standing(Vault& vault) {
  WAYSIDE_TRY(const pb::CheckState state, read(vault));
  CheckStanding out;
  out.ended_ms = state.ended_ms();
  out.faults.assign(state.faults().begin(), state.faults().end());
  for (const std::string& each : state.found()) {
    if (std::ranges::find(out.faults, each) == out.faults.end()) out.faults.push_back(each);
  }
  if (!under_way(state)) return out;
  out.done = state.done();
  store::Query count = vault.store().database().query("SELECT count(*) FROM ledgers WHERE kind > 0");
  WAYSIDE_OK(count.next());
  out.total = static_cast<std::uint64_t>(count.integer(0));
  return out;
}

Result<void> note_whole_check(Vault& vault, const std::vector<std::string>& faults) {
  pb::CheckState state;
  add_faults(state, faults);
  end_round(state, vault.env().clock.wall_ms());
  return write(vault, state);
}

WeeklyCheck::WeeklyCheck(Vault& vault, std::unique_ptr<State> state)
    : vault_(vault), state_(std::move(state)), kept_at_ms_(vault.env().clock.monotonic_ms()) {}
WeeklyCheck::~WeeklyCheck() = default;

Result<std::unique_ptr<WeeklyCheck>> WeeklyCheck::open(Vault& vault) {
  auto state = std::make_unique<State>();
  WAYSIDE_TRY(state->at, read(vault));
  return std::unique_ptr<WeeklyCheck>(new WeeklyCheck(vault, std::move(state)));
}

/// A vault that is new waits as long as one that was checked just now: it has folded everything itself.
bool WeeklyCheck::due() const {
  const pb::CheckState& state = state_->at;
  const std::int64_t passed_ms = vault_.env().clock.wall_ms() - state.since_ms();
  return under_way(state) || state.since_ms() == 0 || passed_ms >= kCheckEvery_ms || passed_ms < 0;
}

/// One ledger, then so many envelopes of the chain, then the rest. False: the round has ended.
Result<bool> WeeklyCheck::one() {
  state_->kept = false;
  pb::CheckState& state = state_->at;
  store::Database& database = vault_.store().database();
  std::int64_t ledger = 0;
  {
    store::Query next = database.query("SELECT n FROM ledgers WHERE n > ? AND kind > 0 ORDER BY n LIMIT 1", state.ledger());
    WAYSIDE_TRY(const bool more, next.next());
    ledger = more ? next.integer(0) : 0;
  }
  if (ledger != 0) {
    WAYSIDE_TRY(const auto found, verify_ledger(vault_, ledger));
    add_faults(state, found);
    state.set_ledger(ledger);
    state.set_done(state.done() + 1);
    return true;
  }
  Digest chain = Digest::from(state.chain()).value_or(Digest{});
  std::int64_t looked_at = 0;
  {
    store::Query ids = database.query("SELECT n, id FROM envelopes WHERE n > ? ORDER BY n LIMIT ?", state.envelope(), kEnvelopesAtOnce);
    for (;;) {
      WAYSIDE_TRY(const bool row, ids.next());
      if (!row) break;
      state.set_envelope(ids.integer(0));
      chain = Vault::next_chain(chain, ids.id<EnvelopeId>(1));
      ++looked_at;
    }
  }
  state.set_chain(chain.str());
  if (looked_at == kEnvelopesAtOnce) return true;
  if (chain != vault_.chain()) add_faults(state, {"the ledger table is not the one that was written"});
  if (const auto anchor = vault_.check_anchor(); !anchor) add_faults(state, {anchor.error().detail});
  WAYSIDE_TRY(const auto audit, audit_faults(vault_));
  add_faults(state, audit);
  end_round(state, vault_.env().clock.wall_ms());
  return false;
}

Result<bool> WeeklyCheck::step(std::int64_t budget_ms) {
  platform::Clock& clock = vault_.env().clock;
  pb::CheckState& state = state_->at;
  if (!due()) return false;
  if (!under_way(state) && state.since_ms() == 0) {
    state.set_since_ms(clock.wall_ms());
    state_->kept = false;
    WAYSIDE_OK(keep());
    return false;
  }
  if (!under_way(state)) state.set_began_ms(std::max<std::int64_t>(1, clock.wall_ms()));
  const std::int64_t until_ms = clock.monotonic_ms() + budget_ms;
  for (;;) {
    WAYSIDE_TRY(const bool more, one());
    const std::int64_t now_ms = clock.monotonic_ms();
    if (!more || now_ms - kept_at_ms_ >= kKeepEvery_ms) WAYSIDE_OK(keep());
    if (!more || now_ms >= until_ms) return more;
  }
}

Result<void> WeeklyCheck::keep() {
  if (state_->kept) return {};
  WAYSIDE_OK(write(vault_, state_->at));
  state_->kept = true;
  kept_at_ms_ = vault_.env().clock.monotonic_ms();
  return {};
}

}  // namespace wayside::vault
