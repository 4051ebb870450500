#pragma once

#include <span>
#include <string_view>

#include "platform/result.h"
#include "sync/stick/sealed_letter.h"
#include "sync/wire/wire.pb.h"

/// What a device asks and the office answers over a stick: the very requests and answers of a line (sync/wire), each signed by
/// whoever says it and bound to one device, one office and one question.
///
///     message ‖ Ed25519 signature 64 over its digest
///
/// The digest of a request does not need its body at hand: a device notes what it is about to ask before it writes any of it.
namespace wayside::stick {

/// In the order in which an office takes them.
enum class Kind : std::uint8_t { push = 1, put_parts = 2, pull = 3, get_parts = 4 };
/// Where that goes over a line; empty for a kind that this version does not know.
std::string_view path_of(std::uint32_t kind);

/// Of what is asked, whatever the letter. Of parts that are sent, over their addresses: an address says what the part is.
Digest digest_of_body(Kind kind, BytesView body, BytesView held);
Digest digest_of_put(std::span<const Digest> addresses);

/// Where a question stands.
struct Place {
  Bytes letter;                     ///< 16
  std::uint64_t letter_number = 0;
  std::uint32_t kind = 0;
  std::uint32_t number = 0;         ///< of its kind in the letter
};
/// Names a question: its answers carry it.
Digest digest_of_request(const Pair& pair, const Place& place, const Digest& body);

/// A question or an answer of these two, with nothing in it yet.
template <class Message>
Message between(const Pair& pair) {
  Message out;
  out.set_organisation(pair.organisation.str());
  out.set_office(pair.office.str());
  out.set_device(pair.device.str());
  return out;
}

Bytes sign_request(const wire::pb::StickRequest& request, const Digest& digest, const SecretBytes& courier_seed);
Bytes sign_answer(const wire::pb::StickAnswer& answer, const SecretBytes& office_seed);

struct SignedRequest { wire::pb::StickRequest request; Digest digest; };
/// Errors: bad_input, bad_signature (also: of another device, office or organisation than `pair`).
Result<SignedRequest> open_request(BytesView signed_message, const Pair& pair);
Result<wire::pb::StickAnswer> open_answer(BytesView signed_message, const Pair& pair);

/// How the files are labelled that hold them.
Label label_of(const Place& place);
Place place_of(const Label& label);
Label label_of_answer(const Digest& request, std::uint32_t page);

}  // namespace wayside::stick
