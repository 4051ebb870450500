#include "sync/enrol/membership_line.h"

#include "sync/courier/courier_child.h"

namespace wayside::enrol {
namespace {

using wire::pb::AppendAnswer;

MembershipLine::Append append_of(std::uint32_t status) {
  switch (status) {
    case AppendAnswer::taken: return MembershipLine::Append::taken;
    case AppendAnswer::stale: return MembershipLine::Append::stale;
    case AppendAnswer::refused: return MembershipLine::Append::refused;
    default: return MembershipLine::Append::none;
  }
}

}  // namespace

Result<MembershipLine::Answer> CourierLine::ask(std::uint64_t have, BytesView entry) {
  wire::pb::CourierJob job;
  job.set_address(office_.address);
  job.mutable_membership()->set_have(have);
  job.mutable_membership()->set_entry(Bytes(entry));
  job.mutable_membership()->set_tls_pin(office_.tls_pin.str());
  job.mutable_membership()->set_key_follows(true);
  WAYSIDE_TRY(auto child, courier::CourierChild::start(program_, job, &tls_seed_));
  WAYSIDE_TRY(const auto done, child.finish());
  if (done.error() != 0) return fail(static_cast<Errc>(done.error()), done.detail());
  if (done.stopped_early()) return fail(Errc::unreachable, "the courier was stopped");
  Answer answer;
  answer.entries.assign(done.membership().begin(), done.membership().end());
  answer.append = append_of(done.append_status());
  answer.reason = done.append_reason();
  return answer;
}

Error error_of_refusal(const std::string& reason) {
  for (const Errc code :
       {Errc::bad_signature, Errc::not_a_member, Errc::not_permitted, Errc::ticket_used, Errc::ticket_expired,
        Errc::ticket_unknown, Errc::already_exists, Errc::newer_format, Errc::bad_input}) {
    if (reason == name_of(code)) return {code, "the office refused the entry"};
  }
  return {Errc::refused, reason};
}

}  // namespace wayside::enrol
