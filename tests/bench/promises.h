#pragma once

#include <nlohmann/json.hpp>

namespace wayside::bench {

/// What a measurement has to hold, and which of it did not.
class Promises {
 public:
  void keep(bool kept, const char* what) {
    if (!kept) broken_.emplace_back(what);
  }
  /// "broken", and "kept": whether nothing is.
  void tell(nlohmann::json& out) const {
    out["broken"] = broken_;
    out["kept"] = broken_.empty();
  }

 private:
  std::vector<std::string> broken_;
};

}  // namespace wayside::bench
