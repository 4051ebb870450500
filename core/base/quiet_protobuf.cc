#include "core/base/quiet_protobuf.h"

#include <google/protobuf/stubs/logging.h>

namespace wayside {

void quiet_protobuf() { google::protobuf::SetLogHandler(nullptr); }

}  // namespace wayside
