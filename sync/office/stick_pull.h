#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/ids.h"
#include "platform/result.h"
#include "sync/wire/wire.pb.h"

namespace wayside::office {

/// One question what is new that came over a stick, asked on in its device's place until all is there that it lacks: one journey
/// of the stick is then enough. The device reads page after page as if it had asked for each (sync/session); what it holds
/// in between is reckoned here. A wrong guess costs one more journey, never more than the device may see.
class StickPull {
 public:
  /// `held`: id 16 and u64le lsn of each ledger that the device holds. Errors: bad_input, those of decoding.
  static Result<StickPull> begin(BytesView body, BytesView held);

  struct Taken { EnvelopeId id; LedgerId ledger; std::uint64_t lsn = 0; };
  /// What the office took of a push, in its order.
  static std::vector<Taken> taken_of(BytesView request, BytesView answer);
  /// Of the device in the same letter: it will know so when it reads on.
  void note(const std::vector<Taken>& taken);

  /// To be posted next; nothing when the device has all.
  [[nodiscard]] std::optional<Bytes> question() const;
  /// The answer to that. Whether the device is to have it: a list of heads that shows nothing new is none of its business.
  /// Errors: those of decoding.
  Result<bool> take(BytesView answer);
  /// Entries of the membership log that the device then holds.
  [[nodiscard]] std::uint64_t membership() const { return request_.membership(); }

 private:
  bool advance(const wire::pb::PullAnswer& answer);
  Result<bool> look_at_heads(const wire::pb::PullAnswer& answer, bool gained);

  wire::pb::PullRequest request_;
  std::map<LedgerId, std::uint64_t> held_;
  std::set<EnvelopeId> taken_;
  bool done_ = false;
  unsigned in_vain_ = 0;   ///< rounds of asking for what the heads show, with nothing gained
};

}  // namespace wayside::office
