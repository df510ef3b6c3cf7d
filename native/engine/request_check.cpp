#include "engine/request_check.h"

#include "engine/error.h"

namespace corrsynth {

void check_request(const GroupRequest & request, const GroupShape & shape, const RowLimits & limits,
                   const std::array<int, 2> & rooms) {
    if (request.prompts.size() != static_cast<size_t>(shape.n_prompts())) {
        throw EngineError(ErrorCode::kDecode, "A group of " + std::to_string(shape.n_prompts()) + " rows came with " +
                                                  std::to_string(request.prompts.size()) + " prompts");
    }
    const std::string group = " of group " + std::to_string(request.index);
    if (!request.cuts.empty() && request.cuts.size() != request.prompts.size()) {
        throw EngineError(ErrorCode::kDecode, std::to_string(request.prompts.size()) + " prompts" + group +
                                                  " came with cuts of " + std::to_string(request.cuts.size()));
    }
    for (size_t m = 0; m < request.cuts.size(); ++m) {
        int64_t last = 0;
        for (const int32_t cut : request.cuts[m]) {
            if (cut <= last || cut >= static_cast<int64_t>(request.prompts[m].size())) {
                throw EngineError(ErrorCode::kDecode,
                                  "Row " + std::to_string(m) + group + " came with a cut at " + std::to_string(cut));
            }
            last = cut;
        }
    }
    bool generates = false;
    for (int m = 0; m < shape.n_prompts(); ++m) {
        const size_t n = request.prompts[m].size();
        if (n == 0) continue;
        generates = generates || m < shape.n_generating;
        if (request.prompts[shape.follows[m]].empty()) {
            throw EngineError(ErrorCode::kDecode,
                              "Row " + std::to_string(m) + group + " came without the row that it follows");
        }
        const int room = rooms[shape.source_of(m)];
        if (n + limits.max_tokens <= static_cast<size_t>(room)) continue;
        throw EngineError(ErrorCode::kPromptTooLong,
                          "Expected the prompt of row " + std::to_string(m) + " in group " +
                              std::to_string(request.index) + " and the tokens to come to fit " + std::to_string(room) +
                              " tokens, received " + std::to_string(n) + " + " + std::to_string(limits.max_tokens));
    }
    if (generates) return;
    throw EngineError(ErrorCode::kDecode,
                      "Group " + std::to_string(request.index) + " came without a row that generates");
}

}  // namespace corrsynth
