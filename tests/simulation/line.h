#pragma once

#include "tests/simulation/world.h"

namespace wayside::simulation {

/// The membership log through a courier of the seat's own, with one key: the seat's, or a ticket's.
class World::Line : public enrol::MembershipLine {
 public:
  /// `key` outlives it.
  Line(World& world, Seat& seat, vault::OfficePlace place, const SecretBytes& key)
      : world_(world), seat_(seat), place_(std::move(place)), key_(key) {}
  Result<Answer> ask(std::uint64_t have, BytesView entry) override {
    const auto job = enrol::membership_job({place_.address, place_.tls_pin}, have, entry);
    return enrol::membership_answer(world_.carry(seat_, job, &key_));
  }

 private:
  World& world_;
  Seat& seat_;
  vault::OfficePlace place_;
  const SecretBytes& key_;
};

}  // namespace wayside::simulation
