#pragma once

#include "core/casework/rules/money.h"

/// Funds by the names of their fields, whatever they are read from: a record (RecordFields) or JSON (JsonReader).
namespace wayside::casework::rules {

template <class Fields>
FundPot read_fund_pot(Fields& pot) {
  FundPot out;
  out.name = pot.text("name");
  out.only_relevant_accommodation = pot.flag("only_relevant_accommodation").value_or(false);
  out.no_capital = pot.flag("no_capital").value_or(false);
  out.needs_specialist = pot.flag("needs_specialist").value_or(false);
  out.spend_by = pot.day("spend_by");
  out.rule_words = pot.text("rule_words");
  return out;
}

template <class Fields>
FundRequest read_fund_request(Fields& request) {
  FundRequest out;
  out.number = request.text("number");
  out.amount_pence = request.number("amount_pence").value_or(0);
  out.payee = request.text("payee");
  out.asked_on = request.day("asked_on");
  out.words = request.text("words");
  out.relevant_accommodation = request.flag("relevant_accommodation");
  out.capital = request.flag("capital");
  out.with_specialist = request.flag("with_specialist");
  return out;
}

}  // namespace wayside::casework::rules
