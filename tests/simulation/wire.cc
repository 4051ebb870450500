#include <algorithm>
#include <cstring>

#include "core/crypto/crypto.h"
#include "sync/reconcile/reconcile.h"
#include "sync/wire/codec.h"
#include "tests/simulation/world.h"

namespace wayside::simulation {

// ---- The device's end ----

wire::pb::CourierDone World::carry(Seat& seat, const wire::pb::CourierJob& job, const SecretBytes* key) {
  seat.requests = 0;
  if (!seat.courier_killed_after) return run_courier(job, *seat.machine, key);
  count(Deed::courier_killed);
  line_trouble_ = true;
  seat.files().fail_at(*seat.courier_killed_after, Errc::io, true);
  seat.courier_killed_after.reset();
  (void)run_courier(job, *seat.machine, key);
  if (!seat.files().is_off()) seat.files().forget_faults();
  tell("The courier of " + seat.name + " was killed.");
  wire::pb::CourierDone done;
  done.set_error(static_cast<std::uint32_t>(Errc::io));
  done.set_detail("the courier ended without telling the outcome");
  return done;
}

/// The line's own faults are over with the reconcile; what the office has in mind waits until there is something to lie
/// about.
void World::end_of_line_faults(Seat& seat) {
  std::erase_if(seat.line_faults, [](const Seat::LineFault& each) { return each.deed < Deed::office_withholds; });
}

bool World::reconcile(Seat& seat, bool in_peace) {
  const bool was_excused = !in_peace && (excused(seat) || seat.away);
  wayside::reconcile::Options options;
  options.carry = [&](const wire::pb::CourierJob& job) -> Result<wire::pb::CourierDone> {
    return carry(seat, job, nullptr);
  };
  const auto outcome = wayside::reconcile::reconcile(*seat.vault, options);
  end_of_line_faults(seat);
  if (outcome) {
    tell(seat.name + " reconciles: " + std::to_string(outcome->pushed.envelopes) + " sent, " +
         std::to_string(outcome->pulled.envelopes) + " fetched.");
    renew_epochs(seat, was_excused);
    return true;
  }
  tell(seat.name + " reconciles, and is told: " + std::string(name_of(outcome.error().code)) + " (" +
       outcome.error().detail + ").");
  judge_trouble(seat, "reconcile", outcome.error(), was_excused);
  return false;
}

void World::courier_alone(Seat& seat) {
  const bool was_excused = excused(seat) || seat.away;
  if (seat.vault) (void)wayside::reconcile::hand_over(*seat.vault);
  wire::pb::CourierJob job;
  job.mutable_sync();
  job.set_spool(wayside::reconcile::spool_folder(kHome).string());
  const auto done = carry(seat, job, nullptr);
  end_of_line_faults(seat);
  tell("A courier of " + seat.name + " runs by itself" +
       (done.error() == 0
            ? "."
            : ", and is told: " + std::string(name_of(static_cast<Errc>(done.error()))) + " (" + done.detail() + ")."));
  if (done.error() != 0) judge_trouble(seat, "courier", {static_cast<Errc>(done.error()), done.detail()}, was_excused);
}

/// An error has to have a reason in the weather, or it is an alarm that has one.
void World::judge_trouble(Seat& seat, const std::string& doing, const Error& error, bool was_excused) {
  const bool is_alarm = error.code == Errc::fork || error.code == Errc::corrupt || error.code == Errc::bad_signature;
  const bool of_restore = error.code == Errc::office_restored || error.code == Errc::office_waits;
  if (of_restore && office_was_restored_) {
    // A courier by itself can do no more than say so.
    seat.alarmed = seat.alarmed || (error.code == Errc::office_restored && doing == "reconcile");
    return;
  }
  // It cannot know yet that the log is shorter because of that; it hears of it with its next reconcile.
  if (doing == "change of a role" && error.code == Errc::fork && office_was_restored_) return;
  if (is_alarm && (office_went_back_ || seat.lied_to || seat.contradicted)) {
    seat.alarmed = true;
    return;
  }
  // It does not know the ticket yet, until somebody gives back what it lost.
  if (doing == "joining" && error.code == Errc::refused && (office_was_restored_ || office_went_back_)) return;
  // Whom the office does not admit any more may push, and is told nothing else.
  if ((error.code == Errc::refused || error.code == Errc::not_permitted) && is_out(seat)) return;
  if (was_excused || line_trouble_ || office_trouble_ || office_limited_ || excused(seat)) return;
  violate("unexpected error", seat.name + ": " + doing + ": " + std::string(name_of(error.code)) + " " + error.detail);
}

// ---- Between them ----

Result<platform::HttpAnswer> World::network(Seat& seat, const platform::HttpCall& call) {
  const unsigned number = seat.requests++;
  const PublicKey client = crypto::sign_public(*call.client_key);
  if (seat.away) return fail(Errc::unreachable, call.address);
  const auto struck = [&](Deed deed) -> Seat::LineFault* {
    for (Seat::LineFault& fault : seat.line_faults) {
      const bool here = deed == Deed::line_cut ? number >= fault.request : number == fault.request;
      if (fault.deed != deed || !here) continue;
      count(deed);
      line_trouble_ = true;
      tell("… " + std::string(traits_of(deed).name) + " (request " + std::to_string(number) + " of " + seat.name +
           ").");
      return &fault;
    }
    return nullptr;
  };
  if (struck(Deed::request_lost) || struck(Deed::line_cut)) return fail(Errc::unreachable, call.address);
  if (const auto* fault = struck(Deed::request_delayed)) {
    const std::uint32_t now = now_ != nullptr ? now_->number : 0;
    late_.push_back({now + 1 + static_cast<std::uint32_t>(fault->dice % 12), client, call.path, call.body});
    return fail(Errc::unreachable, call.address);
  }
  Bytes body = call.body;
  if (const auto* fault = struck(Deed::request_cut_short)) body.resize(fault->dice % (body.size() + 1));
  if (struck(Deed::request_repeated)) (void)ask_office(client, call.path, body);
  auto reply = ask_office(client, call.path, body);
  if (!reply || struck(Deed::answer_lost)) return fail(Errc::unreachable, call.address);
  for (const Deed deed : {Deed::office_withholds, Deed::office_shuffles, Deed::office_repeats, Deed::office_replays,
                          Deed::office_says_later, Deed::office_misorders, Deed::office_alters}) {
    const auto waits = std::ranges::find_if(
        seat.line_faults, [&](const Seat::LineFault& each) { return each.deed == deed && number >= each.request; });
    if (waits == seat.line_faults.end()) continue;
    Dice dice(waits->dice);
    // Once, or for as long as this reconcile lasts.
    if (!lie(seat, deed, dice, *reply)) continue;
    if (dice.one_in(2)) seat.line_faults.erase(waits);
  }
  if (reply->status == 200) {
    auto& old = seat.old_answers[call.path];
    old.push_back(reply->body);
    if (old.size() > 6) old.pop_front();
  }
  if (const auto* fault = struck(Deed::answer_cut_short)) reply->body.resize(fault->dice % (reply->body.size() + 1));
  platform::HttpAnswer answer;
  answer.status = reply->status;
  answer.body = std::move(reply->body);
  return answer;
}

/// What it was asked a while ago reaches the office only now.
void World::deliver_late_requests(bool all) {
  std::vector<LateRequest> due;
  std::erase_if(late_, [&](LateRequest& each) {
    if (!all && each.due > now_->number) return false;
    due.push_back(std::move(each));
    return true;
  });
  for (const LateRequest& each : due) {
    tell("A delayed request reaches the office.");
    (void)ask_office(each.client, each.path, each.body);
  }
}

/// An office that means ill. Each of these is answered by repair or by an alarm, and never believed. False: there was
/// nothing to lie about.
bool World::lie(Seat& seat, Deed deed, Dice dice, office::Reply& reply) {
  const auto tell_lie = [&] {
    count(deed);
    line_trouble_ = true;
    tell("… " + std::string(traits_of(deed).name) + ".");
  };
  if (deed == Deed::office_says_later) {
    wire::pb::Refusal refusal;
    refusal.set_reason("later");
    refusal.set_later_ms(seat.machine->clock.wall_ms() + 60'000);
    reply = {503, wire::encode(refusal)};
    return tell_lie(), true;
  }
  auto page = reply.status == 200 ? wire::decode<wire::pb::PullAnswer>(reply.body) : fail(Errc::bad_input);
  if (deed == Deed::office_replays) {
    auto& old = seat.old_answers["/v1/pull"];
    if (!page || old.empty()) return false;
    reply.body = old[dice.below(old.size())];
    seat.contradicted = true;
    return tell_lie(), true;
  }
  if (!page || page->deliveries().empty()) return false;
  auto& deliveries = *page->mutable_deliveries();
  const int at = static_cast<int>(dice.below(static_cast<std::uint64_t>(deliveries.size())));
  switch (deed) {
    case Deed::office_withholds:
      for (auto left = 1 + dice.below(3); left > 0 && at < deliveries.size(); --left) deliveries.DeleteSubrange(at, 1);
      break;
    case Deed::office_shuffles:
      for (int i = deliveries.size() - 1; i > 0; --i)
        deliveries.SwapElements(i, static_cast<int>(dice.below(static_cast<std::uint64_t>(i) + 1)));
      break;
    case Deed::office_repeats: *deliveries.Add() = wire::pb::Delivery(deliveries.at(at)); break;
    case Deed::office_misorders: {
      const auto rival = std::ranges::find_if(deliveries, [&](const wire::pb::Delivery& each) {
        return each.ledger() == deliveries.at(at).ledger() && each.lsn() != deliveries.at(at).lsn();
      });
      if (rival == deliveries.end()) return false;
      const std::uint64_t lsn = rival->lsn();
      rival->set_lsn(deliveries.at(at).lsn());
      deliveries.at(at).set_lsn(lsn);
      seat.lied_to = true;
      break;
    }
    case Deed::office_alters: {
      Bytes& envelope = *deliveries.at(at).mutable_parcel()->mutable_envelope();
      if (envelope.empty()) return false;
      Bytes other = envelope;
      other[dice.below(other.size())] ^= static_cast<char>(1 << dice.below(8));
      envelope = std::move(other);
      seat.lied_to = true;
      break;
    }
    default: return false;
  }
  reply.body = wire::encode(*page);
  tell_lie();
  return true;
}

// ---- The office's end ----

bool World::office_is_up() {
  if (office_.is_up()) return true;
  const auto started = office_.start();
  if (started) return true;
  office_.stop();
  const bool has_a_reason =
      office_power_fails_after_ || office_disk_error_after_ || office_limited_ || office_.machine().files->is_off();
  if (!has_a_reason)
    violate("office cannot start",
            "the office cannot start: " + std::string(name_of(started.error().code)) + " " + started.error().detail);
  return false;
}

/// Nothing: the connection ended without an answer.
std::optional<office::Reply> World::ask_office(const PublicKey& client, const std::string& path, BytesView body) {
  support::FakeFiles& files = *office_.machine().files;
  if (office_disk_error_after_) {
    office_trouble_ = true;
    count(Deed::office_disk_error);
    files.fail_at(*office_disk_error_after_, Errc::io);
  }
  if (office_power_fails_after_) {
    office_trouble_ = true;
    files.power_off_at(*office_power_fails_after_);
  }
  std::optional<office::Reply> reply;
  if (office_is_up()) reply = office_.answer(client, path, body);
  ++outcome_.requests;
  if (files.is_off()) reply.reset();
  if (office_power_fails_after_) {
    count(Deed::office_power_fails);
    tell("… the power of the office fails.");
    office_power_fails_after_.reset();
    office_.lose_power(now_ != nullptr ? now_->dice : 0);
  }
  if (office_disk_error_after_) {
    files.forget_faults();
    office_disk_error_after_.reset();
  }
  return reply;
}

void World::office_deed(const Step& step) {
  Dice dice(step.dice);
  switch (step.deed) {
    case Deed::office_power_fails:
      office_power_fails_after_ = dice.below(std::uint64_t{1} << dice.below(8));
      tell("The power of the office will fail at disk operation " + std::to_string(*office_power_fails_after_) +
           " of its next request.");
      return;
    case Deed::office_disk_error:
      office_disk_error_after_ = dice.below(std::uint64_t{1} << dice.below(8));
      tell("A disk operation of the office will fail: number " + std::to_string(*office_disk_error_after_) +
           " of its next request.");
      return;
    case Deed::office_disk_fills:
      count(step.deed);
      tell("The disk of the office is nearly full.");
      office_limited_ = true;
      office_.machine().files->limit_growth(dice.below(60'000));
      return;
    case Deed::office_disk_has_room:
      office_limited_ = false;
      office_.machine().files->heal();
      return;
    case Deed::office_rolled_back: return roll_office_back(dice);
    case Deed::office_restored: return restore_office();
    default: return;
  }
}

/// The first time a copy of its disk is put aside; afterwards it is put back in secret.
void World::roll_office_back(Dice dice) {
  (void)dice;
  if (!office_backup_) {
    office_backup_ = office_.machine().files->copy();
    tell("Somebody copies the disk of the office.");
    return;
  }
  count(Deed::office_rolled_back);
  tell("Somebody puts the copy back onto the disk of the office.");
  office_.put_back(*office_backup_);
  office_limited_ = false;
  office_went_back_ = true;
}

/// The first time its operator makes a backup; afterwards the office's disk is lost, and it is set up again from that.
void World::restore_office() {
  if (!operators_backup_) {
    auto made = office_.back_up();
    if (!made) violate("backup", "the office cannot be backed up: " + std::string(name_of(made.error().code)) + " " + made.error().detail);
    operators_backup_ = *std::move(made);
    tell("The operator backs the office up.");
    return;
  }
  if (std::ranges::any_of(plan_.steps, [](const Step& step) { return step.deed == Deed::put_down; })) all_put_down();
  count(Deed::office_restored);
  tell("The disk of the office is lost; the operator sets the office up again from the backup.");
  office_.restore(*operators_backup_);
  office_limited_ = false;
  office_was_restored_ = true;
}

/// The operator's word. It waits for whoever holds a ticket, since she may have joined in what was lost.
void World::confirm_restored_office() {
  if (!office_was_restored_ || !office_is_up()) return;
  const auto waits = need(office_.store().restoration());
  if (!waits || !waits->devices.empty()) return;
  tell("The operator says that nobody joined with " + std::to_string(waits->tickets.size()) + " tickets.");
  need(office_.store().end_wait());
}

}  // namespace wayside::simulation
