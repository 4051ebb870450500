#include "ui/app/sentences.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace wayside::app {
namespace {

/// "{}" becomes " (place)", and vanishes when the error names no place. "{!}" is the place itself.
struct Row {
  Errc code;
  Exit exit;
  std::string_view words;
};

constexpr std::array kTable{
    Row{Errc::io, Exit::failed,
        "Reading or writing did not work{}. What was saved before is safe. Check the disk, then try again."},
    Row{Errc::not_found, Exit::failed, "That is not there{}. Nothing has changed. Check the name or the id."},
    Row{Errc::already_exists, Exit::failed,
        "It exists already{}. Nothing was overwritten. Choose another name, id or folder."},
    Row{Errc::disk_full, Exit::failed,
        "The disk is full{}. What was saved before is safe, this was not saved. Free some space, then try again."},
    Row{Errc::read_only, Exit::failed,
        "That may not be written{}. Nothing has changed. Choose another folder, or get the right to write there."},
    Row{Errc::busy, Exit::failed, "Wayside is open elsewhere{}. Nothing has changed. Close it there, then try again."},
    Row{Errc::out_of_memory, Exit::failed,
        "There is not enough memory for that{}. Nothing has changed. Close other programs, then try again."},

    Row{Errc::wrong_passphrase, Exit::locked, "That passphrase did not match. Nothing has changed. Try again."},
    Row{Errc::no_device_secret, Exit::locked,
        "The secret of this device is missing{}, and without it no passphrase opens the vault. Nothing has changed. "
        "Open "
        "it on the device and with the login that made it, or put the key folder back. A printed recovery kit "
        "of this vault opens it too: `recovery unlock`."},
    Row{Errc::not_a_vault, Exit::failed,
        "There is no whole vault in that folder{}. Nothing has changed. Check the folder, or restore it from a "
        "backup."},
    Row{Errc::newer_format, Exit::failed,
        "A newer Wayside wrote this{}. It was left as it is. Install the newer version, then open it."},
    Row{Errc::corrupt, Exit::failed,
        "Something here is damaged{}. It was left as it is. Keep a copy of the folder, then restore the last backup."},
    Row{Errc::weak_parameters, Exit::failed,
        "The vault's header asks for a protection outside the permitted limits{}. Nothing was opened. Somebody may "
        "have "
        "changed the file: put it back from a backup."},
    Row{Errc::no_cipher, Exit::failed,
        "This program runs with another SQLite than its own. Nothing was opened or written. Install Wayside again."},
    Row{Errc::locked, Exit::locked, "The vault is locked{}. Everything saved is safe. Unlock it first."},

    Row{Errc::bad_input, Exit::bad_input, "That cannot be used{}. Nothing has changed. Correct it, then try again."},
    Row{Errc::unknown_type, Exit::bad_input,
        "There is no such type of record{}. Nothing has changed. `types` lists them all."},
    Row{Errc::unknown_field, Exit::bad_input,
        "There is no such field{}. Nothing has changed. `types` lists the fields of every type."},
    Row{Errc::unknown_code, Exit::bad_input,
        "That code is not known{}. Nothing has changed. Take one from the list, then try again."},
    Row{Errc::too_large, Exit::bad_input,
        "That is larger than one save may be{}. Nothing has changed. Shorten it, or split it into several."},
    Row{Errc::differs, Exit::bad_input,
        "That id is there already, with other content{}. Nothing has changed. Edit what is there, or use another id."},
    Row{Errc::usage, Exit::usage, "{!}."},

    Row{Errc::bad_signature, Exit::failed,
        "Something was not signed by the one it names{}. It was not taken. Tell your administrator."},
    Row{Errc::not_a_member, Exit::failed,
        "This device does not belong to the organisation{}. What was saved is safe. Ask an administrator for a "
        "ticket."},
    Row{Errc::not_permitted, Exit::failed,
        "That is not permitted{}. Nothing has changed. Ask somebody whose role allows it."},
    Row{Errc::no_key, Exit::failed,
        "This device holds no key for that{}. Nothing has changed. Ask a member of its team to share it."},
    Row{Errc::stale_head, Exit::failed,
        "Somebody changed the membership at the same moment. Nothing of yours was lost. Try again."},
    Row{Errc::fork, Exit::failed,
        "There are two different stories about the same past{}. Everything is kept. Tell your administrator before you "
        "reconcile again."},
    Row{Errc::ticket_used, Exit::failed,
        "Somebody has used this ticket already{}. Nothing has changed. Ask for a new one; if it was nobody you know, "
        "say "
        "so at once."},
    Row{Errc::ticket_expired, Exit::failed,
        "This ticket is older than seven days{}. Nothing has changed. Ask an administrator for a new one."},
    Row{Errc::ticket_unknown, Exit::failed,
        "The office does not know this ticket{}. Nothing has changed. Check that it is the newest one, and from your "
        "organisation."},

    Row{Errc::unreachable, Exit::unreachable,
        "The office cannot be reached{}. Your changes are kept here. Try again, or carry on."},
    Row{Errc::wrong_office, Exit::failed,
        "What answers there is not your office{}. Nothing was sent, your changes are kept here. Check the address, and "
        "tell your administrator."},
    Row{Errc::refused, Exit::failed,
        "The office does not admit this device{}. Your changes are kept here. Ask an administrator."},
    Row{Errc::later, Exit::unreachable,
        "The office is busy and asks you to come back{}. Your changes are kept here. Try again then."},

    Row{Errc::erased, Exit::failed,
        "That case was erased{}. Nothing of it is kept, and nothing can be added. If she comes again, open a new "
        "case."},
    Row{Errc::removed, Exit::failed,
        "That was written on a device whose right was taken away{}. It is kept apart. An administrator decides."},
    Row{Errc::office_restored, Exit::failed, "The office was set up again from a backup. {!}. Your work is safe."},
    Row{Errc::office_waits, Exit::failed,
        "The office was set up again from a backup. It takes no change of members until every administrator's device has "
        "reconciled with it, or whoever runs the office confirms. Nothing has changed. Reconcile, then try again later."},
    Row{Errc::not_carried, Exit::failed,
        "That case is not on this device{}. It is safe at the office. `carry add` with its number fetches it."},
    Row{Errc::withdrawn, Exit::failed,
        "That case was shared with your team and is not any more{}. It is not on this device. `share --list` says who withdrew it and why."},
    Row{Errc::not_recorded, Exit::failed,
        "Whoever opens a case is recorded first, and that could not be written down{}. So nothing is shown. What was saved before is "
        "safe. Free some space on the disk, then try again."},
    Row{Errc::lease_spent, Exit::locked,
        "This device has not reconciled for so long that cases stay closed{}. Nothing is lost: all that was saved here, sent or not, and every "
        "draft is kept. Reconcile with the office, `sync`, and they open again at once."},
    Row{Errc::restricted, Exit::failed,
        "That case is left to named workers, and you are not among them{}. What you wrote in it is not lost: it goes to the office with `sync`, "
        "and then the case goes from this device."},
    Row{Errc::stick, Exit::unreachable, "{!}. Your changes are kept here. Put that right, then try again."},
};

constexpr bool is_total() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].code) != i + 1) return false;
  }
  return kTable.back().code == Errc::stick;
}
static_assert(is_total(), "one row for every Errc, in the order of the enum");

