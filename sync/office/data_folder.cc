#include "sync/office/data_folder.h"

#include <nlohmann/json.hpp>

#include "core/base/value.h"

namespace wayside::office {

using platform::Path;

Result<DataFolder> DataFolder::begin(platform::Files& files, const platform::Path& folder) {
  WAYSIDE_OK(files.make_folders(folder));
  WAYSIDE_TRY(auto lock, files.lock(lock_in(folder)));
  if (files.exists(mark_in(folder))) return fail(Errc::already_exists, mark_in(folder).string());
  if (files.exists(store_in(folder)) || files.exists(keys_in(folder)))
    return fail(Errc::already_exists, folder.string());
  DataFolder data(files, folder, std::move(lock));
  WAYSIDE_TRY(const auto mark, files.open(mark_in(folder), platform::OpenMode::create_new));
  WAYSIDE_OK(mark->sync());
  WAYSIDE_OK(files.sync_folder(folder));
  return data;
}

Result<void> DataFolder::finish() {
  WAYSIDE_OK(files_->remove(mark_in(folder_)));
  return files_->sync_folder(folder_);
}

void DataFolder::abandon() {
  // The mark goes last: if this is cut short too, the folder is still known for what it is.
  for (const char* suffix : {"", "-wal", "-journal"}) (void)files_->remove(store().string() + suffix);
  for (const Path& file : {keys(), figures()}) (void)files_->remove(file);
  (void)files_->sync_folder(folder_);
  (void)finish();
}

Result<DataFolder> DataFolder::use(platform::Files& files, const platform::Path& folder) {
  // Looks before it locks: a folder that holds no office gets no lock file.
  if (!files.exists(mark_in(folder)) && !files.exists(store_in(folder))) return fail(Errc::not_found, folder.string());
  WAYSIDE_TRY(auto lock, files.lock(lock_in(folder)));
  if (files.exists(mark_in(folder))) return fail(Errc::already_exists, mark_in(folder).string());
  if (files.exists(backup_mark_in(folder))) return fail(Errc::not_permitted, folder.string());
  if (!files.exists(keys_in(folder))) return fail(Errc::corrupt, keys_in(folder).string() + " is missing");
  return DataFolder(files, folder, std::move(lock));
}

std::string figures_json(const Figures& figures, std::int64_t as_of_ms) {
  nlohmann::ordered_json json{{"generation", to_text(figures.generation)},
                                    {"ledgers", figures.ledgers},
                                    {"envelopes", figures.envelopes},
                                    {"envelope_bytes", figures.envelope_bytes},
                                    {"attachment_parts", figures.attachment_parts},
                                    {"attachment_bytes", figures.attachment_bytes},
                                    {"devices", figures.devices},
                                    {"quarantined", figures.quarantined},
                                    {"membership_entries", figures.membership_entries},
                                    {"as_of", iso_time(as_of_ms)}};
  if (figures.restoration) {
    const auto texts = [](const auto& ids) {
      auto out = nlohmann::ordered_json::array();
      for (const auto& id : ids) out.push_back(to_text(id));
      return out;
    };
    json["restored"] = iso_time(figures.restoration->at_ms);
    json["waits_for_devices"] = texts(figures.restoration->devices);
    json["waits_for_tickets"] = texts(figures.restoration->tickets);
  }
  return json.dump();
}

}  // namespace wayside::office
