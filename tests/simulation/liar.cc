#include "core/ledger/change_set.h"
#include "core/ledger/envelope.h"
#include "sync/wire/codec.h"
#include "tests/simulation/world.h"

namespace wayside::simulation {

void World::lie_as_member(Seat& seat, const Step& step) {
  (void)seat;
  (void)step;
}

}  // namespace wayside::simulation
