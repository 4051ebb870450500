#include "tests/ui/desktop/gallery_cases.h"

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

}  // namespace wayside::desktop::gallery
