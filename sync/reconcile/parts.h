#pragma once

#include <functional>

#include "core/vault/ingest.h"
#include "sync/reconcile/reconcile.h"
#include "sync/spool/outbox.h"
#include "sync/wire/wire.pb.h"

/// The steps of one reconciliation; reconcile.cc puts them in order.
namespace wayside::reconcile {

/// Hands a job of this vault's spool to a courier, and waits for it.
Result<wire::pb::CourierDone> carry(vault::Vault& vault, wire::pb::CourierJob job, const Options& options);

/// Tells each team which ledgers were made for it since the last time: one change-set a team (several when they are very
/// many). Nothing to tell: nothing is written. Returns how many ledgers were announced.
Result<std::size_t> announce(vault::Vault& vault);

/// How many announced ledgers this device was never given.
Result<std::uint64_t> missing_ledgers(vault::Vault& vault);

/// Puts every envelope that the office has not answered into the outbox, in the order of the ledger.
Result<void> fill_outbox(vault::Vault& vault, spool::Outbox& outbox);

/// Folds the pages of the inbox, one transaction each, to the end or until `stop_asked`.
struct Folding { vault::Ingested totals; bool stopped_early = false; };
Result<Folding> fold_pages(vault::Vault& vault, const Options& options);

/// Lists for the courier which parts of attachments the office is not known to hold (spool/parts_list.h). Of a file of
/// which a part is gone from this device none is listed.
Result<void> list_parts(vault::Vault& vault);
/// Forgets what was listed and is all at the office, by the courier's cursor.
Result<void> take_parts_sent(vault::Vault& vault);

/// Learns from the courier's cursor what the office has answered.
Result<void> take_answers(vault::Vault& vault, spool::Outbox& outbox);

}  // namespace wayside::reconcile
