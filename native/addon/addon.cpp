// Registration: what `require("corrsynth.node")` gives. lib/binding.ts declares the same names as types.
#include "addon/addon.h"

#include <algorithm>

#include "addon/generation.h"
#include "addon/model.h"
#include "addon/testing.h"
#include "engine/model.h"

namespace corrsynth {

void AddonData::remember(const std::shared_ptr<GenerationThread> & generation) {
    generations.erase(
        std::remove_if(generations.begin(), generations.end(), [](const auto & old) { return old.expired(); }),
        generations.end());
    generations.push_back(generation);
}

void AddonData::shut_down() {
    for (const auto & generation : generations) {
        if (const auto alive = generation.lock()) alive->stop();
    }
    pool->close();
}

namespace {

// (directory) -> ["CPU: ...", ...]; the directory holds the addon and, in a portable build, the backends beside it.
Napi::Value devices(const Napi::CallbackInfo & info) {
    const std::vector<std::string> found = load_backends(info[0].As<Napi::String>().Utf8Value());
    Napi::Array out = Napi::Array::New(info.Env(), found.size());
    for (uint32_t i = 0; i < found.size(); ++i) out[i] = found[i];
    return out;
}

void shut_down(const Napi::CallbackInfo & info) { AddonData::of(info.Env()).shut_down(); }

Napi::Object init(Napi::Env env, Napi::Object exports) {
    auto * data = new AddonData;
    env.SetInstanceData(data);
    data->model_constructor = Napi::Persistent(JsModel::constructor(env));
    exports["devices"] = Napi::Function::New(env, devices);
    exports["shutDown"] = Napi::Function::New(env, shut_down);
    exports["loadModel"] = Napi::Function::New(env, load_model);
    exports["Generation"] = JsGeneration::constructor(env);
    exports["sampleStep"] = Napi::Function::New(env, sample_step_js);
    return exports;
}

NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)

}  // namespace
}  // namespace corrsynth
