#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names written in other ways, made comparable. By ICU: Any-Latin, Latin-ASCII, Lower.
namespace wayside::casework::rules {

/// "Żółć", "ЖУКОВА" and "محمد" in small Latin letters without marks; punctuation becomes a blank, blanks are single.
/// Empty when no letter or digit is left, or when the bytes are no UTF-8.
std::string latin_key(std::string_view text);

/// The words of a latin_key.
std::vector<std::string_view> words_of(std::string_view key);

/// How a name sounds, roughly, whatever way it was transliterated: consonants, like ones made one (c, q → k, z, sh → s,
/// ph → f, w → v, d → t, j → g, x → ks), doubled ones single, and a first vowel as "a". "mohammed", "muhamad" → "mhmt".
std::string sound_key(std::string_view latin_word);

/// How many letters to insert, drop, change or swap with the next; more than `limit` is `limit` + 1.
int edit_distance(std::string_view a, std::string_view b, int limit);

}  // namespace wayside::casework::rules
