#include "tests/sync/wire/samples.h"

namespace wayside::support {
namespace {

Bytes filled(std::size_t size, char with) { return Bytes(size, with); }

}  // namespace

SecretBytes sample_seed() {
  SecretBytes seed(32);
  for (std::size_t i = 0; i < seed.size(); ++i) seed.data()[i] = static_cast<unsigned char>(i);
  return seed;
}

wire::Heads sample_heads() {
  wire::Heads heads;
  heads.organisation = *OrganisationId::from(filled(16, 'o'));
  heads.generation = *GenerationId::from(filled(16, 'g'));
  heads.position = 123'456;
  heads.time_ms = 1'750'000'000'123;
  heads.frontier = *Digest::from(filled(32, 'f'));
  heads.changed = {{*LedgerId::from(filled(16, 'a')), 7, *Digest::from(filled(32, '1'))},
                   {*LedgerId::from(filled(16, 'b')), 300, *Digest::from(filled(32, '2'))}};
  return heads;
}

wire::pb::PushRequest sample_push_request() {
  wire::pb::PushRequest request;
  request.set_generation(filled(16, 'g'));
  auto& first = *request.add_parcels();
  first.set_envelope("envelope one");
  first.add_grants("grant one");
  first.add_grants("grant two");
  request.add_parcels()->set_envelope("envelope two");
  return request;
}

wire::pb::PushRequest sample_carry_list() {
  wire::pb::PushRequest request;
  request.set_generation(filled(16, 'g'));
  request.mutable_carry_list()->set_ledgers(filled(16, 'a') + filled(16, 'b'));
  request.mutable_sending()->set_incarnation(filled(16, 'i'));
  request.mutable_sending()->set_before(filled(16, 'b'));
  request.mutable_sending()->set_token(filled(16, 't'));
  return request;
}

wire::pb::PushAnswer sample_push_answer() {
  wire::pb::PushAnswer answer;
  answer.set_generation(filled(16, 'g'));
  auto& stored = *answer.add_taken();
  stored.set_status(wire::pb::Taken::stored);
  stored.set_lsn(7);
  auto& fork = *answer.add_taken();
  fork.set_status(wire::pb::Taken::fork);
  fork.set_other(filled(32, 'x'));
  return answer;
}

wire::pb::PullRequest sample_pull_request() {
  wire::pb::PullRequest request;
  request.set_generation(filled(16, 'g'));
  request.set_position(99);
  request.set_frontier(filled(32, 'f'));
  request.set_membership(12);
  request.set_page_bytes(65'536);
  request.set_receipt("receipt");
  request.set_carry_list(filled(32, 'p'));
  auto& want = *request.add_wants();
  want.set_ledger(filled(16, 'a'));
  want.set_after_lsn(4);
  return request;
}

wire::pb::PullAnswer sample_pull_answer() {
  wire::pb::PullAnswer answer;
  answer.set_generation(filled(16, 'g'));
  answer.add_membership("entry one");
  answer.add_membership("entry two");
  auto& theirs = *answer.add_deliveries();
  theirs.set_lsn(7);
  theirs.set_position(123'455);
  theirs.set_ledger(filled(16, 'a'));
  theirs.mutable_parcel()->set_envelope("envelope");
  theirs.mutable_parcel()->add_grants("grant");
  auto& own = *answer.add_deliveries();
  own.set_lsn(300);
  own.set_position(123'456);
  own.set_ledger(filled(16, 'b'));
  own.set_id(filled(32, 'i'));
  answer.set_position(123'456);
  answer.set_heads(wire::sign_heads(sample_heads(), sample_seed()));
  return answer;
}

wire::pb::AppendRequest sample_append_request() {
  wire::pb::AppendRequest request;
  request.set_entry("entry");
  return request;
}

wire::pb::AppendAnswer sample_append_answer() {
  wire::pb::AppendAnswer answer;
  answer.set_status(wire::pb::AppendAnswer::refused);
  answer.set_size(5);
  answer.set_reason("ticket_used");
  return answer;
}

wire::pb::Refusal sample_refusal() {
  wire::pb::Refusal refusal;
  refusal.set_reason("generation");
  refusal.set_generation(filled(16, 'g'));
  refusal.set_later_ms(1'750'000'000'123);
  return refusal;
}

wire::pb::AskPartsRequest sample_ask_parts_request() {
  wire::pb::AskPartsRequest request;
  request.add_addresses(filled(32, 'a'));
  request.add_addresses(filled(32, 'b'));
  return request;
}

wire::pb::AskPartsAnswer sample_ask_parts_answer() {
  wire::pb::AskPartsAnswer answer;
  for (const auto state : {wire::pb::AskPartsAnswer::wanted, wire::pb::AskPartsAnswer::unknown, wire::pb::AskPartsAnswer::held})
    answer.add_states(state);
  answer.set_room_bytes(1'000'000);
  return answer;
}

wire::pb::PutPartsRequest sample_put_parts_request() {
  wire::pb::PutPartsRequest request;
  for (const char letter : {'a', 'b'}) {
    auto& part = *request.add_parts();
    part.set_address(filled(32, letter));
    part.set_chunk("sealed chunk " + filled(1, letter));
  }
  return request;
}

wire::pb::PutPartsAnswer sample_put_parts_answer() {
  wire::pb::PutPartsAnswer answer;
  for (const auto state : {wire::pb::PutPartsAnswer::stored, wire::pb::PutPartsAnswer::no_room}) answer.add_states(state);
  return answer;
}

wire::pb::GetPartsRequest sample_get_parts_request() {
  wire::pb::GetPartsRequest request;
  request.add_addresses(filled(32, 'a'));
  request.add_addresses(filled(32, 'b'));
  request.set_page_bytes(65'536);
  return request;
}

wire::pb::FindSnapshotsAnswer sample_find_snapshots_answer() {
  wire::pb::FindSnapshotsAnswer answer;
  answer.set_generation(filled(16, 'g'));
  auto& parcel = *answer.add_parcels();
  parcel.set_envelope("an envelope that names parts");
  parcel.add_grants("a grant");
  return answer;
}

wire::pb::GetPartsAnswer sample_get_parts_answer() {
  wire::pb::GetPartsAnswer answer;
  auto& here = *answer.add_parts();
  here.set_address(filled(32, 'a'));
  here.set_chunk("sealed chunk");
  answer.add_parts()->set_address(filled(32, 'b'));
  return answer;
}

}  // namespace wayside::support
