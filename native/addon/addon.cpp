// Registration: what `require("corrsynth.node")` gives. lib/binding.ts declares the same names as types.
#include "addon/addon.h"

#include <algorithm>

#include "addon/convert.h"
#include "addon/generation.h"
#include "addon/model.h"
#include "addon/testing.h"
#include "engine/devices.h"

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

// (directory): that of the addon, which in a portable build has the backends beside it.
void load_backends_js(const Napi::CallbackInfo & info) { load_backends(info[0].As<Napi::String>().Utf8Value()); }

// (directory) -> "" where the folder of a package has a backend that was loaded, else why not
Napi::Value add_backends_js(const Napi::CallbackInfo & info) {
    return Napi::String::New(info.Env(), add_backends(info[0].As<Napi::String>().Utf8Value()));
}

// () -> [{name, description, backend, isGpu, memoryFree, memoryTotal}]
Napi::Value devices_js(const Napi::CallbackInfo & info) { return to_js(info.Env(), devices()); }

// () -> "" where libcorrsynth-cuda is at hand, else why not
Napi::Value cuda_sampler_js(const Napi::CallbackInfo & info) {
    return Napi::String::New(info.Env(), cuda_sampler_problem());
}

void shut_down(const Napi::CallbackInfo & info) { AddonData::of(info.Env()).shut_down(); }

Napi::Object init(Napi::Env env, Napi::Object exports) {
    auto * data = new AddonData;
    env.SetInstanceData(data);
    data->model_constructor = Napi::Persistent(JsModel::constructor(env));
    exports["loadBackends"] = Napi::Function::New(env, load_backends_js);
    exports["addBackends"] = Napi::Function::New(env, add_backends_js);
    exports["devices"] = Napi::Function::New(env, devices_js);
    exports["cudaSamplerProblem"] = Napi::Function::New(env, cuda_sampler_js);
    exports["shutDown"] = Napi::Function::New(env, shut_down);
    exports["loadModel"] = Napi::Function::New(env, load_model);
    exports["Generation"] = JsGeneration::constructor(env);
    exports["sampleStep"] = Napi::Function::New(env, sample_step_js);
    return exports;
}

NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)

}  // namespace
}  // namespace corrsynth
