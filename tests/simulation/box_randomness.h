#pragma once

#include <cstdint>

/// libsodium draws the keys of sealed boxes itself. In a simulation it draws them from the seed, like all else: else the ids of entries, and of
/// what names them, would differ from run to run, and with them whatever goes by the order of ids.
namespace wayside::simulation {

/// From here on; for the whole process.
void draw_boxes_from(std::uint64_t seed);

}  // namespace wayside::simulation
