#include "core/crypto/crypto.h"
#include "core/ledger/change_set.h"
#include "core/ledger/envelope.h"
#include "sync/wire/codec.h"
#include "tests/simulation/world.h"

namespace wayside::simulation {
namespace {

constexpr std::uint32_t kLiarsField = 950;  // nobody honest writes it, so the model need not know what it holds

}  // namespace

/// A member with keys of her own and a program of her own. Her vault only lends its keys.
struct World::Liar {
  std::unique_ptr<Machine> machine = foundation().seats.back().machine->copy();
  std::unique_ptr<vault::Vault> vault;
  struct Last {
    std::uint64_t seq = 0;
    std::optional<EnvelopeId> id;
  };
  std::map<LedgerId, Last> last;

  Liar() {
    platform::Env env = machine->env();
    vault = need(vault::Vault::open(env, kHome, passphrase()));
  }
};

void World::lie_as_member(Seat& seat, const Step& step) {
  Dice dice(step.dice);
  const auto target =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  if (!target) return;
  if (!liar_) liar_ = std::make_shared<Liar>();
  Liar& liar = *liar_;
  liar.machine->random = support::FakeRandom(dice.next());
  // What she needs to know of a case she may know: she is in its team.
  const auto ledger = need(seat.vault->store().ledger(target->ledger));
  const auto key = need(seat.vault->store().writing_key(target->ledger));
  if (!ledger || !key) return;
  const auto& me = liar.vault->identity();
  Liar::Last& last = liar.last[ledger->id];

  ledger::ChangeSet change;
  change.author = step.deed == Deed::liar_names_another ? seat.vault->identity().user : me.user;
  change.time = hybrid_from_ms(liar.machine->clock.wall_ms());
  change.form = "lie";
  ledger::Write write;
  write.field = kLiarsField;
  write.value = encode(Value(Text{"lie " + std::to_string(step.number)}));
  change.records.push_back({target->id, target->state.type, {std::move(write)}});

  ledger::Header header;
  header.organisation = me.organisation;
  header.ledger = step.deed == Deed::liar_writes_elsewhere ? LedgerId::random(liar.machine->random) : ledger->id;
  header.device = me.device;
  header.incarnation = me.incarnation;
  header.seq = last.seq + 1;
  header.prev = last.id;
  header.key_generation = key->generation;
  header.membership_head = *liar.vault->membership().head();
  if (step.deed == Deed::liar_writes_elsewhere) header.seq = 1, header.prev.reset();
  if (step.deed == Deed::liar_skips_sequence) {
    header.seq += 1 + dice.below(5);
    header.prev = EnvelopeId::random(liar.machine->random);
  }
  const Bytes content = step.deed == Deed::liar_seals_nonsense ? Bytes("this is no change-set") : encode(change);
  const auto seal = [&] {
    return need(ledger::seal_envelope(header, content, key->key.view(), liar.vault->signer(), liar.machine->random));
  };

  std::vector<ledger::Sealed> sent{seal()};
  if (step.deed == Deed::liar_forks) sent.push_back(seal());  // another nonce, so another envelope
  if (step.deed == Deed::liar_bad_signature) sent.front().bytes.back() ^= 1;
  const bool takes_a_place =
      step.deed == Deed::liar_forks || step.deed == Deed::liar_seals_nonsense || step.deed == Deed::liar_names_another;
  wire::pb::PushRequest request;
  for (const ledger::Sealed& each : sent) request.add_parcels()->set_envelope(each.bytes);
  tell("A member lies — " + std::string(traits_of(step.deed).name) + ", in " + names_[target->id] + ".");
  const auto reply =
      ask_office(crypto::sign_public(liar.vault->keys().courier_seed), "/v1/push", wire::encode(request));
  if (reply && reply->status == 200 && takes_a_place) last = {header.seq, sent.front().id};
}

}  // namespace wayside::simulation
