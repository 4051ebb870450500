#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sync/enrol/join.h"
#include "sync/office/data_folder.h"
#include "sync/office/service.h"
#include "tests/support/fake_env.h"

/// Machines of one organisation: an office and the devices of its workers. All of it is the real engine; what is made
/// for the simulator is the world around it.
namespace wayside::simulation {

struct NeedFailed : std::logic_error {
  using std::logic_error::logic_error;
};

/// The value of a result. A failure is a bug of the simulator and ends it, unless a fault of the disk explains it.
template <class T>
T need(Result<T> result) {
  if (!result) throw NeedFailed(std::string(name_of(result.error().code)) + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

SecretString passphrase();

struct Machine {
  support::FakeClock clock;
  support::FakeRandom random;
  std::unique_ptr<support::FakeFiles> files = std::make_unique<support::FakeFiles>();
  support::FakeKeyStore keys;
  support::FakeNetwork network;

  platform::Env env() { return {clock, random, *files, keys, network}; }
  /// Another machine with a copy of this one's disk and keys.
  [[nodiscard]] std::unique_ptr<Machine> copy() const;
};

/// The office's program without its socket: what the network hands it, it answers.
class Office {
 public:
  explicit Office(std::unique_ptr<Machine> machine) : machine_(std::move(machine)) {}

  /// Errors while its disk fails; then it is down, and may be started again.
  Result<void> start();
  void stop();
  [[nodiscard]] bool is_up() const { return service_ != nullptr; }
  /// The power goes: what was not durable may be lost or torn, as `seed` decides.
  void lose_power(std::uint64_t seed);
  /// As its operator does: a backup of what it holds now, as a disk of its own; and an office of a new generation from one.
  Result<std::unique_ptr<support::FakeFiles>> back_up();
  void restore(const support::FakeFiles& backup);
  /// What the office's disk held when `copy` was made.
  void put_back(const support::FakeFiles& copy);

  office::Reply answer(const PublicKey& client, const std::string& path, BytesView body) {
    return service_->answer(client, path, body);
  }

  Machine& machine() { return *machine_; }
  office::LedgerStore& store() { return *store_; }
  [[nodiscard]] Digest tls_pin() const { return service_->keys().tls_pin(); }

 private:
  std::unique_ptr<Machine> machine_;
  std::optional<office::DataFolder> data_;
  std::unique_ptr<office::LedgerStore> store_;
  std::unique_ptr<office::Service> service_;
};

/// An organisation as it is on its first morning: an office and six devices that have joined. Made once for all seeds,
/// since what a seed tells begins after it.
struct Foundation {
  std::unique_ptr<Machine> office;
  struct Seat {
    std::string name;
    std::unique_ptr<Machine> machine;
  };
  std::vector<Seat> seats;
};
const Foundation& foundation();

inline const platform::Path kHome = "/home/vault";
inline const platform::Path kOfficeData = "/office";
inline const platform::Path kRecoveryPage = "/safe/recovery";   // on the office's machine

/// Carries one courier's job in this process, as `wayside-cli courier` does in its own.
wire::pb::CourierDone run_courier(const wire::pb::CourierJob& job, Machine& machine, const SecretBytes* key);

}  // namespace wayside::simulation