const Row& row_of(Errc code) {
  const auto index = static_cast<std::size_t>(code) - 1;
  return kTable[index < kTable.size() ? index : 0];
}

std::string replaced(std::string_view words, std::string_view mark, const std::string& by) {
  const auto at = words.find(mark);
  if (at == std::string_view::npos) return std::string(words);
  return std::string(words.substr(0, at)) + by + std::string(words.substr(at + mark.size()));
}

/// "after 08:20" of a time in ms since 1970, by this machine's clock on the wall.
std::string clock_time(std::string_view ms_text) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(ms_text.data(), ms_text.data() + ms_text.size(), ms);
  if (error != std::errc{} || end != ms_text.data() + ms_text.size()) return {};
  const std::time_t seconds = ms / 1000 + 59;   // a full minute later rather than one too early
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return {};
  std::array<char, 16> text{};
  return std::string(text.data(), std::strftime(text.data(), text.size(), "after %H:%M", &local));
}

std::string place_of(const Error& error) {
  std::string place = error.code == Errc::later ? clock_time(error.detail) : error.detail;
  while (place.ends_with('.') || place.ends_with('\n')) place.pop_back();
  return place;
}

}  // namespace

Exit exit_of(Errc code) { return row_of(code).exit; }

std::string sentence(const Error& error) {
  const std::string place = place_of(error);
  const std::string_view words = row_of(error.code).words;
  if (words.contains("{!}")) return replaced(words, "{!}", place.empty() ? "That command is not complete" : place);
  return replaced(words, "{}", place.empty() ? "" : " (" + place + ")");
}

}  // namespace wayside::app
