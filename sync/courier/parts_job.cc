#include <cstring>

#include "core/attachments/blobs.h"
#include "core/attachments/sealed_file.h"
#include "sync/courier/jobs.h"
#include "sync/courier/tuning.h"
#include "sync/spool/layout.h"
#include "sync/spool/parts_list.h"

// Parts of attachments: sealed chunks, moved as they are. No key that opens one is in this process.

namespace wayside::courier {
namespace {

using attachments::Blobs;
using namespace wire::pb;

constexpr int kNoSuchPath = 404;
constexpr std::uint32_t kSendingParts = 3;
constexpr std::uint32_t kFetchingParts = 4;

void tell_progress(const Controls& controls, std::uint32_t phase, std::uint64_t done, std::size_t total) {
  CourierProgress progress;
  progress.set_phase(phase);
  progress.set_done(done);
  progress.set_total(total);
  controls.progress(progress);
}

/// An office of an earlier version takes no attachments: they wait for its next version.
bool is_older_office(const session::Refused& refused) { return refused.http_status == kNoSuchPath; }

/// Sends one list, a batch of chunks at a time.
class Sender {
 public:
  Sender(Exchange& exchange, Blobs blobs, const Controls& controls, std::size_t total, CourierDone& done)
      : exchange_(exchange), blobs_(std::move(blobs)), controls_(controls), total_(total), done_(done) {}

  /// Asks which of these are wanted, and sends those.
  Result<void> send(std::span<const Digest> addresses);
  [[nodiscard]] bool goes_on() const { return !older_office_ && !done_.stopped_early(); }
  [[nodiscard]] std::uint64_t held() const { return held_; }

 private:
  Result<void> add(const Digest& address);
  Result<void> flush();
  void take(PutPartsAnswer::State state, std::size_t bytes);

