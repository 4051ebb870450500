#pragma once

#include <string_view>

#include "sync/office/keys.h"
#include "sync/office/ledger_store.h"
#include "sync/office/request_rate.h"

namespace wayside::office {

struct Reply {
  int status = 200;
  Bytes body;
};

/// The office's answers, without a socket: who asks (by the key of the TLS certificate), which path, which body.
/// One thread. HTTP status: 200; 400 not decodable; 403 this key may not do that; 404; 409 another generation;
/// 412 a copy of this device's vault has sent since; 413 too large; 503 later. All but 200 and 404 carry a Refusal.
class Service {
 public:
  Service(platform::Clock& clock, LedgerStore& store, OfficeKeys keys)
      : clock_(clock), store_(store), keys_(std::move(keys)) {}

  /// What is known before a body has come: nothing when it may come, up to `limit_bytes`; else the reply.
  struct Welcome {
    std::optional<Reply> refusal;
    std::size_t limit_bytes = 0;
  };
  [[nodiscard]] Welcome welcome(const PublicKey& client, std::string_view path) const;

  /// Decides again who asks: the membership may have changed while the body came.
  [[nodiscard]] Reply answer(const PublicKey& client, std::string_view path, BytesView body);
  [[nodiscard]] static Reply refuse(int status, std::string_view reason);

  /// Requests of one device on average; whoever asks more often is told to come back later (503).
  void set_request_rate(std::uint64_t per_minute) { rate_ = RequestRate(per_minute); }

  [[nodiscard]] const OfficeKeys& keys() const { return keys_; }
  /// Whether anything was stored since this was last asked: then figures have changed.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }

 private:
  Reply push(const Caller& caller, BytesView body);
  Reply pull(const Caller& caller, BytesView body);
  Reply append(const Caller& caller, BytesView body);
  Reply ask_parts(const Caller& caller, BytesView body);
  Reply put_parts(const Caller& caller, BytesView body);
  Reply get_parts(const Caller& caller, BytesView body);
  Reply find_snapshots(const Caller& caller, BytesView body);
  Reply refuse_generation() const;
  Reply come_back(std::string_view reason, std::int64_t in_ms) const;
  Reply failed(const Error& error) const;

  platform::Clock& clock_;
  LedgerStore& store_;
  OfficeKeys keys_;
  RequestRate rate_;
  bool changed_ = false;
};

}  // namespace wayside::office
