#include "tests/ui/desktop/gallery_cases.h"

#include "platform/atomic_file.h"
#include "tests/core/attachments/made_files.h"
#include "tests/ui/app/case_in_use.h"

namespace wayside::desktop::gallery {

namespace {

/// Without the settings of that device: a picture has its own.
app::pb::Snapshot shown_by(app::tests::CaseInUse& desk) {
  app::pb::Snapshot out = desk.now();
  out.clear_settings();
  return out;
}

}  // namespace

app::pb::Snapshot case_with(bool many_types, bool add_list) {
  app::tests::CaseInUse desk;
  if (many_types) desk.put_many();
  else desk.put_standard();
  desk.start();
  desk.open_case(desk.id);
  if (add_list) desk.list_types();
  return shown_by(desk);
}

app::pb::Snapshot new_record_of(const std::string& type) {
  app::tests::CaseInUse desk;
  desk.put_many();
  desk.start();
  desk.open_case(desk.id);
  desk.new_record(desk.id, type);
  return shown_by(desk);
}

namespace {

/// A wall with a door in it, whose lock is broken out.
Bytes door_photo() {
  attachments::testing::Pixels photo;
  photo.width = 640;
  photo.height = 420;
  for (unsigned y = 0; y < photo.height; ++y) {
    for (unsigned x = 0; x < photo.width; ++x) {
      const bool door = x > 220 && x < 430 && y > 30;
      const bool panel = door && x > 245 && x < 405 && ((y > 60 && y < 190) || (y > 225 && y < 390));
      const bool broken = door && x > 372 && x < 428 && y > 186 + (x * 7) % 13 && y < 236 - (x * 5) % 17;
      const auto shade = static_cast<int>((x * 31 + y * 17) % 9) + static_cast<int>(y / 14);
      const int base = broken ? 40 : panel ? 118 : door ? 138 : 205;
      photo.rgb.push_back(static_cast<unsigned char>(base - shade + (door && !broken ? 30 : 0)));
      photo.rgb.push_back(static_cast<unsigned char>(base - shade - (door && !broken ? 12 : 4)));
      photo.rgb.push_back(static_cast<unsigned char>(base - shade - (door && !broken ? 50 : 12)));
    }
  }
  return attachments::testing::plain_jpeg(photo);
}

struct WithFiles : app::tests::CaseInUse {
  void handle(const std::function<void(app::pb::Command&)>& fill) {
    app::pb::Command command;
    fill(command);
    clerk->handle(command);
  }
  void add(const char* name, const Bytes& content, const char* kind) {
    const platform::Path path = platform::Path("/home/amina") / name;
    support::need(amina.world->files.make_folders(path.parent_path()));
    support::need(platform::write_atomically(amina.world->files, path, content));
    handle([&](app::pb::Command& command) {
      command.mutable_add_file()->set_case_id(id.str());
      command.mutable_add_file()->set_path(path.string());
      command.mutable_add_file()->set_kind(kind);
    });
  }
  void open(const std::string& file) {
    handle([&](app::pb::Command& command) { command.mutable_open_file()->set_file_id(file); });
  }
};

}  // namespace

app::pb::Snapshot case_with_files(const std::string& opened, bool refused) {
  WithFiles desk;
  desk.put_standard();
  desk.start();
  desk.open_case(desk.id);
  desk.add("message from 9 June.png", attachments::testing::plain_png(attachments::testing::pixels(320, 200)), "screenshot");
  for (const auto& [path, content] : desk.amina.world->files.contents()) {
    if (path.find("/blobs/") != std::string::npos) support::need(desk.amina.world->files.remove(path));
  }
  desk.add("letter to the landlord.txt", "Dear Sir or Madam", "letter");
  desk.add("back door after the visit of 8 June.jpg", door_photo(), "photo_damage");
  if (refused) desk.add("photo.heic", Bytes("\0\0\0\x18""ftypheic\0\0\0\0mif1heic", 24), "photo_injury");
  auto shown = shown_by(desk);
  for (const auto& row : shown.case_().files().rows()) {
    const bool wanted = (opened == "photo" && row.name().starts_with("back")) || (opened == "letter" && row.name().starts_with("letter")) ||
                        (opened == "away" && row.name().starts_with("message"));
    if (wanted) desk.open(row.file_id());
  }
  shown = shown_by(desk);
  return shown;
}

app::pb::Snapshot case_without_files() { return case_with(false); }

app::pb::Snapshot case_standing(bool much) {
  WithFiles desk;
  if (much) {
    desk.put_standard();
    desk.put_for_rules();
  }
  desk.start();
  desk.open_case(desk.id);
  desk.handle([](app::pb::Command& command) { command.mutable_show_standing()->set_shown(true); });
  return shown_by(desk);
}

app::pb::Snapshot places(bool services, bool opened) {
  WithFiles desk;
  desk.put_standard();
  desk.put_for_rules();
  if (services) desk.put_services();
  desk.start();
  desk.open_case(desk.id);
  desk.handle([&](app::pb::Command& command) { command.mutable_show_places()->set_case_id(desk.id.str()); });
  if (opened) desk.handle([&](app::pb::Command& command) { command.mutable_open_service()->set_service_id(desk.services[1].str()); });
  return shown_by(desk);
}

app::pb::Snapshot today(bool something) {
  WithFiles desk;
  if (something) desk.put_for_rules();
  desk.start();
  desk.handle([](app::pb::Command& command) { command.mutable_show_today()->set_shown(true); });
  return shown_by(desk);
}

}  // namespace wayside::desktop::gallery
