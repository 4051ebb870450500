#include "ui/desktop/theme.h"

namespace wayside::desktop {
namespace {

// A table is read by its columns.
// clang-format off
constexpr Palette kLight{
  .canvas = {0xF6F5F2}, .side = {0xECEBE6}, .surface = {0xFFFFFF}, .hover = {0xF0EFEA},
  .line = {0xD9D7D0}, .edge = {0x6E716E}, .ink = {0x1C1F1E}, .ink2 = {0x474C4A},
  .accent = {0x0B5159}, .accent_soft = {0xE0EEEE}, .on_accent = {0xFFFFFF},
  .danger = {0x8A1C14}, .danger_soft = {0xFBEAE7}, .warn = {0x6A4300}, .warn_soft = {0xFBF0DC},
  .ok = {0x14532D}, .ok_soft = {0xE4F2E7}, .selection = {0xBFE0E2}, .focus = {0xF5B301}, .focus_line = {0x1C1F1E},
  .exit = {0x1C1F1E}, .exit_ink = {0xFFFFFF}};

constexpr Palette kDark{
  .canvas = {0x151817}, .side = {0x101312}, .surface = {0x1D2120}, .hover = {0x262B2A},
  .line = {0x343A38}, .edge = {0x8B938F}, .ink = {0xECEFED}, .ink2 = {0xC3CAC6},
  .accent = {0x8FD3D6}, .accent_soft = {0x1A3436}, .on_accent = {0x0B2224},
  .danger = {0xFFB4A8}, .danger_soft = {0x45201B}, .warn = {0xF3C77A}, .warn_soft = {0x3B2C10},
  .ok = {0x9AD8AC}, .ok_soft = {0x173323}, .selection = {0x24494C}, .focus = {0xFFC233}, .focus_line = {0x151817},
  .exit = {0xECEFED}, .exit_ink = {0x151817}};

constexpr Palette kContrast{
  .canvas = {0x000000}, .side = {0x000000}, .surface = {0x000000}, .hover = {0x262626},
  .line = {0xFFFFFF}, .edge = {0xFFFFFF}, .ink = {0xFFFFFF}, .ink2 = {0xFFFFFF},
  .accent = {0x7FE9FF}, .accent_soft = {0x00343D}, .on_accent = {0x000000},
  .danger = {0xFFB3A7}, .danger_soft = {0x3A0A04}, .warn = {0xFFE066}, .warn_soft = {0x332800},
  .ok = {0x8CF5A8}, .ok_soft = {0x00300F}, .selection = {0x005A6B}, .focus = {0xFFE066}, .focus_line = {0x000000},
  .exit = {0xFFFFFF}, .exit_ink = {0x000000}};
// clang-format on

double linear(std::uint32_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Colour colour) {
  return 0.2126 * linear(colour.rgb >> 16 & 0xFF) + 0.7152 * linear(colour.rgb >> 8 & 0xFF) +
         0.0722 * linear(colour.rgb & 0xFF);
}

}  // namespace

const Palette& palette(Mode mode) {
  switch (mode) {
    case Mode::light: return kLight;
    case Mode::dark: return kDark;
    case Mode::contrast: return kContrast;
  }
  return kLight;
}

double contrast_ratio(Colour a, Colour b) {
  const double first = luminance(a);
  const double second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace wayside::desktop
