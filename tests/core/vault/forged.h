#pragma once

#include "core/ledger/envelope.h"
#include "core/vault/ingest.h"
#include "tests/support/fleet.h"

namespace wayside::test {

/// Makes envelopes as a device that lies could: with its real keys, but not what its vault would write.
class Forger {
 public:
  /// In the ledger of `case_id`, right after what the device has written there.
  Forger(support::Device& device, const RecordId& case_id) : device_(device) {
    using support::need;
    const auto ledger = *need(device->store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()));
    const vault::Identity& me = device->identity();
    header_.organisation = me.organisation;
    header_.ledger = ledger.id;
    header_.device = me.device;
    header_.incarnation = me.incarnation;
    const auto key = *need(device->store().writing_key(ledger.n));
    header_.key_generation = key.generation;
    key_ = key.key.clone();
    header_.membership_head = *device->membership().head();
    store::Query author = device->store().database().query("SELECT n FROM authors WHERE device = ?", me.device);
    if (need(author.next())) {
      const auto last = need(device->store().last_of(ledger.n, author.integer(0)));
      header_.seq = last.seq + 1;
      header_.prev = last.id;
    } else {
      header_.seq = 1;
    }
    change_.author = me.user;
    change_.time = device->clock().latest() + 1;
    change_.form = "forged";
    change_.records = {{case_id, 1, {{21, encode(Value(Text{"forged"})), {}, {}, {}, false, {}}}}};
  }

  vault::Parcel by_user(const UserId& user) const {
    ledger::ChangeSet change = change_;
    change.author = user;
    return seal(header_, ledger::encode(change), key_);
  }
  vault::Parcel with_plain(BytesView plain) const { return seal(header_, plain, key_); }
  vault::Parcel with_key(const SecretBytes& key) const { return seal(header_, ledger::encode(change_), key); }
  vault::Parcel at_place(std::uint64_t seq, std::optional<EnvelopeId> prev) const {
    ledger::Header header = header_;
    header.seq = seq;
    header.prev = prev;
    return seal(header, ledger::encode(change_), key_);
  }
  vault::Parcel under_head(const EntryHash& head) const {
    ledger::Header header = header_;
    header.membership_head = head;
    return seal(header, ledger::encode(change_), key_);
  }
  vault::Parcel in_organisation(const OrganisationId& organisation) const {
    ledger::Header header = header_;
    header.organisation = organisation;
    return seal(header, ledger::encode(change_), key_);
  }
  vault::Parcel as_device(const DeviceId& device) const {
    ledger::Header header = header_;
    header.device = device;
    return seal(header, ledger::encode(change_), key_);
  }
  /// The one that follows `parcel` in the device's sequence.
  vault::Parcel after(const vault::Parcel& parcel) const {
    ledger::Header header = header_;
    const auto before = support::need(ledger::parse_envelope(parcel.envelope));
    header.seq = before.header.seq + 1;
    header.prev = before.id;
    return seal(header, ledger::encode(change_), key_);
  }

 private:
  vault::Parcel seal(const ledger::Header& header, BytesView plain, const SecretBytes& key) const {
    return {support::need(ledger::seal_envelope(header, plain, key.view(), device_->signer(), device_.world->random)).bytes, {}};
  }

  support::Device& device_;
  ledger::Header header_;
  SecretBytes key_;
  ledger::ChangeSet change_;
};

}  // namespace wayside::test
