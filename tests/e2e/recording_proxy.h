#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "platform/bytes.h"
#include "platform/descriptor.h"

namespace wayside::e2e {

/// Stands between devices and an office on loopback, hands every byte on and keeps it.
class RecordingProxy {
 public:
  /// `office`: 127.0.0.1:PORT
  explicit RecordingProxy(const std::string& office);
  ~RecordingProxy();
  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  /// What devices have sent so far, and what the office has answered.
  [[nodiscard]] Bytes sent() const;
  [[nodiscard]] Bytes answered() const;

 private:
  void serve();
  std::uint16_t office_port_;
  std::string address_;
  platform::Descriptor listener_;
  platform::Descriptor stop_;  ///< an eventfd: readable once this is to end
  mutable std::mutex mutex_;
  Bytes sent_, answered_;
  std::thread thread_;
};

}  // namespace wayside::e2e
