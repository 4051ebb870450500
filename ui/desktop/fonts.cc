#include "ui/desktop/fonts.h"

#include <imgui.h>

namespace wayside::desktop {
namespace {

struct Face {
  const char* path;
  const char* package;
};
constexpr Face kRegular{"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "fonts-noto-core"};
constexpr Face kBold{"/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf", "fonts-noto-core"};
constexpr Face kIcons{"/usr/share/fonts/truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf",
                      "fonts-material-design-icons-iconfont"};

Result<ImFont*> load(platform::Files& files, const Face& face) {
  ImFont* font = files.exists(face.path) ? ImGui::GetIO().Fonts->AddFontFromFileTTF(face.path, 0.0f) : nullptr;
  if (!font) return fail(Errc::not_found, std::string(face.path) + " (package " + face.package + ")");
  return font;
}

}  // namespace

Result<Fonts> load_fonts(platform::Files& files) {
  Fonts fonts;
  WAYSIDE_TRY(fonts.regular, load(files, kRegular));
  WAYSIDE_TRY(fonts.bold, load(files, kBold));
  WAYSIDE_TRY(fonts.icons, load(files, kIcons));
  return fonts;
}

}  // namespace wayside::desktop
