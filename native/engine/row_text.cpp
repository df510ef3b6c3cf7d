#include "engine/row_text.h"

namespace corrsynth {

int RowText::append(const std::string & piece, const std::vector<std::string> & stop) {
    const size_t before = bytes_.size();
    bytes_ += piece;
    size_t first = std::string::npos;
    int found = -1;
    for (size_t i = 0; i < stop.size(); ++i) {
        const std::string & s = stop[i];
        // a match that ends in the new piece cannot begin earlier than this
        const size_t from = before >= s.size() ? before - s.size() + 1 : 0;
        const size_t at = bytes_.find(s, from);
        if (at >= first) continue;  // npos is the largest number
        first = at;
        found = static_cast<int>(i);
    }
    if (found >= 0) bytes_.resize(first);
    return found;
}

std::string RowText::complete() const { return bytes_.substr(0, complete_utf8_length(bytes_)); }

size_t complete_utf8_length(const std::string & bytes) {
    const size_t size = bytes.size();
    for (size_t back = 1; back <= 4 && back <= size; ++back) {
        const auto byte = static_cast<unsigned char>(bytes[size - back]);
        if ((byte & 0xC0) == 0x80) continue;  // a continuation byte: its first byte is further back
        const size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return back < length ? size - back : size;
    }
    return size;  // four continuation bytes in a row, or nothing at all: not UTF-8 to begin with
}

}  // namespace corrsynth
