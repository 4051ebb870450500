#include "core/casework/rules/orders.h"

#include <algorithm>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

/// A DVPO lasts 14 to 28 days, a DAPN up to 48 hours (code list order_type): a longer one was typed wrongly.
std::optional<int> longest_days(std::string_view kind) {
  if (kind == "DVPO") return 28;
  if (kind == "DAPN" || kind == "DVPN") return 2;
  return std::nullopt;
}

}  // namespace

OrderStanding order_standing(const CourtOrder& order, Day on, const OrderSettings& settings) {
  OrderStanding out;
  out.id = order.id;
  const auto see_to = [&](std::string_view rule, std::string sentence) {
    out.reasons.push_back({Answer::ask, rule, std::move(sentence)});
  };
  if (!order.until_dates.empty()) {
    const auto [first, last] = std::ranges::minmax(order.until_dates);
    out.ends_on = first;
    out.warn_on = first - std::chrono::days(settings.warn_days);
    out.days_left = days_between(on, first);
    if (first != last)
      see_to("two_ends", "Two end dates are recorded; the earlier, " + iso(first) + ", counts until somebody decides.");
    if (const auto longest = longest_days(order.kind);
        longest && order.from_date && days_between(*order.from_date, first) > *longest)
      see_to("too_long",
             "An order of this kind lasts " + counted(*longest, "day", "days") + " at most; check its dates.");
    if (order.from_date && first < *order.from_date) see_to("backwards", "It ends before it begins; check its dates.");
  } else {
    see_to("no_end", "No end date is recorded.");
  }
  out.served = !order.served.empty() && std::ranges::all_of(order.served, [](bool served) { return served; });
  out.in_force = (!order.from_date || *order.from_date <= on) && (!out.ends_on || on <= *out.ends_on);
  if (out.in_force && !out.served) see_to("not_served", "Not known to be served: it may not bind yet.");
  if (out.in_force && out.warn_on && on >= *out.warn_on)
    see_to("ending", "Ends on " + iso(*out.ends_on) + ", in " + counted(*out.days_left, "day", "days") + ".");
  if (out.days_left && *out.days_left < 0) see_to("ended", "Ended on " + iso(*out.ends_on) + ".");
  return out;
}

std::vector<OrderStanding> order_alarms(const std::vector<CourtOrder>& orders, Day on, const OrderSettings& settings) {
  std::vector<OrderStanding> out;
  for (const auto& order : orders) {
    if (auto standing = order_standing(order, on, settings); !standing.reasons.empty())
      out.push_back(std::move(standing));
  }
  std::ranges::sort(out, {},
                    [](const OrderStanding& each) { return std::pair(each.ends_on.value_or(Day::max()), each.id); });
  return out;
}

}  // namespace wayside::casework::rules
