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

wire::pb::CourierJob membership_job(const CourierLine::Office& office, std::uint64_t have, BytesView entry) {
  wire::pb::CourierJob job;
  job.set_address(office.address);
  job.mutable_membership()->set_have(have);
  job.mutable_membership()->set_entry(Bytes(entry));
  job.mutable_membership()->set_tls_pin(office.tls_pin.str());
  job.mutable_membership()->set_key_follows(true);
  return job;
}

Result<MembershipLine::Answer> membership_answer(const wire::pb::CourierDone& done) {
  if (done.error() != 0) return fail(static_cast<Errc>(done.error()), done.detail());
  if (done.stopped_early()) return fail(Errc::unreachable, "the courier was stopped");
  MembershipLine::Answer answer;
  answer.entries.assign(done.membership().begin(), done.membership().end());
  answer.append = append_of(done.append_status());
  answer.reason = done.append_reason();
  return answer;
}

Result<MembershipLine::Answer> CourierLine::ask(std::uint64_t have, BytesView entry) {
  WAYSIDE_TRY(auto child, courier::CourierChild::start(program_, membership_job(office_, have, entry), &tls_seed_));
  WAYSIDE_TRY(const auto done, child.finish());
  return membership_answer(done);
}

Error error_of_refusal(const std::string& reason) {
  for (const Errc code :
       {Errc::bad_signature, Errc::not_a_member, Errc::not_permitted, Errc::ticket_used, Errc::ticket_expired,
        Errc::ticket_unknown, Errc::already_exists, Errc::newer_format, Errc::bad_input, Errc::office_waits}) {
    if (reason == name_of(code)) return {code, "the office refused the entry"};
  }
  return {Errc::refused, reason};
}

}  // namespace wayside::enrol
