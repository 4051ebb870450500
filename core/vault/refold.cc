#include "core/vault/refold.h"

#include <algorithm>

#include "core/ledger/apply.h"
#include "core/vault/sealed_fields.h"
#include "core/vault/snapshot.h"

namespace wayside::vault {
namespace {

/// The ids that nothing in the ledger builds on, in the order they came.
class Heads {
 public:
  void add(const OpenedEnvelope& opened) {
    order_.push_back(opened.envelope.id);
    if (opened.envelope.header.prev) built_on_.insert(*opened.envelope.header.prev);
    built_on_.insert(opened.change.deps.begin(), opened.change.deps.end());
  }
  [[nodiscard]] std::vector<EnvelopeId> list() const {
    std::vector<EnvelopeId> out;
    std::ranges::copy_if(order_, std::back_inserter(out), [this](const EnvelopeId& id) { return !built_on_.contains(id); });
    return out;
  }

 private:
  std::vector<EnvelopeId> order_;
  std::set<EnvelopeId> built_on_;
};

Result<void> put(Vault& vault, Vault::Writing& writing, ledger::RecordRow row, const ledger::RecordState* before) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(row.n, store.put_record(writing.transaction(), row));
  std::set<std::uint32_t> fields;
  for (const auto& [id, field] : row.state.fields) fields.insert(id);
  if (before != nullptr) {
    WAYSIDE_OK(store.queue_for_search(writing.transaction(), row.n));
    for (const auto& [id, field] : before->fields) fields.insert(id);
  }
  for (const std::uint32_t field : fields) {
    WAYSIDE_OK(ledger::keep_review_in_step(store, row, field, before != nullptr, vault.env().clock.wall_ms()));
  }
  return {};
}

/// Most envelopes of a ledger that a snapshot shows are not here yet: it is folded from them when they are, and compared.
/// Those that are here may say more than they did, once a key of fields has come.
Result<void> fold_again(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& row, const std::set<EnvelopeId>& apart) {
  return vault.store().each_envelope(row.n, [&](const ledger::EnvelopeRow& each) -> Result<void> {
    if (apart.contains(each.id)) return {};
    WAYSIDE_TRY(const OpenedEnvelope opened, open_stored(vault, each));
    const ledger::Verified verified{each.id, opened.envelope.header.device, row.n, opened.author, false};
    return ledger::apply(vault.store(), writing.transaction(), verified, opened.change, vault.env().clock.wall_ms());
  });
}

}  // namespace

Result<OpenedEnvelope> open_stored(Vault& vault, const ledger::EnvelopeRow& row) {
  const membership::Log& log = vault.membership();
  WAYSIDE_TRY(auto envelope, ledger::parse_envelope(row.sealed));
  if (envelope.id != row.id) return fail(Errc::corrupt, "its id");
  const auto head = log.number_of(envelope.header.membership_head);
  const membership::DeviceInfo* device = log.device(envelope.header.device);
  if (!head || device == nullptr) return fail(Errc::not_a_member, "its author");
  WAYSIDE_TRY(const SecretBytes key, vault.store().case_key(row.ledger, envelope.header.key_generation));
  WAYSIDE_TRY(const Bytes plain, ledger::open_envelope(envelope, key.view()));
  WAYSIDE_TRY(auto change, ledger::decode_change_set(plain, envelope.header.device));
  WAYSIDE_OK(open_sealed_fields(vault, row.ledger, change));
  const ledger::Author author{change.author, change.time, static_cast<std::uint32_t>(log.role_at(device->entry.user, *head))};
  return OpenedEnvelope{std::move(envelope), std::move(change), author};
}

void fold_into(Folded& records, const OpenedEnvelope& opened) {
  std::uint32_t index = 0;
  for (const ledger::RecordWrites& record : opened.change.records) {
    auto [at, made] = records.try_emplace(record.record, ledger::RecordState{record.type, {}});
    at->second.type = std::min(at->second.type, record.type);
    for (const ledger::Write& write : record.writes) {
      ledger::fold(at->second, write, {opened.envelope.header.device, ledger::stem_of(opened.envelope.id), index++}, opened.author);
    }
  }
}

Result<std::set<EnvelopeId>> kept_apart(Vault& vault, const LedgerId& ledger) {
  std::set<EnvelopeId> out;
  store::Query rows = vault.store().database().query("SELECT id FROM quarantine WHERE ledger = ? AND why = ?", ledger,
                                                     static_cast<std::int64_t>(Errc::removed));
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.insert(rows.id<EnvelopeId>(0));
  }
}

Result<void> refold(Vault& vault, Vault::Writing& writing, std::int64_t ledger) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto row, store.ledger(ledger));
  if (!row) return fail(Errc::not_found, "ledger");
  WAYSIDE_TRY(const auto apart, kept_apart(vault, row->id));
  WAYSIDE_TRY(const bool unchecked, is_unchecked(vault, ledger));
  if (unchecked) return fold_again(vault, writing, *row, apart);
  Folded folded;
  Heads heads;
  WAYSIDE_OK(store.each_envelope(ledger, [&](const ledger::EnvelopeRow& each) -> Result<void> {
    if (apart.contains(each.id)) return {};
    WAYSIDE_TRY(const OpenedEnvelope opened, open_stored(vault, each));
    fold_into(folded, opened);
    heads.add(opened);
    return {};
  }));
  WAYSIDE_TRY(const auto before, store.records_in(ledger));
  for (const ledger::RecordRow& held : before) {
    const auto found = folded.find(held.id);
    if (found == folded.end()) {
      WAYSIDE_OK(store.drop_record(writing.transaction(), held));
      continue;
    }
    if (found->second.type != held.state.type || encode(found->second) != encode(held.state)) {
      WAYSIDE_OK(put(vault, writing, {held.n, held.id, ledger, found->second}, &held.state));
    }
    folded.erase(found);
  }
  for (auto& [id, state] : folded) WAYSIDE_OK(put(vault, writing, {0, id, ledger, std::move(state)}, nullptr));
  return store.put_heads(writing.transaction(), ledger, heads.list());
}

}  // namespace wayside::vault
