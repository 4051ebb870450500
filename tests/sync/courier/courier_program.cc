#include <unistd.h>

#include <string_view>

#include "platform/files_posix.h"
#include "sync/courier/courier.h"
#include "tests/sync/session/office_model.h"

// Stands for `wayside-cli courier` in tests: real files and pipes, and an office that lives and ends with the process.
// The address says how it behaves: "stalls:1" never answers, "busy:1" always has one more page, "crowd:N" is an office
// in which another device has written N envelopes.
int main(int argc, char** argv) {
  using namespace wayside;
  if (argc != 2 || std::string_view(argv[1]) != "courier") return 2;
  support::FakeEnv world;
  platform::PosixFiles files;
  session::testing::OfficeModel office(1);
  session::testing::Writer other(office.organisation(), office.random());
  const LedgerId ledger = *LedgerId::from(Bytes(LedgerId::size_bytes, 'a'));
  const auto write = [&] { office.store(other.device(), other.write(ledger, 300)); };
  office.max_page_bytes = 1;
  auto handler = office.handler(DeviceId{});
  bool crowded = false;
  world.network.answer_with([&](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    const auto colon = call.address.find(':');
    const std::string behaviour = call.address.substr(0, colon);
    while (behaviour == "stalls") ::pause();
    if (behaviour == "busy") write(), write();
    for (int n = crowded ? 0 : std::stoi(call.address.substr(colon + 1)); behaviour == "crowd" && n > 0; --n) write();
    crowded = true;
    return handler(call);
  });
  return courier::courier_main({world.clock, world.random, files, world.keys, world.network}, STDIN_FILENO, STDOUT_FILENO);
}
