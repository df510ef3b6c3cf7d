// The text of one row as its tokens come: stop strings across token borders, no character cut in two.
#pragma once
#include <string>
#include <vector>

namespace corrsynth {

class RowText {
  public:
    // Appends the bytes of a token. Returns the index of the stop string that is now complete, or -1: the text then
    // ends before it, before the one that begins first when there are several.
    int append(const std::string & piece, const std::vector<std::string> & stop);

    // The text so far, without the bytes of a character that is still incomplete.
    std::string complete() const;

  private:
    std::string bytes_;
};

// Length of the longest prefix that does not end inside a UTF-8 character.
size_t complete_utf8_length(const std::string & bytes);

}  // namespace corrsynth
