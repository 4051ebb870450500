#include "sync/stick/messages.h"

#include <vector>

#include "sync/wire/codec.h"

namespace wayside::stick {
namespace {

using wire::pb::StickAnswer;
using wire::pb::StickRequest;

constexpr std::size_t kLetterBytes = 16;

Bytes little_endian(std::uint64_t number, unsigned bytes) {
  Bytes out;
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
  return out;
}

Digest digest_of_answer(BytesView message) { return crypto::hash("wayside/stick-answer/1", {message}); }

Bytes with_signature(Bytes message, const Digest& digest, const SecretBytes& seed) {
  message += crypto::sign(seed, digest.view()).view();
  return message;
}

struct Parted { BytesView message; Signature signature; };
Result<Parted> part(BytesView signed_message) {
  if (signed_message.size() < Signature::size_bytes) return fail(Errc::bad_input, "a message on the stick");
  const std::size_t size = signed_message.size() - Signature::size_bytes;
  return Parted{signed_message.substr(0, size), *Signature::from(signed_message.substr(size))};
}

/// A stick that was copied from elsewhere, or a file that was sealed again for somebody else.
template <class Message>
bool is_between(const Message& message, const Pair& pair) {
  return message.organisation() == pair.organisation.view() && message.office() == pair.office.view() &&
         message.device() == pair.device.view();
}

}  // namespace

std::string_view path_of(std::uint32_t kind) {
  switch (static_cast<Kind>(kind)) {
    case Kind::push: return "/v1/push";
    case Kind::put_parts: return "/v1/parts/put";
    case Kind::pull: return "/v1/pull";
    case Kind::get_parts: return "/v1/parts/get";
  }
  return {};
}

Digest digest_of_put(std::span<const Digest> addresses) {
  Bytes all;
  for (const Digest& each : addresses) all += each.view();
  return crypto::hash("wayside/stick-parts/1", {all});
}

Digest digest_of_body(Kind kind, BytesView body, BytesView held) {
  if (kind == Kind::put_parts) {
    std::vector<Digest> addresses;
    if (const auto request = wire::decode<wire::pb::PutPartsRequest>(body)) {
      for (const wire::pb::Part& part : request->parts()) addresses.push_back(*Digest::from(part.address()));
      return digest_of_put(addresses);
    }
  }
  return crypto::hash("wayside/stick-body/1", {little_endian(body.size(), 8), body, held});
}

Digest digest_of_request(const Pair& pair, const Place& place, const Digest& body) {
  return crypto::hash("wayside/stick-request/1",
                      {pair.organisation.view(), pair.office.view(), pair.device.view(), place.letter, little_endian(place.letter_number, 8),
                       little_endian(place.kind, 4), little_endian(place.number, 4), body.view()});
}

Bytes sign_request(const StickRequest& request, const Digest& digest, const SecretBytes& courier_seed) {
  return with_signature(wire::encode_plain(request), digest, courier_seed);
}

Bytes sign_answer(const StickAnswer& answer, const SecretBytes& office_seed) {
  Bytes message = wire::encode_plain(answer);
  const Digest digest = digest_of_answer(message);
  return with_signature(std::move(message), digest, office_seed);
}

Result<SignedRequest> open_request(BytesView signed_message, const Pair& pair) {
  WAYSIDE_TRY(const Parted parted, part(signed_message));
  WAYSIDE_TRY(StickRequest request, wire::decode_plain<StickRequest>(parted.message));
  if (!is_between(request, pair)) return fail(Errc::bad_signature, "a request of somebody else");
  const Digest body = digest_of_body(static_cast<Kind>(request.kind()), request.body(), request.held());
  const Digest digest = digest_of_request(pair, {request.letter(), request.letter_number(), request.kind(), request.number()}, body);
  if (!crypto::verify(pair.courier, digest.view(), parted.signature)) return fail(Errc::bad_signature, "a request on the stick");
  return SignedRequest{std::move(request), digest};
}

Result<StickAnswer> open_answer(BytesView signed_message, const Pair& pair) {
  WAYSIDE_TRY(const Parted parted, part(signed_message));
  if (!crypto::verify(pair.office, digest_of_answer(parted.message).view(), parted.signature))
    return fail(Errc::bad_signature, "an answer on the stick");
  WAYSIDE_TRY(StickAnswer answer, wire::decode_plain<StickAnswer>(parted.message));
  if (!is_between(answer, pair)) return fail(Errc::bad_signature, "an answer to somebody else");
  return answer;
}

Label label_of(const Place& place) {
  Bytes about = place.letter.substr(0, kLetterBytes) + little_endian(place.letter_number, 8);
  about.resize(Digest::size_bytes, '\0');
  return {static_cast<std::uint8_t>(place.kind), place.number, *Digest::from(about)};
}

Place place_of(const Label& label) {
  const BytesView about = label.about.view();
  Place out{Bytes(about.substr(0, kLetterBytes)), 0, label.kind, label.number};
  for (unsigned i = 0; i < 8; ++i) out.letter_number |= std::uint64_t{static_cast<unsigned char>(about[kLetterBytes + i])} << (8 * i);
  return out;
}

Label label_of_answer(const Digest& request, std::uint32_t page) { return {0, page, request}; }

}  // namespace wayside::stick
