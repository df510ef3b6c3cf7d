// What a generation is asked for, from JavaScript.
#include "addon/convert.h"
#include "sampling/layer_choice.h"

namespace corrsynth {
namespace {

constexpr int kMaxLikely = 100;  // a trace tells of every step

GroupShape to_shape(const Napi::Object & object) {
    GroupShape shape;
    shape.n_generating = int_field(object, "generating", 1);
    shape.follows = to_int32s(field(object, "follows"));
    shape.coupling.n_rows = shape.n_rows();
    shape.coupling.gamma = number_field(object, "gamma", 0);
    for (const int32_t source : to_int32s(field(object, "source")))
        shape.source.push_back(static_cast<uint8_t>(source));
    shape.warm_up = int_field(object, "warmUp", 0);
    shape.contrast_until = int_field(object, "contrastUntil", 1);
    const Napi::Array sets = array_field(object, "sets");
    for (uint32_t i = 0; i < sets.Length(); ++i) {
        const auto set = sets.Get(i).As<Napi::Object>();
        shape.coupling.sets.push_back(
            {int_field(set, "row", 0), number_field(set, "total", -1), to_int32s(field(set, "members"))});
    }
    const auto is_row = [&](int m) { return m >= 0 && m < shape.n_rows(); };
    bool sound = shape.n_generating > 0 && shape.n_generating <= shape.n_rows();
    for (const int m : shape.follows) sound = sound && is_row(m) && m < shape.n_generating;
    sound = sound && (shape.source.empty() || shape.source.size() == shape.follows.size());
    for (size_t m = 0; sound && m < shape.source.size(); ++m)
        sound = shape.source[m] <= (static_cast<int>(m) < shape.n_generating ? 0 : 1);
    for (const ContrastSet & set : shape.coupling.sets) {
        sound = sound && is_row(set.row);
        for (const int m : set.members) sound = sound && is_row(m) && m != set.row;
    }
    if (number_field(object, "layerWeight", 0) > 0) shape.add_layer_rows(number_field(object, "layerWeight", 0));
    if (!sound) throw Napi::RangeError::New(object.Env(), "shape names rows that it does not have");
    return shape;
}

ContextOptions to_context_options(const Napi::Object & context) {
    ContextOptions options;
    options.role = field(context, "role").ToString().Utf8Value();
    options.kv_type = field(context, "kvType").ToString().Utf8Value();
    options.flash_attention = field(context, "flashAttention").ToString().Utf8Value();
    options.n_slots = int_field(context, "slots", 1, kMaxRows);
    options.n_stored = int_field(context, "stored", 0, kMaxRows);
    options.slot_size = int_field(context, "slotSize", 1);
    options.n_batch = int_field(context, "batchSize", 1);
    options.n_threads = int_field(context, "threads", 1, kMaxThreads);
    options.layers = to_int32s(field(context, "layers"));
    if (options.layers.size() > kMaxLayers)
        throw Napi::RangeError::New(context.Env(), "layers are at most " + std::to_string(kMaxLayers));
    return options;
}

}  // namespace

GenerationOptions to_generation_options(const Napi::Object & object) {
    GenerationOptions options;
    options.shape = to_shape(object_field(object, "shape"));
    const Napi::Object step = object_field(object, "step");
    options.step.alpha = number_field(step, "plausibility", 0, 1);
    options.step.temperature = number_field(step, "temperature", DBL_TRUE_MIN);
    options.step.top_p = number_field(step, "topP", DBL_TRUE_MIN, 1);
    options.step.top_k = top_k_field(step);
    options.step.keeps_ends = bool_field(step, "keepsEnds");
    options.step.seed = uint64_field(step, "seed");
    options.extras.log_probs = bool_field(object, "logProbs");
    options.extras.contrast_norms = bool_field(object, "contrastNorms");
    if (object.Get("trace").IsObject()) {
        const auto trace = object.Get("trace").As<Napi::Object>();
        options.extras.trace = true;
        options.extras.traced_group =
            static_cast<uint64_t>(to_integer(field(trace, "group"), "group", 0, kMaxSafeInteger));
        options.extras.traced_row = int_field(trace, "row", 0, options.shape.n_generating - 1);
        options.extras.n_likely = int_field(trace, "likely", 0, kMaxLikely);
    }
    const Napi::Object limits = object_field(object, "limits");
    options.limits.max_tokens = int_field(limits, "maxTokens", 1);
    options.limits.stop = strings_field(limits, "stop");
    options.context = to_context_options(object_field(object, "context"));
    if (!field(object, "secondContext").IsNull())
        options.second_context = to_context_options(object_field(object, "secondContext"));
    return options;
}

}  // namespace corrsynth
