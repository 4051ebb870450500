#include "platform/system_error.h"

#include <cerrno>
#include <system_error>

namespace wayside::platform {
namespace {

Errc code_of(int error_number, Access access) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT: return Errc::disk_full;
    case EROFS: return Errc::read_only;
    case EACCES:
    case EPERM: return access == Access::writing ? Errc::read_only : Errc::io;
    case ENOENT:
    case ENOTDIR: return Errc::not_found;
    case EEXIST: return Errc::already_exists;
    case ENOMEM: return Errc::out_of_memory;
    default: return Errc::io;
  }
}

}  // namespace

std::unexpected<Error> system_failure(int error_number, Access access, std::string_view doing, const Path& path) {
  return fail(code_of(error_number, access),
              std::string(doing) + " " + path.string() + ": " + std::generic_category().message(error_number));
}

}  // namespace wayside::platform
