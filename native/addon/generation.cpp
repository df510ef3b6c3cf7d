#include "addon/generation.h"

#include "addon/addon.h"
#include "addon/convert.h"
#include "addon/generation_thread.h"
#include "addon/model.h"

namespace corrsynth {

Napi::Function JsGeneration::constructor(Napi::Env env) {
    return DefineClass(
        env, "Generation",
        {InstanceMethod<&JsGeneration::submit>("submit"), InstanceMethod<&JsGeneration::decline>("decline"),
         InstanceMethod<&JsGeneration::cancel>("cancel"), InstanceMethod<&JsGeneration::ref>("ref"),
         InstanceMethod<&JsGeneration::unref>("unref")});
}

JsGeneration::JsGeneration(const Napi::CallbackInfo & info) : Napi::ObjectWrap<JsGeneration>(info) {
    const GenerationOptions options = to_generation_options(info[1].As<Napi::Object>());
    Models models(JsModel::of(info[0]), info[3].IsUndefined() ? nullptr : JsModel::of(info[3]));
    if (!options.context.layers.empty() != (options.shape.n_layer_rows > 0))
        throw Napi::TypeError::New(info.Env(), "layers need a weight, and a weight layers");
    if (models.second && options.shape.n_layer_rows > 0)
        throw Napi::TypeError::New(info.Env(), "the second matrix is another model's or of earlier layers, not both");
    if (!models.second && static_cast<int>(options.shape.rows_of(1).size()) > options.shape.n_layer_rows)
        throw Napi::TypeError::New(info.Env(), "rows of a second model need one");
    thread_ = std::make_shared<GenerationThread>(std::move(models), options);
    AddonData::of(info.Env()).remember(thread_);
    thread_->start(info.Env(), info[2].As<Napi::Function>());
}

JsGeneration::~JsGeneration() {
    if (thread_) thread_->stop();
}

void JsGeneration::submit(const Napi::CallbackInfo & info) {
    GroupRequest request;
    request.index = static_cast<uint64_t>(to_integer(info[0], "index", 0, kMaxSafeInteger));
    const auto prompts = info[1].As<Napi::Array>();
    for (uint32_t m = 0; m < prompts.Length(); ++m) request.prompts.push_back(to_int32s(prompts.Get(m)));
    if (info[2].IsArray()) {
        const auto cuts = info[2].As<Napi::Array>();
        for (uint32_t m = 0; m < cuts.Length(); ++m) request.cuts.push_back(to_int32s(cuts.Get(m)));
    }
    thread_->answer(std::move(request));
}

void JsGeneration::decline(const Napi::CallbackInfo &) { thread_->answer(std::nullopt); }
void JsGeneration::cancel(const Napi::CallbackInfo &) { thread_->cancel(); }
void JsGeneration::ref(const Napi::CallbackInfo & info) { thread_->keep_alive(info.Env(), true); }
void JsGeneration::unref(const Napi::CallbackInfo & info) { thread_->keep_alive(info.Env(), false); }

}  // namespace corrsynth
