#include <algorithm>

#include "core/attachments/attachments.h"
#include "core/vault/audit.h"
#include "ui/app/case_files.h"
#include "ui/app/clerk.h"
#include "ui/app/codec.h"
#include "ui/app/sentences.h"
#include "ui/app/words.h"

namespace wayside::app {

/// Another case comes to the front, or none: nothing of this one stays in memory.
void Clerk::forget_case() {
  wipe(case_);
  wipe(files_);
  wipe(standing_page_);
  shows_standing_ = false;
}

/// Rows of the open case's files; what is open among them, and what was said, stays.
Result<void> Clerk::show_files() { return open_case_ ? read_files(*vault_, *open_case_, files_) : Result<void>{}; }

void Clerk::close_file() {
  if (!files_.has_opened()) return;
  wipe(*files_.mutable_opened());
  files_.clear_opened();
}

std::string Clerk::file_name(const RecordId& id) const {
  const auto row = std::ranges::find(files_.rows(), id.str(), &pb::FileRow::file_id);
  return row == files_.rows().end() ? std::string() : row->name();
}

/// The window tells of it when it takes longer than a second.
void Clerk::work_on(pb::FileWork::Kind kind, std::string name) {
  wipe(*files_.mutable_notice());
  files_.mutable_work()->set_kind(kind);
  files_.mutable_work()->set_name(std::move(name));
  watcher_.news();
}

Result<void> Clerk::open_file(const std::string& id) {
  close_file();
  const auto file = RecordId::from(id);
  if (!file) return {};
  WAYSIDE_OK(vault::note(*vault_, {.what = vault::AuditWhat::file_shown, .case_id = open_case_, .record = *file}));
  work_on(pb::FileWork::reading, file_name(*file));
  *files_.mutable_opened() = read_opened(*vault_, *file);
  files_.clear_work();
  return {};
}

Result<void> Clerk::add_file(const pb::AddFile& command) {
  if (!open_case_ || open_case_->str() != command.case_id()) return fail(Errc::not_found, "case");
  const auto before = files_.added_count();
  work_on(pb::FileWork::adding,
          command.name().empty() ? platform::Path(command.path()).filename().string() : command.name());
  app::add_file(*vault_, command, setup_.user_home, files_);
  files_.clear_work();
  return files_.added_count() == before ? Result<void>{} : changed(open_case_);
}

Result<void> Clerk::export_file(const pb::ExportFile& command) {
  if (!open_case_) return fail(Errc::not_found, "case");
  const auto file = RecordId::from(command.file_id());
  if (!file) return {};
  WAYSIDE_OK(vault::note(*vault_, {.what = vault::AuditWhat::file_copied, .case_id = open_case_, .record = *file}));
  work_on(pb::FileWork::writing, file_name(*file));
  app::export_file(*vault_, command, setup_.user_home, files_);
  files_.clear_work();
  return {};
}

/// Others have their turn meanwhile: the person may have gone to another case when it ends.
Result<void> Clerk::fetch_file(const RecordId& id) {
  if (!open_case_) return fail(Errc::not_found, "case");
  WAYSIDE_TRY(const auto missing, attachments::missing_parts(*vault_, id));
  const RecordId asked_in = *open_case_;
  const std::string name = file_name(id);
  work_on(pb::FileWork::fetching, name);
  reconcile::Options options;
  options.courier_program = setup_.courier_program;
  options.office_address = setup_.office_address;
  options.progress = [&](const reconcile::Progress& at) {
    if (open_case_ != asked_in) return;
    files_.mutable_work()->set_done(at.done);
    files_.mutable_work()->set_total(at.total);
    watcher_.news();
  };
  options.stop_asked = [this] { return !watcher_.let_others(); };
  const auto fetched = setup_.fetch(*vault_, missing, options);
  if (open_case_ != asked_in) return {};
  files_.clear_work();
  pb::Notice& notice = *files_.mutable_notice();
  notice.set_tone(pb::Notice::attention);
  const std::string file = name.empty() ? "The file" : name;
  if (!fetched && fetched.error().code == Errc::unreachable) {
    notice.set_text("The office cannot be reached, and not all of " + file +
                    " is on this device. Try again when there is a line.");
  } else if (!fetched) {
    notice.set_text(sentence(fetched.error()));
  } else if (fetched->stopped_early) {
    notice.set_tone(pb::Notice::information);
    notice.set_text("Fetching was stopped. What has come stays here: fetching again goes on from there.");
  } else if (fetched->not_there > 0) {
    notice.set_text("The office does not have all of " + file +
                    " yet. Files are sent last: try again when the colleague who added it has reconciled.");
  } else {
    notice.set_tone(pb::Notice::done);
    notice.set_text(file + " is on this device now.");
  }
  WAYSIDE_OK(show_case());
  if (files_.opened().file_id() != id.str()) return {};
  close_file();
  *files_.mutable_opened() = read_opened(*vault_, id);
  return {};
}

}  // namespace wayside::app
