#pragma once

#include <string>
#include <vector>

#include "core/base/ids.h"
#include "platform/env.h"
#include "sync/wire/codec.h"

/// How a device becomes a member, and how it lets others become one. Both need the office: entries of the membership
/// log are signed only online, against the head just fetched, and count once the office took them.
namespace wayside::enrol {

/// The office's membership log, asked with one TLS key. Tests put an office in the same process behind it.
class MembershipLine {
 public:
  virtual ~MembershipLine() = default;

  enum class Append { none, taken, stale, refused };
  struct Answer {
    std::vector<Bytes> entries;  ///< after the first `have`; a taken entry is the last of them
    Append append = Append::none;
    std::string reason;  ///< refused: the name of an Errc
  };
  /// Fetches, then appends `entry` unless it is empty. Errors: unreachable, wrong_office, refused, ticket_used,
  /// ticket_expired, ticket_unknown, later …
  virtual Result<Answer> ask(std::uint64_t have, BytesView entry) = 0;
};

/// Through a courier, which is a process of its own: this program once more. The key goes to it through a pipe.
class CourierLine : public MembershipLine {
 public:
  struct Office {
    std::string address;
    Digest tls_pin;
  };
  CourierLine(platform::Path program, Office office, const SecretBytes& tls_seed)
      : program_(std::move(program)), office_(std::move(office)), tls_seed_(tls_seed) {}
  Result<Answer> ask(std::uint64_t have, BytesView entry) override;

 private:
  platform::Path program_;
  Office office_;
  const SecretBytes& tls_seed_;
};

/// What a courier is told to do for `ask`, and what its report means. Errors: the courier's own; unreachable when it
/// was stopped.
wire::pb::CourierJob membership_job(const CourierLine::Office& office, std::uint64_t have, BytesView entry);
Result<MembershipLine::Answer> membership_answer(const wire::pb::CourierDone& done);

/// What a refused append means for whoever asked.
Error error_of_refusal(const std::string& reason);

}  // namespace wayside::enrol
