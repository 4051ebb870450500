#include "ui/desktop/widgets/picture.h"

#include <backends/imgui_impl_opengl3_loader.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace wayside::desktop {

Picture& Picture::operator=(Picture&& other) noexcept {
  if (this == &other) return *this;
  drop();
  name_ = std::exchange(other.name_, {});
  texture_ = std::exchange(other.texture_, 0);
  width_ = other.width_;
  height_ = other.height_;
  return *this;
}

void Picture::hold(std::string_view name, unsigned width, unsigned height, std::string_view rgba) {
  if (texture_ != 0 && name_ == name) return;
  drop();
  if (width == 0 || height == 0 || rgba.size() != std::size_t{4} * width * height) return;
  name_ = name;
  width_ = width;
  height_ = height;
  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, static_cast<GLsizei>(width), static_cast<GLsizei>(height), 0, GL_RGBA,
               GL_UNSIGNED_BYTE, rgba.data());
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
}

void Picture::drop() {
  if (texture_ == 0) return;
  const std::vector<unsigned char> nothing(std::size_t{4} * width_ * height_);
  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, static_cast<GLsizei>(width_), static_cast<GLsizei>(height_), GL_RGBA,
                  GL_UNSIGNED_BYTE, nothing.data());
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
  glDeleteTextures(1, &texture_);
  texture_ = 0;
  name_.clear();
}

Rect Picture::draw(const Ui& ui, const Rect& room) const {
  if (texture_ == 0) return {room.x, room.y, 0, 0};
  const auto w = static_cast<float>(width_), h = static_cast<float>(height_);
  const float scale = std::min({2.0f, room.w / w, room.h / h});
  const Rect at{room.x, room.y, std::round(w * scale), std::round(h * scale)};
  ui.draw().AddImage(ImTextureRef(static_cast<ImTextureID>(texture_)), {at.x, at.y}, {at.right(), at.bottom()});
  ui.stroke(at, ui.colours().line, 0, ui.theme.border());
  return at;
}

}  // namespace wayside::desktop
