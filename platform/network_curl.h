#pragma once

#include <memory>

#include "platform/env.h"
#include "platform/paths.h"

namespace wayside::platform {

/// HTTPS by libcurl, TLS 1.3 only. The connection is kept between posts to one office as one device.
///
/// Whom we talk to is decided by the pinned key alone, before our own certificate is sent: a wrong office learns
/// neither who asks nor what. No redirect, no cookie, no header that names this program. A proxy only where
/// https_proxy asks for one, and never towards this machine itself.
/// One thread at a time. Errors: unreachable, wrong_office, too_large, bad_input (an address that is none).
class CurlNetwork : public Network {
 public:
  explicit CurlNetwork(const Environment& environment);
  ~CurlNetwork() override;
  Result<HttpAnswer> post(const HttpCall& call) override;

 private:
  class Session;
  Result<void> prepare_session(const HttpCall& call);

  Environment environment_;
  std::unique_ptr<Session> session_;
};

}  // namespace wayside::platform
