#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/recovery/recovery_page.h"
#include "tests/e2e/opened.h"
#include "tests/e2e/window_attack.h"

namespace wayside::e2e {

/// Every secret of a small organisation, taken from where it belongs: the recovery page, tickets, devices.
struct Secrets {
  recovery::OrganisationSecrets recovery;
  std::vector<std::pair<std::string, SecretBytes>> all;  ///< by name
  WindowAttack attack;
  std::size_t grants = 0;

  explicit Secrets(const Stage& stage);
  void add(const std::string& name, BytesView secret);
  void take_ticket(const std::string& whose, const std::string& text);
  /// Without its courier's seed, which lies beside the spool and may.
  void take_device(const std::string& name, Opened& vault);
  void take_courier(const std::string& name, Opened& vault);
  /// Every grant of every case, the keys in them, and one box of each session for each reader.
  void take_grants(Opened& vault);
};

}  // namespace wayside::e2e
