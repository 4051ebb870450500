#include "ui/app/copy_sentence.h"

namespace wayside::app {

std::string copy_sentence(const vault::Copied& copied) {
  switch (copied.how) {
    case vault::Copy::none: return {};
    case vault::Copy::put_back:
      return "This casebook is not the one that was closed here last: an older copy was put in its place. What went to the "
             "office since comes back when you reconcile; what had not gone there is lost with the newer one. If nobody put "
             "a backup back, tell your administrator before you go on.";
    case vault::Copy::twin:
      return "A second copy of this casebook is in use, on another machine or from a backup. Nothing is lost: what both have "
             "written is kept. Use one of them only from now on, and join a second machine with a ticket of its own. If you "
             "know of no copy, tell your administrator today.";
    case vault::Copy::elsewhere:
      return "A second copy of this casebook is in use, and what it wrote has come here. Nothing is lost. Use one of them "
             "only from now on, and join a second machine with a ticket of its own. If you know of no copy, tell your "
             "administrator today.";
  }
  return {};
}

std::string_view copy_name(vault::Copy how) {
  switch (how) {
    case vault::Copy::none: return {};
    case vault::Copy::put_back: return "put_back";
    case vault::Copy::twin: return "twin";
    case vault::Copy::elsewhere: return "elsewhere";
  }
  return {};
}

}  // namespace wayside::app
