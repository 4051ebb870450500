#include "tests/simulation/box_randomness.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>

#include "tests/simulation/step.h"

namespace wayside::simulation {
namespace {

Dice& dice() {
  static Dice drawn(0);
  return drawn;
}

std::uint32_t draw_number() { return static_cast<std::uint32_t>(dice().next()); }

void draw_bytes(void* const out, const std::size_t size) {
  auto* at = static_cast<unsigned char*>(out);
  for (std::size_t left = size; left > 0;) {
    const std::uint64_t drawn = dice().next();
    const std::size_t some = left < sizeof drawn ? left : sizeof drawn;
    std::memcpy(at, &drawn, some);
    at += some;
    left -= some;
  }
}

const char* name() { return "simulation"; }

randombytes_implementation implementation{name, draw_number, nullptr, nullptr, draw_bytes, nullptr};

}  // namespace

void draw_boxes_from(std::uint64_t seed) {
  dice() = Dice(seed);
  randombytes_set_implementation(&implementation);
}

}  // namespace wayside::simulation
