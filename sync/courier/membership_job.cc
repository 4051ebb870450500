#include <algorithm>
#include <cstring>

#include "core/membership/entry.h"
#include "sync/courier/jobs.h"
#include "sync/courier/tuning.h"
#include "sync/spool/cursors.h"
#include "sync/spool/layout.h"

namespace wayside::courier {
namespace {

using wire::pb::AppendAnswer;
using wire::pb::AppendRequest;
using wire::pb::CourierDone;
using wire::pb::CourierJob;
using wire::pb::MembershipJob;
using wire::pb::PullAnswer;
using wire::pb::PullRequest;

/// Whom the job names: a ticket's office, or this spool's. `own_key` keeps the spool's key alive.
struct Target {
  Peer peer;
  PullRequest request;    ///< the spool's own position, so that little but membership is sent
  SecretBytes own_key;
};

Result<Target> ticket_target(const CourierJob& job, const SecretBytes* key) {
  const auto pin = Digest::from(job.membership().tls_pin());
  if (!pin || key == nullptr || job.address().empty()) return fail(Errc::bad_input, "a membership job without key or address");
  Target target;
  target.peer = {.address = job.address(), .key = key};
  std::memcpy(target.peer.tls_pin.data(), pin->bytes.data(), target.peer.tls_pin.size());
  return target;
}

Result<Target> spool_target(const CourierJob& job, platform::Files& files) {
  const spool::Layout layout{platform::Path(job.spool())};
  WAYSIDE_TRY(const spool::Office office, spool::read_office(files, layout));
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(files, layout));
  Target target;
  WAYSIDE_TRY(target.own_key, spool::read_courier_key(files, layout));
  target.peer.address = job.address().empty() ? office.address : job.address();
  std::memcpy(target.peer.tls_pin.data(), office.tls_pin.bytes.data(), target.peer.tls_pin.size());
  target.request.set_generation(cursor.generation);
  target.request.set_position(cursor.position);
  target.request.set_frontier(session::frontier_of(cursor, office.organisation).str());
  return target;
}

/// Each answer goes on where the log ends that was asked from. One that does not is an answer to an older question: were it
/// taken, an office that repeats it would be asked again for ever.
Result<void> take_entries(PullAnswer& answer, std::uint64_t have, CourierDone& done) {
  for (Bytes& entry : *answer.mutable_membership()) {
    WAYSIDE_TRY(const auto parsed, membership::parse_entry(entry));
    if (parsed.entry.number != have + static_cast<std::uint64_t>(done.membership_size()))
      return fail(Errc::bad_input, "the office sent membership entry " + std::to_string(parsed.entry.number) + " out of turn");
    done.add_membership(std::move(entry));
  }
  return {};
}

Result<void> fetch(Exchange& exchange, PullRequest request, std::uint64_t have, CourierDone& done) {
  request.set_page_bytes(kMembershipPageBytes);
  for (unsigned pages = 0; pages < kMaxMembershipPages; ++pages) {
    request.set_membership(have + static_cast<std::uint64_t>(done.membership_size()));
    WAYSIDE_TRY(auto reply, exchange.pull(request));
    if (const auto* refused = std::get_if<session::Refused>(&reply)) return std::unexpected(session::error_of(*refused));
    PullAnswer& answer = std::get<PullAnswer>(reply);
    WAYSIDE_OK(take_entries(answer, have, done));
    // The log comes first and in full; with anything behind it, this was its end.
    if (!answer.more() || answer.deliveries_size() > 0) return {};
    if (answer.membership_size() == 0) return fail(Errc::bad_input, "the office promises more and sends nothing new");
  }
  return fail(Errc::too_large, "membership log");
}

Result<void> append(Exchange& exchange, const Bytes& entry, std::uint64_t have, CourierDone& done) {
  if (std::ranges::find(done.membership(), entry) != done.membership().end()) {
    done.set_append_status(AppendAnswer::taken);   // an earlier attempt got through
    return {};
  }
  if (done.membership_size() > 0) {   // it was signed against an older head
    done.set_append_status(AppendAnswer::stale);
    return {};
  }
  AppendRequest request;
  request.set_entry(entry);
  WAYSIDE_TRY(auto reply, exchange.append(request));
  if (const auto* refused = std::get_if<session::Refused>(&reply)) return std::unexpected(session::error_of(*refused));
  const AppendAnswer& answer = std::get<AppendAnswer>(reply);
  if (answer.status() == AppendAnswer::unknown || !AppendAnswer::Status_IsValid(answer.status()))
    return fail(Errc::newer_format, "an answer to an entry that this version does not know");
  // Signed against the newest entry held here, and that is not the office's: somebody was quicker, or it went back.
  if (answer.status() == AppendAnswer::stale && answer.size() <= have)
    return fail(Errc::fork, "the office's membership log is shorter than ours, or another");
  done.set_append_status(answer.status());
  done.set_append_reason(answer.reason());
  if (answer.status() == AppendAnswer::taken) done.add_membership(entry);
  return {};
}

}  // namespace

Result<void> run_membership(const CourierJob& job, platform::Env env, const SecretBytes* key, CourierDone& done) {
  const MembershipJob& wanted = job.membership();
  WAYSIDE_TRY(Target target, wanted.tls_pin().empty() ? spool_target(job, env.files) : ticket_target(job, key));
  if (!target.own_key.empty()) target.peer.key = &target.own_key;
  Exchange exchange(env.network, target.peer);
  auto outcome = fetch(exchange, target.request, wanted.have(), done);
  if (outcome && !wanted.entry().empty()) outcome = append(exchange, wanted.entry(), wanted.have(), done);
  tell_traffic(exchange.traffic(), done);
  return outcome;
}

}  // namespace wayside::courier