  Exchange& exchange_;
  Blobs blobs_;
  const Controls& controls_;
  std::size_t total_;
  CourierDone& done_;
  PutPartsRequest batch_;
  std::size_t batch_bytes_ = 0;
  std::uint64_t room_bytes_ = 0;
  std::uint64_t held_ = 0;  ///< at the office for certain
  std::uint64_t no_room_ = 0;
  bool older_office_ = false;
};

Result<void> Sender::send(std::span<const Digest> addresses) {
  AskPartsRequest request;
  for (const Digest& each : addresses) request.add_addresses(each.str());
  WAYSIDE_TRY(auto reply, exchange_.ask_parts(request));
  if (const auto* refused = std::get_if<session::Refused>(&reply)) {
    older_office_ = is_older_office(*refused);
    return older_office_ ? Result<void>{} : std::unexpected(session::error_of(*refused));
  }
  const AskPartsAnswer& answer = std::get<AskPartsAnswer>(reply);
  if (static_cast<std::size_t>(answer.states_size()) != addresses.size())
    return fail(Errc::bad_input, "an answer for " + std::to_string(answer.states_size()) + " parts of " +
                                     std::to_string(addresses.size()));
  room_bytes_ = answer.room_bytes();
  for (std::size_t i = 0; i < addresses.size() && goes_on(); ++i) {
    const auto state = answer.states(static_cast<int>(i));
    if (state == AskPartsAnswer::held) ++held_;
    if (state == AskPartsAnswer::wanted) WAYSIDE_OK(add(addresses[i]));
  }
  return goes_on() ? flush() : Result<void>{};
}

Result<void> Sender::add(const Digest& address) {
  auto chunk = blobs_.get(address);
  // Gone or spoilt here: nothing to send. `attach check` tells of it.
  if (!chunk && (chunk.error().code == Errc::not_found || chunk.error().code == Errc::corrupt)) return {};
  if (!chunk) return std::unexpected(chunk.error());
  if (chunk->size() > room_bytes_) {
    done_.set_parts_no_room(++no_room_);
    return {};
  }
  if (batch_bytes_ + chunk->size() > kPartsBytes || static_cast<std::size_t>(batch_.parts_size()) == kPartsAtOnce)
    WAYSIDE_OK(flush());
  if (!goes_on()) return {};
  batch_bytes_ += chunk->size();
  room_bytes_ -= chunk->size();
  Part& part = *batch_.add_parts();
  part.set_address(address.str());
  part.set_chunk(*std::move(chunk));
  return {};
}

Result<void> Sender::flush() {
  if (batch_.parts_size() == 0) return {};
  if (controls_.stop_asked()) {
    done_.set_stopped_early(true);
    return {};
  }
  WAYSIDE_TRY(auto reply, exchange_.put_parts(batch_));
  if (const auto* refused = std::get_if<session::Refused>(&reply)) return std::unexpected(session::error_of(*refused));
  const PutPartsAnswer& answer = std::get<PutPartsAnswer>(reply);
  if (answer.states_size() != batch_.parts_size())
    return fail(Errc::bad_input, "an answer for " + std::to_string(answer.states_size()) + " parts of " +
                                     std::to_string(batch_.parts_size()));
  for (int i = 0; i < batch_.parts_size(); ++i) take(answer.states(i), batch_.parts(i).chunk().size());
  batch_.Clear();
  batch_bytes_ = 0;
  tell_progress(controls_, kSendingParts, held_, total_);
  return {};
}

void Sender::take(PutPartsAnswer::State state, std::size_t bytes) {
  if (state == PutPartsAnswer::no_room) done_.set_parts_no_room(++no_room_);
  if (state != PutPartsAnswer::stored && state != PutPartsAnswer::known) return;
  ++held_;
  if (state == PutPartsAnswer::known) return;
  done_.set_parts_sent(done_.parts_sent() + 1);
  done_.set_parts_sent_bytes(done_.parts_sent_bytes() + bytes);
}

/// What one answer brings, into `blobs`. How many of those asked for it has answered.
Result<std::size_t> take_parts(const GetPartsRequest& request, const GetPartsAnswer& answer, bool for_now, Blobs& blobs, bool& lied,
                               CourierDone& done) {
  if (answer.parts_size() == 0 || answer.parts_size() > request.addresses_size())
    return fail(Errc::bad_input, "an answer with " + std::to_string(answer.parts_size()) + " parts");
  for (int i = 0; i < answer.parts_size(); ++i) {
    const Part& part = answer.parts(i);
    if (part.address() != request.addresses(i)) return fail(Errc::bad_input, "another part than was asked for");
    if (part.chunk().empty()) {
      done.set_parts_not_there(done.parts_not_there() + 1);
      continue;
    }
    const Digest address = attachments::address_of(part.chunk());
    if (address.view() != part.address()) {
      lied = true;
      continue;
    }
    if (for_now) WAYSIDE_OK(blobs.put_for_now(address, part.chunk()));
    else WAYSIDE_OK(blobs.put(part.chunk()));
    done.set_parts_fetched(done.parts_fetched() + 1);
    done.set_parts_fetched_bytes(done.parts_fetched_bytes() + part.chunk().size());
  }
  return static_cast<std::size_t>(answer.parts_size());
}

Result<void> fetch(Exchange& exchange, const PartsJob& wanted, Blobs blobs, const Controls& controls,
                   CourierDone& done) {
  bool lied = false;
  const auto total = static_cast<std::size_t>(wanted.addresses_size());
  for (std::size_t at = 0; at < total;) {
    if (controls.stop_asked()) {
      done.set_stopped_early(true);
      return {};
    }
    GetPartsRequest request;
    request.set_page_bytes(kPartsBytes);
    for (std::size_t i = at; i < std::min(total, at + kPartsAtOnce); ++i)
      request.add_addresses(wanted.addresses(static_cast<int>(i)));
    WAYSIDE_TRY(auto reply, exchange.get_parts(request));
    if (const auto* refused = std::get_if<session::Refused>(&reply)) {
      if (!is_older_office(*refused)) return std::unexpected(session::error_of(*refused));
      done.set_parts_not_there(total);
      return {};
    }
    WAYSIDE_TRY(const std::size_t answered, take_parts(request, std::get<GetPartsAnswer>(reply), wanted.for_now(), blobs, lied, done));
    at += answered;
    tell_progress(controls, kFetchingParts, at, total);
  }
  return lied ? fail(Errc::bad_signature, "a part of an attachment that the office changed") : Result<void>{};
}

}  // namespace

Peer peer_of(const spool::Office& office, const CourierJob& job, const SecretBytes& key) {
  Peer peer{.address = job.address().empty() ? office.address : job.address(),
            .key = &key,
            .bytes_per_s = job.bytes_per_s()};
  std::memcpy(peer.tls_pin.data(), office.tls_pin.bytes.data(), peer.tls_pin.size());
  return peer;
}

Result<void> send_parts(Exchange& exchange, platform::Files& files, const spool::Layout& layout,
                        const platform::Path& home, spool::Cursors& cursors, const Controls& controls,
                        CourierDone& done) {
  WAYSIDE_TRY(const auto list, spool::read_parts_list(files, layout));
  if (!list || cursors.now().parts_sent == list->digest.view()) return {};
  const std::size_t total = list->addresses.size();
  done.set_parts_waiting(total);
  Sender sender(exchange, Blobs(files, home), controls, total, done);
  Result<void> sent;
  for (std::size_t at = 0; at < total && sent && sender.goes_on(); at += kPartsAsked)
    sent = sender.send(std::span(list->addresses).subspan(at, std::min(kPartsAsked, total - at)));
  done.set_parts_waiting(total - sender.held());
  if (!sent || sender.held() != total) return sent;
  CursorFrame change;
  change.set_parts_sent(list->digest.str());
  return cursors.save(change);
}

Result<void> run_parts(const CourierJob& job, platform::Env env, const Controls& controls, CourierDone& done) {
  if (job.home().empty()) return fail(Errc::bad_input, "a parts job without a home");
  const spool::Layout layout{platform::Path(job.spool())};
  WAYSIDE_TRY(const spool::Office office, spool::read_office(env.files, layout));
  WAYSIDE_TRY(const SecretBytes key, spool::read_courier_key(env.files, layout));
  Exchange exchange(env.network, peer_of(office, job, key));
  auto outcome = fetch(exchange, job.parts(), Blobs(env.files, job.home()), controls, done);
  tell_traffic(exchange.traffic(), done);
  return outcome;
}

}  // namespace wayside::courier
