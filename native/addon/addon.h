// What the addon keeps per JavaScript environment: the main thread and every worker have their own.
#pragma once
#include <napi.h>

namespace corrsynth {

struct AddonData {
    Napi::FunctionReference model_constructor;
    static AddonData & of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }
};

}  // namespace corrsynth
