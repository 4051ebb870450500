#pragma once

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <vector>

#include "ui/app/messages.pb.h"
#include "ui/app/worker_link.h"

namespace wayside::support {

/// A worker that does nothing: it keeps what the window told it, and shows what a test gives it to show.
class ListeningLink : public app::WorkerLink {
 public:
  void send(Bytes bytes) override {
    app::pb::Command command;
    REQUIRE(command.ParseFromString(bytes));
    heard.push_back(command);
  }
  void unlock(SecretString) override {}
  std::shared_ptr<const Bytes> latest() override { return latest_; }
  void set_wakeup(std::function<void()>) override {}
  void show(app::pb::Snapshot snapshot) { latest_ = std::make_shared<const Bytes>(snapshot.SerializeAsString()); }

  std::vector<app::pb::Command> heard;

 private:
  std::shared_ptr<const Bytes> latest_;
};

}  // namespace wayside::support
