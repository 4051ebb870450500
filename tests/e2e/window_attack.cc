#include "tests/e2e/window_attack.h"

#include <sodium.h>

#include <array>
#include <functional>
#include <list>
#include <stdexcept>

#include "core/crypto/crypto.h"
#include "core/store/database.h"
#include "platform/real_env.h"
#include "tests/support/read_file.h"

namespace wayside::e2e {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kFewestDistinct = 9;  // bytes of a random key: 32 draws of 256 give fewer once in 10^20

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/// Runs of digits of so many bits, decoded from each digit at which a byte may begin. Blanks and line ends are skipped.
void decode_runs(BytesView text, int (*digit)(char), unsigned bits, const std::function<void(const Bytes&)>& take) {
  std::vector<int> run;
  const auto end_run = [&] {
    const std::size_t starts = bits == 4 ? 2 : 4;
    for (std::size_t start = 0; start < starts && run.size() * bits >= kKeyBytes * 8; ++start) {
      Bytes decoded;
      unsigned held = 0;
      unsigned held_bits = 0;
      for (std::size_t i = start; i < run.size(); ++i) {
        held = (held << bits | static_cast<unsigned>(run[i])) & 0xFFFF;
        held_bits += bits;
        if (held_bits < 8) continue;
        held_bits -= 8;
        decoded.push_back(static_cast<char>(held >> held_bits & 0xFF));
      }
      take(decoded);
    }
    run.clear();
  };
  for (const char c : text) {
    if (const int value = digit(c); value >= 0) run.push_back(value);
    else if (c != ' ' && c != '\n' && c != '\r') end_run();
  }
  end_run();
}

bool looks_random(BytesView window) {
  std::array<bool, 256> seen{};
  std::size_t distinct = 0;
  for (const char c : window) {
    bool& known = seen[static_cast<unsigned char>(c)];
    distinct += known ? 0U : 1U;
    known = true;
  }
  return distinct >= kFewestDistinct;
}

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(std::string(name_of(result.error().code)) + " " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// Every value of every table of a plain SQLite file.
void each_value(const std::filesystem::path& path, const std::function<void(BytesView)>& take) {
  platform::RealEnv real;
  platform::Env env = real.env();
  std::list<std::string> statements;  // the database keeps views of them
  const auto database = need(store::Database::open_plain(env, path, store::Database::Mode::existing));
  const auto names = [&](const std::string& sql) {
    std::vector<std::string> all;
    store::Query rows = database->query(statements.emplace_back(sql));
    while (need(rows.next())) all.emplace_back(rows.text(0));
    return all;
  };
  for (const std::string& table : names("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    for (const std::string& column : names("SELECT name FROM pragma_table_info('" + table + "')")) {
      store::Query rows =
          database->query(statements.emplace_back("SELECT CAST(\"" + column + "\" AS BLOB) FROM \"" + table + "\""));
      while (need(rows.next())) take(rows.blob(0));
    }
  }
}

}  // namespace

void WindowAttack::try_window(const std::string& where, BytesView window, std::vector<std::string>& found) const {
  std::array<unsigned char, kKeyBytes> public_key{};
  if (crypto_scalarmult_base(public_key.data(), as_uchar(window)) == 0) {
    const auto reader = box_readers_.find(Bytes(reinterpret_cast<const char*>(public_key.data()), kKeyBytes));
    if (reader != box_readers_.end()) found.push_back(where + " holds the secret of " + reader->second);
  }
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_key{};
  crypto_sign_seed_keypair(public_key.data(), secret_key.data(), as_uchar(window));
  const auto signer = signers_.find(Bytes(reinterpret_cast<const char*>(public_key.data()), kKeyBytes));
  if (signer != signers_.end()) found.push_back(where + " holds the seed of " + signer->second);
  // ephemeral public 32 ‖ nonce 24 ‖ crypto_box
  for (const auto& [name, box] : boxes_) {
    Bytes opened(box.size() - crypto::kSessionBoxOverheadBytes, '\0');
    const unsigned char* const bytes = as_uchar(box);
    if (crypto_box_open_easy_afternm(as_uchar(opened), bytes + 56, box.size() - 56, bytes + 32, as_uchar(window)) ==
        0) {
      found.push_back(where + " opens " + name);
    }
  }
}

void WindowAttack::slide(const std::string& where, BytesView bytes, std::vector<std::string>& found) {
  for (std::size_t at = 0; at + kKeyBytes <= bytes.size(); ++at) {
    const BytesView window = bytes.substr(at, kKeyBytes);
    if (!looks_random(window) || !tried_.emplace(window).second) continue;
    try_window(where, window, found);
  }
}

std::vector<std::string> WindowAttack::on(const std::string& where, BytesView bytes) {
  std::vector<std::string> found;
  slide(where, bytes, found);
  decode_runs(bytes, hex_digit, 4, [&](const Bytes& decoded) { slide(where + " (hex)", decoded, found); });
  decode_runs(bytes, base64_digit, 6, [&](const Bytes& decoded) { slide(where + " (base64)", decoded, found); });
  return found;
}

std::vector<std::string> WindowAttack::on(const std::filesystem::path& folder) {
  std::vector<std::string> found;
  const auto take = [&](const std::string& where, BytesView bytes) {
    auto here = on(where, bytes);
    found.insert(found.end(), here.begin(), here.end());
  };
  std::vector<std::filesystem::path> stores;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const Bytes bytes = support::read_file(entry.path());
    take(entry.path().filename(), bytes);
    if (bytes.starts_with("SQLite format 3")) stores.push_back(entry.path());
  }
  for (const auto& store : stores) {
    each_value(store, [&](BytesView value) { take(store.filename().string() + ", a value", value); });
  }
  return found;
}

}  // namespace wayside::e2e
