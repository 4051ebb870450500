#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "sync/office/address.h"
#include "sync/office/service.h"

namespace wayside::office {

/// HTTP/1.1 over TLS 1.3 around a Service: POST, keep-alive, everything bounded (tuning.h), one thread.
///
/// The client must show an Ed25519 certificate and prove that it holds the key; whose key that is, the Service
/// decides. Nothing about a connection is logged or kept.
class HttpServer {
 public:
  /// Bound and listening when it returns; port 0 takes a free one. Errors: unreachable (the host is no address of
  /// this machine), busy (the port is taken), io.
  static Result<std::unique_ptr<HttpServer>> listen(const Address& address, Service& service);
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const;
  /// HOST:PORT as bound.
  [[nodiscard]] std::string endpoint() const;

  /// From here on SIGTERM and SIGINT do what `stop` does, `run` called or not yet.
  void stop_on_signals();
  /// Serves until `stop`; requests under way are finished first. `each_interval` is called from the same thread, after
  /// kFiguresInterval and then whenever it has said.
  void run(std::function<std::chrono::milliseconds()> each_interval);
  void stop();  ///< from any thread

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace wayside::office
