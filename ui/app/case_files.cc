#include "ui/app/case_files.h"

#include <sodium.h>

#include <algorithm>

#include "core/attachments/attachments.h"
#include "core/attachments/media.h"
#include "core/schema/schema.h"
#include "platform/atomic_file.h"
#include "ui/app/codec.h"
#include "ui/app/plain_copy.h"
#include "ui/app/sentences.h"

namespace wayside::app {
namespace {

using attachments::Attached;
using attachments::Stripping;

constexpr std::string_view kNothingAdded = " Nothing was added.";

void say(pb::Files& out, pb::Notice::Tone tone, std::string text) {
  out.mutable_notice()->set_tone(tone);
  out.mutable_notice()->set_text(std::move(text));
}

const schema::Field* kind_field() {
  const schema::RecordType* type = schema::current().type("attachment");
  return type == nullptr ? nullptr : type->field("kind");
}

std::string kind_label(const std::string& code) {
  const schema::Field* field = kind_field();
  if (field == nullptr || field->list == nullptr) return code;
  const auto entry = std::ranges::find(field->list->entries, code, &schema::CodeEntry::code);
  return entry == field->list->entries.end() ? code : entry->label;
}

pb::FileRow row_of(const Attached& each) {
  pb::FileRow row;
  row.set_file_id(each.id.str());
  row.set_name(each.name);
  row.set_second((each.archived ? "Put away. " : "") + kind_label(each.kind) + ", " + size_words(each.bytes) +
                 (each.stripped ? ", place and device taken out" : ""));
  const bool whole = each.parts_here == each.parts;
  row.set_here(whole && each.parts > 0);
  row.set_place(each.parts == 0       ? "Saved without a file"
                : whole               ? "On this device"
                : each.parts_here > 0 ? "Part of it is on this device"
                                      : "Not on this device");
  row.set_put_away(each.archived);
  row.set_stripped(each.stripped);
  return row;
}

std::string not_read(const Error& error, const platform::Path& path) {
  const std::string name = path.filename().string();
  switch (error.code) {
    case Errc::not_found:
      return "There is no file at " + path.string() + "." + std::string(kNothingAdded) +
             " Check the path, then try again.";
    case Errc::too_large:
      return name + " is larger than 100 MB." + std::string(kNothingAdded) + " Make it smaller, or keep it elsewhere.";
    case Errc::read_only:
      return name + " may not be read." + std::string(kNothingAdded) + " Get the right to read it, then try again.";
    default:
      return path.string() + " cannot be read as a file." + std::string(kNothingAdded) +
             " Check that it is a file, then try again.";
  }
}

/// A refusal in words that name the file, and what can be done about it.
std::string not_added(const Error& error, const std::string& name, bool names_place) {
  if (error.code == Errc::disk_full)
    return "The disk is full." + std::string(kNothingAdded) + " Free some space, then add it again.";
  if (error.code != Errc::bad_input && error.code != Errc::too_large) return sentence(error);
  const std::string why = name + ": " + error.detail + ".";
  if (!names_place || error.code == Errc::too_large) return why + std::string(kNothingAdded);
  return why + std::string(kNothingAdded) +
         " You can keep it exactly as it is, with whatever place and device stand in it.";
}

attachments::NewAttachment wanted(const pb::AddFile& command, const platform::Path& path) {
  attachments::NewAttachment what;
  what.case_id = *RecordId::from(command.case_id());
  what.file_name = path.filename().string();
  what.name = command.name().empty() ? what.file_name : command.name();
  what.kind = command.kind();
  what.keep_metadata = command.keep_metadata();
  return what;
}

}  // namespace

std::string size_words(std::uint64_t bytes) {
  if (bytes < 1'000) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  if (bytes < 999'500) return std::to_string((bytes + 500) / 1'000) + " kB";
  const std::uint64_t tenths = (bytes + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

Result<void> read_files(vault::Vault& vault, const RecordId& case_id, pb::Files& out) {
  WAYSIDE_TRY(const auto all, attachments::list(vault, case_id));
  WAYSIDE_TRY(const auto office, vault.office());
  out.set_office(office.has_value());
  out.clear_rows();
  for (const bool put_away : {false, true}) {  // what was put away stands last
    for (const Attached& each : all) {
      if (each.archived == put_away) *out.add_rows() = row_of(each);
    }
  }
  out.clear_kinds();
  const schema::Field* field = kind_field();
  if (field == nullptr || field->list == nullptr) return {};
  for (const schema::CodeEntry& entry : field->list->entries) {
    pb::Option& option = *out.add_kinds();
    option.set_code(entry.code);
    option.set_label(entry.label);
  }
  return {};
}

pb::OpenedFile read_opened(vault::Vault& vault, const RecordId& file) {
  pb::OpenedFile out;
  out.set_file_id(file.str());
  const auto about = attachments::get(vault, file);
  if (!about) {
    out.set_no_picture(sentence(about.error()));
  } else if (about->parts == 0) {
    out.set_no_picture("This was recorded without a file.");
  } else if (about->parts_here < about->parts) {
    out.set_no_picture("The file is not on this device yet. Fetch it from the office to see it.");
  } else if (!about->media_type.starts_with("image/jpeg") && !about->media_type.starts_with("image/png")) {
    out.set_no_picture("Wayside shows photos (JPEG and PNG). To open this file, write a copy of it.");
  } else if (auto picture = attachments::preview_of(vault, file)) {
    out.set_width(picture->width);
    out.set_height(picture->height);
    out.mutable_rgba()->assign(reinterpret_cast<const char*>(picture->rgba.data()), picture->rgba.size());
    sodium_memzero(picture->rgba.data(), picture->rgba.size());
  } else if (picture.error().code == Errc::corrupt) {
    out.set_no_picture("The file is damaged on this device. It was left as it is. Tell your administrator.");
  } else {
    out.set_no_picture("This picture cannot be shown: " + picture.error().detail +
                       ". Write a copy to look at it elsewhere.");
  }
  return out;
}

void add_file(vault::Vault& vault, const pb::AddFile& command, const platform::Path& user_home, pb::Files& out) {
  out.clear_may_keep_as_is();
  const auto path = typed_path(command.path(), user_home);
  if (!path) return say(out, pb::Notice::attention, path.error().detail + std::string(kNothingAdded));
  if (command.kind().empty())
    return say(out, pb::Notice::attention, "Choose what kind of file it is." + std::string(kNothingAdded));
  auto file = platform::read_all(vault.env().files, *path, attachments::kMaxFileBytes);
  if (!file) return say(out, pb::Notice::attention, not_read(file.error(), *path));
  if (file->empty())
    return say(out, pb::Notice::attention, path->filename().string() + " is empty." + std::string(kNothingAdded));
  const auto what = wanted(command, *path);
  const Stripping stripping = attachments::media_of(*file, what.file_name).stripping;
  const bool names_place = stripping != Stripping::nothing_to_do && !what.keep_metadata;
  const auto added = attachments::add(vault, what, *std::move(file));
  if (!added) {
    out.set_may_keep_as_is(names_place && added.error().code == Errc::bad_input);
    return say(out, pb::Notice::attention, not_added(added.error(), what.file_name, names_place));
  }
  out.set_added_count(out.added_count() + 1);
  std::string text = added->name + " is kept with this case, encrypted.";
  if (added->stripped) text += " Where and with what it was made was taken out.";
  else if (what.keep_metadata && stripping != Stripping::nothing_to_do)
    text += " Place and device were left in it, as you asked.";
  say(out, pb::Notice::done,
      text + " The file you named is still where it was, not protected: delete it there if nobody should find it.");
}

void export_file(vault::Vault& vault, const pb::ExportFile& command, const platform::Path& user_home, pb::Files& out) {
  const RecordId id = *RecordId::from(command.file_id());
  auto path = typed_path(command.path(), user_home);
  constexpr std::string_view kNothing = " Nothing was written.";
  if (!path)
    return say(out, pb::Notice::attention,
               "Write where the copy shall go, beginning with / or ~/." + std::string(kNothing));
  const auto about = attachments::get(vault, id);
  if (!about) return say(out, pb::Notice::attention, sentence(about.error()));
  const auto names_there = vault.env().files.list(*path);
  const bool into_folder = !path->has_filename() || (names_there && !names_there->empty());
  if (into_folder) *path /= platform::Path(about->name).filename();
  if (about->parts_here < about->parts || about->parts == 0) {
    return say(out, pb::Notice::attention,
               "Not all of this file is on this device." + std::string(kNothing) + " Fetch it first.");
  }
  auto file = attachments::open(vault, id);
  if (!file) return say(out, pb::Notice::attention, sentence(file.error()));
  const auto done = write_plain_copy(vault.env().files, *path, *file);
  wipe(*file);
  if (!done) {
    const std::string why =
        done.error().code == Errc::already_exists ? "There is something at " + path->string() + " already."
        : done.error().code == Errc::not_found    ? "There is no folder " + path->parent_path().string() + "."
        : done.error().code == Errc::disk_full    ? "The disk is full."
                                                  : "It could not be written to " + path->string() + ".";
    return say(out, pb::Notice::attention, why + std::string(kNothing) + " Choose another place, then try again.");
  }
  out.set_written_count(out.written_count() + 1);
  say(out, pb::Notice::attention,
      "Wrote " + path->string() + ". This copy is not protected any more: delete it when it has served." +
          (about->stripped ? "" : " Place and device were not taken out of it: look at it before you pass it on."));
}

}  // namespace wayside::app
