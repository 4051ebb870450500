#include <unistd.h>

#include <string_view>

#include "platform/files_posix.h"
#include "platform/network_curl.h"
#include "sync/courier/courier.h"
#include "tests/sync/session/office_model.h"

// Stands for `wayside-cli courier` in tests: real files and pipes. The address says whom it talks to: an address of this
// machine is a real office over TLS; otherwise the office is a model that lives and ends with the process:
// "stalls:1" never answers, "busy:1" always has one more page, "crowd:N" holds N envelopes of another device.
namespace {

using namespace wayside;

class ModelOrReal : public platform::Network {
 public:
  ModelOrReal() { office_.max_page_bytes = 1; }

  Result<platform::HttpAnswer> post(const platform::HttpCall& call) override {
    if (call.address.starts_with("127.")) return real_.post(call);
    const auto colon = call.address.find(':');
    const std::string behaviour = call.address.substr(0, colon);
    while (behaviour == "stalls") ::pause();
    if (behaviour == "busy") write(2);
    if (behaviour == "crowd" && office_.size() == 0) write(std::stoi(call.address.substr(colon + 1)));
    return handler_(call);
  }

 private:
  void write(int envelopes) {
    const LedgerId ledger = *LedgerId::from(Bytes(LedgerId::size_bytes, 'a'));
    for (int i = 0; i < envelopes; ++i) office_.store(other_.device(), other_.write(ledger, 300));
  }

  platform::CurlNetwork real_{[](const char*) { return std::optional<std::string>(); }};
  session::testing::OfficeModel office_{1};
  session::testing::Writer other_{office_.organisation(), office_.random()};
  support::FakeNetwork::Handler handler_ = office_.handler(DeviceId{});
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::string_view(argv[1]) != "courier") return 2;
  support::FakeEnv world;
  platform::PosixFiles files;
  ModelOrReal network;
  return courier::courier_main({world.clock, world.random, files, world.keys, network}, STDIN_FILENO, STDOUT_FILENO);
}
