#include "addon/testing.h"

#include "addon/convert.h"
#include "sampling/sample_step.h"

namespace corrsynth {

Napi::Value sample_step_js(const Napi::CallbackInfo & info) {
    const Napi::Env env = info.Env();
    const auto options = info[0].As<Napi::Object>();
    const auto logits = options.Get("logits").As<Napi::Float32Array>();
    const auto matrix = options.Get("weights").As<Napi::Float64Array>();
    const auto active = options.Get("active").As<Napi::Uint8Array>();
    const int n_rows = static_cast<int>(active.ElementLength());
    const int n_vocab = int_field(options, "vocab", 1);
    if (logits.ElementLength() != static_cast<size_t>(n_rows) * n_vocab ||
        matrix.ElementLength() != static_cast<size_t>(n_rows) * n_rows) {
        throw Napi::RangeError::New(
            env, "logits must be rows * vocab and weights rows * rows, rows being the length of active");
    }

    StepParams params;
    params.alpha = number_field(options, "plausibility", 0, 1);
    params.temperature = number_field(options, "temperature", DBL_TRUE_MIN);
    params.top_p = number_field(options, "topP", DBL_TRUE_MIN, 1);
    params.top_k = top_k_field(options);
    params.seed = uint64_field(options, "seed");

    ContrastWeights weights;
    contrast_weights(matrix.Data(), number_field(options, "gamma", DBL_TRUE_MIN, 1e6), n_rows, active.Data(), weights);
    const LogitsView view{logits.Data(), static_cast<size_t>(n_vocab), n_rows, n_vocab, nullptr};
    const StepInput input{view, &weights, active.Data(), uint64_field(options, "group"),
                          static_cast<uint32_t>(to_integer(options.Get("step"), "step", 0, UINT32_MAX))};
    StepScratch scratch(n_rows, n_vocab);
    std::vector<int32_t> tokens(n_rows);
    const StepResult result = sample_step(params, TokenMask(), input, scratch, tokens.data(), nullptr);
    if (result.status != StepStatus::kOk) {
        throw to_js_error(env, ErrorCode::kNotANumber,
                          "row " + std::to_string(result.row) + " has no finite best logit");
    }
    return to_js(env, tokens);
}

}  // namespace corrsynth
