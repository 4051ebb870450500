#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/base/ids.h"
#include "sync/wire/frontier.h"
#include "sync/wire/wire.pb.h"
#include "tests/support/fake_env.h"

namespace wayside::session::testing {

struct Written {
  EnvelopeId id;
  LedgerId ledger;
  wire::pb::Parcel parcel;
};

/// A device that writes real sealed envelopes, each ledger's in its own sequence.
class Writer {
 public:
  Writer(const OrganisationId& organisation, support::FakeRandom& random)
      : organisation_(organisation), random_(random), device_(DeviceId::random(random)) {}
  Written write(const LedgerId& ledger, std::size_t bytes = 100);
  [[nodiscard]] const DeviceId& device() const { return device_; }

 private:
  struct Sequence { std::uint64_t seq = 0; EnvelopeId prev; };
  OrganisationId organisation_;
  support::FakeRandom& random_;
  DeviceId device_;
  std::map<LedgerId, Sequence> sequences_;
};

/// What an office does with envelopes, in memory and in a few lines, so that a courier can be tested against every
/// misbehaviour of a line or of an office. Judges nobody: whoever asks is a member.
class OfficeModel {
 public:
  explicit OfficeModel(std::uint64_t seed);

  /// Misbehaviour, in percent of the occasions.
  struct Faults {
    unsigned lose_request = 0;      ///< it never arrives
    unsigned lose_answer = 0;       ///< it was done, and nobody hears of it
    unsigned later = 0;             ///< 503
    unsigned shuffle = 0;           ///< deliveries of a page in another order
    unsigned duplicate = 0;         ///< some of them twice
    unsigned withhold = 0;          ///< one of them not at all
  };
  Faults faults;
  std::size_t max_page_bytes = std::size_t{1} << 20;

  support::FakeNetwork::Handler handler(const DeviceId& device);
  wire::pb::PushAnswer push(const DeviceId& device, const wire::pb::PushRequest& request);
  wire::pb::PullAnswer pull(const DeviceId& device, const wire::pb::PullRequest& request);
  wire::pb::AppendAnswer append(const wire::pb::AppendRequest& request);

  /// Another device's envelope, stored at once.
  void store(const DeviceId& device, const Written& written);
  void add_membership_entry();
  /// An entry against the present head, not appended.
  Bytes next_entry();
  void answer_next_push_with(const EnvelopeId& id, wire::pb::Taken taken) { answers_[id] = std::move(taken); }
  void unsubscribe(const DeviceId& device, const LedgerId& ledger) { unsubscribed_.insert({device, ledger}); }
  /// Forgets the newest envelopes, as a backup that was put back secretly would.
  void roll_back(std::size_t envelopes);
  void start_generation() { generation_ = GenerationId::random(random_); }

  [[nodiscard]] const OrganisationId& organisation() const { return organisation_; }
  [[nodiscard]] const GenerationId& generation() const { return generation_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool holds(const EnvelopeId& id) const { return by_id_.contains(id); }
  [[nodiscard]] std::uint64_t membership_size() const { return entries_.size(); }
  [[nodiscard]] Digest frontier(const DeviceId& device) const { return wire::frontier_digest(heads(device)); }
  struct Row {
    LedgerId ledger;
    std::uint64_t lsn = 0;
    EnvelopeId id;
    DeviceId device;
    wire::pb::Parcel parcel;
  };
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }   ///< position = index + 1
  support::FakeRandom& random() { return random_; }

 private:
  [[nodiscard]] std::vector<wire::LedgerHead> heads(const DeviceId& device) const;
  [[nodiscard]] bool happens(unsigned percent) { return percent > 0 && random_.below(100) < percent; }
  void add_delivery(const DeviceId& device, std::size_t row, bool whole, wire::pb::PullAnswer& answer) const;
  void misbehave(wire::pb::PullAnswer& answer);

  support::FakeRandom random_;
  OrganisationId organisation_;
  GenerationId generation_;
  SecretBytes root_;
  SecretBytes sign_;
  std::vector<Bytes> entries_;
  std::optional<EntryHash> membership_head_;
  std::vector<Row> rows_;
  std::map<LedgerId, wire::LedgerHead> ledgers_;
  std::map<EnvelopeId, std::size_t> by_id_;
  std::map<EnvelopeId, wire::pb::Taken> answers_;
  std::set<std::pair<DeviceId, LedgerId>> unsubscribed_;
};

}  // namespace wayside::session::testing
