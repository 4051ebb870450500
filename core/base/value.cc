#include "core/base/value.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>

namespace wayside {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kMsPerMinute = 60 * kMsPerSecond;
constexpr std::int64_t kMsPerDay = 24 * 60 * kMsPerMinute;
constexpr int kWidestZoneHours = 14;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

Bytes tagged(ValueKind kind, BytesView payload) {
  Bytes out;
  out.reserve(payload.size() + 1);
  out.push_back(static_cast<char>(kind));
  out.append(payload);
  return out;
}

Bytes shortest(std::int64_t number) {
  Bytes out;
  // A byte may go as long as the sign, carried on from the byte below, brings it back.
  auto rest = number;
  do {
    out.push_back(static_cast<char>(rest & 0xFF));
    rest >>= 8;
  } while (!(rest == 0 && (out.back() & 0x80) == 0) && !(rest == -1 && (out.back() & 0x80) != 0));
  return out;
}

std::optional<std::int64_t> read_integer(BytesView payload) {
  if (payload.empty() || payload.size() > 8) return std::nullopt;
  std::uint64_t bits = (payload.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = payload.size(); i-- > 0;) bits = (bits << 8) | static_cast<unsigned char>(payload[i]);
  const auto number = static_cast<std::int64_t>(bits);
  if (shortest(number) != payload) return std::nullopt;  // one number, one encoding: digests rely on it
  return number;
}

std::optional<Value> read(ValueKind kind, BytesView payload) {
  switch (kind) {
    case ValueKind::text:
      if (is_clean_utf8(payload)) return Text{std::string(payload)};
      return std::nullopt;
    case ValueKind::integer:
      if (const auto number = read_integer(payload)) return *number;
      return std::nullopt;
    case ValueKind::flag:
      if (payload.size() == 1 && (payload[0] == 0 || payload[0] == 1)) return payload[0] == 1;
      return std::nullopt;
    case ValueKind::record:
      if (const auto id = RecordId::from(payload)) return *id;
      return std::nullopt;
    case ValueKind::code:
      if (is_clean_utf8(payload)) return Code{std::string(payload)};
      return std::nullopt;
    case ValueKind::date:
      if (auto date = parse_date(payload)) return *std::move(date);
      return std::nullopt;
    case ValueKind::time:
      if (const auto ms = read_integer(payload)) return Instant{*ms};
      return std::nullopt;
    case ValueKind::sealed: return std::nullopt;   // no value: it stands elsewhere
  }
  return std::nullopt;  // a kind that a newer version added
}

/// Days since 1970 of a day of the calendar, if it is one.
std::optional<std::int64_t> days_of(int year, int month, int day) {
  if (year < kFirstYear || year > kLastYear) return std::nullopt;
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

/// Takes a fixed number of digits, or one expected character, from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      number = number * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return number;
  }
  /// 1 to 9 digits after a point, cut to thousandths.
  std::optional<int> thousandths() {
    int number = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      if (count < 3) number = number * 10 + (rest_[count] - '0');
    }
    if (count == 0 || count > 9) return std::nullopt;
    for (std::size_t i = count; i < 3; ++i) number *= 10;
    rest_.remove_prefix(count);
    return number;
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> scan_day(Scanner& in) {
  const auto year = in.digits(4);
  if (!year || !in.take('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (!day) return std::nullopt;
  return days_of(*year, *month, *day);
}

std::optional<std::int64_t> scan_time_of_day(Scanner& in) {
  const auto hour = in.digits(2);
  if (!hour || *hour > 23 || !in.take(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t ms = (*hour * 60 + *minute) * kMsPerMinute;
  if (!in.take(':')) return ms;
  const auto second = in.digits(2);
  if (!second || *second > 59) return std::nullopt;
  ms += *second * kMsPerSecond;
  if (!in.take('.')) return ms;
  const auto thousandths = in.thousandths();
  if (!thousandths) return std::nullopt;
  return ms + *thousandths;
}

/// What the zone is ahead of UTC.
std::optional<std::int64_t> scan_zone(Scanner& in) {
  if (in.take('Z')) return 0;
  int sign = 0;
  if (in.take('+')) sign = 1;
  else if (in.take('-')) sign = -1;
  else return std::nullopt;
  const auto hours = in.digits(2);
  if (!hours || !in.take(':')) return std::nullopt;
  const auto minutes = in.digits(2);
  if (!minutes || *minutes > 59 || *hours * 60 + *minutes > kWidestZoneHours * 60) return std::nullopt;
  return sign * (*hours * 60 + *minutes) * kMsPerMinute;
}

struct CivilDay {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

/// H. Hinnant, "chrono-compatible low-level date algorithms": total over 64 bits, where std::chrono::year is not.
CivilDay civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

}  // namespace

Bytes encode(const Value& value) {
  return std::visit(Overloaded{
                        [](const Text& v) { return tagged(ValueKind::text, v.utf8); },
                        [](std::int64_t v) { return tagged(ValueKind::integer, shortest(v)); },
                        [](bool v) { return tagged(ValueKind::flag, v ? BytesView("\1", 1) : BytesView("\0", 1)); },
                        [](const RecordId& v) { return tagged(ValueKind::record, v.view()); },
                        [](const Code& v) { return tagged(ValueKind::code, v.code); },
                        [](const Date& v) { return tagged(ValueKind::date, v.iso); },
                        [](const Instant& v) { return tagged(ValueKind::time, shortest(v.ms)); },
                        [](const RawValue& v) { return v.encoded; },
                    },
                    value);
}

Value decode_value(BytesView encoded) {
  if (!encoded.empty()) {
    const auto kind = static_cast<ValueKind>(static_cast<unsigned char>(encoded[0]));
    if (auto value = read(kind, encoded.substr(1))) return *std::move(value);
  }
  return RawValue{Bytes(encoded)};
}

std::string iso_time(std::int64_t ms) {
  std::int64_t days = ms / kMsPerDay;
  std::int64_t rest = ms % kMsPerDay;
  if (rest < 0) {
    rest += kMsPerDay;
    --days;
  }
  const CivilDay date = civil_from_days(days);
  std::array<char, 64> text{};
  const bool usual_year = date.year >= 0 && date.year <= 9999;  // ISO 8601 wants a sign before any other
  int size = std::snprintf(
      text.data(), text.size(), usual_year ? "%04lld-%02u-%02uT%02d:%02d:%02d" : "%+06lld-%02u-%02uT%02d:%02d:%02d",
      static_cast<long long>(date.year), date.month, date.day, static_cast<int>(rest / (60 * kMsPerMinute)),
      static_cast<int>(rest / kMsPerMinute % 60), static_cast<int>(rest / kMsPerSecond % 60));
  const auto tail = static_cast<int>(rest % kMsPerSecond);
  if (tail != 0) {
    size += std::snprintf(text.data() + size, text.size() - static_cast<std::size_t>(size), ".%03d", tail);
  }
  return std::string(text.data(), static_cast<std::size_t>(size)) + "Z";
}

Result<std::int64_t> parse_iso_time(std::string_view text) {
  Scanner in(text);
  const auto days = scan_day(in);
  if (days && in.take('T')) {
    const auto of_day = scan_time_of_day(in);
    const auto zone = of_day ? scan_zone(in) : std::nullopt;
    if (zone && in.done()) {
      const std::int64_t ms = *days * kMsPerDay + *of_day - *zone;
      // The zone may carry it over an edge of the years that we take.
      if (ms >= *days_of(kFirstYear, 1, 1) * kMsPerDay && ms < (*days_of(kLastYear, 12, 31) + 1) * kMsPerDay) return ms;
    }
  }
  return fail(Errc::bad_input, "a time as 2026-06-10T16:20:00Z, years 1900 to 2199");
}

Result<Date> parse_date(std::string_view text) {
  Scanner in(text);
  if (!scan_day(in) || !in.done()) return fail(Errc::bad_input, "a day as 2026-06-10, years 1900 to 2199");
  return Date{std::string(text)};
}

namespace {
/// Eight bytes from `at` on are ASCII, and none is NUL: most text is, and is passed over so.
bool eight_plain_letters(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kLows = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  if (text.size() - at < sizeof(std::uint64_t)) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, sizeof word);
  return ((word | (word - kLows)) & kHighs) == 0;   // subtracting 1 borrows into the highest bit of a zero byte alone
}
}  // namespace

bool is_clean_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (eight_plain_letters(text, i)) {
      i += sizeof(std::uint64_t);
      continue;
    }
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead == 0) return false;
    if (lead < 0x80) continue;
    // RFC 3629: the second byte's range rules out overlong forms, surrogates and what lies beyond U+10FFFF.
    std::size_t more = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      more = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      more = 2;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    for (; more > 0; --more, ++i, low = 0x80, high = 0xBF) {
      if (i >= text.size()) return false;
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < low || byte > high) return false;
    }
  }
  return true;
}

}  // namespace wayside
