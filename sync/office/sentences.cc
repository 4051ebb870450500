#include "sync/office/sentences.h"

#include <cstdio>

namespace wayside::office {
namespace {

std::string with_place(std::string words, const Error& error) {
  return error.detail.empty() ? words + "." : words + " (" + error.detail + ").";
}

bool is_unfinished_mark(const Error& error) { return error.detail.ends_with("unfinished"); }

std::string of_data_folder(const Error& error) {
  switch (error.code) {
    case Errc::not_found:
      return with_place("There is no office in that folder. Make one with `wayside-office init`", error);
    case Errc::already_exists:
      if (is_unfinished_mark(error)) {
        return with_place(
            "An earlier init or restore in that folder was cut short. Delete the folder, and the recovery file that an init "
            "made, then run it again",
            error);
      }
      return with_place("That folder holds an office already. Nothing was changed", error);
    case Errc::busy: return with_place("Another program is using that folder. Stop it first", error);
    case Errc::not_permitted:
      return with_place("That folder is a backup, and is not served as it stands: devices would take its office for one that lies. "
                        "Set an office up from it with `wayside-office restore`", error);
    case Errc::office_waits:
      return "The office was restored and waits for administrators' devices: see `wayside-office status`, then `wayside-office confirm-restore`.";
    case Errc::newer_format:
      return with_place("The office was written by a newer version. Install that version", error);
    case Errc::corrupt:
    case Errc::not_a_vault:
      return with_place("The office's files are damaged. Restore the folder from its backup", error);
    case Errc::disk_full: return with_place("The disk is full. Free some space, then try again", error);
    case Errc::read_only:
      return with_place("The folder may not be written. Give this user the right to write there", error);
    case Errc::no_cipher: return "This program runs with another SQLite than its own. Install it again.";
    default: return with_place(std::string("That did not work: ") + std::string(name_of(error.code)), error);
  }
}

std::string of_recovery_file(const Error& error) {
  switch (error.code) {
    case Errc::already_exists:
      return with_place("The recovery file exists already and is never replaced. Name another one", error);
    case Errc::not_permitted:
      return with_place("The recovery file must lie outside the data folder: whoever copies the office must not get it",
                        error);
    case Errc::usage: return "Say where the recovery page goes with --recovery-out, or its three shares with --shares-out.";
    case Errc::not_found: return with_place("The folder for the recovery file does not exist. Make it first", error);
    default:
      return with_place(std::string("The recovery file cannot be written: ") + std::string(name_of(error.code)), error);
  }
}

/// Of recovery pages that somebody brings.
std::string of_papers(const Error& error) {
  switch (error.code) {
    case Errc::bad_input:
      return with_place("These recovery pages cannot be used. Compare what was typed with the paper, letter by letter", error);
    case Errc::not_found: return with_place("That page is not there. Check the name of its file", error);
    case Errc::newer_format: return with_place("That page was made by a newer version. Install that version", error);
    case Errc::usage: return error.detail + ".";
    case Errc::not_permitted:
      return with_place("These pages are of another organisation than the office in that folder. Nothing was changed", error);
    default: return with_place(std::string("The recovery pages cannot be read: ") + std::string(name_of(error.code)), error);
  }
}

std::string of_backup(const Error& error) {
  switch (error.code) {
    case Errc::already_exists: return with_place("That folder is there already, and no backup is ever replaced. Name a new one", error);
    case Errc::usage: return error.detail + ".";
    case Errc::later:
      return with_place("The office that is being served did not answer. Stop it, then try again", error);
    case Errc::busy: return with_place("The office stopped meanwhile, or another backup is at work. Try again", error);
    default: return of_data_folder(error);
  }
}

std::string of_restore(const Error& error) {
  switch (error.code) {
    case Errc::not_found: return with_place("There is no backup in that folder. Nothing was changed", error);
    case Errc::usage: return error.detail + ".";
    case Errc::corrupt:
    case Errc::not_a_vault: return with_place("That backup is damaged, and nothing was set up from it. Take an earlier one", error);
    default: return of_data_folder(error);
  }
}

std::string of_stick(const Error& error) {
  switch (error.code) {
    case Errc::stick: return error.detail + ". Put that right, then run this again: it goes on where it was cut short.";
    case Errc::later: return with_place("The office that is being served did not answer. Stop it, then run this again", error);
    case Errc::busy:
      return with_place("The office was stopped or started meanwhile, or another `stick`, `backup` or `confirm-restore` is at work. "
                        "Run this again: it goes on where it was cut short", error);
    default: return of_data_folder(error);
  }
}

std::string of_listening(const Error& error) {
  switch (error.code) {
    case Errc::busy:
      return with_place("The port is taken by another program. Stop it, or choose a port with --listen", error);
    case Errc::unreachable:
      return with_place("That is no address of this machine. Choose one with --listen, such as 0.0.0.0:PORT", error);
    case Errc::not_permitted:
      return with_place("This user may not open that port. Choose one above 1023 with --listen", error);
    case Errc::bad_input: return error.detail + ".";
    default: return with_place(std::string("Listening failed: ") + std::string(name_of(error.code)), error);
  }
}

}  // namespace

std::string sentence(Doing doing, const Error& error) {
  switch (doing) {
    case Doing::init:
      if (error.code == Errc::bad_input || error.code == Errc::too_large)
        return with_place("The name or the address is not usable", error);
      return of_data_folder(error);
    case Doing::recovery_file: return of_recovery_file(error);
    case Doing::papers: return of_papers(error);
    case Doing::backup: return of_backup(error);
    case Doing::restore: return of_restore(error);
    case Doing::listen: return of_listening(error);
    case Doing::stick: return of_stick(error);
    case Doing::serve:
    case Doing::status: return of_data_folder(error);
  }
  return {};
}

int report(Doing doing, const Error& error) {
  std::fprintf(stderr, "%s\n", sentence(doing, error).c_str());
  return kFailed;
}

}  // namespace wayside::office
