#include <cstdint>
#include <cstdlib>

#include "platform/atomic_file.h"
#include "sync/office/stick_desk.h"
#include "sync/office/stick_pull.h"
#include "sync/spool/stick_note.h"
#include "sync/stick/messages.h"
#include "sync/stick/tuning.h"
#include "sync/wire/codec.h"
#include "tests/support/fake_env.h"

/// What lies on a stick that somebody had in hand, behind seals and signatures that fit: a member's device may be hostile, too.
/// The first byte chooses what is read.
namespace {

using namespace wayside;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Ends {
  support::FakeRandom random;
  SecretBytes office_seed = crypto::random_secret(random, 32), courier_seed = crypto::random_secret(random, 32);
  stick::Pair pair{OrganisationId::random(random), DeviceId::random(random), crypto::sign_public(office_seed), crypto::sign_public(courier_seed)};
  stick::Seals office = *stick::Seals::between(pair, office_seed), device = *stick::Seals::between(pair, courier_seed);
};

Ends& ends() {
  static Ends both;
  return both;
}

/// A file as it lies there.
void file(BytesView bytes) {
  const BytesView first = bytes.substr(0, stick::kHeadBytes);
  for (const auto direction : {stick::Direction::to_office, stick::Direction::to_device}) {
    const auto head = ends().office.open_head(direction, first);
    if (head) (void)stick::open_message(*head, bytes);
  }
}

/// A file with a seal that fits.
void sealed(BytesView bytes) {
  const auto whole = ends().device.seal(stick::Direction::to_office, {1, 1, {}}, bytes, ends().random);
  must(whole.has_value());
  const auto head = ends().office.open_head(stick::Direction::to_office, BytesView(*whole).substr(0, stick::kHeadBytes));
  must(head && *stick::open_message(*head, *whole) == bytes);
}

/// Messages as the other end may have signed them.
void request(BytesView bytes) {
  (void)stick::open_request(bytes, ends().pair);
  const auto said = wire::decode_plain<wire::pb::StickRequest>(bytes);
  if (!said) return;
  const Digest body = stick::digest_of_body(static_cast<stick::Kind>(said->kind()), said->body(), said->held());
  const Digest digest = stick::digest_of_request(ends().pair, {said->letter(), said->letter_number(), said->kind(), said->number()}, body);
  (void)stick::open_request(stick::sign_request(*said, digest, ends().courier_seed), ends().pair);
}

void answer(BytesView bytes) {
  (void)stick::open_answer(bytes, ends().pair);
  const auto said = wire::decode_plain<wire::pb::StickAnswer>(bytes);
  if (said) (void)stick::open_answer(stick::sign_answer(*said, ends().office_seed), ends().pair);
}

void desk(BytesView bytes) {
  const auto asked = office::decode_asked(bytes);
  if (asked) must(office::encode_asked(*asked) == bytes);
}

void roster(BytesView bytes) {
  const auto list = office::decode_roster(bytes);
  if (list) must(office::encode_roster(*list) == bytes);
}

/// A question what is new, and an answer to it: it ends.
void pull(BytesView bytes) {
  auto asking = office::StickPull::begin(bytes.substr(0, bytes.size() / 2), {});
  if (asking) (void)asking->take(bytes.substr(bytes.size() / 2));
  (void)office::StickPull::begin(bytes, bytes);
  auto plain = office::StickPull::begin({}, {});
  if (!plain) return;
  plain->note(office::StickPull::taken_of(bytes, bytes));
  for (int i = 0; i < 8 && plain->question(); ++i) {
    if (!plain->take(bytes)) return;
  }
}

void note(BytesView bytes) {
  support::FakeEnv world;
  const spool::Layout layout("/spool");
  must(world.files.make_folders(layout.root).has_value());
  must(platform::write_atomically(world.files, layout.stick(), bytes).has_value());
  (void)spool::read_stick_note(world.files, layout);
}

using Check = void (*)(BytesView);
constexpr Check kChecks[] = {file, sealed, request, answer, desk, roster, pull, note};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  kChecks[data[0] % std::size(kChecks)]({reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
