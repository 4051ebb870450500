#pragma once

#include <variant>

#include "platform/env.h"
#include "sync/session/session.h"
#include "sync/wire/wire.pb.h"

namespace wayside::courier {

/// Whom to talk to, as whom.
struct Peer {
  std::string address;                         ///< HOST:PORT
  std::array<unsigned char, 32> tls_pin{};
  const SecretBytes* key = nullptr;            ///< Ed25519 seed; outlives the Exchange
  std::uint64_t bytes_per_s = 0;               ///< each way at most; 0: as fast as the line is
};

/// What crossed the wire, for CourierDone.
struct Traffic {
  std::uint64_t round_trips = 0;               ///< requests that were answered
  std::uint64_t handshakes = 0;
  std::uint64_t bytes_up = 0;                  ///< HTTP headers and bodies, without TLS
  std::uint64_t bytes_down = 0;
};

template <class Answer>
using Reply = std::variant<Answer, session::Refused>;

/// Requests as messages. A connection that is cut is tried once more at once, since every request may be repeated: pushes are
/// known by id, parts by their address, pulls change nothing, and an entry that is in the log already is taken again.
class Exchange {
 public:
  Exchange(platform::Network& network, Peer peer) : network_(network), peer_(std::move(peer)) {}

  /// Errors: unreachable (after the second attempt), wrong_office, too_large, bad_input or newer_format (an answer that
  /// is none).
  Result<Reply<wire::pb::PushAnswer>> push(const wire::pb::PushRequest& request);
  Result<Reply<wire::pb::PullAnswer>> pull(const wire::pb::PullRequest& request);
  Result<Reply<wire::pb::AppendAnswer>> append(const wire::pb::AppendRequest& request);
  Result<Reply<wire::pb::AskPartsAnswer>> ask_parts(const wire::pb::AskPartsRequest& request);
  Result<Reply<wire::pb::PutPartsAnswer>> put_parts(const wire::pb::PutPartsRequest& request);
  Result<Reply<wire::pb::GetPartsAnswer>> get_parts(const wire::pb::GetPartsRequest& request);
  Result<Reply<wire::pb::FindSnapshotsAnswer>> find_snapshots();

  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

 private:
  Result<platform::HttpAnswer> post(std::string_view path, Bytes body);
  template <class Answer>
  Result<Reply<Answer>> ask(std::string_view path, Bytes body);

  platform::Network& network_;
  Peer peer_;
  Traffic traffic_;
};

}  // namespace wayside::courier
